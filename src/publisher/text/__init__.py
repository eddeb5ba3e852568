"""What depends on language or wording alone: terms, names and dates in bylines, encodings, citations, formulas."""

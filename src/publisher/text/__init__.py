"""What depends only on language and text: terms, names and dates in bylines, encodings, citations, formulas."""

"""Citation libraries: one reader a format, which makes items of CSL-JSON of the entries; `library.py` has the table."""

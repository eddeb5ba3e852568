"""The plain data that everything passes on: articles, metadata, editions, diagnostics, the vocabulary of the tree."""

"""publisher: a set of articles in, one styled PDF brief and one EPUB collection out."""

__version__ = "0.1.0"

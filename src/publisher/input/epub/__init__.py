"""The parts of an e-book (EPUB 2 and 3): its package document, the pages of its spine, chapters, notes and links."""

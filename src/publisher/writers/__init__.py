"""One file (or folder) a writer: `write(edition, settings) -> Output`. The table is publisher.input.formats.WRITERS."""

"""One file a format: `read(manuscript) -> tuple[Article, ...]`. The table is publisher.input.formats.READERS."""

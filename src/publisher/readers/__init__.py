"""One module for each input format, listed in publisher.input.formats.READERS: `read(manuscript) -> tuple[Article, ...]`."""

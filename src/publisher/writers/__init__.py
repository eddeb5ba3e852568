"""Each writer is a module or package with `write(edition, settings) -> Output`. The table of writers is formats.WRITERS."""

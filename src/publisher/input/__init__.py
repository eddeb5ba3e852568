"""From bytes to parsed input: the manuscript, its input format, zip archives, MIME parts, web pages, XML."""

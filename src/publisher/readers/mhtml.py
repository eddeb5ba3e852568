"""MHTML: a web page that a browser saved into one file, with its images."""

from __future__ import annotations

from publisher.input.manuscript import Manuscript
from publisher.input.mime import EmbeddedImages, is_attachment, message_of, part_text
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.readers.html import read_page


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """One article. Raises PublisherError if the file has no page."""
    message = message_of(manuscript, manuscript.data)
    pages = (part for part in message.walk() if part.get_content_type() == "text/html" and not is_attachment(part))
    part = next(pages, None)
    if part is None:
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, "the MHTML file has no web page", hint="save the page again")
    base = str(message.get("Snapshot-Content-Location") or part.get("Content-Location") or "").strip()
    base = base if base.startswith("http") else ""
    return (read_page(manuscript, part_text(manuscript, part), base, EmbeddedImages(message.walk(), base)),)

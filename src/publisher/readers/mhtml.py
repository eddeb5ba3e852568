"""MHTML: a web page that a browser saved into one file, with its images."""

from __future__ import annotations

from publisher.input.manuscript import Manuscript
from publisher.input.mime import body_of, decoded_text, message_of, with_inline_images
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.readers.html import read_page


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """One article. Raises PublisherError if the file has no page."""
    message = message_of(manuscript, manuscript.data)
    part = body_of(message, "html")
    if part is None:
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, "the MHTML file has no web page", hint="save the page again")
    base = str(message.get("Snapshot-Content-Location") or part.get("Content-Location") or "").strip()
    base = base if base.startswith("http") else ""
    return (read_page(manuscript, with_inline_images(decoded_text(part), message, base), base),)

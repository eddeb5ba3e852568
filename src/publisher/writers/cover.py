"""The cover: the theme's cover template with title, date and section names, typeset and rendered as an image."""

from __future__ import annotations

import io
from dataclasses import dataclass

from publisher.model.edition import Edition
from publisher.store.fingerprints import fingerprint
from publisher.store.kept import kept
from publisher.writers.contract import Settings
from publisher.writers.template_context import template_context

WIDTH, HEIGHT = 1500, 2000  # pixels; 3:4, the ratio of Kobo's shelves; the shorter side is above Apple's minimum of 1,400
_POINTS = 450  # the width of the page that cover.css describes


@dataclass(frozen=True)
class Cover:
    """A PNG of WIDTH by HEIGHT pixels, and the characters on it that no font has."""

    png: bytes
    missing: str = ""


def cover(edition: Edition, settings: Settings) -> Cover:
    """The cover of an edition; the same bytes for the same edition and theme."""
    xhtml = settings.theme.render("coverart.xhtml.j2", **template_context(edition, settings.style))
    key = fingerprint("cover", xhtml, settings.theme.digest)
    return kept(settings.cache, key, Cover, lambda: _render(xhtml, settings))


def _render(xhtml: str, settings: Settings) -> Cover:
    import pypdfium2
    from PIL import Image

    from publisher.writers.pdf import engine

    with engine.logged_warnings(), engine.gc_disabled():
        document = engine.render(xhtml, settings.theme, "450pt 600pt", {}, "page.css", "cover.css")
        missing = engine.characters_without_glyph(xhtml, settings.theme)
        pdf = document.copy(document.pages[:1]).write_pdf(pdf_identifier=b"cover")
    page = pypdfium2.PdfDocument(pdf)[0]
    image = page.render(scale=WIDTH / _POINTS).to_pil().convert("RGB").quantize(64, Image.Quantize.FASTOCTREE)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return Cover(buffer.getvalue(), missing)

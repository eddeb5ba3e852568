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
class _Cover:
    png: bytes


def cover_png(edition: Edition, settings: Settings) -> bytes:
    """A PNG of WIDTH by HEIGHT pixels; the same bytes for the same edition and theme."""
    xhtml = settings.theme.render("coverart.xhtml.j2", **template_context(edition, settings.style))
    key = fingerprint("cover", xhtml, settings.theme.digest)
    return kept(settings.cache, key, _Cover, lambda: _render(xhtml, settings)).png


def _render(xhtml: str, settings: Settings) -> _Cover:
    import pypdfium2
    from PIL import Image

    from publisher.writers.pdf import engine

    with engine.logged_warnings(), engine.gc_disabled():
        document = engine.render(xhtml, settings.theme, "450pt 600pt", {}, "page.css", "cover.css")
        pdf = document.copy(document.pages[:1]).write_pdf(pdf_identifier=b"cover")
    page = pypdfium2.PdfDocument(pdf)[0]
    image = page.render(scale=WIDTH / _POINTS).to_pil().convert("RGB").quantize(64, Image.Quantize.FASTOCTREE)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return _Cover(buffer.getvalue())

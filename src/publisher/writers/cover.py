"""The cover: the theme's own drawing of title, date and section names, typeset and made a picture."""

from __future__ import annotations

import io

from publisher.model.edition import Edition
from publisher.store.fingerprints import fingerprint
from publisher.writers.contract import Settings
from publisher.writers.template_context import template_context

WIDTH, HEIGHT = 1500, 2000  # pixels; 3:4, as Kobo's shelves have it, the shorter side above Apple's 1,400
_POINTS = 450  # the cover's width on the page that cover.css describes


def cover_png(edition: Edition, settings: Settings) -> bytes:
    """A PNG of WIDTH by HEIGHT pixels; the same bytes for the same edition and theme."""
    xhtml = settings.theme.render("coverart.xhtml.j2", **template_context(edition))
    key = fingerprint("cover", xhtml, settings.theme.digest)
    return (settings.cache.get(key) if settings.cache else None) or _drawn(xhtml, settings, key)


def _drawn(xhtml: str, settings: Settings, key: str) -> bytes:
    import pypdfium2
    from PIL import Image

    from publisher.writers.pdf import engine

    with engine.logged_warnings(), engine.gc_disabled():
        document = engine.render(xhtml, settings.theme, "450pt 600pt", {}, "page.css", "cover.css")
        pdf = document.copy(document.pages[:1]).write_pdf(pdf_identifier=b"cover")
    page = pypdfium2.PdfDocument(pdf)[0]
    picture = page.render(scale=WIDTH / _POINTS).to_pil().convert("RGB").quantize(64, Image.Quantize.FASTOCTREE)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    if settings.cache:
        settings.cache.put(key, buffer.getvalue())
    return buffer.getvalue()

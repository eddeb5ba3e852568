"""The cover: the image of the edition, or the theme's cover template with title, date and section names, typeset and drawn."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

from publisher.input.image_files import open_image
from publisher.model.edition import Edition
from publisher.model.parts import Resource
from publisher.store.fingerprints import fingerprint
from publisher.store.kept import kept
from publisher.writers.contract import Settings
from publisher.writers.system_fonts import SystemFont
from publisher.writers.template_context import template_context

WIDTH, HEIGHT = 1500, 2000  # pixels; 3:4, the ratio of Kobo's shelves; the shorter side is above Apple's minimum of 1,400
_POINTS = 450  # the width of the page that cover.css describes
_LONGEST_SIDE = 2560  # pixels of an image that is given: the height that Kindle's guidelines ask for
_MOST_BYTES = 3_000_000  # of such an image: Kobo takes no cover above (checks/epub_rules.py)
_COLORS = 64  # of the theme's own cover; with images on it as many as a palette has
_RATIO, _MOST_RATIO = HEIGHT / WIDTH, 4.0  # of a drawing without proportions; of the sides of any other


@dataclass(frozen=True)
class Cover:
    """An image for the book, the characters on it that no font has, and the machine's fonts in which it is drawn.

    A drawn cover is a PNG of WIDTH by HEIGHT pixels.
    """

    data: bytes
    missing: str = ""
    media_type: str = "image/png"
    system_fonts: tuple[SystemFont, ...] = ()

    @property
    def file(self) -> str:
        """Its path in the book."""
        return f"images/cover.{self.media_type.removeprefix('image/').replace('jpeg', 'jpg')}"


def cover(edition: Edition, settings: Settings) -> Cover:
    """The cover of an edition; the same bytes for the same edition and theme."""
    image = edition.imprint.cover_image
    if image is not None and image.media_type != "image/svg+xml":
        return _of_image(image)
    if image is not None:  # shelves of many shops and readers show no SVG
        return _drawing(edition, settings, image, "cover-image")
    xhtml = settings.theme.render("coverart.xhtml.j2", **template_context(edition, settings.style))
    return _kept(edition, settings, xhtml, HEIGHT * _POINTS / WIDTH, "cover")


def book_logo(edition: Edition, settings: Settings) -> Resource | None:
    """The logo as the book shows it: an SVG with words is drawn in the theme's fonts, for a reading system has others."""
    from publisher.writers.pdf.drawings import svg_characters

    logo = edition.imprint.logo
    if logo is None or logo.media_type != "image/svg+xml" or not svg_characters(logo.data):
        return logo
    drawn = _drawing(edition, settings, logo, "logo")
    return replace(logo, name=f"{logo.name.removesuffix('.svg')}.png", media_type=drawn.media_type, data=drawn.data)


def _drawing(edition: Edition, settings: Settings, image: Resource, kind: str) -> Cover:
    """An SVG of the imprint as a PNG of WIDTH pixels, in the theme's fonts; a logo is half as wide, and has no ground."""
    ratio = image.height / image.width if image.width and image.height else _RATIO
    height = round(_POINTS * min(_MOST_RATIO, max(1 / _MOST_RATIO, ratio)), 2)
    return _kept(edition, settings, _page_of_image(image, height), height, kind)


def _kept(edition: Edition, settings: Settings, xhtml: str, height: float, kind: str) -> Cover:
    images = [(image.name, len(image.data)) for image in edition.imprint.images]
    key = fingerprint(kind, xhtml, settings.theme.digest, images)
    return kept(settings.cache, key, Cover, lambda: _render(edition, xhtml, settings, height, kind))


def _page_of_image(image: Resource, height: float) -> str:
    style = f"position:absolute;top:0;left:0;width:{_POINTS}pt;height:{height}pt;max-width:none;max-height:none"
    page = f"@page{{size:{_POINTS}pt {height}pt;margin:0;background:none}}"
    image_element = f'<img src="resource:{image.name}" alt="" style="{style}"/>'
    return f"<html><head><title>cover</title><style>{page}</style></head><body>{image_element}</body></html>"


def _render(edition: Edition, xhtml: str, settings: Settings, height: float, kind: str) -> Cover:
    import pypdfium2
    from PIL import Image

    from publisher.writers.pdf import engine
    from publisher.writers.pdf.downsample import downsample_for_print
    from publisher.writers.pdf.written_fonts import write_with_fonts

    images = {image.name: downsample_for_print(image) for image in edition.imprint.images}
    with engine.logged_warnings(), engine.gc_disabled():
        document = engine.render(xhtml, settings.theme, f"{_POINTS}pt {height:g}pt", images, "page.css", "cover.css")
        missing = engine.characters_without_glyph(xhtml, settings.theme)
        written = write_with_fonts(document.copy(document.pages[:1]), pdf_identifier=b"cover")
    page = pypdfium2.PdfDocument(written.data)[0]
    if kind == "logo":
        drawn = page.render(scale=WIDTH / _POINTS / 2, fill_color=(255, 255, 255, 0)).to_pil().convert("RGBA")
    else:
        colors = 256 if images else _COLORS
        bitmap = page.render(scale=WIDTH / _POINTS, rev_byteorder=True)  # in the order that Pillow has: no copy
        drawn = bitmap.to_pil().convert("RGB").quantize(colors, Image.Quantize.FASTOCTREE)
    buffer = io.BytesIO()
    drawn.save(buffer, "PNG")
    return Cover(buffer.getvalue(), missing, system_fonts=written.system_fonts)


def _of_image(image: Resource) -> Cover:
    """The cover of a raster image: its bytes, or, where shelves do not take them, a smaller copy. A GIF stays as it is."""
    fits = max(image.width, image.height) <= _LONGEST_SIDE and len(image.data) <= _MOST_BYTES
    if fits or image.media_type not in ("image/jpeg", "image/png"):
        return Cover(image.data, media_type=image.media_type)
    from PIL import Image

    with open_image(image.data) as original:
        ground = Image.new("RGBA", original.size, "white")
        smaller = Image.alpha_composite(ground, original.convert("RGBA")).convert("RGB")
    smaller.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    smaller.save(buffer, "JPEG", quality=88, optimize=True)
    return Cover(buffer.getvalue(), media_type="image/jpeg")

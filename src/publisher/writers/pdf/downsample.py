"""Images for print: no more pixels than the page needs at 300 dpi. The e-book has limits of its own."""

from __future__ import annotations

import io

from publisher.input.image_files import open_image
from publisher.model.parts import Resource
from publisher.writers.pdf.drawings import svg_for_page

_WIDEST_COLUMN = 6.3  # inches, 160 mm: the widest column of all themes
DPI = 300


def downsample_for_print(resource: Resource) -> tuple[bytes, str]:
    """The bytes and media type of an image. It is reduced to the width of the widest column at DPI.

    Smaller images keep their bytes; SVG images are prepared for the page but not resized.
    """
    if resource.media_type == "image/svg+xml":
        return svg_for_page(resource.data), resource.media_type
    max_width = round(_WIDEST_COLUMN * DPI)
    if resource.width <= max_width or resource.media_type not in ("image/jpeg", "image/png"):
        return resource.data, resource.media_type
    from PIL import Image

    with open_image(resource.data) as image:
        has_palette = image.mode == "P"
        original = image.convert("RGBA" if has_palette and "transparency" in image.info else "RGB") if has_palette else image
        reduced = original.resize((max_width, max(1, round(image.height * max_width / image.width))), Image.Resampling.LANCZOS)
        buffer = io.BytesIO()
        if resource.media_type == "image/jpeg":
            reduced.save(buffer, "JPEG", quality=88)
        else:
            reduced.save(buffer, "PNG")
    return buffer.getvalue(), resource.media_type

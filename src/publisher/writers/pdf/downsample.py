"""Pictures for the page: no more pixels than the paper takes at 300 dpi. The e-book gets them as they are."""

from __future__ import annotations

import io

from publisher.model.article import Resource
from publisher.writers.pdf.drawings import for_page

_WIDEST = 6.3  # inches: the widest column of any theme, 160 mm
DPI = 300


def downsample_for_print(resource: Resource) -> tuple[bytes, str]:
    """The bytes and media type of a picture, sized for the widest column at DPI; small ones and drawings as they came."""
    if resource.media_type == "image/svg+xml":
        return for_page(resource.data), resource.media_type
    most = round(_WIDEST * DPI)
    if resource.width <= most or resource.media_type not in ("image/jpeg", "image/png"):
        return resource.data, resource.media_type
    from PIL import Image

    with Image.open(io.BytesIO(resource.data)) as image:
        palette = image.mode == "P"
        full = image.convert("RGBA" if palette and "transparency" in image.info else "RGB") if palette else image
        small = full.resize((most, max(1, round(image.height * most / image.width))), Image.Resampling.LANCZOS)
        buffer = io.BytesIO()
        if resource.media_type == "image/jpeg":
            small.save(buffer, "JPEG", quality=88)
        else:
            small.save(buffer, "PNG")
    return buffer.getvalue(), resource.media_type

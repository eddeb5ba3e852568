"""Images for screens: no side longer than SIDE, and JPEG quality no higher than the eye can tell."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from publisher.input.image_files import open_image
from publisher.model.parts import Resource

if TYPE_CHECKING:
    from PIL.Image import Image as PilImage

SIDE = 1600  # pixels: the width of the largest e-reader screens
_METADATA = re.compile(rb"<metadata\b.*?</metadata>", re.DOTALL)
_QUALITIES = (60, 68, 76, 84, 90)
_VISIBLE_DIFFERENCE = 1.2  # of 255: root mean square of the blurred difference in brightness; below it two images look the same
_MAX_SIZE_RATIO = 0.9  # of the original size: a smaller saving is not worth a second loss of quality


def downsample_for_screen(resource: Resource) -> bytes:
    """The bytes of an image for the book, in its own media type; the same bytes for the same image."""
    if resource.media_type == "image/svg+xml":
        return _METADATA.sub(b"", resource.data)  # the MathML is in the chapter; an SVG with MathML would have to be declared
    if resource.media_type not in ("image/jpeg", "image/png"):
        return resource.data
    from PIL import Image

    with open_image(resource.data) as image:
        large = max(image.size) > SIDE
        if resource.media_type == "image/png" and not large:
            return resource.data
        smaller = image.convert("RGBA") if large and image.mode == "P" else image.copy()
        smaller.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
        data = _jpeg(smaller) if resource.media_type == "image/jpeg" else _png(smaller)
    return data if large or len(data) < _MAX_SIZE_RATIO * len(resource.data) else resource.data


def _png(image: PilImage) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _jpeg(image: PilImage) -> bytes:
    """The JPEG of the lowest quality in `_QUALITIES` that looks the same."""
    data = b""
    for quality in _QUALITIES:
        buffer = io.BytesIO()
        image.convert("RGB").save(buffer, "JPEG", quality=quality, optimize=True)
        data = buffer.getvalue()
        if _difference(image, data) < _VISIBLE_DIFFERENCE:
            break
    return data


def _difference(image: PilImage, data: bytes) -> float:
    from PIL import ImageChops, ImageFilter, ImageStat

    with open_image(data) as other:
        difference = ImageChops.difference(image.convert("L"), other.convert("L"))
    return float(ImageStat.Stat(difference.filter(ImageFilter.GaussianBlur(1))).rms[0])

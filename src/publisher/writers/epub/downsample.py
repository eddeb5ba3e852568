"""Pictures for screens: no side longer than SIDE, and a JPEG no better than an eye can tell."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from publisher.model.article import Resource

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

SIDE = 1600  # pixels: what the largest e-readers show across (issue: An EPUB that every e-reader takes)
_METADATA = re.compile(rb"<metadata\b.*?</metadata>", re.DOTALL)
_QUALITIES = (60, 68, 76, 84, 90)
_SEEN = 1.2  # of 255: root mean square of the blurred difference in brightness; under it nobody tells two pictures apart
_WORTH = 0.9  # of the size it had: less is not worth a second loss


def downsample_for_screen(picture: Resource) -> bytes:
    """The bytes for the book, in the media type that it has; the same bytes for the same picture."""
    if picture.media_type == "image/svg+xml":
        return _METADATA.sub(b"", picture.data)  # the chapter has it, and a picture that holds MathML would have to say so
    if picture.media_type not in ("image/jpeg", "image/png"):
        return picture.data
    from PIL import Image

    with Image.open(io.BytesIO(picture.data)) as image:
        large = max(image.size) > SIDE
        if picture.media_type == "image/png" and not large:
            return picture.data
        shown = image.convert("RGBA") if large and image.mode == "P" else image.copy()
        shown.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
        made = _jpeg(shown) if picture.media_type == "image/jpeg" else _png(shown)
    return made if large or len(made) < _WORTH * len(picture.data) else picture.data


def _png(image: Picture) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _jpeg(image: Picture) -> bytes:
    """The smallest of some qualities that looks the same."""
    data = b""
    for quality in _QUALITIES:
        buffer = io.BytesIO()
        image.convert("RGB").save(buffer, "JPEG", quality=quality, optimize=True)
        data = buffer.getvalue()
        if _difference(image, data) < _SEEN:
            break
    return data


def _difference(image: Picture, data: bytes) -> float:
    from PIL import Image, ImageChops, ImageFilter, ImageStat

    with Image.open(io.BytesIO(data)) as other:
        difference = ImageChops.difference(image.convert("L"), other.convert("L"))
    return float(ImageStat.Stat(difference.filter(ImageFilter.GaussianBlur(1))).rms[0])

"""Raster images in a form that every page and e-reader shows: JPEG, PNG or GIF, upright, with 8 bits a channel, no CMYK."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from publisher.input.image_files import open_image
from publisher.model.codes import Code
from publisher.model.limits import Limits

if TYPE_CHECKING:
    from PIL.Image import Image as PilImage

_SUFFIXES = {"JPEG": "jpg", "PNG": "png", "GIF": "gif"}
_MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif"}
_SHOWN_MODES = frozenset({"1", "L", "LA", "P", "RGB", "RGBA"})  # of Pillow; files of these modes stay as they are
_LOSSY_FORMATS = {"JPEG", "MPO", "WEBP", "AVIF", "HEIF", "JPEG2000", "TIFF"}  # mostly photographs: they become JPEG
_ORIENTATION = 0x0112  # the EXIF tag for how the camera was held
# The values of white that gray images with more than 8 bits are tried with: 8 and 16 bits; for floating point also 1.
_WHITES = {"I": (0xFFFF,), "F": (1.0, 0xFF, 0xFFFF)}


class ImageError(ValueError):
    """An image cannot be shown. Its text says what is wrong, to stand after the image's name; `hint` says what to do."""

    def __init__(self, problem: str, code: Code, hint: str) -> None:
        super().__init__(problem)
        self.code, self.hint = code, hint


@dataclass(frozen=True)
class RasterImage:
    """The bytes of an image file; the size is in pixels."""

    suffix: str
    media_type: str
    data: bytes = field(repr=False)
    width: int
    height: int


def raster_image(data: bytes, megapixels: int = Limits().megapixels) -> RasterImage:
    """The image in `data`, whatever format Pillow opens. Raises ImageError, also if it has more than so many megapixels.

    JPEG, PNG and GIF stay as they are if they are upright and of a usual mode; all else becomes JPEG or PNG.
    """
    from PIL import Image, ImageOps

    try:
        with open_image(data) as image:
            if image.width * image.height > megapixels * 1_000_000:
                raise _too_large(f"{image.width * image.height / 1_000_000:.0f}", megapixels)
            image.load()
            is_turned = image.getexif().get(_ORIENTATION, 1) != 1
            if image.format in _SUFFIXES and image.mode in _SHOWN_MODES and not is_turned:
                return RasterImage(_SUFFIXES[image.format], _MEDIA_TYPES[image.format], data, image.width, image.height)
            is_lossy = image.format in _LOSSY_FORMATS and "A" not in image.getbands() and image.mode != "P"
            return _saved(_with_eight_bits(ImageOps.exif_transpose(image)), "JPEG" if is_lossy else "PNG")
    except ImageError:
        raise
    except Image.DecompressionBombError:  # before the size is known
        raise _too_large("more than 178", megapixels) from None
    except Exception:  # Pillow raises many kinds for a damaged file
        raise ImageError("cannot be read", Code.IMAGE_BROKEN, "save it as PNG, JPEG or SVG") from None


def _too_large(count: str, limit: int) -> ImageError:
    hint = f"save it with at most {limit} megapixels, or raise megapixels under [limits] in the manifest"
    return ImageError(f"has {count} megapixels; {limit} is the limit", Code.IMAGE_TOO_LARGE, hint)


def _saved(image: PilImage, file_format: str) -> RasterImage:
    buffer = io.BytesIO()
    if file_format == "JPEG":
        image.convert("L" if image.mode == "L" else "RGB").save(buffer, "JPEG", quality=92)
    else:
        image.save(buffer, "PNG")
    return RasterImage(_SUFFIXES[file_format], _MEDIA_TYPES[file_format], buffer.getvalue(), image.width, image.height)


def _with_eight_bits(image: PilImage) -> PilImage:
    """The image as gray, RGB or RGBA. CMYK goes too: no e-reader shows it, and PDF/A-3 requires one color space."""
    if re.match("[IF]", image.mode):
        return _gray(image)
    if any(band in image.getbands() for band in "Aa") or "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode == "LAB":
        return _from_lab(image)
    return image if image.mode == "L" else image.convert("RGB")


def _gray(image: PilImage) -> PilImage:
    """A gray image of 16 or 32 bits or floating point as one of 8: convert() alone would cut off all above 255, to white."""
    if image.mode.startswith("I;16"):
        image = image.convert("I")
    darkest, brightest = (float(value) for value in image.getextrema())  # type: ignore[arg-type]
    fitting = (white for white in _WHITES[image.mode] if darkest >= 0 and brightest <= white)
    black, white = (0.0, float(found)) if (found := next(fitting, None)) else (darkest, brightest)  # else: from end to end
    scale = 255 / (white - black) if white > black else 0.0
    gray = image.convert("F").point(lambda value: value * scale + (0.5 - black * scale)).convert("L")
    gray.info.pop("transparency", None)  # a gray of 16 bits
    return gray


def _from_lab(image: PilImage) -> PilImage:
    from PIL import ImageCms

    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    converted = ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB")
    assert converted is not None  # it changes the image itself only if it is asked to
    return converted

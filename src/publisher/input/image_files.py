"""Images in files, opened with Pillow without its own warning of many pixels: `megapixels` under [limits] is the limit."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as PilImage


def open_image(data: bytes) -> PilImage:
    """The image, not decoded yet. Raises what Pillow raises: DecompressionBombError if it has more than 178 megapixels."""
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        return Image.open(io.BytesIO(data))

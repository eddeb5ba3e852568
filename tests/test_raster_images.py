"""Raster images of all kinds become what pages and e-readers show, with the same grays and colors."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from publisher.input.raster import ImageError, raster_image
from publisher.model.codes import Code


def saved(mode: str, values: list[Any], file_format: str, **options: Any) -> bytes:
    """An image of one row with these pixels."""
    image = Image.new(mode, (len(values), 1))
    image.putdata(values)
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def shown(data: bytes, mode: str) -> list[Any]:
    """The pixels of the image that is shown for `data`."""
    result = raster_image(data)
    with Image.open(io.BytesIO(result.data)) as image:
        assert (image.width, image.height) == (result.width, result.height) and image.mode not in ("I", "F", "I;16", "CMYK")
        converted = image.convert(mode)
        return [converted.getpixel((column, 0)) for column in range(image.width)]


def png_of_16_bits(color_type: int, samples: list[int]) -> bytes:
    """A PNG of one pixel with 16 bits a channel (PNG 3, 11.2.1), which Pillow does not write for colors."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", 1, 1, 16, color_type, 0, 0, 0)
    row = b"\0" + struct.pack(f">{len(samples)}H", *samples)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(row)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("mode", "values", "file_format", "grays"),
    [
        ("I;16", [0, 257, 257 * 100, 65535], "PNG", [0, 1, 100, 255]),
        ("I;16", [0, 257 * 100, 65535], "TIFF", [0, 100, 255]),
        ("I", [0, 257 * 100, 65535], "TIFF", [0, 100, 255]),
        ("I", [-1000, 0, 1000], "TIFF", [0, 128, 255]),
        ("I", [0, 500_000, 1_000_000], "TIFF", [0, 128, 255]),
        ("I", [7, 7], "PPM", [0, 0]),  # of 65,535
        ("F", [0.0, 0.5, 1.0], "TIFF", [0, 128, 255]),
        ("F", [0.0, 100.0, 255.0], "TIFF", [0, 100, 255]),
        ("F", [-2.0, 0.0, 2.0], "TIFF", [0, 128, 255]),
        ("F", [-3.0, -3.0], "TIFF", [0, 0]),
        ("1", [0, 1], "TIFF", [0, 255]),
        ("LA", [(0, 255), (100, 255)], "PNG", [0, 100]),
    ],
)
def test_grays_keep_their_brightness(mode: str, values: list[Any], file_format: str, grays: list[int]) -> None:
    found = shown(saved(mode, values, file_format), "L")
    assert [abs(one - other) <= 3 for one, other in zip(found, grays, strict=True)] == [True] * len(grays), found


@pytest.mark.parametrize(
    ("data", "mode", "pixels"),
    [
        (saved("CMYK", [(0, 255, 255, 0)] * 8, "TIFF"), "RGB", [(255, 0, 0)] * 8),
        (saved("PA", [(0, 255), (0, 0)], "TIFF"), "RGBA", [(0, 0, 0, 255), (0, 0, 0, 0)]),
        (saved("LA", [(100, 255), (100, 0)], "PNG"), "RGBA", [(100, 100, 100, 255), (100, 100, 100, 0)]),
        (saved("LAB", [(255, 128, 128), (0, 128, 128)], "TIFF"), "RGB", [(255, 255, 255), (0, 0, 0)]),
        (png_of_16_bits(2, [0xFFFF, 0x8080, 0]), "RGB", [(255, 128, 0)]),
        (png_of_16_bits(6, [0xFFFF, 0x8080, 0, 0x8080]), "RGBA", [(255, 128, 0, 128)]),
        (png_of_16_bits(4, [0x8080, 0xFFFF]), "L", [128]),
    ],
    ids=["CMYK", "PA", "LA", "LAB", "RGB 16", "RGBA 16", "LA 16"],
)
def test_colors_and_transparent_parts_stay(data: bytes, mode: str, pixels: list[tuple[int, ...]]) -> None:
    found = shown(data, mode)
    assert all(
        abs(one - other) <= 3
        for pixel, wanted in zip(found, pixels, strict=True)
        for one, other in zip(pixel if mode != "L" else [pixel], wanted if mode != "L" else [wanted], strict=True)
    ), found


@pytest.mark.parametrize(
    ("mode", "file_format", "media_type"),
    [
        ("RGBA", "WEBP", "image/png"),
        ("RGB", "WEBP", "image/jpeg"),
        ("P", "BMP", "image/png"),
        ("RGB", "TIFF", "image/jpeg"),
        ("RGB", "GIF", "image/gif"),
        ("RGB", "BMP", "image/png"),
        ("CMYK", "JPEG", "image/jpeg"),
    ],
)
def test_an_image_with_transparent_parts_becomes_png_and_a_photograph_jpeg(mode: str, file_format: str, media_type: str) -> None:
    buffer = io.BytesIO()
    Image.new(mode, (4, 3)).save(buffer, file_format)
    found = raster_image(buffer.getvalue())
    assert (found.media_type, found.width, found.height) == (media_type, 4, 3)


@pytest.mark.parametrize(
    ("mode", "file_format"), [("RGB", "JPEG"), ("L", "JPEG"), ("P", "PNG"), ("LA", "PNG"), ("1", "PNG"), ("P", "GIF")]
)
def test_usual_images_keep_their_bytes(mode: str, file_format: str) -> None:
    buffer = io.BytesIO()
    Image.new(mode, (4, 3)).save(buffer, file_format)
    assert raster_image(buffer.getvalue()).data == buffer.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG",
        b"words",
        saved("L", [0], "PNG").replace(b"IDAT", b"\xee\x8a\0\x9d"),
        saved("RGB", [(1, 2, 3)] * 99, "JPEG")[:300],
    ],
)
def test_what_is_no_whole_image_is_refused(data: bytes) -> None:
    with pytest.raises(ImageError) as caught:
        raster_image(data)
    assert caught.value.code is Code.IMAGE_BROKEN

"""Images: reads them from beside the manuscript, measures them and adds them to the article's resources.

A missing or broken image is a warning with file and line; a placeholder with its alt text stands in its place.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import re
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import unquote, unquote_to_bytes

import lxml.etree
from bs4 import BeautifulSoup, Tag

from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import attribute, tags, words
from publisher.model.parts import Resource
from publisher.text.languages import words_for

_SUFFIXES = {"JPEG": ("jpg", "image/jpeg"), "PNG": ("png", "image/png"), "GIF": ("gif", "image/gif")}
_DATA_ADDRESS = re.compile(r"data:(?P<type>[\w/+.-]*)(?P<rest>(;[^,]*)?),(?P<data>.*)", re.DOTALL)
_LOSSY_FORMATS = {"JPEG", "MPO", "WEBP", "AVIF", "HEIF", "JPEG2000", "TIFF"}  # mostly photographs: they become JPEG
_ORIENTATION = 0x0112  # the EXIF tag for how the camera was held
_MAX_PIXELS = 80_000_000  # a larger image is refused: it would take a gigabyte to open
_SVG = "{http://www.w3.org/2000/svg}"
_UNSAFE_ATTRIBUTE = re.compile(r"^(on\w+|(\{.*\})?href)$")


class _ImageError(ValueError):
    """An image cannot be shown; `code` and `hint` are those of the warning."""

    def __init__(self, message: str, code: Code, hint: str) -> None:
        super().__init__(message)
        self.code, self.hint = code, hint


def apply(article: Article, manuscript: Manuscript) -> Article:
    """The article in which every `img` points at one of its resources or is replaced by a placeholder."""
    resources: dict[str, Resource] = {resource.name: resource for resource in article.resources}
    occurrences: dict[str, int] = {}
    for image in tags(article.root, ("img",)):
        src = attribute(image, "src")
        occurrences[src] = occurrences.get(src, 0) + 1
        try:
            resource = _resource(src, manuscript)
        except _ImageError as error:
            line = manuscript.line_of(src[:200], occurrences[src]) if src else 0
            manuscript.report(error.code, str(error), line=line, hint=error.hint)
            _put_placeholder(article.tree, image, words_for(article.metadata.lang)["figure"])
            continue
        resources[resource.name] = resource
        if image.get("alt") is None:
            line = manuscript.line_of(src[:200], occurrences[src])
            hint = 'describe in a few words what it shows; use alt="" in HTML for an image that only decorates'
            manuscript.report(Code.ALT_MISSING, f"the image {_short_address(src)} has no alt text", line=line, hint=hint)
        _point_at_resource(image, resource)
        _make_figure(article.tree, image)
    return replace(article, resources=tuple(resources.values()))


def _resource(src: str, manuscript: Manuscript) -> Resource:
    data, stem = _data_and_stem(src, manuscript)
    name = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")[:40] or "picture"
    digest = hashlib.sha256(data).hexdigest()[:8]
    if b"<svg" in data[:4096].lower():
        data, width, height = _vector_image(src, data)
        return Resource(f"images/{name}-{digest}.svg", "image/svg+xml", data, width, height)
    suffix, media_type, data, width, height = _raster_image(src, data)
    return Resource(f"images/{name}-{digest}.{suffix}", media_type, data, width, height)


def _data_and_stem(src: str, manuscript: Manuscript) -> tuple[bytes, str]:
    match = _DATA_ADDRESS.match(src)
    if match:
        try:
            data = unquote_to_bytes(match["data"])
            return (base64.b64decode(data) if "base64" in match["rest"] else data), "picture"
        except binascii.Error:
            raise _ImageError("an embedded image cannot be read", Code.IMAGE_BROKEN, "embed it again") from None
    if not src:
        raise _ImageError("an image has no address", Code.IMAGE_MISSING, "name the image file in its src")
    if re.match(r"([a-z][a-z0-9+.-]*:|//)", src, re.IGNORECASE):
        raise _ImageError(
            f"the image {_short_address(src)} is not on this machine",
            Code.IMAGE_MISSING,
            "save it beside the manuscript and name that file in its place",
        )
    path = unquote(re.split(r"[?#]", src)[0])
    file_data = manuscript.open(path)
    if file_data is None:
        raise _ImageError(
            f"image not found: {_short_address(src)}",
            Code.IMAGE_MISSING,
            "put the file there; paths are relative to the manuscript",
        )
    return file_data, PurePosixPath(path).stem


def _short_address(src: str) -> str:
    if src.startswith("data:"):
        return "embedded in the page"
    return src if len(src) <= 80 else src[:79] + "…"


def _raster_image(src: str, data: bytes) -> tuple[str, str, bytes, int, int]:
    """Suffix, media type, data, width and height in pixels.

    JPEG, PNG and GIF stay as they are if they are upright and not CMYK; all else that Pillow opens becomes JPEG or PNG.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > _MAX_PIXELS:
                raise _ImageError(
                    f"the image {_short_address(src)} is too large", Code.IMAGE_TOO_LARGE, "save it with at most 80 megapixels"
                )
            image.load()
            is_turned = image.getexif().get(_ORIENTATION, 1) != 1
            if image.format in _SUFFIXES and image.mode != "CMYK" and not is_turned:
                return (*_SUFFIXES[image.format], data, image.width, image.height)
            is_lossy = image.format in _LOSSY_FORMATS and "A" not in image.getbands() and image.mode != "P"
            upright = ImageOps.exif_transpose(image)
            buffer = io.BytesIO()
            if is_lossy:  # CMYK: no e-reader shows it, and PDF/A-3 requires one color space
                upright.convert("RGB").save(buffer, "JPEG", quality=92)
                return "jpg", "image/jpeg", buffer.getvalue(), upright.width, upright.height
            upright.convert("RGBA" if "A" in image.getbands() or "transparency" in image.info else "RGB").save(buffer, "PNG")
            return "png", "image/png", buffer.getvalue(), upright.width, upright.height
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise _ImageError(
            f"the image {_short_address(src)} cannot be read", Code.IMAGE_BROKEN, "save it as PNG, JPEG or SVG"
        ) from None


def _vector_image(src: str, data: bytes) -> tuple[bytes, int, int]:
    """The SVG without scripts, event handlers and outside references; its size from the viewBox or its attributes."""
    try:
        parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
        root = lxml.etree.fromstring(data, parser)
    except lxml.etree.XMLSyntaxError:
        raise _ImageError(
            f"the image {_short_address(src)} cannot be read", Code.IMAGE_BROKEN, "correct the SVG: it is not valid XML"
        ) from None
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or element.tag.removeprefix(_SVG) in ("script", "foreignObject", "set", "animate"):
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
            continue
        for name, value in list(element.attrib.items()):
            if _UNSAFE_ATTRIBUTE.match(str(name)) and not str(value).startswith(("#", "data:image/")):
                del element.attrib[name]
    width, height = _svg_size(root)
    return lxml.etree.tostring(root, encoding="utf-8", xml_declaration=True), width, height


def _svg_size(root: lxml.etree._Element) -> tuple[int, int]:
    view_box = [float(number) for number in re.findall(r"-?\d+\.?\d*", root.get("viewBox", ""))]
    if len(view_box) == 4 and view_box[2] > 0 and view_box[3] > 0:
        return round(view_box[2]), round(view_box[3])
    sizes = [re.match(r"(\d+\.?\d*)(px)?$", root.get(side, "")) for side in ("width", "height")]
    return (round(float(sizes[0][1])), round(float(sizes[1][1]))) if sizes[0] and sizes[1] else (0, 0)


def _point_at_resource(image: Tag, resource: Resource) -> None:
    image["src"] = resource.name
    image["alt"] = attribute(image, "alt")
    for side, value in (("width", resource.width), ("height", resource.height)):
        if value:
            image[side] = str(value)


def _make_figure(tree: BeautifulSoup, image: Tag) -> None:
    """Makes a figure of an image that is alone in its paragraph; its title becomes the caption (as in pandoc)."""
    paragraph = image.parent
    if paragraph is None or paragraph.name != "p" or paragraph.get_text().strip() or len(tags(paragraph)) > 1:
        return
    if paragraph.find_parent("figure"):
        paragraph.unwrap()
        return
    paragraph.name, paragraph.attrs = "figure", {}
    caption = attribute(image, "title")
    if caption:
        del image["title"]
        figcaption = tree.new_tag("figcaption")
        figcaption.string = caption
        paragraph.append(figcaption)


def _put_placeholder(tree: BeautifulSoup, image: Tag, label: str) -> None:
    placeholder = tree.new_tag("span", attrs={"class": "missing-image"})
    alt = attribute(image, "alt").strip()
    figure = image.find_parent("figure")
    caption = figure.find("figcaption") if figure else None
    # The alt text is not shown where it only repeats the caption.
    placeholder.string = label if not alt or (caption and words(caption) == " ".join(alt.split())) else alt
    title = attribute(image, "title")
    image.replace_with(placeholder)
    parent = placeholder.parent
    if parent is not None and parent.name == "p" and parent.get_text() == placeholder.get_text():
        if parent.find_parent("figure"):
            parent.unwrap()
            return
        parent.name, parent.attrs = "figure", {}
        if title:
            figcaption = tree.new_tag("figcaption")
            figcaption.string = title
            parent.append(figcaption)

"""Pictures: opened beside the manuscript, measured, carried along as resources; what cannot be read gets a frame.

A missing or broken picture is a warning with file and line, and the page shows its alt text (DESIGN).
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
from publisher.model.article import Article, Resource
from publisher.model.codes import Code
from publisher.model.markup import attribute, tags, words
from publisher.text.languages import words_for

_SUFFIX = {"JPEG": ("jpg", "image/jpeg"), "PNG": ("png", "image/png"), "GIF": ("gif", "image/gif")}
_DATA = re.compile(r"data:(?P<type>[\w/+.-]*)(?P<rest>(;[^,]*)?),(?P<data>.*)", re.DOTALL)
_LOSSY = {"JPEG", "MPO", "WEBP", "AVIF", "HEIF", "JPEG2000", "TIFF"}  # photographs, mostly: they become JPEG
_ORIENTATION = 0x0112  # the EXIF tag that says which way up a camera was held
_PIXELS = 80_000_000  # above this a picture is refused: it would take a gigabyte to open
_SVG = "{http://www.w3.org/2000/svg}"
_UNSAFE = re.compile(r"^(on\w+|(\{.*\})?href)$")


class _Broken(ValueError):
    """Why a picture cannot be shown; `code` as in the warning."""

    def __init__(self, message: str, code: Code, hint: str) -> None:
        super().__init__(message)
        self.code, self.hint = code, hint


def apply(article: Article, manuscript: Manuscript) -> Article:
    """The article with every `img` pointing at one of its resources, or replaced by a frame."""
    resources: dict[str, Resource] = {one.name: one for one in article.resources}
    seen: dict[str, int] = {}
    for image in tags(article.root, ("img",)):
        src = attribute(image, "src")
        seen[src] = seen.get(src, 0) + 1
        try:
            resource = _resource(src, manuscript)
        except _Broken as broken:
            line = manuscript.line_of(src[:200], seen[src]) if src else 0
            manuscript.report(broken.code, str(broken), line=line, hint=broken.hint)
            _frame(article.tree, image, words_for(article.metadata.lang)["figure"])
            continue
        resources[resource.name] = resource
        if image.get("alt") is None:
            line = manuscript.line_of(src[:200], seen[src])
            hint = 'say in a few words what it shows; alt="" in HTML for one that only decorates'
            manuscript.report(Code.ALT_MISSING, f"the picture {_short(src)} has no alt text", line=line, hint=hint)
        _show(image, resource)
        _figure(article.tree, image)
    return replace(article, resources=tuple(resources.values()))


def _resource(src: str, manuscript: Manuscript) -> Resource:
    data, stem = _bytes(src, manuscript)
    name = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")[:40] or "picture"
    digest = hashlib.sha256(data).hexdigest()[:8]
    if b"<svg" in data[:4096].lower():
        clean, width, height = _vector(src, data)
        return Resource(f"images/{name}-{digest}.svg", "image/svg+xml", clean, width, height)
    suffix, media_type, data, width, height = _raster(src, data)
    return Resource(f"images/{name}-{digest}.{suffix}", media_type, data, width, height)


def _bytes(src: str, manuscript: Manuscript) -> tuple[bytes, str]:
    embedded = _DATA.match(src)
    if embedded:
        try:
            data = unquote_to_bytes(embedded["data"])
            return (base64.b64decode(data) if "base64" in embedded["rest"] else data), "picture"
        except binascii.Error:
            raise _Broken("a picture written into the page is broken", Code.IMAGE_BROKEN, "embed it again") from None
    if not src:
        raise _Broken("a picture without an address", Code.IMAGE_MISSING, "give it a src")
    if re.match(r"([a-z][a-z0-9+.-]*:|//)", src, re.IGNORECASE):
        raise _Broken(
            f"the picture {_short(src)} is not on this machine",
            Code.IMAGE_MISSING,
            "save it beside the manuscript and name that file",
        )
    path = unquote(re.split(r"[?#]", src)[0])
    data_or_none = manuscript.open(path)
    if data_or_none is None:
        raise _Broken(f"the picture {_short(src)} is missing", Code.IMAGE_MISSING, "paths are relative to the manuscript")
    return data_or_none, PurePosixPath(path).stem


def _short(src: str) -> str:
    if src.startswith("data:"):
        return "that is written into the page"
    return src if len(src) <= 80 else src[:79] + "…"


def _raster(src: str, data: bytes) -> tuple[str, str, bytes, int, int]:
    """JPEG, PNG and GIF as they are, upright and in RGB; whatever else Pillow opens as JPEG or PNG; sizes in pixels."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > _PIXELS:
                raise _Broken(f"the picture {_short(src)} is too large", Code.IMAGE_TOO_LARGE, "80 megapixels are the limit")
            image.load()
            turned = image.getexif().get(_ORIENTATION, 1) != 1
            if image.format in _SUFFIX and image.mode != "CMYK" and not turned:
                return (*_SUFFIX[image.format], data, image.width, image.height)
            lossy = image.format in _LOSSY and "A" not in image.getbands() and image.mode != "P"
            upright = ImageOps.exif_transpose(image)
            buffer = io.BytesIO()
            if lossy:  # CMYK: no e-reader shows it, and PDF/A-3 wants one kind of color
                upright.convert("RGB").save(buffer, "JPEG", quality=92)
                return "jpg", "image/jpeg", buffer.getvalue(), upright.width, upright.height
            upright.convert("RGBA" if "A" in image.getbands() or "transparency" in image.info else "RGB").save(buffer, "PNG")
            return "png", "image/png", buffer.getvalue(), upright.width, upright.height
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError):
        raise _Broken(f"the picture {_short(src)} cannot be read", Code.IMAGE_BROKEN, "save it as PNG, JPEG or SVG") from None


def _vector(src: str, data: bytes) -> tuple[bytes, int, int]:
    """SVG without scripts, handlers or anything from outside; size from its own attributes or viewBox."""
    try:
        parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
        root = lxml.etree.fromstring(data, parser)
    except lxml.etree.XMLSyntaxError:
        raise _Broken(f"the picture {_short(src)} cannot be read", Code.IMAGE_BROKEN, "its SVG does not parse") from None
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or element.tag.removeprefix(_SVG) in ("script", "foreignObject", "set", "animate"):
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
            continue
        for name, value in list(element.attrib.items()):
            if _UNSAFE.match(str(name)) and not str(value).startswith(("#", "data:image/")):
                del element.attrib[name]
    width, height = _svg_size(root)
    return lxml.etree.tostring(root, encoding="utf-8", xml_declaration=True), width, height


def _svg_size(root: lxml.etree._Element) -> tuple[int, int]:
    box = [float(number) for number in re.findall(r"-?\d+\.?\d*", root.get("viewBox", ""))]
    if len(box) == 4 and box[2] > 0 and box[3] > 0:
        return round(box[2]), round(box[3])
    sizes = [re.match(r"(\d+\.?\d*)(px)?$", root.get(side, "")) for side in ("width", "height")]
    return (round(float(sizes[0][1])), round(float(sizes[1][1]))) if sizes[0] and sizes[1] else (0, 0)


def _show(image: Tag, resource: Resource) -> None:
    image["src"] = resource.name
    image["alt"] = attribute(image, "alt")
    for side, value in (("width", resource.width), ("height", resource.height)):
        if value:
            image[side] = str(value)


def _figure(tree: BeautifulSoup, image: Tag) -> None:
    """A picture alone in its paragraph is a figure; its title is the caption (as pandoc has it)."""
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


def _frame(tree: BeautifulSoup, image: Tag, word: str) -> None:
    frame = tree.new_tag("span", attrs={"class": "missing-image"})
    alt = attribute(image, "alt").strip()
    figure = image.find_parent("figure")
    caption = figure.find("figcaption") if figure else None
    frame.string = word if not alt or (caption and words(caption) == " ".join(alt.split())) else alt  # not the same words twice
    title = attribute(image, "title")
    image.replace_with(frame)
    parent = frame.parent
    if parent is not None and parent.name == "p" and parent.get_text() == frame.get_text():
        if parent.find_parent("figure"):
            parent.unwrap()
            return
        parent.name, parent.attrs = "figure", {}
        if title:
            figcaption = tree.new_tag("figcaption")
            figcaption.string = title
            parent.append(figcaption)

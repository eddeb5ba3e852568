"""Images: reads them from beside the manuscript, measures them and adds them to the article's resources.

A missing or broken image is a warning with file and line; a placeholder with its alt text stands in its place.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePosixPath
from urllib.parse import unquote

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from publisher.input.manuscript import Manuscript
from publisher.input.raster import ImageError, raster_image
from publisher.input.snippets import data_uri_bytes
from publisher.input.svg import clean_svg, is_svg
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import Tree, attribute, tags, words
from publisher.model.parts import SMALL_WIDTH, Resource
from publisher.model.public_addresses import without_secrets
from publisher.text.languages import words_for

_LONGEST_NAME = 80  # characters of a file name, alt text or caption in a message
_WORDS_BEFORE = 6  # in a message about an image without any name
_SIDE = re.compile(r"\s*(\d{1,5}(?:\.\d+)?)(?:px)?\s*")


@dataclass(frozen=True)
class _Image:
    """A resource; `sized`: it is a drawing that states a small size; `left_out`: what it lost."""

    resource: Resource
    sized: bool = False
    left_out: tuple[str, ...] = ()


def apply(article: Article, manuscript: Manuscript) -> Article:
    """The article in which every `img` points at one of its resources or is replaced by a placeholder."""
    resources: dict[str, Resource] = {resource.name: resource for resource in article.resources}
    occurrences: dict[str, int] = {}
    known: dict[str, _Image] = {}
    for address in article.tree.dropped_images if isinstance(article.tree, Tree) else ():
        hint = "save it beside the manuscript and name that file in its place"
        message = f"{_shortened(address)} is not read: an image is named by its path"
        manuscript.report(Code.PATH_REFUSED, message, line=manuscript.line_of_address(address), hint=hint)
    for element in tags(article.root, ("img",)):
        src = attribute(element, "src")
        occurrences[src] = occurrences.get(src, 0) + 1
        line = partial(manuscript.line_of, src[:200], occurrences[src])  # of a message, and there are few
        try:
            image = known[src] = known.get(src) or _image(src, manuscript)
        except ImageError as error:
            if error.code is not Code.PATH_REFUSED:  # the manuscript has reported that
                text = f"the image {_name(element)} {error}" if str(error) else f"image not found: {_name(element)}"
                manuscript.report(error.code, text, line=line(), hint=error.hint)
            _put_placeholder(article.tree, element, words_for(article.metadata.lang)["figure"])
            continue
        resources[image.resource.name] = image.resource
        _report_losses(element, image, manuscript, line)
        _point_at_resource(element, image)
        _make_figure(article.tree, element)
    return replace(article, resources=tuple(resources.values()))


def _report_losses(element: Tag, image: _Image, manuscript: Manuscript, line: Callable[[], int]) -> None:
    """Reports an image without alt text, and a drawing from which something was left out."""
    if element.get("alt") is None:
        hint = 'describe in a few words what it shows; use alt="" in HTML for an image that only decorates'
        manuscript.report(Code.ALT_MISSING, f"the image {_name(element)} has no alt text", line=line(), hint=hint)
    for part in image.left_out:
        hint = "draw the words as SVG text and embed images in the drawing, or save it as PNG"
        manuscript.report(Code.IMAGE_PARTIAL, f"left out of the image {_name(element)}: {part}", line=line(), hint=hint)


def _image(src: str, manuscript: Manuscript) -> _Image:
    data, stem = _data_and_stem(src, manuscript)
    name = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")[:40] or "picture"
    path = f"images/{name}-{hashlib.sha256(data).hexdigest()[:8]}"
    if is_svg(data):
        svg = clean_svg(data)
        resource = Resource(f"{path}.svg", "image/svg+xml", svg.data, svg.width, svg.height)
        return _Image(resource, svg.sized and svg.width < SMALL_WIDTH, svg.left_out)
    raster = raster_image(data, manuscript.limits.megapixels)
    return _Image(Resource(f"{path}.{raster.suffix}", raster.media_type, raster.data, raster.width, raster.height))


def _data_and_stem(src: str, manuscript: Manuscript) -> tuple[bytes, str]:
    if src.startswith("data:"):
        try:
            return data_uri_bytes(src), "picture"
        except ValueError:
            raise ImageError("cannot be read", Code.IMAGE_BROKEN, "embed it again") from None
    if not src:
        hint = "put the image into the document again; in HTML, name its file in src"
        raise ImageError("", Code.IMAGE_MISSING, hint)
    if re.match(r"([a-z][a-z0-9+.-]*:|//)", src, re.IGNORECASE):
        hint = "save it beside the manuscript and name that file in its place"
        raise ImageError("is not on this machine", Code.IMAGE_MISSING, hint)
    path = unquote(re.split(r"[?#]", src)[0])
    file_data = manuscript.open(path, src)
    if file_data is None:
        code = Code.PATH_REFUSED if path in manuscript.refused else Code.IMAGE_MISSING
        raise ImageError("", code, "put the file there; paths are relative to the manuscript")
    return file_data, PurePosixPath(path).stem


def _name(image: Tag) -> str:
    """What the user knows an image by: its file, else its alt text or caption, else the words before it."""
    src = attribute(image, "src")
    if src and not src.startswith("data:"):
        return _shortened(without_secrets(src))
    figure = image.find_parent("figure")
    caption = figure.find("figcaption") if figure else None
    if text := attribute(image, "alt").strip() or words(caption):
        return f"“{_shortened(' '.join(text.split()))}”"
    strings = (text for text in image.previous_elements if isinstance(text, NavigableString) and words(text.parent))
    before = next((text.split() for text in strings if re.search(r"\w", text)), None)
    return f"after “…{_shortened(' '.join(before[-_WORDS_BEFORE:]))}”" if before else "at the beginning"


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 1]}…"


def _point_at_resource(element: Tag, image: _Image) -> None:
    """Sets address, alt text and size. An image is `sized` if its author set a width or height."""
    resource = image.resource
    element["src"] = resource.name
    element["alt"] = attribute(element, "alt")
    width, height = (_pixels(attribute(element, side)) for side in ("width", "height"))
    if height and not width and resource.height:
        width = height * resource.width / resource.height
    classes = attribute(element, "class").split()
    if "math" not in classes and (width or image.sized):
        element["class"] = " ".join([*classes, "sized"])
    if resource.width and resource.height:  # the proportions are the image's own
        width = width or resource.width
        height = width * resource.height / resource.width
    for side, value in (("width", width), ("height", height)):
        if value:
            element[side] = str(max(1, round(value)))
        else:
            element.attrs.pop(side, None)


def _pixels(side: str) -> float:
    match = _SIDE.fullmatch(side)
    return float(match[1]) if match else 0.0


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

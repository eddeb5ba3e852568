"""Elements that show an image without an `img`: those of AMP, images in the background, and inputs that are only an image."""

from __future__ import annotations

import re

from publisher.input.html_elements import NAME, Element, elements_with, text_content

_AMP_TAGS = {"amp-img": "img", "amp-anim": "img", "amp-video": "video", "amp-audio": "audio", "amp-iframe": "iframe"}
_AMP_PLACEHOLDERS = ("placeholder", "fallback", "overflow")  # attributes of what is shown until the image is there
_BACKGROUND = re.compile(
    r"background(?:-image)?\s*:[^;]*?url\(\s*(?P<quote>[\"']?)(?P<address>[^\"')]+)(?P=quote)\s*\)", re.IGNORECASE
)
_BACKGROUND_ATTRIBUTES = ("data-bg", "data-background-image", "data-bg-src", "data-background")


def set_images(page: Element) -> None:
    """Makes an `img` of every element that shows an image; elements of AMP become those of HTML."""
    for element in list(page.iter(*_AMP_TAGS)):
        if element.getparent() is not None:
            _set_amp(element)
    for element in page.iter("input"):
        if (
            (element.get("type") or "").lower() == "image"
            and element.get("src")
            and next(element.iterancestors("form"), None) is None
        ):
            element.tag = "img"
    for element in [element for element in elements_with(page, "style", *_BACKGROUND_ATTRIBUTES) if _is_image(element)]:
        image = element.makeelement("img", {"src": _background(element)})
        if alt := element.get("aria-label") or element.get("title"):
            image.set("alt", alt)
        element.insert(0, image)
        element.attrib.pop("role", None)
        element.attrib.pop("aria-label", None)


def _set_amp(element: Element) -> None:
    for child in list(element):
        if child.tag == "noscript" or any(child.get(name) is not None for name in _AMP_PLACEHOLDERS):
            child.drop_tree()
    element.tag = _AMP_TAGS[element.tag]
    if element.tag == "img" and (len(element) or (element.text or "").strip()):  # an end tag was missing
        image = element.makeelement("img", {name: value for name, value in element.items() if NAME.fullmatch(name)})
        element.addprevious(image)
        element.drop_tag()


def _background(element: Element) -> str:
    """The address of the image in the background of an element; empty if it has none."""
    match = _BACKGROUND.search(element.get("style") or "")
    lazy = next((element.get(name) for name in _BACKGROUND_ATTRIBUTES if element.get(name)), "")
    return lazy or (match["address"].strip() if match else "")


def _is_image(element: Element) -> bool:
    """Whether an element is only the frame of an image in its background: it says that it is an image, or stands in a figure."""
    if element.tag in ("img", "body", "svg") or not _background(element):
        return False
    figure = next(element.iterancestors("figure"), None)
    is_named = element.get("role") == "img" or figure is not None
    holder = element if figure is None else figure
    return is_named and not text_content(element) and next(holder.iter("img"), None) is None

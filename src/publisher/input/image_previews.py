"""Removes copies of an image beside it: those for readers without scripts, and previews that are shown until it has loaded."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice

from publisher.input.html_elements import Element, parsed_piece, removal_of
from publisher.model.parts import Removal

_RULE = "a preview of the image beside it"
_PREVIEW = re.compile(
    r"(?:^|[\s_-])(?:lqip|blur(?:red|-?up|ry)?|(?:img-?|image-?)?placeholder|low-?(?:res|quality)|progressiveMedia-thumbnail)(?=$|[\s_-])",
    re.IGNORECASE,
)
_BLUR = re.compile(r"filter\s*:\s*blur", re.IGNORECASE)
_MARKUP = re.compile(r"^\s*<(?:img|picture|figure)\b", re.IGNORECASE)
_MAX_LEVELS = 3  # elements from a preview up to the element that also holds its image
_MOST_COPIES = 3  # images in an element: with more it is a gallery
_LIMIT_TAGS = frozenset({"body", "main", "article", "li", "td", "tr", "section"})  # two images in such an element are two
_LATE = "data-from-noscript"


def remove_copies(page: Element, address_of: Callable[[Element], str]) -> None:
    """Drops the image in a `noscript` if the page shows it before or behind; other images in them become images of the page.

    `address_of` gives the best address of an image; empty if it has only a placeholder. Other `noscript` elements are
    removed by the sanitizer.
    """
    for noscript in list(page.iter("noscript")):
        if not len(noscript) and _MARKUP.match(noscript.text or ""):  # escaped
            noscript.append(parsed_piece(noscript.text, "span"))
            noscript.text = None
        images = list(noscript.iter("img"))
        if len(images) != 1 or noscript.getparent() is None:
            continue
        copy, lazy = images[0], _image_before(noscript)
        if lazy is None:
            after = _image_in(noscript.getnext()) if not (noscript.tail or "").strip() else None
            lazy = after if after is not None and address_of(after) in ("", address_of(copy)) else None
        if lazy is None:
            noscript.tag = "span"
            continue
        if not address_of(lazy):
            lazy.set(_LATE, "")
            for name in ("src", "srcset"):
                if copy.get(name):
                    lazy.set(f"data-{name}", copy.get(name))
        if copy.get("alt") and not lazy.get("alt"):
            lazy.set("alt", copy.get("alt"))
        for name in ("style", "hidden", "aria-hidden"):  # until a script has run
            lazy.attrib.pop(name, None)
        noscript.drop_tree()


def _image_before(noscript: Element) -> Element | None:
    previous = noscript.getprevious()
    return _image_in(previous) if previous is not None and not (previous.tail or "").strip() else None


def _image_in(element: Element | None) -> Element | None:
    """The last image that an element is or holds, if it has no text."""
    if element is None or not isinstance(element.tag, str) or _has_text(element):
        return None
    return next(reversed([element, *element.iter("img")] if element.tag == "img" else list(element.iter("img"))), None)


def _has_text(element: Element) -> bool:
    return any((part.text or "").strip() and part.tag != "noscript" for part in element.iter()) or any(
        (part.tail or "").strip() for part in element.iterdescendants()
    )


def remove_previews(page: Element, address_of: Callable[[Element], str]) -> list[Removal]:
    """Removes each preview that stands beside its image in an element without text. An image that is alone stays."""
    removed = []
    for image in list(page.iter("img")):
        around = _images_around(image)
        others = [other for other in around if other is not image and address_of(other) and not _is_preview(other, address_of)]
        if others and (_is_preview(image, address_of) or _is_shown_until(image, around)):
            if image.get("alt") and not others[0].get("alt"):
                others[0].set("alt", image.get("alt"))
            removed.append(removal_of(_RULE, image))
            image.drop_tree()
    for image in page.iter("img"):
        image.attrib.pop(_LATE, None)
    return removed


def _images_around(image: Element) -> list[Element]:
    """The images in the nearest element without text that holds more than one."""
    for place in islice(image.iterancestors(), _MAX_LEVELS):
        images = list(islice(place.iter("img"), _MOST_COPIES + 1))
        if place.tag in _LIMIT_TAGS or len(images) > _MOST_COPIES or _has_text(place):
            return []
        if len(images) > 1:
            return images
    return []


def _is_preview(image: Element, address_of: Callable[[Element], str]) -> bool:
    holder = image.getparent()
    names = [image.get("class") or "", *([holder.get("class") or ""] if len(holder) == 1 else [])]
    is_data = (image.get("src") or "").startswith("data:") and image.get("aria-hidden") == "true"
    is_named = any(map(_PREVIEW.search, names)) and address_of(image) == image.get("src")
    return not address_of(image) or is_data or is_named or bool(_BLUR.search(image.get("style") or ""))


def _is_shown_until(image: Element, around: list[Element]) -> bool:
    """Whether an image is shown until the one behind it, of the same size and with the same alt text, is loaded by a script."""
    late = around[-1]
    return (
        len(around) == 2
        and late is not image
        and late.get(_LATE) is not None
        and all(image.get(name) == late.get(name) for name in ("width", "height", "alt"))
    )

"""The best copy of each image of a page: lazy attributes, srcset, picture and noscript; a file beside the page first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from publisher.input.html_elements import Element
from publisher.input.image_elements import set_images
from publisher.input.image_previews import remove_copies, remove_previews
from publisher.model.parts import Removal
from publisher.text.numbers import decimal_number

_FULL_SIZE_ATTRIBUTES = ("data-orig-file", "data-hi-res-src", "data-full-src", "data-large-file")
_LAZY_ATTRIBUTES = ("data-src", "data-original", "data-lazy-src", "data-url", "data-image")
_LAZY_SRCSET_ATTRIBUTES = ("data-srcset", "data-lazy-srcset", "srcset")
_PLACEHOLDER = re.compile(
    r"^data:image/(gif|svg\+xml|png);|(^|[/_-])(blank|spacer|placeholder|pixel|loading|lazy|1x1|transparent|grey)[\w.-]*\.(gif|png|svg|jpe?g)"
    r"|^data:image/svg\+xml[,;](?!.*(?:%3c|<)(?:path|rect|circle|line|poly\w+|text|image|ellipse))",
    re.IGNORECASE | re.DOTALL,
)
_UNLOADED = re.compile(
    r"(?<!\S)(?:lazy\S*|hidden|hide|is-hidden|invisible|blur\S*)(?!\S)"
)  # classes of an image before it is loaded
_SRCSET_ENTRY = re.compile(r"\s*(?P<address>data:[^\s]+|[^\s,][^\s]*[^\s,])(?:\s+(?P<size>[\d.]+)[wx])?\s*(?:,|$)")
_IMAGE_ADDRESS = re.compile(r"\.(jpe?g|png|gif|webp|svg|avif)(\?|$)|^data:image/|^cid:", re.IGNORECASE)
# The address of the image itself in the address of a service that scales it: as a parameter, or behind the options in the path.
_SCALED = re.compile(
    r"[?&](?:url|src|image|img)=(?P<parameter>[^&]+)|/(?:cdn-cgi/image|_ipx|image/fetch)/[^/]+/(?P<path>.+)", re.IGNORECASE
)
_OTHER_SCREENS = re.compile(r"prefers-color-scheme:\s*dark|orientation:\s*portrait|^\s*print\s*$", re.IGNORECASE)
_LEAST_WIDTH = re.compile(r"min-width:\s*([\d.]+)(px|r?em)", re.IGNORECASE)
_PIXELS_OF_EM = 16.0


def resolve_image_sources(page: Element, is_beside: Callable[[str], bool]) -> list[Removal]:
    """Gives every `img` its best address as `src`; `is_beside` tells whether an address is a file beside the page.

    Returns the previews of images that are removed beside them.
    """
    set_images(page)
    remove_copies(page, lambda image: next(_addresses(image), ""))
    removed = remove_previews(page, lambda image: next(_addresses(image), ""))
    for image in list(page.iter("img")):
        addresses = list(dict.fromkeys(_addresses(image)))
        known = [place for address in addresses for place in (address, *_originals(address)) if is_beside(place)]
        best = next(iter(known), None) or next(map(_original_or_itself, addresses), None)
        if best and best != image.get("src"):
            image.set("src", best)
            image.set("class", _UNLOADED.sub(" ", image.get("class") or ""))
        _set_larger(image, is_beside)
    for picture in list(page.iter("picture")):
        for source in list(picture.iter("source")):
            source.drop_tag()
        picture.drop_tag()
    return removed


def _addresses(image: Element) -> Iterator[str]:
    """The addresses of an image, the best first, without placeholders."""
    picture = next(image.iterancestors("picture"), None)  # libxml2 nests an img in the source before it
    sources = (
        [] if picture is None else sorted(filter(_is_for_wide_screens, picture.iter("source")), key=_narrowest, reverse=True)
    )
    sets = [source.get(name) for source in sources for name in ("srcset", "data-srcset")]
    yield from _lazy_addresses(image, _FULL_SIZE_ATTRIBUTES)
    for value in filter(None, [*sets, *(image.get(name) for name in _LAZY_SRCSET_ATTRIBUTES)]):
        yield from _largest_first(value)
    yield from _lazy_addresses(image, _LAZY_ATTRIBUTES)
    src = (image.get("src") or "").strip()
    if src and not _PLACEHOLDER.search(src):
        yield src
    for name, value in image.items():
        if name.startswith("data-") and _IMAGE_ADDRESS.search(value) and re.match(r"(https?:)?//|/", value) and " " not in value:
            yield value
    if src.startswith("data:image/") and len(src) > 300:  # long enough to be an image of its own, not a placeholder
        yield src


def _lazy_addresses(image: Element, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        value = image.get(name)
        if value and (_IMAGE_ADDRESS.search(value) or "/" in value) and " " not in value.strip():
            yield value.strip()


def _largest_first(value: str) -> list[str]:
    entries = [(decimal_number(match["size"] or "", 1.0), match["address"]) for match in _SRCSET_ENTRY.finditer(value)]
    return [address for _, address in sorted(entries, key=lambda entry: -entry[0]) if not _PLACEHOLDER.search(address)]


def _is_for_wide_screens(source: Element) -> bool:
    """Whether a source of a picture is for a wide screen with light colors: neither for narrow ones alone nor for dark ones."""
    media = source.get("media") or ""
    is_narrow = "max-width" in media and "min-width" not in media
    return "avif" not in (source.get("type") or "") and not is_narrow and not _OTHER_SCREENS.search(media)


def _narrowest(source: Element) -> float:
    """The narrowest screen that a source is for, in CSS pixels."""
    match = _LEAST_WIDTH.search(source.get("media") or "")
    return decimal_number(match[1]) * (1.0 if match[2].lower() == "px" else _PIXELS_OF_EM) if match else 0.0


def _originals(address: str) -> list[str]:
    """The address of the image itself, if `address` is that of a service that scales it; also as a path beside the page."""
    match = _SCALED.search(address)
    original = unquote(match["parameter"] or match["path"]) if match else ""
    return [original, original.lstrip("/")] if _IMAGE_ADDRESS.search(original) else []


def _original_or_itself(address: str) -> str:
    original = next(iter(_originals(address)), "")
    return original if original.startswith("http") else address


def _set_larger(image: Element, is_beside: Callable[[str], bool]) -> None:
    """Takes the larger copy to which an image links, if it is beside the page; the link is then not needed."""
    link = image.getparent()
    href = link.get("href") or "" if link is not None and link.tag == "a" else ""
    if len(href) and _IMAGE_ADDRESS.search(href) and len(link) == 1 and not "".join(link.itertext()).strip() and is_beside(href):
        image.set("src", href)
        link.drop_tag()

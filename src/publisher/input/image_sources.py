"""The best copy of each image of a page: lazy attributes, srcset, picture and noscript; a file beside the page first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from publisher.input.html_elements import Element

_LAZY_ATTRIBUTES = ("data-src", "data-original", "data-lazy-src", "data-orig-file", "data-hi-res-src", "data-full-src",
                    "data-url", "data-image")  # fmt: skip
_LAZY_SRCSET_ATTRIBUTES = ("data-srcset", "data-lazy-srcset", "srcset")
_PLACEHOLDER = re.compile(
    r"^data:image/(gif|svg\+xml|png);|(^|[/_-])(blank|spacer|placeholder|pixel|loading|lazy|1x1|transparent|grey)[\w.-]*\.(gif|png|svg|jpe?g)",
    re.IGNORECASE,
)
_SRCSET_ENTRY = re.compile(r"\s*(?P<address>data:[^\s]+|[^\s,][^\s]*[^\s,])(?:\s+(?P<size>[\d.]+)[wx])?\s*(?:,|$)")
_IMAGE_ADDRESS = re.compile(r"\.(jpe?g|png|gif|webp|svg|avif)(\?|$)|^data:image/|^cid:", re.IGNORECASE)


def resolve_image_sources(page: Element, is_beside: Callable[[str], bool]) -> None:
    """Gives every `img` its best address as `src`; `is_beside` tells whether an address is a file beside the page."""
    _unwrap_noscripts(page)
    for image in list(page.iter("img")):
        addresses = list(dict.fromkeys(_addresses(image)))
        best = next((address for address in addresses if is_beside(address)), None) or next(iter(addresses), None)
        if best:
            image.set("src", best)
    for picture in list(page.iter("picture")):
        for source in list(picture.iter("source")):
            source.drop_tag()
        picture.drop_tag()


def _addresses(image: Element) -> Iterator[str]:
    """The addresses of an image, the best first, without placeholders."""
    sets = [image.get(name) for name in _LAZY_SRCSET_ATTRIBUTES]
    picture = next(image.iterancestors("picture"), None)  # libxml2 nests an img in the source before it
    if picture is not None:
        sources = [source for source in picture.iter("source") if "avif" not in (source.get("type") or "")]
        sets += [source.get(name) for source in sources for name in ("srcset", "data-srcset")]
    for name in _LAZY_ATTRIBUTES:
        value = image.get(name)
        if value and (_IMAGE_ADDRESS.search(value) or "/" in value) and " " not in value.strip():
            yield value.strip()
    for value in filter(None, sets):
        yield from _largest_first(value)
    src = (image.get("src") or "").strip()
    if src and not _PLACEHOLDER.search(src):
        yield src
    for name, value in image.items():
        if name.startswith("data-") and _IMAGE_ADDRESS.search(value) and re.match(r"(https?:)?//|/", value) and " " not in value:
            yield value
    if src.startswith("data:image/") and len(src) > 300:  # long enough to be an image of its own, not a placeholder
        yield src


def _largest_first(value: str) -> list[str]:
    entries = [(float(match["size"] or 1), match["address"]) for match in _SRCSET_ENTRY.finditer(value)]
    return [address for _, address in sorted(entries, key=lambda entry: -entry[0]) if not _PLACEHOLDER.search(address)]


def _unwrap_noscripts(page: Element) -> None:
    """The image in a `noscript` replaces the lazy one before it; other `noscript` elements are removed by the sanitizer."""
    for noscript in list(page.iter("noscript")):
        images = list(noscript.iter("img"))
        if len(images) != 1 or noscript.getparent() is None:
            continue
        previous = noscript.getprevious()
        lazy = None if previous is None else previous if previous.tag == "img" else next(previous.iter("img"), None)
        if lazy is not None and not "".join(previous.itertext()).strip():
            if not next(_addresses(lazy), None):
                lazy.set("src", images[0].get("src") or "")
            noscript.drop_tree()
        else:
            noscript.tag = "span"

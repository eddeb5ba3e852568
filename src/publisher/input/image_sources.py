"""The best copy of each picture of a page: lazy ones, srcset, picture and noscript; a copy beside the page first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from publisher.input.html_elements import Element

_LAZY = ("data-src", "data-original", "data-lazy-src", "data-orig-file", "data-hi-res-src", "data-full-src", "data-url",
         "data-image")  # fmt: skip
_LAZY_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_PLACEHOLDER = re.compile(
    r"^data:image/(gif|svg\+xml|png);|(^|[/_-])(blank|spacer|placeholder|pixel|loading|lazy|1x1|transparent|grey)[\w.-]*\.(gif|png|svg|jpe?g)",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"\s*(?P<address>data:[^\s]+|[^\s,][^\s]*[^\s,])(?:\s+(?P<size>[\d.]+)[wx])?\s*(?:,|$)")
_SHOWABLE = re.compile(r"\.(jpe?g|png|gif|webp|svg|avif)(\?|$)|^data:image/|^cid:", re.IGNORECASE)


def resolve_image_sources(page: Element, is_beside: Callable[[str], bool]) -> None:
    """Gives every `img` its best address as `src`; `is_beside` says whether an address is a file beside the page."""
    _open_noscripts(page)
    for image in list(page.iter("img")):
        addresses = list(dict.fromkeys(_addresses(image)))
        best = next((one for one in addresses if is_beside(one)), None) or next(iter(addresses), None)
        if best:
            image.set("src", best)
    for picture in list(page.iter("picture")):
        for source in list(picture.iter("source")):
            source.drop_tag()
        picture.drop_tag()


def _addresses(image: Element) -> Iterator[str]:
    """Addresses of a picture, the best first; a placeholder only where there is nothing else."""
    sets = [image.get(name) for name in _LAZY_SETS]
    picture = next(image.iterancestors("picture"), None)  # libxml2 nests an img in the source before it
    if picture is not None:
        sources = [source for source in picture.iter("source") if "avif" not in (source.get("type") or "")]
        sets += [source.get(name) for source in sources for name in ("srcset", "data-srcset")]
    for name in _LAZY:
        value = image.get(name)
        if value and (_SHOWABLE.search(value) or "/" in value) and " " not in value.strip():
            yield value.strip()
    for value in filter(None, sets):
        yield from _largest_first(value)
    src = (image.get("src") or "").strip()
    if src and not _PLACEHOLDER.search(src):
        yield src
    for name, value in image.items():
        if name.startswith("data-") and _SHOWABLE.search(value) and re.match(r"(https?:)?//|/", value) and " " not in value:
            yield value
    if src.startswith("data:image/") and len(src) > 300:  # a drawing of its own, not a placeholder
        yield src


def _largest_first(value: str) -> list[str]:
    found = [(float(one["size"] or 1), one["address"]) for one in _ENTRY.finditer(value)]
    return [address for _, address in sorted(found, key=lambda one: -one[0]) if not _PLACEHOLDER.search(address)]


def _open_noscripts(page: Element) -> None:
    """A picture in a `noscript` takes the place of the lazy one before it; the rest of `noscript` goes with the sanitizing."""
    for noscript in list(page.iter("noscript")):
        inner = list(noscript.iter("img"))
        if len(inner) != 1 or noscript.getparent() is None:
            continue
        before = noscript.getprevious()
        lazy = None if before is None else before if before.tag == "img" else next(before.iter("img"), None)
        if lazy is not None and not "".join(before.itertext()).strip():
            if not next(_addresses(lazy), None):
                lazy.set("src", inner[0].get("src") or "")
            noscript.drop_tree()
        else:
            noscript.tag = "span"

"""Prepares a page's markup for the tree: the best copy of each image, full addresses, drawn formulas, links for players."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

import lxml.etree
import lxml.html

from publisher.input.embedded_media import EMBEDDED_TAGS, replace_media
from publisher.input.extent import check_depth, check_elements
from publisher.input.fragments import match_fragments
from publisher.input.html_elements import Element, elements_with, parsed_page, parsed_piece, removal_of, without_page_ends
from publisher.input.image_sources import resolve_image_sources
from publisher.input.inline_svg import inline_svg_to_img
from publisher.input.local_files import is_beside
from publisher.input.manuscript import Manuscript
from publisher.input.mathml import draw_formulas
from publisher.input.page_formulas import set_formulas
from publisher.model import vocabulary
from publisher.model.addresses import join_address, scheme_of
from publisher.text.characters import forbidden_in

_SIDE_LENGTH = re.compile(r"(?<![\w-])(width|height)\s*:\s*([\d.]+(?:px)?)")
_EMBEDDED_MARKUP = re.compile(rf"<(?:{'|'.join(EMBEDDED_TAGS)}|svg)\b", re.IGNORECASE)
_DROP_CAP = re.compile(r"drop-?_?cap|initial-?_?cap|first-?_?letter|lettrine", re.IGNORECASE)
_CONSONANT = re.compile(r"[“\"'«„‘]?[B-DF-HJ-NP-TVX]")  # A, E, I, O, U, W, Y and Z are words in some languages
_IMAGE_ATTRIBUTES = {
    "img": ("src",), "image": ("href", "xlink:href"), "object": ("data",), "video": ("poster",), "math": ("altimg",),
}  # fmt: skip


def page_of(manuscript: Manuscript, html: str, image_address: Callable[[str], str] | None = None) -> Element:
    """The parsed page, each image with its best address. Raises PublisherError if it is too large or too deep.

    `image_address` gives the address to use in place of an image's own: a data URI, if it is in the page's file.
    """
    check_elements(manuscript, html)
    manuscript.report_characters(forbidden_in(html))
    page = parsed_page(without_page_ends(html))
    check_depth(manuscript, page)
    manuscript.record(*set_formulas(page))
    _remove_house_classes(page)
    _join_drop_caps(page)
    for anchor in page.iter("a"):
        if anchor.get("name") and not anchor.get("id"):
            anchor.set("id", anchor.get("name"))
    manuscript.record(
        *resolve_image_sources(
            page,
            lambda address: is_beside(manuscript, address) or (image_address is not None and image_address(address) != address),
        )
    )
    if image_address is not None:
        for element in page.iter(*_IMAGE_ATTRIBUTES):
            for name in _IMAGE_ATTRIBUTES[element.tag]:
                if element.get(name):
                    element.set(name, image_address(element.get(name)))
    manuscript.record(*inline_svg_to_img(page))
    return page


def _join_drop_caps(page: Element) -> None:
    """Joins a large first letter to the rest of its word if white space, which a browser does not show there, is between them.

    A letter that may be a word by itself stays as it is.
    """
    for cap in page.iter("span", "b", "strong", "big", "font", "em", "i"):
        if _DROP_CAP.search(cap.get("class") or "") and not len(cap) and _CONSONANT.fullmatch((cap.text or "").strip()):
            rest = (cap.tail or "").lstrip()
            if rest[:1].islower():
                cap.text, cap.tail = (cap.text or "").strip(), rest


def _remove_house_classes(page: Element) -> None:
    """Removes classes such as `note` or `task`, which may mean anything on a page; in our tree only passes set them."""
    for element in elements_with(page, "class"):
        classes = element.get("class")
        if not vocabulary.HOUSE_CLASSES.keys().isdisjoint(classes.split()):
            element.set("class", " ".join(name for name in classes.split() if name not in vocabulary.HOUSE_CLASSES))


def finished_markup(manuscript: Manuscript, page: Element, body: Element, base: str = "") -> str:
    """The markup of `body`, ready for markup.parse; `base` is the address from which the page was saved, if known."""
    for image in [element for element in body.iter("img") if _is_tracking_pixel(element)]:
        manuscript.record(removal_of("an image of one or two pixels, which counts readers", image))
        image.drop_tree()
    for image in body.iter("img"):  # a tooltip here; in Markdown it would be a caption
        image.attrib.pop("title", None)
    _resolve_links(manuscript, page, body, base)
    draw_formulas(manuscript, body)
    replace_media(manuscript, body)
    _record_dropped(manuscript, body)
    return _inner_markup(body)


def _record_dropped(manuscript: Manuscript, body: Element) -> None:
    """Records what `markup.parse` drops with its content: buttons and other controls."""
    for element in body.iter(*vocabulary.DROPPED):
        manuscript.record(removal_of("a control of the page, which cannot be printed", element))


def fragment_markup(manuscript: Manuscript, html: str, base: str = "") -> str:
    """The markup of a piece of HTML that is a whole article: from a feed, a mail or a notebook."""
    page = page_of(manuscript, html)
    body = page.find("body")
    return finished_markup(manuscript, page, page if body is None else body, base)


def link_players(manuscript: Manuscript, html: str, line: int) -> str:
    """A piece of HTML that stands at `line` of other markup, with links in place of videos and audio."""
    if not _EMBEDDED_MARKUP.search(html):
        return html
    fragment = parsed_piece(html)
    manuscript.record(*inline_svg_to_img(fragment))
    replace_media(manuscript, fragment, line)
    return _inner_markup(fragment)


def _inner_markup(element: Element) -> str:
    return escape(element.text or "", quote=False) + "".join(lxml.html.tostring(child, encoding="unicode") for child in element)


def _is_tracking_pixel(image: Element) -> bool:
    """Whether an image only tracks readers and is not meant to be seen."""
    style = dict(_SIDE_LENGTH.findall(image.get("style") or ""))
    sides = [str(image.get(side) or style.get(side) or "").strip().removesuffix("px") for side in ("width", "height")]
    return any(side in ("0", "1", "2") for side in sides)


def _resolve_links(manuscript: Manuscript, page: Element, body: Element, base: str) -> None:
    """Makes relative addresses full if the page's own address is known, except those of files beside the page."""
    declared = next((str(element.get("href")) for element in page.iter("base") if element.get("href")), "")
    page_address = base.split("#")[0]
    base = join_address(base, declared) if declared else base
    for link in body.iter("a") if base.startswith("http") else ():
        href = (link.get("href") or "").strip()
        if href and not href.startswith("#") and not scheme_of(href) and not is_beside(manuscript, href):
            address = join_address(base, href)
            link.set("href", address.removeprefix(page_address) if address.startswith(f"{page_address}#") else address)
    match_fragments(body, page_address)

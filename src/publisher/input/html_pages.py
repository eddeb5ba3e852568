"""Prepares a page's markup for the tree: the best copy of each image, full addresses, drawn formulas, links for players."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import unquote

import lxml.etree
import lxml.html

from publisher.input.element_count import check_elements
from publisher.input.html_elements import Element, text_content
from publisher.input.image_sources import resolve_image_sources
from publisher.input.inline_svg import inline_svg_to_img
from publisher.input.manuscript import Manuscript
from publisher.input.snippets import formula_image
from publisher.model import vocabulary
from publisher.model.addresses import host_of, join_address
from publisher.model.codes import Code

_XML_DECLARATION = re.compile(r"^\s*<\?xml(?:[^>]*>)?")  # complete or cut off
_SIDE_LENGTH = re.compile(r"(?<![\w-])(width|height)\s*:\s*([\d.]+(?:px)?)")
_EMBEDDED_TAGS = ("iframe", "object", "embed", "video", "audio", "canvas", "form")
_EMBEDDED_MARKUP = re.compile(rf"<(?:{'|'.join(_EMBEDDED_TAGS)}|svg)\b", re.IGNORECASE)
_PLAYER_TAGS = ("iframe", "embed", "video", "audio", "object")


def page_of(manuscript: Manuscript, html: str) -> Element:
    """The parsed page, each image with its best address. Raises PublisherError if it is too large or nested too deeply."""
    check_elements(manuscript, html)
    page = _parse_html(_XML_DECLARATION.sub("", html))
    if (depth := _depth(page)) > manuscript.limits.depth:
        hint = "if you trust the file, raise depth under [limits] in the manifest"
        raise manuscript.error(Code.LIMIT, f"elements nested {depth} deep; {manuscript.limits.depth} is the limit", hint=hint)
    _remove_house_classes(page)
    for anchor in page.iter("a"):
        if anchor.get("name") and not anchor.get("id"):
            anchor.set("id", anchor.get("name"))
    resolve_image_sources(page, lambda address: is_beside(manuscript, address))
    inline_svg_to_img(page)
    return page


def _remove_house_classes(page: Element) -> None:
    """Removes classes such as `note` or `task`, which may mean anything on a page; in our tree only passes set them."""
    for element in page.iter():
        classes = element.get("class") if isinstance(element.tag, str) else None
        if classes and not vocabulary.HOUSE_CLASSES.keys().isdisjoint(classes.split()):
            element.set("class", " ".join(name for name in classes.split() if name not in vocabulary.HOUSE_CLASSES))


def _parse_html(html: str) -> Element:
    parser = lxml.html.HTMLParser(huge_tree=True)
    try:
        return lxml.html.document_fromstring(html, parser=parser)
    except lxml.etree.ParserError:  # no element at all: only text
        return lxml.html.document_fromstring(f"<p>{escape(html)}</p>", parser=parser)


def finished_markup(manuscript: Manuscript, page: Element, body: Element, base: str = "") -> str:
    """The markup of `body`, ready for markup.parse; `base` is the address from which the page was saved, if known."""
    for image in [element for element in body.iter("img") if _is_tracking_pixel(element)]:
        image.drop_tree()
    for image in body.iter("img"):  # a tooltip here; in Markdown it would be a caption
        image.attrib.pop("title", None)
    _resolve_links(manuscript, page, body, base)
    _draw_formulas(manuscript, body)
    _link_players(body)
    _report_embedded(manuscript, body)
    return _inner_markup(body)


def fragment_markup(manuscript: Manuscript, html: str, base: str = "") -> str:
    """The markup of a piece of HTML that is a whole article: from a feed, a mail or a notebook."""
    page = page_of(manuscript, html)
    body = page.find("body")
    return finished_markup(manuscript, page, page if body is None else body, base)


def link_players(manuscript: Manuscript, html: str, line: int) -> str:
    """A piece of HTML that stands at `line` of other markup, with links in place of videos and audio."""
    if not _EMBEDDED_MARKUP.search(html):
        return html
    fragment = lxml.html.fragment_fromstring(html, create_parent="div")
    inline_svg_to_img(fragment)
    _link_players(fragment)
    _report_embedded(manuscript, fragment, line)
    return _inner_markup(fragment)


def _depth(page: Element) -> int:
    deepest, level = 0, 0
    for event, _ in lxml.etree.iterwalk(page, events=("start", "end")):
        level += 1 if event == "start" else -1
        deepest = max(deepest, level)
    return deepest


def _inner_markup(element: Element) -> str:
    return escape(element.text or "", quote=False) + "".join(lxml.html.tostring(child, encoding="unicode") for child in element)


def is_beside(manuscript: Manuscript, address: str) -> bool:
    path = re.split(r"[?#]", address)[0]
    return bool(path) and not _scheme(address) and not path.startswith("/") and manuscript.open(unquote(path)) is not None


def _is_tracking_pixel(image: Element) -> bool:
    """Whether an image only tracks readers and is not meant to be seen."""
    style = dict(_SIDE_LENGTH.findall(image.get("style") or ""))
    sides = [str(image.get(side) or style.get(side) or "").strip().removesuffix("px") for side in ("width", "height")]
    return any(side in ("0", "1", "2") for side in sides)


def _resolve_links(manuscript: Manuscript, page: Element, body: Element, base: str) -> None:
    """Makes relative addresses full if the page's own address is known, except those of files beside the page."""
    declared = next((str(element.get("href")) for element in page.iter("base") if element.get("href")), "")
    base = join_address(base, declared) if declared else base
    if not base.startswith("http"):
        return
    page_address = base.split("#")[0]
    for link in body.iter("a"):
        href = (link.get("href") or "").strip()
        if href and not href.startswith("#") and not _scheme(href) and not is_beside(manuscript, href):
            address = join_address(base, href)
            link.set("href", address.removeprefix(page_address) if address.startswith(f"{page_address}#") else address)


def _scheme(address: str) -> str:
    """The scheme of an address, in lower case; empty if it has none."""
    match = re.match(r"([a-z][a-z0-9+.-]*):", address, re.IGNORECASE)
    return match[1].lower() if match else ""


def _draw_formulas(manuscript: Manuscript, body: Element) -> None:
    """Puts an image in place of each `math`. If it cannot be drawn, its words stay and a diagnostic is reported."""
    for math in list(body.iter("math")):
        tex = next(
            (text_content(element) for element in math.iter("annotation") if "tex" in element.get("encoding", "").lower()), ""
        )
        alt, tail = math.get("alttext") or tex or text_content(math), math.tail
        for annotation in list(math.iter("annotation", "annotation-xml")):
            annotation.drop_tree()
        math.tail = None
        source, display = lxml.etree.tostring(math, encoding="unicode"), math.get("display") == "block"
        image = lxml.html.fragment_fromstring(formula_image(manuscript, source, alt, display=display, line=math.sourceline or 0))
        image.tail = tail
        math.getparent().replace(math, image)


def _link_players(body: Element) -> None:
    """Puts a link in place of a video or audio on another site, which cannot be printed."""
    for element in list(body.iter(*_PLAYER_TAGS)):
        addresses = [element.get(name) for name in ("src", "data-src", "data")]
        sources = filter(None, [*addresses, *(source.get("src") for source in element.iter("source"))])
        address = next((f"https:{source}" if source.startswith("//") else source for source in sources), "")
        if not address.startswith("http") or not host_of(address):
            continue
        link = lxml.html.fragment_fromstring('<p><a class="player"></a></p>')
        link[0].set("href", address)
        link[0].text = element.get("title") or host_of(address)
        link.tail = element.tail
        element.getparent().replace(element, link)


def _report_embedded(manuscript: Manuscript, body: Element, line: int = 0) -> None:
    for element in body.iter(*_EMBEDDED_TAGS):
        manuscript.report(
            Code.EMBEDDED_LEFT_OUT,
            f"a <{element.tag}> is left out: it cannot be printed",
            line=line or element.sourceline or 0,
            hint="put an image or a link in its place",
        )

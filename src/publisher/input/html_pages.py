"""A page's markup made ready for the tree: the best copy of each picture, whole addresses, drawn formulas, links for players."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import unquote, urljoin, urlsplit

import lxml.etree
import lxml.html

from publisher.input.html_elements import Element, text_content
from publisher.input.image_sources import resolve_image_sources
from publisher.input.inline_svg import inline_svg_to_img
from publisher.input.manuscript import Manuscript
from publisher.input.snippets import formula_image
from publisher.model import vocabulary
from publisher.model.codes import Code

_DECLARATION = re.compile(r"^\s*<\?xml(?:[^>]*>)?")  # whole or broken
_SIDE = re.compile(r"(?<![\w-])(width|height)\s*:\s*([\d.]+(?:px)?)")
_EMBEDDED = ("iframe", "object", "embed", "video", "audio", "canvas", "form")
_EMBEDDING = re.compile(rf"<(?:{'|'.join(_EMBEDDED)}|svg)\b", re.IGNORECASE)
_PLAYED = ("iframe", "embed", "video", "audio", "object")


def page_of(manuscript: Manuscript, html: str) -> Element:
    """The parsed page, each picture with its best address. Raises PublisherError where it is nested too deep."""
    page = _parsed(_DECLARATION.sub("", html))
    if (depth := _depth(page)) > manuscript.limits.depth:
        hint = "raise depth under [limits] in the manifest"
        raise manuscript.error(Code.LIMIT, f"elements nested {depth} deep, {manuscript.limits.depth} is the limit", hint=hint)
    _take_off_our_classes(page)
    for anchor in page.iter("a"):
        if anchor.get("name") and not anchor.get("id"):
            anchor.set("id", anchor.get("name"))
    resolve_image_sources(page, lambda address: is_beside(manuscript, address))
    inline_svg_to_img(page)
    return page


def _take_off_our_classes(page: Element) -> None:
    """A page means by `note` or `task` what it likes; in our tree they are what passes put there."""
    for element in page.iter():
        said = element.get("class") if isinstance(element.tag, str) else None
        if said and not vocabulary.HOUSE_CLASSES.keys().isdisjoint(said.split()):
            element.set("class", " ".join(name for name in said.split() if name not in vocabulary.HOUSE_CLASSES))


def _parsed(html: str) -> Element:
    parser = lxml.html.HTMLParser(huge_tree=True)
    try:
        return lxml.html.document_fromstring(html, parser=parser)
    except lxml.etree.ParserError:  # not one element: the words are all there is
        return lxml.html.document_fromstring(f"<p>{escape(html)}</p>", parser=parser)


def finished_markup(manuscript: Manuscript, page: Element, body: Element, base: str = "") -> str:
    """The markup of `body`, ready for markup.parse; `base` is the address the page was saved from, if known."""
    for image in [one for one in body.iter("img") if _is_pixel(one)]:
        image.drop_tree()
    for image in body.iter("img"):  # a tooltip; the caption that Markdown means by it stands beside the picture here
        image.attrib.pop("title", None)
    _resolve(manuscript, page, body, base)
    _draw_formulas(manuscript, body)
    _link_players(body)
    _complain_of_embedded(manuscript, body)
    return _inner(body)


def fragment_markup(manuscript: Manuscript, html: str, base: str = "") -> str:
    """A piece of HTML that is an article as a whole: from a feed, a mail, a notebook."""
    page = page_of(manuscript, html)
    body = page.find("body")
    return finished_markup(manuscript, page, page if body is None else body, base)


def link_players(manuscript: Manuscript, html: str, line: int) -> str:
    """A piece of HTML that stands at `line` of other markup, with links in place of films and sounds."""
    if not _EMBEDDING.search(html):
        return html
    piece = lxml.html.fragment_fromstring(html, create_parent="div")
    inline_svg_to_img(piece)
    _link_players(piece)
    _complain_of_embedded(manuscript, piece, line)
    return _inner(piece)


def _depth(page: Element) -> int:
    deepest, level = 0, 0
    for event, _ in lxml.etree.iterwalk(page, events=("start", "end")):
        level += 1 if event == "start" else -1
        deepest = max(deepest, level)
    return deepest


def _inner(element: Element) -> str:
    return escape(element.text or "", quote=False) + "".join(lxml.html.tostring(child, encoding="unicode") for child in element)


def is_beside(manuscript: Manuscript, address: str) -> bool:
    path = re.split(r"[?#]", address)[0]
    return bool(path) and not urlsplit(address).scheme and not path.startswith("/") and manuscript.open(unquote(path)) is not None


def _is_pixel(image: Element) -> bool:
    """Whether an image is there to tell who reads, and not to be seen."""
    style = dict(_SIDE.findall(image.get("style") or ""))
    sides = [str(image.get(side) or style.get(side) or "").strip().removesuffix("px") for side in ("width", "height")]
    return any(side in ("0", "1", "2") for side in sides)


def _resolve(manuscript: Manuscript, page: Element, body: Element, base: str) -> None:
    """Relative addresses of a page that says where it was become whole, but for those of files beside it."""
    declared = next((str(one.get("href")) for one in page.iter("base") if one.get("href")), "")
    base = urljoin(base, declared) if declared else base
    if not base.startswith("http"):
        return
    here = base.split("#")[0]
    for link in body.iter("a"):
        href = (link.get("href") or "").strip()
        if href and not href.startswith("#") and not _scheme(href) and not is_beside(manuscript, href):
            whole = _joined(base, href)
            link.set("href", whole.removeprefix(here) if whole.startswith(f"{here}#") else whole)


def _scheme(address: str) -> str:
    """The scheme of an address, empty where it has none or is none."""
    found = re.match(r"([a-z][a-z0-9+.-]*):", address, re.IGNORECASE)
    return found[1].lower() if found else ""


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def _draw_formulas(manuscript: Manuscript, body: Element) -> None:
    """Puts a picture in place of each `math`; where it cannot be drawn its words stay, and that is said."""
    for math in list(body.iter("math")):
        tex = next((text_content(one) for one in math.iter("annotation") if "tex" in one.get("encoding", "").lower()), "")
        alt, tail = math.get("alttext") or tex or text_content(math), math.tail
        for one in list(math.iter("annotation", "annotation-xml")):
            one.drop_tree()
        math.tail = None
        source, display = lxml.etree.tostring(math, encoding="unicode"), math.get("display") == "block"
        picture = lxml.html.fragment_fromstring(
            formula_image(manuscript, source, alt, display=display, line=math.sourceline or 0)
        )
        picture.tail = tail
        math.getparent().replace(math, picture)


def _link_players(body: Element) -> None:
    """A film or a sound on another site cannot be printed: a link to it stands in its place."""
    for element in list(body.iter(*_PLAYED)):
        said = [element.get(name) for name in ("src", "data-src", "data")]
        sources = filter(None, [*said, *(one.get("src") for one in element.iter("source"))])
        address = next((f"https:{one}" if one.startswith("//") else one for one in sources), "")
        if not address.startswith("http"):
            continue
        link = lxml.html.fragment_fromstring('<p><a class="player"></a></p>')
        link[0].set("href", address)
        link[0].text = element.get("title") or urlsplit(address).netloc
        link.tail = element.tail
        element.getparent().replace(element, link)


def _complain_of_embedded(manuscript: Manuscript, body: Element, line: int = 0) -> None:
    for element in body.iter(*_EMBEDDED):
        manuscript.report(
            Code.EMBEDDED_LEFT_OUT,
            f"a <{element.tag}> is left out: it cannot be printed",
            line=line or element.sourceline or 0,
            hint="put a picture or a link in its place",
        )

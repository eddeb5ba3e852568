"""Videos, audio, objects and other embedded things: an image or a link in their place, and what the page offers instead of them.

What stands inside such an element is for programs that cannot show it (HTML, 4.8.6 `object`, 4.8.8 `video`, 4.12.5 `canvas`), as
a printed page cannot. So it is text of the article, unless it only asks the reader to use another program.
"""

from __future__ import annotations

import re

import lxml.html

from publisher.input.html_elements import Element, parsed_piece, text_content
from publisher.input.local_files import is_beside
from publisher.input.manuscript import Manuscript
from publisher.model.addresses import host_of
from publisher.model.codes import Code
from publisher.model.media_types import media_type_of
from publisher.model.public_addresses import without_secrets

EMBEDDED_TAGS = ("iframe", "object", "embed", "video", "audio", "canvas", "form")
_MEDIA_TAGS = ("iframe", "object", "embed", "video", "audio", "canvas")
_PARTS = ("source", "track", "param")
_INLINE_TAGS = ("a", "abbr", "b", "br", "cite", "code", "em", "i", "img", "q", "s", "small", "span", "strong", "sub", "sup", "u")
_LONGEST_NOTICE = 40  # words
# A notice names a program, and says that it does not support something or what to do about it. The words are those of the
# languages in which such notices were seen.
_PROGRAM = re.compile(
    r"browser|reading system|e-?reader|html ?5|javascript|plug-?in|flash|navigateur|liseuse|navegador|lesesystem"
    r"|webbläsare|selain"
    r"|przegląda|prohlíže|böngész|tarayıcı|браузер|оглядач|πρόγραμμα περιήγησης|متصفح|דפדפן|浏览器|瀏覽器|ブラウザ|브라우저",
    re.IGNORECASE,
)
_SUPPORT = re.compile(
    r"support|enable|install|upgrade|update|unterstütz|aktivier|prend|permet|lire|soport|admite|suport|compat|ondersteun|stöd"
    r"|støtt|tue|obsług|wspier|podpor|támogat|destekle|поддерж|підтрим|υποστηρίζει|يدعم|תומך|支持|支援|対応|サポート|지원",
    re.IGNORECASE,
)


def replace_media(manuscript: Manuscript, body: Element, line: int = 0) -> None:
    """Puts in place of each embedded element its image, a link to it on another site, and what stands inside it.

    What is left out is reported at `line` (0: the element's own line).
    """
    for element in reversed(list(body.iter(*_MEDIA_TAGS))):  # those inside others first
        place = line or element.sourceline or 0
        if element.tag == "iframe":
            _parse_content(element)
        if element.tag == "object" and _replace_by_image(manuscript, element):
            continue
        _replace(manuscript, element, place)
    for form in body.iter("form"):
        _report(manuscript, "a <form> is left out: it cannot be printed", line or form.sourceline or 0)


def _replace(manuscript: Manuscript, element: Element, line: int) -> None:
    address, poster = _outside_address(element), element.get("poster") or ""
    _remove_notice(manuscript, element, line)
    has_content = bool(text_content(element)) or element.find(".//img") is not None
    if _is_here(manuscript, poster):
        element.addprevious(lxml.html.fragment_fromstring("<figure><img></figure>"))
        image = element.getprevious()[0]
        image.set("src", poster)
        image.set("alt", element.get("title") or "")
    if address:
        link = lxml.html.fragment_fromstring('<p><a class="player"></a></p>')
        link[0].set("href", address)
        link[0].text = element.get("title") or host_of(without_secrets(address))
        element.addprevious(link)
    else:
        what = f"a <{element.tag}> is left out: it cannot be printed"
        message = f"{what}; what the page offers in its place is kept" if has_content else what
        _report(manuscript, message, line)
    for part in list(element.iter(*_PARTS)):
        part.drop_tag()
    if not has_content:
        element.drop_tree()
        return
    is_inline = all(inner.tag in _INLINE_TAGS for inner in element.iterdescendants() if isinstance(inner.tag, str))
    element.tag = "span" if is_inline else "div"
    element.attrib.clear()


def _replace_by_image(manuscript: Manuscript, element: Element) -> bool:
    """Puts an `img` in place of an `object` that is an image; its content is the alt text.

    False if it is no image, or if the image is not there but the one inside it may be.
    """
    address = (element.get("data") or "").strip()
    kind = element.get("type") or media_type_of(re.split("[?#]", address)[0])
    if not address or not (address.startswith("data:image/") or kind.startswith("image/")):
        return False
    inner = element.find(".//img")
    if inner is not None and not _is_here(manuscript, address):
        return False
    image = lxml.html.Element("img", src=address)
    texts = (
        element.get("aria-label"),
        text_content(element),
        inner.get("alt") if inner is not None else "",
        element.get("title"),
    )
    if alt := next(filter(None, texts), ""):
        image.set("alt", alt)
    for name in ("width", "height", "id"):
        if element.get(name):
            image.set(name, element.get(name))
    image.tail = element.tail
    element.getparent().replace(element, image)
    return True


def _is_here(manuscript: Manuscript, address: str) -> bool:
    return address.startswith("data:image/") or is_beside(manuscript, address)


def _outside_address(element: Element) -> str:
    """The whole address of a video, page or other thing on another site; empty if it has none."""
    addresses = [element.get(name) for name in ("src", "data-src", "data")]
    sources = filter(None, [*addresses, *(source.get("src") for source in element.iter("source"))])
    address = next((f"https:{source}" if source.startswith("//") else source for source in sources), "")
    return address if address.startswith("http") and host_of(address) else ""


def _parse_content(iframe: Element) -> None:
    """Makes elements of the content of an `iframe`, which HTML parsers take for text."""
    if "<" in (iframe.text or ""):
        content = parsed_piece(iframe.text)
        iframe.text = None
        iframe.insert(0, content)


def _remove_notice(manuscript: Manuscript, element: Element, line: int) -> None:
    """Removes the content of an element if it only says that a program does not support the element, with a note."""
    text = text_content(element)
    if not _is_notice(text) or next(element.iter("a", "img", "table"), None) is not None:
        return
    manuscript.remove("a notice that a program does not support something", text, f"line {line}" if line else "")
    manuscript.report(Code.NOTICE_LEFT_OUT, f"left out, in place of a <{element.tag}>: {text[:100].rstrip('.')}", line=line)
    element.text = None
    for child in list(element):
        element.remove(child)


def _report(manuscript: Manuscript, message: str, line: int) -> None:
    manuscript.report(Code.EMBEDDED_LEFT_OUT, message, line=line, hint="put an image or a link in its place")


def _is_notice(text: str) -> bool:
    return len(text.split()) <= _LONGEST_NOTICE and bool(_PROGRAM.search(text)) and bool(_SUPPORT.search(text))

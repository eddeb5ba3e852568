"""The page of a newsletter without what belongs to the mailing: what is not shown, lines to unsubscribe, tracking links, tables
that only arrange.
"""

from __future__ import annotations

import base64
import re
from itertools import islice
from urllib.parse import parse_qsl, unquote, urlsplit

from publisher.extraction.text_blocks import is_hidden, text_blocks
from publisher.input.html_elements import Element, text_content
from publisher.input.html_pages import finished_markup, page_of
from publisher.input.manuscript import Manuscript
from publisher.input.mime import EmbeddedImages
from publisher.model.parts import Removal

_TARGET_PARAMETERS = ("url", "u", "target", "redirect", "redirect_url", "dest", "destination", "link", "q", "to")
_TRACKING_HOST = re.compile(
    r"(^|\.)(click|track\w*|links?|email|go|r|lnks?|trk|safelinks|urldefense|list-manage)\b", re.IGNORECASE
)
_BACKGROUND = re.compile(r"""(?:background\s*=|url\()\s*["']?(?P<address>cid:[^"')>\s]+)""", re.IGNORECASE)
# Lines about the mailing itself, in the languages of publisher's own words.
_MAILING_LINE = re.compile(
    r"unsubscribe|(?:update|manage|change)\b.{0,20}\bpreferences|view\b.{0,30}\b(?:browser|online)|web\s?version"
    r"|forward to a friend"
    r"|abmelden|abbestellen|im browser|désabonner|désinscri|navigateur|darse de baja|cancelar.{0,15}suscripción|en el navegador"
    r"|cancelar.{0,15}(?:inscrição|subscrição)|no navegador|disiscriv|nel browser|uitschrijven|avregistrera|відписатися"
    r"|отписаться",
    re.IGNORECASE,
)
# Addresses that are personal to the recipient.
_RECIPIENT_LINK = re.compile(r"unsub|optout|opt-out|list-manage|preferences?[/?=]|/u/\w{12,}", re.IGNORECASE)
_LONGEST_MAILING_LINE = 45  # words; a longer block is text of the article that contains such a link
_LAYOUT_TAGS = ("table", "tbody", "thead", "tfoot", "tr", "td", "th", "center")


def newsletter_markup(manuscript: Manuscript, html: str, images: EmbeddedImages) -> tuple[str, list[Removal], str]:
    """The HTML page of a mail as markup, what was removed from it, and its language; `images` are those of the mail."""
    page = page_of(manuscript, html, images)
    for match in _BACKGROUND.finditer(html):
        images.leave_out(match["address"])
    body = page.find("body")
    body = page if body is None else body
    removed = [Removal("not shown by the mail", text) for element in list(body.iter()) if (text := _remove_hidden(element))]
    removed += _remove_mailing_lines(body)
    for link in body.iter("a"):
        link.set("href", link_target(link.get("href") or ""))
    for element in list(body.iter(*_LAYOUT_TAGS)):
        if _is_layout(element):
            element.tag = "div"
    return finished_markup(manuscript, page, body), removed, str(page.get("lang") or body.get("lang") or "")


def _remove_mailing_lines(body: Element) -> list[Removal]:
    """Removes lines about the mailing itself, and the addresses of links that are personal to the recipient.

    Examples are links to unsubscribe or to view the mail in a browser.
    """
    removed = []
    for block in text_blocks(body):
        links = [
            candidate
            for element, _ in block.slots
            for candidate in (element, *islice(element.iterancestors(), 3))
            if candidate.tag == "a"
        ]
        mailing_links = [
            link for link in links if _MAILING_LINE.search(text_content(link)) or _RECIPIENT_LINK.search(link.get("href") or "")
        ]
        if mailing_links and len(block.words) <= _LONGEST_MAILING_LINE:
            removed.append(Removal("of the mailing, not of its text", block.text))
            for element, is_tail in block.slots:
                if is_tail:
                    element.tail = " "
                else:
                    element.text = " "
        for link in mailing_links:
            link.attrib.pop("href", None)
    return removed


def _remove_hidden(element: Element) -> str:
    """Removes an element that is not shown; its text, empty if the element is shown."""
    if (
        not isinstance(element.tag, str)
        or element.getparent() is None
        or not is_hidden(element)
        or element.tag in ("html", "body")
    ):
        return ""
    text = text_content(element)
    element.drop_tree()
    return text


def _is_layout(element: Element) -> bool:
    """Whether a table or a part of it is used for layout, not for data: no header cells, and blocks or images in the cells."""
    table = element if element.tag in ("table", "center") else next(element.iterancestors("table"), None)
    if table is None or table.tag == "center":
        return True
    if next(table.iter("th"), None) is not None and next(table.iter("table"), table) is table:
        return False
    rows = list(table.iter("tr"))
    columns = max((len(row) for row in rows), default=0)
    has_blocks = (
        any(True for _ in table.iter("p", "h1", "h2", "h3", "ul", "img", "div")) or sum(True for _ in table.iter("table")) > 1
    )
    return has_blocks or columns < 2 or len(rows) < 2 or table.get("role") == "presentation"


def link_target(address: str) -> str:
    """The address that a tracking link leads to, if it contains that address; canonical_url removes tracking parameters."""
    for _ in range(3):
        try:
            parts = urlsplit(address)
        except ValueError:
            return address
        query = dict(parse_qsl(parts.query))
        target = next((query[name] for name in _TARGET_PARAMETERS if query.get(name, "").startswith(("http://", "https://"))), "")
        if not target and _TRACKING_HOST.search(parts.netloc):
            target = _embedded_address(parts.path)
        if not target or not (_TRACKING_HOST.search(parts.netloc) or len(query) <= 3):
            return address
        address = target
    return address


def _embedded_address(path: str) -> str:
    """The address contained in a path, percent-encoded or in Base64; empty if there is none."""
    match = re.search(r"(https?:/{1,2}.+)$", unquote(path))
    if match:
        return re.sub(r"^(https?:)/{1,2}", r"\1//", match[1])
    for piece in path.split("/"):
        if re.fullmatch(r"aHR0c[\w-]+=*", piece):
            try:
                return base64.urlsafe_b64decode(piece + "=" * (-len(piece) % 4)).decode()
            except (ValueError, UnicodeDecodeError):
                continue
    return ""

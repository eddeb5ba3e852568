"""Reads newsletters: a mail (.eml) is one article, a mailbox (.mbox) has an article for each mail.

Tracking pixels and redirecting (tracking) links are removed.
"""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from itertools import islice
from urllib.parse import parse_qsl, unquote, urlsplit

from publisher.extraction.text_blocks import is_hidden, text_blocks
from publisher.input.html_elements import Element, text_content
from publisher.input.html_pages import finished_markup, page_of
from publisher.input.manuscript import Manuscript
from publisher.input.mime import body_of, decoded_text, message_of, with_inline_images
from publisher.input.snippets import data_uri, figure_markup, paragraph_markup
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.diagnostics import PublisherError
from publisher.model.markup import parse
from publisher.model.metadata import Metadata, Source
from publisher.model.parts import Removal

_MBOX_FROM = re.compile(rb"(?m)^From \S+.*\d{4}\r?\n")
_TARGET_PARAMETERS = ("url", "u", "target", "redirect", "redirect_url", "dest", "destination", "link", "q", "to")
_TRACKING_HOST = re.compile(
    r"(^|\.)(click|track\w*|links?|email|go|r|lnks?|trk|safelinks|urldefense|list-manage)\b", re.IGNORECASE
)
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


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """One article. Raises PublisherError if the mail has no words."""
    return (_article(manuscript, message_of(manuscript, manuscript.data)),)


def read_mbox(manuscript: Manuscript) -> tuple[Article, ...]:
    """An article for each mail that has words, in the order of the mailbox; each mail left out is reported as a warning."""
    starts = [match.end() for match in _MBOX_FROM.finditer(manuscript.data)]
    ends = [*[match.start() for match in _MBOX_FROM.finditer(manuscript.data)][1:], len(manuscript.data)][: len(starts)]
    articles = []
    for start, end in zip(starts, ends, strict=True):
        data = re.sub(rb"(?m)^>(>*From )", rb"\1", manuscript.data[start:end])
        try:
            articles.append(_article(manuscript, message_of(manuscript, data)))
        except PublisherError as problem:
            line = manuscript.data.count(b"\n", 0, start)
            manuscript.report(Code.MAIL_LEFT_OUT, f"a mail is left out: {problem.diagnostics[0].message}", line=line)
    if not articles:
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, "no mail in the mailbox has words")
    return tuple(articles)


def _article(manuscript: Manuscript, message: EmailMessage) -> Article:
    if message.get_content_type() in ("multipart/encrypted", "application/pkcs7-mime"):
        raise manuscript.error(Code.ENCRYPTED, "the mail is encrypted", hint="save the mail without encryption")
    try:
        metadata = _metadata(message)
    except (IndexError, AttributeError, LookupError, ValueError, TypeError) as problem:  # the email package: malformed header
        raise manuscript.error(Code.MAIL, f"this mail cannot be read: a header is malformed: {problem}") from None
    part = body_of(message, "html", "plain")
    html = ""
    removed: list[Removal] = []
    if part is not None and part.get_content_subtype() == "html":
        html, removed, lang = _page(manuscript, with_inline_images(decoded_text(part), message))
        metadata = replace(metadata, lang=lang)
    elif part is not None:
        html = paragraph_markup(decoded_text(part))
    html += "".join(_attached_images(message, html))
    _report_attachments(manuscript, message)
    if not html.strip():
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, "the mail has no words")
    return Article(metadata, parse(html), removed=tuple(removed))


def _metadata(message: EmailMessage) -> Metadata:
    names = [name or address for name, address in getaddresses([str(message.get("From", ""))]) if name or address]
    try:
        date = parsedate_to_datetime(str(message.get("Date", ""))).date()
    except (ValueError, TypeError, IndexError):
        date = None
    title = " ".join(str(message.get("Subject", "")).split())
    list_name = re.sub(r"\s*<[^>]*>", "", str(message.get("List-Id", ""))).strip(' "')
    publication = list_name or (names[0] if names else "")
    identity = str(message.get("Message-ID", "")).strip()
    source = Source(publication=publication, title=title, date=date) if publication else Source()
    return Metadata(
        title=title,
        authors=tuple(name for name in names if name != publication),
        date=date,
        publisher=list_name,
        identity=identity,
        source=source,
    )


def _page(manuscript: Manuscript, html: str) -> tuple[str, list[Removal], str]:
    """The HTML page of the mail as markup, what was removed from it, and its language."""
    page = page_of(manuscript, html)
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


def _report_attachments(manuscript: Manuscript, message: EmailMessage) -> None:
    for part in message.walk():
        if part.get_content_disposition() == "attachment" and part.get_content_maintype() not in ("image", "multipart"):
            text = f"the attachment {part.get_filename() or part.get_content_type()} is left out"
            manuscript.report(Code.ATTACHMENT_LEFT_OUT, text, hint="save it and add it to the edition if it is an article")


def _attached_images(message: EmailMessage, html: str) -> list[str]:
    """Figures for the attached images that the page does not show."""
    figures = []
    for part in message.walk():
        if part.get_content_maintype() == "image" and part.get_content_disposition() == "attachment":
            raw, name = part.get_payload(decode=True), part.get_filename() or "picture"
            if isinstance(raw, bytes) and (address := data_uri(raw, part.get_content_type())) not in html:
                figures.append(figure_markup(address, name, name))
    return figures

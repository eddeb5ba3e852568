"""Newsletters: a mail (.eml) is an article, a mailbox (.mbox) as many as it holds; tracking pixels and link wrappers go."""

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
from publisher.model.article import Article, Removal
from publisher.model.codes import Code
from publisher.model.diagnostics import PublisherError
from publisher.model.markup import parse
from publisher.model.metadata import Metadata, Source

_FROM = re.compile(rb"(?m)^From \S+.*\d{4}\r?\n")
_WRAPPED = ("url", "u", "target", "redirect", "redirect_url", "dest", "destination", "link", "q", "to")
_WRAPPERS = re.compile(r"(^|\.)(click|track\w*|links?|email|go|r|lnks?|trk|safelinks|urldefense|list-manage)\b", re.IGNORECASE)
# Lines of a mailing about itself, in the languages of the tool's words, and addresses that are the reader's own.
_MAILING = re.compile(
    r"unsubscribe|(?:update|manage|change)\b.{0,20}\bpreferences|view\b.{0,30}\b(?:browser|online)|web\s?version"
    r"|forward to a friend"
    r"|abmelden|abbestellen|im browser|désabonner|désinscri|navigateur|darse de baja|cancelar.{0,15}suscripción|en el navegador"
    r"|cancelar.{0,15}(?:inscrição|subscrição)|no navegador|disiscriv|nel browser|uitschrijven|avregistrera|відписатися"
    r"|отписаться",
    re.IGNORECASE,
)
_OWN_LINK = re.compile(r"unsub|optout|opt-out|list-manage|preferences?[/?=]|/u/\w{12,}", re.IGNORECASE)
_LONGEST_LINE = 45  # words: longer ones are text that has such a link
_ARRANGING = ("table", "tbody", "thead", "tfoot", "tr", "td", "th", "center")


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """One article. Raises PublisherError where the mail holds no words."""
    return (_article(manuscript, message_of(manuscript, manuscript.data)),)


def read_mbox(manuscript: Manuscript) -> tuple[Article, ...]:
    """An article for each mail with words, in the order of the mailbox; one without is a warning."""
    starts = [found.end() for found in _FROM.finditer(manuscript.data)]
    ends = [*[found.start() for found in _FROM.finditer(manuscript.data)][1:], len(manuscript.data)][: len(starts)]
    found = []
    for start, end in zip(starts, ends, strict=True):
        data = re.sub(rb"(?m)^>(>*From )", rb"\1", manuscript.data[start:end])
        try:
            found.append(_article(manuscript, message_of(manuscript, data)))
        except PublisherError as problem:
            line = manuscript.data.count(b"\n", 0, start)
            manuscript.report(Code.MAIL_LEFT_OUT, f"a mail is left out: {problem.diagnostics[0].message}", line=line)
    if not found:
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, "the mailbox holds no mail with words")
    return tuple(found)


def _article(manuscript: Manuscript, message: EmailMessage) -> Article:
    if message.get_content_type() in ("multipart/encrypted", "application/pkcs7-mime"):
        raise manuscript.error(Code.ENCRYPTED, "the mail is encrypted", hint="save it decrypted")
    try:
        metadata = _metadata(message)
    except (IndexError, AttributeError, LookupError, ValueError, TypeError) as problem:  # what the library raises on odd headers
        raise manuscript.error(Code.MAIL, f"a header of the mail cannot be read: {problem}") from None
    part = body_of(message, "html", "plain")
    html = ""
    removed: list[Removal] = []
    if part is not None and part.get_content_subtype() == "html":
        html, removed, lang = _page(manuscript, with_inline_images(decoded_text(part), message))
        metadata = replace(metadata, lang=lang)
    elif part is not None:
        html = paragraph_markup(decoded_text(part))
    html += "".join(_attached(message, html))
    _complain_of_attachments(manuscript, message)
    if not html.strip():
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, "the mail holds no words")
    return Article(metadata, parse(html), removed=tuple(removed))


def _metadata(message: EmailMessage) -> Metadata:
    names = [name or address for name, address in getaddresses([str(message.get("From", ""))]) if name or address]
    try:
        written = parsedate_to_datetime(str(message.get("Date", ""))).date()
    except (ValueError, TypeError, IndexError):
        written = None
    title = " ".join(str(message.get("Subject", "")).split())
    listed = re.sub(r"\s*<[^>]*>", "", str(message.get("List-Id", ""))).strip(' "')
    publication = listed or (names[0] if names else "")
    identity = str(message.get("Message-ID", "")).strip()
    source = Source(publication=publication, title=title, date=written) if publication else Source()
    return Metadata(
        title=title,
        authors=tuple(name for name in names if name != publication),
        date=written,
        publisher=listed,
        identity=identity,
        source=source,
    )


def _page(manuscript: Manuscript, html: str) -> tuple[str, list[Removal], str]:
    """The mail's page as markup, what was taken out of it, and its language."""
    page = page_of(manuscript, html)
    body = page.find("body")
    body = page if body is None else body
    removed = [Removal("not shown by the mail", text) for one in list(body.iter()) if (text := _hidden(one))]
    removed += _of_the_mailing(body)
    for link in body.iter("a"):
        link.set("href", unwrapped(link.get("href") or ""))
    for element in list(body.iter(*_ARRANGING)):
        if _arranges(element):
            element.tag = "div"
    return finished_markup(manuscript, page, body), removed, str(page.get("lang") or body.get("lang") or "")


def _of_the_mailing(body: Element) -> list[Removal]:
    """Lines about the mailing itself, and links that are the reader's own: to unsubscribe, to see the mail in a browser."""
    removed = []
    for leaf in text_blocks(body):
        links = [one for element, _ in leaf.slots for one in (element, *islice(element.iterancestors(), 3)) if one.tag == "a"]
        own = [one for one in links if _MAILING.search(text_content(one)) or _OWN_LINK.search(one.get("href") or "")]
        if own and len(leaf.words) <= _LONGEST_LINE:
            removed.append(Removal("of the mailing, not of its text", leaf.text))
            for element, behind in leaf.slots:
                if behind:
                    element.tail = " "
                else:
                    element.text = " "
        for link in own:
            link.attrib.pop("href", None)
    return removed


def _hidden(element: Element) -> str:
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


def _arranges(element: Element) -> bool:
    """Whether a table's part arranges the mail instead of holding data: no heads, and blocks or pictures in the cells."""
    table = element if element.tag in ("table", "center") else next(element.iterancestors("table"), None)
    if table is None or table.tag == "center":
        return True
    if next(table.iter("th"), None) is not None and next(table.iter("table"), table) is table:
        return False
    rows = list(table.iter("tr"))
    columns = max((len(row) for row in rows), default=0)
    blocks = (
        any(True for _ in table.iter("p", "h1", "h2", "h3", "ul", "img", "div")) or sum(True for _ in table.iter("table")) > 1
    )
    return blocks or columns < 2 or len(rows) < 2 or table.get("role") == "presentation"


def unwrapped(address: str) -> str:
    """The address that a counting link leads to, where it says so itself; parameters that count are left to canonical_url."""
    for _ in range(3):
        try:
            parts = urlsplit(address)
        except ValueError:
            return address
        query = dict(parse_qsl(parts.query))
        inner = next((query[name] for name in _WRAPPED if query.get(name, "").startswith(("http://", "https://"))), "")
        if not inner and _WRAPPERS.search(parts.netloc):
            inner = _encoded(parts.path)
        if not inner or not (_WRAPPERS.search(parts.netloc) or len(query) <= 3):
            return address
        address = inner
    return address


def _encoded(path: str) -> str:
    """An address within a path, escaped or in base 64; empty where there is none."""
    plain = re.search(r"(https?:/{1,2}.+)$", unquote(path))
    if plain:
        return re.sub(r"^(https?:)/{1,2}", r"\1//", plain[1])
    for piece in path.split("/"):
        if re.fullmatch(r"aHR0c[\w-]+=*", piece):
            try:
                return base64.urlsafe_b64decode(piece + "=" * (-len(piece) % 4)).decode()
            except (ValueError, UnicodeDecodeError):
                continue
    return ""


def _complain_of_attachments(manuscript: Manuscript, message: EmailMessage) -> None:
    for part in message.walk():
        if part.get_content_disposition() == "attachment" and part.get_content_maintype() not in ("image", "multipart"):
            what = f"the attachment {part.get_filename() or part.get_content_type()} is left out"
            manuscript.report(Code.ATTACHMENT_LEFT_OUT, what, hint="save it and name it in the manifest, to have it too")


def _attached(message: EmailMessage, html: str) -> list[str]:
    """Pictures that came as attachments and that the page does not show."""
    shown = []
    for part in message.walk():
        if part.get_content_maintype() == "image" and part.get_content_disposition() == "attachment":
            raw, name = part.get_payload(decode=True), part.get_filename() or "picture"
            if isinstance(raw, bytes) and (address := data_uri(raw, part.get_content_type())) not in html:
                shown.append(figure_markup(address, name, name))
    return shown

"""Reads mails that Outlook saved (.msg): the message becomes MIME parts, which are then read as those of any mail.

extract-msg reads the file, also HTML that is wrapped in RTF. It is an extra: it brings a dozen packages.
"""

from __future__ import annotations

import io
import logging
import re
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.diagnostics import PublisherError
from publisher.readers.mail import article_of

if TYPE_CHECKING:
    from extract_msg import MSGFile

_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
_UNTYPED = "application/octet-stream"
_HINT = "save the mail again, as .eml if you can"
_MOST_DEEP = 20  # messages inside messages


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """One article. Raises PublisherError if the file is damaged, is no mail, or extract-msg is not installed."""
    try:
        from extract_msg import openMsg
        from extract_msg.enums import ErrorBehavior
    except ImportError:
        what, hint = "extract-msg, which reads .msg files, is not installed", "pip install 'publisher-toolchain[outlook]'"
        raise manuscript.error(Code.COMPONENT_MISSING, what, hint=hint) from None
    logging.getLogger("extract_msg").setLevel(logging.CRITICAL)  # what it says is for its own developers
    try:
        # In bytes, extract-msg would take a short file for a path.
        with openMsg(io.BytesIO(manuscript.data), errorBehavior=ErrorBehavior.SUPPRESS_ALL) as saved:
            message = _message(manuscript, saved, 1)
    except PublisherError:
        raise
    except Exception as problem:  # extract-msg and olefile raise whatever a damaged file leads to
        reason = " ".join(str(problem).split()) or type(problem).__name__
        raise manuscript.error(Code.MAIL, f"this mail cannot be read: {reason}", hint=_HINT) from None
    return (article_of(manuscript, message),)


def _message(manuscript: Manuscript, saved: MSGFile, depth: int) -> EmailMessage:
    """The message as MIME: mixed of the alternatives of its text and the attachments."""
    message = EmailMessage()
    for name, value in _headers(saved):
        if value:
            message[name] = value
    message.make_mixed()
    message.attach(_text(manuscript, saved))
    for attachment in saved.attachments:
        part = _part(manuscript, attachment, depth)
        if part is None:
            text = f"the attachment {attachment.name or 'without a name'} is left out: it cannot be read"
            manuscript.report(Code.ATTACHMENT_LEFT_OUT, text)
        else:
            message.attach(part)
    return message


def _headers(saved: Any) -> list[tuple[str, str]]:
    names = {"From": "sender", "Subject": "subject", "Message-ID": "messageId"}
    headers = [(header, _CONTROLS.sub(" ", str(getattr(saved, name, None) or ""))) for header, name in names.items()]
    date = getattr(saved, "date", None)
    return [*headers, ("Date", format_datetime(date) if date else "")]


def _text(manuscript: Manuscript, saved: Any) -> EmailMessage:
    """The text and the HTML page of a message as alternatives; a message may lack either."""
    alternatives = EmailMessage()
    alternatives.make_alternative()
    plain, page = getattr(saved, "body", None), _page(saved)
    if plain:
        part = EmailMessage()
        part.set_content(str(plain))
        alternatives.attach(part)
    if page:
        part = EmailMessage()
        part.set_content(page, "text", "html", params={"charset": _charset(saved)})
        alternatives.attach(part)
    if not plain and not page and getattr(saved, "rtfBody", None):
        raise manuscript.error(Code.MAIL, "this mail has only RTF without HTML in it", hint=_HINT)
    return alternatives


def _page(saved: Any) -> bytes:
    """The HTML page, which may be wrapped in RTF; empty if there is none. (`htmlBody` would make one of the text.)"""
    from extract_msg.enums import DeencapType

    rtf = getattr(saved, "rtfBody", None)
    page = saved.getStream("__substg1.0_10130102") or (saved.deencapsulateBody(rtf, DeencapType.HTML) if rtf else b"")
    return page or (saved.getStringStream("__substg1.0_1013") or "").encode()


def _charset(saved: Any) -> str:
    """The encoding of the page (PidTagInternetCodepage); empty if it is not known."""
    from extract_msg.encoding import lookupCodePage

    try:
        return lookupCodePage(int(saved.getPropertyVal("3FDE0003")))
    except Exception:  # none, or one that extract-msg does not know
        return ""


def _part(manuscript: Manuscript, attachment: Any, depth: int) -> EmailMessage | None:
    """An attachment as a part: an image of the page, a message, or a file; None if it cannot be read."""
    part, data = EmailMessage(), attachment.data
    if hasattr(data, "attachments"):
        if depth == _MOST_DEEP:
            return None
        try:
            part.set_content(_message(manuscript, data, depth + 1))
        except PublisherError:
            return None
        return part
    if not isinstance(data, bytes):
        return None
    maintype, _, subtype = (attachment.mimetype or _UNTYPED).partition("/")
    identifier = attachment.contentId
    part.set_content(
        data,
        maintype,
        subtype or "octet-stream",
        disposition="inline" if identifier and maintype == "image" else "attachment",
        filename=_CONTROLS.sub(" ", attachment.longFilename or attachment.shortFilename or "") or None,
        cid=f"<{identifier}>" if identifier else None,
    )
    return part

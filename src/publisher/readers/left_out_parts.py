"""Says which parts of a mail are left out, and what they are."""

from __future__ import annotations

import re
from email.message import EmailMessage

from publisher.input.manuscript import Manuscript
from publisher.input.mime import file_name, media_type, parameter
from publisher.model.codes import Code
from publisher.model.public_addresses import without_secrets

_SIGNATURES = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
_ENCRYPTED = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
_SUMMARY = re.compile(r"(?im)^SUMMARY(?:;[^:\n]*)?:(?P<words>.*)$")
_FOLD = re.compile(r"\n[ \t]")  # RFC 5545, 3.1


def report_left_out(manuscript: Manuscript, part: EmailMessage, text: str) -> None:
    """Reports a part; `text` is its text, empty for other parts."""
    manuscript.report(Code.ATTACHMENT_LEFT_OUT, f"{_name_of(part, text)} is left out", hint=_hint_for(part))


def _hint_for(part: EmailMessage) -> str:
    kind = part.get_content_type()
    if kind in ("application/ms-tnef", "application/vnd.ms-tnef") or file_name(part).lower() == "winmail.dat":
        return "only Outlook reads it; ask the sender for HTML or plain text, if words are missing"
    if kind == "message/partial":
        return "join the parts in a mail program, and save the whole mail"
    if kind in _ENCRYPTED:
        return "save the mail without encryption"
    return "" if kind in _SIGNATURES else "save it and add it to the edition if it is an article"


def _name_of(part: EmailMessage, text: str) -> str:
    kind = part.get_content_type()
    if kind in _SIGNATURES:
        return "the signature of the mail, which was not verified,"
    if kind in _ENCRYPTED:
        return "an encrypted part"
    if kind == "text/calendar":
        match = _SUMMARY.search(_FOLD.sub("", text))
        return f"the calendar entry {match['words'].strip() if match else file_name(part)}".strip()
    if kind == "message/partial":
        return f"part {parameter(part, 'number') or '?'} of a divided mail"
    if kind == "message/external-body":
        place = next(filter(None, (parameter(part, name) for name in ("url", "name"))), "")
        return f"a part that is kept elsewhere ({without_secrets(place) or 'without an address'})"
    if kind == "message/delivery-status":
        return "the delivery report of the mail server"
    return f"the attachment {file_name(part) or media_type(part)}"

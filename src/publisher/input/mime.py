"""Mails and saved pages as MIME parts: the part with the page or the text, and the images that it refers to."""

from __future__ import annotations

import base64
import email
import email.policy
import re
from email.errors import CloseBoundaryNotFoundDefect
from email.message import EmailMessage
from html import escape
from typing import Any

from publisher.input.manuscript import Manuscript
from publisher.input.snippets import data_uri
from publisher.model.addresses import join_address
from publisher.model.codes import Code

_ADDRESS_ATTRIBUTE = re.compile(
    r"""(?P<before>\b(?:src|href|data-src)\s*=\s*)(?P<quote>["'])(?P<address>[^"']+)(?P=quote)""", re.IGNORECASE
)


def message_of(manuscript: Manuscript, data: bytes) -> EmailMessage:
    """The parsed message. Raises PublisherError if it cannot be read or its parts are nested too deeply."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        deepest = _depth(message)
    except (RecursionError, ValueError, LookupError, AttributeError, IndexError, TypeError) as problem:
        raise manuscript.error(Code.MAIL, f"this mail cannot be read: {problem}") from None
    if deepest > min(100, manuscript.limits.depth):
        raise manuscript.error(
            Code.LIMIT,
            f"message parts nested {deepest} deep",
            hint="if you trust the file, raise depth under [limits] in the manifest",
        )
    if any(isinstance(defect, CloseBoundaryNotFoundDefect) for part in message.walk() for defect in part.defects):
        manuscript.report(Code.MAIL_CUT_OFF, "cut off: the last part has no end", hint="export the file again")
    return message


def _depth(message: Any) -> int:
    parts = message.get_payload() if message.is_multipart() else []
    return 1 + max((_depth(part) for part in parts), default=0)


def decoded_text(part: EmailMessage) -> str:
    """The text of a part in the encoding that it declares, else in UTF-8, else in Windows-1252."""
    data = _part_bytes(part)
    for name in (part.get_content_charset(), "utf-8", "cp1252"):
        try:
            return data.decode(name or "utf-8")
        except (LookupError, ValueError):  # the encoding is unknown or incorrect
            continue
    return data.decode("latin-1")


def _part_bytes(part: EmailMessage) -> bytes:
    """The content of a part; of base64 that was cut off, as much as can be decoded."""
    raw = part.get_payload(decode=True)
    if str(part.get("Content-Transfer-Encoding", "")).strip().lower() == "base64":
        letters = re.sub(r"[^A-Za-z0-9+/]", "", str(part.get_payload()))
        letters = letters[:-1] if len(letters) % 4 == 1 else letters  # half a byte
        return base64.b64decode(letters + "=" * (-len(letters) % 4))
    return raw if isinstance(raw, bytes) else str(part.get_payload()).encode("utf-8", "surrogateescape")


def body_of(message: EmailMessage, *kinds: str) -> EmailMessage | None:
    """The first part of the first of these kinds (`html`, `plain`) that is not an attachment."""
    for kind in kinds:
        for part in message.walk():
            if part.get_content_type() == f"text/{kind}" and part.get_content_disposition() != "attachment":
                return part
    return None


def with_inline_images(html: str, message: EmailMessage, base: str = "") -> str:
    """The page with the images of the same message embedded in it, found by Content-ID and Content-Location (RFC 2557)."""
    image_parts: dict[str, EmailMessage] = {}
    for part in message.walk():
        if part.get_content_maintype() == "image":
            identifier, location = str(part.get("Content-ID", "")).strip("<> "), str(part.get("Content-Location", "")).strip()
            image_parts |= {f"cid:{identifier}": part} if identifier else {}
            image_parts |= {location: part} if location else {}

    def with_data_uri(match: re.Match[str]) -> str:
        address = match["address"].replace("&amp;", "&")
        part = image_parts.get(address) or image_parts.get(join_address(base, address) if base else address)
        raw = part.get_payload(decode=True) if part is not None else None
        if part is None or not isinstance(raw, bytes) or match["before"].lower().startswith("href"):
            return match[0]
        return f'{match["before"]}"{escape(data_uri(raw, part.get_content_type()), quote=True)}"'

    return _ADDRESS_ATTRIBUTE.sub(with_data_uri, html) if image_parts else html

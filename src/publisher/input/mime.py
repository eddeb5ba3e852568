"""Mail and saved pages as MIME parts: the page or the text that is meant to be read, and the pictures that it names."""

from __future__ import annotations

import base64
import email
import email.policy
import re
from email.errors import CloseBoundaryNotFoundDefect
from email.message import EmailMessage
from html import escape
from typing import Any
from urllib.parse import urljoin

from publisher.input.manuscript import Manuscript
from publisher.input.snippets import data_uri
from publisher.model.codes import Code

_ADDRESS = re.compile(
    r"""(?P<before>\b(?:src|href|data-src)\s*=\s*)(?P<quote>["'])(?P<address>[^"']+)(?P=quote)""", re.IGNORECASE
)


def message_of(manuscript: Manuscript, data: bytes) -> EmailMessage:
    """The parsed message. Raises PublisherError where its parts are nested too deep."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        deepest = _depth(message)
    except (RecursionError, ValueError, LookupError, AttributeError, IndexError, TypeError) as problem:
        raise manuscript.error(Code.MAIL, f"not a message that can be read: {problem}") from None
    if deepest > min(100, manuscript.limits.depth):
        raise manuscript.error(Code.LIMIT, f"parts nested {deepest} deep", hint="raise depth under [limits] in the manifest")
    if any(isinstance(one, CloseBoundaryNotFoundDefect) for part in message.walk() for one in part.defects):
        manuscript.report(Code.MAIL_CUT_OFF, "cut off: its last part has no end", hint="get the file again")
    return message


def _depth(message: Any) -> int:
    parts = message.get_payload() if message.is_multipart() else []
    return 1 + max((_depth(one) for one in parts), default=0)


def decoded_text(part: EmailMessage) -> str:
    """A part's characters: as it declares them, else as UTF-8, else as Windows wrote them."""
    data = _bytes(part)
    for name in (part.get_content_charset(), "utf-8", "cp1252"):
        try:
            return data.decode(name or "utf-8")
        except (LookupError, ValueError):  # unknown, wrong, or no name at all
            continue
    return data.decode("latin-1")


def _bytes(part: EmailMessage) -> bytes:
    """What a part holds; of base64 that was cut off, as much as is there."""
    raw = part.get_payload(decode=True)
    if str(part.get("Content-Transfer-Encoding", "")).strip().lower() == "base64":
        letters = re.sub(r"[^A-Za-z0-9+/]", "", str(part.get_payload()))
        letters = letters[:-1] if len(letters) % 4 == 1 else letters  # half a byte
        return base64.b64decode(letters + "=" * (-len(letters) % 4))
    return raw if isinstance(raw, bytes) else str(part.get_payload()).encode("utf-8", "surrogateescape")


def body_of(message: EmailMessage, *kinds: str) -> EmailMessage | None:
    """The first part of the first of these kinds (`html`, `plain`) that is no attachment."""
    for kind in kinds:
        for part in message.walk():
            if part.get_content_type() == f"text/{kind}" and part.get_content_disposition() != "attachment":
                return part
    return None


def with_inline_images(html: str, message: EmailMessage, base: str = "") -> str:
    """The page with the pictures that came in the same message written into it, by Content-ID and Content-Location (RFC 2557)."""
    known: dict[str, EmailMessage] = {}
    for part in message.walk():
        if part.get_content_maintype() == "image":
            identifier, location = str(part.get("Content-ID", "")).strip("<> "), str(part.get("Content-Location", "")).strip()
            known |= {f"cid:{identifier}": part} if identifier else {}
            known |= {location: part} if location else {}

    def written(found: re.Match[str]) -> str:
        address = found["address"].replace("&amp;", "&")
        part = known.get(address) or known.get(urljoin(base, address) if base else address)
        raw = part.get_payload(decode=True) if part is not None else None
        if part is None or not isinstance(raw, bytes) or found["before"].lower().startswith("href"):
            return found[0]
        return f'{found["before"]}"{escape(data_uri(raw, part.get_content_type()), quote=True)}"'

    return _ADDRESS.sub(written, html) if known else html

"""Mails and saved pages as MIME parts: the parsed message, what a part holds, the images that a page refers to."""

from __future__ import annotations

import email
import re
from collections.abc import Iterable
from copy import copy
from email.errors import CloseBoundaryNotFoundDefect
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import Any
from urllib.parse import unquote

from publisher.input.extent import too_deep
from publisher.input.mail_headers import base64_bytes, repair_headers
from publisher.input.manuscript import Manuscript
from publisher.input.snippets import data_uri
from publisher.model.addresses import join_address
from publisher.model.codes import Code
from publisher.model.media_types import media_type_of
from publisher.text.characters import clean, forbidden_in, without_surrogates
from publisher.text.encodings import codec_of, declared_label

_ASCII = bytes(range(128))
_DEEPEST = 100  # message parts, whatever the limit is
_FEW = 3  # bytes beyond ASCII, from which no encoding can be guessed
# What the email package raises for malformed headers.
_PARSER_ERRORS = (LookupError, ValueError, AttributeError, TypeError, RecursionError)
_UNTYPED = "application/octet-stream"
_NOT_OF_A_TYPE = re.compile(r"[^\w.+/-]", re.ASCII)  # RFC 6838, 4.2
_BASE64 = re.compile(r"[A-Za-z0-9+/=]+")
_WESTERN = "windows-1252"  # what mails without any declaration mostly have


class _LenientPolicy(EmailPolicy):
    """Leaves a header that the email package cannot parse as it stands."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        try:
            return super().header_fetch_parse(name, value)
        except _PARSER_ERRORS:
            return without_surrogates(" ".join(value.split()))


_LENIENT = _LenientPolicy()


def message_of(manuscript: Manuscript, data: bytes) -> EmailMessage:
    """The parsed message. Raises PublisherError if it cannot be read or its parts are nested too deeply."""
    try:
        message: Any = email.message_from_bytes(data, policy=_LENIENT)
        deepest = _depth(message)
        parts = list(message.walk())
        _repair_headers(manuscript, parts)
    except RecursionError:
        raise too_deep(manuscript, "its message parts are") from None
    except _PARSER_ERRORS as problem:
        raise manuscript.error(Code.MAIL, f"this mail cannot be read: {problem}") from None
    if deepest > (limit := min(_DEEPEST, manuscript.limits.depth)):
        message_is = f"message parts nested {deepest} deep; {limit} is the limit"
        raise manuscript.error(Code.LIMIT, message_is, hint="forward or save the innermost mail by itself")
    if any(isinstance(defect, CloseBoundaryNotFoundDefect) for part in parts for defect in part.defects):
        manuscript.report(Code.MAIL_CUT_OFF, "cut off: the last part has no end", hint="export the file again")
    elif any(map(_is_cut_off, parts)):
        manuscript.report(Code.MAIL_CUT_OFF, "cut off: a part ends inside its base64", hint="export the file again")
    return message  # type: ignore[no-any-return]


def _repair_headers(manuscript: Manuscript, parts: list[EmailMessage]) -> None:
    """A header that declares nothing is in UTF-8, else in the encoding of the first text that has another encoding."""
    label = next((label for label in map(charset_of, parts) if codec_of(label) not in ("", "utf-8")), _WESTERN)

    def decode(data: bytes, declared: str) -> str:
        return manuscript.decoded(data, declared if codec_of(declared) else label, "a header")

    for part in parts:
        repair_headers(part, decode)


def _is_cut_off(part: EmailMessage) -> bool:
    if part.is_multipart() or transfer_encoding(part) != "base64":
        return False
    lines = [line.strip() for line in encoded_content(part).splitlines()]
    return sum(map(len, lines)) % 4 > 0 and all(map(_BASE64.fullmatch, filter(None, lines)))


def _depth(message: Any) -> int:
    parts = message.get_payload() if message.is_multipart() else []
    return 1 + max((_depth(part) for part in parts), default=0)


def charset_of(part: EmailMessage) -> str:
    """The label of the encoding that a part declares; empty if it declares none that is known."""
    try:
        label = str(part.get_content_charset() or "")
    except _PARSER_ERRORS:
        return ""
    return label if codec_of(label) else ""


def part_text(manuscript: Manuscript, part: EmailMessage) -> str:
    """The text of a part without controls, by its own declaration of an encoding, else by a guess.

    Raises PublisherError if it is no text.
    """
    data, label = part_bytes(part), charset_of(part)
    if not label and not declared_label(data) and len(data.translate(None, _ASCII)) <= _FEW:
        label = _WESTERN
    text = manuscript.decoded(data, label, f"a part of the type {part.get_content_type()}")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    manuscript.report_characters(forbidden_in(text))
    return clean(text)


def part_bytes(part: EmailMessage) -> bytes:
    """The content of a part, as far as it can be decoded."""
    if part.is_multipart():
        return b""
    if transfer_encoding(part) == "base64":
        return _base64_content(encoded_content(part))
    try:
        raw = part.get_payload(decode=True)
    except _PARSER_ERRORS:
        raw = None
    return raw if isinstance(raw, bytes) else encoded_content(part).encode("utf-8", "surrogateescape")


def encoded_content(part: EmailMessage) -> str:
    """The content of a part as it was sent."""
    try:
        return str(part.get_payload())
    except _PARSER_ERRORS:  # the declared charset is malformed, such as one with a NUL byte
        untyped = copy(part)
        del untyped["Content-Type"]
        return str(untyped.get_payload())


def transfer_encoding(part: EmailMessage) -> str:
    """The Content-Transfer-Encoding of a part in lower case; empty if it has none."""
    return str(part.get("Content-Transfer-Encoding", "")).strip().lower()


def _base64_content(payload: str) -> bytes:
    """Decoded base64, and behind it the lines of clear text that mailing lists add; all of it if there is only clear text."""
    lines = [line.strip() for line in payload.splitlines() if line.strip()]
    clear = [line for line in lines if 10 * len(_BASE64.sub("", line)) > len(line)]
    if not clear:
        return base64_bytes(payload)
    encoded = [line for line in lines if 10 * len(_BASE64.sub("", line)) <= len(line)]
    text = "\n".join(["", *clear]) if encoded else payload
    return base64_bytes("".join(encoded)) + text.encode("utf-8", "surrogateescape")


def header_text(part: EmailMessage, name: str) -> str:
    """The text of a header in one line; empty if the part does not have it."""
    return " ".join(str(part.get(name, "")).split())


def file_name(part: EmailMessage) -> str:
    """The name of the file that a part is; empty if it has none."""
    try:
        return without_surrogates(str(part.get_filename() or ""))
    except _PARSER_ERRORS:
        return ""


def parameter(part: EmailMessage, name: str) -> str:
    """A parameter of the Content-Type of a part, such as `format`; empty if it is not given."""
    try:
        return without_surrogates(str(part.get_param(name) or ""))
    except _PARSER_ERRORS:
        return ""


def is_attachment(part: EmailMessage) -> bool:
    """Whether a part declares that it is not shown with the others."""
    return part.get_content_disposition() == "attachment"


def media_type(part: EmailMessage) -> str:
    """The media type of a part; of one that does not declare it, by the name of the file."""
    declared = _NOT_OF_A_TYPE.sub("", part.get_content_type())
    return media_type_of(file_name(part), declared) if declared == _UNTYPED else declared


def is_image(part: EmailMessage) -> bool:
    """Whether a part is an image, by its declared type or by its name."""
    return media_type(part).startswith("image/")


class EmbeddedImages:
    """The images among the parts of a message, by the addresses that a page has for them.

    These are Content-ID (RFC 2392), Content-Location (RFC 2557, relative to `base`) and, as some programs write, the file's name.
    Of equal addresses the first part's counts. `shown` collects the parts that were asked for.
    """

    def __init__(self, parts: Iterable[EmailMessage], base: str = "", shown: list[EmailMessage] | None = None) -> None:
        self.shown: list[EmailMessage] = [] if shown is None else shown
        self._base = base
        self._parts: dict[str, EmailMessage] = {}
        by_name: dict[str, EmailMessage] = {}
        for part in filter(is_image, parts):
            identifier, location = (str(part.get(name, "")).strip("<> ") for name in ("Content-ID", "Content-Location"))
            for address in filter(None, (identifier and f"cid:{identifier}", location)):
                self._parts.setdefault(address, part)
            if name := file_name(part):
                by_name |= {name: part, f"cid:{name}": part}
        self._parts = by_name | self._parts

    def __contains__(self, address: str) -> bool:
        return self._part(address) is not None

    def __call__(self, address: str) -> str:
        """The image at an address as a data URI; the address itself if the message does not have it."""
        part = self._part(address)
        if part is None:
            return address
        self.shown.append(part)
        return data_uri(part_bytes(part), media_type(part))

    def leave_out(self, address: str) -> None:
        """Takes the image at an address as shown: it only decorates."""
        self.shown += filter(None, [self._part(address)])

    def _part(self, address: str) -> EmailMessage | None:
        address = re.sub(r"^cid:\s*", "cid:", address.strip(), flags=re.IGNORECASE)
        joined = join_address(self._base, address) if self._base else address
        return next((self._parts[key] for key in (address, unquote(address), joined) if key in self._parts), None)

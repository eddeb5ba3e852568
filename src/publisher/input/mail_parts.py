"""The parts of a mail in the order in which a reader sees them (RFC 2045 to 2049): which are shown, which are another form of a
shown part, and which are left out.
"""

from __future__ import annotations

import quopri
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import Enum
from pathlib import PurePosixPath
from typing import Any

from publisher.input.mail_headers import base64_bytes
from publisher.input.manuscript import Manuscript
from publisher.input.mime import encoded_content, file_name, is_image, message_of, parameter, transfer_encoding

# Types of text that no one reads as text.
_MACHINE_TEXTS = frozenset(["calendar", "vcard", "x-vcard", "directory", "css", "javascript", "rtf", "rfc822-headers"])
_AMP_PAGES = frozenset(["x-amp-html", "watch-html"])  # copies of the HTML page for one mail program or a watch
_TEXT_SUFFIXES = {".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html", ".csv": "csv", ".txt": "plain"}
_MESSAGES = ("message/rfc822", "message/global")
_FEW = 10  # an HTML form with less than one word for so many words of the text form is no form of that text


class Show(Enum):
    """How a part is shown: as text, an image, a message inside the message, or a message of a collection (digest)."""

    TEXT = 1
    IMAGE = 2
    MESSAGE = 3
    DIGEST = 4


@dataclass(frozen=True)
class ShownPart:
    """`related` are the parts that came with it in one multipart/related: its addresses mean these first."""

    part: EmailMessage
    show: Show
    related: tuple[EmailMessage, ...] = ()


@dataclass
class MailParts:
    """`other_forms`: for each choice among alternatives, the texts that were chosen and those that were not."""

    shown: list[ShownPart] = field(default_factory=list)
    left_out: list[EmailMessage] = field(default_factory=list)
    other_forms: list[tuple[list[EmailMessage], list[EmailMessage]]] = field(default_factory=list)

    def add(self, other: MailParts) -> None:
        self.shown += other.shown
        self.left_out += other.left_out
        self.other_forms += other.other_forms

    def texts(self) -> list[EmailMessage]:
        """The shown parts that are text."""
        return [shown.part for shown in self.shown if shown.show is Show.TEXT]


def parts_of(
    part: EmailMessage, word_count: Callable[[EmailMessage], int], related: tuple[EmailMessage, ...] = (), digest: bool = False
) -> MailParts:
    """The parts of a message, in order. `word_count` counts the words of a text part; `digest`: the part stands in a digest."""
    kind = part.get_content_type()
    children = _children(part)
    if kind in _MESSAGES and not part.is_multipart():
        return MailParts(left_out=[part])
    if kind in _MESSAGES:
        return MailParts([ShownPart(part, Show.DIGEST if digest else Show.MESSAGE)])
    if kind == "multipart/encrypted" or part.get_content_maintype() == "message":
        return MailParts(left_out=[part])
    if not children:
        return _leaf(part, related)
    if kind == "multipart/alternative":
        return _chosen([parts_of(child, word_count, related) for child in children], word_count)
    if kind == "multipart/related":
        children, related = _root_first(part, children), (*children, *related)
    parts = MailParts()
    for child in children:
        parts.add(parts_of(child, word_count, related, kind == "multipart/digest"))
    return parts


def parts_inside(message: EmailMessage) -> Iterator[EmailMessage]:
    """All parts at any depth, without those of messages inside the message."""
    yield message
    for child in _children(message):
        if child.get_content_maintype() == "message":
            yield child
        else:
            yield from parts_inside(child)


def subtype_of(part: EmailMessage) -> str:
    """What the text of a part is: its subtype, or what the name of the file says of plain text."""
    subtype, suffix = part.get_content_subtype(), PurePosixPath(file_name(part).lower()).suffix
    if part.get_content_maintype() == "multipart":  # without any boundary, so it is all text
        return "plain"
    by_name = subtype == "plain" or part.get_content_maintype() != "text"
    return _TEXT_SUFFIXES.get(suffix, subtype) if by_name else subtype


def message_in(manuscript: Manuscript, part: EmailMessage) -> EmailMessage:
    """The message that a part of the type message/rfc822 holds. Some programs encode it, which RFC 2046 does not allow.

    Raises PublisherError if it is encoded and cannot be read.
    """
    inner: Any = part.get_payload(0)
    encoding = transfer_encoding(part)
    if encoding not in ("base64", "quoted-printable") or inner.keys() or inner.is_multipart():
        return inner  # type: ignore[no-any-return]
    text = encoded_content(inner)
    data = base64_bytes(text) if encoding == "base64" else quopri.decodestring(text.encode("utf-8", "surrogateescape"))
    return message_of(manuscript, data)


def _children(part: EmailMessage) -> list[EmailMessage]:
    payload: Any = part.get_payload() if part.is_multipart() and part.get_content_maintype() == "multipart" else []
    return payload  # type: ignore[no-any-return]


def _leaf(part: EmailMessage, related: tuple[EmailMessage, ...]) -> MailParts:
    disposition, maintype = part.get_content_disposition(), part.get_content_maintype()
    if is_image(part):
        return MailParts([ShownPart(part, Show.IMAGE)])
    is_text = maintype in ("text", "multipart") and part.get_content_subtype() not in _MACHINE_TEXTS
    is_text_file = disposition == "inline" and maintype == "application" and subtype_of(part) in _TEXT_SUFFIXES.values()
    if disposition == "attachment" or not (is_text or is_text_file):
        return MailParts(left_out=[part])
    return MailParts([ShownPart(part, Show.TEXT, related)])


def _chosen(candidates: list[MailParts], word_count: Callable[[EmailMessage], int]) -> MailParts:
    """The last alternative with HTML, else the last one (RFC 2046, 5.1.4), of those that have the words of the text."""
    counts = [sum(map(word_count, candidate.texts())) for candidate in candidates]
    whole = [
        candidate
        for candidate, count in zip(candidates, counts, strict=True)
        if candidate.shown and count * _FEW >= max(counts) and not _is_amp(candidate)
    ]
    pages = [candidate for candidate in whole if "html" in map(subtype_of, candidate.texts())]
    chosen = (pages or whole or [candidate for candidate in candidates if candidate.shown] or candidates)[-1]
    result, other_texts = MailParts(), list[EmailMessage]()
    for candidate in candidates:
        if candidate is chosen:
            result.add(candidate)
            continue
        other_texts += [*candidate.texts(), *(text for _, texts in candidate.other_forms for text in texts)]
        result.left_out += [*candidate.left_out, *(shown.part for shown in candidate.shown if shown.show is not Show.TEXT)]
    result.other_forms.append((chosen.texts(), other_texts))
    return result


def _is_amp(candidate: MailParts) -> bool:
    return any(part.get_content_subtype() in _AMP_PAGES for part in candidate.texts())


def _root_first(part: EmailMessage, children: list[EmailMessage]) -> list[EmailMessage]:
    """The parts of a multipart/related with its root in front: the one that `start` names, else the first (RFC 2387)."""
    start = parameter(part, "start").strip("<> ")
    root = next((child for child in children if start and str(child.get("Content-ID", "")).strip("<> ") == start), children[0])
    return [root, *(child for child in children if child is not root)]

"""Inventories of mails and mailboxes: every text at any depth; of alternatives, the words of all of them, each once."""

from __future__ import annotations

import binascii
import re
from email.message import Message
from email.utils import parseaddr
from typing import Any

from publisher.input.manuscript import Manuscript
from publisher.input.mime import charset_of, message_of, part_text
from publisher.ledger.inventory import Inventory
from publisher.ledger.page_inventory import count_html
from publisher.model.diagnostics import PublisherError
from publisher.text.word_count import counted_words

_MAIL_START = re.compile(rb"^From \S+.*\d{4}\r?\n", re.MULTILINE)
_MACHINE_TEXTS = frozenset({"css", "javascript", "rtf", "vcard", "x-vcard", "directory", "rfc822-headers"})
_IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff")
_ENRICHED_COMMAND = re.compile(r"<<|</?[A-Za-z0-9-]{1,60}>")  # text/enriched (RFC 1896), text/richtext


_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/=]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


def of_mail(manuscript: Manuscript) -> Inventory:
    """The subject and all texts of a mail that are no attachments."""
    inventory = Inventory()
    _count_message(manuscript, manuscript.data, inventory, "")
    return inventory


def of_mailbox(manuscript: Manuscript) -> Inventory:
    """The same for each mail of a mailbox."""
    inventory = Inventory()
    starts = [match.end() for match in _MAIL_START.finditer(manuscript.data)]
    ends = [*[match.start() for match in _MAIL_START.finditer(manuscript.data)][1:], len(manuscript.data)]
    for number, (start, end) in enumerate(zip(starts, ends, strict=False), 1):
        _count_message(manuscript, manuscript.data[start:end], inventory, f"mail {number}, ")
    return inventory


def of_outlook_mail(manuscript: Manuscript) -> Inventory:
    """The same for a mail that Outlook saved, as extract-msg reads it, with the messages inside it."""
    import logging

    from extract_msg import openMsg
    from extract_msg.enums import ErrorBehavior

    logging.getLogger("extract_msg").setLevel(logging.CRITICAL)
    inventory = Inventory()
    with openMsg(manuscript.data, errorBehavior=ErrorBehavior.SUPPRESS_ALL) as message:
        _count_outlook(message, inventory, "")
    return inventory


def _count_outlook(message: Any, inventory: Inventory, place: str) -> None:
    inventory.add_title(f"{place}subject", str(message.subject or ""))
    forms = [Inventory(), Inventory()]
    page = message.htmlBody or b""
    if page:
        count_html(page.decode("utf-8", "replace"), forms[0], f"{place}page")
    forms[1].add(f"{place}text", str(message.body or ""))
    inventory.add_forms(forms)
    for attachment in message.attachments:
        name = str(attachment.longFilename or attachment.shortFilename or "")
        if hasattr(attachment.data, "attachments"):
            _count_outlook(attachment.data, inventory, f"{place}message inside, ")
        elif name.lower().endswith(_IMAGE_SUFFIXES) and not attachment.cid:
            inventory.images.append(f"{place}attachment {name}")


def of_saved_page(manuscript: Manuscript) -> Inventory:
    """What the page of an MHTML file shows: its first HTML part (RFC 2557)."""
    inventory = Inventory(is_page=True)
    message = message_of(manuscript, manuscript.data)
    page = next((part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")), None)
    if page is not None:
        count_html(part_text(manuscript, page), inventory)
    return inventory


def _count_message(manuscript: Manuscript, data: bytes, inventory: Inventory, place: str) -> None:
    message = message_of(manuscript, data)
    _count_part(manuscript, message, inventory, place)


def _count_part(manuscript: Manuscript, part: Any, inventory: Inventory, place: str) -> None:
    kind = part.get_content_type()
    inventory.add_title(f"{place}subject", str(part.get("Subject") or ""))
    inventory.add_title(f"{place}sender", parseaddr(str(part.get("From") or ""))[0])
    if kind in ("message/external-body", "message/partial", "message/delivery-status"):
        return  # no text: the name of a place, a piece of an encoded mail, fields
    if part.is_multipart():
        children = part.get_payload()
        if kind == "multipart/alternative":
            _count_alternatives(manuscript, children, inventory, place)
        else:
            for child in children:
                _count_part(manuscript, child, inventory, place)
    elif part.get_content_maintype() == "image":
        if part.get_content_disposition() == "attachment" or not part.get("Content-ID"):
            inventory.images.append(f"{place}part {part.get_filename() or kind}")
    elif part.get_content_disposition() != "attachment" and kind.startswith("text/") and kind[5:] not in _MACHINE_TEXTS:
        text, name = _text_of(manuscript, part), f"{place}part {kind}"
        if kind.endswith("html"):
            count_html(text, inventory, name)
        else:
            inventory.has_list_numbers = True
            inventory.add(name, _ENRICHED_COMMAND.sub("", text) if kind in ("text/enriched", "text/richtext") else text)


def _text_of(manuscript: Manuscript, part: Any) -> str:
    """The text of a part as the reader decodes it; as it is decoded here if that has more words, so a fault there is seen.

    Words are compared without their characters beyond ASCII, for which only the reader knows what to guess.
    """
    own = _own_text(part)
    try:
        text = part_text(manuscript, part)
    except PublisherError:  # no text: the reader names it
        return ""
    return own if len(counted_words(_NOT_ASCII.sub("", own))) > len(counted_words(_NOT_ASCII.sub("", text))) else text


def _own_text(part: Any) -> str:
    """The text of a part in its own charset, or in one that fits every byte. Behind base64, lines in clear text are text too."""
    try:
        payload = str(part.get_payload())
        data = part.get_payload(decode=True)
    except (LookupError, ValueError, TypeError):  # a malformed charset: the reader's text is counted
        return ""
    clear = ""
    if str(part.get("Content-Transfer-Encoding", "")).strip().lower() == "base64":
        lines = payload.splitlines()
        clear = "\n".join(line for line in lines if _NOT_BASE64.search(line.strip()))
        encoded = "".join(line.strip() for line in lines if not _NOT_BASE64.search(line.strip()))
        try:
            data = binascii.a2b_base64(f"{encoded}===")
        except binascii.Error:
            return clear
    for charset in (charset_of(part) or "utf-8", "latin-1"):
        try:
            return f"{(data or b'').decode(charset)}\n{clear}"
        except (ValueError, LookupError):  # what Python's codecs raise
            continue
    return clear


def _count_alternatives(manuscript: Manuscript, parts: list[Message], inventory: Inventory, place: str) -> None:
    forms = []
    inventory.has_list_numbers = True
    for part in parts:
        form = Inventory()
        _count_part(manuscript, part, form, place)
        forms.append(form)
    inventory.add_forms(forms)

"""The body of a mail as markup: every part that is shown, in order; what is not shown is reported or recorded."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from email.utils import getaddresses
from html import escape

from publisher.extraction.newsletters import newsletter_markup
from publisher.extraction.text_blocks import text_blocks
from publisher.input.html_elements import words_of
from publisher.input.html_pages import page_of
from publisher.input.mail_parts import MailParts, Show, ShownPart, message_in, parts_inside, parts_of, subtype_of
from publisher.input.mail_text import plain_markup, without_encoded_files, without_enriched_commands
from publisher.input.manuscript import Manuscript
from publisher.input.mime import (
    EmbeddedImages,
    file_name,
    header_text,
    is_attachment,
    is_image,
    media_type,
    parameter,
    part_bytes,
    part_text,
)
from publisher.input.snippets import data_uri, figure_markup
from publisher.model.codes import Code
from publisher.model.diagnostics import PublisherError
from publisher.model.markup import xhtml
from publisher.model.parts import Removal
from publisher.readers import markdown
from publisher.readers.left_out_parts import report_left_out

_IMAGE_TAG = re.compile(r"<img\b", re.IGNORECASE)
_OTHER_FORM = "another form of the same text"
_NOT_SHOWN = "a part of the mail that is not its text"
_FRONT_MATTER = re.compile(r"---\n(?P<values>.+?)\n---\n", re.DOTALL)


@dataclass(frozen=True)
class MailBody:
    """`lang` is what the first page of the mail says; empty if none does."""

    markup: str
    removed: tuple[Removal, ...]
    lang: str


def body_of(manuscript: Manuscript, message: EmailMessage) -> MailBody:
    """The body of a message, with the messages inside it."""
    mail = _Mail(manuscript, message)
    parts = parts_of(message, mail.word_count)
    # First the texts: they tell which images they show themselves.
    pieces = [mail.markup(shown) if shown.show is not Show.IMAGE else "" for shown in parts.shown]
    attached = []
    for number, shown in enumerate(parts.shown):
        if shown.show is Show.IMAGE and not mail.shows(shown.part):
            if is_attachment(shown.part):
                attached.append(_figure(shown.part, with_caption=True))
            else:
                pieces[number] = _figure(shown.part)
    for part in parts.left_out:
        if not mail.shows(part):
            report_left_out(manuscript, part, mail.text(part) if part.get_content_type() == "text/calendar" else "")
    mail.record_others(parts)
    return MailBody("\n".join(filter(None, [*pieces, *attached])), tuple(mail.removed), mail.lang)


@dataclass
class _Mail:
    """What is known of a message while its parts become markup; texts are by the identity of their parts."""

    manuscript: Manuscript
    message: EmailMessage
    removed: list[Removal] = field(default_factory=list)
    lang: str = ""
    shown_images: list[EmailMessage] = field(default_factory=list)
    _texts: dict[int, str] = field(default_factory=dict)
    _lines: dict[int, list[str]] = field(default_factory=dict)

    def shows(self, image: EmailMessage) -> bool:
        """Whether a page of the mail shows an image."""
        return any(image is shown for shown in self.shown_images)  # the email package has no cheap comparison

    def text(self, part: EmailMessage) -> str:
        """The text of a part; empty if it is no text, which is reported."""
        if id(part) not in self._texts:
            try:
                self._texts[id(part)] = part_text(self.manuscript, part)
            except PublisherError as problem:
                self._texts[id(part)] = ""
                message = f"a part of the mail is left out: {problem.diagnostics[0].message}"
                self.manuscript.report(Code.ATTACHMENT_LEFT_OUT, message)
        return self._texts[id(part)]

    def lines(self, part: EmailMessage) -> list[str]:
        """The text of a part as a reader sees it, block by block."""
        if id(part) not in self._lines:
            text = self.text(part)
            is_page = "html" in subtype_of(part) and text.strip()
            self._lines[id(part)] = _page_lines(self.manuscript, text) if is_page else text.split("\n")
        return self._lines[id(part)]

    def word_count(self, part: EmailMessage) -> int:
        return sum(len(words_of(line)) for line in self.lines(part))

    def markup(self, shown: ShownPart) -> str:
        """The markup of a text or of a message inside the message."""
        if shown.show is Show.TEXT:
            return self._text_markup(shown) if self.text(shown.part).strip() else ""
        inner = message_in(self.manuscript, shown.part)
        body = body_of(self.manuscript, inner)
        self.removed += body.removed
        subject, lines = escape(header_text(inner, "Subject")), [escape(line) for line in _sender_and_date(inner)]
        if shown.show is Show.DIGEST:
            return (f"<h2>{subject}</h2>" if subject else "") + _lines_markup(lines) + body.markup
        lines = [f"<strong>{subject}</strong>", *lines] if subject else lines
        return f"<blockquote>{_lines_markup(lines)}{body.markup}</blockquote>"

    def _text_markup(self, shown: ShownPart) -> str:
        part, kind, text = shown.part, subtype_of(shown.part), self.text(shown.part)
        if "html" in kind:
            images = EmbeddedImages(
                (*shown.related, *parts_inside(self.message)), header_text(part, "Content-Location"), self.shown_images
            )
            markup, removed, lang = newsletter_markup(self.manuscript, text, images)
            self.removed += removed
            self.lang = self.lang or lang
            return markup
        if kind == "markdown":
            return self._markdown_markup(text)
        if kind == "csv":
            return _table(text) or plain_markup(text)
        if kind in ("enriched", "richtext"):
            return plain_markup(without_enriched_commands(text))
        if kind != "plain":  # such as a patch: how its lines are set is part of it
            return f"<pre>{escape(text)}</pre>"
        return self._plain_markup(part, text)

    def _markdown_markup(self, text: str) -> str:
        try:
            (article,) = markdown.read(replace(self.manuscript, data=text.encode()))
        except PublisherError:  # its front matter is broken, or is none
            return plain_markup(text)
        if front_matter := _FRONT_MATTER.match(text):
            self.removed.append(Removal(_NOT_SHOWN, front_matter["values"]))
        return xhtml(article.root.children)

    def _plain_markup(self, part: EmailMessage, text: str) -> str:
        text, files = without_encoded_files(text)
        for name, letters in files.items():
            self.manuscript.report(Code.ATTACHMENT_LEFT_OUT, f"the attachment {name} is left out: it is encoded in the text")
            self.removed.append(Removal("a file that is encoded in the text", letters))
        flowed, delete_spaces = (parameter(part, name).lower() for name in ("format", "delsp"))
        return plain_markup(text, flowed=flowed == "flowed", delete_spaces=delete_spaces == "yes")

    def _images_in(self, part: EmailMessage) -> int:
        return len(_IMAGE_TAG.findall(self.text(part))) if "html" in subtype_of(part) else 0

    def record_others(self, parts: MailParts) -> None:
        """Records the words of the text parts that are not shown, except those that the chosen form has too."""
        for chosen, others in parts.other_forms:
            words = {word for part in chosen for line in self.lines(part) for word in words_of(line)}
            for other in others:
                missing = [line.strip() for line in self.lines(other) if not words.issuperset(words_of(line))]
                images = max(0, self._images_in(other) - max(map(self._images_in, chosen), default=0))
                self.removed += [Removal(_OTHER_FORM, "\n".join(missing), images=images)] if missing or images else []
        for part in parts.left_out:
            if part.get_content_maintype() == "text" and not is_attachment(part) and self.text(part).strip():
                self.removed.append(Removal(_NOT_SHOWN, self.text(part).strip()))
            elif is_image(part) and not self.shows(part):
                self.removed.append(Removal(_NOT_SHOWN, "", images=1))


def _page_lines(manuscript: Manuscript, html: str) -> list[str]:
    page = page_of(manuscript, html)
    body = page.find("body")
    return [block.text for block in text_blocks(page if body is None else body)]


def _figure(part: EmailMessage, with_caption: bool = False) -> str:
    name = file_name(part) or header_text(part, "Content-Description") or "picture"
    return figure_markup(data_uri(part_bytes(part), media_type(part)), name, name if with_caption else "")


def _sender_and_date(message: EmailMessage) -> list[str]:
    """The lines under the subject of a message inside the message, as they were sent."""
    addresses = getaddresses([str(message.get("From", ""))])
    names = ", ".join(name or address for name, address in addresses if name or address)
    return [line for line in (names, header_text(message, "Date")) if line]


def _lines_markup(lines: list[str]) -> str:
    return f"<p>{'<br/>'.join(lines)}</p>" if lines else ""


def _table(text: str) -> str:
    """Comma-separated values as a table, the first row as its head; empty if they cannot be read."""
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    try:
        head, *rows = [row for row in csv.reader(text.splitlines(), delimiter=delimiter) if any(map(str.strip, row))]
    except (csv.Error, ValueError):  # a field is too long, or there is none
        return ""
    markup = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    cells = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{markup}</tbody></table>"

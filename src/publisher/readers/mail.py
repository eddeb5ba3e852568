"""Reads newsletters: a mail (.eml) is one article, a mailbox (.mbox) has an article for each mail."""

from __future__ import annotations

import re
from dataclasses import replace
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime

from publisher.input.manuscript import Manuscript
from publisher.input.mime import header_text, message_of
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.diagnostics import PublisherError
from publisher.model.markup import parse
from publisher.model.metadata import Metadata
from publisher.model.sources import Source
from publisher.readers.mail_body import body_of

# The line before each mail; the line behind it is a header. A line of text that begins in the same way is marked with ">".
_MBOX_FROM = re.compile(rb"(?m)^From \S+.*\d{4}.*\r?\n(?=[!-9;-~]+:)")


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """One article. Raises PublisherError if the mail has no words."""
    return (article_of(manuscript, message_of(manuscript, manuscript.data)),)


def read_mbox(manuscript: Manuscript) -> tuple[Article, ...]:
    """An article for each mail that has words, in the order of the mailbox; each mail left out is reported as a warning."""
    lines = list(_MBOX_FROM.finditer(manuscript.data))
    starts, ends = [line.end() for line in lines], [*[line.start() for line in lines[1:]], len(manuscript.data)]
    articles = []
    for start, end in zip(starts, ends[: len(starts)], strict=True):
        data = re.sub(rb"(?m)^>(>*From )", rb"\1", manuscript.data[start:end])
        try:
            articles.append(article_of(manuscript, message_of(manuscript, data)))
        except PublisherError as problem:
            line = manuscript.data.count(b"\n", 0, start)
            manuscript.report(Code.MAIL_LEFT_OUT, f"a mail is left out: {problem.diagnostics[0].message}", line=line)
    if not articles:
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, "no mail in the mailbox has words")
    return tuple(articles)


def article_of(manuscript: Manuscript, message: EmailMessage) -> Article:
    """The article of a message. Raises PublisherError if it is encrypted or has no words."""
    if message.get_content_type() in ("multipart/encrypted", "application/pkcs7-mime"):
        raise manuscript.error(Code.ENCRYPTED, "the mail is encrypted", hint="save the mail without encryption")
    body = body_of(manuscript, message)
    if not body.markup.strip():
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, "the mail has no words")
    return Article(replace(_metadata(message), lang=body.lang), parse(body.markup), removed=body.removed)


def _metadata(message: EmailMessage) -> Metadata:
    names = [name or address for name, address in getaddresses([str(message.get("From", ""))]) if name or address]
    try:
        date = parsedate_to_datetime(str(message.get("Date", ""))).date()
    except (ValueError, TypeError, IndexError):
        date = None
    title = header_text(message, "Subject")
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

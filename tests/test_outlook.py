"""Mails that Outlook saved (.msg)."""

from __future__ import annotations

import datetime
import struct
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from publisher.build.ingest import articles_of
from publisher.input.manuscript import Manuscript
from publisher.input.sniffing import kind_of
from publisher.model.diagnostics import PublisherError
from publisher.model.markup import xhtml
from tests.conftest import Run
from tests.outlook_sample import Attachment, Message, outlook_file
from tests.reader_samples import PROSE, SECOND

SUBJECT, BODY, HTML, RTF, SENDER, ADDRESS, SENT, CODE_PAGE = 0x0037, 0x1000, 0x1013, 0x1009, 0x0C1A, 0x0C1F, 0x0039, 0x3FDE
SENT_AT = datetime.datetime(2026, 3, 12, 8, tzinfo=datetime.UTC)
HEAD = {SUBJECT: "Gate", SENDER: "Lock Review", ADDRESS: "desk@example.org", SENT: SENT_AT}
# RTF that is stored without compression (MS-OXRTFCP), with HTML wrapped in it (MS-OXRTFEX).
_WRAPPED = (
    rb"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}}{\*\htmltag64 <p>}\f0 "
    + PROSE.encode()
    + rb" Caf\'e9{\*\htmltag72 </p>}}"
)


def _stored(rtf: bytes) -> bytes:
    return struct.pack("<II4sI", len(rtf) + 12, len(rtf), b"MELA", 0) + rtf


def _manuscript(message: Message) -> Manuscript:
    return Manuscript(Path("a.msg"), outlook_file(message), "a.msg")


def _body(message: Message) -> str:
    (found,) = articles_of(_manuscript(message))
    return xhtml(found.root)


def test_the_head_of_an_outlook_message() -> None:
    (found,) = articles_of(_manuscript(Message({**HEAD, BODY: f"{PROSE}\r\n\r\n{SECOND}"})))
    metadata = found.metadata
    assert (metadata.title, metadata.source.publication, str(metadata.date)) == ("Gate", "Lock Review", "2026-03-12")
    assert f"<p>{PROSE}</p>\n<p>{SECOND}</p>" in xhtml(found.root)


def test_the_page_of_an_outlook_message_has_its_images_and_encoding() -> None:
    page = f"<p>{PROSE} “Café”</p><img alt='Gate' src='cid:p1'>".encode("cp1252")
    image = Attachment(b"GIF89a", "gate.gif", "image/gif", "p1")
    body = _body(Message({**HEAD, BODY: PROSE, HTML: page, CODE_PAGE: 1252}, [image]))
    assert "“Café”" in body and body.count(PROSE) == 1 and body.count("missing-image") == 1 and "Gate" in body


def test_a_page_that_is_wrapped_in_rtf() -> None:
    assert f"<p>{PROSE} Café</p>" in _body(Message({**HEAD, RTF: _stored(_WRAPPED)}))
    rich = Message({**HEAD, RTF: _stored(rb"{\rtf1 Open}")})
    with pytest.raises(PublisherError, match="only RTF"):
        articles_of(_manuscript(rich))
    manuscript = _manuscript(Message({**HEAD, BODY: PROSE}, [Attachment(rich, "Rich text")]))
    articles_of(manuscript)
    messages = [diagnostic.message for diagnostic in manuscript.diagnostics]
    assert messages == ["the attachment Rich text is left out: it cannot be read"]


def test_messages_and_files_in_an_outlook_message() -> None:
    inner = Message({SUBJECT: "The hour", SENDER: "Ann Weir", BODY: SECOND})
    manuscript = _manuscript(Message({**HEAD, BODY: PROSE}, [Attachment(inner, "The hour"), Attachment(b"x", "log.pdf")]))
    (found,) = articles_of(manuscript)
    assert f"<blockquote><p><strong>The hour</strong><br/>Ann Weir</p><p>{SECOND}</p></blockquote>" in xhtml(found.root)
    assert [diagnostic.message for diagnostic in manuscript.diagnostics] == ["the attachment log.pdf is left out"]


def test_an_outlook_message_is_known_by_its_content() -> None:
    data = outlook_file(Message({**HEAD, BODY: PROSE}))
    assert kind_of("a.txt", data) == ".msg" and kind_of("a.doc", data[:8] + bytes(2000)) == ".doc"


def test_damaged_outlook_messages_are_refused_or_read(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    data = outlook_file(Message({**HEAD, BODY: PROSE}, [Attachment(b"x", "log.pdf")]))
    damaged = {f"cut{size}.msg": data[:size] for size in (8, 600, 2000, len(data) - 600)}
    damaged |= {f"zeros{at}.msg": data[:at] + bytes(512) + data[at + 512 :] for at in range(0, len(data), 512)}
    edition(damaged)
    for name in damaged:
        run = publisher("tree", name)
        assert run.code in (0, 1) and (run.code == 0 or name in run.err)


def test_without_extract_msg_it_is_named(
    edition: Callable[..., Path], publisher: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    edition({"a.msg": outlook_file(Message({**HEAD, BODY: PROSE}))})
    monkeypatch.setitem(sys.modules, "extract_msg", None)
    run = publisher("tree", "a.msg")
    assert run.code == 4 and "extract-msg, which reads .msg files, is not installed [component-missing]" in run.err
    assert "pip install 'publisher-toolchain[outlook]'" in run.err

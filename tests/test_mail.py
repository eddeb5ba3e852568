"""Mail: one example for each rule."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from publisher.build.ingest import articles_of
from publisher.extraction.newsletters import link_target
from publisher.input.manuscript import Manuscript
from publisher.model.markup import xhtml
from tests.reader_samples import PROSE, SECOND, article, listed, mail, page, rules


@pytest.mark.parametrize("name", ["url", "u", "target", "redirect", "redirect_url", "dest", "destination", "link", "q", "to"])
def test_a_tracking_link_names_its_target(name: str) -> None:
    assert link_target(f"https://example.com/x?{name}=https%3A%2F%2Fexample.org%2Fgate") == "https://example.org/gate"
    assert link_target(f"https://example.com/x?{name}=gate") == f"https://example.com/x?{name}=gate"


@pytest.mark.parametrize(
    "host", listed("click track tracking link links email go r lnk lnks trk safelinks urldefense list-manage Click news.click")
)
def test_hosts_that_track(host: str) -> None:
    query = "a=1&b=2&c=3&url=https%3A%2F%2Fexample.org%2Fgate"
    assert link_target(f"https://{host}.example.com/?{query}") == "https://example.org/gate"
    assert link_target(f"https://x{host.replace('news.', '')}.example.com/?{query}").startswith("https://x")


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("https://click.example.com/L0/https:%2F%2Fexample.org%2Fgate", "https://example.org/gate"),
        ("https://click.example.com/L0/https:/example.org/gate", "https://example.org/gate"),
        ("https://click.example.com/c/aHR0cHM6Ly9leGFtcGxlLm9yZy9nYXRl/x", "https://example.org/gate"),
        ("https://click.example.com/c/aHR0cHM6Ly9leGFtcGxlLm9yZy9nYXRlcw", "https://example.org/gates"),
        ("https://click.example.com/c/aHR0c__9/x", "https://click.example.com/c/aHR0c__9/x"),
        ("https://example.com/L0/https://example.org/gate", "https://example.com/L0/https://example.org/gate"),
        ("https://click.example.com/?u=https://go.example.com/?u=https%3A%2F%2Fexample.org%2Fgate", "https://example.org/gate"),
        ("https://example.com/?a=1&b=2&u=https://example.org/gate", "https://example.org/gate"),
        ("https://[bad", "https://[bad"),
        ("https://example.org/gate", "https://example.org/gate"),
    ],
)
def test_where_a_link_of_a_mail_leads(address: str, target: str) -> None:
    assert link_target(address) == target


@pytest.mark.parametrize(
    "line",
    [
        "Unsubscribe",
        "Update your preferences",
        "Manage preferences",
        "Change email preferences",
        "View in browser",
        "View this mail online",
        "Web version",
        "Webversion",
        "Forward to a friend",
        "Newsletter abmelden",
        "Abbestellen",
        "Im Browser ansehen",
        "Se désabonner",
        "Se désinscrire",
        "Voir dans le navigateur",
        "Darse de baja",
        "Cancelar la suscripción",
        "Ver en el navegador",
        "Cancelar inscrição",
        "Cancelar a subscrição",
        "Ver no navegador",
        "Disiscriviti",
        "Apri nel browser",
        "Uitschrijven",
        "Avregistrera",
        "Відписатися",
        "Отписаться",
    ],
)
def test_lines_of_the_mailing_are_recorded_as_such(line: str) -> None:
    found = mail(f"<p>{PROSE}</p><p>Our <a href='https://example.org/x'>{line}</a> page</p>")
    assert rules(found) == {f"Our {line} page": "of the mailing, not of its text"} and line not in xhtml(found.root)


@pytest.mark.parametrize(
    "path", ["unsub?x", "optout", "opt-out", "x.list-manage", "preference/1", "preferences?a", "u/abcdefghijkl"]
)
def test_a_link_personal_to_the_recipient_is_not_passed_on(path: str) -> None:
    found = mail(f"<p>{PROSE} {SECOND} {PROSE} {SECOND} <a href='https://example.org/{path}'>Here</a>.</p>")
    assert "example.org" not in xhtml(found.root) and "Here" in xhtml(found.root) and not found.removed


@pytest.mark.parametrize(
    ("table", "stays"),
    [
        ("<table><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></table>", True),
        ("<table><tr><th>a</th></tr><tr><td><p>b</p></td></tr></table>", True),
        ("<table role='presentation'><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></table>", False),
        ("<table><tr><td>a</td></tr><tr><td>b</td></tr></table>", False),
        ("<table><tr><td>a</td><td>b</td></tr></table>", False),
        *(
            (f"<table><tr><td><{tag}>a</{tag}></td><td>1</td></tr><tr><td>b</td><td>2</td></tr></table>", False)
            for tag in ("p", "h1", "h2", "h3", "div")
        ),
        ("<table><tr><td><ul><li>a</li></ul></td><td>1</td></tr><tr><td>b</td><td>2</td></tr></table>", False),
    ],
)
def test_tables_of_a_mail_that_only_arrange_are_opened(table: str, stays: bool) -> None:
    assert ("<table" in xhtml(mail(f"<p>{PROSE}</p>{table}").root)) is stays


def test_what_the_headers_of_a_mail_say() -> None:
    headers = ["Date: Thu, 12 Mar 2026 08:00:00 +0000", "Message-ID: <m1@example.org>"]
    found = mail(PROSE, *headers, kind="plain").metadata
    assert (found.title, found.authors, str(found.date), found.identity) == ("Gate", (), "2026-03-12", "<m1@example.org>")
    assert (found.source.publication, found.source.title, str(found.source.date)) == ("Morning Desk", "Gate", "2026-03-12")
    found = mail(f"<html lang='de'><body><p>{PROSE}</p></body></html>", 'List-Id: "Kalyra Wire" <wire.example.org>').metadata
    assert (found.publisher, found.authors, found.lang) == ("Kalyra Wire", ("Morning Desk",), "de")
    assert found.source.publication == "Kalyra Wire"
    assert article("a.eml", f"From: desk@example.org\nSubject: A\nMIME-Version: 1.0\n\n{PROSE}").metadata.source.publication == (
        "desk@example.org"
    )


def test_pictures_of_a_mail_and_what_is_left_out_of_it() -> None:
    dot = base64.b64encode(b"GIF89a").decode()
    parts = [
        f"Content-Type: text/html; charset=unknown\n\n<p>{PROSE}</p><img "
        "alt='a' SRC='cid:p1'><img alt='b' src=\"b.gif\"><a href='cid:p1'>x</a>",
        f"Content-Type: image/gif\nContent-ID: <p1>\nContent-Transfer-Encoding: base64\n\n{dot}",
        f"Content-Type: image/gif\nContent-Location: b.gif\nContent-Transfer-Encoding: base64\n\n{dot}",
        f"Content-Type: image/gif\nContent-Disposition: attachment; filename=d.gif\nContent-Transfer-Encoding: base64\n\n{dot}AA",
        "Content-Type: application/pdf\nContent-Disposition: attachment; filename=e.pdf\n\nx",
        "Content-Type: text/html\nContent-Disposition: attachment; filename=f.html\n\n<p>Not this</p>",
    ]
    text = "Subject: A\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=q\n\n" + "".join(
        f"--q\n{part}\n" for part in parts
    )
    for end, cut in (("--q--\n", False), ("", True)):
        manuscript = Manuscript(Path("a.eml"), (text + end).encode(), "a.eml")
        found = xhtml(articles_of(manuscript)[0].root)
        assert PROSE in found and "Not this" not in found and found.count("<img") + found.count("missing-image") == 3
        messages = [diagnostic.message for diagnostic in manuscript.diagnostics]
        assert "the attachment e.pdf is left out" in messages and "the attachment f.html is left out" in messages
        assert ("cut off: the last part has no end" in messages) is cut


def test_a_mailbox_has_its_mails_in_order_and_names_those_left_out() -> None:
    mails = [
        "Subject: One\nMIME-Version: 1.0\n\nWords.\n>From the lock.\n",
        "Subject: Two\nMIME-Version: 1.0\n\n \n",
        "Subject: Three\nMIME-Version: 1.0\n\nWords.\n",
    ]
    text = "".join(f"From a@example.org Thu Mar 12 08:00:00 2026\n{one}\n" for one in mails)
    manuscript = Manuscript(Path("a.mbox"), text.encode(), "a.mbox")
    found = articles_of(manuscript)
    assert (
        [one.metadata.title for one in found] == ["One", "Three"]
        and "From the lock" in xhtml(found[0].root)
        and "&gt;" not in xhtml(found[0].root)
    )
    assert [(diagnostic.code.value, diagnostic.location.line) for diagnostic in manuscript.diagnostics] == [("mail-left-out", 8)]


@pytest.mark.parametrize(
    ("headers", "part", "url"),
    [
        (
            "Snapshot-Content-Location: https://example.org/a\n",
            "Content-Location: https://example.org/b\n",
            "https://example.org/a",
        ),
        ("", "Content-Location: https://example.org/b\n", "https://example.org/b"),
        ("Snapshot-Content-Location: cid:x\n", "", ""),
        ("", "", ""),
    ],
)
def test_the_address_of_a_page_in_mhtml(headers: str, part: str, url: str) -> None:
    text = (
        f"From: x\n{headers}MIME-Version: 1.0\nContent-Type: multipart/related; "
        f"boundary=q\n\n--q\nContent-Type: text/html\n{part}\n{page()}\n--q--\n"
    )
    assert article("a.mhtml", text).metadata.url == url


@pytest.mark.parametrize("charset", ["iso-2022-jp", "shift_jis", "koi8-r", "windows-1251"])
def test_a_mail_has_the_encoding_that_it_declares(charset: str) -> None:
    text = {"iso-2022-jp": "水門が開く。", "shift_jis": "水門が開く。"}.get(charset, "Ворота открыты.")
    head = f"From: desk@example.org\nSubject: Gate\nMIME-Version: 1.0\nContent-Type: text/plain; charset={charset}\n\n"
    (found,) = articles_of(Manuscript(Path("a.eml"), head.encode() + text.encode(charset), "a.eml"))
    assert text in xhtml(found.root)

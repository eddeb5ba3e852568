"""Mail: one example for each rule."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from publisher.build.ingest import articles_of
from publisher.extraction.newsletters import link_target
from publisher.input.mail_text import plain_markup
from publisher.input.manuscript import Manuscript
from publisher.model.markup import xhtml
from tests.reader_samples import PROSE, SECOND, article, listed, mail, multipart, page, rules


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


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("One\ntwo\n\nthree", "<p>One two</p>\n<p>three</p>"),
        ("One\ntwo", "<p>One</p>\n<p>two</p>"),
        ("a < b", "<p>a &lt; b</p>"),
        ("Ann:\n> one\n> two\nEnd", "<p>Ann:</p>\n<blockquote><p>one two</p></blockquote>\n<p>End</p>"),
        ("> one\n> > two", "<blockquote><p>one</p>\n<blockquote><p>two</p></blockquote></blockquote>"),
        ("One\n\ntwo\n-- \nAnn\nLock", "<p>One</p>\n<p>two</p><hr/><p>Ann<br/>Lock</p>"),
        ("One\n\n-- \n\n" + "two\n" * 13, "<p>One</p>\n<p>--</p>\n<p>" + " ".join(["two"] * 13) + "</p>"),  # no signature
    ],
)  # fmt: skip
def test_plain_text_of_a_mail_with_fixed_lines(text: str, markup: str) -> None:
    assert plain_markup(text) == markup


@pytest.mark.parametrize(
    ("text", "delete_spaces", "markup"),
    [
        ("One \ntwo\nthree", False, "<p>One two<br/>three</p>"),
        ("On \ne", True, "<p>One</p>"),
        ("> one \n> two\n>> three", False, "<blockquote><p>one two</p>\n<blockquote><p>three</p></blockquote></blockquote>"),
        ("> one \ntwo", False, "<blockquote><p>one</p></blockquote>\n<p>two</p>"),  # the quote ends, so the line does too
        (" From here \n >on", False, "<p>From here &gt;on</p>"),  # stuffed with a space
        ("One\n\ntwo\nthree", False, "<p>One</p>\n<p>two three</p>"),  # declared as flowed, but fixed
        ("One \n-- \nAnn", False, "<p>One</p><hr/><p>Ann</p>"),
    ],
)
def test_plain_text_of_a_mail_with_flowed_lines(text: str, delete_spaces: bool, markup: str) -> None:
    assert plain_markup(text, flowed=True, delete_spaces=delete_spaces) == markup


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?utf-8?B?Q2Fmw4M=?=", "CafÃ"),
        ("=?utf-8?B?Q2Fmww==?=\r\n =?utf-8?B?qSBvcGVu?=", "Café open"),  # a character in two words
        ("=?iso-8859-1?Q?=93Gate=94?= and =?us-ascii?q?=80_5?=", "“Gate” and € 5"),
        ("=?iso-8859-1*de?Q?=D6?=ffnung", "Öffnung"),
        ("=?x-none?Q?caf=E9?=", "café"),
        ("=?utf-8?Q?caf=C3=A9?= =?iso-8859-2?Q?_=B1?=", "café ą"),
        ("caf\u00e9 in UTF-8", "café in UTF-8"),
        ("=?utf-8?X?no?= =?utf-8", "=?utf-8?X?no?= =?utf-8"),
    ],
)
def test_subjects_as_mail_programs_write_them(value: str, text: str) -> None:
    (found,) = articles_of(_manuscript(f"Subject: {value}\r\nMIME-Version: 1.0\r\n\r\n{PROSE}"))
    assert found.metadata.title == text


@pytest.mark.parametrize(("charset", "title"), [("koi8-r", "Ворота"), ("utf-8", "Âîðîòà"), ("x-none", "Âîðîòà")])
def test_raw_bytes_of_a_header_have_the_encoding_of_the_text(charset: str, title: str) -> None:
    raw = title.encode("koi8-r" if charset == "koi8-r" else "cp1252")
    head = b"Subject: %s\nMIME-Version: 1.0\nContent-Type: text/plain; charset=%s\n\n" % (raw, charset.encode())
    (found,) = articles_of(Manuscript(Path("a.eml"), head + PROSE.encode(), "a.eml"))
    assert found.metadata.title == title


def test_a_comma_in_an_encoded_name_does_not_part_it() -> None:
    text = f"From: =?utf-8?Q?M=C3=BCller=2C_Ann?= <a@example.org>\nSubject: A\nMIME-Version: 1.0\n\n{PROSE}"
    assert article("a.eml", text).metadata.source.publication == "Müller, Ann"


TEXT, PAGE = "Content-Type: text/plain\n\nThe weir was dry", "Content-Type: text/html\n\n<p>The gate was open</p>"
IMAGE = "Content-Type: image/gif\nContent-ID: <p1>\nContent-Transfer-Encoding: base64\n\nR0lGODlh"
SHORT = "Content-Type: text/html\n\n<p>Open</p>"
LONG = "Content-Type: text/plain\n\n" + " ".join(f"lock{number}" for number in range(20))


@pytest.mark.parametrize(
    ("parts", "shown", "recorded"),
    [
        ([TEXT, PAGE], "The gate was open", "The weir was dry"),
        ([PAGE, TEXT], "The gate was open", "The weir was dry"),
        ([TEXT, multipart("related", PAGE, IMAGE, boundary="r")], "The gate was open", "The weir was dry"),
        ([TEXT, multipart("mixed", PAGE, SHORT, boundary="r")], "Open", "The weir was dry"),
        ([LONG, SHORT], "lock7", "Open"),  # a page with hardly a word of the text
        ([TEXT, "Content-Type: text/html\n\n<img src='cid:p1'>"], "The weir was dry", ""),
        ([TEXT, PAGE, "Content-Type: text/x-amp-html\n\n<p>Alive</p>"], "The gate was open", "Alive"),
        (["Content-Type: text/plain\n\nThe gate\nwas open", PAGE], "The gate was open", ""),  # the same words
    ],
)
def test_one_of_the_alternatives_is_chosen_and_the_words_of_others_are_recorded(
    parts: list[str], shown: str, recorded: str
) -> None:
    found = article("a.eml", f"Subject: A\nMIME-Version: 1.0\n{multipart('alternative', *parts)}")
    removals = [removal for removal in found.removed if removal.rule == "another form of the same text"]
    others = [removal.words for removal in removals if removal.words]
    assert shown in xhtml(found.root)
    assert recorded in others if recorded else not others
    assert not any(words in xhtml(found.root) for words in others)


@pytest.mark.parametrize(
    "image",
    [
        "<img src=cid:p1>",
        "<img src='CID:p1'>",
        '<IMG SRC="cid:p%31">',
        "<img src=p1.gif>",
        "<img src='https://example.org/p1'>",
        "<img srcset='cid:p1 2x' src='a.gif'>",
        "<picture><source srcset='cid:p1'><img src='a.gif'></picture>",
    ],
)
def test_addresses_of_images_in_a_mail(image: str) -> None:
    part = IMAGE.replace("\n\n", "\nContent-Location: https://example.org/p1\nContent-Disposition: inline; filename=p1.gif\n\n")
    page = f"Content-Type: text/html\n\n<p>{PROSE}</p>{image}"
    manuscript = _manuscript(f"Subject: A\nMIME-Version: 1.0\n{multipart('related', page, part)}")
    (found,) = articles_of(manuscript)
    assert [diagnostic.code.value for diagnostic in manuscript.diagnostics if diagnostic.code.value.startswith("image")] == [
        "image-broken"
    ]
    assert xhtml(found.root).count("missing-image") <= 1


@pytest.mark.parametrize(
    ("part", "message", "recorded"),
    [
        ("Content-Type: text/calendar\n\nSUMMARY:Lock\n  day\nEND:VCALENDAR", "the calendar entry Lock day", True),
        ("Content-Type: text/vcard; name=ann.vcf\n\nBEGIN:VCARD", "the attachment ann.vcf", True),
        ("Content-Type: text/rfc822-headers\n\nSubject: B", "the attachment text/rfc822-headers", True),
        ("Content-Type: application/ms-tnef\n\nx", "the attachment application/ms-tnef", False),
        ("Content-Type: application/pdf; name=a.pdf\n\nx", "the attachment a.pdf", False),
        ("Content-Type: application/pgp-signature\n\nx", "the signature of the mail, which was not verified,", False),
        ("Content-Type: message/partial; number=2; total=3\n\nx", "part 2 of a divided mail", False),
        ("Content-Type: message/external-body; name=book\n\nx", "a part that is kept elsewhere (book)", False),
        ("Content-Type: message/external-body\n\nx", "a part that is kept elsewhere (without an address)", False),
        ("Content-Type: message/delivery-status\n\nAction: failed", "the delivery report of the mail server", False),
        (multipart("encrypted", "Content-Type: application/pgp-encrypted\n\nx", boundary="e"), "an encrypted part", False),
    ],
)  # fmt: skip
def test_parts_that_are_left_out_are_named(part: str, message: str, recorded: bool) -> None:
    manuscript = _manuscript(f"Subject: A\nMIME-Version: 1.0\n{multipart('mixed', TEXT, part)}")
    (found,) = articles_of(manuscript)
    assert [diagnostic.message for diagnostic in manuscript.diagnostics] == [f"{message} is left out"]
    assert bool(found.removed) is recorded


@pytest.mark.parametrize(
    ("part", "markup"),
    [
        ("Content-Type: text/csv\n\na;b\n1;2", "<td>1</td>"),
        ("Content-Type: text/csv\n\n;\n;", "<p>;</p>"),  # no table
        ("Content-Type: text/plain\nContent-Disposition: inline; filename=a.MD\n\n*dry*", "<em>dry</em>"),
        ("Content-Type: text/markdown\n\n---\nno: [front\n---\nmatter", "matter"),
        ("Content-Type: application/octet-stream; name=a.html\nContent-Disposition: inline\n\n<p>x <b>dry</b></p>", "<b>dry</b>"),
        ("Content-Type: text/x-patch\n\n+ a\n- b", "<pre>+ a\n- b</pre>"),
        ("Content-Type: text/enriched\n\n<bold>dry</bold><param>x</param> <<weir>", "dry &lt;weir&gt;"),
        ("Content-Type: nonsense\n\ndry", "<p>dry</p>"),
        ("Content-Type: multipart/mixed\n\ndry", "<p>dry</p>"),  # no boundary
        ("Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nZHJ5\n____\nthe list", "<p>____</p>\n<p>the list</p>"),
        ("Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nnot in base64", "<p>not in base64</p>"),
        ("Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\ndry =ZZ =", "<p>dry =ZZ"),
        ("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogQgoKZHJ5", "B</strong></p><p>dry"),
    ],
)  # fmt: skip
def test_kinds_of_text_in_a_mail(part: str, markup: str) -> None:
    assert markup in xhtml(article("a.eml", f"Subject: A\nMIME-Version: 1.0\n{multipart('mixed', TEXT, part)}").root)


@pytest.mark.parametrize(
    "header",
    [
        "From: a: <",  # a group that has no end
        "Content-Type: text/plain; charset=\0",
        "Content-Type: text/plain; charset*=''%00; format*0*=x",
        "Content-Disposition: ; filename*=",
        "Date: Thu, 12 Mar",
    ],
)
@pytest.mark.parametrize("encoding", ["8bit", "base64"])
def test_malformed_headers_do_not_lose_the_text(header: str, encoding: str) -> None:
    text = f"The caf\u00e9 was open\x01, {PROSE}"
    body = text if encoding == "8bit" else base64.b64encode(text.encode()).decode()
    manuscript = _manuscript(f"Subject: A\nMIME-Version: 1.0\n{header}\nContent-Transfer-Encoding: {encoding}\n\n{body}")
    (found,) = articles_of(manuscript)
    assert f"<p>The café was open, {PROSE}</p>" in xhtml(found.root)
    assert [diagnostic.code.value for diagnostic in manuscript.diagnostics] == ["control-characters"]


def test_a_part_that_is_no_text_leaves_the_others() -> None:
    part = "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n" + base64.b64encode(bytes(range(256)) * 3).decode()
    manuscript = _manuscript(f"Subject: A\nMIME-Version: 1.0\n{multipart('mixed', TEXT, part)}")
    (found,) = articles_of(manuscript)
    assert "The weir was dry" in xhtml(found.root)
    (diagnostic,) = manuscript.diagnostics
    assert diagnostic.message.startswith("a part of the mail is left out: not text")


@pytest.mark.parametrize(
    ("line", "mails"),
    [
        ("From a@example.org Thu Mar 12 08:00:00 2026\nSubject: Two\n", 2),
        ("From - Thu Mar 12 08:00:00 2026 +0100\nSubject: Two\n", 2),
        ("From May to October 2026\nthe lock is open.\n", 1),  # a line of the text
    ],
)
def test_where_a_mail_of_a_mailbox_begins(line: str, mails: int) -> None:
    text = f"From a@example.org Thu Mar 12 08:00:00 2026\nSubject: One\nMIME-Version: 1.0\n\n{PROSE}\n\n{line}\n{SECOND}\n"
    assert len(articles_of(Manuscript(Path("a.mbox"), text.encode(), "a.mbox"))) == mails


def _manuscript(text: str) -> Manuscript:
    return Manuscript(Path("a.eml"), text.encode(), "a.eml")

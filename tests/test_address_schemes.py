"""Addresses: one list of schemes holds for every output, whatever an address came from, and what is left out is said."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from html import escape, unescape
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from publisher.build.ingest import articles_of
from publisher.input.manuscript import Manuscript
from publisher.model import markup
from publisher.model.addresses import LINK_SCHEMES, outside_address, scheme_of, written_address
from publisher.model.codes import Code
from publisher.model.markup import attribute, parse, tags
from tests.conftest import Run
from tests.reader_samples import page

Edition, Command = Callable[..., Path], Callable[..., Run]
REFUSED = [
    "javascript:steal()",
    "JaVaScRiPt:steal()",
    " \x01javascript:steal()",
    "java\tscript:steal()",
    "java\nscript:steal()",
    "javascript://example.org/%0Asteal()",
    "vbscript:steal",
    "data:text/html,<script>steal()</script>",
    "d\tata:text/html;base64,PHNjcmlwdD4=",
    "file:///etc/passwd",
    "smb://example.org/share",
    "ftp://example.org/x",
    "blob:https://example.org/x",
    "view-source:https://example.org/",
    "intent://example.org/#Intent;end",
    "bind:other",
    "article:other",
    "resource:x",
    "mailto:desk@example.org?attach=/etc/passwd",
    "mailto:",
    "https://",
    "https://exa mple.org/",
    "https:\\\\example.org",
    "http://ä..org/",
    "www.example.org/x",
    "%6aavascript:steal()",
    "javascript&#58;steal()",
]


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_that_no_output_may_have(address: str) -> None:
    assert written_address(address) == outside_address(address) == ""


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("https://example.org/a b", "https://example.org/a%20b"),
        (" \nhttps://example.org/ ", "https://example.org/"),
        ("ht\ntps://example.org/\tx", "https://example.org/x"),
        ('https://example.org/"><script>', "https://example.org/%22%3E%3Cscript%3E"),
        ("MAILTO:desk@example.org?subject=Weir&body=a b", "mailto:desk@example.org?subject=Weir&body=a%20b"),
        ("tel:+1 555", "tel:+1%20555"),
    ],
)
def test_the_form_of_an_address_in_an_output(address: str, written: str) -> None:
    assert written_address(address) == written and written_address(written) == written


@given(st.text(st.sampled_from("javscriptdhmlo:/%&#;\\\t\n\r\0\x01 .@?<>\"'ä\u2028"), max_size=24))
@example("java\r\nscript:x")
def test_a_written_address_is_ascii_and_of_a_scheme_of_the_list(text: str) -> None:
    written = written_address(text)
    assert not written or (
        scheme_of(written) in LINK_SCHEMES and re.fullmatch(r"[!-~]+", written) and not set(written) & set('<>"')
    )


@pytest.mark.parametrize("address", [address for address in REFUSED if scheme_of(address)])
def test_no_link_of_a_tree_has_such_an_address(address: str) -> None:
    for written in (address, "".join(f"&#{ord(char)};" for char in address), address.replace(":", "&colon;")):
        quoted = escape(written, quote=True) if written == address else written
        tree = parse(f"<p><a href=\"{quoted}\">words</a> <A HREF='{quoted}'>more</A></p>")
        hrefs = [attribute(link, "href") for link in tags(tree, ("a",))]
        assert all(not href or scheme_of(href) in LINK_SCHEMES for href in hrefs)
        assert "words" in tree.get_text() and "more" in tree.get_text()


@pytest.mark.parametrize("address", ["javascript:steal()", "data:text/html,x", "file:///etc/passwd", "smb://example.org/x"])
def test_a_link_that_is_left_out_is_reported_with_its_line_and_its_words_stay(address: str) -> None:
    manuscript = Manuscript(Path("a.html"), page(body=f"\n<p>See <a href='{address}'>the plan</a>.</p>").encode(), "a.html")
    (found,) = articles_of(manuscript)
    (message,) = manuscript.diagnostics
    assert message.code is Code.ADDRESS_REFUSED and message.location is not None and message.location.line == 2
    assert f"the address {address} is left out" in message.message and "See the plan." in found.root.get_text()


@pytest.mark.parametrize("address", ["javascript:void(0)", "javascript:;", "javascript:", "javascript: void 0;"])
def test_the_address_of_a_button_is_none(address: str) -> None:
    manuscript = Manuscript(Path("a.html"), page(body=f"<p>See <a href='{address}'>more</a>.</p>").encode(), "a.html")
    (found,) = articles_of(manuscript)
    assert manuscript.diagnostics == [] and "javascript" not in str(found.tree)


BAD = "javascript:steal()//"
FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "F",
    "items": [{"id": "1", "title": "T", "content_text": "Words.", "url": "javascript://h/%0Asteal()"}],
}
ORIGINS: dict[str, tuple[dict[str, str], str]] = {  # files, and the file and line that a message names
    "front matter": ({"a.md": f"---\nurl: {BAD}\n---\n\n# A\n\nWords.\n"}, "a.md:2"),
    "source in front matter": ({"a.md": f'---\nsource:\n  url: "{BAD}"\n---\n\n# A\n\nWords.\n'}, "a.md:3"),
    "archived": ({"a.md": f'---\nsource:\n  archived: "{BAD}"\n---\n\n# A\n\nWords.\n'}, "a.md:3"),
    "sidecar": ({"a.md": "# A\n\nWords.\n", "a.toml": f'lang = "en"\nurl = "{BAD}"\n'}, "a.toml:2"),
    "source in a sidecar": ({"a.md": "# A\n\nWords.\n", "a.toml": f'[source]\nurl = "{BAD}"\n'}, "a.toml:2"),
    "manifest": (
        {
            "a.md": "# A\n\nWords.\n",
            "publisher.toml": f'[edition]\ntitle = "T"\n[[section]]\narticles = [{{ path = "a.md", url = "{BAD}" }}]\n',
        },
        "publisher.toml:4",
    ),
    "JSON Feed": ({"a.json": json.dumps(FEED, indent=1)}, "a.json:9"),
    "RSS": (
        {"a.xml": f"<rss version='2.0'><channel><title>F</title><item><title>T</title>\n<link>{BAD}</link>"
         "<description>Words.</description></item></channel></rss>"},
        "a.xml",
    ),
    "canonical": ({"a.html": page(head=f"<link rel='canonical' href='{BAD}'>")}, ""),
    "opml": ({"a.opml": f"<opml><body><outline text='T' htmlUrl='{BAD}'/></body></opml>"}, ""),
}  # fmt: skip


@pytest.mark.parametrize("origin", ORIGINS)
def test_an_address_is_judged_whatever_it_came_from(origin: str, edition: Edition, publisher: Command) -> None:
    files, place = ORIGINS[origin]
    home = edition(files)
    run = publisher("build", *([] if "publisher.toml" in files else [next(iter(files))]), "-o", "x.epub", "-v")
    assert run.code == 0, run.err
    with zipfile.ZipFile(home / "x.epub") as book:
        text = "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    assert "steal" not in unescape(text)
    assert not place or re.search(rf"^{re.escape(place)}\b.*warning: the address .*\[address-refused\]", run.err, re.MULTILINE)


@pytest.mark.parametrize(
    ("html", "count"),
    [
        ('<a href="x">a</a> <img src="y">', 2),
        ("<a\nhref='x'>a</a><a HREF=x>b</a><a href = \"x\">c</a>", 3),
        ('a thref="x" and href, or data-href="x" and src', 1),
        ("", 0),
    ],
)
def test_addresses_are_counted_however_they_are_written(html: str, count: int) -> None:
    assert markup._count_addresses(html) == count

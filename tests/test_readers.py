"""Golden folders: `tests/readers/FORMAT/CASE.SUFFIX` and, beside it, `CASE.out`: what `publisher tree` prints of it.

A case whose name ends in .docx, .odt or .epub may be a folder: its files are packed, and what every such file needs is added.
`pytest --update` rewrites the outputs; read them before you commit them.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from publisher.build import bounds
from publisher.build.ingest import accounted_articles
from publisher.build.manuscripts import load_manuscript
from publisher.build.planned import PlannedArticle
from publisher.cli.ledger_table import ledger_lines
from publisher.input.formats import INVENTORIES, READERS
from tests.conftest import Run

HOME = Path(__file__).parent / "readers"
CASES = sorted(path for path in HOME.glob("*/*") if path.suffix not in (".out", ".png"))
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
ODF = "urn:oasis:names:tc:opendocument:xmlns"
ODF_SPACES = (
    "".join(
        f' xmlns:{name}="{ODF}:{name}:1.0"'
        for name in ("office", "text", "table", "style", "drawing", "xsl-fo-compatible", "svg-compatible")
    )
    .replace("xmlns:drawing", "xmlns:draw")
    .replace("xmlns:xsl-fo-compatible", "xmlns:fo")
    .replace("xmlns:svg-compatible", "xmlns:svg")
)
DRAWING = (
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
MATH = ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
NEWER = (
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
)
DOCX_SPACES = f' xmlns:w="{W}" xmlns:r="{RELATIONS}"{DRAWING}{MATH}{NEWER}'
TEMPLATES = {
    ".docx": {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="png" ContentType="image/png"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Target="word/document.xml"'
        f' Type="{RELATIONS}/officeDocument"/></Relationships>',
    },
    ".odt": {"mimetype": "application/vnd.oasis.opendocument.text"},
    ".epub": {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
        '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
    },
}


def packed(folder: Path, change: Callable[[bytes], bytes] = bytes) -> bytes:
    """The folder as an archive, each file `change`d before."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return archive_of(folder.suffix, {path.relative_to(folder).as_posix(): change(path.read_bytes()) for path in paths})


def archive_of(suffix: str, files: dict[str, bytes]) -> bytes:
    """The files as an archive of this format; bodies are put into the documents that they are the bodies of."""
    files = dict(files)
    for name in [name for name in files if name.startswith("word/") and name.endswith(".part.xml")]:  # an element of a part
        element = files.pop(name).decode(errors="replace")
        files[name.replace(".part", "")] = re.sub(r"^<w:\w+", rf"\g<0>{DOCX_SPACES}", element).encode()
    if "body.xml" in files and suffix == ".docx":
        body = files.pop("body.xml").decode(errors="replace")
        files["word/document.xml"] = f"<w:document{DOCX_SPACES}><w:body>{body}</w:body></w:document>".encode()
    if "body.xml" in files and suffix == ".odt":
        body, styles = files.pop("body.xml").decode(errors="replace"), files.pop("automatic.xml", b"").decode(errors="replace")
        automatic = f"<office:automatic-styles>{styles}</office:automatic-styles>"
        text = f"<office:body><office:text>{body}</office:text></office:body>"
        files["content.xml"] = (
            f'<office:document-content{ODF_SPACES} xmlns:xlink="http://www.w3.org/1999/xlink">{automatic}{text}</office:document-content>'
        ).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in {**TEMPLATES[suffix], **files}.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def shortened(text: str) -> str:
    """Long addresses of pictures that stand in the page, cut."""
    return re.sub(r"(data:image/[\w+]+;base64,[\w+/]{12})[\w+/=]+", r"\1…", text)


def account_of(name: str) -> str:
    """What the ledger says of a file in the working folder."""
    manuscript = load_manuscript(PlannedArticle(Path(name)))
    _, account = accounted_articles(manuscript)
    assert account is not None
    return "".join(f"{line}\n" for line in ledger_lines([("ledger", account)], verbose=True))


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_golden(case: Path, edition: Callable[..., Path], publisher: Callable[..., Run], request: pytest.FixtureRequest) -> None:
    files = {path.name: path.read_bytes() for path in case.parent.glob("*.png")}
    edition({**files, case.name: packed(case) if case.is_dir() else case.read_bytes()})
    run = publisher("tree", case.name)
    got = shortened(f"{run.out}{run.err}[exit {run.code}]\n{account_of(case.name) if run.code == 0 else ''}")
    golden = case.with_suffix(".out")
    if request.config.getoption("--update"):
        golden.write_text(got, "utf-8")
    assert got == golden.read_text("utf-8")


def test_every_reader_of_the_table_has_an_inventory() -> None:
    assert INVENTORIES.keys() == READERS.keys()


def test_every_reader_of_the_table_has_eight_cases() -> None:
    names = {target.partition(":")[0].rpartition(".")[2] for target in READERS.values()}
    counts = {name: sum(case.parent.name == name for case in CASES) for name in names}
    assert {name: count for name, count in counts.items() if count < 8} == {}


@pytest.mark.parametrize(
    "suffix",
    [".txt", ".md", ".html", ".xml", ".json", ".docx", ".odt", ".epub", ".eml", ".mbox", ".msg", ".mhtml", ".rst", ".ipynb"],
)
@pytest.mark.parametrize(
    "data", [b"", b"\n \n", b"\xff\xfe\x00", b"PK\x03\x04\x14\x00", b"{", b"<", b"\x00\x01\x02" * 50, b"From x 2020\n"]
)
def test_nonsense_is_refused_or_read_but_never_a_bug(
    suffix: str, data: bytes, edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    edition({f"a{suffix}": data})
    run = publisher("tree", f"a{suffix}")
    assert run.code in (0, 1)
    assert run.code == 0 or f"a{suffix}" in run.err
    if not data.strip():
        assert run.code == 1


def test_a_zip_bomb_is_refused_by_the_table_of_limits_and_the_manifest_may_raise_it(
    edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in TEMPLATES[".docx"].items():
            archive.writestr(name, text)
        archive.writestr(
            "word/document.xml", f"<w:document{DOCX_SPACES}><w:body><w:p><w:r><w:t>A</w:t></w:r></w:p></w:body></w:document>"
        )
        archive.writestr("word/media/zeros.bin", b"\0" * 30_000_000)
    manifest = '[edition]\ntitle = "T"\n[[section]]\narticles = ["a.docx"]\n[limits]\nratio = 100000\n'
    edition({"a.docx": buffer.getvalue(), "publisher.toml": manifest})
    refused = publisher("tree", "a.docx")
    assert refused.code == 1 and "200 is the limit [limit]" in refused.err and "[limits]" in refused.err
    assert publisher("build", "publisher.toml", "-o", "a.epub").code == 0


def test_a_page_nested_too_deep_is_refused(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    edition({"a.html": "<div>" * 3000 + "deep" + "</div>" * 3000})
    run = publisher("tree", "a.html")
    assert run.code == 1 and "a.html: error: elements nested" in run.err


def test_a_page_that_takes_too_long_is_refused_and_the_others_are_still_checked(
    edition: Callable[..., Path], publisher: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "WAITING", 1_000_000)
    page = "<nav><a href='/'>Home</a></nav>" + "<div><p>A paragraph of a page that goes on and on, as some do.</p></div>" * 60_000
    manifest = '[edition]\ntitle = "T"\n[[section]]\narticles = ["a.html", "b.html"]\n[limits]\nseconds = 1\n'
    edition({"a.html": page, "b.html": "", "publisher.toml": manifest})
    run = publisher("check")
    assert run.code == 1
    assert "a.html: error: reading it takes more than 1 s of CPU time [limit]" in run.err and "b.html: error:" in run.err


def test_of_a_feed_only_what_is_new(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    items = "".join(
        f"<item><guid>{day}</guid><title>Day {day}</title><pubDate>{day} Mar 2026 08:00:00 GMT</pubDate>"
        f"<description>Text of day {day}.</description></item>"
        for day in (12, 11, 10)
    )
    feed = f"<rss version='2.0'><channel><title>F</title>{items}</channel></rss>"
    manifest = '[edition]\ntitle = "T"\n[[section]]\narticles = [{ path = "f.xml", since = 2026-03-11, most = 1 }]\n'
    home = edition({"f.xml": feed, "publisher.toml": manifest})
    assert publisher("build", "publisher.toml", "-o", "a.epub").code == 0
    with zipfile.ZipFile(home / "a.epub") as archive:
        assert [name for name in archive.namelist() if name.startswith("EPUB/f") and name.endswith(".xhtml")] == ["EPUB/f.xhtml"]
        assert b"Day 12" in archive.read("EPUB/f.xhtml")


def test_an_entry_of_a_feed_keeps_its_slug_when_others_come_before_it(
    edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    def slugs(*days: int) -> list[str]:
        items = "".join(
            f"<item><guid>g{day}</guid><title>Day {day}</title><description>Text.</description></item>" for day in days
        )
        manifest = '[edition]\ntitle = "T"\n[[section]]\narticles = [{ path = "f.xml", slug = "wire" }]\n'
        home = edition({"f.xml": f"<rss version='2.0'><channel>{items}</channel></rss>", "publisher.toml": manifest})
        assert publisher("build", "publisher.toml", "-o", "a.epub").code == 0
        with zipfile.ZipFile(home / "a.epub") as archive:
            return re.findall(r'idref="(wire[\w-]*)"', archive.read("EPUB/content.opf").decode())

    today, tomorrow = slugs(2, 1), slugs(3, 2, 1)
    assert tomorrow[1:] == today and len(set(tomorrow)) == 3


def test_an_index_gives_a_folder_its_order(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    home = edition(
        {f"f/{name}.md": f"# {name}\n\nText.\n" for name in "abc"} | {"f/index.md": "# I\n\n- [c](c.md)\n- [a](a.md)\n"}
    )
    assert publisher("build", "f", "-o", "x.epub").code == 0
    with zipfile.ZipFile(home / "x.epub") as archive:
        assert re.findall(r'idref="([abc])"', archive.read("EPUB/content.opf").decode()) == ["c", "a", "b"]


def test_our_own_book_read_in_gives_the_same_articles(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    text = (
        "# The gate[^1]\n\nIt opened *early*.[^2] See the table.\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n## Below\n\n"
        "- one\n- two\n\n> So be it.\n\n```python\nopen()\n```\n\n[^1]: A long note.\n\n    In two parts.\n\n[^2]: Short.\n"
    )
    edition({"gate.md": text, "lock.md": "# The lock\n\nAn article with a [source](https://example.org/lock) and words.\n"})
    assert publisher("build", "gate.md", "lock.md", "-o", "book.epub").code == 0
    wanted = publisher("tree", "gate.md", "lock.md", "--to", "text").out
    found = publisher("tree", "book.epub", "--to", "text")
    articles, _, others = found.out.partition("\nSources\n\n")
    assert found.code == 0 and f"{articles}\n" == wanted
    assert "Colophon\n\n" in others  # a bibliography and a colophon are text of the book (issue 15)


def test_every_agency_file_and_feed_is_read_or_refused_by_name(
    shared: Path, publisher: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    codes = []
    for path in sorted((shared / "corpus").glob("agency/*")) + sorted((shared / "corpus").glob("feeds/*"))[::6]:
        if path.suffix != ".md":
            run = publisher("tree", path)
            codes.append(run.code)
            assert run.code == 0 or path.name in run.err
    assert set(codes) <= {0, 1} and codes.count(0) > 80

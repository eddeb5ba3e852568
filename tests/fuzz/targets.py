"""What is fuzzed: every reader with its golden cases as seeds, the sanitizer, manifests and sidecars, libraries, themes.

The promise: a file becomes articles or is refused with a diagnostic; the articles are well-formed; the ledger has an account.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from lxml import etree

from publisher.build.bounds import OutOfBounds, within
from publisher.build.ingest import accounted_articles, articles_of
from publisher.build.manifest_file import load_sidecar
from publisher.build.plan import plan
from publisher.input.formats import reader_for
from publisher.input.libraries.library import conflicts, read_library
from publisher.input.manuscript import Manuscript
from publisher.input.raster import ImageError
from publisher.input.svg import clean_svg
from publisher.ledger.account import Account
from publisher.ledger.inventory import inventory_of
from publisher.model.codes import Code
from publisher.model.diagnostics import PublisherError
from publisher.model.edition import Entry
from publisher.model.limits import Limits
from publisher.model.markup import parse, xhtml
from publisher.model.metadata import with_written_addresses
from publisher.text.characters import clean
from publisher.text.source_exports import EXPORTS, export
from publisher.text.standard_style import standard_style
from publisher.writers import themes
from publisher.writers.epub.chapter import chapter_body
from publisher.writers.pdf import engine, styles
from publisher.writers.pdf.job import Job, Piece
from publisher.writers.pdf.typeset import typeset
from publisher.writers.themes import Theme
from tests.test_readers import CASES, archive_of

SECONDS = 10  # of CPU time that one input may take: golden cases take a tenth
_ACTIVE = "script", "iframe", "object", "embed", "foreignObject"
# Archives are fuzzed as texts: a changed byte of the archive itself hardly passes its checksum. First stands the part that has
# the text; each other part stands behind a line with its name.
_PARTS = {".docx": "body.xml", ".odt": "body.xml", ".epub": "c.xhtml"}
_PART_NAME = re.compile(rb"^=== ([^\0\n]+)\n", re.MULTILINE)
_LONGEST_PART = 4000  # bytes of a part that is not the text
_SMALL = Limits(megabytes=1, unpacked_megabytes=1, ratio=20, files=6, depth=10, elements=60, megapixels=1, articles=2)
_PACKAGE = (
    '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
    '<dc:title>Locks</dc:title></metadata><manifest><item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest>'
    '<spine><itemref idref="c"/></spine></package>'
)
_DRAWINGS = (
    b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9" width="9mm"><style>'
    b'.gate { fill: url(#a) }</style><defs><linearGradient id="a"><stop offset="0" stop-color="red"/></linearGradient></defs>'
    b'<g class="gate" transform="scale(2)"><path d="M0 0L9 9"/><text x="1" font-size="2pt">Lock<tspan>Gate</tspan></text></g>'
    b'<use xlink:href="#b"/><symbol id="b"><rect width="1" height="1" style="fill: blue"/></symbol></svg>',
    b'<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="2em"><switch><foreignObject><p>Words</p></foreignObject>'
    b'<text>Barge</text></switch><image href="data:image/svg+xml,&lt;svg/&gt;"/><a href="#x"><circle r="3"/></a></svg>',
)
_EVERYTHING = """# Locks

The *upper* lock is **open**, `gate`[^1] and H~2~O.[^2] A [link](https://harbor.example/).

## Gates

- barge
- ferry
  1. pier

> Quoted words.

| gate | width |
|------|------:|
| A | 9 |

![A barge](data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==)

```
code
```

$x^2$

[^1]: A note.
[^2]: Another note.
"""
_SEEDS = Path(__file__).parent / "seeds"  # those that are no golden case


def read_file(suffix: str, data: bytes) -> None:
    """Reads one file. Raises whatever is not a refusal, and AssertionError where a promise is broken."""
    name = f"a{suffix}"
    limits = replace(_SMALL if zlib.crc32(data) % 8 == 0 else Limits(), seconds=SECONDS)
    manuscript = Manuscript(Path(name), _archive(suffix, data) if suffix in _PARTS else data, name, limits=limits)
    if reader_for(name, manuscript.data) is None:
        return
    try:
        articles, account = accounted_articles(manuscript)
    except PublisherError as refusal:
        _check_refusal(refusal)
        assert not any("CPU time" in diagnostic.message for diagnostic in refusal.diagnostics), "slow"
        return
    _check_account(manuscript, account)
    for article in articles:
        markup = xhtml(article.root)
        body = chapter_body(Entry("a", article.metadata, markup, 1, article.resources, article.citations))
        _check_inactive(etree.fromstring(body.encode()))


def _check_refusal(refusal: PublisherError) -> None:
    """A refusal has words. Raises what it hides where it is about a fault of ours: that is a finding, not a refusal."""
    assert refusal.diagnostics
    if any(diagnostic.code is Code.ARTICLE_FAILED for diagnostic in refusal.diagnostics):
        raise refusal.__cause__ or refusal


def _check_account(manuscript: Manuscript, account: Account | None) -> None:
    """What was read is counted. An exception of the ledger is raised again, so that it is seen where it comes from."""
    if account is None:
        inventory_of(replace(manuscript, diagnostics=[], removed=[]))
        raise AssertionError("no account")


def sanitize(_: str, data: bytes) -> None:
    """The one way by which HTML becomes a tree."""
    root = parse(data.decode("utf-8", "replace")).find("article")
    assert root is not None
    _check_inactive(etree.fromstring(clean(xhtml(root)).encode()))  # a pass removes what no article may have


def draw(_: str, data: bytes) -> None:
    """A drawing beside an article."""
    try:
        _check_inactive(etree.fromstring(clean_svg(data).data))
    except ImageError as refusal:
        assert refusal.hint


def read_manifest(_: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "publisher.toml"
        path.write_bytes(data)
        try:
            plan([path], [])
        except PublisherError as refusal:
            _check_refusal(refusal)


def read_sidecar(_: str, data: bytes) -> None:
    try:
        with_written_addresses(load_sidecar(Path("a.toml"), "a.toml", data))
    except PublisherError as refusal:
        _check_refusal(refusal)


def read_citations(suffix: str, data: bytes) -> None:
    """A citation library; its entries as sources, written out and exported."""
    try:
        library = read_library(f"a{suffix}", data, f"a{suffix}")
    except PublisherError as refusal:
        _check_refusal(refusal)
        return
    conflicts(library.entries)
    sources = [entry.source for entry in library.entries]
    for source in sources:
        standard_style(source, "en")
    for form in EXPORTS:
        export(sources, form)


def read_theme(_: str, data: bytes) -> None:
    """A style sheet of a theme, on a page with all that an article may have."""
    _with_theme({"custom.css": data}, lambda theme: typeset(Job("a", (Piece(_everything()),), theme, "en")))


@cache
def _everything() -> Entry:
    manuscript = Manuscript(Path("a.md"), _EVERYTHING.encode(), "a.md")
    (article,) = articles_of(manuscript)
    return Entry("a", article.metadata, xhtml(article.root), 99, article.resources, article.citations)


def read_theme_settings(_: str, data: bytes) -> None:
    _with_theme({"theme.toml": data}, lambda theme: theme.settings)


def _with_theme(files: Mapping[str, bytes], use: Callable[[Theme], object]) -> None:
    """Uses a theme of these files within the bounds of time that typesetting has; one that takes longer is no finding."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in ({"theme.toml": b""} | dict(files)).items():
            (Path(folder) / name).write_bytes(content)
        try:
            with within(SECONDS):
                use(themes.load("./", Path(folder)))
        except PublisherError as refusal:
            _check_refusal(refusal)
        except OutOfBounds:
            pass
        finally:
            for kept in (engine._fonts, engine._stylesheet, styles._style_sheets):  # of a theme that nobody uses again
                kept.cache_clear()


def _check_inactive(root: etree._Element) -> None:
    for element in root.iter(etree.Element):
        assert etree.QName(element).localname not in _ACTIVE, "an active element"
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on"), "a handler"
            assert not str(value).strip().lower().startswith(("javascript:", "vbscript:")), "an active address"


def _archive(suffix: str, data: bytes) -> bytes:
    text, *parts = _PART_NAME.split(data)
    files = {_PARTS[suffix]: text} | {
        name.decode(errors="replace"): part for name, part in zip(parts[::2], parts[1::2], strict=True)
    }
    if suffix == ".epub" and "book.opf" not in files:
        files["book.opf"] = _PACKAGE.encode()
    return archive_of(suffix, files)


def _as_text(case: Path) -> bytes:
    """The text of a golden archive and its other parts that are texts, as `_archive` takes them; empty if it is no archive."""
    if case.is_dir():
        files = {path.relative_to(case).as_posix(): path.read_bytes() for path in sorted(case.rglob("*")) if path.is_file()}
    else:
        try:
            with zipfile.ZipFile(case) as archive:
                files = {name: archive.read(name) for name in archive.namelist()}
        except (zipfile.BadZipFile, RuntimeError):
            return b""
    text = files.pop(_PARTS[case.suffix], b"")
    parts = [(name, part) for name, part in files.items() if b"\0" not in part and len(part) < _LONGEST_PART]
    return b"".join([text, *(b"\n=== %b\n%b" % (name.encode(), part) for name, part in parts)])


def seeds(target: str) -> Iterator[bytes]:
    """Input from which fuzzing of a target begins: the golden cases."""
    for case in CASES:
        suffix = case.suffix
        if target == "sanitizer" and suffix == ".html":
            yield case.read_bytes()
        elif suffix == f".{target}":
            yield _as_text(case) if suffix in _PARTS else case.read_bytes()
    if target == "svg":
        yield from _DRAWINGS
    if target == "manifest":
        yield b'[edition]\ntitle = "Locks"\ndate = 2026-03-17\n[[section]]\narticles = ["a.md", {path = "b.txt", lang = "de"}]\n'
        yield b'[edition]\ntitle = "Locks"\n[sources]\nnotes = "end"\n[limits]\nseconds = 20\n[outputs."a.pdf"]\npaper = "A5"\n'
    yield from (path.read_bytes() for path in sorted((_SEEDS / target).glob("*")))
    if target == "theme":
        yield (themes.shipped() / "brief" / "running.css").read_bytes()


_SUFFIXES = sorted({case.suffix for case in CASES} - {".msg"})
TARGETS: dict[str, tuple[Callable[[str, bytes], None], str]] = {
    **{suffix[1:]: (read_file, suffix) for suffix in _SUFFIXES},
    "sanitizer": (sanitize, ""),
    "svg": (draw, ""),
    "manifest": (read_manifest, ""),
    "sidecar": (read_sidecar, ""),
    "bib": (read_citations, ".bib"),
    "csljson": (read_citations, ".csljson"),
    "ris": (read_citations, ".ris"),
    "theme": (read_theme, ""),
    "theme-settings": (read_theme_settings, ""),
}


def run(target: str, data: bytes) -> None:
    """One input of a target."""
    function, suffix = TARGETS[target]
    function(suffix, data)

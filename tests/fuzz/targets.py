"""What is fuzzed: every reader with its golden cases as seeds, the sanitizer, and the manifest.

The promise: a file becomes articles or is refused with a diagnostic; the articles are well-formed; the ledger has an account.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import etree

from publisher.build.ingest import accounted_articles
from publisher.build.manifest import load
from publisher.input.formats import reader_for
from publisher.input.manuscript import Manuscript
from publisher.model.diagnostics import PublisherError
from publisher.model.edition import Entry
from publisher.model.limits import Limits
from publisher.model.markup import parse, xhtml
from publisher.writers.epub.chapter import chapter_body
from tests.test_readers import CASES, DOCX_SPACES, ODF_SPACES, TEMPLATES, packed

SECONDS = 10  # of CPU time that one input may take: golden cases take a tenth
_ACTIVE = "script", "iframe", "object", "embed", "foreignObject"
# Archives are fuzzed by the part that has the text: a changed byte of the archive itself hardly passes its checksum.
_PARTS = {
    ".docx": ("word/document.xml", f"<w:document{DOCX_SPACES}><w:body>", "</w:body></w:document>"),
    ".odt": (
        "content.xml",
        f"<office:document-content{ODF_SPACES}><office:body><office:text>",
        "</office:text></office:body></office:document-content>",
    ),
    ".epub": ("c.xhtml", "", ""),
}
_PACKAGE = (
    '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
    '<dc:title>Locks</dc:title></metadata><manifest><item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest>'
    '<spine><itemref idref="c"/></spine></package>'
)


def read_file(suffix: str, data: bytes) -> None:
    """Reads one file. Raises whatever is not a refusal, and AssertionError where a promise is broken."""
    name = f"a{suffix}"
    manuscript = Manuscript(
        Path(name), _archive(suffix, data) if suffix in _PARTS else data, name, limits=Limits(seconds=SECONDS)
    )
    if reader_for(name, manuscript.data) is None:
        return
    try:
        articles, account = accounted_articles(manuscript)
    except PublisherError as refusal:
        assert refusal.diagnostics
        return
    assert account is not None
    for article in articles:
        markup = xhtml(article.root)
        body = chapter_body(Entry("a", article.metadata, markup, 1, article.resources, article.citations))
        _check_inactive(etree.fromstring(body.encode()))


def sanitize(_: str, data: bytes) -> None:
    """The one way by which HTML becomes a tree."""
    root = parse(data.decode("utf-8", "replace")).find("article")
    assert root is not None
    _check_inactive(etree.fromstring(xhtml(root).encode()))


def read_manifest(_: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "publisher.toml"
        path.write_bytes(data)
        try:
            load(path, "publisher.toml")
        except PublisherError as refusal:
            assert refusal.diagnostics


def _check_inactive(root: etree._Element) -> None:
    for element in root.iter(etree.Element):
        assert etree.QName(element).localname not in _ACTIVE, "an active element"
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on"), "a handler"
            assert not str(value).strip().lower().startswith(("javascript:", "vbscript:")), "an active address"


def _archive(suffix: str, data: bytes) -> bytes:
    name, before, after = _PARTS[suffix]
    files = {**TEMPLATES[suffix], name: before.encode() + data + after.encode()}
    if suffix == ".epub":
        files["book.opf"] = _PACKAGE
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed_file:
        for part, content in files.items():
            packed_file.writestr(part, content)
    return buffer.getvalue()


def _text_part(case: Path) -> bytes:
    """The part of a golden archive that has the text, without what `_archive` puts around it; empty if it cannot be found."""
    if case.is_dir() and (case / "body.xml").is_file():
        return (case / "body.xml").read_bytes()
    data = packed(case) if case.is_dir() else case.read_bytes()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            pages = [name for name in archive.namelist() if name.endswith("xhtml")]
            return archive.read(pages[0]) if pages else b""
    except zipfile.BadZipFile:
        return b""


def seeds(target: str) -> Iterator[bytes]:
    """Input from which fuzzing of a target begins: the golden cases."""
    for case in CASES:
        suffix = case.suffix
        if target == "sanitizer" and suffix == ".html":
            yield case.read_bytes()
        elif suffix == f".{target}":
            yield _text_part(case) if suffix in _PARTS else case.read_bytes()
    if target == "manifest":
        yield b'[edition]\ntitle = "Locks"\ndate = 2026-03-17\n[[section]]\narticles = ["a.md", {path = "b.txt", lang = "de"}]\n'
        yield b'[edition]\ntitle = "Locks"\n[sources]\nnotes = "end"\n[limits]\nseconds = 20\n[outputs."a.pdf"]\npaper = "A5"\n'


_SUFFIXES = sorted({case.suffix for case in CASES} - {".msg"})
TARGETS: dict[str, tuple[Callable[[str, bytes], None], str]] = {
    **{suffix[1:]: (read_file, suffix) for suffix in _SUFFIXES},
    "sanitizer": (sanitize, ""),
    "manifest": (read_manifest, ""),
}


def run(target: str, data: bytes) -> None:
    """One input of a target."""
    function, suffix = TARGETS[target]
    function(suffix, data)

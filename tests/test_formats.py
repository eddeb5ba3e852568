"""Adding an output format or a citation style is one file and one line of a table (or an entry point of the same shape)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from publisher.text import citation_styles
from publisher.writers import formats
from tests.conftest import ROOT, Run

WRITER = """
from publisher.writers.contract import Output

def write(edition, settings):
    lines = [entry.metadata.title for entry in edition.entries]
    lines += [f"page {page.folio}" for page in settings.breaks]
    return Output("\\n".join([edition.imprint.title, *lines, settings.style(edition.sources[0].source, "en")]).encode())
"""
STYLE = """
def style(source, lang):
    return f"[{source.url}]"
"""


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """One new file of Python code, importable by a name."""

    def add(name: str, code: str) -> None:
        made = ModuleType(name)
        exec(code, vars(made))
        monkeypatch.setitem(sys.modules, name, made)

    return add


def test_an_output_format_is_one_file_and_one_line(
    module: Callable[[str, str], None],
    monkeypatch: pytest.MonkeyPatch,
    edition: Callable[..., Path],
    publisher: Callable[..., Run],
) -> None:
    module("plain_lines", WRITER)
    monkeypatch.setitem(formats.FORMATS, ".lines", formats.OutputFormat("plain_lines:write", carries_pages=True))
    formats.formats.cache_clear()
    try:
        home = edition({"a.md": "# First\n\nA [link](https://example.org/x).\n", "b.md": "# Second\n\n" + "Words. " * 900})
        run = publisher("build", "a.md", "b.md", "-o", "x.pdf", "-o", "x.lines")
        assert run.code == 0 and "wrote x.lines" in run.out
        text = (home / "x.lines").read_text()
        assert text.startswith("Collection\nFirst\nSecond\npage 1\npage 2\n") and "example.org/x" in text
        assert publisher("build", "a.md", "-o", "x.nothing").err.endswith("supported suffixes: .pdf, .epub, .lines\n")
    finally:
        formats.formats.cache_clear()


def test_a_citation_style_is_one_file_and_one_line(
    module: Callable[[str, str], None],
    monkeypatch: pytest.MonkeyPatch,
    edition: Callable[..., Path],
    publisher: Callable[..., Run],
) -> None:
    """The cache is shared by all runs: the written form of a source is made with the output, not kept with the article."""
    module("bracket_style", STYLE)
    monkeypatch.setitem(citation_styles.STYLES, "brackets", "bracket_style:style")
    manifest = '[edition]\ntitle = "T"\n[sources]\nstyle = "{}"\n[outputs."x.epub"]\n'
    home = edition({"a.md": "# A\n\nA [link](https://example.org/x).\n", "publisher.toml": manifest.format("standard")})
    chapters = []
    for style in ("standard", "brackets", "standard"):
        (home / "publisher.toml").write_text(manifest.format(style))
        assert publisher("build", "--cache", "cache").code == 0
        chapters.append(chapter(home / "x.epub"))
    assert "[https://example.org/x]" in chapters[1] and "[https://example.org/x]" not in chapters[0]
    assert chapters[0] == chapters[2]
    (home / "publisher.toml").write_text(manifest.format("bracket"))
    run = publisher("build", "--cache", "cache")
    assert run.code == 1 and "error: citation style 'bracket' not found [style-unknown]" in run.err


def chapter(book: Path) -> str:
    import zipfile

    with zipfile.ZipFile(book) as archive:
        return next(archive.read(name).decode() for name in archive.namelist() if name.endswith("/a.xhtml"))


def test_only_the_table_of_formats_knows_their_suffixes() -> None:
    allowed = {
        "writers/formats.py",
        "input/sniffing.py",
        "input/formats.py",
        "fetching/snapshot.py",
        "release/comparable.py",
    }  # input formats, and those that can be compared
    for path in (ROOT / "src" / "publisher").rglob("*.py"):
        name = str(path.relative_to(ROOT / "src" / "publisher"))
        if name not in allowed:
            for suffix in ('".pdf"', '".epub"'):
                assert suffix not in path.read_text("utf-8"), f"{name} knows {suffix}"

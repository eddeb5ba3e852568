"""Themes: three that share one grammar, one file that overrides, and every fault with its file and line."""

from __future__ import annotations

import io
import runpy
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageChops, ImageStat

from publisher.build.build import make
from publisher.build.plan import plan
from publisher.checks.validate import pdf_diagnostics
from publisher.writers import themes
from publisher.writers.contract import Output
from publisher.writers.custom_properties import custom_properties
from publisher.writers.pdf.page_text import placed_text
from tests import layout
from tests.conftest import ROOT, SAMPLE, Run

HANG = {"brief": 98.3, "report": 0, "digest": 57}  # CSS pixels; the digest's band runs to the edges
ARTICLE = "# The lock opens\n\nBarges passed the lock at seven.\n"


def built(source: Path, theme: str) -> Output:
    (output,) = make(plan([source], [Path("x.pdf")], theme)).outputs.values()
    return output


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["brief", "report", "digest"])
def test_each_theme_sets_the_sample_without_a_fault(theme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with layout.laid_out(monkeypatch) as seen:
        output = built(SAMPLE, theme)
    wrong = [one for _, document in seen for one in layout.clipped(document, HANG[theme])]
    wrong += [one for _, document in seen for one in layout.lonely_headings(document)]
    assert wrong == []
    with pikepdf.open(io.BytesIO(output.data)) as pdf:
        assert list(pdf_diagnostics(pdf)) == []


@pytest.mark.parametrize("mark", ["> ", "- "])
def test_quotations_and_lists_that_are_deep_stay_in_their_column(
    mark: str, edition: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = edition({"a.md": f"# A\n\nWords.\n\n{mark * 95}The word at the bottom of it all.\n"})
    with layout.laid_out(monkeypatch) as seen:
        built(home / "a.md", "digest")
    assert "bottom" in "".join(text for _, document in seen for _, text, _ in placed_text(document))
    assert [fault for _, document in seen for fault in layout.clipped(document, HANG["digest"])] == []


def test_text_over_an_edge_and_a_lonely_heading_are_found(edition: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    css = ".text p { margin-right: -200pt; white-space: nowrap } h2 { break-after: page !important }"
    home = edition({"mine/custom.css": css, "mine/theme.toml": "", "a.md": "# A\n\n" + "word " * 60 + "\n\n## Alone\n\nText.\n"})
    with layout.laid_out(monkeypatch) as seen:
        built(home / "a.md", "./mine")
    assert any(list(layout.clipped(document, 98.3)) for _, document in seen)
    assert any(list(layout.lonely_headings(document)) for _, document in seen)


@pytest.mark.slow
def test_a_report_begins_each_part_on_a_right_hand_page_and_mirrors_its_margins() -> None:
    output = built(SAMPLE, "report")
    with pikepdf.open(io.BytesIO(output.data)) as pdf:
        parts = [item for item in pdf.open_outline().root if item.children]
        pages = [pdf.pages.index(pikepdf.Page(item.destination[0])) + 1 for item in parts]
    assert len(pages) >= 3 and all(page % 2 for page in pages)
    lines = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=output.data, capture_output=True, check=True).stdout.decode()
    starts = [
        min(float(word.split('"')[1]) for word in page.split("<word ")[1:])
        for page in lines.split("<page ")[1:]
        if page.count("<word ") > 150
    ]
    assert max(starts) - min(starts) > 15  # points: inner and outer margin differ by 6 mm


def test_one_file_beside_the_manifest_changes_a_theme(publisher: Callable[..., Run], edition: Callable[..., Path]) -> None:
    """No copy of the theme: a folder with one tokens.css, named by `theme = "./mine"`."""
    manifest = '[edition]\ntitle = "T"\n[[section]]\narticles = ["a.md"]\n[outputs."out.pdf"]\ntheme = "./mine"\n'
    home = edition(
        {"mine/tokens.css": ":root { --ink: #123456 }", "mine/theme.toml": "", "publisher.toml": manifest, "a.md": ARTICLE}
    )
    assert publisher("build").code == 0
    with pikepdf.open(home / "out.pdf") as pdf:
        drawn = b"".join(
            page.Contents.read_bytes()
            if not isinstance(page.Contents, pikepdf.Array)
            else b"".join(one.read_bytes() for one in page.Contents)
            for page in pdf.pages
        )
    assert b"0.070588 0.203922 0.337255" in drawn or b"0.07058" in drawn


def test_a_template_extends_its_parents_of_the_same_name(publisher: Callable[..., Run], edition: Callable[..., Path]) -> None:
    block = '{% extends "brief/sheet.xhtml.j2" %}{% block part %}<p>House line</p>{% endblock %}'
    home = edition({"mine/templates/sheet.xhtml.j2": block, "mine/theme.toml": 'extends = "brief"\n', "a.md": ARTICLE})
    assert publisher("build", "a.md", "-t", "./mine", "-o", "a.pdf").code == 0
    text = subprocess.run(["pdftotext", home / "a.pdf", "-"], capture_output=True, check=True).stdout.decode()
    assert "House line" in text and "Barges passed" in text


@pytest.mark.parametrize(
    ("file", "content", "line", "what"),
    [
        ("custom.css", "p { color: red }\n\np { colour: red }\n", 3, "unknown property"),
        ("custom.css", "p { color: red }\nh1 { font-size: many }\n", 2, "invalid value"),
        ("custom.css", "p { color: red }\nh1 { color: blue\n", 2, "never closed"),
        ("custom.css", "\n\np { color: var(--inc) }\n", 3, "no :root sets --inc"),
        ("custom.css", "@font-face { font-family: X }\n", 1, "Missing src"),
        ("theme.toml", 'label = "x"\nflows = "auto"\n', 2, "unknown key 'flows'"),
        ("theme.toml", 'recto = "yes"\n', 1, "recto is 'yes'"),
        (
            "custom.css",
            'p { color: red }\n\nh2 { margin: 0 }\nli::marker { content: "x" }\nh3 { margin: 0 }\n',
            4,
            "fails on this rule",
        ),
        ("page.css", 'p { color: red }\nli::marker { content: "x" }\n', 2, "fails on this rule"),
        ("custom.css", b"p { color: red }\n/* \xff */\n", 2, "not UTF-8"),
        ("templates/sheet.xhtml.j2", "<html>\n{% for x in %}\n", 2, "template"),
        ("templates/sheet.xhtml.j2", "<html>\n{{ 1 // 0 }}\n", 2, "template: ZeroDivisionError"),
    ],
)
def test_a_fault_in_a_theme_is_an_error_with_file_and_line(
    publisher: Callable[..., Run], edition: Callable[..., Path], file: str, content: str | bytes, line: int, what: str
) -> None:
    home = edition({"mine/theme.toml": "", f"mine/{file}": content, "a.md": f"{ARTICLE}\n\n- lock\n- gate\n", "a.pdf": b"before"})
    run = publisher("build", "a.md", "-t", "./mine", "-o", "a.pdf", "--no-cache")
    assert run.code == 1
    assert f"{file}:{line}" in run.err and what.casefold() in run.err.casefold()
    assert (home / "a.pdf").read_bytes() == b"before"
    assert "Traceback" not in run.err


@pytest.mark.parametrize(
    ("file", "words"),
    [("ebook.css", "ebook.css:1: error: not UTF-8"), ("templates/chapter.xhtml.j2", "chapter.xhtml.j2 is not UTF-8")],
)
def test_a_file_of_a_theme_for_books_that_is_not_utf_8_is_an_error(
    publisher: Callable[..., Run], edition: Callable[..., Path], file: str, words: str
) -> None:
    edition({"mine/theme.toml": "", f"mine/{file}": b"\xff", "a.md": ARTICLE})
    run = publisher("build", "a.md", "-t", "./mine", "-o", "a.epub", "--no-cache")
    assert run.code == 1 and words in run.err


def test_every_theme_sets_only_custom_properties_of_the_grammar() -> None:
    """docs/themes.md is the table of them; a shipped theme that invents one breaks the promise that they share a grammar."""
    brief = custom_properties((themes.shipped() / "brief" / "tokens.css").read_text("utf-8"))
    documented = (ROOT / "docs" / "themes.md").read_text("utf-8")
    assert [name for name in brief if f"`{name}`" not in documented] == []
    for path in (*themes.shipped().glob("*/tokens.css"), *themes.shipped().glob("*/paper/*.css")):
        own = custom_properties(path.read_text("utf-8"))
        assert [name for name in own if name not in brief and f"`{name}`" not in documented] == [], path


@pytest.mark.slow
def test_fonts_stand_once_in_the_file_and_no_page_needs_another(shared: Path, tmp_path: Path) -> None:
    """At most 1.15 times the size of the same articles as one document."""
    from publisher.writers.pdf import sheets

    subprocess.run([sys.executable, shared / "bench" / "workloads.py", tmp_path, "12"], check=True, capture_output=True)
    many = built(tmp_path, "brief")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheets, "_divided", lambda parts, _: [tuple(parts)])
        patch.setattr(sheets, "_segments", lambda parts: iter([parts]))
        one = built(tmp_path, "brief")
    assert len(many.data) <= 1.15 * len(one.data)


def distance(one: Image.Image, other: Image.Image) -> float:
    """How different two pages look: the mean difference of gray levels (0-255) at a tenth of the size."""
    small = [picture.convert("L").resize((56, 80), Image.Resampling.BOX) for picture in (one, other)]
    return ImageStat.Stat(ImageChops.difference(*small)).mean[0]


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["brief", "report", "digest"])
def test_the_gallery_shows_the_pages_of_today(theme: str) -> None:
    """After a change of design: `python tools/gallery.py`, and look at what it drew."""
    gallery = runpy.run_path(str(ROOT / "tools" / "gallery.py"))
    drawn = gallery["pages"](theme, gallery["THEMES"][theme])
    shown = [Image.open(path) for path in sorted((ROOT / "docs" / "gallery").glob(f"{theme}-*.png"))]
    assert len(shown) == len(drawn) == 10
    assert [number for number, pair in enumerate(zip(drawn, shown, strict=True), 1) if distance(*pair) > 2] == []
    assert distance(drawn[0], shown[5]) > 2  # the measure sees a difference where there is one


def test_every_key_of_theme_toml_stands_in_the_documents_and_in_the_hint(
    edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    page = (ROOT / "docs" / "themes.md").read_text("utf-8")
    edition({"a.md": ARTICLE, "mine/theme.toml": "colour = 1\n"})
    run = publisher("build", "a.md", "-o", "a.epub", "-t", "./mine")
    assert run.code == 1 and "theme.toml:1: error: unknown key 'colour' [theme-settings]" in run.err
    for key in ("extends", *(field.name for field in fields(themes.ThemeSettings))):
        assert f"`{key}`" in page or f"{key} =" in page, key
        assert key in run.err


def test_themes_that_extend_each_other_are_an_error(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    edition({"a.md": ARTICLE, "mine/theme.toml": 'extends = "yours"\n', "yours/theme.toml": 'extends = "mine"\n'})
    run = publisher("build", "a.md", "-o", "a.epub", "-t", "./mine")
    assert run.code == 1 and "the theme mine extends itself [theme-circle]" in run.err

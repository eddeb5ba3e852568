"""Fonts of the machine: none reaches a page of a theme that has all characters; where they must, a warning names them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from weasyprint.text.ffi import ffi, fontconfig

from publisher.checks.validate import pdf_diagnostics
from publisher.model.diagnostics import Location
from publisher.model.edition import Entry
from publisher.model.metadata import Metadata
from publisher.writers import themes
from publisher.writers.pdf.font_configuration import ThemeFontConfiguration, in_use
from publisher.writers.pdf.font_families import undeclared_families
from publisher.writers.pdf.styles import page_styles
from publisher.writers.system_fonts import SystemFont, merged_fonts, system_font_diagnostics
from tests.conftest import ROOT


def environment(**variables: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT / "src"), **variables}


def fonts_conf(folder: Path, *fonts: Path, first: str = "") -> Path:
    """Rules of Fontconfig with these folders of fonts; the family `first` is put before all that a page asks for."""
    edit = f'<edit name="family" mode="prepend_first" binding="strong"><string>{first}</string></edit>'
    rule = f'<match target="pattern">{edit}</match>' if first else ""
    folders = "".join(f"<dir>{path}</dir>" for path in fonts)
    conf = folder / "fonts.conf"
    conf.write_text(f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>{folders}{rule}</fontconfig>')
    return conf


def lock_signs(folder: Path, characters: str) -> Path:
    """A folder with a font of the family Lock Signs, version 1.250, whose characters are all the same square."""
    folder.mkdir()
    pen = TTGlyphPen(None)
    for x, y, draw in ((50, 0, pen.moveTo), (50, 700, pen.lineTo), (550, 700, pen.lineTo), (550, 0, pen.lineTo)):
        draw((x, y))
    pen.closePath()
    square, empty = pen.glyph(), TTGlyphPen(None).glyph()
    names = {0x20: "space", **{ord(char): f"u{ord(char):04X}" for char in characters}}
    builder = FontBuilder(1000)
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap(names)
    builder.setupGlyf({".notdef": empty, **dict.fromkeys(names.values(), square), "space": empty})
    builder.setupHorizontalMetrics(dict.fromkeys(builder.font.getGlyphOrder(), (600, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    strings = {"familyName": "Lock Signs", "styleName": "Regular", "version": "Version 1.250", "psName": "LockSigns"}
    builder.setupNameTable(strings)
    builder.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    builder.save(folder / "LockSigns.ttf")
    return folder


def command(folder: Path, *arguments: str, **variables: str) -> str:
    """The messages of the command, run in a process of its own."""
    call = [sys.executable, "-m", "publisher", *arguments]
    done = subprocess.run(call, cwd=folder, env=environment(**variables), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.mark.parametrize("first", ["Lock Signs", "Code", ""])  # a family of the machine, of the theme; no font at all
def test_fonts_and_rules_of_the_machine_change_no_page_that_needs_none(first: str, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Lock\n\n*Words* of **water**, 水 and ماء, `code` ★.\n", "utf-8")
    fonts = lock_signs(tmp_path / "fonts", "aeoLdk")  # with letters that are in the text
    command(tmp_path, "build", "a.md", "-o", "1.pdf", "-o", "1.epub", "--no-cache")
    conf = fonts_conf(tmp_path, *[fonts][: len(first)], first=first)
    command(tmp_path, "build", "a.md", "-o", "2.pdf", "-o", "2.epub", "--no-cache", FONTCONFIG_FILE=str(conf))
    assert (tmp_path / "1.pdf").read_bytes() == (tmp_path / "2.pdf").read_bytes()
    assert (tmp_path / "1.epub").read_bytes() == (tmp_path / "2.epub").read_bytes()


def test_a_font_of_the_machine_is_embedded_warned_of_and_recorded(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Signs\n\nThe sign ꡃ of the lock.\n", "utf-8")
    (tmp_path / "b.md").write_text("# Words\n\nNo sign, but ꡄ and ꡅ.\n", "utf-8")
    (tmp_path / "publisher.toml").write_text('[edition]\ntitle = "Week ꡃ"\n', "utf-8")
    conf = fonts_conf(tmp_path, lock_signs(tmp_path / "fonts", "ꡃꡄ"))
    options = (".", "-o", "dist/x.pdf", "-o", "dist/x.epub", "--cache", "cache")
    first = command(tmp_path, "build", *options, FONTCONFIG_FILE=str(conf))
    assert "a.md:3: warning: no font of the theme has ꡃ (U+A843 PHAGS-PA LETTER NGA); set in Lock Signs (1.250), a font" in first
    assert "b.md:3: warning: no font of the theme has ꡄ (U+A844 PHAGS-PA LETTER CA); set in Lock Signs (1.250), a font" in first
    assert "b.md:3: warning: no font has ꡅ (U+A845 PHAGS-PA LETTER CHA); a mark with its code point" in first
    assert "\nwarning: no font of the theme has ꡃ" in f"\n{first}"  # on the cover of the e-book, which is drawn
    with pikepdf.open(tmp_path / "dist" / "x.pdf") as file:
        names = {str(item.FontName) for item in file.objects if isinstance(item, pikepdf.Dictionary) and "/FontFile2" in item}
        assert any(name.endswith("+Lock-Signs") for name in names)
        assert list(pdf_diagnostics(file)) == []
    assert command(tmp_path, "build", *options, FONTCONFIG_FILE=str(conf)) == first  # from the cache
    record = (
        "from pathlib import Path; from publisher.build.build import make; from publisher.build.plan import plan\n"
        "from publisher.store.cache import Cache\n"
        "report = make(plan([Path()], [Path('dist/x.pdf'), Path('dist/x.epub')]), cache=Cache(Path('cache')))\n"
        "print([output.system_fonts for output in report.outputs.values()])"
    )
    known = environment(FONTCONFIG_FILE=str(conf))
    recorded = subprocess.run([sys.executable, "-c", record], cwd=tmp_path, env=known, capture_output=True, text=True)
    assert recorded.stdout.strip() == "[('Lock Signs (1.250)',), ('Lock Signs (1.250)',)]", recorded.stderr


def test_a_font_that_the_theme_only_names_is_taken_from_the_machine_and_warned_of(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Signs\n\nbad dab\n", "utf-8")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "custom.css").write_text("article p { font: 10pt Lock Signs, serif }\n")
    conf = fonts_conf(tmp_path, lock_signs(tmp_path / "fonts", "abd"))
    shown = command(tmp_path, "build", "a.md", "-o", "x.pdf", "-t", "./mine", "--no-cache", FONTCONFIG_FILE=str(conf))
    assert "warning: text is set in Lock Signs (1.250), a font of this machine, which the theme names" in shown


def test_a_theme_that_asks_for_no_family_gets_its_own_fonts(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Signs\n\nbad dab\n", "utf-8")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "custom.css").write_text("article p { font-family: monospace }\n")
    assert "font-system" not in command(tmp_path, "build", "a.md", "-o", "x.pdf", "-t", "./mine", "--no-cache")
    with pikepdf.open(tmp_path / "x.pdf") as file:
        names = {str(item.FontName) for item in file.objects if isinstance(item, pikepdf.Dictionary) and "/FontFile2" in item}
    assert any(name.endswith("+Code") for name in names)


def test_a_program_that_uses_the_library_keeps_its_rules_of_fonts() -> None:
    before = fontconfig.FcConfigReference(ffi.NULL)
    own = ThemeFontConfiguration()
    with pytest.raises(ValueError, match="inside"), in_use(own):
        assert fontconfig.FcConfigReference(ffi.NULL) == own._config
        raise ValueError("inside")
    assert fontconfig.FcConfigReference(ffi.NULL) == before


@pytest.mark.parametrize(
    ("css", "families"),
    [
        ("p { font-family: Text, serif }", {"text"}),
        ("@font-face { font-family: Text; src: url(a.ttf) } p { font-family: 'text' }", set()),
        ("@media print { @page { @top-left { font: italic bold 10pt/1.2 Lock Signs, 'Other Font', sans-serif } } }",
         {"lock signs", "other font"}),
        ("p { font: inherit } b { font-family: monospace } i { font: 9pt serif; color: red }", set()),
        ("p { font-size: 10pt; font-style: italic }", set()),
    ],
)  # fmt: skip
def test_families_that_only_the_machine_can_have(css: str, families: set[str]) -> None:
    assert undeclared_families((css,)) == families


@pytest.mark.parametrize("name", ["brief", "report", "digest"])
def test_the_shipped_themes_name_no_font_of_the_machine(name: str) -> None:
    theme = themes.load(name)
    sheets = page_styles(theme, "A4", ("page.css", "rtl.css", "running.css", "running-rtl.css", "cover.css"))
    assert not undeclared_families((*(sheet.css for sheet in sheets), theme.read("fallback.css")))


def test_a_font_is_named_for_each_article_that_it_is_in() -> None:
    fonts = merged_fonts([SystemFont("Signs", "", "ꡄ"), SystemFont("Other", "2", "水"), SystemFont("Signs", "", "ꡃ")])
    assert fonts == (SystemFont("Other", "2", "水"), SystemFont("Signs", "", "ꡃꡄ"))
    entries = [
        Entry(slug, Metadata(title=slug), f"<p>Over {text}</p>", 1) for slug, text in (("a", "ꡃ"), ("b", "ꡄꡃ"), ("c", "x"))
    ]
    found = list(system_font_diagnostics(fonts, entries, lambda slug, _: Location(f"{slug}.md", 2)))
    assert [(str(one.location), one.slugs) for one in found] == [("None", ()), ("a.md:2", ("a",)), ("b.md:2", ("b",))]
    assert "set in Other (2), a font of this machine" in found[0].message
    assert "has ꡄ (U+A844 PHAGS-PA LETTER CA), ꡃ (U+A843 PHAGS-PA LETTER NGA); set in Signs, a font" in found[2].message

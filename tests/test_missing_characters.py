"""Characters without a glyph: symbols have a face, icons of icon fonts go, and for others a mark with the code point stands."""

from __future__ import annotations

import io
import re
import subprocess
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import uharfbuzz
from fontTools.ttLib import TTFont

from publisher.build.ingest import articles_of
from publisher.build.places import _written_forms
from publisher.input.manuscript import Manuscript
from publisher.model.codes import Code
from publisher.model.diagnostics import Location
from publisher.model.edition import Entry
from publisher.model.metadata import Metadata
from publisher.model.parts import Removal, Resource
from publisher.text.characters import code_point
from publisher.text.plain_text import text_of
from publisher.writers import themes
from publisher.writers.code_points import code_point_font
from publisher.writers.epub.fonts import characters_for_marks, with_marks
from publisher.writers.missing_characters import font_package, missing_character_diagnostics
from publisher.writers.pdf import engine
from publisher.writers.pdf.styles import FALLBACK, FallbackFace, _joined, fallback_faces
from publisher.writers.pdf.weasyprint_patches import without_private_characters
from tests.conftest import Run
from tests.reader_samples import article, tree
from tests.test_readers import packed

THEME = themes.load("brief")

# Symbols have a face

SYMBOL_BLOCKS = (
    (0x2000, 0x206F), (0x2070, 0x209F), (0x20A0, 0x20CF), (0x20D0, 0x20FF), (0x2100, 0x214F), (0x2150, 0x218F), (0x2190, 0x21FF),
    (0x2200, 0x22FF), (0x2300, 0x23FF), (0x2400, 0x243F), (0x2440, 0x245F), (0x2460, 0x24FF), (0x2500, 0x257F), (0x2580, 0x259F),
    (0x25A0, 0x25FF), (0x2600, 0x26FF), (0x2700, 0x27BF), (0x27C0, 0x27EF), (0x27F0, 0x27FF), (0x2800, 0x28FF), (0x2900, 0x297F),
    (0x2980, 0x29FF), (0x2A00, 0x2AFF), (0x2B00, 0x2BFF), (0x2E00, 0x2E7F), (0x2FF0, 0x2FFF), (0x3000, 0x303F), (0x31C0, 0x31EF),
    (0x3200, 0x32FF), (0x3300, 0x33FF), (0x4DC0, 0x4DFF), (0xA700, 0xA71F), (0xFE10, 0xFE1F), (0xFE30, 0xFE4F), (0xFE50, 0xFE6F),
)  # fmt: skip
NOT_DRAWN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"}
# U+332C is in no free font that was looked at; the others came with Unicode 15.1 and later.
WITHOUT_FACE = {0x332C, *range(0x2427, 0x242A), 0x20C1, 0x2B96, *range(0x2FFC, 0x3000), 0x31E4, 0x31E5, 0x31EF}


def characters_of(name: str) -> set[int]:
    path = THEME.path(name)
    assert path
    return set(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path))).unicodes)


def faces() -> tuple[FallbackFace, ...]:
    path = THEME.path(FALLBACK)
    assert path
    return fallback_faces(path)


def test_every_symbol_of_the_basic_plane_has_a_face() -> None:
    present = characters_of("fonts/SourceSerif4-Regular.ttf")
    for face in faces():
        present |= {number for number in characters_of(face.file) if face.covers(frozenset({number}))}
    drawn = (
        number
        for first, last in SYMBOL_BLOCKS
        for number in range(first, last + 1)
        if unicodedata.category(chr(number)) not in NOT_DRAWN
    )
    assert [f"{number:04X}" for number in drawn if number not in present | WITHOUT_FACE] == []


def test_the_face_of_signs_is_loaded_for_exactly_the_characters_that_it_has() -> None:
    (signs,) = [face for face in faces() if "Signs" in face.css]
    spaces = {number for number in characters_of(signs.file) if chr(number).isspace()}
    assert 0x20 in spaces  # the engine sets the space behind a sign in its font
    assert {number for first, last in signs.ranges for number in range(first, last + 1)} == characters_of(signs.file) - spaces


@pytest.mark.parametrize("number", [0x0F, 0x10, 0x1F, 0x20, 0x25, 0x30])
def test_a_face_is_loaded_for_the_characters_of_its_ranges(number: int) -> None:
    face = FallbackFace("", _joined([(0x25, 0x30), (0x10, 0x1A), (0x15, 0x1F)]))
    assert face.ranges == ((0x10, 0x1F), (0x25, 0x30))
    assert face.covers(frozenset({number})) is (number in (0x10, 0x1F, 0x25, 0x30))


def test_each_font_of_the_theme_is_under_a_license_that_stands_beside_it() -> None:
    for font in map(THEME.path, THEME.font_names()):
        assert font
        licenses = [path for path in font.parent.iterdir() if path.suffix in (".md", ".txt")]
        names = [path.stem.partition("-")[2] for path in licenses]  # of a family, such as SourceSerif4
        texts = [path.read_text("utf-8") for path in licenses]
        assert font.name.startswith(tuple(names)) or any(font.name in text for text in texts), font.name


# Icons

ICON = "\uf002"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (f"<p><span>{ICON}</span>Search the archive.</p>", "Search the archive."),
        (f"<p><i class='fa'>{ICON}</i> Search.</p>", "Search."),
        (f"<p>Read more <i>{ICON}</i></p>", "Read more"),
        (f"<p>{ICON} Item of a word processor.</p>", "Item of a word processor."),
        (f"<p>{ICON}\ufe0f Item.</p>", "Item."),
        (f"<p>{ICON} Phone<br>{ICON} Mail<br>{ICON}<br>end</p>", "Phone Mail end"),
        (f"<p><i>{ICON}</i> <i>\U000f0001</i> <i>\U0010fffd</i> Share.</p>", "Share."),
        (f"<p>Doors.</p><p>{ICON}</p>", "Doors."),
    ],
)
def test_a_private_character_where_no_word_is_goes(markup: str, text: str) -> None:
    found = article("a.html", f"<article><h1>A</h1>{markup}</article>")
    assert " ".join(text_of(found).split()) == f"A {text}"
    assert {removal.rule for removal in found.removed} == {"icon of an icon font"}


@pytest.mark.parametrize(
    "markup",
    [
        f"<p>One word, then {ICON} a private sign.</p>",
        f"<p>The word ab{ICON}c.</p>",
        f"<p>{ICON}bc is a word.</p>",
        f"<p>{ICON}<b>bc</b> is a word.</p>",
        f"<p>{ICON}\uf003 is a word.</p>",
        f"<p>A sign at the end {ICON}</p>",
        f"<p>Its name is <code>{ICON}</code>.</p>",
    ],
)
def test_a_private_character_beside_words_stays(markup: str) -> None:
    assert ICON in tree(markup)


def test_a_removed_icon_is_recorded_with_its_code_point_and_the_address_of_its_link() -> None:
    found = article(
        "a.html", f"<article><h1>{ICON} A</h1><p>Words.</p><p><a href='https://example.org/x'><i>{ICON}</i></a></p></article>"
    )
    assert found.metadata.title == "A"
    assert [removal.words for removal in found.removed] == ["U+F002", "U+F002, https://example.org/x"]
    assert found.removed[0] == Removal("icon of an icon font", "U+F002")


ICON_PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>The lock</title></head><body><article><h1><i>{ICON}</i> The lock</h1>
<p><span>{ICON}</span>Search the archive.</p>
<p>One word, then \ue037 a private sign, and <a href="#x">x\U000f1234y</a>.</p>
</article></body></html>"""


def test_a_page_with_an_icon_font_is_published_in_both_formats(
    edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    home = edition({"a.html": ICON_PAGE})
    run = publisher("build", "a.html", "-o", "a.pdf", "-o", "a.epub")
    assert run.code == 0 and run.err.count("[glyph-missing]") == 1  # the same for both
    assert "a.html:3: warning: no font has U+E037 (private use), U+F1234 (private use); marks with their" in run.err
    text = subprocess.run(["pdftotext", home / "a.pdf", "-"], capture_output=True, check=True).stdout.decode()
    assert "Search the archive." in text and "then U+E037 a private sign, and xU+F1234y." in " ".join(text.split())
    with zipfile.ZipFile(home / "a.epub") as book:
        chapter, font = book.read("EPUB/a.xhtml").decode(), book.read("EPUB/fonts/code-points.ttf")
        assert ".code-point { font-family: 'Code Points' }" in book.read("EPUB/style.css").decode()
    assert 'then <span class="code-point">\ue037</span> a' in chapter and ICON not in chapter
    assert {0xE037, 0xF1234} <= set(TTFont(io.BytesIO(font)).getBestCmap())
    assert publisher("check", "a.pdf", "a.epub").code == 0
    assert publisher("build", "a.html", "-o", "a.pdf", "--strict").code == 3


# Marks in the PDF


def test_a_character_that_no_font_has_is_a_warning_with_its_place_its_name_and_a_package(
    edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    home = edition({"a.md": "# A\n\nWords.\n\nThe sign ꡃ, the word ꡅ and ꡃ.\n", "b.html": "<h1>B</h1>\n<p>Or &#xA843; here.</p>"})
    run = publisher("build", "a.md", "b.html", "-o", "a.pdf")
    assert run.code == 0
    assert "a.md:5: warning: no font has ꡃ (U+A843 PHAGS-PA LETTER NGA), ꡅ (U+A845 PHAGS-PA LETTER CHA); marks with" in run.err
    assert "b.html:2: warning: no font has ꡃ" in run.err and run.err.count("hint: install fonts-noto-core") == 2
    text = subprocess.run(["pdftotext", home / "a.pdf", "-"], capture_output=True, check=True).stdout.decode()
    assert "The sign ꡃ, the word ꡅ and ꡃ." in text  # what is read out or copied is the character
    fonts = subprocess.run(["pdffonts", home / "a.pdf"], capture_output=True, check=True).stdout.decode()
    assert "Code-Points" in fonts


def test_an_edition_whose_title_no_font_has_names_no_file(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    edition({"publisher.toml": '[edition]\ntitle = "Week ꡃ"\n', "a.md": "# A\n\nWords.\n"})
    run = publisher("build", ".", "-o", "x.pdf", "-o", "x.epub")
    assert run.code == 0 and run.err.count("warning: no font has ꡃ (U+A843 PHAGS-PA LETTER NGA)") == 1


ODD = (
    "\u0378 and \U0001fffd",  # not assigned
    "\u0301first and \U0001e8d0 alone",  # combining
    "\ufe0f and a\ufe0f and 葛\U000e0100",  # variation selectors
    "👨‍👩‍👧‍👦 and 🏳️‍🌈 and 1️⃣ and 🇩🇪",  # sequences
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # tags
    "\U000e0080 and \U000e01f0",  # plane 14
    "\u115f and \ufff9x\ufffay\ufffb",  # what is drawn as nothing
    "\U000f0000x and \U0010fffd y",  # private use in planes 15 and 16
)


def test_no_character_refuses_a_brief_or_a_book(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    text = "# Title {0} end\n\nWords, {0} and word{0}word.\n\n`{0} code`\n"
    edition({f"a{number}.md": text.format(odd) for number, odd in enumerate(ODD)})
    assert publisher("build", *(f"a{number}.md" for number in range(len(ODD))), "-o", "x.pdf", "-o", "x.epub").code == 0
    assert publisher("check", "x.pdf", "x.epub").code == 0


def test_only_characters_that_are_shown_are_looked_for() -> None:
    xhtml = '<html><body><p title="ꡃ">Café “x” – ⓘ\u00a0水</p><img alt="ꡄ" data-characters="ꡅ"/></body></html>'
    assert engine.characters_without_glyph(xhtml, THEME) == "ꡅ"
    assert (
        engine.characters_drawn_as_boxes(['glyph rendered for Unicode string unsupported by fonts: "b a" (U+0000)', "x"]) == "ab"
    )


def test_a_mark_has_a_width_of_its_own_and_digits_in_two_rows() -> None:
    data = code_point_font("\ue037\U0001e8d0\u0f71", THEME)
    assert data == code_point_font.__wrapped__("\ue037\U0001e8d0\u0f71", THEME)
    four, six, other, space = [advance(data, char) for char in "\ue037\U0001e8d0\u0f71 "]  # the second and third are combining
    assert six > four == other > space > 0
    font = TTFont(io.BytesIO(data))
    contours = {number: font["glyf"][name].numberOfContours for number, name in font.getBestCmap().items()}
    assert contours[0xE037] == 2 + contours_of("E037") and contours[0x1E8D0] == 2 + contours_of("01E8D0")


def contours_of(digits: str) -> int:
    """The number of outlines of digits: the frame of a mark has two."""
    path = THEME.path("fonts/SourceCodePro-Semibold.ttf")
    assert path
    font = TTFont(path)
    return sum(int(font["glyf"][font.getBestCmap()[ord(digit)]].numberOfContours) for digit in digits)


def advance(data: bytes, char: str) -> int:
    buffer = uharfbuzz.Buffer()
    buffer.add_str(char)
    buffer.guess_segment_properties()
    uharfbuzz.shape(uharfbuzz.Font(uharfbuzz.Face(data)), buffer)
    (position,) = buffer.glyph_positions
    assert not position.x_offset and not position.y_offset
    return int(position.x_advance)


def test_a_pdf_gives_the_code_point_of_a_private_character() -> None:
    assert without_private_characters("a\ue037b\U0010fffd水") == "aU+E037bU+10FFFD水"


# Messages

PACKAGES = [
    ("水", "fonts-noto-cjk"), ("가", "fonts-noto-cjk"), ("\U00020000", "fonts-hanazono"), ("\U00010330", "fonts-noto-core"),
    ("ꡃ", "fonts-noto-core"), ("\U0001f600", "fonts-noto-color-emoji"), ("\U00010570", "fonts-unifont"),
]  # fmt: skip


@pytest.mark.parametrize(("char", "package"), PACKAGES)
def test_the_package_that_has_a_font(char: str, package: str) -> None:
    assert font_package(char) == package


def entry(slug: str, xhtml: str, *resources: Resource) -> Entry:
    return Entry(slug, Metadata(title=slug), xhtml, 3, resources)


def test_messages_are_one_for_each_file_and_hint() -> None:
    drawing = Resource("d.svg", "image/svg+xml", "<svg><text>Ꭰ</text></svg>".encode())
    entries = [
        entry("a", "<article>Over the ꡃ weir &amp; \U0001e8d0 lock \ue123x \u0378.</article>", drawing),
        entry("b", "<article>Again ꡃ.</article>"),
    ]
    found = list(missing_character_diagnostics("ꡃ\U0001e8d0\ue123\u0378Ꭰ水", entries, lambda slug, char: Location("f.md", 7)))
    assert {one.code for one in found} == {Code.GLYPH_MISSING}
    around = "ꡃ weir & \U0001e8d0 lock \ue123x \u0378."
    assert [(str(one.location), one.message) for one in found] == [
        ("f.md:7", "no font has ꡃ (U+A843 PHAGS-PA LETTER NGA), U+1E8D0 (MENDE KIKAKUI COMBINING NUMBER TEENS), "
         f"Ꭰ (U+13A0 CHEROKEE LETTER A); marks with their code points stand for them: “…Over the {around}…”"),
        ("f.md:7", f"no font has U+E123 (private use); a mark with its code point stands for it: “…ver the {around} Ꭰ…”"),
        ("f.md:7", f"no font has U+0378 (not assigned); a mark with its code point stands for it: “…the {around} Ꭰ…”"),
        ("None", "no font has 水 (U+6C34 CJK UNIFIED IDEOGRAPH-6C34); a mark with its code point stands for it"),
    ]  # fmt: skip
    assert [one.hint.partition(" ")[0] for one in found] == ["install", "only", "Unicode", "install"]


def test_a_message_lists_twelve_characters() -> None:
    chars = "".join(chr(0xA840 + number) for number in range(14))
    (one,) = missing_character_diagnostics(chars, [entry("a", chars)], lambda slug, char: Location(slug))
    assert one.message.count("U+") == 12 and " and 2 more; " in one.message


def test_a_character_is_found_in_a_manuscript_in_each_of_its_forms() -> None:
    assert _written_forms("\ue037") == ("\ue037", "&#xe037;", "&#xE037;", "&#XE037;", "&#57399;", "\\ue037")
    assert _written_forms("\U000f1234")[-1] == "\\udb84\\ude34"
    assert code_point("a") == "U+0061" and code_point("\U0010fffd") == "U+10FFFD"


# Marks in the book


def test_marks_of_a_book_are_for_what_no_font_can_be_expected_to_have() -> None:
    body = "<p title='\ue001'>a\ue002 ꡃ \u0378 \U000e0080</p>"
    assert characters_for_marks(THEME, [f"<html><body>{body}</body></html>"]) == "\u0378\ue002"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<body><p>a\ue002\ue002b</p></body>", '<body><p>a<span class="code-point">\ue002\ue002</span>b</p></body>'),
        ("<head><title>\ue002</title></head><body><p>b</p></body>", "<head><title>\ue002</title></head><body><p>b</p></body>"),
        ('<body class="\ue002"><p title="\ue002">b</p></body>', '<body class="\ue002"><p title="\ue002">b</p></body>'),
        ("<body><math><mi>\ue002</mi></math></body>", "<body><math><mi>\ue002</mi></math></body>"),
        ("<body><p>b</p></body>", "<body><p>b</p></body>"),
    ],
)
def test_marks_of_a_book_are_elements_of_a_class(before: str, after: str) -> None:
    assert with_marks(before, "\ue002") == after


# Word documents, whose reader works with marks

FORMULA = "<w:p><m:oMath><m:r><m:t>x</m:t></m:r></m:oMath></w:p>"


@pytest.mark.parametrize("formula", ["", FORMULA])
@pytest.mark.parametrize("marks", ["\ue0007\ue001", "\ue0000\ue001", "\ufdd07\ufdd1", "&#xFDD0;0&#xFDD1;", "\ufdd25\ufdd3"])
def test_what_looks_like_a_mark_of_the_reader_is_text(marks: str, formula: str, tmp_path: Path) -> None:
    (folder := tmp_path / "a.docx").mkdir()
    (folder / "body.xml").write_text(f"<w:p><w:r><w:t>Words, a{marks}b.</w:t></w:r></w:p>{formula}", "utf-8")
    manuscript = Manuscript(Path("a.docx"), packed(folder), "a.docx")
    (found,) = articles_of(manuscript)
    shown = str(found.root)
    digit = re.sub(r"&#x\w+;", "", marks).strip("\ue000\ue001\ufdd0\ufdd1\ufdd2\ufdd3")
    assert re.search(f"a\ue000?{digit}\ue001?b", shown) and shown.count("<img") == bool(formula)
    assert ("\ue000" in shown) is ("\ue000" in marks)
    assert any(one.code is Code.CHARACTERS for one in manuscript.diagnostics) is ("\ue000" not in marks)

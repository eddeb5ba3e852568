"""Every change to WeasyPrint, pydyf and Pyphen at run time, until they are changed there: docs/upstream has a proposal for each.

A patch is applied only to the versions it was read in. Where one does not apply the PDF is still made; `missing` then names it,
and what depends on it (PDF/UA, PDF/A) is not claimed.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pydyf
import pyphen
import weasyprint
import weasyprint.pdf
from weasyprint import draw
from weasyprint.draw import text
from weasyprint.formatting_structure import boxes
from weasyprint.layout import block, inline
from weasyprint.pdf import tags
from weasyprint.text import line_break

from publisher.text.characters import PRIVATE_USE, code_point
from publisher.writers.pdf import line_drawing, lines
from publisher.writers.pdf.balanced_lines import are_balanced, balance_lines, declare_text_wrap
from publisher.writers.pdf.break_rules import lay_out_block, lay_out_in_flow
from publisher.writers.pdf.column_layout import lay_out_columns
from publisher.writers.pdf.face import Face
from publisher.writers.pdf.fitted_code import fit_code, is_fitted
from publisher.writers.pdf.function_source import source_of
from publisher.writers.pdf.grapheme_text import COMPLEX, MIRRORED, Grapheme, GraphemeWriter, special_graphemes
from publisher.writers.pdf.hyphenation_patterns import HyphenationPatterns
from publisher.writers.pdf.long_words import UNHYPHENATED
from publisher.writers.pdf.margin_artifacts import are_artifacts, draw_margins_as_artifacts
from publisher.writers.pdf.margin_boxes import are_left_out, leave_out_empty_margin_boxes
from publisher.writers.pdf.shared_styles import are_shared, share_styles
from publisher.writers.pdf.text_layouts import are_prepared, prepare_text_styles
from publisher.writers.pdf.used_lengths import are_resolved_once, resolve_percentages_once

_FITS = "if resume_index is None and first_line_width <= max_width:"
_FITS_WITHOUT_SPACE = "if resume_index is None and line_fits(text, style, context, first_line_width, max_width):"
_REPORT = "report = not context.in_column and can_break_now and not could_break_before"
# What is put into the loop that draws the glyphs of a line.
_BRANCHES = {
    "    x_advance = 0\n": "    x_advance = pen = 0\n",
    "        string += '<'\n        for i, glyph_info": (
        "        string += '<'\n"
        "        graphemes = special_graphemes_of(stream, textbox, glyph_item, font)\n"
        "        for i, glyph_info"
    ),
    "            width = glyph_info.geometry.width\n": (
        "            width = glyph_info.geometry.width\n"
        "            pen += width\n"
        "            if i in graphemes:\n"
        "                if graphemes[i] is not None:\n"
        "                    string = string[:-1] if string[-1] == '<' else string + '>'\n"
        "                    if string:\n"
        "                        stream.show_text(string)\n"
        "                    start = (pen - width) * FROM_UNITS\n"
        "                    stream.graphemes.write(font, pango_font, font_size, graphemes[i], start)\n"
        "                    string = '<'\n"
        "                x_advance += width * FROM_UNITS / font_size\n"
        "                continue\n"
    ),
}
_build = tags._build_box_tree
_build_fonts = weasyprint.pdf.build_fonts_dictionary
_linebox_layout = block._linebox_layout
_split_first_line = line_break.split_first_line
_hit_area = boxes.InlineBox.hit_area
_draw_text, _draw_first_line = text.draw_text, text.draw_first_line
_Pyphen = pyphen.Pyphen
_PRIVATE = re.compile(f"[{PRIVATE_USE}]")
_PATTERNS = Path(__file__).parent / "hyphenation"


@dataclass(frozen=True)
class Patch:
    """A change to a library: `name` is that of its proposal, `library` the module whose version must be one of `versions`.

    `holds` says whether the change is in effect. `claimed`: the claim of PDF/UA and PDF/A depends on it.
    """

    name: str
    library: Any
    versions: tuple[str, ...]
    apply: Callable[[], None]
    holds: Callable[[], bool]
    claimed: bool = True

    @property
    def known(self) -> bool:
        """Whether the installed version is one of `versions`, or a release of one."""
        installed = str(self.library.__version__)
        return any(installed == version or installed.startswith(f"{version}.") for version in self.versions)


def apply_patches() -> None:
    """Applies each patch whose library has a known version. Style sheets may use `text-wrap` with every version."""
    declare_text_wrap()
    for patch in PATCHES:
        if patch.known:
            patch.apply()


def missing() -> list[Patch]:
    """The patches that are not in effect, or whose effect on the installed version nobody has checked."""
    return [patch for patch in PATCHES if not (patch.known and patch.holds())]


def keep_notes_with_their_references() -> None:
    """Switches off the loop that sends a page's last notes on when a paragraph's second line overflows.

    With it, 6 of 1,451 short notes are lost and 70 displaced; without it none. No public seam reaches
    the flag, so the function is compiled again with that one expression false.
    """
    source = source_of(_linebox_layout)
    if source.count(_REPORT) == 1:
        code = compile(source.replace(_REPORT, "report = False"), block.__file__, "exec")
        exec(code, block.__dict__)  # the function's own module is its namespace


def write_graphemes_in_logical_order() -> None:
    """Lets the writer of graphemes (grapheme_text.py) write what one glyph with one text cannot say.

    The loop over the glyphs of a run has no public seam, so the function is compiled again with one more branch in it.
    """
    source = source_of(_draw_first_line)
    if all(source.count(old) == 1 for old in _BRANCHES):
        for old, new in _BRANCHES.items():
            source = source.replace(old, new)
        exec(compile(source, text.__file__, "exec"), text.__dict__)
        text.special_graphemes_of = _special_graphemes_of
        draw.draw_text = _draw_text_with_marks


def _draw_text_with_marks(stream: Any, textbox: Any, *context: Any) -> None:
    stream.graphemes = None
    if COMPLEX.search(textbox.text) or MIRRORED.search(textbox.text):
        stream.graphemes = GraphemeWriter(stream, textbox.position_x, textbox.position_y + textbox.baseline)
    _draw_text(stream, textbox, *context)
    if stream.graphemes is not None:
        stream.graphemes.draw_paths()
        stream.graphemes = None


def _special_graphemes_of(stream: Any, textbox: Any, glyph_item: Any, font: Any) -> dict[int, Grapheme | None]:
    if getattr(stream, "graphemes", None) is None or font.bitmap or font.svg or font.png or font.colr:
        return {}
    if COMPLEX.search(textbox.text):
        font.is_mirrored = getattr(font, "is_mirrored", False) or bool(glyph_item.item.analysis.level % 2)
    elif not getattr(font, "is_mirrored", False):  # a glyph of this font has one text in all of the document
        return {}
    in_rtl = textbox.style["direction"] == "rtl"
    return special_graphemes(textbox.pango_layout.text.encode(), glyph_item, font.to_unicode, in_rtl)


def remember_html_elements() -> None:
    """Lets each structure element keep the HTML element it is made of, as `html`: structure_fixes.py goes by it."""
    tags._build_box_tree = _build_with_html


def _build_with_html(box: Any, *context: Any) -> Iterator[Any]:
    if isinstance(box, boxes.MarginBox):  # an artifact (margin_artifacts.py)
        return
    for element in _build(box, *context):
        if box.element is not None and not hasattr(element, "html"):
            element.html = box.element
        yield element


@dataclass(frozen=True)
class EmbeddedFont:
    """A font that is written into a PDF: its file, the number of the font in it, and the texts of the glyphs that are used."""

    family: str
    data: bytes
    index: int
    texts: tuple[str, ...]


@dataclass
class WrittenFonts:
    """The fonts of a PDF: those of the theme, which are left out, and those that are embedded."""

    faces: list[Face] = field(default_factory=list)
    embedded: list[EmbeddedFont] = field(default_factory=list)


@contextmanager
def theme_fonts_left_out(file_of: Callable[[bytes], str]) -> Iterator[WrittenFonts]:
    """While the context lasts, fonts for which `file_of` knows a file are not written into a PDF but listed; others are both.

    What stands for them in the PDF is a font by name alone: the binder puts the font there (font_subsets.py). Where the patch
    does not apply every font is written, and the lists stay empty.
    """
    known: dict[str, Face] = {}

    def build(pdf: Any, fonts: Any, compress: bool, subset: bool, options: Any) -> Any:
        for font in fonts.values():
            font.to_unicode = {glyph: without_private_characters(text) for glyph, text in font.to_unicode.items()}
        files = {key: file for key, font in fonts.items() if not font.missing and (file := file_of(font.file_content))}
        embedded = {key: font for key, font in fonts.items() if key not in files}
        fonts_of_file.embedded += map(_embedded, embedded.values())  # before the library cuts them
        written = _build_fonts(pdf, embedded, compress, subset, options)
        for key, file in files.items():
            font = fonts[key]
            if font.hash not in known:
                stub = pydyf.Dictionary({"Type": "/Font", "BaseFont": font.name})
                pdf.add_object(stub)
                written[font.hash] = stub.reference
            known[font.hash] = _face(font, file, known.get(font.hash))
        return written

    fonts_of_file = WrittenFonts()
    if not (_THEME_FONTS.known and _THEME_FONTS.holds()):
        yield fonts_of_file
        return
    weasyprint.pdf.build_fonts_dictionary = build
    try:
        yield fonts_of_file
    finally:
        weasyprint.pdf.build_fonts_dictionary = _build_fonts
        fonts_of_file.faces += known.values()


def without_private_characters(text: str) -> str:
    """A text as a PDF may give it for a glyph: the code points of private-use characters in place of them.

    PDF/A-3a asks for an ActualText otherwise (ISO 19005-3, 6.2.11.7.3), and nothing could read such a character out.
    """
    return _PRIVATE.sub(lambda match: code_point(match[0]), text)


def _embedded(font: Any) -> EmbeddedFont:
    return EmbeddedFont(font.family, font.file_content, int(font.index), tuple(font.to_unicode.values()))


def _face(font: Any, file: str, known: Face | None) -> Face:
    glyphs = {number: (width, text) for number, width, text in known.glyphs} if known else {}
    glyphs |= {
        number: (width, font.to_unicode.get(number, "")) for number, width in font.widths.items() if number in font.to_unicode
    }
    rows = tuple((number, *glyphs[number]) for number in sorted(glyphs))
    name = font.name.decode().removeprefix("/")
    return Face(font.hash, name, font.family, file, font.flags, font.ascent, font.descent, rows)


def let_spaces_hang() -> None:
    """Lets a text fit in a line if it fits without the space at its end, as Pango has it.

    Else the text in front of a link or another inline element is broken behind its first word, or hyphenated there, when only
    its last space is too much. No public seam reaches the condition, so the function is compiled again with another condition.
    """
    source = source_of(_split_first_line)
    if source.count(_FITS) == 1:
        exec(compile(source.replace(_FITS, _FITS_WITHOUT_SPACE), line_break.__file__, "exec"), line_break.__dict__)
        line_break.line_fits = _line_fits
        inline.split_first_line = line_break.split_first_line


def _line_fits(text: str, style: Any, context: Any, width: float, max_width: float) -> bool:
    if width <= max_width:
        return True
    collapses = style["white_space"] in ("normal", "pre-line")
    if not collapses or not text.endswith(" ") or not text.strip():
        return False
    layout = line_break.create_layout(" ", style, context, None, 0)
    space, _ = layout.get_first_line()
    return bool(width - line_break.line_size(space, style)[0] <= max_width)


def give_links_the_height_of_their_letters() -> None:
    """Lets a link in a line without height, such as a raised number, be as high as its letters: else nobody can click on it."""
    boxes.InlineBox.hit_area = _hit_area_with_letters


def _hit_area_with_letters(box: Any) -> tuple[float, float, float, float]:
    """Left, top, width and height in CSS pixels: the line's height, and the letters where they are higher."""
    left, top, width, height = _hit_area(box)
    letters_top = min(top, box.border_box_y())
    return left, letters_top, width, max(top + height, box.border_box_y() + box.border_height()) - letters_top


def fill_columns() -> None:
    """Lays columns out as small pages, each with its own notes."""
    block.columns_layout = lay_out_columns


def set_break_rules() -> None:
    """Keeps headlines out of the last fifth of a page, and lets text go on where a figure does not fit."""
    block._in_flow_layout = lay_out_in_flow
    block.block_level_layout = lay_out_block


class _Hyphens(_Pyphen):  # type: ignore[misc,valid-type]
    """The breaks of words alone: what has a digit in it, or is very long, is a number, a code or a name, and stays whole."""

    def positions(self, word: str) -> Any:
        return [] if len(word) > UNHYPHENATED or any(char.isdigit() for char in word) else super().positions(word)


def add_hyphenation() -> None:
    """Adds the languages that Pyphen lacks, takes American patterns for plain English, and never breaks a word with digits.

    Pyphen takes the first country of a language: for plain English, Britain.
    """
    pyphen.LANGUAGES["en"] = pyphen.LANGUAGES["en_US"]
    for path in sorted(_PATTERNS.glob("hyph_*.dic")):
        pyphen.LANGUAGES.setdefault(path.stem[5:], path)
        pyphen.LANGUAGES_LOWERCASE.setdefault(path.stem[5:], path.stem[5:])
    pyphen.Pyphen = _Hyphens  # WeasyPrint asks the module for it
    pyphen.HyphDict = HyphenationPatterns


def _hyphenation_added() -> bool:
    languages = {path.stem[5:] for path in _PATTERNS.glob("hyph_*.dic")}
    is_in_use = pyphen.Pyphen is _Hyphens and pyphen.HyphDict is HyphenationPatterns
    return is_in_use and languages <= set(pyphen.LANGUAGES)


def shape_each_text_once() -> None:
    """Finds lines by the widths of shaped glyphs, and draws them from the same glyphs."""
    lines.find_lines()
    line_drawing.draw_shaped_lines()


def _is_shaped_once() -> bool:
    return lines.are_found() and line_drawing.are_drawn()


def _nothing() -> None:
    """For a patch that is in effect only while a context lasts."""


_THEME_FONTS = Patch(
    "theme-fonts", weasyprint, ("70.0",), _nothing,
    lambda: list(inspect.signature(_build_fonts).parameters) == ["pdf", "fonts", "compress", "subset", "options"], claimed=False,
)  # fmt: skip
PATCHES = (
    Patch("footnotes", weasyprint, ("70.0",), keep_notes_with_their_references,
          lambda: block._linebox_layout is not _linebox_layout),
    Patch("html-elements", weasyprint, ("70.0",), remember_html_elements, lambda: tags._build_box_tree is _build_with_html),
    Patch("graphemes", weasyprint, ("70.0",), write_graphemes_in_logical_order,
          lambda: draw.draw_text is _draw_text_with_marks, claimed=False),
    Patch("structure-objects", pydyf, ("0.11", "0.12", "0.13"), _nothing, lambda: hasattr(pydyf.Dictionary, "reference")),
    _THEME_FONTS,
    Patch("percentages", weasyprint, ("70.0",), resolve_percentages_once, are_resolved_once, claimed=False),
    Patch("hanging-spaces", weasyprint, ("70.0",), let_spaces_hang,
          lambda: inline.split_first_line is not _split_first_line, claimed=False),
    Patch("link-areas", weasyprint, ("70.0",), give_links_the_height_of_their_letters,
          lambda: boxes.InlineBox.hit_area is _hit_area_with_letters, claimed=False),
    Patch("margin-artifacts", weasyprint, ("70.0",), draw_margins_as_artifacts, are_artifacts),
    Patch("margin-boxes", weasyprint, ("70.0",), leave_out_empty_margin_boxes, are_left_out, claimed=False),
    Patch("shared-styles", weasyprint, ("70.0",), share_styles, are_shared, claimed=False),
    Patch("text-layouts", weasyprint, ("70.0",), prepare_text_styles, are_prepared, claimed=False),
    Patch("lines", weasyprint, ("70.0",), shape_each_text_once, _is_shaped_once, claimed=False),
    Patch("fitted-code", weasyprint, ("70.0",), fit_code, is_fitted, claimed=False),
    Patch("balanced-lines", weasyprint, ("70.0",), balance_lines, are_balanced, claimed=False),
    Patch("columns", weasyprint, ("70.0",), fill_columns, lambda: block.columns_layout is lay_out_columns, claimed=False),
    Patch("figures", weasyprint, ("70.0",), set_break_rules,
          lambda: block._in_flow_layout is lay_out_in_flow and block.block_level_layout is lay_out_block, claimed=False),
    Patch("hyphenation", pyphen, ("0.17", "0.18"), add_hyphenation, _hyphenation_added, claimed=False),
)  # fmt: skip

"""What is changed in WeasyPrint 70.0 at run time until it is changed there; each change has its proposal in docs/upstream.

Only for the version it was read in: with another, WeasyPrint stays as it is.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pydyf
import weasyprint
import weasyprint.pdf
from weasyprint.formatting_structure import boxes
from weasyprint.layout import block, percent
from weasyprint.pdf import tags

from publisher.writers.pdf.font_subsets import Face

_VERSION = "70.0"
_REPORT = "report = not context.in_column and can_break_now and not could_break_before"
_USED = (
    *(f"margin_{side}" for side in ("left", "right", "top", "bottom")),
    *(f"padding_{side}" for side in ("left", "right", "top", "bottom")),
    *(f"border_{side}_width" for side in ("left", "right", "top", "bottom")),
    *("width", "min_width", "max_width", "height", "min_height", "max_height"),
)
_resolve = percent.resolve_percentages
_build = tags._build_box_tree
_build_fonts = weasyprint.pdf.build_fonts_dictionary


def keep_notes_with_their_calls() -> bool:
    """Switches off the loop that sends a page's last notes on when a paragraph's second line overflows.

    With it, 6 of 1,451 short notes are lost and 70 displaced; without it none (FIELD_NOTES). No public seam reaches
    the flag, so the function is compiled again with that one expression false; only for the version it was read in.
    """
    source = inspect.getsource(block._linebox_layout)
    if weasyprint.VERSION != _VERSION or source.count(_REPORT) != 1:
        return False
    code = compile(source.replace(_REPORT, "report = False"), block.__file__, "exec")
    exec(code, block.__dict__)  # the function's own module is its namespace
    return True


def resolve_percentages_once() -> bool:
    """Keeps the used lengths of a style in a containing block, which every box and every new try of it shares.

    About a tenth of the time of a layout went into finding them again (docs/upstream/percentages.md).
    """
    if weasyprint.VERSION != _VERSION:
        return False
    _install(_resolved_once)
    return True


def resolve_percentages_always() -> None:
    """Puts WeasyPrint's own function back; for tests, which compare."""
    _install(_resolve)


def remember_html_elements() -> bool:
    """Lets each structure element keep the HTML element it is made of, as `html`: the mending in tags.py goes by it."""
    if weasyprint.VERSION != _VERSION:
        return False
    tags._build_box_tree = _remembered
    return True


def _remembered(box: Any, *context: Any) -> Iterator[Any]:
    for element in _build(box, *context):
        if box.element is not None and not hasattr(element, "html"):
            element.html = box.element
        yield element


@contextmanager
def theme_fonts_left_out(file_of: Callable[[bytes], str]) -> Iterator[list[Face]]:
    """While the context lasts, fonts for which `file_of` knows a file are not written into a PDF but told in the list.

    What stands for them in the PDF is a font by name alone: the binder puts the font there (faces.py).
    """
    told: dict[str, Face] = {}

    def build(pdf: Any, fonts: Any, compress: bool, subset: bool, options: Any) -> Any:
        files = {key: file for key, font in fonts.items() if not font.missing and (file := file_of(font.file_content))}
        written = _build_fonts(pdf, {key: font for key, font in fonts.items() if key not in files}, compress, subset, options)
        for key, file in files.items():
            font = fonts[key]
            if font.hash not in told:
                stub = pydyf.Dictionary({"Type": "/Font", "BaseFont": font.name})
                pdf.add_object(stub)
                written[font.hash] = stub.reference
            told[font.hash] = _face(font, file, told.get(font.hash))
        return written

    weasyprint.pdf.build_fonts_dictionary = build
    faces: list[Face] = []
    try:
        yield faces
    finally:
        weasyprint.pdf.build_fonts_dictionary = _build_fonts
        faces += told.values()


def _face(font: Any, file: str, known: Face | None) -> Face:
    glyphs = {number: (width, text) for number, width, text in known.glyphs} if known else {}
    glyphs |= {
        number: (width, font.to_unicode.get(number, "")) for number, width in font.widths.items() if number in font.to_unicode
    }
    rows = tuple((number, *glyphs[number]) for number in sorted(glyphs))
    name = font.name.decode().removeprefix("/")
    return Face(font.hash, name, font.family, file, font.flags, font.ascent, font.descent, rows)


def _install(function: Any) -> None:
    for name, module in list(sys.modules.items()):
        if name.startswith("weasyprint.layout") and hasattr(module, "resolve_percentages"):
            vars(module)["resolve_percentages"] = function


def _resolved_once(box: Any, containing_block: Any) -> None:
    """`resolve_percentages`: what it sets depends on the style and the containing block's size alone.

    Boxes of the page and of tables with collapsed borders, where more goes into it, are left to the original.
    """
    style = box.style
    if isinstance(box, boxes.PageBox | boxes.MarginBox) or style["border_collapse"] == "collapse":
        _resolve(box, containing_block)
        return
    if isinstance(containing_block, boxes.Box):
        size = containing_block.width, containing_block.height
    else:
        size = tuple(containing_block)
    known = style.__dict__.setdefault("_used_lengths", {})
    used = known.get(size)
    if used is None:
        _resolve(box, size)
        own = box.__dict__
        known[size] = {name: own[name] for name in _USED}
    else:
        box.__dict__.update(used)

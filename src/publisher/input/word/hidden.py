"""Text of Word that no page shows: hidden text (ECMA-376, part 1, 17.3.2.41), and cells that another cell covers."""

from __future__ import annotations

from typing import Any

from publisher.input.manuscript import Manuscript
from publisher.input.word.elements import is_on, value, w
from publisher.input.word.fields import CONTENTS
from publisher.input.word.styles import Styles
from publisher.input.xml import first_child, local_name, text_at


def remove_hidden_text(manuscript: Manuscript, root: Any, styles: Styles | None = None) -> None:
    """Removes and records the runs that are hidden, by themselves or by a style."""
    hidden = styles.hidden if styles is not None else frozenset()
    for run in list(root.iter(w("r"))):
        properties = first_child(run, "rPr")
        own = first_child(properties, "vanish")
        paragraph_style = value(first_child(_paragraph(run), "pPr", "pStyle")) if hidden else ""
        by_style = value(first_child(properties, "rStyle")) in hidden or paragraph_style in hidden
        if is_on(own) or (own is None and by_style):
            manuscript.remove("hidden text", text_at(run))
            for part in [part for part in run if local_name(part) not in ("rPr", "fldChar", "instrText")]:
                run.remove(part)


def remove_contents(manuscript: Manuscript, root: Any) -> None:
    """Removes and records tables of contents that Word inserted, with their heading (17.5.2.12)."""
    for gallery in [part for part in root.iter(w("docPartGallery")) if value(part) == "Table of Contents"]:
        block = next(gallery.iterancestors(w("sdt")), None)
        if block is not None and block.getparent() is not None:
            manuscript.remove(CONTENTS["TOC"], " ".join(text.text or "" for text in block.iter(w("t"))))
            block.getparent().remove(block)


def record_covered_cells(manuscript: Manuscript, root: Any) -> None:
    """Records the text of cells that a cell above covers (`vMerge`; 17.4.85), which nobody sees."""
    for element in root.iter(w("vMerge")):
        cell = element.getparent().getparent()
        if value(element) != "restart" and local_name(cell) == "tc":
            manuscript.remove("in a cell that another cell covers", text_at(cell))


def _paragraph(run: Any) -> Any:
    return next(run.iterancestors(w("p")), None)

"""Drawings of Word: text boxes become paragraphs; of alternatives the form stays that has the content."""

from __future__ import annotations

from typing import Any

from publisher.input.manuscript import Manuscript
from publisher.input.word.elements import w
from publisher.input.xml import children_named, local_name
from publisher.model.codes import Code

_CONTENT = ("t", "blip", "imagedata", "txbxContent", "oMath")


def choose_alternatives(root: Any) -> None:
    """Replaces alternatives (ECMA-376, part 3, 10.2) by the first choice where the fallback, which mammoth reads, has nothing.

    Text boxes are left to `unpack_text_boxes`.
    """
    for element in list(root.iter("{*}AlternateContent")):
        fallbacks, choices = children_named(element, "Fallback"), children_named(element, "Choice")
        if choices and not any(map(_has_content, fallbacks)) and _has_content(choices[0]):
            for part in list(choices[0]):
                element.addprevious(part)
            element.getparent().remove(element)


def _has_content(element: Any) -> bool:
    return any(local_name(part) in _CONTENT for part in element.iter())


def unpack_text_boxes(root: Any) -> None:
    """Puts the paragraphs of text boxes in drawings behind the paragraph that they are anchored in.

    A box that has a copy for old programs (VML) stays: mammoth reads the copy.
    """
    last: dict[Any, Any] = {}
    for box in list(root.iter(w("txbxContent"))):
        around = list(box.iterancestors())
        choice = next((element for element in around if local_name(element) == "AlternateContent"), None)
        copies = children_named(choice, "Fallback")
        has_copy = any(local_name(part) == "txbxContent" for copy in copies for part in copy.iter())
        paragraph = next((element for element in around if local_name(element) == "p"), None)
        if not has_copy and paragraph is not None and any(local_name(element) == "drawing" for element in around):
            for block in list(box):
                last.get(paragraph, paragraph).addnext(block)
                last[paragraph] = block


def report_drawings(manuscript: Manuscript, root: Any) -> None:
    """Reports drawings and charts that have neither an image nor text: an edition cannot show them."""
    for drawing in root.iter(w("drawing")):
        parts = list(drawing.iter())
        if any(local_name(part) in ("blip", "txbxContent") for part in parts):
            continue
        alt = next((part.get("descr") or part.get("title") or "" for part in parts if local_name(part) == "docPr"), "")
        text = f"a chart or drawing of the Word document is left out{f': {alt}' if alt else ''}"
        manuscript.report(Code.EMBEDDED_LEFT_OUT, text, hint="save it as an image and put the image in its place")

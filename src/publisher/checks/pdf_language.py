"""Rules of PDF/UA-1 for languages: every text must have one (ISO 14289-1, 7.2; Matterhorn, checkpoint 11)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name

from publisher.checks.pdf_file import PdfFile, kids_of, text_of

_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")  # RFC 3066, 2.1, which ISO 32000-1, 14.9.2 asks for
_SHOWING = {"Tj", "TJ", "'", '"'}


def texts_without_language(file: PdfFile) -> Iterator[str]:
    """Words on pages, alternative texts, outline and descriptions of links, each in a language that is known."""
    if text_of(file.pdf.Root.get("/Lang")):
        return
    if any(_has_unknown_language(file, page) for page in file.pdf.pages):
        yield "the file does not name the language of its text"
    elif any(
        (element.text("/Alt") or element.text("/ActualText") or element.text("/E")) and not element.language
        for element in file.elements
    ):
        yield "the file does not name the language of an alternative text"
    elif _has_outline(file):
        yield "the file does not name the language of its outline"
    elif any(
        (text_of(annotation.get("/Contents")) or text_of(annotation.get("/TU"))) and not _owner_language(file, annotation)
        for _, annotation in file.visible_annotations
    ):
        yield "the file does not name the language of the description of a link or a form field"


def _has_unknown_language(file: PdfFile, page: pikepdf.Page) -> bool:
    """Whether a page shows text whose marks and structure elements name no language."""
    languages: list[str] = []
    for instruction in pikepdf.parse_content_stream(page):
        operands, operator = instruction.operands, str(instruction.operator)
        if operator in ("BMC", "BDC"):
            languages.append(_mark_language(file, page, operands))
        elif operator == "EMC":
            languages[-1:] = []
        elif operator in _SHOWING and languages and not any(languages):
            return True
    return False


def _mark_language(file: PdfFile, page: pikepdf.Page, operands: Any) -> str:
    """The language that a mark, or the element that holds it, names; artifacts need none."""
    if operands and operands[0] == Name.Artifact:
        return "none"
    properties = operands[1] if len(operands) > 1 else None
    if not isinstance(properties, Dictionary):
        return ""
    holder = file.holders.get((page.obj.objgen, int(properties.MCID))) if isinstance(properties.get("/MCID"), int) else None
    return text_of(properties.get("/Lang")) or (holder.language if holder else "")


def _has_outline(file: PdfFile) -> bool:
    outlines = file.pdf.Root.get("/Outlines")
    return isinstance(outlines, Dictionary) and "/First" in outlines


def _owner_language(file: PdfFile, annotation: Dictionary) -> str:
    """The language of the structure element that an annotation belongs to."""
    for element in file.elements:
        for kid in kids_of(element.object):
            if isinstance(kid, Dictionary) and "/Obj" in kid and kid.Obj.objgen == annotation.objgen:
                return element.language
    return ""


def invalid_languages(file: PdfFile) -> Iterator[str]:
    """A language that is no tag names none."""
    tags = [text_of(file.pdf.Root.get("/Lang")), *(element.text("/Lang") for element in file.elements)]
    for tag in dict.fromkeys(filter(None, tags)):
        if not _LANGUAGE.fullmatch(tag):
            yield f"{tag!r} is not a language tag"

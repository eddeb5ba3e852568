"""Proving a finished file: our own checks of a bound PDF and pdf_rules.py; for a book epub_rules.py, EPUBCheck and Ace."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pikepdf

from publisher.checks import epub_rules
from publisher.checks.pdf_rules import failures
from publisher.checks.validators import Missing, ace, epubcheck
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Exit, Location, PublisherError


def validate(path: Path, validators: Sequence[str] = ()) -> list[Diagnostic]:
    """What is wrong with a .pdf or .epub.

    Raises PublisherError where it cannot be read, or where one of `validators` (names in VALIDATORS) is not installed;
    another that is not is a note.
    """
    if not path.is_file():
        raise PublisherError(Diagnostic(Code.FILE_MISSING, f"there is no {path}", Location(str(path))))
    return list(_pdf(path) if path.suffix.lower() == ".pdf" else _epub(path, validators))


def _pdf(path: Path) -> Iterator[Diagnostic]:
    try:
        with pikepdf.open(path) as pdf:
            for message, code in pdf_findings(pdf):
                yield Diagnostic(code, message, Location(str(path)))
            for message, number in failures(pdf):
                yield Diagnostic(Code.PDF_RULE, message, Location(str(path)), rule=number)
    except pikepdf.PdfError as problem:
        raise PublisherError(Diagnostic(Code.PDF, f"not a PDF that can be read: {problem}", Location(str(path)))) from None


def pdf_findings(pdf: pikepdf.Pdf) -> Iterator[tuple[str, Code]]:
    """What keeps a PDF from being tagged and whole: (message, code) pairs, none where all is well.

    Title, language and marking (ISO 14289-1, 7.1 and 7.2); every content item of a page owned by a structure element
    that points at this page, every annotation by one too (ISO 32000-1, 14.7.4.4); every link's destination there.
    """
    root = pdf.Root
    if "/Title" not in pdf.docinfo or not str(pdf.docinfo.Title):
        yield "the file has no title", Code.PDF_TITLE
    if not str(root.get("/Lang", "")):
        yield "the file names no language", Code.PDF_LANGUAGE
    if "/StructTreeRoot" not in root or not bool(root.get("/MarkInfo", pikepdf.Dictionary()).get("/Marked", False)):
        yield "the file is not tagged", Code.PDF_UNTAGGED
        return
    numbers = _parents(root.StructTreeRoot)
    names = _names(root)
    for number, page in enumerate(pdf.pages, 1):
        yield from _page_findings(page.obj, number, numbers, names)


def _parents(root: Any) -> dict[int, Any]:
    pairs = list(root.ParentTree.get("/Nums", []))
    return {int(key): value for key, value in zip(pairs[::2], pairs[1::2], strict=True)}


def _names(root: Any) -> set[str]:
    pairs = list(root.Names.Dests.Names) if "/Names" in root and "/Dests" in root.Names else []
    return {str(name) for name in pairs[::2]}


def _drawn(page: Any) -> bytes:
    contents = page.get("/Contents", pikepdf.Array())
    return b"\n".join(one.read_bytes() for one in (contents if isinstance(contents, pikepdf.Array) else [contents]))


def _page_findings(page: Any, number: int, numbers: dict[int, Any], names: set[str]) -> Iterator[tuple[str, Code]]:
    owners = numbers.get(int(page.get("/StructParents", -1)))
    if owners is None:
        if b"/MCID" not in _drawn(page):  # a blank page: nothing on it but artifacts
            return
        yield f"page {number} is not in the structure tree", Code.PDF_PAGE_UNTAGGED
        return
    for mcid, owner in enumerate(owners):
        if owner is not None and not _owns(owner, mcid, page):
            yield f"a structure element of page {number} points at another page", Code.PDF_PARENT_TREE
    for annotation in page.get("/Annots", ()):
        owner = numbers.get(int(annotation.get("/StructParent", -1)))
        if owner is None:
            yield f"a link on page {number} is in no structure element", Code.PDF_LINK_UNTAGGED
        target = annotation.get("/Dest")
        if isinstance(target, pikepdf.String) and str(target) not in names:
            yield f"a link on page {number} leads to {target}, which is not there", Code.PDF_LINK_LOST
        uri = str(annotation.A.get("/URI", "")) if "/A" in annotation else ""
        if uri.startswith("bind:"):
            yield f"a link on page {number} was not bound: {uri}", Code.PDF_LINK_LOST


def _owns(element: Any, mcid: int, page: Any) -> bool:
    """Whether the content `mcid` of a page is among an element's kids, as a number or a marked-content reference."""
    kids = element.get("/K", ())
    return any(_shown(kid, element) == (mcid, page.objgen) for kid in (kids if isinstance(kids, pikepdf.Array) else (kids,)))


def _shown(kid: Any, element: Any) -> tuple[int, tuple[int, int]] | None:
    """The number and the page of the content that a kid of an element stands for; None for another element or a link."""
    if isinstance(kid, int):
        return kid, element.Pg.objgen
    return (int(kid.MCID), kid.get("/Pg", element.get("/Pg")).objgen) if kid.get("/Type") == "/MCR" else None


def _epub(path: Path, validators: Sequence[str]) -> Iterator[Diagnostic]:
    try:
        book = epub_rules.Book(path)
    except epub_rules.Unreadable as problem:
        raise PublisherError(Diagnostic(Code.EPUB, f"not an EPUB that can be read: {problem}", Location(str(path)))) from None
    for message, name in epub_rules.failures(book):
        yield Diagnostic(Code.EPUB_RULE, message, Location(str(path)), rule=name)
    for name, validate in VALIDATORS.items():
        try:
            yield from validate(path)
        except Missing as missing:
            if name in validators:
                what = Diagnostic(Code.COMPONENT_MISSING, f"{missing.what} is not installed", None, missing.how)
                raise PublisherError(what, exit_code=Exit.MISSING_COMPONENT) from None
            yield Diagnostic(Code.CHECKER_MISSING, f"not checked by {missing.what}: it is not installed ({missing.how})")


VALIDATORS: dict[str, Callable[[Path], Iterator[Diagnostic]]] = {"epubcheck": epubcheck, "ace": ace}

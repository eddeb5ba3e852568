"""Checking a finished file: rules of our own for PDF and EPUB, and for books EPUBCheck and Ace."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from publisher.checks import epub_rules, pdf_rules, pdf_structure
from publisher.checks.pdf_file import PdfFile
from publisher.checks.validators import Missing, ace, epubcheck
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Exit, Location, PublisherError
from publisher.writers.formats import checker_for, formats

OWN_RULES = "publisher's rules"
CHECKERS: dict[str, Callable[[Path], Iterator[Diagnostic]]] = {"epubcheck": epubcheck, "ace": ace}
NAMES = {"epubcheck": "EPUBCheck", "ace": "Ace"}


@dataclass(frozen=True)
class Verdict:
    """What is wrong with a file, and the names of the checkers that looked at it, and of those that were skipped."""

    diagnostics: tuple[Diagnostic, ...]
    checkers: tuple[str, ...]
    skipped: tuple[str, ...] = ()


def validate(path: Path, required: Collection[str] = (), skipped: Collection[str] = ()) -> Verdict:
    """What is wrong with a finished file. Another checker (see CHECKERS) that is not installed is a note; `skipped` are not run.

    Raises PublisherError where the file cannot be read or its format has no checker, or (exit code 4) where one of `required`
    is not installed.
    """
    if not path.is_file():
        raise PublisherError(Diagnostic(Code.FILE_MISSING, f"file not found: {path}", Location(str(path))))
    check = checker_for(path)
    if check is None:
        hint = f"supported suffixes: {', '.join(formats())}"
        raise PublisherError(
            Diagnostic(Code.OUTPUT_SUFFIX, f"unsupported output format {path.suffix}", Location(str(path)), hint)
        )
    verdict: Verdict = check(path, required, skipped) if check is check_epub else check(path, required)
    return verdict


def check_pdf(path: Path, required: Collection[str] = ()) -> Verdict:
    """The verdict on a PDF. `required` is not used: the rules are our own."""
    try:
        with pikepdf.open(path) as pdf:
            return Verdict(tuple(pdf_diagnostics(pdf, str(path))), (OWN_RULES,))
    except pikepdf.PdfError as problem:
        message = f"this PDF cannot be read: {problem}"
        raise PublisherError(Diagnostic(Code.PDF, message, Location(str(path)))) from None


def pdf_diagnostics(pdf: pikepdf.Pdf, label: str = "") -> Iterator[Diagnostic]:
    """What our rules find wrong with an open PDF."""
    file, place = PdfFile(pdf), Location(label) if label else None
    for message, code in pdf_structure.findings(file):
        yield Diagnostic(code, message, place)
    for message, number in pdf_rules.failures(file):
        yield Diagnostic(Code.PDF_RULE, message, place, rule=number)


def check_epub(path: Path, required: Collection[str] = (), skipped: Collection[str] = ()) -> Verdict:
    """The verdict on a book by our rules, EPUBCheck and Ace, without the checkers that are `skipped`."""
    place = Location(str(path))
    try:
        book = epub_rules.Book(path)
    except epub_rules.Unreadable as problem:
        raise PublisherError(Diagnostic(Code.EPUB, f"this EPUB cannot be read: {problem}", place)) from None
    diagnostics = [Diagnostic(Code.EPUB_RULE, message, place, rule=name) for message, name in epub_rules.failures(book)]
    checkers = [OWN_RULES]
    for name, check in CHECKERS.items():
        if name in skipped:
            continue
        try:
            diagnostics += check(path)
            checkers.append(NAMES[name])
        except Missing as missing:
            if name in required:
                component = Diagnostic(Code.COMPONENT_MISSING, f"{missing.name} is not installed", None, missing.hint)
                raise PublisherError(component, exit_code=Exit.MISSING_COMPONENT) from None
            message = f"not checked by {NAMES[name]}: {missing.name} is not installed"
            diagnostics.append(Diagnostic(Code.CHECKER_MISSING, message, place, missing.hint))
    return Verdict(tuple(diagnostics), tuple(checkers), tuple(NAMES[name] for name in CHECKERS if name in skipped))

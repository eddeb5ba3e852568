"""What `publisher explain` prints and the pages of docs are made of: the entry of every code and of every rule."""

from __future__ import annotations

from dataclasses import dataclass

from publisher.checks import epub_rules, pdf_rules
from publisher.model.codes import Code

_PDF_REMEDY = "If publisher made the file, please report it; else correct it in the program that made it."
_EPUB_REMEDY = "If publisher made the book, please report it; else correct it in the program that made it."
_EXTERNAL = {"epubcheck": Code.EPUBCHECK, "ace": Code.ACE}  # codes that begin so are those of other checkers


@dataclass(frozen=True)
class Entry:
    """A code or a rule as it stands in brackets behind a message."""

    name: str
    severity: str
    meaning: str
    example: str
    remedy: str


def entries() -> list[Entry]:
    """Every code, then the rules for PDF and for EPUB."""
    codes = [Entry(str(code), str(code.severity), code.meaning, code.example, code.remedy) for code in Code]
    pdf = [
        Entry(number, str(Code.PDF_RULE.severity), f"{_standard(rule)}: fails where {rule.meaning}.", "", _PDF_REMEDY)
        for number, rule in pdf_rules.RULES.items()
    ]
    epub = [
        Entry(name, str(Code.EPUB_RULE.severity), f"Fails where {rule.meaning}: {rule.reason}.", "", _EPUB_REMEDY)
        for name, rule in epub_rules.RULES.items()
    ]
    return [*codes, *pdf, *epub]


def entry_of(name: str) -> Entry | None:
    """The entry of a code or a rule; that of the checker for a code of EPUBCheck or Ace; None where it is unknown."""
    external = _EXTERNAL.get(name.partition("-")[0])
    return next((entry for entry in entries() if entry.name in (name, external)), None)


def _standard(rule: pdf_rules.Rule) -> str:
    return "PDF/A-3a" if rule.archival else "PDF/UA-1"


def diagnostics_page() -> str:
    """docs/diagnostics.md."""
    lines = [_DIAGNOSTICS_HEAD]
    for code in Code:
        lines += [
            f"## {code}",
            "",
            f"*{str(code.severity).capitalize()}.* {code.meaning}",
            "",
            f"    {code.example}",
            "",
            code.remedy,
            "",
        ]
    return "\n".join(lines)


def pdf_rules_page() -> str:
    """docs/pdf-rules.md."""
    rows = [f"| {number} | {rule.meaning} |" for number, rule in pdf_rules.RULES.items()]
    return "\n".join([_PDF_HEAD, "| number | fails where |", "| --- | --- |", *rows, ""])


def epub_rules_page() -> str:
    """docs/epub-rules.md."""
    rows = [f"| {name} | {rule.meaning} | {rule.reason} |" for name, rule in epub_rules.RULES.items()]
    return "\n".join([_EPUB_HEAD, "| rule | fails where | why |", "| --- | --- | --- |", *rows, "", _EPUB_FOOT, ""])


_DIAGNOSTICS_HEAD = """\
# Messages

Every message ends with a code in brackets. `publisher explain CODE` prints the entry of a code as it stands here.
Messages are

    file:line:column: severity: what happened [code]
      hint: what to do

An *error* stops the build: nothing is written, and the previous outputs are unchanged. A *warning* does not, unless
`--strict` is given. A *note* needs no action. Warnings and notes of one code and file are printed as one line with
their number; `-v` lists them all, and so does `--log-format json`. Rules of finished files have their own pages:
[PDF](pdf-rules.md), [EPUB](epub-rules.md).

This page is generated from the table in `src/publisher/model/codes.py`.
"""
_PDF_HEAD = """\
# Rules for PDF files

`publisher check FILE.pdf` looks for failure conditions of PDF/UA-1 (numbers of the Matterhorn Protocol 1.1) and of
PDF/A-3a (clauses of ISO 19005-3) that a program can see. The rules for PDF/A apply to a file that claims to be PDF/A.
This is not veraPDF: it knows the rules below and no others. It cannot judge what only a person can, such as whether
an alternative text is a good one.

Beside the rules it proves that the file holds together: each piece of content and each link belongs to the structure
element that the parent tree names, the box of each figure lies on its page, each footnote is a Note and each footnote
reference a Reference, and every link leads somewhere. Of the 296 files for PDF/UA-1 in the veraPDF corpus it finds
141 of 155 faulty ones and reports 2 of 141 good ones (both give a figure a box that is larger than any page).

This page is generated from the table in `src/publisher/checks/pdf_rules.py`.
"""
_EPUB_HEAD = """\
# Rules for EPUB files

`publisher check FILE.epub` runs EPUBCheck, Ace where Node has it, and the rules below: what e-readers are known to
fail on although EPUB allows it. Each failure is a warning (exit code 3 under `--strict`). The books that publisher
writes fail none.

This page is generated from the table in `src/publisher/checks/epub_rules.py`.
"""
_EPUB_FOOT = """\
EPUBCheck runs in one Java machine for all the books of a command: the first takes about three seconds, each further
one about a tenth of a second. The result line names the checkers that ran. A checker that is not installed is a note;
under `--strict`, or when named with `--with epubcheck` or `--with ace`, it is an error (exit code 4)."""

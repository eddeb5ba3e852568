"""Failure conditions of PDF/UA-1 and PDF/A-3a that a machine can see, as far as they apply to what we write.

The numbers are those of the Matterhorn Protocol 1.1 and the clauses of ISO 19005-3. This is not veraPDF: it knows the rules
in RULES and no others. A rule for PDF/A applies where the file claims to be one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name

_UA = "{http://www.aiim.org/pdfua/ns/id/}part"
_STANDARD = frozenset(
    re.findall(
        r"\w+",
        "Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6 L LI Lbl LBody "
        "Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby RB RT RP Warichu WT WP "
        "Figure Formula Form",
    )
)  # ISO 32000-1, 14.8.4
_PARENTS = {
    "TR": {"Table", "THead", "TBody", "TFoot"}, "TH": {"TR"}, "TD": {"TR"}, "THead": {"Table"}, "TBody": {"Table"},
    "TFoot": {"Table"}, "LI": {"L"}, "LBody": {"LI"}, "TOCI": {"TOC"},
}  # fmt: skip
_ACCESSIBLE = 1 << 9  # bit 10 of an encrypted file's permissions (ISO 32000-1, table 22)
_FORBIDDEN_ACTIONS = {"/JavaScript", "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide"}


@dataclass(frozen=True)
class Examined:
    """A file with what several rules look at, found once."""

    pdf: pikepdf.Pdf = field(repr=False)

    @cached_property
    def elements(self) -> list[tuple[str, str, Any]]:
        """Type, parent's type and object of every structure element, in reading order."""
        found: list[tuple[str, str, Any]] = []
        root = self.pdf.Root.get("/StructTreeRoot", Dictionary())
        stack = [(kid, "") for kid in reversed(_kids(root))]
        while stack:
            one, parent = stack.pop()
            if isinstance(one, Dictionary) and "/S" in one:
                kind = str(one.S)[1:]
                found.append((kind, parent, one))
                stack.extend((kid, kind) for kid in reversed(_kids(one)))
        return found

    @cached_property
    def meta(self) -> dict[str, str]:
        if "/Metadata" not in self.pdf.Root:
            return {}
        return {key: str(value) for key, value in self.pdf.open_metadata().items()}

    @cached_property
    def fonts(self) -> list[Any]:
        return [one for one in self.pdf.objects if isinstance(one, Dictionary) and one.get("/Type") == Name.Font]

    @cached_property
    def annotations(self) -> list[tuple[int, Any]]:
        """Page number, from 1, and object of every annotation."""
        pages = enumerate(self.pdf.pages, 1)
        return [(number, one) for number, page in pages for one in page.obj.get("/Annots", ())]

    @property
    def archival(self) -> bool:
        return "{http://www.aiim.org/pdfa/ns/id/}part" in self.meta


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K", ())
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids] if isinstance(kids, Dictionary) else []


Rule = Callable[[Examined], Iterator[str]]


def failures(pdf: pikepdf.Pdf) -> Iterator[tuple[str, str]]:
    """(what fails, its number) for each rule that the file fails."""
    file = Examined(pdf)
    for number, (rule, archival) in RULES.items():
        if not archival or file.archival:
            yield from ((message, number) for message in rule(file))


def _content(file: Examined) -> Iterator[str]:
    """Everything shown is tagged or an artifact, and neither is inside the other."""
    shows = {"Tj", "TJ", "'", '"', "Do", "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "EI"}
    for number, page in enumerate(file.pdf.pages, 1):
        marks: list[bool | None] = []  # True: tagged, False: artifact, None: neither
        for step in pikepdf.parse_content_stream(page):
            operands, name = step.operands, str(step.operator)
            if name in ("BMC", "BDC"):
                tagged = name == "BDC" and isinstance(operands[1], Dictionary) and "/MCID" in operands[1]
                marks.append(True if tagged else False if operands[0] == Name.Artifact else None)
                if True in marks and False in marks:
                    yield f"page {number}: artifacts and tagged content inside one another"
                    return
            elif name == "EMC":
                marks.pop()
            elif name in shows and True not in marks and False not in marks:
                yield f"page {number}: content is neither tagged nor an artifact"
                return


def _types(file: Examined) -> Iterator[str]:
    mapped = {str(key)[1:] for key in file.pdf.Root.get("/StructTreeRoot", Dictionary()).get("/RoleMap", Dictionary()).keys()}
    yield from (f"unknown structure type {kind}" for kind in sorted({kind for kind, _, _ in file.elements} - _STANDARD - mapped))


def _no_xmp(file: Examined) -> Iterator[str]:
    if "/Metadata" not in file.pdf.Root:
        yield "the file has no XMP metadata"


def _no_claim(file: Examined) -> Iterator[str]:
    if file.meta and _UA not in file.meta:
        yield "the XMP metadata do not say PDF/UA"


def _no_title(file: Examined) -> Iterator[str]:
    if file.meta and not any(key.endswith("}title") for key in file.meta):
        yield "the XMP metadata have no title"


def _title_shown(file: Examined) -> Iterator[str]:
    if not bool(file.pdf.Root.get("/ViewerPreferences", Dictionary()).get("/DisplayDocTitle", False)):
        yield "a viewer shows the file's name, not its title"


def _nesting(file: Examined) -> Iterator[str]:
    for kind, parent, _ in file.elements:
        if kind in _PARENTS and parent not in _PARENTS[kind]:
            yield f"{kind} in {parent or 'no element'}"


def _language(file: Examined) -> Iterator[str]:
    if not str(file.pdf.Root.get("/Lang", "")):
        yield "the file names no language"


def _figures(file: Examined) -> Iterator[str]:
    for kind, _, element in file.elements:
        if kind == "Figure" and not str(element.get("/Alt", element.get("/ActualText", ""))).strip():
            yield "a figure has no alternative text"


def _headings(file: Examined) -> Iterator[str]:
    level = 0
    for kind, _, _ in file.elements:
        if kind[0] == "H" and kind[1:].isdigit():
            if int(kind[1:]) > level + 1:
                yield f"{kind} after {f'H{level}' if level else 'no heading'}"
            level = int(kind[1:])


def _table_heads(file: Examined) -> Iterator[str]:
    for kind, _, element in file.elements:
        attributes = element.get("/A", Dictionary())
        if kind == "TH" and "/Scope" not in attributes and "/Headers" not in attributes:
            yield "a table header has no scope"


def _note_ids(file: Examined) -> Iterator[str]:
    if any("/ID" not in element for kind, _, element in file.elements if kind == "Note"):
        yield "a note has no ID"


def _same_ids(file: Examined) -> Iterator[str]:
    ids = [bytes(element.ID) for kind, _, element in file.elements if kind == "Note" and "/ID" in element]
    if len(set(ids)) < len(ids):
        yield "two notes have one ID"


def _encrypted(file: Examined) -> Iterator[str]:
    if file.pdf.is_encrypted and not file.pdf.encryption.P & _ACCESSIBLE:
        yield "the file is closed to assistive technology"


def _tabs(file: Examined) -> Iterator[str]:
    for number, page in enumerate(file.pdf.pages, 1):
        if "/Annots" in page.obj and page.obj.get("/Tabs") != Name.S:
            yield f"page {number} has links, but their order is not that of the structure"


def _links_owned(file: Examined) -> Iterator[str]:
    owned = {kid.Obj.objgen for kind, _, one in file.elements if kind == "Link" for kid in _links(one)}
    lost = {number for number, one in file.annotations if one.get("/Subtype") == Name.Link and one.objgen not in owned}
    yield from (f"page {number}: a link is in no Link element" for number in sorted(lost))


def _links(element: Any) -> list[Any]:
    return [kid for kid in _kids(element) if isinstance(kid, Dictionary) and "/Obj" in kid]


def _links_described(file: Examined) -> Iterator[str]:
    silent = {
        number for number, one in file.annotations if one.get("/Subtype") == Name.Link and not str(one.get("/Contents", ""))
    }
    yield from (f"page {number}: a link has no description" for number in sorted(silent))


def _embedded(file: Examined) -> Iterator[str]:
    for font in file.fonts:
        descriptor = font.get("/FontDescriptor")
        if descriptor is not None and not descriptor.keys() & {"/FontFile", "/FontFile2", "/FontFile3"}:
            yield f"the font {font.get('/BaseFont')} is not embedded"


def _unicode(file: Examined) -> Iterator[str]:
    for font in file.fonts:
        if font.get("/Subtype") in (Name.Type0, Name.Type3) and "/ToUnicode" not in font:
            yield f"the font {font.get('/BaseFont', '')} has no ToUnicode"


def _intent(file: Examined) -> Iterator[str]:
    intents = file.pdf.Root.get("/OutputIntents", ())
    if not any(one.get("/S") == Name.GTS_PDFA1 and "/DestOutputProfile" in one for one in intents):
        yield "no output intent with a color profile"


def _interpolated(file: Examined) -> Iterator[str]:
    if any(isinstance(one, pikepdf.Stream) and bool(one.get("/Interpolate", False)) for one in file.pdf.objects):
        yield "a picture asks to be interpolated"


def _identified(file: Examined) -> Iterator[str]:
    if "/ID" not in file.pdf.trailer:
        yield "the file has no ID"


def _printed(file: Examined) -> Iterator[str]:
    if any(not int(one.get("/F", 0)) & 4 for _, one in file.annotations):
        yield "an annotation is not to be printed"


def _actions(file: Examined) -> Iterator[str]:
    kinds = {str(one.A.get("/S")) for _, one in file.annotations if "/A" in one}
    yield from (f"an action {kind[1:]}" for kind in sorted(kinds & _FORBIDDEN_ACTIONS))
    if "/JavaScript" in file.pdf.Root.get("/Names", Dictionary()):
        yield "a script"


def _level(file: Examined) -> Iterator[str]:
    if file.meta.get("{http://www.aiim.org/pdfa/ns/id/}conformance") not in ("A", "B", "U"):
        yield "no conformance level"


def _extension(file: Examined) -> Iterator[str]:
    if _UA in file.meta and b"pdfaExtension:schemas" not in file.pdf.Root.Metadata.read_bytes():
        yield "the schema of pdfuaid is not described"


def _associated(file: Examined) -> Iterator[str]:
    related = {one.objgen for one in file.pdf.Root.get("/AF", ()) if "/AFRelationship" in one}
    for name, spec in file.pdf.attachments.items():
        if spec.obj.objgen not in related:
            yield f"the attached {name} has no relationship to the file"


# Number -> (rule, whether it is PDF/A's). Matterhorn 01-003 to 01-005 are one reading of the pages.
RULES: dict[str, tuple[Rule, bool]] = {
    "ua-01-005": (_content, False),
    "ua-02-001": (_types, False),
    "ua-06-001": (_no_xmp, False),
    "ua-06-002": (_no_claim, False),
    "ua-06-003": (_no_title, False),
    "ua-07-001": (_title_shown, False),
    "ua-09-004": (_nesting, False),
    "ua-11-006": (_language, False),
    "ua-13-004": (_figures, False),
    "ua-14-003": (_headings, False),
    "ua-15-003": (_table_heads, False),
    "ua-19-003": (_note_ids, False),
    "ua-19-004": (_same_ids, False),
    "ua-26-002": (_encrypted, False),
    "ua-28-008": (_tabs, False),
    "ua-28-011": (_links_owned, False),
    "ua-28-012": (_links_described, False),
    "ua-31-009": (_embedded, False),
    "ua-31-027": (_unicode, False),
    "a-6.1.3": (_identified, True),
    "a-6.2.3": (_intent, True),
    "a-6.2.8": (_interpolated, True),
    "a-6.3.2": (_printed, True),
    "a-6.5.1": (_actions, True),
    "a-6.6.2.3": (_extension, True),
    "a-6.6.4": (_level, True),
    "a-6.8": (_associated, True),
}

"""Failure conditions of PDF/UA-1 and PDF/A-3a that a program can check, as a table.

The numbers are those of the Matterhorn Protocol 1.1 and of the clauses of ISO 19005-3. This is not veraPDF: it checks only the
rules in RULES. The rules of PDF/A apply only to files that claim to be PDF/A.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from publisher.checks import pdf_fonts, pdf_language, pdf_tables
from publisher.checks.pdf_file import UA, Element, PdfFile, array_of, kids_of, number_of, text_of

STANDARD_TYPES = frozenset(
    re.findall(
        r"\w+",
        "Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6 L LI Lbl LBody "
        "Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby RB RT RP Warichu WT WP "
        "Figure Formula Form",
    )
)  # ISO 32000-1, 14.8.4
_PAINTING = {"Tj", "TJ", "'", '"', "Do", "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "EI"}
_ACCESSIBLE_BIT = 1 << 9  # bit 10 of an encrypted file's permissions (ISO 32000-1, table 22)
_FORBIDDEN_ACTIONS = {"/JavaScript", "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide"}
_PDFUA_PREFIX = re.compile(rb"xmlns:pdfuaid\s*=\s*[\"']http://www\.aiim\.org/pdfua/ns/id/[\"']")


@dataclass(frozen=True)
class Rule:
    """`test` gives a message for each failure; `meaning` says where the rule fails; `archival` rules are PDF/A's."""

    test: Callable[[PdfFile], Iterator[str]]
    meaning: str
    archival: bool = False


def failures(file: PdfFile) -> Iterator[tuple[str, str]]:
    """The message and the rule number of each failure in the file."""
    for number, rule in RULES.items():
        if not rule.archival or file.archival:
            yield from ((message, number) for message in rule.test(file))


def _untagged_content(file: PdfFile) -> Iterator[str]:
    for number, page in enumerate(file.pdf.pages, 1):
        message = _untagged(page, page.obj.get("/Resources"))
        if message:
            yield f"page {number}: {message}"


def _untagged(stream: Any, resources: Any, depth: int = 0) -> str:
    """What is wrong with the marks of a content stream; empty where all content is marked. Forms are looked into."""
    marks: list[bool | None] = []  # True: tagged, False: artifact, None: neither
    for instruction in pikepdf.parse_content_stream(stream):
        operands, operator = instruction.operands, str(instruction.operator)
        if operator in ("BMC", "BDC"):
            tagged = operator == "BDC" and len(operands) > 1 and _has_number(operands[1], resources)
            marks.append(True if tagged else False if operands and operands[0] == Name.Artifact else None)
            if True in marks and False in marks:
                return "tagged content and artifacts are inside each other"
        elif operator == "EMC":
            marks[-1:] = []
        elif operator in _PAINTING and True not in marks and False not in marks:
            form = _form(operands, resources) if operator == "Do" else None
            if form is None or depth > 10 or _untagged(form, form.get("/Resources", resources), depth + 1):
                return "content is neither tagged nor an artifact"
    return ""


def _has_number(properties: Any, resources: Any) -> bool:
    if isinstance(properties, Name) and isinstance(resources, Dictionary):
        properties = resources.get("/Properties", Dictionary()).get(str(properties))
    return isinstance(properties, Dictionary) and "/MCID" in properties


def _form(operands: Any, resources: Any) -> Any:
    """The form that `Do` draws; None for an image."""
    forms = resources.get("/XObject") if isinstance(resources, Dictionary) else None
    drawn = forms.get(str(operands[0])) if operands and isinstance(forms, Dictionary) else None
    return drawn if isinstance(drawn, pikepdf.Stream) and drawn.get("/Subtype") == Name.Form else None


def _suspect(file: PdfFile) -> Iterator[str]:
    marked = file.pdf.Root.get("/MarkInfo")
    if isinstance(marked, Dictionary) and bool(marked.get("/Suspects", False)):
        yield "the file says that its tags may be wrong"


def _unknown_types(file: PdfFile) -> Iterator[str]:
    yield from (f"unknown structure type {kind}" for kind in sorted({element.kind for element in file.elements} - STANDARD_TYPES))


def _remapped_types(file: PdfFile) -> Iterator[str]:
    yield from (f"the role map changes the meaning of {kind}" for kind in sorted(STANDARD_TYPES & file.roles.keys()))


def _circular_roles(file: PdfFile) -> Iterator[str]:
    for kind in file.roles:
        if file.standard(kind) in file.roles:
            yield f"the role map leads {kind} in a circle"
            return


def _no_xmp(file: PdfFile) -> Iterator[str]:
    if "/Metadata" not in file.pdf.Root:
        yield "the file has no XMP metadata"


def _no_ua_claim(file: PdfFile) -> Iterator[str]:
    if not file.xmp:
        return
    if file.meta.get(UA, "") != "1":
        yield "the XMP metadata does not claim PDF/UA-1"
    elif not _PDFUA_PREFIX.search(file.xmp):
        yield "the XMP metadata claims PDF/UA under another prefix than pdfuaid"


def _no_title(file: PdfFile) -> Iterator[str]:
    if file.meta and not any(key.endswith("}title") for key in file.meta):
        yield "the XMP metadata has no title"


def _title_not_displayed(file: PdfFile) -> Iterator[str]:
    preferences = file.pdf.Root.get("/ViewerPreferences")
    if not (isinstance(preferences, Dictionary) and bool(preferences.get("/DisplayDocTitle", False))):
        yield "viewers show the file name instead of the title"


def _figures_without_alt(file: PdfFile) -> Iterator[str]:
    yield from _without_alt(file, "Figure", "a figure")


def _formulas_without_alt(file: PdfFile) -> Iterator[str]:
    yield from _without_alt(file, "Formula", "a formula")


def _without_alt(file: PdfFile, kind: str, name: str) -> Iterator[str]:
    for element in file.elements:
        if element.kind == kind and not element.text("/Alt") and "/ActualText" not in element.object:
            yield f"{name} has no alternative text"


def _skipped_headings(file: PdfFile) -> Iterator[str]:
    level = 0
    for element in file.elements:
        if element.kind[:1] == "H" and element.kind[1:].isdigit():
            if int(element.kind[1:]) > level + 1:
                yield f"{element.kind} after {f'H{level}' if level else 'no heading'}"
            level = int(element.kind[1:])


def _mixed_headings(file: PdfFile) -> Iterator[str]:
    kinds = {element.kind for element in file.elements}
    if "H" in kinds and any(kind[:1] == "H" and kind[1:].isdigit() for kind in kinds):
        yield "headings with and without a level are mixed"


def _two_headings(file: PdfFile) -> Iterator[str]:
    for element in file.elements:
        if [child.kind for child in element.children].count("H") > 1:
            yield f"{element.kind} has two headings H"


def _notes_without_id(file: PdfFile) -> Iterator[str]:
    if any(not bytes(element.object.get("/ID", pikepdf.String(""))) for element in file.elements if element.kind == "Note"):
        yield "a note has no ID"


def _duplicate_note_ids(file: PdfFile) -> Iterator[str]:
    ids = [bytes(element.object.ID) for element in file.elements if element.kind == "Note" and "/ID" in element.object]
    if len(set(ids)) < len(ids):
        yield "two notes have the same ID"


def _optional_content(file: PdfFile) -> Iterator[str]:
    """Configurations of layers have names, and turn nothing on or off by themselves (ISO 14289-1, 7.10)."""
    layers = file.pdf.Root.get("/OCProperties")
    if not isinstance(layers, Dictionary):
        return
    configurations = [layers.get("/D"), *array_of(layers.get("/Configs"))]
    for configuration in (entry for entry in configurations if isinstance(entry, Dictionary)):
        if "/Configs" in layers and not text_of(configuration.get("/Name")):
            yield "a configuration of layers has no name"
        if "/AS" in configuration:
            yield "a configuration of layers changes by itself"


def _file_specifications(file: PdfFile) -> Iterator[str]:
    for entry in file.pdf.objects:
        if isinstance(entry, Dictionary) and "/EF" in entry and not (text_of(entry.get("/F")) and text_of(entry.get("/UF"))):
            yield "an attached file has no name"


def _closed_to_assistive_technology(file: PdfFile) -> Iterator[str]:
    if file.pdf.is_encrypted and not file.pdf.encryption.P & _ACCESSIBLE_BIT:
        yield "the file is closed to assistive technology"


def _wrong_tab_order(file: PdfFile) -> Iterator[str]:
    for number, page in enumerate(file.pdf.pages, 1):
        if len(list(array_of(page.obj.get("/Annots")))) and page.obj.get("/Tabs") != Name.S:
            yield f"page {number} has links, but their order does not follow the structure"


def _trap_networks(file: PdfFile) -> Iterator[str]:
    yield from (
        f"page {number}: trap networks are not allowed"
        for number, entry in file.annotations
        if entry.get("/Subtype") == Name.TrapNet
    )


def _links_outside_structure(file: PdfFile) -> Iterator[str]:
    owned = {reference for element in file.elements if element.kind == "Link" for reference in _references(element)}
    lost = {
        number
        for number, annotation in file.visible_annotations
        if annotation.get("/Subtype") == Name.Link and annotation.objgen not in owned
    }
    yield from (f"page {number}: a link is in no Link element" for number in sorted(lost))


def _references(element: Element) -> Iterator[tuple[int, int]]:
    for kid in kids_of(element.object):
        if isinstance(kid, Dictionary) and isinstance(kid.get("/Obj"), Dictionary):
            yield kid.Obj.objgen


def _annotations_without_description(file: PdfFile) -> Iterator[str]:
    """Links have a description; other annotations one of their own or of the element that holds them; form fields a label."""
    described = {reference for element in file.elements if element.text("/Alt") for reference in _references(element)}
    for number, annotation in file.visible_annotations:
        kind = annotation.get("/Subtype")
        if kind in (Name.PrinterMark, Name.TrapNet):
            continue
        own = text_of(annotation.get("/TU", annotation.get("/Parent", Dictionary()).get("/TU"))) if kind == Name.Widget else ""
        if not (own or text_of(annotation.get("/Contents")) or (kind != Name.Link and annotation.objgen in described)):
            noun = {Name.Link: "a link", Name.Widget: "a form field"}.get(kind, "an annotation")
            yield f"page {number}: {noun} has no description"


def _tagged_printer_marks(file: PdfFile) -> Iterator[str]:
    held = {reference for element in file.elements for reference in _references(element)}
    for number, annotation in file.annotations:
        if annotation.get("/Subtype") == Name.PrinterMark and annotation.objgen in held:
            yield f"page {number}: a printer's mark is in the structure"


def _media_clips(file: PdfFile) -> Iterator[str]:
    for entry in file.pdf.objects:
        if isinstance(entry, Dictionary) and entry.get("/S") == Name.MCD:
            if not text_of(entry.get("/CT")):
                yield "a media clip does not say what kind it is"
            if not isinstance(entry.get("/Alt"), Array) or not any(text_of(text) for text in list(entry.Alt)[1::2]):
                yield "a media clip has no alternative text"


def _dynamic_forms(file: PdfFile) -> Iterator[str]:
    form = file.pdf.Root.get("/AcroForm")
    xfa = form.get("/XFA") if isinstance(form, Dictionary) else None
    streams = [part for part in (xfa if isinstance(xfa, Array) else [xfa]) if isinstance(part, pikepdf.Stream)]
    if any(re.search(rb"<dynamicRender>\s*required", stream.read_bytes()) for stream in streams):
        yield "the file is a dynamic form"


def _reference_forms(file: PdfFile) -> Iterator[str]:
    if any(
        isinstance(entry, pikepdf.Stream) and entry.get("/Subtype") == Name.Form and "/Ref" in entry for entry in file.pdf.objects
    ):
        yield "a page shows a part of another file"


def _no_file_id(file: PdfFile) -> Iterator[str]:
    if "/ID" not in file.pdf.trailer:
        yield "the file has no ID"


def _no_output_intent(file: PdfFile) -> Iterator[str]:
    intents = [entry for entry in array_of(file.pdf.Root.get("/OutputIntents")) if isinstance(entry, Dictionary)]
    if not any(intent.get("/S") == Name.GTS_PDFA1 and "/DestOutputProfile" in intent for intent in intents):
        yield "there is no output intent with a color profile"


def _interpolated_images(file: PdfFile) -> Iterator[str]:
    if any(isinstance(entry, pikepdf.Stream) and bool(entry.get("/Interpolate", False)) for entry in file.pdf.objects):
        yield "an image requests interpolation"


def _annotations_not_printed(file: PdfFile) -> Iterator[str]:
    if any(
        not number_of(annotation.get("/F")) & 4 for _, annotation in file.annotations if annotation.get("/Subtype") != Name.Popup
    ):
        yield "an annotation is not marked for printing"


def _forbidden_actions(file: PdfFile) -> Iterator[str]:
    actions = [annotation.get("/A") for _, annotation in file.annotations]
    kinds = {str(action.get("/S")) for action in actions if isinstance(action, Dictionary)}
    yield from (f"the action {kind[1:]} is not allowed" for kind in sorted(kinds & _FORBIDDEN_ACTIONS))
    names = file.pdf.Root.get("/Names")
    if isinstance(names, Dictionary) and "/JavaScript" in names:
        yield "JavaScript is not allowed"


def _no_conformance_level(file: PdfFile) -> Iterator[str]:
    if file.meta.get("{http://www.aiim.org/pdfa/ns/id/}conformance") not in ("A", "B", "U"):
        yield "the XMP metadata has no conformance level"


def _no_extension_schema(file: PdfFile) -> Iterator[str]:
    if UA in file.meta and b"pdfaExtension:schemas" not in file.xmp:
        yield "the XMP metadata does not describe the schema of pdfuaid"


def _attachments_without_relationship(file: PdfFile) -> Iterator[str]:
    related = {
        spec.objgen for spec in array_of(file.pdf.Root.get("/AF")) if isinstance(spec, Dictionary) and "/AFRelationship" in spec
    }
    for name, spec in file.pdf.attachments.items():
        if spec.obj.objgen not in related:
            yield f"the attachment {name} has no relationship to the file"


# By number. Matterhorn 01-003 to 01-005, 11-001 to 11-005 and 31-001 to 31-008 are each checked in one.
RULES: dict[str, Rule] = {
    "ua-01-005": Rule(_untagged_content, "content is neither tagged nor an artifact, or one stands inside the other"),
    "ua-01-007": Rule(_suspect, "the file says that its tags may be wrong"),
    "ua-02-001": Rule(_unknown_types, "a structure type is not standard and not mapped"),
    "ua-02-003": Rule(_circular_roles, "the role map leads in a circle"),
    "ua-02-004": Rule(_remapped_types, "a standard structure type is mapped to another"),
    "ua-06-001": Rule(_no_xmp, "there is no XMP metadata"),
    "ua-06-002": Rule(_no_ua_claim, "the XMP metadata does not claim PDF/UA-1, or not under the prefix pdfuaid"),
    "ua-06-003": Rule(_no_title, "the XMP metadata has no title"),
    "ua-07-001": Rule(_title_not_displayed, "a viewer would show the file name instead of the title"),
    "ua-09-004": Rule(
        pdf_tables.wrong_nesting, "parts of tables, lists or contents stand where they must not (09-004 to 09-006)"
    ),
    "ua-11-001": Rule(pdf_language.texts_without_language, "the language of a text is not known (11-001 to 11-006)"),
    "ua-11-007": Rule(pdf_language.invalid_languages, "a language is named by something that is no language tag"),
    "ua-13-004": Rule(_figures_without_alt, "a figure has no alternative text"),
    "ua-14-003": Rule(_skipped_headings, "a heading level is skipped, or the first heading is not H1"),
    "ua-14-006": Rule(_two_headings, "an element has two headings H"),
    "ua-14-007": Rule(_mixed_headings, "headings with and without a level are mixed"),
    "ua-15-003": Rule(pdf_tables.headers_unknown, "the headers of a table cell are not known"),
    "ua-15-004": Rule(pdf_tables.irregular_tables, "the rows of a table have different numbers of columns, or cells overlap"),
    "ua-17-002": Rule(_formulas_without_alt, "a formula has no alternative text"),
    "ua-19-003": Rule(_notes_without_id, "a note has no ID"),
    "ua-19-004": Rule(_duplicate_note_ids, "two notes have the same ID"),
    "ua-20-001": Rule(_optional_content, "a configuration of layers has no name, or changes by itself (20-001 to 20-003)"),
    "ua-21-001": Rule(_file_specifications, "an attached file has no name (both /F and /UF)"),
    "ua-25-001": Rule(_dynamic_forms, "the file is a dynamic XFA form"),
    "ua-26-002": Rule(_closed_to_assistive_technology, "encryption closes the file to assistive technology"),
    "ua-28-007": Rule(_trap_networks, "there is a TrapNet annotation"),
    "ua-28-008": Rule(_wrong_tab_order, "the order of the links on a page does not follow the structure"),
    "ua-28-011": Rule(_links_outside_structure, "a link is in no Link element"),
    "ua-28-012": Rule(
        _annotations_without_description, "a link, a form field or another annotation has no description (28-004, 28-005)"
    ),
    "ua-28-014": Rule(_media_clips, "a media clip has no content type or no alternative text (28-014, 28-015)"),
    "ua-28-018": Rule(_tagged_printer_marks, "a printer's mark is in the structure"),
    "ua-30-001": Rule(_reference_forms, "a page shows a part of another file"),
    "ua-31-004": Rule(pdf_fonts.composite_fonts, "a composite font and its character map do not agree (31-001 to 31-008)"),
    "ua-31-009": Rule(pdf_fonts.not_embedded, "a font is not embedded"),
    "ua-31-013": Rule(pdf_fonts.subsets, "the list of glyphs of a subset is broken"),
    "ua-31-018": Rule(pdf_fonts.simple_encodings, "a TrueType font has an encoding that it must not have (31-017 to 31-025)"),
    "ua-31-027": Rule(pdf_fonts.without_unicode, "characters of a font cannot be mapped to Unicode"),
    "ua-31-028": Rule(pdf_fonts.bad_unicode, "a glyph is mapped to U+0000, U+FEFF or U+FFFE (31-028, 31-029)"),
    "a-6.1.3": Rule(_no_file_id, "the file has no ID", archival=True),
    "a-6.2.3": Rule(_no_output_intent, "there is no output intent with a color profile", archival=True),
    "a-6.2.8": Rule(_interpolated_images, "an image requests interpolation", archival=True),
    "a-6.3.2": Rule(_annotations_not_printed, "an annotation is not marked for printing", archival=True),
    "a-6.5.1": Rule(_forbidden_actions, "there is a script or another forbidden action", archival=True),
    "a-6.6.2.3": Rule(_no_extension_schema, "the schema of `pdfuaid` is not described in the XMP metadata", archival=True),
    "a-6.6.4": Rule(_no_conformance_level, "the XMP metadata names no conformance level", archival=True),
    "a-6.8": Rule(_attachments_without_relationship, "an attached file has no relationship to the document", archival=True),
}

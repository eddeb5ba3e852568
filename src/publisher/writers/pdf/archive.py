"""What PDF/A-3a requires in addition to PDF/UA-1 (ISO 19005-3): an output intent and a claim in the XMP metadata.

The articles, their sources and the manifest are attached as associated files, so that they are kept together with the pages.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pikepdf
from lxml import etree
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, String

from publisher.model.edition import Edition, Moment
from publisher.model.media_types import media_type_of
from publisher.model.public_addresses import text_without_secrets
from publisher.text.citations import csl_item
from publisher.writers.pdf.growing_file import GrowingFile
from publisher.writers.pdf.object_transfer import ObjectTransfer

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
# PDF/A does not define PDF/UA's property `part`, so the file itself must describe it (ISO 19005-3, 6.6.2.3).
_EXTENSION_SCHEMA = f"""<rdf:Description xmlns:rdf="{_RDF}" rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>The part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


def claim_archive(pdf: pikepdf.Pdf) -> None:
    """Claims PDF/A-3a in the XMP metadata, which must already be written."""
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as meta:
        meta["pdfaid:part"] = "3"
        meta["pdfaid:conformance"] = "A"
    packet = etree.fromstring(pdf.Root.Metadata.read_bytes())
    packet.find(f"{{{_RDF}}}RDF").append(etree.fromstring(_EXTENSION_SCHEMA))
    pdf.Root.Metadata.write(etree.tostring(packet.getroottree(), encoding="utf-8"))


@cache
def _color_profile() -> bytes:
    """The file of WeasyPrint, which is not imported for it: a process that takes its sheets from workers does without."""
    spec = find_spec("weasyprint")
    folder = spec.submodule_search_locations[0] if spec and spec.submodule_search_locations else ""
    return Path(folder, "pdf", "sRGB2014.icc").read_bytes()


def add_output_intent(pdf: pikepdf.Pdf) -> None:
    """States that colors are sRGB, with the ICC profile that comes with WeasyPrint (ISO 19005-3, 6.2.3)."""
    profile = pdf.make_stream(_color_profile(), N=3)
    color_space = String("sRGB IEC61966-2.1")
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=color_space,
        Info=color_space,
        DestOutputProfile=profile,
    )
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])


def attach_files(file: GrowingFile, edition: Edition, moment: Moment) -> list[tuple[bytes, int]]:
    """Writes each attached file with its relationship to the PDF and the edition's date; gives their names and numbers.

    Each attached file must have a time of change (ISO 19005-3, 6.8); without a date of the edition it is the constant (Moment).
    """
    attached = []
    for name, data, relationship, description in _attachments(edition):
        with pikepdf.new() as pdf:
            specification = AttachedFileSpec(
                pdf,
                data,
                filename=name,
                description=description,
                mime_type=media_type_of(name),
                creation_date=moment.pdf if moment.known else "",
                mod_date=moment.pdf,
                relationship=Name(f"/{relationship}"),
            )
            transfer = ObjectTransfer(pdf, file)
            attached.append((bytes(String(name)), transfer.move(specification.obj)))
            transfer.write()
    return attached


def _attachments(edition: Edition) -> Iterator[tuple[str, bytes, str, str]]:
    """Name, content, relationship and description of each attached file: the articles, their sources, the manifest."""
    for entry in edition.entries:
        yield f"{entry.slug}.xhtml", f"{entry.xhtml}\n".encode(), "Source", f"Normalized article: {entry.metadata.title}"
    if edition.sources:
        items = [csl_item(cited.source) for cited in edition.sources]
        text = json.dumps(items, ensure_ascii=False, indent=1) + "\n"
        yield "sources.csl.json", text.encode(), "Data", "Sources, as CSL-JSON"
    if edition.manifest and not any(manuscript.held for manuscript in edition.left_out):  # it names what must not be known yet
        yield "publisher.toml", text_without_secrets(edition.manifest).encode(), "Source", "Manifest of the edition"

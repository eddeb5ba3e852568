"""What a file says of itself: its language, the document information and the XMP metadata, which agree (ISO 19005-3, 6.6.3)."""

from __future__ import annotations

import pikepdf
from pikepdf import String

from publisher.model.edition import Edition, Moment

_PDFUA = "http://www.aiim.org/pdfua/ns/id/"


def write_metadata(pdf: pikepdf.Pdf, edition: Edition, moment: Moment, creator: str, *, accessible: bool) -> None:
    """Writes language, document information and XMP metadata; `accessible`: with the claim of PDF/UA-1 (ISO 14289-1, 5)."""
    imprint = edition.imprint
    pdf.Root.Lang = String(imprint.language)
    info = {
        "/Title": imprint.title,
        "/Author": ", ".join(imprint.authors),
        "/Subject": imprint.description,
        "/Keywords": ", ".join(imprint.keywords),
        "/Creator": creator,
        "/CreationDate": moment.pdf if moment.known else "",
        "/ModDate": moment.pdf if moment.known else "",
    }
    for key, value in info.items():
        if value:
            pdf.docinfo[key] = String(value)
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as meta:
        if accessible:
            meta.register_xml_namespace(_PDFUA, "pdfuaid")
            meta[f"{{{_PDFUA}}}part"] = "1"
        meta["dc:identifier"] = edition.identifier
        meta["dc:title"] = imprint.title
        meta["dc:language"] = {imprint.language}
        if imprint.authors:
            meta["dc:creator"] = list(imprint.authors)
        if imprint.description:
            meta["dc:description"] = imprint.description
        if imprint.publisher:
            meta["dc:publisher"] = {imprint.publisher}
        if imprint.rights:
            meta["dc:rights"] = imprint.rights
        meta["xmp:CreatorTool"] = creator
        if moment.known:  # Info has none either then: both must agree (ISO 19005-3)
            meta["xmp:CreateDate"] = meta["xmp:ModifyDate"] = moment.iso
        if imprint.keywords:
            meta["pdf:Keywords"] = ", ".join(imprint.keywords)

"""Rules of PDF/UA-1 for fonts (ISO 14289-1, 7.21; Matterhorn, checkpoint 31)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name

from publisher.checks.pdf_file import PdfFile, array_of, number_of, text_of

_FILES = {"/FontFile", "/FontFile2", "/FontFile3"}
_SYMBOLIC = 1 << 2  # font flags (ISO 32000-1, table 123)
_BAD_UNICODE = {"0000", "feff", "fffe"}
# Collections of characters that a reader knows: their fonts need no ToUnicode (ISO 14289-1, 7.21.7).
_KNOWN_COLLECTIONS = {"GB1", "CNS1", "Japan1", "Korea1", "KR"}


def not_embedded(file: PdfFile) -> Iterator[str]:
    for font, descriptor in _with_descriptor(file):
        if not descriptor.keys() & _FILES:
            yield f"the font {font.get('/BaseFont', '')} is not embedded"
    for font in file.fonts:
        if font.get("/Subtype") in (Name.Type1, Name.TrueType) and "/FontDescriptor" not in font:
            yield f"the font {font.get('/BaseFont', '')} is not embedded"


def without_unicode(file: PdfFile) -> Iterator[str]:
    for font in file.fonts:
        if "/ToUnicode" not in font and font.get("/Subtype") in (Name.Type0, Name.Type3) and not _is_known(font):
            yield f"the font {font.get('/BaseFont', '')} has no ToUnicode"


def bad_unicode(file: PdfFile) -> Iterator[str]:
    """A map to U+0000, U+FEFF or U+FFFE tells no character."""
    for font in file.fonts:
        stream = font.get("/ToUnicode")
        if isinstance(stream, pikepdf.Stream) and _BAD_UNICODE & _targets(stream.read_bytes().decode("latin-1")):
            yield f"the font {font.get('/BaseFont', '')} maps a glyph to no character"


def _targets(cmap: str) -> set[str]:
    found: set[str] = set()
    for section in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        found |= {target.lower() for target in re.findall(r"<[0-9A-Fa-f]+>\s*<([0-9A-Fa-f]+)>", section)}
    for section in re.findall(r"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        found |= {target.lower() for target in re.findall(r"<[0-9A-Fa-f]+>\s*<[0-9A-Fa-f]+>\s*<([0-9A-Fa-f]+)>", section)}
        for row in re.findall(r"\[([^\]]*)\]", section):
            found |= {target.lower() for target in re.findall(r"<([0-9A-Fa-f]+)>", row)}
    return found


def composite_fonts(file: PdfFile) -> Iterator[str]:
    """What a composite font and its character map must agree on (7.21.3)."""
    for font in file.fonts:
        if font.get("/Subtype") != Name.Type0:
            continue
        name, encoding = font.get("/BaseFont", ""), font.get("/Encoding")
        descendant = _descendant(font)
        if descendant.get("/Subtype") == Name.CIDFontType2 and "/FontDescriptor" in descendant:
            to_glyph = descendant.get("/CIDToGIDMap")
            if not (isinstance(to_glyph, pikepdf.Stream) or to_glyph == Name.Identity):
                yield f"the font {name} has no map from characters to glyphs"
        if isinstance(encoding, pikepdf.Stream):
            mode = re.search(rb"/WMode\s+(\d)", encoding.read_bytes())
            if mode and int(mode[1]) != number_of(encoding.get("/WMode")):
                yield f"the font {name} and its character map write in different directions"
            if not _same_collection(encoding.get("/CIDSystemInfo"), descendant.get("/CIDSystemInfo")):
                yield f"the font {name} and its character map have different character collections"
            used = encoding.get("/UseCMap")
            if isinstance(used, Name) and str(used)[1:] not in _PREDEFINED:
                yield f"the character map of the font {name} uses one that is not embedded"
        elif isinstance(encoding, Name) and str(encoding)[1:] not in _PREDEFINED:
            yield f"the character map {encoding} of the font {name} is not embedded"
        elif isinstance(encoding, Name) and not str(encoding).startswith("/Identity"):
            known = _PREDEFINED_COLLECTIONS.get(str(encoding)[1:])
            ordering = text_of(_info(descendant).get("/Ordering"))
            if known and ordering and known != ordering:
                yield f"the font {name} and its character map have different character collections"


def _same_collection(first: Any, second: Any) -> bool:
    if not isinstance(first, Dictionary) or not isinstance(second, Dictionary):
        return True
    pairs = [(text_of(first.get(key)), text_of(second.get(key))) for key in ("/Registry", "/Ordering")]
    return all(left == right for left, right in pairs) and number_of(second.get("/Supplement")) <= number_of(
        first.get("/Supplement")
    )


def subsets(file: PdfFile) -> Iterator[str]:
    """A list of the glyphs of a subset must name all that the font program has: it is checked to be a list at all (7.21.4.2)."""
    for font, descriptor in _with_descriptor(file):
        if "/CharSet" in descriptor and not text_of(descriptor.get("/CharSet")).startswith("/"):
            yield f"the font {font.get('/BaseFont', '')} has a CharSet that names no glyphs"


def simple_encodings(file: PdfFile) -> Iterator[str]:
    """Which encoding a TrueType font may have depends on whether it is symbolic (7.21.6)."""
    for font in file.fonts:
        descriptor = font.get("/FontDescriptor")
        if font.get("/Subtype") != Name.TrueType or not isinstance(descriptor, Dictionary):
            continue
        name, encoding = font.get("/BaseFont", ""), font.get("/Encoding")
        symbolic = bool(number_of(descriptor.get("/Flags")) & _SYMBOLIC)
        base = encoding.get("/BaseEncoding") if isinstance(encoding, Dictionary) else encoding
        if symbolic and encoding is not None:
            yield f"the symbolic font {name} has an encoding"
        if not symbolic and str(base) not in ("/MacRomanEncoding", "/WinAnsiEncoding"):
            yield f"the font {name} has neither MacRomanEncoding nor WinAnsiEncoding"


def _with_descriptor(file: PdfFile) -> Iterator[tuple[Any, Any]]:
    for font in file.fonts:
        holder = _descendant(font) if font.get("/Subtype") == Name.Type0 else font
        descriptor = holder.get("/FontDescriptor")
        if isinstance(descriptor, Dictionary):
            yield font, descriptor


def _descendant(font: Any) -> Any:
    return next((entry for entry in array_of(font.get("/DescendantFonts")) if isinstance(entry, Dictionary)), Dictionary())


def _info(font: Any) -> Any:
    info = font.get("/CIDSystemInfo")
    return info if isinstance(info, Dictionary) else Dictionary()


def _is_known(font: Any) -> bool:
    encoding = font.get("/Encoding")
    if font.get("/Subtype") == Name.Type3:
        names = [str(name) for name in array_of(encoding.get("/Differences"))] if isinstance(encoding, Dictionary) else []
        return bool(names) and any(name.startswith("/") for name in names)
    predefined = isinstance(encoding, Name) and not str(encoding).startswith("/Identity")
    return predefined or text_of(_info(_descendant(font)).get("/Ordering")) in _KNOWN_COLLECTIONS


# Character maps that every reader has (ISO 32000-1, table 118), by their character collections.
_COLLECTIONS = {
    "GB1": "GB-EUC-H GB-EUC-V GBpc-EUC-H GBpc-EUC-V GBK-EUC-H GBK-EUC-V GBKp-EUC-H GBKp-EUC-V GBK2K-H GBK2K-V UniGB-UCS2-H "
    "UniGB-UCS2-V UniGB-UTF16-H UniGB-UTF16-V",
    "CNS1": "B5pc-H B5pc-V HKscs-B5-H HKscs-B5-V ETen-B5-H ETen-B5-V ETenms-B5-H ETenms-B5-V CNS-EUC-H CNS-EUC-V UniCNS-UCS2-H "
    "UniCNS-UCS2-V UniCNS-UTF16-H UniCNS-UTF16-V",
    "Japan1": "83pv-RKSJ-H 90ms-RKSJ-H 90ms-RKSJ-V 90msp-RKSJ-H 90msp-RKSJ-V 90pv-RKSJ-H Add-RKSJ-H Add-RKSJ-V EUC-H EUC-V "
    "Ext-RKSJ-H Ext-RKSJ-V H V UniJIS-UCS2-H UniJIS-UCS2-V UniJIS-UCS2-HW-H UniJIS-UCS2-HW-V UniJIS-UTF16-H UniJIS-UTF16-V",
    "Korea1": "KSC-EUC-H KSC-EUC-V KSCms-UHC-H KSCms-UHC-V KSCms-UHC-HW-H KSCms-UHC-HW-V KSCpc-EUC-H UniKS-UCS2-H UniKS-UCS2-V "
    "UniKS-UTF16-H UniKS-UTF16-V",
}
_PREDEFINED_COLLECTIONS = {name: collection for collection, names in _COLLECTIONS.items() for name in names.split()}
_PREDEFINED = {"Identity-H", "Identity-V", *_PREDEFINED_COLLECTIONS}

"""Embeds each font of the theme once in the bound file.

Sheets hold no fonts, only the names of the glyphs that they use; one subset has the glyphs of all sheets. When fonts were
embedded in every sheet, they were two fifths of a brief. Glyphs keep their numbers, so that the pages need
no change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from publisher.writers.pdf.face import Face
from publisher.writers.pdf.growing_file import GrowingFile
from publisher.writers.pdf.object_transfer import ObjectTransfer
from publisher.writers.themes import Theme

_DROPPED_TABLES = (
    "BASE",
    "DSIG",
    "GDEF",
    "GPOS",
    "GSUB",
    "JSTF",
    "LTSH",
    "PCLT",
    "STAT",
    "meta",
    "name",
)  # tables that are not needed to draw glyphs
_FIXED_PITCH = 1  # ISO 32000-1, table 123
_BATCH = 100  # entries in one bfchar block (Adobe technical note 5411)


@dataclass
class _SharedFont:
    """One font object of the file, for all faces of a font whose widths and texts agree."""

    number: int
    face: Face
    glyphs: dict[int, tuple[int, str]]

    def accepts(self, face: Face) -> bool:
        known = self.glyphs
        return all(known.get(number, (width, text)) == (width, text) for number, width, text in face.glyphs)


class FontEmbedder:
    """Collects the fonts of a file while it is bound, then embeds them."""

    def __init__(self, file: GrowingFile, theme: Theme) -> None:
        self._file, self._theme = file, theme
        self._fonts: dict[str, list[_SharedFont]] = {}

    def place(self, transfer: ObjectTransfer, resources: Any, faces: Sequence[Face]) -> None:
        """Puts the fonts of a sheet into the resources of its pages, which have only the fonts' names."""
        for face in faces:
            shared_font = self._shared_font(face)
            shared_font.glyphs.update((number, (width, text)) for number, width, text in face.glyphs)
            resources.Font[f"/{face.key}"] = transfer.stand_in(shared_font.number)

    def _shared_font(self, face: Face) -> _SharedFont:
        candidates = self._fonts.setdefault(face.file, [])
        shared_font = next((entry for entry in candidates if entry.face.name == face.name and entry.accepts(face)), None)
        if shared_font is None:
            shared_font = _SharedFont(self._file.reserve(), face, {})
            candidates.append(shared_font)
        return shared_font

    def embed(self) -> None:
        """Writes the font objects; to be called after the fonts of all sheets are placed."""
        for file, fonts in self._fonts.items():
            path = self._theme.path(file)
            assert path is not None, file
            data = _subset(path.read_bytes(), {number for shared_font in fonts for number in shared_font.glyphs})
            with pikepdf.new() as pdf:
                transfer = ObjectTransfer(pdf, self._file)
                stream = pdf.make_stream(data, Length1=len(data))
                for shared_font in fonts:
                    transfer.move(_font(pdf, shared_font, stream), shared_font.number)
                transfer.write()


def _subset(data: bytes, glyphs: Iterable[int]) -> bytes:
    """A TrueType font with only these glyphs, which keep their numbers."""
    import uharfbuzz

    subset_input = uharfbuzz.SubsetInput()
    subset_input.glyph_set.update(set(glyphs))
    subset_input.drop_table_tag_set.update({int.from_bytes(tag.ljust(4).encode(), "big") for tag in _DROPPED_TABLES})
    flags = uharfbuzz.SubsetFlags
    subset_input.flags = flags.RETAIN_GIDS | flags.NO_HINTING | flags.NO_LAYOUT_CLOSURE | flags.NOTDEF_OUTLINE
    face = uharfbuzz.subset(uharfbuzz.Face(uharfbuzz.Blob(data)), subset_input)
    assert face is not None
    return bytes(face.blob.data)


def _font(pdf: pikepdf.Pdf, shared_font: _SharedFont, stream: Any) -> Any:
    face, glyphs = shared_font.face, shared_font.glyphs
    name = Name(f"/{face.name}")
    widths = {number: width for number, (width, _) in glyphs.items()}
    fixed = _FIXED_PITCH if len(widths) > 1 and len(set(widths.values())) == 1 else 0
    descriptor = pdf.make_indirect(
        Dictionary(
            Type=Name.FontDescriptor,
            FontName=name,
            FontFamily=String(face.family),
            Flags=face.flags + fixed,
            FontBBox=Array([0, face.descent, max(widths.values(), default=0), face.ascent]),
            ItalicAngle=0,
            Ascent=face.ascent,
            Descent=face.descent,
            CapHeight=face.ascent,
            StemV=80,
            FontFile2=stream,
        )
    )
    system = Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0)
    descendant = pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=name,
            CIDSystemInfo=system,
            CIDToGIDMap=Name.Identity,
            W=Array(_width_array(widths)),
            FontDescriptor=descriptor,
        )
    )
    texts = pdf.make_stream(_to_unicode({number: text for number, (_, text) in glyphs.items()}))
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=name,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([descendant]),
            ToUnicode=texts,
        )
    )


def _width_array(widths: dict[int, int]) -> list[Any]:
    """The array W of a font (ISO 32000-1, 9.7.4.3): the first glyph of each run, and the widths of the run."""
    rows: list[Any] = []
    for number in sorted(widths):
        if number - 1 not in widths:
            rows += [number, []]
        rows[-1].append(widths[number])
    return [Array(row) if isinstance(row, list) else row for row in rows]


def _to_unicode(texts: dict[int, str]) -> bytes:
    """A ToUnicode CMap (ISO 32000-1, 9.10.3)."""
    lines = ["/CIDInit /ProcSet findresource begin", "12 dict begin", "begincmap"]
    lines += ["/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def"]
    lines += [
        "/CMapName /Adobe-Identity-UCS def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<0000> <ffff>",
        "endcodespacerange",
    ]
    rows = [f"<{number:04x}> <{text.encode('utf-16-be').hex()}>" for number, text in sorted(texts.items())]
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        lines += [f"{len(batch)} beginbfchar", *batch, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines).encode()

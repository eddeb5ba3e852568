"""A theme in the house style of an edition: its child, a folder with the few files that `[theme]` of the manifest asks for.

The folder lies among the temporary files of the process. It has the hash of its files as its name and is a theme like any
other, so what holds for themes (pickling, digests, style sheets) holds for it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import tinycss2

from publisher.model import disk
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, PublisherError
from publisher.model.house_style import CUTS, SIDES, HouseFont, HouseStyle
from publisher.model.papers import PAPERS, is_tablet, millimeters
from publisher.store import scratch
from publisher.store.files import write_all
from publisher.writers.custom_properties import BOOK_CUSTOM, CUSTOM, TOKENS, properties_of, with_values
from publisher.writers.themes import Theme, digest_of, text_of

_GENERIC = {"text": "serif", "display": "serif", "label": "sans-serif", "code": "monospace"}
# What else is set in the font of a role: standfirsts and footnotes are text in other optical sizes.
_ALSO = {"text": ("lead", "caption")}
_WEIGHTS = {"regular": 400, "italic": 400, "bold": 600, "bold_italic": 600}  # 600: the semibold that page.css asks for
_LENGTH = re.compile(r"(\d+(?:\.\d+)?|\.\d+)(mm|cm|in|pt|pc|px|q)|0", re.IGNORECASE | re.ASCII)
_FONT_URL = re.compile(r"url\(\s*[\"']?([^)\"']+)")
_UNITS = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72, "pc": 25.4 / 6, "px": 25.4 / 96, "q": 0.25}  # CSS Values 4, 6.2
_LEAST_ROOM = 40.0  # millimeters of text across and down a page
_LEAST_HANG = 10.0  # millimeters: headlines that stand out by less look like a mistake


def in_house_style(theme: Theme, house: HouseStyle, paper: str) -> Theme:
    """The theme with accent, fonts and margins of a house. Raises PublisherError where it has no such font, or no room.

    Margins are for sheets of paper: a tablet has its own, unless it is the paper of the house.
    """
    if is_tablet(paper) and not is_tablet(house.paper):
        house = replace(house, margins=())
    if faults := [*_family_faults(theme, house), *_room_faults(theme, house, paper)]:
        raise PublisherError(*faults)
    contents = _contents(theme, house, paper)
    if not contents:
        return theme
    digest = hashlib.sha256()
    for name, data in sorted(contents.items()):
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    with disk.temporary_files():
        folder = scratch.folder() / "house" / digest.hexdigest()
        missing = {folder / name: data for name, data in contents.items() if not (folder / name).exists()}
        if missing:
            write_all(missing)
    folders = (folder.resolve(), *theme.folders)
    return replace(theme, folders=folders, digest=digest_of(folders))


def in_millimeters(length: str) -> float | None:
    """An absolute length of CSS, not below zero, in millimeters; None if the text is no such length."""
    match = _LENGTH.fullmatch(length.strip())
    if not match:
        return None
    return float(match[1]) * _UNITS[match[2].lower()] if match[1] else 0.0


def families(theme: Theme) -> dict[str, list[dict[str, str]]]:
    """The faces of each font family that the page's style sheet declares, as descriptors of CSS by name."""
    found: dict[str, list[dict[str, str]]] = {}
    for rule in tinycss2.parse_stylesheet(theme.read("page.css"), skip_comments=True, skip_whitespace=True):
        if rule.type == "at-rule" and rule.lower_at_keyword == "font-face" and rule.content:
            nodes = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
            face = {node.lower_name: tinycss2.serialize(node.value).strip() for node in nodes if node.type == "declaration"}
            found.setdefault(face.get("font-family", "").strip("\"'"), []).append(face)
    return found


def _family_faults(theme: Theme, house: HouseStyle) -> Iterator[Diagnostic]:
    named = [font for font in house.fonts if font.family]
    known = families(theme) if named else {}
    for font in named:
        if font.family not in known:
            message = f"theme.fonts.{font.role}: the theme {theme.name} has no font family {font.family!r}"
            hint = f"its families are {', '.join(known)}; or name a font file (.ttf, .otf)"
            yield Diagnostic(Code.VALUE, message, house.place(f"fonts.{font.role}"), hint)


def _properties(theme: Theme, paper: str) -> dict[str, str]:
    own = [path] if (path := theme.path(f"paper/{paper.lower()}.css")) else []
    known = properties_of(map(text_of, (*theme.paths(TOKENS), *own, *theme.paths(CUSTOM))))
    return {name: with_values(value, known) for name, value in known.items()}


def _margins(theme: Theme, house: HouseStyle, paper: str) -> tuple[dict[str, float], dict[str, str]]:
    """The margins in millimeters, and the properties of the theme on that paper."""
    known = _properties(theme, paper)
    given = dict(house.margins)
    lengths = {side: given.get(side) or known.get(f"--margin-{side}", "0") for side in SIDES}
    return {side: in_millimeters(length) or 0.0 for side, length in lengths.items()}, known


def _room_faults(theme: Theme, house: HouseStyle, paper: str) -> Iterator[Diagnostic]:
    if not house.margins or paper not in PAPERS:
        return
    margins, _ = _margins(theme, house, paper)
    for sides, length, across in zip((("start", "end"), ("top", "bottom")), millimeters(paper), ("wide", "high"), strict=True):
        if length - margins[sides[0]] - margins[sides[1]] < _LEAST_ROOM:
            first, second = (f"{side} {margins[side]:g} mm" for side in sides)
            message = f"theme.margins: {first} and {second} leave no room for text on {paper}, which is {length:g} mm {across}"
            yield Diagnostic(Code.VALUE, message, house.place("margins"), f"leave at least {_LEAST_ROOM:g} mm between them")


def _contents(theme: Theme, house: HouseStyle, paper: str) -> dict[str, bytes]:
    """The files of the house's folder by their names; none where the house changes nothing."""
    properties: dict[str, str] = {"--accent": house.accent} if house.accent else {}
    page_faces, book_faces, files = list[str](), list[str](), dict[str, bytes]()
    for font in house.fonts:
        family = f"House {font.role.capitalize()}"
        properties |= _font_properties(font, family)
        own, contents = _own_faces(theme, font) if font.files else ([], {})
        files |= contents
        page_faces += [_font_face(family, face) for face in own]
        book_faces += [
            _font_face(family, face) for face in (map(_for_book, own) if own else _faces_of_family(theme, font.family))
        ]
    properties |= _margin_properties(theme, house, paper)
    if properties:
        root = "".join(f"  {name}: {value};\n" for name, value in properties.items())
        files[CUSTOM] = f":root {{\n{root}}}\n{''.join(page_faces)}".encode()
    if book_faces:
        files[BOOK_CUSTOM] = "".join(book_faces).encode()
    return files


def _font_properties(font: HouseFont, family: str) -> dict[str, str]:
    own, generic = font.role.capitalize(), _GENERIC[font.role]
    first = f'"{font.family or family}"'
    values = {f"--{role}": f"{first}, {own}, var(--fallback), {generic}" for role in (font.role, *_ALSO.get(font.role, ()))}
    return values | {f"--book-{font.role}": f'"{family}", {own}, {generic}'}


def _own_faces(theme: Theme, font: HouseFont) -> tuple[list[dict[str, str]], dict[str, bytes]]:
    """The faces of a font's files, and these files.

    A cut that is not given is the theme's own, so that emphasis is seen. It has no more characters than the regular cut: the
    engine prefers a cut with all letters of a language to the right cut. Headlines, which are all bold, are set as given.
    """
    faces, contents = [], {}
    given = {file.cut: file for file in font.files}
    for cut in CUTS:
        style, weight = ("italic" if "italic" in cut else "normal"), _WEIGHTS[cut]
        file = given.get(cut) or (given["regular"] if font.role == "display" else None)
        suffix, data = (file.suffix, file.data) if file is not None else (".ttf", b"")
        if path := None if file else _theme_file(theme, font.role.capitalize(), weight, style):
            data = _with_characters_of(given["regular"].data, path.read_bytes())
        if data:
            name = f"fonts/House-{font.role}-{(file.cut if file else cut).replace('_', '-')}{suffix}"
            contents[name] = data
            faces.append({"src": f"url({name})", "font-weight": str(weight), "font-style": style})
    return faces, contents


def _theme_file(theme: Theme, family: str, weight: int, style: str) -> Path | None:
    """The file of a cut of a family of the theme; None where the family has none."""
    for face in families(theme).get(family, []):
        match = _FONT_URL.search(face.get("src", ""))
        if match and (face.get("font-weight", "400"), face.get("font-style", "normal")) == (str(weight), style):
            return theme.path(match[1])
    return None


def _with_characters_of(regular: bytes, cut: bytes) -> bytes:
    """The font `cut` with those of its characters that `regular` has, all else as it is."""
    import uharfbuzz

    wanted = uharfbuzz.SubsetInput()
    wanted.keep_everything()
    wanted.glyph_set.clear()
    wanted.unicode_set.clear()
    wanted.unicode_set.update(uharfbuzz.Face(uharfbuzz.Blob(regular)).unicodes)
    face = uharfbuzz.subset(uharfbuzz.Face(uharfbuzz.Blob(cut)), wanted)
    return bytes(face.blob.data) if face is not None else cut


def _faces_of_family(theme: Theme, family: str) -> Iterator[dict[str, str]]:
    """The faces for the e-book of a family of the theme, of each weight and style the first.

    Where all are bold, as those of headlines, the first stands for the regular cut too.
    """
    faces = list(map(_for_book, families(theme).get(family, [])))
    cuts = {(face["font-weight"], face["font-style"]): face for face in reversed(faces)}
    if faces and ("normal", "normal") not in cuts:
        cuts["normal", "normal"] = {**faces[0], "font-weight": "normal", "font-style": "normal"}
    yield from (cuts[cut] for cut in sorted(cuts))


def _for_book(face: Mapping[str, str]) -> dict[str, str]:
    """A face with the weights that e-books use, normal and bold."""
    weight = face.get("font-weight", "400")
    is_bold = weight == "bold" or (weight.isdigit() and int(weight) >= 600)
    return {"src": face["src"], "font-weight": "bold" if is_bold else "normal", "font-style": face.get("font-style", "normal")}


def _font_face(family: str, descriptors: Mapping[str, str]) -> str:
    lines = "; ".join(f"{name}: {value}" for name, value in descriptors.items())
    return f'@font-face {{ font-family: "{family}"; {lines} }}\n'


def _margin_properties(theme: Theme, house: HouseStyle, paper: str) -> dict[str, str]:
    """The margins that are given, and what follows from them: how far headlines hang, the widths of running heads."""
    if not house.margins:
        return {}
    given = dict(house.margins)
    margins, known = _margins(theme, house, paper)
    properties = {f"--margin-{side}": length for side, length in given.items()}
    if "top" in given and in_millimeters(known.get("--opening-top", "0")):
        properties["--opening-top"] = given["top"]
    if "start" in given or "end" in given:
        hang = min(in_millimeters(known.get("--hang", "0")) or 0.0, margins["start"] - margins["end"])
        hang = hang if hang >= _LEAST_HANG else 0.0
        properties |= {"--hang": f"{hang:g}mm", "--head-width": "42%", "--head-rest": "56%"}
    return properties

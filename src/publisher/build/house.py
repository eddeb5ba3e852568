"""The house style of a manifest: the fonts and images that it names are read; what cannot be used is an error."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from publisher.build.manifest import Manifest
from publisher.build.theme_table import FontTable
from publisher.input.raster import ImageError, raster_image
from publisher.input.toml_lines import line_of
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.model.house_style import CUTS, ROLES, FontFile, HouseFont, HouseStyle
from publisher.model.parts import Resource
from publisher.store.regular_files import LargeFile, read_regular

_FONT_SUFFIXES = (".ttf", ".otf")
_OTHER_FONTS = (".woff", ".woff2", ".ttc", ".otc")
_IMAGE_HINT = "save it as SVG, PNG or JPEG"
_FONT_HINT = "use a TrueType or OpenType file (.ttf, .otf)"
_DIGITS = 16  # of a hash, in the name of an image


@dataclass(frozen=True)
class House:
    """The house style, the images of the imprint, what these lost, and the paths of all files that were read."""

    style: HouseStyle = HouseStyle()
    logo: Resource | None = None
    cover_image: Resource | None = None
    warnings: tuple[Diagnostic, ...] = ()
    paths: tuple[Path, ...] = ()


class _Files:
    """Reads what a manifest names, and collects what is wrong with it."""

    def __init__(self, manifest: Manifest, folder: Path, text: str, label: str) -> None:
        self._manifest, self._folder, self._text, self._label = manifest, folder, text, label
        self.faults: list[Diagnostic] = []
        self.warnings: list[Diagnostic] = []
        self.paths: list[Path] = []

    def line(self, *path: str) -> int:
        return line_of(self._text, path)

    def fault(self, code: Code, message: str, path: tuple[str, ...], hint: str) -> None:
        self.faults.append(Diagnostic(code, f"{'.'.join(path)}: {message}", Location(self._label, self.line(*path)), hint))

    def data(self, name: str, path: tuple[str, ...]) -> bytes | None:
        """The bytes of a file; None, and a fault, where it cannot be read."""
        megabytes = self._manifest.limits.megabytes
        self.paths.append(self._folder / name)
        try:
            return read_regular(self._folder / name, megabytes * 1_000_000)
        except FileNotFoundError:
            self.fault(Code.FILE_MISSING, f"file not found: {name}", path, "paths are relative to the manifest")
        except LargeFile:
            hint = "make it smaller, or raise megabytes under [limits]"
            self.fault(Code.FILE_UNREADABLE, f"{name} is larger than {megabytes} MB", path, hint)
        except (OSError, ValueError) as problem:
            reason = getattr(problem, "strerror", None) or problem
            self.fault(Code.FILE_UNREADABLE, f"{name} cannot be read: {reason}", path, "name a file that can be read")
        return None

    def image(self, key: str) -> Resource | None:
        """The image of a key of `[edition]`; None where there is none, or, with a fault, where it cannot be shown."""
        name, path = str(getattr(self._manifest.edition, key)), ("edition", key)
        data = self.data(name, path) if name else None
        if data is None:
            return None
        from publisher.input.svg import clean_svg, is_svg  # with lxml, which a manifest without images has no need of

        stem = f"images/house-{key.replace('_', '-')}-{hashlib.sha256(data).hexdigest()[:_DIGITS]}"
        try:
            if is_svg(data):
                svg = clean_svg(data)
                for part in svg.left_out:
                    place = Location(self._label, self.line(*path))
                    hint = "draw the words as SVG text and embed images in the drawing, or save it as PNG"
                    self.warnings.append(Diagnostic(Code.IMAGE_PARTIAL, f"left out of the image {name}: {part}", place, hint))
                return Resource(f"{stem}.svg", "image/svg+xml", svg.data, svg.width, svg.height)
            raster = raster_image(data, self._manifest.limits.megapixels)
        except ImageError as problem:
            self.fault(Code.FILE_UNREADABLE, f"the image {name} {problem}", path, problem.hint or _IMAGE_HINT)
            return None
        return Resource(f"{stem}.{raster.suffix}", raster.media_type, raster.data, raster.width, raster.height)

    def font(self, role: str, table: FontTable) -> HouseFont | None:
        """What a role is set in; None, and a fault, where that cannot be used."""
        if not _is_path(table.regular):
            others = [cut for cut in CUTS[1:] if getattr(table, cut)]
            if others:
                message = f"{others[0]} is given beside the family {table.regular!r}"
                self.fault(Code.VALUE, message, ("theme", "fonts", role), "name a file for regular too, or the family alone")
                return None
            return HouseFont(role, table.regular)
        files = [self._font_file(role, cut, name) for cut in CUTS if (name := str(getattr(table, cut)))]
        return HouseFont(role, "", tuple(filter(None, files))) if all(files) else None

    def _font_file(self, role: str, cut: str, name: str) -> FontFile | None:
        path = ("theme", "fonts", role)
        data = self.data(name, path)
        if data is None:
            return None
        suffix = _suffix_of_font(data)
        if not suffix:
            self.fault(Code.FILE_UNREADABLE, f"{name} cannot be read as a font", path, _FONT_HINT)
            return None
        return FontFile(cut, suffix, data)


def read_house(manifest: Manifest, folder: Path, text: str, label: str) -> House:
    """The house style of a manifest in `folder`; `text` is the manifest's. Raises PublisherError with all that is wrong."""
    files, theme = _Files(manifest, folder, text, label), manifest.theme
    logo, cover_image = files.image("logo"), files.image("cover_image")
    fonts = [files.font(role, table) for role in ROLES if (table := getattr(theme.fonts, role)) is not None]
    if files.faults:
        raise PublisherError(*files.faults)
    margins = tuple((side, length) for side, length in theme.margins.model_dump().items() if length)
    roles = [font.role for font in fonts if font]
    lines = tuple(_lines(files, roles, name=bool(theme.name), accent=bool(theme.accent), margins=bool(margins)))
    style = HouseStyle(theme.name, theme.paper or "", theme.accent, tuple(filter(None, fonts)), margins, label, lines)
    return House(style, logo, cover_image, tuple(files.warnings), tuple(files.paths))


def _lines(files: _Files, roles: list[str], *, name: bool, accent: bool, margins: bool) -> Iterator[tuple[str, int]]:
    if name:
        yield "name", files.line("theme", "name")
    if accent:
        yield "accent", files.line("theme", "accent")
    if margins:
        yield "margins", files.line("theme", "margins")
    for role in roles:
        yield f"fonts.{role}", files.line("theme", "fonts", role)


def _is_path(name: str) -> bool:
    return "/" in name or "\\" in name or name.lower().endswith((*_FONT_SUFFIXES, *_OTHER_FONTS))


def _suffix_of_font(data: bytes) -> str:
    """.ttf or .otf, by the outlines of a font that has letters; empty for what is no such font."""
    from fontTools.ttLib import TTFont
    from PIL import ImageFont

    suffix = {b"\0\1\0\0": ".ttf", b"true": ".ttf", b"OTTO": ".otf"}.get(data[:4], "")
    try:
        font = TTFont(io.BytesIO(data), lazy=True)
        readable = bool(font.getBestCmap()) and len(font.getGlyphOrder()) > 1 and font["head"].unitsPerEm > 0
        ImageFont.truetype(io.BytesIO(data), 12).getmask(chr(min(font.getBestCmap())))  # FreeType, as the engine has it
    except Exception:  # both raise many kinds for a damaged file
        return ""
    return suffix if readable else ""

"""What e-readers stumble over although EPUB allows it: rules of Kindle, Kobo, Apple Books and old readers, as a table.

Sources: Amazon's Kindle Publishing Guidelines and the causes that users found for its E999; Kobo's EPUB guidelines;
Apple's Asset Guide; KOReader and Adobe's RMSDK, which know CSS 2.1 and the NCX. docs/epub-rules.md has each with its reason.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

import tinycss2
from lxml import etree

_XHTML = "{http://www.w3.org/1999/xhtml}"
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
_TYPE = "{http://www.idpf.org/2007/ops}type"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_FIXED = re.compile(r"\d(px|pt|pc|cm|mm|in)\b")
_MEGA = 1_000_000


class Unreadable(ValueError):
    """A file that is no EPUB; the message says why."""


@dataclass(frozen=True)
class Declaration:
    """One declaration of a style sheet, with the selector or at-rule that it stands under."""

    selector: str
    name: str
    value: str


class Book:
    """An EPUB with what several rules look at, found once. Raises Unreadable."""

    def __init__(self, path: Path) -> None:
        self.size = path.stat().st_size
        try:
            with zipfile.ZipFile(path) as archive:
                self.files = {one.filename: archive.read(one) for one in archive.infolist() if not one.is_dir()}
            container = etree.fromstring(self.files["META-INF/container.xml"])
            self.opf_path = str(next(container.iter("{*}rootfile")).get("full-path"))
            self.opf = etree.fromstring(self.files[self.opf_path])
        except (zipfile.BadZipFile, KeyError, StopIteration, etree.XMLSyntaxError) as problem:
            raise Unreadable(str(problem)) from None

    def resolve(self, base: str, href: str) -> str:
        return posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(href)))

    @cached_property
    def items(self) -> dict[str, etree._Element]:
        """The manifest's items by path."""
        return {self.resolve(self.opf_path, str(one.get("href"))): one for one in self.opf.iter(f"{_OPF}item")}

    @cached_property
    def pages(self) -> dict[str, etree._Element]:
        """The roots of the XHTML files of the spine, by path, in reading order."""
        by_id = {one.get("id"): path for path, one in self.items.items()}
        paths = [by_id[one.get("idref")] for one in self.opf.iter(f"{_OPF}itemref") if one.get("idref") in by_id]
        found = {}
        for path in paths:
            try:
                found[path] = etree.fromstring(self.files[path])
            except (KeyError, etree.XMLSyntaxError):  # EPUBCheck names it
                continue
        return found

    @cached_property
    def declarations(self) -> list[tuple[str, Declaration]]:
        sheets = [path for path, one in self.items.items() if one.get("media-type") == "text/css" and path in self.files]
        return [(path, one) for path in sheets for one in _declared(self.files[path].decode("utf-8", "replace"))]

    @cached_property
    def cover(self) -> str:
        """The path of the cover picture; empty without one."""
        return next((path for path, one in self.items.items() if "cover-image" in (one.get("properties") or "").split()), "")

    @cached_property
    def pictures(self) -> dict[str, tuple[int, int]]:
        """Width and height in pixels of every picture that is no vector, by path."""
        from PIL import Image

        found = {}
        for path, one in self.items.items():
            kind = one.get("media-type") or ""
            if kind.startswith("image/") and kind != "image/svg+xml" and path in self.files:
                try:
                    found[path] = Image.open(io.BytesIO(self.files[path])).size
                except OSError:
                    found[path] = (0, 0)
        return found

    @cached_property
    def nav(self) -> etree._Element | None:
        """The root of the navigation document."""
        path = next((path for path, one in self.items.items() if "nav" in (one.get("properties") or "").split()), "")
        return etree.fromstring(self.files[path]) if path in self.files else None

    @cached_property
    def ncx(self) -> etree._Element | None:
        path = next((path for path, one in self.items.items() if one.get("media-type") == "application/x-dtbncx+xml"), "")
        return etree.fromstring(self.files[path]) if path in self.files else None


def _declared(css: str) -> Iterator[Declaration]:
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if rule.type == "qualified-rule":
            yield from _block(tinycss2.serialize(rule.prelude).strip(), rule.content)
        elif rule.type == "at-rule" and rule.at_keyword == "font-face":
            yield from _block("@font-face", rule.content or [])
        elif rule.type == "at-rule":
            yield Declaration(f"@{rule.at_keyword}", "", "")
            yield from _declared(tinycss2.serialize(rule.content or []))


def _block(selector: str, content: list[object]) -> Iterator[Declaration]:
    for one in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if one.type == "declaration":
            yield Declaration(selector, one.name, tinycss2.serialize(one.value).strip())


def _short(path: str) -> str:
    return path.rpartition("/")[2]


def _text(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def kindle_language(book: Book) -> Iterator[str]:
    named = [str(one.text or "").strip() for one in book.opf.iter(f"{_DC}language")]
    if not named or not all(_LANGUAGE.fullmatch(one) for one in named):
        yield "the package names no language, or none that is one"
    for path, root in book.pages.items():
        if not _LANGUAGE.fullmatch(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""):
            yield f"{_short(path)} names no language"


def kindle_empty(book: Book) -> Iterator[str]:
    for path, root in book.pages.items():
        body = root.find(f"{_XHTML}body")
        if body is None or not (
            _text(body) or next(body.iter(f"{_XHTML}img", "{http://www.w3.org/2000/svg}svg"), None) is not None
        ):
            yield f"{_short(path)} is empty"


def kindle_targets(book: Book) -> Iterator[str]:
    ids = {path: {one.get("id") for one in root.iter() if one.get("id")} for path, root in book.pages.items()}
    for path, root in book.pages.items():
        for link in root.iter(f"{_XHTML}a", f"{_XHTML}img"):
            href = link.get("href") if link.tag == f"{_XHTML}a" else link.get("src") or ""
            if href is None or re.match(r"[a-z][a-z0-9+.-]*:", href, re.IGNORECASE):
                continue
            file, _, fragment = href.partition("#")
            target = book.resolve(path, file) if file else path
            if target not in book.files or (fragment and fragment not in ids.get(target, {fragment})):
                yield f"{_short(path)} points at {href or 'nothing'}, which is not there"


def kindle_margins(book: Book) -> Iterator[str]:
    for path, one in book.declarations:
        if one.name.startswith(("margin", "text-indent", "padding")) and re.search(r"(^|\s)-\.?\d", one.value):
            yield f"{_short(path)}: {one.selector} has a negative {one.name}"


def kindle_tables(book: Book) -> Iterator[str]:
    for path, root in book.pages.items():
        if root.find(f".//{_XHTML}table//{_XHTML}table") is not None:
            yield f"{_short(path)} has a table inside a table"


def kindle_pictures(book: Book) -> Iterator[str]:
    for path in book.pictures:
        if len(book.files[path]) > 5 * _MEGA:
            yield f"{_short(path)} is larger than 5 MB"


def kindle_size(book: Book) -> Iterator[str]:
    if book.size > 50 * _MEGA:
        yield "the file is larger than the 50 MB that can be sent by mail"


def kindle_names(book: Book) -> Iterator[str]:
    for path in book.files:
        if not re.fullmatch(r"[A-Za-z0-9._/-]+", path):
            yield f"{path!r} is no plain file name"


def kobo_flex(book: Book) -> Iterator[str]:
    for path, one in book.declarations:
        if (
            one.name == "display"
            and ("flex" in one.value or "grid" in one.value)
            and re.search(r"(^|[\s,])(html|body)\b", one.selector)
        ):
            yield f"{_short(path)}: {one.selector} is laid out with {one.value}: a blank page"


def kobo_notes(book: Book) -> Iterator[str]:
    for path, root in book.pages.items():
        order = {one.get("id"): number for number, one in enumerate(root.iter()) if one.get("id")}
        elements = {one.get("id"): one for one in root.iter() if one.get("id")}
        for number, link in enumerate(root.iter()):
            if link.tag != f"{_XHTML}a" or link.get(_TYPE) != "noteref":
                continue
            key = (link.get("href") or "").removeprefix("#")
            if key not in order or order[key] < number:
                yield f"{_short(path)}: the note {key} does not stand behind its call"
            elif len(_text(elements[key])) > 5000:
                yield f"{_short(path)}: the note {key} is too long to pop up (5,000 characters)"


def kobo_cover(book: Book) -> Iterator[str]:
    kind = book.items[book.cover].get("media-type") if book.cover else ""
    if kind not in ("image/png", "image/jpeg"):
        yield "there is no cover in JPEG or PNG"
    elif len(book.files.get(book.cover, b"")) > 3 * _MEGA:
        yield "the cover is larger than 3 MB"


def kobo_ids(book: Book) -> Iterator[str]:
    for path, root in book.pages.items():
        if any((one.get("id") or "").startswith("kobo") or "koboSpan" in (one.get("class") or "") for one in root.iter()):
            yield f"{_short(path)} uses ids that Kobo puts into its own books"


def apple_fonts(book: Book) -> Iterator[str]:
    declared = {book.resolve(path, name) for path, one in book.declarations if one.selector == "@font-face" and one.name == "src"
                for name in re.findall(r"url\(\s*[\"']?([^)\"']+)", one.value)}  # fmt: skip
    inside = {path for path, one in book.items.items() if "font" in (one.get("media-type") or "")}
    for path in sorted(declared ^ inside):
        where = "in the book and in no style sheet" if path in inside else "in a style sheet and not in the book"
        yield f"{_short(path)} is {where}"
    if inside and not any(one.get("property") == "ibooks:specified-fonts" for one in book.opf.iter(f"{_OPF}meta")):
        yield "the package does not say that the book brings its fonts (ibooks:specified-fonts)"


def apple_cover(book: Book) -> Iterator[str]:
    width, height = book.pictures.get(book.cover, (0, 0))
    if min(width, height) < 1400 or not 1.2 <= height / width <= 1.8:
        yield f"the cover has {width} by {height} pixels; a portrait with 1,400 on the shorter side is wanted"


def apple_pixels(book: Book) -> Iterator[str]:
    for path, (width, height) in book.pictures.items():
        if path != book.cover and width * height > 5_600_000:
            yield f"{_short(path)} has more than 5.6 million pixels"


def old_ncx(book: Book) -> Iterator[str]:
    if book.ncx is None:
        yield "there is no NCX: an old reader shows no contents"
        return
    points = [_text(one) for one in book.ncx.iter(f"{_NCX}navLabel")]
    nav = next((one for one in (book.nav.iter(f"{_XHTML}nav") if book.nav is not None else ()) if one.get(_TYPE) == "toc"), None)
    links = [_text(one) for one in nav.iter(f"{_XHTML}a")] if nav is not None else []
    if points != links:
        yield "the NCX and the navigation name different chapters"


def old_depth(book: Book) -> Iterator[str]:
    lists = book.nav.iter(f"{_XHTML}ol") if book.nav is not None else iter(())
    if any(len(list(one.iterancestors(f"{_XHTML}ol"))) > 2 for one in lists):
        yield "the contents are more than three levels deep"


def old_css(book: Book) -> Iterator[str]:
    for path, one in book.declarations:
        modern = one.name.startswith("--") or re.search(r"\b(var|calc|clamp|min|max|color-mix)\(", one.value)
        if modern or re.search(r":(is|where|has)\(", one.selector) or one.selector in ("@layer", "@container"):
            yield f"{_short(path)}: {one.selector} needs a CSS that old readers do not have"


def read_sizes(book: Book) -> Iterator[str]:
    for path, one in book.declarations:
        if one.name in ("font-size", "font", "line-height") and one.selector != "@font-face" and _FIXED.search(one.value):
            yield f"{_short(path)}: {one.selector} has a fixed {one.name}: the reader could not enlarge it"


def read_night(book: Book) -> Iterator[str]:
    for path, one in book.declarations:
        if one.name in ("color", "background", "background-color") and one.value not in (
            "inherit",
            "currentColor",
            "transparent",
            "none",
        ):
            yield f"{_short(path)}: {one.selector} sets a {one.name}: at night it may be dark on dark"


RULES: dict[str, Callable[[Book], Iterator[str]]] = {
    one.__name__.replace("_", "-"): one
    for one in (
        kindle_language, kindle_empty, kindle_targets, kindle_margins, kindle_tables, kindle_pictures, kindle_size, kindle_names,
        kobo_flex, kobo_notes, kobo_cover, kobo_ids, apple_fonts, apple_cover, apple_pixels,
        old_ncx, old_depth, old_css, read_sizes, read_night,
    )
}  # fmt: skip


def failures(book: Book) -> Iterator[tuple[str, str]]:
    """What e-readers would stumble over: (message, rule) pairs."""
    for code, rule in RULES.items():
        for message in rule(book):
            yield message, code

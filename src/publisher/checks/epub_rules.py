"""What EPUB allows but some e-readers cannot handle: rules for Kindle, Kobo, Apple Books and old readers.

Sources: Amazon's Kindle Publishing Guidelines and the causes that users found for its error E999; Kobo's EPUB guidelines;
Apple's Asset Guide; KOReader and Adobe's RMSDK, which support only CSS 2.1 and the NCX. docs/epub-rules.md gives the reason
for each rule.
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
_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_FIXED_LENGTH = re.compile(r"\d(px|pt|pc|cm|mm|in)\b")
_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Rule:
    """`test` gives a message for each failure; `meaning` says where the rule fails, `reason` what happens then."""

    test: Callable[[Book], Iterator[str]]
    meaning: str
    reason: str


class Unreadable(ValueError):
    """A file is not a readable EPUB; the message gives the reason."""


@dataclass(frozen=True)
class Declaration:
    """A declaration of a style sheet, with the selector or at-rule that contains it."""

    selector: str
    name: str
    value: str


class Book:
    """An EPUB with the data that several rules need, each collected once. Raises Unreadable."""

    def __init__(self, path: Path) -> None:
        self.size = path.stat().st_size
        try:
            with zipfile.ZipFile(path) as archive:
                self.files = {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}
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
        return {self.resolve(self.opf_path, str(item.get("href"))): item for item in self.opf.iter(f"{_OPF}item")}

    @cached_property
    def pages(self) -> dict[str, etree._Element]:
        """The roots of the XHTML files of the spine, by path, in reading order."""
        by_id = {item.get("id"): path for path, item in self.items.items()}
        paths = [by_id[itemref.get("idref")] for itemref in self.opf.iter(f"{_OPF}itemref") if itemref.get("idref") in by_id]
        pages = {}
        for path in paths:
            try:
                pages[path] = etree.fromstring(self.files[path])
            except (KeyError, etree.XMLSyntaxError):  # EPUBCheck reports it
                continue
        return pages

    @cached_property
    def declarations(self) -> list[tuple[str, Declaration]]:
        sheets = [path for path, item in self.items.items() if item.get("media-type") == "text/css" and path in self.files]
        return [
            (path, declaration)
            for path in sheets
            for declaration in _style_declarations(self.files[path].decode("utf-8", "replace"))
        ]

    @cached_property
    def cover(self) -> str:
        """The path of the cover image; empty if there is none."""
        return next((path for path, item in self.items.items() if "cover-image" in (item.get("properties") or "").split()), "")

    @cached_property
    def images(self) -> dict[str, tuple[int, int]]:
        """Width and height in pixels of every raster image, by path."""
        from PIL import Image

        sizes = {}
        for path, item in self.items.items():
            media_type = item.get("media-type") or ""
            if media_type.startswith("image/") and media_type != "image/svg+xml" and path in self.files:
                try:
                    sizes[path] = Image.open(io.BytesIO(self.files[path])).size
                except OSError:
                    sizes[path] = (0, 0)
        return sizes

    @cached_property
    def nav(self) -> etree._Element | None:
        """The root of the navigation document."""
        path = next((path for path, item in self.items.items() if "nav" in (item.get("properties") or "").split()), "")
        return etree.fromstring(self.files[path]) if path in self.files else None

    @cached_property
    def ncx(self) -> etree._Element | None:
        path = next((path for path, item in self.items.items() if item.get("media-type") == "application/x-dtbncx+xml"), "")
        return etree.fromstring(self.files[path]) if path in self.files else None


def _style_declarations(css: str) -> Iterator[Declaration]:
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if rule.type == "qualified-rule":
            yield from _block_declarations(tinycss2.serialize(rule.prelude).strip(), rule.content)
        elif rule.type == "at-rule" and rule.at_keyword == "font-face":
            yield from _block_declarations("@font-face", rule.content or [])
        elif rule.type == "at-rule":
            yield Declaration(f"@{rule.at_keyword}", "", "")
            yield from _style_declarations(tinycss2.serialize(rule.content or []))


def _block_declarations(selector: str, content: list[object]) -> Iterator[Declaration]:
    for node in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if node.type == "declaration":
            yield Declaration(selector, node.name, tinycss2.serialize(node.value).strip())


def _file_name(path: str) -> str:
    return path.rpartition("/")[2]


def _text(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def kindle_language(book: Book) -> Iterator[str]:
    languages = [str(element.text or "").strip() for element in book.opf.iter(f"{_DC}language")]
    if not languages or not all(_LANGUAGE_TAG.fullmatch(language) for language in languages):
        yield "the package has no valid language"
    for path, root in book.pages.items():
        if not _LANGUAGE_TAG.fullmatch(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""):
            yield f"{_file_name(path)} has no valid language"


def kindle_empty(book: Book) -> Iterator[str]:
    for path, root in book.pages.items():
        body = root.find(f"{_XHTML}body")
        if body is None or not (
            _text(body) or next(body.iter(f"{_XHTML}img", "{http://www.w3.org/2000/svg}svg"), None) is not None
        ):
            yield f"{_file_name(path)} is empty"


def kindle_targets(book: Book) -> Iterator[str]:
    ids = {path: {element.get("id") for element in root.iter() if element.get("id")} for path, root in book.pages.items()}
    for path, root in book.pages.items():
        for link in root.iter(f"{_XHTML}a", f"{_XHTML}img"):
            href = link.get("href") if link.tag == f"{_XHTML}a" else link.get("src") or ""
            if href is None or re.match(r"[a-z][a-z0-9+.-]*:", href, re.IGNORECASE):
                continue
            file, _, fragment = href.partition("#")
            if link.tag == f"{_XHTML}img" and not href:
                yield f"{_file_name(path)} has an image without an address"
                continue
            target = book.resolve(path, file) if file else path
            if target not in book.files or (fragment and fragment not in ids.get(target, {fragment})):
                yield f"{_file_name(path)} has a link or an image with the target {href or '(empty)'}, which does not exist"


def kindle_margins(book: Book) -> Iterator[str]:
    for path, declaration in book.declarations:
        if declaration.name.startswith(("margin", "text-indent", "padding")) and re.search(r"(^|\s)-\.?\d", declaration.value):
            yield f"{_file_name(path)}: {declaration.selector} has a negative {declaration.name}"


def kindle_tables(book: Book) -> Iterator[str]:
    for path, root in book.pages.items():
        if root.find(f".//{_XHTML}table//{_XHTML}table") is not None:
            yield f"{_file_name(path)} has a table inside a table"


def kindle_pictures(book: Book) -> Iterator[str]:
    for path in book.images:
        if len(book.files[path]) > 5 * _MEGABYTE:
            yield f"{_file_name(path)} is larger than 5 MB"


def kindle_size(book: Book) -> Iterator[str]:
    if book.size > 50 * _MEGABYTE:
        yield "the file is larger than 50 MB, the limit for sending it by mail"


def kindle_names(book: Book) -> Iterator[str]:
    for path in book.files:
        if not re.fullmatch(r"[A-Za-z0-9._/-]+", path):
            yield f"the file name {path!r} has characters other than plain letters, digits and . _ -"


def kobo_flex(book: Book) -> Iterator[str]:
    for path, declaration in book.declarations:
        if (
            declaration.name == "display"
            and ("flex" in declaration.value or "grid" in declaration.value)
            and re.search(r"(^|[\s,])(html|body)\b", declaration.selector)
        ):
            yield f"{_file_name(path)}: {declaration.selector} has display {declaration.value}: pages may be blank"


def kobo_notes(book: Book) -> Iterator[str]:
    for path, root in book.pages.items():
        order = {element.get("id"): number for number, element in enumerate(root.iter()) if element.get("id")}
        elements = {element.get("id"): element for element in root.iter() if element.get("id")}
        for number, link in enumerate(root.iter()):
            if link.tag != f"{_XHTML}a" or link.get(_EPUB_TYPE) != "noteref":
                continue
            key = (link.get("href") or "").removeprefix("#")
            if key not in order or order[key] < number:
                yield f"{_file_name(path)}: the note {key} does not stand after its reference"
            elif len(_text(elements[key])) > 5000:
                yield f"{_file_name(path)}: the note {key} is too long to pop up (5,000 characters)"


def kobo_cover(book: Book) -> Iterator[str]:
    media_type = book.items[book.cover].get("media-type") if book.cover else ""
    if media_type not in ("image/png", "image/jpeg"):
        yield "the book has no cover in JPEG or PNG"
    elif len(book.files.get(book.cover, b"")) > 3 * _MEGABYTE:
        yield "the cover is larger than 3 MB"


def kobo_ids(book: Book) -> Iterator[str]:
    for path, root in book.pages.items():
        if any(
            (element.get("id") or "").startswith("kobo") or "koboSpan" in (element.get("class") or "") for element in root.iter()
        ):
            yield f"{_file_name(path)} uses ids or classes that Kobo adds itself"


def apple_fonts(book: Book) -> Iterator[str]:
    declared = {book.resolve(path, name) for path, declaration in book.declarations
                if declaration.selector == "@font-face" and declaration.name == "src"
                for name in re.findall(r"url\(\s*[\"']?([^)\"']+)", declaration.value)}  # fmt: skip
    fonts = {path for path, item in book.items.items() if "font" in (item.get("media-type") or "")}
    for path in sorted(declared ^ fonts):
        place = "in the book but in no style sheet" if path in fonts else "in a style sheet but not in the book"
        yield f"{_file_name(path)} is {place}"
    if fonts and not any(meta.get("property") == "ibooks:specified-fonts" for meta in book.opf.iter(f"{_OPF}meta")):
        yield "the package does not declare that the book has its own fonts (ibooks:specified-fonts)"


def apple_cover(book: Book) -> Iterator[str]:
    width, height = book.images.get(book.cover, (0, 0))
    if min(width, height) < 1400 or not 1.2 <= height / width <= 1.8:
        yield f"the cover has {width} by {height} pixels; it should be in portrait format with at least 1,400 on the shorter side"


def apple_pixels(book: Book) -> Iterator[str]:
    for path, (width, height) in book.images.items():
        if path != book.cover and width * height > 5_600_000:
            yield f"{_file_name(path)} has more than 5.6 million pixels"


def old_ncx(book: Book) -> Iterator[str]:
    if book.ncx is None:
        yield "the book has no NCX: old readers show no contents"
        return
    labels = [_text(label) for label in book.ncx.iter(f"{_NCX}navLabel")]
    nav = next(
        (nav for nav in (book.nav.iter(f"{_XHTML}nav") if book.nav is not None else ()) if nav.get(_EPUB_TYPE) == "toc"), None
    )
    links = [_text(link) for link in nav.iter(f"{_XHTML}a")] if nav is not None else []
    if labels != links:
        yield "the NCX and the navigation document list different chapters"


def old_depth(book: Book) -> Iterator[str]:
    lists = book.nav.iter(f"{_XHTML}ol") if book.nav is not None else iter(())
    if any(len(list(element.iterancestors(f"{_XHTML}ol"))) > 2 for element in lists):
        yield "the contents are more than three levels deep"


def old_css(book: Book) -> Iterator[str]:
    for path, declaration in book.declarations:
        modern = declaration.name.startswith("--") or re.search(r"\b(var|calc|clamp|min|max|color-mix)\(", declaration.value)
        if modern or re.search(r":(is|where|has)\(", declaration.selector) or declaration.selector in ("@layer", "@container"):
            yield f"{_file_name(path)}: {declaration.selector} uses CSS that old readers do not support"


def read_sizes(book: Book) -> Iterator[str]:
    for path, declaration in book.declarations:
        if (
            declaration.name in ("font-size", "font", "line-height")
            and declaration.selector != "@font-face"
            and _FIXED_LENGTH.search(declaration.value)
        ):
            yield f"{_file_name(path)}: {declaration.selector} has a fixed {declaration.name}: readers cannot enlarge the text"


def read_night(book: Book) -> Iterator[str]:
    for path, declaration in book.declarations:
        if declaration.name in ("color", "background", "background-color") and declaration.value not in (
            "inherit",
            "currentColor",
            "transparent",
            "none",
        ):
            yield f"{_file_name(path)}: {declaration.selector} sets {declaration.name}: in night mode text may be dark on dark"


def read_ids(book: Book) -> Iterator[str]:
    for path, root in book.pages.items():
        ids = [str(element.get("id")) for element in root.iter() if element.get("id")]
        for identifier in dict.fromkeys(identifier for identifier in ids if ids.count(identifier) > 1):
            yield f"{_file_name(path)}: two elements have the id {identifier}"


RULES: dict[str, Rule] = {
    "kindle-language": Rule(
        kindle_language,
        "the package or a chapter names no language",
        "the most frequent cause of E999, “Send to Kindle Internal Error”",
    ),
    "kindle-empty": Rule(kindle_empty, "a file of the spine has neither words nor an image", "the converter drops or refuses it"),
    "kindle-targets": Rule(
        kindle_targets, "a link or an image leads to something that does not exist", "the converter refuses the book"
    ),
    "kindle-margins": Rule(
        kindle_margins, "a style sheet has a negative margin, indent or padding", "text is cut at the screen's edge"
    ),
    "kindle-tables": Rule(kindle_tables, "a table stands inside a table", "it is shown as an image, or not at all"),
    "kindle-pictures": Rule(kindle_pictures, "an image is larger than 5 MB", "the limit of Kindle and the advice of Kobo"),
    "kindle-size": Rule(
        kindle_size, "the file is larger than 50 MB", "what can be sent by mail, and where E999 begins for large books"
    ),
    "kindle-names": Rule(
        kindle_names,
        "the name of a file has characters other than plain letters, digits, `.`, `_` and `-`",
        "links to it break; Kobo says so too",
    ),
    "kobo-flex": Rule(kobo_flex, "`html` or `body` is laid out with flex or grid", "blank pages"),
    "kobo-notes": Rule(
        kobo_notes, "a footnote stands before its reference, or has more than 5,000 characters", "it does not open as a pop-up"
    ),
    "kobo-cover": Rule(kobo_cover, "there is no cover in JPEG or PNG, or it is larger than 3 MB", "no thumbnail"),
    "kobo-ids": Rule(
        kobo_ids, "an id begins with `kobo`, a class is `koboSpan`", "Kobo puts its own there when it makes a kepub"
    ),
    "apple-fonts": Rule(
        apple_fonts,
        "a font is in no style sheet, or only there; the package does not say that it brings fonts",
        "the fonts are ignored",
    ),
    "apple-cover": Rule(
        apple_cover,
        "the cover's shorter side has less than 1,400 pixels, or it is no portrait",
        "refused by the store, ugly on the shelf",
    ),
    "apple-pixels": Rule(apple_pixels, "an image has more than 5.6 million pixels", "not shown"),
    "old-ncx": Rule(
        old_ncx, "there is no NCX, or it names other chapters than the navigation", "old readers know no other contents"
    ),
    "old-depth": Rule(old_depth, "the contents are more than three levels deep", "Kobo shows three, others flatten"),
    "old-css": Rule(
        old_css,
        "a style sheet uses `var()`, `calc()`, `:is()` or the like",
        "readers with CSS 2.1 drop the rule, some the whole sheet",
    ),
    "read-sizes": Rule(read_sizes, "a font size or line height is in points, pixels or inches", "large type is impossible"),
    "read-night": Rule(read_night, "a style sheet sets a text or background color", "dark on dark at night"),
    "read-ids": Rule(
        read_ids, "two elements of a file have the same id", "links lead to the wrong place; EPUBCheck refuses the book"
    ),
}


def failures(book: Book) -> Iterator[tuple[str, str]]:
    """The message and the rule name of each failure in the book."""
    for name, rule in RULES.items():
        for message in rule.test(book):
            yield message, name

"""Where two files that should have the same bytes differ: the first page and object of a PDF, the first member of an EPUB."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

import pikepdf

from publisher.release.contents import UNREADABLE

_CHAPTER = b'role="doc-chapter"'
_SHOWN = 80  # characters of a line
_SKIPPED = ("/Parent", "/P", "/StructParents", "/StructParent", "/Dest", "/A", "/Pg", "/B")  # they lead out of a page


def first_difference(name: str, old: bytes, new: bytes, starts: Mapping[str, str]) -> str:
    """A phrase on where `new` begins to differ from `old`; `name` is that of both, `starts` are the pages of the articles."""
    suffix = name.lower().rpartition(".")[2]
    try:
        if suffix == "pdf":
            return _pdf_difference(old, new, starts)
        if suffix == "epub":
            return _book_difference(old, new)
    except (*UNREADABLE, zipfile.BadZipFile) as problem:
        return f"it cannot be read: {problem}"
    at = next((at for at, (byte, other) in enumerate(zip(old, new, strict=False)) if byte != other), min(len(old), len(new)))
    return f"it differs from byte {at} on"


def _pdf_difference(old: bytes, new: bytes, starts: Mapping[str, str]) -> str:
    with pikepdf.open(io.BytesIO(old)) as before, pikepdf.open(io.BytesIO(new)) as after:
        parts = [*_first_page(before, after, starts)]
        counts = len(before.pages), len(after.pages)
        if counts[0] != counts[1]:
            parts.append(f"it has {counts[1]} pages, not {counts[0]}")
        if found := _first_object(before, after):
            parts.append(found)
        return "; ".join(parts) or "its objects are the same, and its cross-reference table or trailer differs"


def _first_page(before: pikepdf.Pdf, after: pikepdf.Pdf, starts: Mapping[str, str]) -> Iterator[str]:
    """The first page with another content, and the article on it."""
    for number, (page, other) in enumerate(zip(before.pages, after.pages, strict=False), 1):
        what = next((what for what, key in _PAGE_PARTS.items() if _state(page.obj.get(key)) != _state(other.obj.get(key))), "")
        if what:
            article = _article_on(number, starts)
            yield f"it differs from page {number} on ({what}{f', article {article}' if article else ''})"
            return


def _article_on(page: int, starts: Mapping[str, str]) -> str:
    """The last article that begins before or on a page."""
    known = [(int(folio), slug) for slug, folio in starts.items() if folio.isdigit() and int(folio) <= page]
    return max(known)[1] if known else ""


def _state(value: Any) -> str:
    """An object with all that it holds, as one hash; what leads out of it is left out."""
    digest, seen, stack = hashlib.sha256(), set[tuple[int, int]](), [value]
    while stack:
        item = stack.pop()
        if isinstance(item, pikepdf.Object) and item.is_indirect:
            if item.objgen in seen:
                digest.update(b"seen")
                continue
            seen.add(item.objgen)
        if isinstance(item, pikepdf.Stream):
            digest.update(item.read_raw_bytes())
        if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            keys = sorted(key for key in item.keys() if key not in _SKIPPED)
            digest.update(" ".join(keys).encode())
            stack.extend(item[key] for key in reversed(keys))
        elif isinstance(item, pikepdf.Array):
            digest.update(b"array %d" % len(item))
            stack.extend(reversed(list(item)))
        else:
            digest.update(repr(item).encode())
    return digest.hexdigest()


_PAGE_PARTS = {"content": "/Contents", "fonts and images": "/Resources", "links": "/Annots", "size": "/MediaBox"}


def _first_object(before: pikepdf.Pdf, after: pikepdf.Pdf) -> str:
    """The object with the lowest number that differs, and what it is."""
    old, new = ({item.objgen[0]: item for item in pdf.objects if isinstance(item, pikepdf.Object)} for pdf in (before, after))
    for number in sorted(old.keys() | new.keys()):
        if _object_bytes(old.get(number)) != _object_bytes(new.get(number)):
            return f"the first object that differs is {number} ({_kind(old.get(number, new.get(number)), before)})"
    return ""


def _object_bytes(item: Any) -> bytes:
    if item is None:
        return b""
    data: bytes = item.unparse()
    return data + (item.read_raw_bytes() if isinstance(item, pikepdf.Stream) else b"")


def _kind(item: Any, pdf: pikepdf.Pdf) -> str:
    """What an object is, by its type (ISO 32000-1) or by what holds it."""
    for number, page in enumerate(pdf.pages, 1):
        contents = page.obj.get("/Contents")
        streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
        if any(isinstance(stream, pikepdf.Stream) and stream.objgen == item.objgen for stream in streams):
            return f"content of page {number}"
    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        names = [str(item[key])[1:] for key in ("/Type", "/Subtype", "/S") if isinstance(item.get(key), pikepdf.Name)]
        if names:
            return " ".join(dict.fromkeys(names))
        return "stream" if isinstance(item, pikepdf.Stream) else "dictionary"
    return type(item).__name__.lower()


def _book_difference(old: bytes, new: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(old)) as before, zipfile.ZipFile(io.BytesIO(new)) as after:
        names, others = before.namelist(), after.namelist()
        found = list[str]()
        for name in [*names, *(name for name in others if name not in names)]:
            if name not in others:
                return f"it lacks the member {name}"
            if name not in names:
                return f"it has the member {name}, which is new"
            if before.read(name) != after.read(name):
                found.append(name)
        if not found:
            return "its members are the same, and their order or the data of the archive differ"
        first, chapter = found[0], next((name for name in found if _CHAPTER in before.read(name)), found[0])
        where = {name: f"{name}{_line_difference(name, before.read(name), after.read(name))}" for name in (first, chapter)}
        also = f"; the first chapter that differs is {where[chapter]}" if chapter != first else ""
        return f"it differs first in the member {where[first]}{also}"


def _line_difference(name: str, old: bytes, new: bytes) -> str:
    if not name.endswith((".xhtml", ".opf", ".ncx", ".css", ".svg", ".xml")):
        return ""
    lines, others = (data.decode("utf-8", "replace").split("\n") for data in (old, new))
    pairs = enumerate(zip([*lines, ""], [*others, ""], strict=False), 1)
    number, line, other = next(((number, *pair) for number, pair in pairs if pair[0] != pair[1]), (0, "", ""))
    start = max(0, next((at for at, pair in enumerate(zip(line, other, strict=False)) if pair[0] != pair[1]), 0) - _SHOWN // 4)
    shown = [f"“{text[start : start + _SHOWN].strip()}”" for text in (line, other)]
    return f", line {number}: {shown[0]} is now {shown[1]}"

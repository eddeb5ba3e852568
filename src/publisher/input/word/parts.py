"""The parts of a Word document (ECMA-376, part 1, 11.3) and what they refer to."""

from __future__ import annotations

import posixpath
import re
from typing import Any

import lxml.etree

from publisher.input.archives import Archive
from publisher.input.extent import check_elements
from publisher.input.manuscript import Manuscript
from publisher.input.xml import local_name, xml_of

_STRICT = (  # the names of ISO/IEC 29500 Strict (part 4, annex A) and those that all programs write
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
    (b"http://purl.oclc.org/ooxml/officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
)


def names_of(archive: Archive, kind: str) -> list[str]:
    """The names of the parts of a kind: `document`, `footnotes`, `header`. Programs add a number or a word."""
    pattern = re.compile(rf"word/{kind}(?:([0-9]*)|[\w-]+)\.xml")
    matches = filter(None, map(pattern.fullmatch, archive.names))
    return [match[0] for match in sorted(matches, key=lambda match: (int(match[1] or 0), match[0]))]


def transitional(source: bytes) -> bytes:
    """A part of a document in the strict form of the format, with the names of the usual form."""
    if b"purl.oclc.org/ooxml" in source:
        for strict, usual in _STRICT:
            source = source.replace(strict, usual)
    return source


def read_part(manuscript: Manuscript, archive: Archive, name: str) -> Any:
    """The root element of a part, with the usual names.

    It has a parent: whatever a broken part has at its top can be removed or replaced like other elements.
    """
    source = transitional(archive.read(name))
    check_elements(manuscript, source, name)
    root = xml_of(manuscript, source)
    lxml.etree.Element("part").append(root)
    return root


def targets_of(manuscript: Manuscript, archive: Archive, part: str, kind: str = "") -> dict[str, str]:
    """What a part refers to, by the ids of its relationships: addresses, and files as their names in the archive.

    `kind` is the end of a type: only relationships of this type are returned.
    """
    folder, _, name = part.rpartition("/")
    path = f"{folder}/_rels/{name}.rels"
    relationships = xml_of(manuscript, archive.read(path)) if archive.has(path) else ()
    return {
        element.get("Id") or "": _target(folder, element.get("Target") or "", element.get("TargetMode") or "")
        for element in relationships
        if local_name(element) and str(element.get("Type") or "").endswith(kind)
    }


def _target(folder: str, target: str, mode: str) -> str:
    is_outside = mode == "External" or not target
    return target if is_outside else posixpath.normpath(posixpath.join(f"/{folder}", target)).lstrip("/")

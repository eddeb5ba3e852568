"""Follows the links between references and notes as a reader does: by what stands on the page where one clicks and arrives."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

import lxml.etree
import pikepdf
import pypdfium2

_TARGET = re.compile(r"(?P<article>.+)\.(?P<kind>note|call)-(?P<number>\d+)")
_NEAR = 14  # points around the place where a link arrives: a line of notes
_LONGEST = 6  # characters in the area of a number: letters beside it may reach into the area
_LEAST = 1.5  # points, of an area that can be clicked on
_XHTML = "{http://www.w3.org/1999/xhtml}"
_TYPE = "{http://www.idpf.org/2007/ops}type"


@dataclass
class Followed:
    """How many references and notes were followed there and back, and what went wrong."""

    notes: int = 0
    faults: list[str] = field(default_factory=list)


def followed_in_pdf(data: bytes) -> Followed:
    """Each reference is clicked: its area shows a number, and where it arrives a note begins with that number; then back."""
    result = Followed()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        places = _destinations(pdf)
        links = list(_links(pdf))
    document = pypdfium2.PdfDocument(data)
    texts = [page.get_textpage() for page in document]
    first = {target: (page, box) for page, target, box in reversed(links)}  # the list of sources has later ones
    for target, (page, box) in first.items():
        shown = _text(texts[page], box) if min(box[2] - box[0], box[3] - box[1]) >= _LEAST else ""
        number = re.search(r"\d+", shown[:_LONGEST])
        if number is None:
            result.faults.append(f"{target}: no number to click on, but {shown!r}")
            continue
        if target not in places:
            result.faults.append(f"{target}: arrives nowhere")
            continue
        page, left, top = places[target]
        arrived = _text(texts[page], (left - 30, top - 2 * _NEAR, left + 60, top + _NEAR))
        if number[0] not in arrived:
            result.faults.append(f"{target}: {number[0]} arrives at {arrived!r}")
        result.notes += ".note-" in target
        if ".note-" in target and target.replace(".note-", ".call-") not in first:
            result.faults.append(f"{target}: no way back")
    return result


def _destinations(pdf: pikepdf.Pdf) -> dict[str, tuple[int, float, float]]:
    """Page (from 0), left and top of each named destination."""
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    names = pikepdf.NameTree(pdf.Root.Names.Dests)
    return {name: (pages[to[0].objgen], float(to[2]), float(to[3])) for name, to in names.items()}


def _links(pdf: pikepdf.Pdf) -> Any:
    """Page (from 0), destination and box (left, bottom, right, top) of each link within the file."""
    for number, page in enumerate(pdf.pages):
        for annotation in page.obj.get("/Annots", ()):
            target = str(annotation.get("/Dest", ""))
            if _TARGET.fullmatch(target):
                x1, y1, x2, y2 = (float(side) for side in annotation.Rect)
                yield number, target, (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))


def _text(page: Any, box: tuple[float, float, float, float]) -> str:
    return str(page.get_text_bounded(*box)).strip()


def followed_in_epub(data: bytes) -> Followed:
    """Each reference leads to a note that begins with its number, in whatever file, and a link there leads back to it."""
    result = Followed()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if name.endswith(".xhtml")]
        files = {name: lxml.etree.fromstring(archive.read(name)) for name in names}
    ids = {(name, element.get("id")): element for name, root in files.items() for element in root.iter() if element.get("id")}
    for name, root in files.items():
        for link in root.iter(f"{_XHTML}a"):
            if link.get(_TYPE) != "noteref":
                continue
            result.notes += 1
            number = "".join(link.itertext()).strip()
            note = ids.get(_arrival(name, link.get("href")))
            if note is None or not "".join(note.itertext()).strip().startswith(number):
                result.faults.append(f"{name}: reference {number} arrives at no note of that number")
                continue
            targets = [_arrival(name, back.get("href")) for back in note.iter(f"{_XHTML}a") if back.get("href")]
            if not any(ids.get(target) is not None and ids[target].get("href") == link.get("href") for target in targets):
                result.faults.append(f"{name}: note {number} has no way back")
    return result


def _arrival(name: str, href: str) -> tuple[str, str]:
    file, _, fragment = href.partition("#")
    return (str(PurePosixPath(name).parent / file) if file else name), fragment

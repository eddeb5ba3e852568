"""Images in Word: their sizes, and those that are not in the file."""

from __future__ import annotations

from html import escape
from typing import Any

import lxml.etree

from publisher.input.archives import Archive
from publisher.input.html_elements import Element
from publisher.input.manuscript import Manuscript
from publisher.input.word import marks
from publisher.input.word.elements import R, w
from publisher.input.word.parts import targets_of
from publisher.input.xml import first_child, local_name
from publisher.text.numbers import whole_number

_EMU = 9525  # English metric units in a CSS pixel (ECMA-376, 20.1.2.1: 914,400 in an inch)


def prepare_images(manuscript: Manuscript, archive: Archive, part: str, root: Any, insertions: list[str]) -> None:
    """Marks each image with its size in Word, which mammoth does not tell; extracts those that are not in the file.

    mammoth reads no document that lacks an image.
    """
    targets = targets_of(manuscript, archive, part)
    for drawing in [element for element in root.iter() if local_name(element) == "drawing"]:
        holder = next(iter(drawing), None)
        blip = first_child(holder, "graphic", "graphicData", "pic", "blipFill", "blip")
        properties = first_child(holder, "docPr")
        if blip is None or properties is None:
            continue
        alt = (properties.get("descr") or "").strip() or properties.get("title") or ""
        target = targets.get(blip.get(f"{{{R}}}embed") or "", "")
        if target and archive.has(target):
            sides = [_side(first_child(holder, "extent"), name) for name in ("cx", "cy")]
            properties.set("descr", f"{alt}{marks.SIZE.format(*sides)}" if all(sides) else alt)
            continue
        address = targets.get(blip.get(f"{{{R}}}link") or "", "")  # a file outside the document
        insertions.append(f'<img src="{escape(address)}"' + (f' alt="{escape(alt)}">' if alt else ">"))
        _replace(drawing, len(insertions) - 1)
    for image in [element for element in root.iter() if local_name(element) == "imagedata"]:
        if not archive.has(targets.get(image.get(f"{{{R}}}id") or "", "")):
            insertions.append('<img src="">')
            _replace(image, len(insertions) - 1)


def _replace(element: Any, number: int) -> None:
    """Puts the mark of an insertion in place of an element."""
    text = lxml.etree.Element(w("t"))
    text.text = marks.INSERTION.format(number)
    element.getparent().replace(element, text)


def _side(extent: Any, name: str) -> int:
    """A side of a drawing in CSS pixels; 0 if it has none."""
    return round(whole_number(extent.get(name) or "") / _EMU) if extent is not None else 0


def set_image_sizes(body: Element) -> None:
    """Gives images the sizes that they have in Word, and removes the marks."""
    for image in body.iter("img"):
        if match := marks.SIZES.search(image.get("alt") or ""):
            image.set("width", match[1])
            image.set("height", match[2])
            image.set("alt", marks.SIZES.sub("", image.get("alt")))
            if not image.get("alt"):
                del image.attrib["alt"]

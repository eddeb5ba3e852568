"""The inventory of an e-book: every document of the spine."""

from __future__ import annotations

import posixpath
import unicodedata
from urllib.parse import unquote

from publisher.input.archives import Archive
from publisher.input.manuscript import Manuscript
from publisher.input.xml import local_name, xml_of
from publisher.ledger.inventory import Inventory
from publisher.ledger.page_inventory import count_html
from publisher.ledger.visible_text import count_tree
from publisher.model.diagnostics import PublisherError

_CONTAINER = "META-INF/container.xml"
_SHAPES = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "use"})
_PAGES = (".xhtml", ".html", ".htm", ".xml")


def of_book(manuscript: Manuscript) -> Inventory:
    """What the documents of the spine show, each under its file name: pages, drawings, images."""
    archive, inventory = Archive(manuscript), Inventory()
    for name, media_type in _spine(manuscript, archive):
        place = posixpath.basename(name)
        if media_type == "image/svg+xml":
            _count_drawing(manuscript, archive.read(name), inventory, place)
        elif media_type.startswith("image/"):
            inventory.images.append(place)
        elif "html" in media_type or name.lower().endswith(_PAGES):
            count_html(manuscript.decoded(archive.read(name)), inventory, place, scripts=False)
    return inventory


def _count_drawing(manuscript: Manuscript, data: bytes, inventory: Inventory, place: str) -> None:
    """Words, and one image if there are shapes; a drawing around an image is that image (count_tree counts it)."""
    try:
        root = xml_of(manuscript, data)
    except PublisherError:  # no XML at all: what a page would show of it
        count_html(manuscript.decoded(data), inventory, place, scripts=False)
        return
    count_tree(root, inventory, place)
    names = {local_name(element) for element in root.iter()}
    if names & _SHAPES and "image" not in names:
        inventory.images.append(place)


def _spine(manuscript: Manuscript, archive: Archive) -> list[tuple[str, str]]:
    """Names and media types of the files in the spine, each once, without those that are not in the archive.

    Names count as the same in upper and lower case, and in every form of Unicode.
    """
    package_name = ""
    if archive.has(_CONTAINER):
        roots = [element for element in xml_of(manuscript, archive.read(_CONTAINER)).iter() if local_name(element) == "rootfile"]
        package_name = next((path for root in roots if archive.has(path := str(root.get("full-path") or ""))), "")
    package_name = package_name or next((name for name in archive.names if name.endswith(".opf")), "")
    if not package_name:
        return []
    package = xml_of(manuscript, archive.read(package_name))
    folder = posixpath.dirname(package_name)
    items = {element.get("id"): element for element in package.iter() if local_name(element) == "item"}
    names = {_folded(name): name for name in archive.names}
    found: dict[str, str] = {}
    for reference in package.iter():
        item = items.get(reference.get("idref")) if local_name(reference) == "itemref" else None
        if item is not None:
            address = posixpath.normpath(posixpath.join(folder, unquote(str(item.get("href") or ""))))
            name = address if archive.has(address) else names.get(_folded(address), "")
            found.setdefault(name, str(item.get("media-type") or ""))
    return [(name, media_type) for name, media_type in found.items() if name]


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()

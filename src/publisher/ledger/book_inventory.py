"""The inventory of an e-book: every document of the spine."""

from __future__ import annotations

import posixpath
from urllib.parse import unquote

from publisher.input.archives import Archive
from publisher.input.manuscript import Manuscript
from publisher.input.xml import local_name, xml_of
from publisher.ledger.inventory import Inventory
from publisher.ledger.page_inventory import count_html

_CONTAINER = "META-INF/container.xml"
_IMAGES = (".jpg", ".jpeg", ".png", ".gif", ".webp")
_PAGES = (".xhtml", ".html", ".htm", ".xml")


def of_book(manuscript: Manuscript) -> Inventory:
    """What the documents of the spine show, each under its file name."""
    archive, inventory = Archive(manuscript), Inventory()
    for name in _spine(manuscript, archive):
        suffix = posixpath.splitext(name)[1].lower()
        if suffix in _PAGES:
            count_html(manuscript.decoded(archive.read(name)), inventory, posixpath.basename(name))
        elif suffix in _IMAGES:
            inventory.images.append(posixpath.basename(name))
    return inventory


def _spine(manuscript: Manuscript, archive: Archive) -> list[str]:
    """The names of the files in the spine, each once, without those that are not in the archive."""
    package_name = ""
    if archive.has(_CONTAINER):
        roots = [element for element in xml_of(manuscript, archive.read(_CONTAINER)).iter() if local_name(element) == "rootfile"]
        package_name = next((path for root in roots if archive.has(path := str(root.get("full-path") or ""))), "")
    package_name = package_name or next((name for name in archive.names if name.endswith(".opf")), "")
    if not package_name:
        return []
    package = xml_of(manuscript, archive.read(package_name))
    folder = posixpath.dirname(package_name)
    addresses = {element.get("id"): str(element.get("href") or "") for element in package.iter() if local_name(element) == "item"}
    names = [
        posixpath.normpath(posixpath.join(folder, unquote(addresses.get(element.get("idref"), ""))))
        for element in package.iter()
        if local_name(element) == "itemref"
    ]
    return [name for name in dict.fromkeys(names) if archive.has(name)]

"""The package document of an EPUB: metadata, the files of the spine in order, and what the book says that its parts are.

EPUB 3.3, 5 (package document) and 4.2.6.3 (container.xml); OPF 2.0.1, 2.6 (guide).
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from publisher.input.archives import Archive
from publisher.input.manuscript import Manuscript
from publisher.input.snippets import data_uri
from publisher.input.xml import children_named, first_child, local_name, text_at, xml_of
from publisher.model.addresses import scheme_of
from publisher.model.codes import Code
from publisher.model.media_types import media_type_of
from publisher.model.metadata import Metadata
from publisher.text.bylines import day_of

# These change the bytes of fonts only (EPUB 3.3, 4.4; the second is Adobe's).
_FONT_OBFUSCATIONS = {"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"}
_CONTAINER = "META-INF/container.xml"
_PACKAGE_TYPE = "application/oebps-package+xml"
_PAGE_TYPES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document")


@dataclass(frozen=True)
class SpineItem:
    """A file of the spine that can be read. `types` is what the package document says of it: `cover`, `toc`."""

    name: str
    media_type: str
    types: frozenset[str]


class Book:
    """An opened EPUB. Names are paths in the archive; an address is what an attribute of a file has (a relative URL)."""

    def __init__(self, manuscript: Manuscript) -> None:
        """Raises PublisherError if the archive or the package document is broken, or the book is encrypted."""
        self._manuscript = manuscript
        self._archive = Archive(manuscript)
        self._names = {_folded(name): name for name in reversed(self._archive.names)}
        self._refuse_encryption()
        self._path = self._package_path()
        self._package = xml_of(manuscript, self.read(self._path))
        self._manifest = {item.get("id"): item for item in children_named(first_child(self._package, "manifest"), "item")}
        self.metadata = _metadata(first_child(self._package, "metadata"))

    def read(self, name: str) -> bytes:
        return self._archive.read(name)

    def find(self, address: str, folder: str) -> str:
        """The name of the file that an address leads to, relative to `folder`; empty if it leads to no file of the book.

        Names may differ in case and in their Unicode form, as file systems change them. The part after `#` is ignored.
        """
        path = re.split("[?#]", address.strip())[0]
        for form in (path, unquote(path)):
            name = posixpath.normpath(posixpath.join(folder, form.replace("\\", "/"))).lstrip("/")
            name = re.sub(r"^(\.\./)+", "", name)
            if path and self._archive.has(name):
                return name
            if path and _folded(name) in self._names:
                return self._names[_folded(name)]
        return ""

    def embedded(self, address: str, folder: str) -> str:
        """The address of an image as a data URI; an address of another place as it is; empty for an image that the book lacks."""
        if scheme_of(address) or address.startswith("//"):
            return address
        name = self.find(address, folder)
        media_type = media_type_of(name)
        return data_uri(self.read(name), media_type) if media_type.startswith("image/") else "" if not name else address

    def spine(self) -> tuple[SpineItem, ...]:
        """The files of the spine, each once. Those that are missing or cannot be read are reported."""
        items: dict[str, SpineItem] = {}
        for reference in children_named(first_child(self._package, "spine"), "itemref"):
            item = self._readable_item(str(reference.get("idref", "")))
            if item is not None:
                items.setdefault(item.name, item)
        return tuple(items.values())

    def references(self) -> Iterator[tuple[str, str]]:
        """What the guide of EPUB 2 says: pairs of a type (`title-page`) and the `file#id` that it names."""
        for reference in children_named(first_child(self._package, "guide"), "reference"):
            address = str(reference.get("href", ""))
            yield str(reference.get("type", "")), place_of(self.find(address, posixpath.dirname(self._path)), address)

    def navigation(self) -> str:
        """The name of the navigation document of EPUB 3; empty if there is none."""
        items = (item for item in self._manifest.values() if "nav" in (item.get("properties") or "").split())
        return next((self._name_of(item) for item in items), "")

    def _readable_item(self, key: str) -> SpineItem | None:
        """The manifest item with this id, or the first of its fallbacks that can be read; None, with a warning, if none can."""
        chain: list[Any] = []
        item = self._manifest.get(key)
        while item is not None and item not in chain:
            chain.append(item)
            name, media_type = self._name_of(item), str(item.get("media-type", "")).strip().lower()
            if name and (media_type in _PAGE_TYPES or media_type.startswith("image/")):
                return SpineItem(name, media_type, self._types(item))
            item = self._manifest.get(item.get("fallback"))
        if not chain:
            self._report(f"the spine names the item {key}, which the manifest does not have")
        elif self._name_of(chain[0]):
            self._report(f"the spine names {self._name_of(chain[0])}, which is no page: {chain[0].get('media-type')}")
        else:
            self._report(f"the spine names {chain[0].get('href')}, which is not in the book")
        return None

    def _types(self, item: Any) -> frozenset[str]:
        properties = (item.get("properties") or "").split()
        metas = children_named(first_child(self._package, "metadata"), "meta")
        cover = next((meta.get("content") for meta in metas if meta.get("name") == "cover"), None)  # EPUB 2
        is_cover = "cover-image" in properties or item.get("id") == cover
        return frozenset((["toc"] if "nav" in properties else []) + (["cover"] if is_cover else []))

    def _name_of(self, item: Any) -> str:
        return self.find(str(item.get("href", "")), posixpath.dirname(self._path))

    def _report(self, message: str) -> None:
        self._manuscript.report(Code.EPUB_PART_MISSING, message)

    def _refuse_encryption(self) -> None:
        """Raises PublisherError if more than the fonts of the book is encrypted."""
        if not self._archive.has("META-INF/encryption.xml"):
            return
        for element in xml_of(self._manuscript, self.read("META-INF/encryption.xml")).iter():
            if local_name(element) == "EncryptedData":
                method = first_child(element, "EncryptionMethod")
                if method is None or method.get("Algorithm") not in _FONT_OBFUSCATIONS:
                    hint = "get a copy without rights management (DRM)"
                    raise self._manuscript.error(Code.ENCRYPTED, "the book is encrypted", hint=hint)

    def _package_path(self) -> str:
        """The package document of the first rendition (EPUB 3.3, 4.2.6.3.1); without a container.xml, any in the archive."""
        if not self._archive.has(_CONTAINER):
            path = next((name for name in sorted(self._archive.names) if name.lower().endswith(".opf")), "")
            return path or _CONTAINER  # which raises "file not found"
        container = xml_of(self._manuscript, self.read(_CONTAINER))
        rootfiles = [element for element in container.iter() if local_name(element) == "rootfile"]
        rootfiles.sort(key=lambda rootfile: rootfile.get("media-type", _PACKAGE_TYPE) != _PACKAGE_TYPE)
        if not rootfiles:
            raise self._manuscript.error(Code.EPUB, "this EPUB cannot be read: it names no package document")
        path = str(rootfiles[0].get("full-path", ""))
        return self.find(path, "") or path


def place_of(name: str, address: str) -> str:
    """The `file#id` that an address in the file `name` leads to, or the file if it names no part."""
    fragment = unquote(address.partition("#")[2])
    return f"{name}#{fragment}" if fragment else name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name.replace("\\", "/")).casefold()


def _metadata(meta: Any) -> Metadata:
    return Metadata(
        title=text_at(meta, "title"),
        authors=tuple(filter(None, (text_at(creator) for creator in children_named(meta, "creator")))),
        date=day_of(text_at(meta, "date")),
        lang=text_at(meta, "language"),
        publisher=text_at(meta, "publisher"),
        rights=text_at(meta, "rights"),
    )

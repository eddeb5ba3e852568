"""The table of input formats: which reader reads which kind of file, and which inventory counts what it holds.

A third party adds a reader through an entry point. The name of an entry point is the suffix, its group is `publisher.readers`,
and it loads a function of the type `Read`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from publisher.input.sniffing import kind_of
from publisher.model.plugins import load, plugged

if TYPE_CHECKING:
    from publisher.input.manuscript import Manuscript
    from publisher.model.article import Article

Read: TypeAlias = "Callable[[Manuscript], tuple[Article, ...]]"

READERS: dict[str, str] = {  # by suffix: those that sniffing.kind_of returns, and those of files
    ".txt": "publisher.readers.wire:read",
    ".md": "publisher.readers.markdown:read",
    ".markdown": "publisher.readers.markdown:read",
    ".html": "publisher.readers.html:read",
    ".htm": "publisher.readers.html:read",
    ".xhtml": "publisher.readers.html:read",
    ".mhtml": "publisher.readers.mhtml:read",
    ".mht": "publisher.readers.mhtml:read",
    ".rss": "publisher.readers.feed:read",
    ".atom": "publisher.readers.feed:read",
    ".rdf": "publisher.readers.feed:read",
    ".jsonfeed": "publisher.readers.jsonfeed:read",
    ".opml": "publisher.readers.opml:read",
    ".ninjs": "publisher.readers.ninjs:read",
    ".nitf": "publisher.readers.nitf:read",
    ".newsml": "publisher.readers.newsml:read",
    ".docx": "publisher.readers.docx:read",
    ".odt": "publisher.readers.odt:read",
    ".epub": "publisher.readers.epub:read",
    ".eml": "publisher.readers.mail:read",
    ".mbox": "publisher.readers.mail:read_mbox",
    ".msg": "publisher.readers.outlook:read",
    ".rst": "publisher.readers.rst:read",
    ".ipynb": "publisher.readers.notebook:read",
}
INVENTORIES: dict[str, str] = {  # what the ledger counts, apart from the reader; by the same suffixes
    ".txt": "publisher.ledger.text_inventory:of_wire_copy",
    ".md": "publisher.ledger.text_inventory:of_markdown",
    ".markdown": "publisher.ledger.text_inventory:of_markdown",
    ".rst": "publisher.ledger.text_inventory:of_restructured_text",
    ".html": "publisher.ledger.page_inventory:of_page",
    ".htm": "publisher.ledger.page_inventory:of_page",
    ".xhtml": "publisher.ledger.page_inventory:of_page",
    ".mhtml": "publisher.ledger.mail_inventory:of_saved_page",
    ".mht": "publisher.ledger.mail_inventory:of_saved_page",
    ".eml": "publisher.ledger.mail_inventory:of_mail",
    ".msg": "publisher.ledger.mail_inventory:of_outlook_mail",
    ".mbox": "publisher.ledger.mail_inventory:of_mailbox",
    ".rss": "publisher.ledger.feed_inventory:of_feed",
    ".atom": "publisher.ledger.feed_inventory:of_feed",
    ".rdf": "publisher.ledger.feed_inventory:of_feed",
    ".jsonfeed": "publisher.ledger.feed_inventory:of_json_feed",
    ".opml": "publisher.ledger.feed_inventory:of_outlines",
    ".ninjs": "publisher.ledger.agency_inventory:of_ninjs",
    ".nitf": "publisher.ledger.agency_inventory:of_nitf",
    ".newsml": "publisher.ledger.agency_inventory:of_newsml",
    ".docx": "publisher.ledger.office_inventory:of_word",
    ".odt": "publisher.ledger.office_inventory:of_opendocument",
    ".epub": "publisher.ledger.book_inventory:of_book",
    ".ipynb": "publisher.ledger.notebook_inventory:of_notebook",
}
FEEDS = (".rss", ".atom", ".rdf", ".jsonfeed")  # files whose articles are entries with sources of their own
BOOKS = (".epub",)  # files whose articles are chapters of one work
UNREADABLE = (".pdf", ".doc", ".rtf")  # documents that `publisher fetch` keeps, though no reader reads them
GENERIC = (".xml", ".json")  # suffixes of several formats


@cache
def _readers() -> dict[str, str]:
    return {**plugged("publisher.readers"), **READERS}


def reader_for(name: str, data: bytes) -> Read | None:
    """Loads the reader for a manuscript, by its content and then its name; None if the format is unsupported."""
    target = _readers().get(kind_of(name, data))
    if target is None:
        return None
    read: Read = load(target)
    return read


def inventory_for(name: str, data: bytes) -> Any:
    """Loads the inventory for a manuscript, a function of the manuscript; None if its format has none."""
    target = {**plugged("publisher.inventories"), **INVENTORIES}.get(kind_of(name, data))
    return load(target) if target else None


def unexpected_kind(name: str, data: bytes) -> str:
    """The input format of a manuscript if its content and its name disagree; empty if they agree."""
    kind, suffix = kind_of(name, data), "." + name.rpartition(".")[2].lower()
    agrees = suffix in GENERIC or _readers().get(suffix) == _readers().get(kind)
    return "" if agrees else kind[1:]


def readable() -> tuple[str, ...]:
    """The suffixes of file names that can be read; for .xml and .json that depends on their content."""
    return (*_readers(), *GENERIC)

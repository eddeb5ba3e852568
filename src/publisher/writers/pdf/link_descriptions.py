"""What a link leads to, in words, for readers who hear it (ISO 14289-1, 7.18.5: a link has an alternate description)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from publisher.model.addresses import canonical_address
from publisher.model.edition import Edition, Entry
from publisher.text.languages import words_for

_HEADING = re.compile(r'<h[1-6][^>]*\bid="(?P<id>[^"]+)"[^>]*>(?P<html>.*?)</h[1-6]>', re.DOTALL)
_NOTE_REFERENCE = re.compile(r'<a [^>]*role="doc-noteref"[^>]*>.*?</a>', re.DOTALL)


def plain_text(html: str) -> str:
    """XHTML as one line of text, without note references."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", _NOTE_REFERENCE.sub("", html))).split())


def link_descriptions(edition: Edition, notes_before: Mapping[str, int]) -> dict[str, str]:
    """What stands at each destination and outside address, by the name of the destination or the canonical address.

    `notes_before` has by how many the notes of an article are numbered higher than in the article alone.
    """
    terms = words_for(edition.imprint.language)
    described = {name: terms[name] for name in ("sources", "colophon", "contents")}
    described |= {section.slug: section.title for section in edition.sections}
    for entry in edition.entries:
        described |= dict(_places_of(entry, notes_before.get(entry.slug, 0)))
    for cited in edition.sources:
        if words := cited.source.title or cited.source.publication:
            described |= {cited.source.identifier: words, canonical_address(cited.source.url): words}
    return described


def _places_of(entry: Entry, before: int) -> Iterator[tuple[str, str]]:
    terms, slug = words_for(entry.metadata.lang), entry.slug
    yield slug, entry.metadata.title
    for identifier in entry.ids:
        yield f"{slug}.{identifier}", entry.metadata.title
    for heading in _HEADING.finditer(entry.xhtml):
        yield f"{slug}.{heading['id']}", plain_text(heading["html"])
    for number in range(1, entry.note_count + 1):
        note = terms["note"].format(number + before)
        yield f"{slug}.note-{number}", note
        yield f"{slug}.call-{number}", f"{terms['back']}: {note}"


class LinkDescriptions:
    """The descriptions of links, by the names of destinations and by canonical addresses."""

    def __init__(self, described: Mapping[str, str]) -> None:
        self._described = described
        self._addresses: dict[str, str] = {}

    def describe(self, annotation: Any) -> None:
        """Gives a link its description; a link to an address of which nothing is known keeps the address."""
        from pikepdf import String  # not for the cover of an e-book

        words = ""
        if "/Dest" in annotation:
            words = self._described.get(str(annotation.Dest), "")
        elif "/A" in annotation and "/URI" in annotation.A:
            words = self._of_address(str(annotation.A.URI))
        if words:
            annotation.Contents = String(words)

    def _of_address(self, uri: str) -> str:
        if uri not in self._addresses:
            self._addresses[uri] = self._described.get(canonical_address(uri), "")
        return self._addresses[uri]

"""The notes of an article with very many links, in little space: grouped by site, within a site by title.

Only notes that name a source by the words of its link are grouped. What was stated of a source is written out as elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape, unescape
from itertools import groupby

from publisher.model.addresses import site_of
from publisher.model.parts import Citation
from publisher.model.sources import Source
from publisher.text.standard_style import address_text

MANY_SOURCES = 60  # notes that name sources; with more of them they are grouped
_NOTE = re.compile(
    r'<aside class="note source" (?P<attributes>[^>]*)><p data-source="(?P<identifier>[^"]*)"(?:></p>|/>)</aside>\n?', re.ASCII
)
_SECTION = '<section class="notes"'


def group_notes(xhtml: str, citations: Sequence[Citation]) -> tuple[str, int]:
    """Normalized XHTML with the notes of an article grouped, and the number of words that this adds.

    Nothing changes where the article does not have more than MANY_SOURCES such notes.
    """
    sources = {citation.source.identifier: citation.source for citation in citations}
    notes = [match for match in _NOTE.finditer(xhtml) if _is_told_by_its_link(sources[unescape(match["identifier"])])]
    if len(notes) <= MANY_SOURCES:
        return xhtml, 0
    grouped = "".join(_grouped(notes, sources))
    places = {match.span() for match in notes}
    rest = _NOTE.sub(lambda match: "" if match.span() in places else match[0], xhtml)
    start = rest.rindex("</section>")
    text = f"{rest[:start]}{grouped}{rest[start:]}".replace(_SECTION, f'{_SECTION[:-1]} compact"')
    return text, len(unescape(re.sub(r"<[^>]*>", "", grouped)).split())


def _is_told_by_its_link(source: Source) -> bool:
    """Whether no detail of a source was stated but its address, and no other note writes it out."""
    is_stated = any(source.confidence(name) == 1 for name in ("title", "authors", "date", "accessed"))
    return bool(source.url) and not source.citation and not is_stated


def _grouped(notes: Sequence[re.Match[str]], sources: Mapping[str, Source]) -> Iterator[str]:
    """The notes of each site under its name; those of sites with one note stand before, with their whole address."""

    def source_of(note: re.Match[str]) -> Source:
        return sources[unescape(note["identifier"])]

    def site(note: re.Match[str]) -> str:
        return site_of(source_of(note).url)

    ordered = sorted(notes, key=lambda note: (site(note), source_of(note).title.casefold(), source_of(note).url))
    groups = [(name, list(group)) for name, group in groupby(ordered, key=site)]
    for name, group in sorted(groups, key=lambda pair: len(pair[1]) > 1):
        if len(group) > 1:
            yield f'<p class="site">{escape(name, quote=False)}</p>\n'
        for note in group:
            source = source_of(note)
            shown = _path(source.url) if len(group) > 1 else source.url
            link = f'<a href="{escape(source.url, quote=True)}">{address_text(shown)}</a>'
            title = f"{escape(source.title, quote=False)} " if source.title else ""
            yield f'<aside class="note source" {note["attributes"]}><p>{title}{link}</p></aside>\n'


def _path(url: str) -> str:
    """An address behind its host: what is not said by the name of the site."""
    path = "/" + url.partition("://")[2].partition("/")[2]
    return path if path == "/" else path.rstrip("/")

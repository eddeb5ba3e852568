"""What changed since the last release, in the boxes that ask for it: `::: changed auto`."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from html import escape

from publisher.build.history import PastRelease, Story
from publisher.text.languages import long_date, words_for

_BOX = re.compile(r'<aside class="changed auto">(?P<own>.*?)</aside>\n?', re.DOTALL)


def with_changes(xhtml: str, lang: str, stories: Sequence[Story], last: PastRelease | None, slug: str) -> str:
    """The XHTML of the article `slug`, its boxes filled with what of the edition's `stories` differs from the last release.

    A box keeps what its author wrote. With neither that nor a change, it is left out.
    """
    if _BOX.search(xhtml) is None:
        return xhtml
    rows = list(_rows(words_for(lang), stories, last, slug)) if last is not None else []

    def filled(match: re.Match[str]) -> str:
        own = match["own"].strip()
        if last is None or not rows:
            return f'<aside class="changed">\n{own}\n</aside>\n' if own else ""
        title = own or f"<p><strong>{_title(lang, last)}</strong></p>"
        return f'<aside class="changed">\n{title}\n<ul>\n{"".join(rows)}</ul>\n</aside>\n'

    return _BOX.sub(filled, xhtml)


def _title(lang: str, last: PastRelease) -> str:
    """Since which edition: its day, or its version where it has none."""
    day = datetime.date.fromisoformat(last.date[:10]) if last.date else None
    return escape(words_for(lang)["since"].format(long_date(day, lang) or last.version), quote=False)


def _rows(terms: dict[str, str], stories: Sequence[Story], last: PastRelease, slug: str) -> Iterator[str]:
    """New articles, changed ones and those that are gone, each a list item; without the article `slug` itself."""
    before = {identity: story for story in last.stories for identity in story.known_by}
    by_slug = {story.slug: story for story in last.stories}
    found = set[Story]()
    new, changed = list[str](), list[str]()
    for story in stories:
        known = next((before[identity] for identity in story.known_by if identity in before), by_slug.get(story.slug))
        if known is not None:
            found.add(known)
        if story.slug == slug or (known is not None and known.words == story.words):
            continue
        link = f'<a href="article:{escape(story.slug)}">{escape(story.title, quote=False)}</a>'
        (new if known is None else changed).append(link)
    gone = [escape(story.title, quote=False) for story in last.stories if story not in found and story.slug != slug]
    for term, titles in (("new", new), ("changed", changed), ("removed", gone)):
        yield from (f"<li><strong>{terms[term]}</strong>: {title}</li>\n" for title in titles)

"""Which articles are set as news: series of short items of text alone, which a theme may set in two columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from publisher.model.edition import Entry

_FEWEST = 4  # items in a row: fewer are set like other articles
_NO_NEWS = re.compile(r"<(?:h[2-6]|figure|table|pre|aside|img)\b")
_NOTES = '<section class="notes'


def news_slugs(entries: Sequence[Entry], most_words: int) -> frozenset[str]:
    """The slugs of the items: at most `most_words` words, no subheads, images, tables, boxes or code."""
    news: list[str] = []
    for is_item, row in groupby(entries, key=lambda entry: _is_item(entry, most_words)):
        items = [entry.slug for entry in row]
        if is_item and len(items) >= _FEWEST:
            news += items
    return frozenset(news)


def _is_item(entry: Entry, most_words: int) -> bool:
    return entry.word_count <= most_words and not _NO_NEWS.search(entry.xhtml.partition(_NOTES)[0])

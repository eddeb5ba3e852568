"""The subheads of an article: for the outline, and for the contents of a brief of one article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from publisher.model.edition import Entry
from publisher.writers.pdf.link_descriptions import plain_text

_HEADING = re.compile(r"<h2(?P<attributes>[^>]*)>(?P<html>.*?)</h2>", re.DOTALL)
_BOX = re.compile(r"<aside.*?</aside>", re.DOTALL)
_ID = re.compile(r'id="([^"]+)"')


@dataclass(frozen=True)
class Subhead:
    """A heading of the second level: its words, and its id in the article."""

    title: str
    identifier: str


def subheads(entry: Entry) -> Iterator[Subhead]:
    """The subheads of an article that have an id, in order; the headings of boxes are none."""
    for heading in _HEADING.finditer(_BOX.sub("", entry.xhtml)):
        if identifier := _ID.search(heading["attributes"]):
            yield Subhead(plain_text(heading["html"]), identifier[1])

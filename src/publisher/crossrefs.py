"""Links from one article to another of the same edition: by the name of its manuscript, resolved when both are there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from publisher.article import Article
from publisher.diagnostics import Severity
from publisher.manuscript import Manuscript
from publisher.markup import attribute

_ABSOLUTE = re.compile(r"([a-z][a-z0-9+.-]*:|#)", re.IGNORECASE)


def resolve(article: Article, manuscript: Manuscript, slugs: Mapping[Path, str]) -> None:
    """Makes `href="aid.html#part"` into `href="article:aid#part"` in place.

    A link to a file that is no article of the edition becomes plain words, with a warning.
    """
    for link in article.root.find_all("a", href=True):
        href = attribute(link, "href")
        if _ABSOLUTE.match(href):
            continue
        name, _, fragment = href.partition("#")
        slug = slugs.get((manuscript.path.parent / name).resolve())
        if slug is not None:
            link["href"] = f"article:{slug}" + (f"#{fragment}" if fragment else "")
            continue
        manuscript.complain(
            Severity.WARNING,
            f"the link {href[:80]} leads to a file that is not in the edition; its words are kept",
            "link-broken",
            line=manuscript.line_of(href),
            hint="add the file to the articles, or give a whole address (https://…)",
        )
        link.unwrap()

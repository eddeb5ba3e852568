"""Links from one article to another of the same edition: by the name of its manuscript, resolved when both are there.

Of several articles in one manuscript each has a path of its own: that of the manuscript and, behind a slash, what the manuscript
calls the article (`book.epub/text/chapter-2.xhtml`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape, unescape
from pathlib import Path
from urllib.parse import unquote

from publisher.input.manuscript import Manuscript
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location
from publisher.model.edition import Entry

_RELATIVE = re.compile(r'<a (?P<before>[^>]*)href="(?![a-z][a-z0-9+.-]*:|#)(?P<href>[^"]*)"(?P<after>[^>]*)>', re.IGNORECASE)


def link_targets(articles: Iterable[tuple[Manuscript, str, Entry]]) -> dict[Path, Entry]:
    """The articles by the paths that links name: that of a manuscript and the name of the article in it.

    The path of a manuscript with several articles is that of the first.
    """
    targets: dict[Path, Entry] = {}
    for manuscript, name, article in articles:
        path = manuscript.path.resolve()
        targets.setdefault(path, article)
        if name:
            targets.setdefault(path / name.lstrip("/"), article)
    return targets


def resolve(xhtml: str, manuscript: Manuscript, targets: Mapping[Path, Entry]) -> tuple[str, list[Diagnostic]]:
    """Makes `href="aid.html#part"` into `href="article:aid#part"`, the part by the id that the article has now.

    A link to a file that is no article of the edition becomes plain words, with a warning; one to a part that the article does
    not have leads to the article, with a warning. The XHTML is that of a normalized article: attributes in double quotes, links
    never in one another.
    """
    diagnostics: list[Diagnostic] = []
    match = _RELATIVE.search(xhtml)
    while match:
        href = unescape(match["href"])
        name, _, fragment = href.partition("#")
        place = manuscript.place_of(unquote(name))
        article = targets.get(place) if place else None
        start, end = match.span()
        if article is not None:
            part = _part(article, fragment)
            if fragment and not part:
                message = f"the link {href[:80]} leads to no part of the article, but to its start"
                diagnostics.append(_broken(message, href, manuscript))
            target = f"article:{article.slug}" + (f"#{escape(part)}" if part else "")
            link = f'<a {match["before"]}href="{target}"{match["after"]}>'
            xhtml = xhtml[:start] + link + xhtml[end:]
        else:
            message = f"the link {href[:80]} leads to a file that is not in the edition; its words are kept"
            diagnostics.append(_broken(message, href, manuscript))
            close = xhtml.index("</a>", end)
            xhtml = xhtml[:start] + xhtml[end:close] + xhtml[close + len("</a>") :]
        match = _RELATIVE.search(xhtml, start)
    return xhtml, diagnostics


def _part(article: Entry, fragment: str) -> str:
    """The id that the part of an article has now; empty if the article has no such part."""
    names = (fragment, unquote(fragment))
    return next((name for key in names if (name := article.new_ids.get(key, key)) in article.ids), "")


def _broken(message: str, href: str, manuscript: Manuscript) -> Diagnostic:
    hint = "correct the address, or add the file to the articles; to lead to another site, give a whole address (https://…)"
    return Diagnostic(Code.LINK_BROKEN, message, Location(manuscript.label, manuscript.line_of(href)), hint)

"""Links from one article to another of the same edition: by the name of its manuscript, resolved when both are there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path

from publisher.input.manuscript import Manuscript
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location

_RELATIVE = re.compile(r'<a (?P<before>[^>]*)href="(?![a-z][a-z0-9+.-]*:|#)(?P<href>[^"]*)"(?P<after>[^>]*)>', re.IGNORECASE)


def resolve(xhtml: str, manuscript: Manuscript, slugs: Mapping[Path, str]) -> tuple[str, list[Diagnostic]]:
    """Makes `href="aid.html#part"` into `href="article:aid#part"`.

    A link to a file that is no article of the edition becomes plain words, with a warning. The XHTML is that of a
    normalized article: attributes in double quotes, links never in one another.
    """
    diagnostics: list[Diagnostic] = []
    match = _RELATIVE.search(xhtml)
    while match:
        href = unescape(match["href"])
        name, _, fragment = match["href"].partition("#")
        slug = slugs.get((manuscript.path.parent / unescape(name)).resolve())
        start, end = match.span()
        if slug is not None:
            target = f"article:{slug}" + (f"#{fragment}" if fragment else "")
            link = f'<a {match["before"]}href="{target}"{match["after"]}>'
            xhtml = xhtml[:start] + link + xhtml[end:]
        else:
            diagnostics.append(_broken(href, manuscript))
            close = xhtml.index("</a>", end)
            xhtml = xhtml[:start] + xhtml[end:close] + xhtml[close + len("</a>") :]
        match = _RELATIVE.search(xhtml, start)
    return xhtml, diagnostics


def _broken(href: str, manuscript: Manuscript) -> Diagnostic:
    return Diagnostic(
        Code.LINK_BROKEN,
        f"the link {href[:80]} leads to a file that is not in the edition; its words are kept",
        Location(manuscript.label, manuscript.line_of(href)),
        "add the file to the articles, or give a whole address (https://…)",
    )

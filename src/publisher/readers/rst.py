"""reStructuredText through docutils; files and raw output that a document asks for are not opened."""

from __future__ import annotations

import io
import re

import lxml.html

from publisher.input.html_elements import text_content
from publisher.input.html_pages import finished_markup, page_of
from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import parse
from publisher.model.metadata import Metadata
from publisher.text.bylines import day_of, split_names
from publisher.text.mathematics import Unreadable, from_tex

_MESSAGE = re.compile(r"^(?:<string>|[^:]*):(?P<line>\d+): \((?P<level>[A-Z]+)/\d\) (?P<what>.*)", re.MULTILINE)
_SETTINGS = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,
    "report_level": 2,
    "halt_level": 5,
    "math_output": "LaTeX",
    "syntax_highlight": "none",
    "initial_header_level": 2,
    "doctitle_xform": True,
    "section_self_link": False,
    "toc_backlinks": False,
    "embed_stylesheet": False,
    "table_style": "",
}


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """One article. Raises PublisherError where there is no text in it."""
    from docutils.core import publish_parts

    text, said = manuscript.text(), io.StringIO()
    parts = publish_parts(text, writer="html5", settings_overrides={**_SETTINGS, "warning_stream": said})
    for message in _MESSAGE.finditer(said.getvalue()):
        manuscript.report(Code.RST, f"reStructuredText: {message['what'][:200].lower()}", line=int(message["line"]))
    page = page_of(manuscript, f"<html><body>{parts['docinfo']}{parts['fragment']}</body></html>")
    body = page.find("body")
    _draw_formulas(manuscript, body)
    metadata = _metadata(page, parts["title"], parts["subtitle"])
    for link in [one for one in body.iter("a") if (one.get("href") or "").startswith("#system-message")]:
        link.drop_tag()
    for literal in [one for one in body.iter("span") if "literal" in (one.get("class") or "").split()]:
        literal.tag = "code"
    for mark in list(body.iter("aside", "span", "dl", "nav")):
        own = set((mark.get("class") or "").split())
        if own & {"system-message", "docinfo", "contents"} or (mark.tag == "span" and "label" in own and not _of_citation(mark)):
            mark.drop_tree()
    return (Article(metadata, parse(finished_markup(manuscript, page, body))),)


def _of_citation(label: lxml.html.HtmlElement) -> bool:
    """Whether a label is a citation's, which is called by it; a footnote's is a number, and numbers are ours."""
    return any("citation" in (around.get("class") or "").split() for around in label.iterancestors("div"))


def _draw_formulas(manuscript: Manuscript, body: lxml.html.HtmlElement) -> None:
    """Puts a picture in place of the TeX that docutils leaves of each formula; where it cannot be drawn, the TeX stays."""
    for source in [one for one in body.iter("tt", "pre") if one.get("class") == "math"]:
        try:
            picture = lxml.html.fragment_fromstring(from_tex(source.text or "", source.tag == "pre"))
        except Unreadable as problem:
            hint = "its source is shown instead"
            manuscript.report(Code.MATH_UNREADABLE, f"a formula cannot be drawn: {problem}", hint=hint)
            continue
        picture.tail = source.tail
        source.getparent().replace(source, picture)


def _metadata(page: lxml.html.HtmlElement, title: str, subtitle: str) -> Metadata:
    """Title and subtitle, and what the bibliographic fields at the document's head say."""
    found: dict[str, str] = {}
    for listing in page.iter("dl"):
        if "docinfo" in (listing.get("class") or "").split():
            terms, values = listing.findall("dt"), listing.findall("dd")
            found = {
                text_content(term).rstrip(":").lower(): text_content(value) for term, value in zip(terms, values, strict=False)
            }
    plain = lxml.html.fromstring(f"<p>{title}</p>") if title else None
    below = lxml.html.fromstring(f"<p>{subtitle}</p>") if subtitle else None
    return Metadata(
        title=text_content(plain) if plain is not None else "",
        subtitle=text_content(below) if below is not None else "",
        authors=tuple(split_names(found.get("author", "") or found.get("authors", ""))),
        date=day_of(found.get("date", "")),
        rights=found.get("copyright", ""),
    )

"""reStructuredText, read by docutils, which opens no file: directives that insert files, images or raw output are disabled."""

from __future__ import annotations

import io
import re
import textwrap
from functools import cache
from html import escape
from typing import Any

import lxml.html

from publisher.input.html_elements import parsed_piece, removal_of, text_content
from publisher.input.html_pages import finished_markup, page_of
from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import parse
from publisher.model.metadata import Metadata
from publisher.text.bylines import day_of, split_names
from publisher.text.mathematics import FormulaError, from_tex

_MESSAGE = re.compile(r"^(?:<string>|[^:]*):(?P<line>\d+): \((?P<level>[A-Z]+)/\d\) (?P<what>.*)", re.MULTILINE)
_MATH = re.compile(r'(<(?:tt|pre)) class="math"')  # page_of removes the class, which is one of ours
_UNKNOWN_DIRECTIVE = "Unknown directive type"
_OPTIONS = re.compile(r"\s*((?::[\w -]+:[^\n]*\n?)*)(.*)", re.DOTALL)
_NESTED_DIRECTIVES = 4  # unknown directives in unknown directives; deeper ones are kept as they are typed
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
    """One article. Raises PublisherError if it has no text."""
    text, messages = manuscript.text(), io.StringIO()
    parts = _parts(text, warning_stream=messages)
    for match in _MESSAGE.finditer(messages.getvalue()):
        what = match["what"][:200].lower()
        hint = "its words are kept as text" if what.startswith(_UNKNOWN_DIRECTIVE.lower()) else ""
        manuscript.report(Code.RST, f"reStructuredText: {what}", line=int(match["line"]), hint=hint)
    page = page_of(manuscript, f"<html><body>{parts['docinfo']}{_marked_tex(parts['fragment'])}</body></html>")
    body = page.find("body")
    _keep_directives(manuscript, body)
    _draw_formulas(manuscript, body)
    metadata = _metadata(page, parts["title"], parts["subtitle"])
    for link in [element for element in body.iter("a") if (element.get("href") or "").startswith("#system-message")]:
        link.drop_tag()
    for literal in [element for element in body.iter("span") if "literal" in (element.get("class") or "").split()]:
        literal.tag = "code"
    for element in list(body.iter("aside", "section", "span", "dl", "nav")):
        classes = set((element.get("class") or "").split())
        if classes & {"system-message", "system-messages", "docinfo", "contents"} or (
            element.tag == "span" and "label" in classes and not _is_citation_label(element)
        ):
            if "docinfo" in classes:
                manuscript.record(removal_of("fields, now in the metadata", element))
            elif "system-message" in classes and element.find("pre") is not None:
                manuscript.record(removal_of("a directive that is not obeyed", element.find("pre")))
            element.drop_tree()
    return (Article(metadata, parse(finished_markup(manuscript, page, body))),)


def _marked_tex(fragment: str) -> str:
    return _MATH.sub(r'\1 class="tex"', fragment)


def _keep_directives(manuscript: Manuscript, body: lxml.html.HtmlElement) -> None:
    """Puts the argument and the content of each unknown directive in the place of its message; its options are recorded."""
    for depth in range(1, _NESTED_DIRECTIVES + 1):
        for message in [element for element in body.iter("aside") if _UNKNOWN_DIRECTIVE in text_content(element)]:
            source = message.find("pre")
            if source is None:
                continue
            head, _, rest = "".join(source.itertext()).partition("\n")
            match = _OPTIONS.match(textwrap.dedent(rest))
            options, content = match.groups() if match else ("", rest)
            manuscript.remove("options of an unknown directive", options)
            text = f"{head.partition('::')[2].strip()}\n\n{content}"
            markup = _fragment(text) if depth < _NESTED_DIRECTIVES else f"<pre>{escape(text)}</pre>"
            for part in parsed_piece(markup):
                message.addprevious(part)
            message.drop_tree()


def _fragment(text: str) -> str:
    return _marked_tex(_parts(text, warning_stream=io.StringIO(), doctitle_xform=False)["fragment"])


def _parts(text: str, **settings: Any) -> dict[str, str]:
    """The parts of the HTML that docutils makes of a text."""
    from docutils.core import publish_parts

    parts: dict[str, str] = publish_parts(text, writer=_writer_class()(), settings_overrides={**_SETTINGS, **settings})
    return parts


@cache
def _writer_class() -> Any:
    """The writer of HTML without the option `:loading: embed` of images, for which no setting exists: it would open the file."""
    from docutils.writers import html5_polyglot

    class Translator(html5_polyglot.HTMLTranslator):  # type: ignore[misc]
        def visit_image(self, node: Any) -> None:
            node.attributes.pop("loading", None)
            super().visit_image(node)

    class Writer(html5_polyglot.Writer):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.translator_class = Translator

    return Writer


def _is_citation_label(label: lxml.html.HtmlElement) -> bool:
    """Whether a label belongs to a citation and is kept. A footnote's label is only its number, which is assigned later."""
    return any("citation" in (ancestor.get("class") or "").split() for ancestor in label.iterancestors("div"))


def _draw_formulas(manuscript: Manuscript, body: lxml.html.HtmlElement) -> None:
    """Replaces the TeX of each formula, which docutils keeps, by an image. If it cannot be drawn, the TeX stays."""
    for source in [element for element in body.iter("tt", "pre") if element.get("class") == "tex"]:
        try:
            image = lxml.html.fragment_fromstring(from_tex(source.text or "", source.tag == "pre"))
        except FormulaError as problem:
            hint = "correct its TeX; until then its source is shown"
            manuscript.report(Code.MATH_UNREADABLE, f"a formula cannot be drawn: {problem}", hint=hint)
            continue
        image.tail = source.tail
        source.getparent().replace(source, image)


def _metadata(page: lxml.html.HtmlElement, title: str, subtitle: str) -> Metadata:
    """Title, subtitle and the bibliographic fields at the head of the document."""
    fields: dict[str, lxml.html.HtmlElement] = {}
    for listing in page.iter("dl"):
        if "docinfo" in (listing.get("class") or "").split():
            terms, values = listing.findall("dt"), listing.findall("dd")
            fields = {text_content(term).rstrip(":").lower(): value for term, value in zip(terms, values, strict=False)}
    title_element = lxml.html.fromstring(f"<p>{title}</p>") if title else None
    subtitle_element = lxml.html.fromstring(f"<p>{subtitle}</p>") if subtitle else None
    return Metadata(
        title=text_content(title_element) if title_element is not None else "",
        subtitle=text_content(subtitle_element) if subtitle_element is not None else "",
        authors=tuple(split_names("; ".join(_texts(fields, "author") or _texts(fields, "authors")))),
        date=day_of(" ".join(_texts(fields, "date"))),
        rights=" ".join(_texts(fields, "copyright")),
    )


def _texts(fields: dict[str, lxml.html.HtmlElement], name: str) -> list[str]:
    """The paragraphs of a field, or its only text; empty if there is no such field."""
    if name not in fields:
        return []
    return [text_content(paragraph) for paragraph in fields[name].findall("p")] or [text_content(fields[name])]

"""Reads Word files with mammoth and a style map.

Formulas are drawn, captions are attached to their figures, and comments are left out and reported.
"""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import lxml.html

from publisher.input.agency_status import hold_of_lines, orders_hold
from publisher.input.archives import Archive
from publisher.input.html_elements import Element, parsed_page, text_content
from publisher.input.manuscript import Manuscript
from publisher.input.snippets import data_uri
from publisher.input.word import marks
from publisher.input.word.directions import set_directions
from publisher.input.word.headers import HeaderLine, header_lines
from publisher.input.word.images import set_image_sizes
from publisher.input.word.notes import link_addresses, part_references
from publisher.input.word.numbering import set_list_starts
from publisher.input.word.other_parts import record_other_parts
from publisher.input.word.preparation import prepare
from publisher.input.xml import text_at, xml_of
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import parse
from publisher.model.metadata import Metadata
from publisher.model.parts import BYLINE_TO_HEADER, NOTE_TO_EDITORS
from publisher.readers import wire_lines
from publisher.text.bylines import date_in, names_after_by

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p.standfirst:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote.pull > p:fresh
p[style-name='Block Text'] => blockquote > p:fresh
p[style-name='Caption'] => figcaption:fresh
p[style-name='caption'] => figcaption:fresh
p[style-name='HTML Preformatted'] => pre:separator('\\n')
p[style-name='Plain Text'] => pre:separator('\\n')
p[style-name='Source Code'] => pre:separator('\\n')
r[style-name='Source Text'] => code
r[style-name='HTML Code'] => code
u => u
strike => s
"""
_TEXT_BLOCKS = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "pre", "caption", "figcaption")
_TOP_BLOCKS = 7  # in which lines to editors are searched
_PROGRAM_TITLE = re.compile(
    r"(?:Microsoft )?Word\b|Untitled\b|(?:New |Neues )?Document\d*$|Dokument\d*$|PowerPoint", re.IGNORECASE
)
_HEADER_WORDS, _HEADER_BLOCKS = 20, 4  # the most words of a headline or byline; the blocks at the start that are searched


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """One article. Raises PublisherError if the file is broken or encrypted or has no text."""
    archive = Archive(manuscript)
    prepared = prepare(manuscript, archive)
    html = marks.INSERTIONS.sub(lambda match: prepared.insertions[int(match[1])], _html(manuscript, prepared.data))
    page = parsed_page(html)
    body = page.find("body")
    lang = set_directions(body)
    set_list_starts(body)
    set_image_sizes(body)
    part_references(body)
    link_addresses(body)
    if not text_content(body) and body.find(".//img") is None:
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, "the document has no text")
    _attach_captions(body)
    record_other_parts(manuscript, archive)
    lines = header_lines(manuscript, archive, map(text_content, body.iter(*_TEXT_BLOCKS)))
    advisories = _take_lines_to_editors(manuscript, body)
    _remove_lines_of_press_offices(manuscript, body)
    header = _extract_header(manuscript, body)
    markup = "".join(lxml.html.tostring(element, encoding="unicode") for element in body)
    metadata = replace(header.merged(_properties(manuscript, archive, body)), advisories=advisories + _orders(lines))
    metadata = replace(metadata, lang=lang or metadata.lang, hold=hold_of_lines(manuscript, metadata.advisories))
    tree = parse(markup + "".join(["<hr>"] * bool(lines) + [line.markup for line in lines]))
    citations = prepared.citations
    return (Article(metadata, tree, clusters=tuple(citations.clusters), library=tuple(citations.entries.values())),)


def _html(manuscript: Manuscript, data: bytes) -> str:
    import mammoth

    def attributes(image: Any) -> dict[str, str]:
        try:
            with image.open() as file:
                return {"src": data_uri(file.read(), image.content_type or "image/png")}
        except (KeyError, ValueError):  # an image of an old kind (VML) that is not in the file
            return {"src": ""}

    try:
        result = mammoth.convert_to_html(
            io.BytesIO(data), style_map=_STYLES, convert_image=mammoth.images.img_element(attributes)
        )
    except Exception as problem:  # mammoth raises many kinds for a broken document
        raise manuscript.error(
            Code.WORD,
            f"this Word document cannot be read: {problem}",
            hint="open it in a word processor and save it again as .docx",
        ) from None
    for message in result.messages:
        if message.type == "error":
            manuscript.report(Code.WORD_PARTIAL, f"in the Word document: {message.message}")
    return str(result.value)


def _attach_captions(body: Element) -> None:
    """Attaches each caption to the image before it, else to the table after it, else to the table before it."""
    for caption in list(body.iter("figcaption")):
        before, after = caption.getprevious(), caption.getnext()
        if before is not None and before.tag == "p" and before.find(".//img") is not None and not text_content(before):
            before.tag = "figure"
            for image in before.iter("img"):
                image.set("alt", image.get("alt") or text_content(caption))
            before.append(caption)
        elif after is not None and after.tag == "table":
            caption.tag = "caption"
            after.insert(0, caption)
        elif before is not None and before.tag == "table" and before.find("caption") is None:
            caption.tag = "caption"
            before.insert(0, caption)
        else:
            caption.tag = "p"


def _extract_header(manuscript: Manuscript, body: Element) -> Metadata:
    """Finds headline, byline and date in the first blocks of a document without a title style.

    A bold line is the headline; byline and date are removed from the text.
    """
    first = next(iter(body), None)
    if (
        first is not None
        and first.tag == "p"
        and body.find(".//h1") is None
        and 0 < len(text_content(first).split()) <= _HEADER_WORDS
    ):
        bold = "".join(text_content(strong) for strong in first.iterchildren("strong"))
        first.tag = "h1" if bold and bold.split() == text_content(first).split() and bold[-1] not in ".:;" else "p"
        for strong in list(first.iterchildren("strong")) if first.tag == "h1" else ():
            strong.drop_tag()
    authors: list[str] = []
    date = None
    for block in list(body)[1:_HEADER_BLOCKS]:
        text = text_content(block)
        day, rest = date_in(text)
        if block.tag != "p" or len(text.split()) > _HEADER_WORDS or not text:
            break
        if names := names_after_by(rest):
            authors, date = authors or names, date or day
            manuscript.remove(BYLINE_TO_HEADER, text)
            block.drop_tree()
        elif day and date is None and not re.search(r"[^\W\d_]", rest):
            date = day
            manuscript.remove(BYLINE_TO_HEADER, text)
            block.drop_tree()
    return Metadata(authors=tuple(authors), date=date)


def _properties(manuscript: Manuscript, archive: Archive, body: Element) -> Metadata:
    """What holds of the properties of the file (docProps/core.xml): its language, and its title if the text has no heading.

    Creator and date are those of a template or of the computer, and comments are for colleagues: they are not used.
    """
    if not archive.has("docProps/core.xml"):
        return Metadata()
    core = xml_of(manuscript, archive.read("docProps/core.xml"))
    title = text_at(core, "title")
    if not title or _PROGRAM_TITLE.match(title) or next(body.iter("h1", "h2", "h3", "h4", "h5", "h6"), None) is not None:
        return Metadata(lang=text_at(core, "language"))
    if not manuscript.given.title:
        hint = "if it is wrong, give the value in a sidecar or the manifest"
        manuscript.report(Code.METADATA_GUESSED, f"title: {title}, guessed from the file's properties", hint=hint)
    return Metadata(title=title, lang=text_at(core, "language"))


def _take_lines_to_editors(manuscript: Manuscript, body: Element) -> tuple[str, ...]:
    """Takes embargoes, holds and kills from the first blocks; they become metadata."""
    taken = []
    for block in list(body)[:_TOP_BLOCKS]:
        text = text_content(block)
        if block.tag in ("p", "h1", "h2", "h3") and len(text.split()) <= _HEADER_WORDS and orders_hold(text):
            taken.append(text)
            manuscript.remove(NOTE_TO_EDITORS, text)
            block.drop_tree()
    return tuple(taken)


def _remove_lines_of_press_offices(manuscript: Manuscript, body: Element) -> None:
    """Removes FOR IMMEDIATE RELEASE from the first blocks, and end marks such as – ENDS – wherever they stand alone."""
    for number, block in enumerate(list(body)):
        text = text_content(block)
        release = wire_lines.RELEASE.match(text) if number < _TOP_BLOCKS else None
        is_release = release is not None and not release["date"].strip()
        if block.tag == "p" and (is_release or wire_lines.MARKED_END.match(text)) and block.find(".//img") is None:
            manuscript.remove("line of the press office" if is_release else "end mark", text)
            block.drop_tree()


def _orders(lines: list[HeaderLine]) -> tuple[str, ...]:
    """The embargoes, holds and kills in headers and footers, each to the end of its line."""
    starts = ((line.texts, next((n for n, text in enumerate(line.texts) if orders_hold(text)), None)) for line in lines)
    return tuple(" – ".join(texts[start:]) for texts, start in starts if start is not None)

"""NITF 3.x, the news agencies' markup of one story (IPTC News Industry Text Format): by itself, or within NewsML-G2 and ninjs."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape
from typing import Any

from publisher.input.agency_status import hold_of_item
from publisher.input.manuscript import Manuscript
from publisher.input.snippets import figure_markup
from publisher.input.xml import children_named, first_child, inner_markup, local_name, lowest_texts, text_at, xml_document
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import parse
from publisher.model.metadata import Hold, Metadata
from publisher.model.parts import Removal
from publisher.model.sources import Source
from publisher.text.bylines import day_of, split_names
from publisher.text.languages import long_date

# NITF elements with another name in HTML. Others have the same name in HTML, or become a span with their text.
_HTML_NAMES = {
    "hl2": "h2",
    "bq": "blockquote",
    "nitf-table": "div",
    "q": "q",
    "datasource": "cite",
    "ol": "ol",
    "ul": "ul",
    "fn": "small",
}
_MACHINE_DATE = re.compile(r"\d{4}-?\d\d-?\d\d(?:T[\d:.]*(?:Z|[+-]\d\d:?\d\d)?)?")
_DATELINE_PARTS = frozenset({"story.date", "sublocation", "city", "state", "region", "country"})
_PARAGRAPH = re.compile(r"<p\b[^>]*>")
_HTML_ELEMENTS = {
    "p",
    "ol",
    "ul",
    "li",
    "dl",
    "dt",
    "dd",
    "table",
    "tr",
    "td",
    "th",
    "thead",
    "tbody",
    "caption",
    "pre",
    "hr",
    "em",
    "a",
    "br",
    "q",
    "sub",
    "sup",
}


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """One article. Raises PublisherError if it has no text."""
    return (article_of(manuscript, xml_document(manuscript)),)


def article_of(manuscript: Manuscript, root: Any) -> Article:
    """The article of an `nitf` element."""
    body = first_child(root, "body")
    if not text_at(first_child(body, "body.content") if body is not None else None) and not text_at(body, "body.head"):
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, "the NITF document has no text")
    metadata = replace(metadata_of(root), hold=_hold(manuscript, root))
    return Article(metadata, parse(html_of(root)), removed=removed_from_head(root))


def removed_from_head(root: Any) -> tuple[Removal, ...]:
    """The bylines and the distributor of a story, whose names are in its metadata; an abstract that only repeats the story."""
    head = first_child(root, "body", "body.head")
    texts = [_without_titles(part) for name in ("byline", "distributor") for part in children_named(head, name)]
    removals = [Removal("byline or distributor, now in the header", text) for text in texts if text]
    removals += [Removal("abstract that the story repeats", text) for text in _abstract(head) if _repeats(root, text)]
    for date in _story_dates(head):
        if _is_machine_date(text_at(date)):
            removals.append(Removal("date for programs, written out in the dateline", text_at(date)))
    return tuple(removals)


def _abstract(head: Any) -> list[str]:
    """The paragraphs of the abstract."""
    return [text for part in children_named(head, "abstract") for text in lowest_texts(part)]


def _story_dates(head: Any) -> list[Any]:
    return [date for part in children_named(head, "dateline") for date in part.iter() if local_name(date) == "story.date"]


def _is_machine_date(text: str) -> bool:
    """Whether a date is written for programs: ISO 8601 in its basic or extended form, as `norm` has it."""
    return bool(_MACHINE_DATE.fullmatch(text))


def dateline_of(root: Any) -> str:
    """The dateline with a written date: that of `story.date`, or, if this is for programs or empty, the day that it names."""
    pieces: list[str] = []
    for dateline in children_named(first_child(root, "body", "body.head"), "dateline"):
        _add_pieces(dateline, root, pieces)
    text = ""
    for piece in filter(None, pieces):
        is_apart = not text or re.search(r"[\s([/–—-]$", text) or re.match(r"[\s,;:.)\]/–—-]", piece)
        text += piece if is_apart else f" {piece}" if text[-1] in ",;:." else f", {piece}"
    return re.sub(r"\s+(?=[,;])", "", " ".join(text.split())).strip(" ,;")


def _add_pieces(element: Any, root: Any, pieces: list[str]) -> None:
    """Adds the texts of an element in their order; places and the date are pieces of their own, whatever spaces surround them."""
    pieces.append(element.text or "")
    for part in element:
        tail = part.tail or ""
        if local_name(part) in _DATELINE_PARTS:
            pieces[-1] = pieces[-1].rstrip()
            pieces.append(_written_date(part, root) if local_name(part) == "story.date" else text_at(part))
            pieces.append(tail if tail.strip() else "")
        else:
            _add_pieces(part, root, pieces)
            pieces.append(tail)


def _written_date(date: Any, root: Any) -> str:
    text = text_at(date)
    day = day_of(text or str(date.get("norm") or "")) if not text or _is_machine_date(text) else None
    return long_date(day, _lang(root)) or text


def _lang(root: Any) -> str:
    return str(root.get("{http://www.w3.org/XML/1998/namespace}lang") or "")


def _without_titles(byline: Any) -> str:
    """The text of a byline without `byttl`, which the story shows."""
    titles = [title for title in byline.iter() if local_name(title) == "byttl"]
    inside = {element for title in titles for element in title.iter()}
    texts = (
        text
        for element in byline.iter()
        for text in (
            element.text if element not in inside else "",
            element.tail if element not in inside or element in titles else "",
        )
    )
    return " ".join(" ".join(filter(None, texts)).split())


def _repeats(root: Any, abstract: str) -> bool:
    """Whether the story has a paragraph of the abstract, word for word."""
    return abstract in text_at(root, "body", "body.content")


def _hold(manuscript: Manuscript, root: Any) -> Hold | None:
    """The hold by `management-status`, a release date after the issue date, and the message to editors (NITF 3.6, docdata)."""
    docdata = first_child(root, "head", "docdata")
    status = str(docdata.get("management-status") or "") if docdata is not None else ""
    release, issue = (str((_attribute(docdata, f"date.{name}", "norm")) or "") for name in ("release", "issue"))
    released, issued = day_of(release), day_of(issue)
    is_later = released is not None and issued is not None and released > issued
    embargo = release if is_later or status.lower() == "embargoed" else ""
    note = _attribute(docdata, "ed-msg", "info") or text_at(docdata, "ed-msg")
    return hold_of_item(manuscript, "" if embargo else status, embargo, note)


def _attribute(parent: Any, name: str, attribute: str) -> str:
    """The value of an attribute of the first child with a name; empty without such a child."""
    element = first_child(parent, name)
    return str(element.get(attribute) or "") if element is not None else ""


def metadata_of(root: Any) -> Metadata:
    """The metadata in `head` and `body.head` (NITF 3.6: docdata, hedline, byline, dateline, distributor)."""
    head, docdata = first_child(root, "body", "body.head"), first_child(root, "head", "docdata")
    byline = first_child(head, "byline")
    names = [text_at(person) for person in children_named(byline, "person")] if byline is not None else []
    if not names and byline is not None:
        names = split_names((byline.text or "").strip())
    issue_date = first_child(docdata, "date.issue")
    copyright_element = first_child(docdata, "doc.copyright")
    publisher = text_at(head, "distributor", "org") or text_at(head, "distributor")
    title = text_at(head, "hedline", "hl1") or text_at(head, "headline", "hl1") or text_at(root, "head", "title")
    dates = [
        str(element.get("norm") or "") or text_at(element) for element in (issue_date, *_story_dates(head)) if element is not None
    ]
    date = next((day for value in dates if (day := day_of(value))), None)
    return Metadata(
        title=title,
        authors=tuple(names),
        date=date,
        dateline=dateline_of(root),
        lang=_lang(root),
        description=" ".join(_abstract(head)),
        publisher=publisher,
        rights=_rights(copyright_element) or text_at(head, "rights"),
        source=Source(publication=publisher, title=title, authors=tuple(names), date=date) if publisher else Source(),
    )


def _rights(element: Any) -> str:
    return (
        f"© {' '.join(filter(None, (element.get('year'), element.get('holder'))))}"
        if element is not None and element.get("holder")
        else ""
    )


def html_of(root: Any) -> str:
    """The story as HTML. Secondary headlines, the abstract and notes stand before it, the dateline in its first paragraph."""
    head, content = first_child(root, "body", "body.head"), first_child(root, "body", "body.content")
    parts = [
        f'<p class="standfirst">{escape(text_at(headline))}</p>'
        for headline in children_named(first_child(head, "hedline"), "hl2")
    ]
    parts += [f'<p class="standfirst">{escape(text)}</p>' for text in _abstract(head) if not _repeats(root, text)]
    titles = [text_at(title) for byline in children_named(head, "byline") for title in children_named(byline, "byttl")]
    parts += [
        f'<p class="credit">{escape(text)}</p>'
        for text in [*(text_at(note) for note in children_named(head, "note")), *titles]
        if text
    ]
    dateline = dateline_of(root)
    blocks = "".join(_block(element) for element in content) if content is not None else ""
    if dateline:
        blocks = with_dateline(blocks, dateline)
    parts += [
        blocks,
        *(
            f'<p class="credit">{escape(text_at(element))}</p>'
            for end in children_named(first_child(root, "body"), "body.end")
            for element in end
            if text_at(element)
        ),
    ]
    return "\n".join(parts)


def with_dateline(blocks: str, dateline: str) -> str:
    """The blocks of a story with the dateline at the start of the first paragraph; before all blocks if there is none."""
    span = f'<span class="dateline">{escape(dateline)}</span>'
    marked, count = _PARAGRAPH.subn(lambda paragraph: f"{paragraph[0]}{span} – ", blocks, count=1)
    return marked if count else f"<p>{span}</p>{blocks}"


def _block(element: Any) -> str:
    name = local_name(element)
    if name == "media":
        return _media(element)
    if name in ("block", "abstract"):
        return "".join(_block(inner_element) for inner_element in element)
    if name in ("p", "table", "ol", "ul", "dl", "pre", "hr", "hl2", "bq", "nitf-table", "fn"):
        return _html_element(element)
    text = text_at(element)
    return f"<p>{escape(text)}</p>" if text else ""


def _html_element(element: Any) -> str:
    name = local_name(element)
    name = _HTML_NAMES.get(name, name if name in _HTML_ELEMENTS else "span")
    for inner_element in element.iter():
        if local_name(inner_element) not in _HTML_ELEMENTS and inner_element is not element and local_name(inner_element):
            inner_element.tag = _HTML_NAMES.get(local_name(inner_element), "span")
    return f"<{name}>{inner_markup(element)}</{name}>"


def _media(element: Any) -> str:
    reference = first_child(element, "media-reference")
    source = (reference.get("source") or reference.get("data-location") or "") if reference is not None else ""
    alt = reference.get("alternate-text", "") if reference is not None else ""
    caption, credit = text_at(element, "media-caption"), text_at(element, "media-producer")
    kind = str(element.get("media-type", "image"))
    if kind != "image" or not source:
        return f"<p>{escape(caption)}</p>" if caption else ""
    return figure_markup(source, alt or caption, caption, credit)

"""NITF 3.x, the news agencies' markup of one story (IPTC News Industry Text Format): alone, or within NewsML-G2 and ninjs."""

from __future__ import annotations

from html import escape
from typing import Any

from publisher.input.manuscript import Manuscript
from publisher.input.snippets import figure_markup
from publisher.input.xml import child, children, inner_markup, local_name, text_at, xml_of
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import parse
from publisher.model.metadata import Metadata, Source
from publisher.text.bylines import day_of, split_names

# NITF's own names for what HTML calls otherwise; others are HTML's, or stand for their text.
_NAMES = {
    "hl2": "h2",
    "bq": "blockquote",
    "nitf-table": "div",
    "q": "q",
    "datasource": "cite",
    "ol": "ol",
    "ul": "ul",
    "fn": "small",
}
_KEPT = {
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
    """One article. Raises PublisherError where there is no body."""
    return (article_of(manuscript, xml_of(manuscript, manuscript.data)),)


def article_of(manuscript: Manuscript, root: Any) -> Article:
    """The article of an `nitf` element."""
    body = child(root, "body")
    if not text_at(child(body, "body.content") if body is not None else None) and not text_at(body, "body.head"):
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, "the NITF document holds no text")
    return Article(metadata_of(root), parse(html_of(root)))


def metadata_of(root: Any) -> Metadata:
    """What `head` and `body.head` say (NITF 3.6: docdata, hedline, byline, dateline, distributor)."""
    head, docdata = child(root, "body", "body.head"), child(root, "head", "docdata")
    byline = child(head, "byline")
    names = [text_at(one) for one in children(byline, "person")] if byline is not None else []
    if not names and byline is not None:
        names = split_names((byline.text or "").strip())
    issued = child(docdata, "date.issue")
    key = child(docdata, "doc.copyright")
    publisher = text_at(head, "distributor", "org") or text_at(head, "distributor")
    title = text_at(head, "hedline", "hl1") or text_at(head, "headline", "hl1") or text_at(root, "head", "title")
    written = day_of(issued.get("norm", "")) if issued is not None else None
    return Metadata(
        title=title,
        authors=tuple(names),
        date=written,
        dateline=text_at(head, "dateline"),
        lang=str(root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""),
        description=text_at(head, "abstract"),
        publisher=publisher,
        rights=_rights(key) or text_at(head, "rights"),
        source=Source(publication=publisher, title=title, authors=tuple(names), date=written) if publisher else Source(),
    )


def _rights(key: Any) -> str:
    return f"© {' '.join(filter(None, (key.get('year'), key.get('holder'))))}" if key is not None and key.get("holder") else ""


def html_of(root: Any) -> str:
    """The story as HTML: secondary headlines, note and abstract before it, the dateline in its first paragraph."""
    head, content = child(root, "body", "body.head"), child(root, "body", "body.content")
    parts = [f'<p class="standfirst">{escape(text_at(one))}</p>' for one in children(child(head, "hedline"), "hl2")]
    titles = [text_at(one) for byline in children(head, "byline") for one in children(byline, "byttl")]
    parts += [
        f'<p class="credit">{escape(text)}</p>' for text in [*(text_at(one) for one in children(head, "note")), *titles] if text
    ]
    dateline = text_at(head, "dateline")
    blocks = "".join(_block(one) for one in content) if content is not None else ""
    if dateline and "<p>" in blocks:
        blocks = blocks.replace("<p>", f'<p><span class="dateline">{escape(dateline)}</span> – ', 1)
    parts += [
        blocks,
        *(
            f'<p class="credit">{escape(text_at(one))}</p>'
            for end in children(child(root, "body"), "body.end")
            for one in end
            if text_at(one)
        ),
    ]
    return "\n".join(parts)


def _block(element: Any) -> str:
    name = local_name(element)
    if name == "media":
        return _media(element)
    if name in ("block", "abstract"):
        return "".join(_block(one) for one in element)
    if name in ("p", "table", "ol", "ul", "dl", "pre", "hr", "hl2", "bq", "nitf-table", "fn"):
        return _renamed(element)
    text = text_at(element)
    return f"<p>{escape(text)}</p>" if text else ""


def _renamed(element: Any) -> str:
    name = local_name(element)
    name = _NAMES.get(name, name if name in _KEPT else "span")
    for one in element.iter():
        if local_name(one) not in _KEPT and one is not element and local_name(one):
            one.tag = _NAMES.get(local_name(one), "span")
    return f"<{name}>{inner_markup(element)}</{name}>"


def _media(element: Any) -> str:
    reference = child(element, "media-reference")
    source = (reference.get("source") or reference.get("data-location") or "") if reference is not None else ""
    alt = reference.get("alternate-text", "") if reference is not None else ""
    caption, credit = text_at(element, "media-caption"), text_at(element, "media-producer")
    kind = str(element.get("media-type", "image"))
    if kind != "image" or not source:
        return f"<p>{escape(caption)}</p>" if caption else ""
    return figure_markup(source, alt or caption, caption, credit)

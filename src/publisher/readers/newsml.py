"""NewsML-G2: news items with text in NITF or XHTML, packages, concepts, events and plans, each with metadata. Also NewsML 1.x.

Elements are matched by local name: the standard's examples and agencies' files use several namespaces (IPTC NAR 2006-10-01).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import Any

from publisher.input.agency_status import hold_of_item
from publisher.input.html_elements import words_of
from publisher.input.manuscript import Manuscript
from publisher.input.snippets import figure_markup, paragraph_markup, word_list
from publisher.input.xml import children_named, first_child, inner_markup, local_name, text_at, xml_document
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import parse
from publisher.model.metadata import Hold, Metadata
from publisher.model.parts import NOTE_TO_EDITORS, Removal
from publisher.model.sources import Source
from publisher.readers import newsml1, nitf
from publisher.text.bylines import day_of, split_names

_ITEMS = {"newsItem", "packageItem", "conceptItem", "knowledgeItem", "planningItem", "contentSet", "groupSet"}
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_RENDITIONS = ("hi", "main", "web", "preview", "low", "thumb")  # the best first


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """An article for each item in the file. Raises PublisherError if no item has words."""
    root = xml_document(manuscript)
    if local_name(root) == "NewsML":
        return newsml1.articles_of(manuscript, root)
    items = (
        [root]
        if local_name(root) in _ITEMS
        else [element for element in root.iter() if local_name(element) in _ITEMS - {"contentSet", "groupSet"}]
    )
    articles = tuple(article for item in items if (article := _article(manuscript, item)))
    if not articles:
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, f"the NewsML-G2 {local_name(root)} has no words")
    return articles


def _article(manuscript: Manuscript, item: Any) -> Article | None:
    metadata = replace(_metadata(item), hold=_hold(manuscript, item))
    content = item if local_name(item) == "contentSet" else first_child(item, "contentSet")
    stories = [element for element in (content.iter() if content is not None else ()) if local_name(element) == "nitf"]
    parts, removed = [], list[Removal]()
    for story in stories:
        removed += nitf.removed_from_head(story)
        story_metadata = nitf.metadata_of(story)
        metadata = replace(metadata.merged(story_metadata), authors=story_metadata.authors or metadata.authors)
        parts.append(nitf.html_of(story))
    if not stories:
        parts += _inline_texts(content)
    parts += _images(item, content)
    parts = [part for part in parts if part.strip()]
    if parts:
        texts = [text_at(description) for description in children_named(first_child(item, "contentMeta"), "description")]
        removed += [Removal("another description", text) for text in texts if text]
    parts = parts or list(_descriptions(item))
    dateline = text_at(first_child(item, "contentMeta"), "dateline")
    if dateline and dateline not in "".join(parts):
        parts = [nitf.with_dateline("\n".join(parts), dateline)]
    parts += _contents_list(item)
    credit = text_at(first_child(item, "contentMeta"), "creditline")
    if credit and not _has_words("".join(parts), credit):
        parts.append(f'<p class="credit">{escape(credit)}</p>')
    if byline := text_at(first_child(item, "contentMeta"), "by"):
        removed.append(Removal("byline or distributor, now in the header", byline))
    if note := text_at(first_child(item, "itemMeta"), "edNote"):
        metadata = replace(metadata, advisories=(note,))
        removed.append(Removal(NOTE_TO_EDITORS, note))
    html = "\n".join(parts)
    return Article(metadata, parse(html), removed=tuple(removed)) if html or metadata.title else None


def _has_words(html: str, text: str) -> bool:
    """Whether a text stands in markup, word for word."""
    return f" {' '.join(words_of(text))} " in f" {' '.join(words_of(html))} "


def _inline_texts(content: Any) -> Iterator[str]:
    """Inline content that is not NITF: XHTML, plain text, or the words of any other XML."""
    for inline in content if content is not None else ():
        name, kind = local_name(inline), str(inline.get("contenttype", ""))
        if name == "inlineData" and "html" not in kind and not inline.get("encoding"):
            yield paragraph_markup("".join(inline.itertext()))
        elif name in ("inlineXML", "inlineData") and not inline.get("encoding"):
            body = next((element for element in inline.iter() if local_name(element) == "body"), None)
            if body is not None or "html" in kind:
                yield inner_markup(body if body is not None else inline)
            else:
                yield word_list(inline)


def _descriptions(item: Any) -> Iterator[str]:
    for name in ("contentMeta", "partMeta"):
        for description in children_named(first_child(item, name), "description"):
            lang = description.get(_LANG)
            attribute = f' lang="{escape(lang, quote=True)}"' if lang else ""
            if text := text_at(description):
                yield f"<p{attribute}>{escape(text)}</p>"


def _images(item: Any, content: Any) -> list[str]:
    """The image of a picture item, in its best rendition. Its address is kept; a build opens only files beside the manuscript."""
    renditions = [
        element
        for element in children_named(content, "remoteContent")
        if str(element.get("contenttype", "image")).startswith("image")
    ]
    if not renditions:
        return []

    def rank(rendition: Any) -> int:
        name = str(rendition.get("rendition") or rendition.get("renditionURI") or "").lower()
        return next((index for index, word in enumerate(_RENDITIONS) if word in name), len(_RENDITIONS))

    meta = first_child(item, "contentMeta")
    caption = next(
        (text_at(element) for element in children_named(meta, "description") if "caption" in str(element.get("role"))), ""
    )
    caption = caption or text_at(meta, "description")
    credit = text_at(meta, "creditline") or text_at(first_child(item, "rightsInfo"), "copyrightNotice")
    href = str(min(renditions, key=rank).get("href", ""))
    return [figure_markup(href.removeprefix("file:///").removeprefix("./").strip(), caption, caption, credit)] if href else []


def _contents_list(item: Any) -> list[str]:
    """The contents of a package, concept, event or plan as a list: each name, headline, definition and note once."""
    if local_name(item) not in _ITEMS - {"newsItem", "contentSet"}:
        return []
    names = {"title", "headline", "description", "name", "definition", "note", "slugline", "scheduled", "start", "end", "edNote"}
    meta = first_child(item, "itemMeta"), first_child(item, "contentMeta"), first_child(item, "rightsInfo")
    metadata_elements = {element for part in meta if part is not None for element in part.iter()}
    entries = dict.fromkeys(
        (element.getparent(), element.get(_LANG) or "", text)
        for element in item.iter()
        if element not in metadata_elements
        and local_name(element) in names
        and (text := text_at(element))
        and not any(local_name(inner_element) in names for inner_element in element)
    )
    lines = [f"<li{f' lang={chr(34)}{escape(lang)}{chr(34)}' if lang else ''}>{escape(text)}</li>" for _, lang, text in entries]
    return [f"<ul>{''.join(lines)}</ul>"] if lines else []


def _metadata(item: Any) -> Metadata:
    meta, rights, item_meta = first_child(item, "contentMeta"), first_child(item, "rightsInfo"), first_child(item, "itemMeta")
    headlines = [text for headline in children_named(meta, "headline") if (text := text_at(headline))]
    title = (
        next(iter(headlines), "") or text_at(item_meta, "title") or text_at(meta, "slugline") or text_at(item, "concept", "name")
    )
    names = [text_at(creator, "name") or text_at(creator) for creator in children_named(meta, "creator")]
    names = names or split_names(text_at(meta, "by"))
    date = day_of(text_at(item_meta, "firstCreated") or text_at(meta, "contentCreated") or text_at(item_meta, "versionCreated"))
    provider = text_at(item_meta, "provider", "name") or text_at(rights, "copyrightHolder", "name")
    language = first_child(meta, "language")
    notices = [text_at(rights, "copyrightNotice"), text_at(rights, "usageTerms")]
    return Metadata(
        title=title,
        subtitle=" ".join(dict.fromkeys(headlines[1:])),
        authors=tuple(name for name in names if name),
        date=date,
        dateline=text_at(meta, "dateline") or text_at(meta, "located", "name"),
        lang=str(item.get(_LANG) or (language.get("tag") if language is not None else "") or ""),
        description=next((text_at(element) for element in children_named(meta, "description")), ""),
        publisher=provider,
        rights=" ".join(filter(None, notices)),
        source=Source(publication=provider, title=title, date=date) if provider else Source(),
    )


def _hold(manuscript: Manuscript, item: Any) -> Hold | None:
    item_meta = first_child(item, "itemMeta")
    element = first_child(item_meta, "pubStatus")
    status = str(element.get("qcode") or element.get("uri") or "").rpartition(":")[2] if element is not None else ""
    is_embargoed = first_child(item_meta, "embargoed") is not None  # empty: without an end (NewsML-G2, itemMeta)
    embargo = text_at(item_meta, "embargoed") or ("further notice" if is_embargoed else "")
    return hold_of_item(manuscript, status, embargo, text_at(item_meta, "edNote"))

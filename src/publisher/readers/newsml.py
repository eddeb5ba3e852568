"""NewsML-G2: news items with text in NITF or XHTML, packages, concepts, events, planning; each with what its metadata says.

Elements are matched by local name: the standard's examples, and agencies' files, have several namespaces (IPTC NAR 2006-10-01).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import Any

from publisher.input.manuscript import Manuscript
from publisher.input.snippets import figure_markup, paragraph_markup
from publisher.input.xml import child, children, inner_markup, local_name, lowest_texts, text_at, xml_of
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import parse
from publisher.model.metadata import Metadata, Source
from publisher.readers import nitf
from publisher.text.bylines import day_of

_ITEMS = {"newsItem", "packageItem", "conceptItem", "knowledgeItem", "planningItem", "contentSet", "groupSet"}
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_BEST = ("hi", "main", "web", "preview", "low", "thumb")


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """An article for each item in the file. Raises PublisherError where no item holds words."""
    root = xml_of(manuscript, manuscript.data)
    items = (
        [root]
        if local_name(root) in _ITEMS
        else [one for one in root.iter() if local_name(one) in _ITEMS - {"contentSet", "groupSet"}]
    )
    found = tuple(article for item in items if (article := _article(manuscript, item)))
    if not found:
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, f"the NewsML-G2 {local_name(root)} holds no words")
    return found


def _article(manuscript: Manuscript, item: Any) -> Article | None:
    _say_status(manuscript, item)
    metadata = _metadata(item)
    content = item if local_name(item) == "contentSet" else child(item, "contentSet")
    stories = [one for one in (content.iter() if content is not None else ()) if local_name(one) == "nitf"]
    parts = []
    for story in stories:
        own = nitf.metadata_of(story)
        metadata = replace(metadata.merged(own), authors=own.authors or metadata.authors)
        parts.append(nitf.html_of(story))
    if not stories:
        parts += _texts(content)
    parts += _pictures(item, content)
    parts = [part for part in parts if part.strip()] or list(_descriptions(item))
    parts += _listed(item)
    credits = [text_at(child(item, "itemMeta"), "edNote"), text_at(child(item, "contentMeta"), "creditline")]
    parts += [f'<p class="credit">{escape(text)}</p>' for text in credits if text and escape(text) not in "".join(parts)]
    html = "\n".join(parts)
    return Article(metadata, parse(html)) if html or metadata.title else None


def _texts(content: Any) -> Iterator[str]:
    """Inline content that is no NITF: XHTML, plain text, or the words of whatever other XML it is."""
    for inline in content if content is not None else ():
        name, kind = local_name(inline), str(inline.get("contenttype", ""))
        if name == "inlineData" and "html" not in kind and not inline.get("encoding"):
            yield paragraph_markup("".join(inline.itertext()))
        elif name in ("inlineXML", "inlineData") and not inline.get("encoding"):
            body = next((one for one in inline.iter() if local_name(one) == "body"), None)
            if body is not None or "html" in kind:
                yield inner_markup(body if body is not None else inline)
            else:
                yield from _words(inline)


def _words(element: Any) -> Iterator[str]:
    """The words of XML that no reader knows, an item for each element that says something."""
    if told := list(lowest_texts(element)):
        yield "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in told) + "</ul>"


def _descriptions(item: Any) -> Iterator[str]:
    for name in ("contentMeta", "partMeta"):
        for one in children(child(item, name), "description"):
            lang = one.get(_LANG)
            mark = f' lang="{escape(lang, quote=True)}"' if lang else ""
            if text := text_at(one):
                yield f"<p{mark}>{escape(text)}</p>"


def _pictures(item: Any, content: Any) -> list[str]:
    """The picture that the item is, in its best rendition; addresses are kept, builds open only what lies beside the file."""
    remote = [one for one in children(content, "remoteContent") if str(one.get("contenttype", "image")).startswith("image")]
    if not remote:
        return []

    def order(one: Any) -> int:
        name = str(one.get("rendition") or one.get("renditionURI") or "").lower()
        return next((index for index, word in enumerate(_BEST) if word in name), len(_BEST))

    meta = child(item, "contentMeta")
    caption = next((text_at(one) for one in children(meta, "description") if "caption" in str(one.get("role"))), "")
    caption = caption or text_at(meta, "description")
    credit = text_at(meta, "creditline") or text_at(child(item, "rightsInfo"), "copyrightNotice")
    href = str(min(remote, key=order).get("href", ""))
    return [figure_markup(href.removeprefix("file:///").removeprefix("./").strip(), caption, caption, credit)] if href else []


def _listed(item: Any) -> list[str]:
    """What packages, concepts, events and plans hold, as lists: every name, headline, definition and note once."""
    if local_name(item) not in _ITEMS - {"newsItem", "contentSet"}:
        return []
    wanted = {"title", "headline", "description", "name", "definition", "note", "slugline", "scheduled", "start", "end", "edNote"}
    meta = child(item, "itemMeta"), child(item, "contentMeta"), child(item, "rightsInfo")
    skipped = {one for part in meta if part is not None for one in part.iter()}
    told = dict.fromkeys(
        (one.getparent(), one.get(_LANG) or "", text)
        for one in item.iter()
        if one not in skipped
        and local_name(one) in wanted
        and (text := text_at(one))
        and not any(local_name(inner) in wanted for inner in one)
    )
    lines = [f"<li{f' lang={chr(34)}{escape(lang)}{chr(34)}' if lang else ''}>{escape(text)}</li>" for _, lang, text in told]
    return [f"<ul>{''.join(lines)}</ul>"] if lines else []


def _metadata(item: Any) -> Metadata:
    meta, rights, own = child(item, "contentMeta"), child(item, "rightsInfo"), child(item, "itemMeta")
    headlines = [text for one in children(meta, "headline") if (text := text_at(one))]
    title = next(iter(headlines), "") or text_at(own, "title") or text_at(meta, "slugline") or text_at(item, "concept", "name")
    names = [text_at(one, "name") or text_at(one) for one in children(meta, "creator")]
    written = day_of(text_at(own, "firstCreated") or text_at(meta, "contentCreated") or text_at(own, "versionCreated"))
    provider = text_at(own, "provider", "name") or text_at(rights, "copyrightHolder", "name")
    language = child(meta, "language")
    notices = [text_at(rights, "copyrightNotice"), text_at(rights, "usageTerms")]
    return Metadata(
        title=title,
        subtitle=" ".join(dict.fromkeys(headlines[1:])),
        authors=tuple(name for name in names if name),
        date=written,
        dateline=text_at(meta, "located", "name"),
        lang=str(item.get(_LANG) or (language.get("tag") if language is not None else "") or ""),
        description=next((text_at(one) for one in children(meta, "description")), ""),
        publisher=provider,
        rights=" ".join(filter(None, notices)),
        source=Source(publication=provider, title=title, date=written) if provider else Source(),
    )


def _say_status(manuscript: Manuscript, item: Any) -> None:
    own = child(item, "itemMeta")
    found = child(own, "pubStatus")
    status = str(found.get("qcode") or found.get("uri") or "").rpartition(":")[2].lower() if found is not None else ""
    if status and status != "usable":
        hint = "take it out of the edition unless the agency has said otherwise"
        manuscript.report(Code.NOT_USABLE, f"the agency says of this item: {status}", hint=hint)
    if embargo := text_at(own, "embargoed"):
        manuscript.report(Code.EMBARGO, f"embargoed until {embargo}", hint="publish it no sooner")

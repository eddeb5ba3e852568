"""IPTC ninjs 1.x, 2.x and 3.x: one item as JSON, or a list of items; images with caption, credit and rights.

The versions differ in letter case (3.x), and 2.x has lists where 1.x has `body_xhtml`, `headline`, `byline` (ninjs 2.0 release
notes). Therefore keys are changed to lower case, and each value is looked up in both places.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import Any

from publisher.input.agency_status import hold_of_item
from publisher.input.extent import check_elements
from publisher.input.html_elements import parsed_page, removal_of, words_of
from publisher.input.manuscript import Manuscript
from publisher.input.snippets import figure_markup, json_of, paragraph_markup
from publisher.input.xml import xml_of
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import parse, words
from publisher.model.metadata import Metadata
from publisher.model.parts import NOTE_TO_EDITORS, Removal
from publisher.model.sources import Source
from publisher.readers import nitf
from publisher.text.bylines import day_of, split_names

_BODY_RANKS = (("nitf", 3), ("html", 2), ("xhtml", 2))
_RENDITIONS = ("main", "hires", "high", "original", "preview", "small", "thumbnail")  # the best first
Item = dict[str, Any]


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """An article for each item that has words. Raises PublisherError if none has, or if the JSON is broken."""
    values = json_of(manuscript)
    items = [
        _with_lowercase_keys(entry) for entry in (values if isinstance(values, list) else [values]) if isinstance(entry, dict)
    ]
    articles = tuple(article for item in items if (article := _article(manuscript, item)))
    if not articles:
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, "the item has no words: neither a body nor a description")
    return articles


def _with_lowercase_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key).lower(): _with_lowercase_keys(entry) for key, entry in value.items()}
    return [_with_lowercase_keys(entry) for entry in value] if isinstance(value, list) else value


def _article(manuscript: Manuscript, item: Item) -> Article | None:
    html, removed = _body(manuscript, item)
    images = "".join(_images(item))
    if not html and not images and not _text(item.get("headline") or item.get("title")):
        return None
    credits = "".join(f'<p class="credit">{escape(text)}</p>' for text in _credits(item))
    note = _text(item.get("ednote"))
    embargo = _text(item.get("embargoed") or item.get("embargoedfrom"))
    hold = hold_of_item(manuscript, _text(item.get("pubstatus")), embargo, note)
    metadata = replace(_metadata(item), hold=hold, advisories=tuple(filter(None, [note])))
    other_headlines = {_text(text) for _, _, text in _values(item, "headlines", "headline")} - {metadata.title, ""}
    removed += tuple(Removal("another headline", text) for text in sorted(other_headlines))
    removed += tuple(Removal(NOTE_TO_EDITORS, text) for text in metadata.advisories)
    removed += tuple(Removal("of an associated item", text) for text in _associated_texts(item))
    return Article(metadata, parse(html + images + credits), removed=removed)


def _text(value: Any) -> str:
    return " ".join(str(value).split()) if isinstance(value, (str, int, float)) else ""


def _values(item: Item, plural: str, single: str) -> Iterator[tuple[str, str, str]]:
    """Role, content type and text of `plural` (a list of objects, 2.x and 3.x) and of `single`, `single_text` … (1.x)."""
    entries = item.get(plural)
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict) and isinstance(entry.get("value"), str):
            yield str(entry.get("role", "")), str(entry.get("contenttype", "")), entry["value"]
    for key, value in item.items():
        if isinstance(value, str) and (key == single or key.startswith(f"{single}_")):
            yield key.removeprefix(single).strip("_"), "", value


def _body(manuscript: Manuscript, item: Item) -> tuple[str, tuple[Removal, ...]]:
    """The longest body in the richest markup. A body with other words is appended; a body with the same words is left out."""
    bodies = [(role, kind, text) for role, kind, text in _values(item, "bodies", "body") if text.strip()]
    if not bodies:
        texts = [(role, text) for role, _, text in _values(item, "descriptions", "description")]
        descriptions = [text for role, text in texts if role not in ("creditline", "writer") and not _is_repeated(item, text)]
        markup = (text if "<" in text and "</" in text else paragraph_markup(text) for text in dict.fromkeys(descriptions))
        rest = [text for role, text in texts if text not in descriptions and role != "creditline"]
        return "".join(markup), tuple(Removal("another description", _text(text)) for text in rest)
    candidates = [
        (_rank(role, kind), _html(manuscript, f"{role} {kind}".lower(), text), f"{role or kind} body")
        for role, kind, text in bodies
    ]
    words_by_body = {html: set(words_of(words(parse(html).article))) for _, html, _ in candidates}
    candidates.sort(
        key=lambda entry: entry[0] if len(words_by_body[entry[1]]) > 0.7 * max(map(len, words_by_body.values())) else -1,
        reverse=True,
    )
    chosen_bodies, removed, known_words = [candidates[0][1]], [], words_by_body[candidates[0][1]]
    for _, html, name in candidates[1:]:
        new_words = words_by_body[html] - known_words
        if len(new_words) > 0.3 * max(1, len(words_by_body[html])):
            chosen_bodies.append(html)
            known_words |= words_by_body[html]
        else:
            removed.append(Removal("the same text once more", f"{name}: {' '.join(sorted(new_words))}"))
    roles = [(role, _text(text)) for role, _, text in _values(item, "descriptions", "description")]
    removed += [Removal("another description", text) for role, text in roles if role != "creditline" and text]
    return "\n".join(chosen_bodies), tuple(removed)


def _is_repeated(item: Item, text: str) -> bool:
    """Whether a description is a part of another, longer description of the item."""
    others = [_text(other) for _, _, other in _values(item, "descriptions", "description")]
    return any(_text(text) != other and _text(text) in other for other in others)


def _rank(role: str, kind: str) -> int:
    return next((rank for name, rank in _BODY_RANKS if name in f"{role} {kind}".lower()), 1)


def _html(manuscript: Manuscript, kind: str, text: str) -> str:
    if "nitf" in kind:
        story = xml_of(manuscript, text)
        manuscript.record(*nitf.removed_from_head(story))
        return nitf.html_of(story)
    if "html" in kind or ("</" in text and "<p" in text):
        import lxml.html

        check_elements(manuscript, text)
        page = parsed_page(text)
        for element in list(page.iter("h1", "figure")):  # the item has the headline and the images in keys of their own
            manuscript.record(removal_of("headline or image, which the item has elsewhere", element))
        for element in list(page.iter("head", "h1", "figure", "script", "style")):
            element.drop_tree()
        body = page.find("body")
        content = page if body is None else body
        return escape(content.text or "", quote=False) + "".join(
            lxml.html.tostring(child, encoding="unicode") for child in content
        )
    return paragraph_markup(text)


def _metadata(item: Item) -> Metadata:
    headlines = list(_values(item, "headlines", "headline"))
    title = next((_text(text) for role, _, text in headlines if role in ("main", "", "text")), "")
    title = (
        title or next((_text(text) for _, _, text in headlines), "") or _text(item.get("title")) or _text(item.get("slugline"))
    )
    authors = tuple(split_names(_text(item.get("byline") or item.get("by"))))
    date = day_of(_text(item.get("firstcreated")) or _text(item.get("versioncreated")) or _text(item.get("contentcreated")))
    rights = _text(item.get("copyrightnotice")) or _text(item.get("copyrightholder"))
    publisher = _text(item.get("copyrightholder"))
    uri = _text(item.get("uri"))
    url = uri if uri.startswith("http") else ""
    has_source = bool(publisher or url)
    return Metadata(
        title=title,
        authors=authors,
        date=date,
        dateline=_text(item.get("located")),
        lang=_text(item.get("language")),
        publisher=publisher,
        rights=" ".join(filter(None, (rights, _text(item.get("usageterms"))))),
        url=url,
        source=Source(publication=publisher, title=title, authors=authors, url=url, date=date) if has_source else Source(),
    )


def _credits(item: Item) -> Iterator[str]:
    if text := _text(item.get("creditline")):
        yield text
    for role, _, text in _values(item, "descriptions", "description"):
        if role == "creditline" and text.strip():
            yield _text(text)


def _images(item: Item) -> Iterator[str]:
    """The item's own image and the associated ones, each in its best rendition. Builds open only files beside the manuscript."""
    for image in [item, *_associations(item)]:
        if not _is_image(image, item) or not (href := _best_rendition(image)):
            continue
        captions = _captions(image)
        caption = captions[0][1] if captions else _text(image.get("headline"))
        creditlines = [_text(text) for role, _, text in _values(image, "descriptions", "description") if role == "creditline"]
        names = dict.fromkeys(filter(None, [_text(image.get("by") or image.get("byline")), *creditlines]))
        credit = " / ".join(names) or _text(image.get("copyrightnotice")) or _text(image.get("copyrightholder"))
        caption = caption if image is not item else ""
        yield figure_markup(href, caption or _text(image.get("headline")) or _text(image.get("title")), caption, credit)


def _associations(item: Item) -> list[Item]:
    """The items that an item is associated with: objects by name (1.x), or a list (2.x, 3.x)."""
    associations = item.get("associations")
    others = associations.values() if isinstance(associations, dict) else associations if isinstance(associations, list) else ()
    return [other for other in others if isinstance(other, dict)]


def _is_image(image: Item, item: Item) -> bool:
    return str(image.get("type", "picture" if image is not item else "")) in ("picture", "graphic")


def _captions(image: Item) -> list[tuple[bool, str]]:
    """The descriptions of an image without markup, those with the role `caption` first."""
    texts = [(role, _text(text)) for role, _, text in _values(image, "descriptions", "description") if "<" not in text]
    return sorted((role != "caption", text) for role, text in texts if role != "creditline")


def _associated_texts(item: Item) -> Iterator[str]:
    """The words of associated items that are not shown: of stories and videos all, of images other captions."""
    for other in _associations(item):
        if _is_image(other, item) and _best_rendition(other):
            yield from (text for _, text in _captions(other)[1:])
            continue
        keys = (("headlines", "headline"), ("descriptions", "description"), ("bodies", "body"))
        texts = [text for plural, single in keys for _, _, text in _values(other, plural, single)]
        markup = " ".join(text if "</" in text else escape(text, quote=False) for text in texts)
        if markup.strip():
            yield words(parse(markup).article)


def _best_rendition(item: Item) -> str:
    renditions = item.get("renditions")
    entries = (
        [{"name": name, **entry} for name, entry in renditions.items() if isinstance(entry, dict)]
        if isinstance(renditions, dict)
        else renditions
        if isinstance(renditions, list)
        else []
    )
    images = [
        entry
        for entry in entries
        if isinstance(entry, dict) and entry.get("href") and "xml" not in str(entry.get("contenttype", ""))
    ]

    def rank(image: Item) -> int:
        name = f"{image.get('name', '')} {image.get('title', '')}".lower()
        return next((index for index, word in enumerate(_RENDITIONS) if word in name), len(_RENDITIONS))

    return str(min(images, key=rank)["href"]) if images else ""

"""IPTC ninjs 1.x, 2.x and 3.x: one item as JSON, or a list of items; its pictures with caption, credit and rights.

The versions differ in letter case (3.x) and in lists where 1.x has `body_xhtml`, `headline`, `byline` (ninjs 2.0 release notes):
keys are read in lower case, and each thing from either place.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from publisher.input.html_elements import words_of
from publisher.input.manuscript import Manuscript
from publisher.input.snippets import figure_markup, json_of, paragraph_markup
from publisher.input.xml import xml_of
from publisher.model.article import Article, Removal
from publisher.model.codes import Code
from publisher.model.markup import parse, words
from publisher.model.metadata import Metadata, Source
from publisher.readers import nitf
from publisher.text.bylines import day_of, split_names

_RANKS = (("nitf", 3), ("html", 2), ("xhtml", 2))
_SHOWN = ("main", "hires", "high", "original", "preview", "small", "thumbnail")  # renditions, the best first
Item = dict[str, Any]


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """An article for each item that holds words. Raises PublisherError where none does, or the JSON is broken."""
    values = json_of(manuscript)
    items = [_lowered(one) for one in (values if isinstance(values, list) else [values]) if isinstance(one, dict)]
    found = tuple(article for item in items if (article := _article(manuscript, item)))
    if not found:
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, "the item holds no words: neither a body nor a description")
    return found


def _lowered(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key).lower(): _lowered(one) for key, one in value.items()}
    return [_lowered(one) for one in value] if isinstance(value, list) else value


def _article(manuscript: Manuscript, item: Item) -> Article | None:
    html, removed = _body(manuscript, item)
    pictures = "".join(_pictures(item))
    if not html and not pictures and not _text(item.get("headline") or item.get("title")):
        return None
    _say_status(manuscript, item)
    credits = "".join(f'<p class="credit">{escape(text)}</p>' for text in _credits(item))
    metadata = _metadata(item)
    others = {_text(text) for _, _, text in _values(item, "headlines", "headline")} - {metadata.title, ""}
    removed += tuple(Removal("another headline", text) for text in sorted(others))
    return Article(metadata, parse(html + pictures + credits), removed=removed)


def _text(value: Any) -> str:
    return " ".join(str(value).split()) if isinstance(value, (str, int, float)) else ""


def _values(item: Item, plural: str, single: str) -> Iterator[tuple[str, str, str]]:
    """Role, content type and text of `plural` (a list of objects, 2.x and 3.x) and of `single`, `single_text` … (1.x)."""
    listed = item.get(plural)
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict) and isinstance(one.get("value"), str):
            yield str(one.get("role", "")), str(one.get("contenttype", "")), one["value"]
    for key, value in item.items():
        if isinstance(value, str) and (key == single or key.startswith(f"{single}_")):
            yield key.removeprefix(single).strip("_"), "", value


def _body(manuscript: Manuscript, item: Item) -> tuple[str, tuple[Removal, ...]]:
    """The fullest body in the richest markup; other bodies of the same words are left out, of other words kept behind it."""
    bodies = [(role, kind, text) for role, kind, text in _values(item, "bodies", "body") if text.strip()]
    if not bodies:
        told = [
            text
            for role, _, text in _values(item, "descriptions", "description")
            if role not in ("creditline", "writer") and not _is_said_again(item, text)
        ]
        return "".join(one if "<" in one and "</" in one else paragraph_markup(one) for one in dict.fromkeys(told)), ()
    made = [
        (_rank(role, kind), _html(manuscript, f"{role} {kind}".lower(), text), f"{role or kind} body")
        for role, kind, text in bodies
    ]
    sizes = {html: set(words_of(words(parse(html).article))) for _, html, _ in made}
    made.sort(key=lambda one: one[0] if len(sizes[one[1]]) > 0.7 * max(map(len, sizes.values())) else -1, reverse=True)
    chosen, removed, known = [made[0][1]], [], sizes[made[0][1]]
    for _, html, name in made[1:]:
        fresh = sizes[html] - known
        if len(fresh) > 0.3 * max(1, len(sizes[html])):
            chosen.append(html)
            known |= sizes[html]
        else:
            removed.append(Removal("the same text once more", f"{name}: {' '.join(sorted(fresh))}"))
    return "\n".join(chosen), tuple(removed)


def _is_said_again(item: Item, text: str) -> bool:
    """Whether a description only says once more what another one of the item says in more words."""
    others = [_text(other) for _, _, other in _values(item, "descriptions", "description")]
    return any(_text(text) != other and _text(text) in other for other in others)


def _rank(role: str, kind: str) -> int:
    return next((rank for name, rank in _RANKS if name in f"{role} {kind}".lower()), 1)


def _html(manuscript: Manuscript, kind: str, text: str) -> str:
    if "nitf" in kind:
        return nitf.html_of(xml_of(manuscript, text))
    if "html" in kind or ("</" in text and "<p" in text):
        import lxml.html

        page = lxml.html.document_fromstring(text)
        for apparatus in list(page.iter("head", "h1", "figure", "script", "style")):
            apparatus.drop_tree()  # the headline and the pictures are given beside the body
        body = page.find("body")
        found = page if body is None else body
        return escape(found.text or "", quote=False) + "".join(lxml.html.tostring(one, encoding="unicode") for one in found)
    return paragraph_markup(text)


def _metadata(item: Item) -> Metadata:
    headlines = list(_values(item, "headlines", "headline"))
    title = next((_text(text) for role, _, text in headlines if role in ("main", "", "text")), "")
    title = (
        title or next((_text(text) for _, _, text in headlines), "") or _text(item.get("title")) or _text(item.get("slugline"))
    )
    authors = tuple(split_names(_text(item.get("byline") or item.get("by"))))
    written = day_of(_text(item.get("firstcreated")) or _text(item.get("versioncreated")) or _text(item.get("contentcreated")))
    rights = _text(item.get("copyrightnotice")) or _text(item.get("copyrightholder"))
    publisher = _text(item.get("copyrightholder"))
    uri = _text(item.get("uri"))
    url = uri if uri.startswith("http") else ""
    known = bool(publisher or url)
    return Metadata(
        title=title,
        authors=authors,
        date=written,
        dateline=_text(item.get("located")),
        lang=_text(item.get("language")),
        publisher=publisher,
        rights=" ".join(filter(None, (rights, _text(item.get("usageterms"))))),
        url=url,
        source=Source(publication=publisher, title=title, authors=authors, url=url, date=written) if known else Source(),
    )


def _credits(item: Item) -> Iterator[str]:
    for key in ("ednote", "creditline"):
        if text := _text(item.get(key)):
            yield text
    for role, _, text in _values(item, "descriptions", "description"):
        if role == "creditline" and text.strip():
            yield _text(text)


def _pictures(item: Item) -> Iterator[str]:
    """The item's own picture, and those associated with it, each by its best rendition; builds open what is beside them."""
    associated = item.get("associations")
    others = list(associated.values()) if isinstance(associated, dict) else associated if isinstance(associated, list) else []
    for one in [item, *(other for other in others if isinstance(other, dict))]:
        kind = str(one.get("type", "picture" if one is not item else ""))
        if kind not in ("picture", "graphic") or not (href := _rendition(one)):
            continue
        told = [(role, _text(text)) for role, _, text in _values(one, "descriptions", "description") if "<" not in text]
        captions = sorted((role != "caption", text) for role, text in told if role != "creditline")  # what is called so first
        caption = captions[0][1] if captions else _text(one.get("headline"))
        credit = (
            _text(one.get("by") or one.get("byline")) or _text(one.get("copyrightnotice")) or _text(one.get("copyrightholder"))
        )
        caption = caption if one is not item else ""
        yield figure_markup(href, caption or _text(one.get("headline")) or _text(one.get("title")), caption, credit)


def _rendition(item: Item) -> str:
    listed = item.get("renditions")
    some = (
        [{"name": name, **one} for name, one in listed.items() if isinstance(one, dict)] if isinstance(listed, dict) else listed
    )
    shown = [
        one for one in some or [] if isinstance(one, dict) and one.get("href") and "xml" not in str(one.get("contenttype", ""))
    ]

    def order(one: Item) -> int:
        name = f"{one.get('name', '')} {one.get('title', '')}".lower()
        return next((index for index, word in enumerate(_SHOWN) if word in name), len(_SHOWN))

    return str(min(shown, key=order)["href"]) if shown else ""


def _say_status(manuscript: Manuscript, item: Item) -> None:
    status, embargo = _text(item.get("pubstatus")).lower(), _text(item.get("embargoed") or item.get("embargoedfrom"))
    if status and status != "usable":
        hint = "take it out of the edition unless the agency has said otherwise"
        manuscript.report(Code.NOT_USABLE, f"the agency says of this item: {status}", hint=hint)
    if embargo:
        manuscript.report(Code.EMBARGO, f"embargoed until {embargo}", hint="publish it no sooner")

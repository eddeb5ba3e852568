"""The fields of one entry of BibTeX or BibLaTeX as an item of CSL-JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from publisher.input.libraries.bibtex_fields import (
    DATES,
    EDITOR_TYPES,
    EPRINTS,
    GENRES,
    LANGUAGES,
    NAMES,
    SUBTYPES,
    TEXTS,
    TYPES,
    VERBATIM,
)
from publisher.input.libraries.bibtex_names import names_of
from publisher.input.libraries.dates import date_of, month_of
from publisher.input.libraries.latex import text_of, verbatim
from publisher.input.libraries.title_case import sentence_case
from publisher.model.libraries import plain

_PAGE_RANGE = re.compile(r"\s*(?:-{1,3}|–|—)\s*")
_CONTAINED = ("chapter", "paper-conference", "entry-encyclopedia")


def item_of(kind: str, values: Mapping[str, str]) -> dict[str, Any]:
    """The item of an entry of that type, without its key."""
    csl_type = _type_of(kind, values)
    item: dict[str, Any] = {"type": csl_type}
    for name, keys in TEXTS.items():
        item[name] = next((text_of(values[key]) for key in keys if values.get(key)), "")
    for name, keys in VERBATIM.items():
        item[name] = next((verbatim(values[key]) for key in keys if values.get(key)), "")
    has_prefix = values.get("options", "").replace(" ", "").find("useprefix=true") >= 0 or values.get("useprefix") == "true"
    for name, key in NAMES.items():
        item[name] = names_of(values.get(key, ""), has_prefix)
    for name, key in DATES.items():
        item[name] = date_of(values.get(key, ""))
    item["issued"] = _issued(values)
    item["language"] = LANGUAGES.get(item["language"].lower(), item["language"])
    _set_titles(item, kind, values)
    _set_numbers(item, kind, values)
    _set_editors(item, values, has_prefix)
    _set_eprint(item, values)
    return item


def _type_of(kind: str, values: Mapping[str, str]) -> str:
    subtype = SUBTYPES.get((kind, values.get("entrysubtype", "").lower()))
    if not subtype and kind == "misc" and values.get("url") and not (values.get("publisher") or values.get("howpublished")):
        return "webpage"
    return subtype or TYPES.get(kind, "document")


def _issued(values: Mapping[str, str]) -> dict[str, Any]:
    if values.get("date"):
        return date_of(values["date"])
    year = text_of(values.get("year", ""))
    month = month_of(text_of(values.get("month", "")))
    day = text_of(values.get("day", ""))
    if not re.fullmatch(r"-?\d{1,6}", year) or not month:
        return date_of(year)
    return date_of(f"{year}-{month}-{day}" if day.isascii() and day.isdigit() else f"{year}-{month}")


def _set_titles(item: dict[str, Any], kind: str, values: Mapping[str, str]) -> None:
    """Titles: with subtitles, of the whole work, of the series. Of English ones only what is in braces keeps its capitals."""
    language = str(item["language"])
    item["title"] = _title(values, "title", "subtitle", "titleaddon", language)
    item["title-short"] = item.get("title-short") or _main_title(values, language)
    container = (
        _title(values, "journaltitle", "journalsubtitle", "", "as it is")
        or text_of(values.get("journal", ""))
        or _title(values, "booktitle", "booksubtitle", "booktitleaddon", language)
    )
    is_web = item["type"] in ("webpage", "post-weblog")
    item["container-title"] = container or (text_of(values.get("organization", "")) if is_web else "")
    item["container-title-short"] = text_of(values.get("shortjournal", ""))
    item["volume-title"] = ""
    main = _title(values, "maintitle", "mainsubtitle", "", language)
    if main and item["type"] in _CONTAINED:
        item["volume-title"], item["container-title"] = item["container-title"], main
    elif main:
        item["volume-title"], item["title"] = item["title"], main
    item["collection-title"] = text_of(values.get("series", ""), protects_case=True)
    if kind in ("misc", "booklet", "unpublished") and values.get("howpublished"):
        _set_how_published(item, values["howpublished"])


def _set_how_published(item: dict[str, Any], value: str) -> None:
    address = re.search(r"https?://[^\s{}\\]+", value)
    if address and not item["URL"]:
        item["URL"] = address[0]
        item["type"] = "webpage" if item["type"] == "document" else item["type"]
    elif not address:
        item["publisher"] = item["publisher"] or text_of(value)


def _title(values: Mapping[str, str], title: str, subtitle: str, addition: str, language: str) -> str:
    """A title with its subtitle and addition; an English one, or one whose language is not known, in the case of a sentence."""
    parts = [text_of(values.get(name, ""), protects_case=True) for name in (title, subtitle)]
    if not language or language.startswith("en"):
        parts = [sentence_case(part) for part in parts]
    return _joined_title(parts, values, addition)


def typed_title(values: Mapping[str, str], item: Mapping[str, Any]) -> str:
    """The title of an item in the case in which it was typed; empty if the item has it so, or has another title."""
    typed = _joined_title([text_of(values.get(name, "")) for name in ("title", "subtitle")], values, "titleaddon")
    titles = plain(typed), plain(item["title"])
    return typed if titles[0] != titles[1] and titles[0].casefold() == titles[1].casefold() else ""


def _joined_title(parts: Sequence[str], values: Mapping[str, str], addition: str) -> str:
    main, sub = parts
    joined = f"{main}{' ' if main.endswith(('?', '!', ':')) else ': '}{sub}" if main and sub else main or sub
    rest = text_of(values.get(addition, ""), protects_case=True) if addition else ""
    return f"{joined}. {rest}" if joined and rest else joined


def _main_title(values: Mapping[str, str], language: str) -> str:
    """The title before its subtitle, by which styles name a work again; empty if the title has no subtitle."""
    main, colon, _ = _title(values, "title", "", "", language).partition(": ")
    is_whole = not colon and not values.get("subtitle")
    return "" if is_whole or main.count("<span") != main.count("</span") else main


def _set_numbers(item: dict[str, Any], kind: str, values: Mapping[str, str]) -> None:
    """Pages with an en dash; `number`, which is an issue, a number in a series, or that of a report."""
    pages = text_of(values.get("pages", ""))
    item["page"] = _PAGE_RANGE.sub("–", pages) if pages else text_of(values.get("eid", ""))
    number = text_of(values.get("number", ""))
    if item["type"].startswith("article"):
        item["issue"] = number or item["issue"]
    elif values.get("series"):
        item["collection-number"] = number
    else:
        item["number"] = number
    genre = text_of(values.get("type", "")) or (kind if kind in GENRES else "")
    item["genre"] = GENRES.get(genre.lower(), genre)
    item["medium"] = text_of(values.get("howpublished", "")) if item["type"] in ("song", "motion_picture") else ""


def _set_editors(item: dict[str, Any], values: Mapping[str, str], has_prefix: bool) -> None:
    """Editors of another kind (`editortype`), and the second to fourth group of editors."""
    for suffix in ("", "a", "b", "c"):
        kind = EDITOR_TYPES.get(values.get(f"editor{suffix}type", "").lower(), "editor")
        names = names_of(values.get(f"editor{suffix}", ""), has_prefix)
        if suffix:
            item[kind] = [*item.get(kind, []), *names]
        elif kind != "editor":
            item["editor"], item[kind] = [], [*item.get(kind, []), *names]
    if item["type"] == "book" and not item["author"] and values.get("bookauthor"):
        item["author"] = item["container-author"]


def _set_eprint(item: dict[str, Any], values: Mapping[str, str]) -> None:
    """A preprint is known by its number in an archive."""
    eprint, kind = verbatim(values.get("eprint", "")), values.get("eprinttype", values.get("archiveprefix", "")).lower()
    if eprint and kind in EPRINTS:
        item["URL"] = item["URL"] or EPRINTS[kind].format(eprint)
        item["number"] = item["number"] or f"{'arXiv:' if kind == 'arxiv' else ''}{eprint}"
        item["archive"] = ""

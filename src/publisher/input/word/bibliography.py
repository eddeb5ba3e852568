"""The sources that Word keeps in a document (ECMA-376, part 1, 22.6) as entries of a library."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from publisher.input.archives import Archive
from publisher.input.libraries.dates import date_of, month_of
from publisher.input.libraries.entries import entry_of
from publisher.input.manuscript import Manuscript
from publisher.input.xml import children_named, first_child, local_name, text_at, xml_of
from publisher.model.libraries import LibraryEntry

_NAMESPACE = b"officeDocument/2006/bibliography"
_STRICT_NAMESPACE = b"ooxml/officeDocument/bibliography"
# fmt: off
_TYPES = {
    "Book": "book", "BookSection": "chapter", "JournalArticle": "article-journal", "ArticleInAPeriodical": "article-magazine",
    "ConferenceProceedings": "paper-conference", "Report": "report", "InternetSite": "webpage",
    "DocumentFromInternetSite": "webpage",
    "ElectronicSource": "document", "Art": "graphic", "SoundRecording": "song", "Performance": "performance",
    "Film": "motion_picture",
    "Interview": "interview", "Patent": "patent", "Case": "legal_case",
}
_TEXTS = {
    "title": ("Title",), "title-short": ("ShortTitle",), "publisher": ("Publisher", "Institution", "ProductionCompany"),
    "publisher-place": ("City",), "volume": ("Volume",), "issue": ("Issue",), "page": ("Pages",), "edition": ("Edition",),
    "container-title": ("JournalName", "PeriodicalTitle", "BookTitle", "InternetSiteTitle", "PublicationTitle", "ConferenceName"),
    "URL": ("URL",), "DOI": ("DOI",), "chapter-number": ("ChapterNumber",), "genre": ("ThesisType",), "note": ("Comments",),
    "number": ("PatentNumber", "CaseNumber"), "medium": ("Medium",), "number-of-volumes": ("NumberVolumes",),
    "version": ("Version",),
}
_NAMES = {
    "author": ("Author", "Artist", "Inventor", "Interviewee", "Performer"), "editor": ("Editor",), "translator": ("Translator",),
    "container-author": ("BookAuthor",), "director": ("Director",), "composer": ("Composer",), "interviewer": ("Interviewer",),
}
# fmt: on


def read_bibliography(manuscript: Manuscript, archive: Archive) -> list[LibraryEntry]:
    """The entries of all lists of sources in a document, by their tags."""
    return [
        entry_of(text_at(source, "Tag"), _item(source), manuscript.label)
        for source in _sources(manuscript, archive)
        if text_at(source, "Tag")
    ]


def _sources(manuscript: Manuscript, archive: Archive) -> Iterator[Any]:
    for name in archive.names:
        if name.startswith("customXml/item") and "Props" not in name:
            data = archive.read(name)
            if _NAMESPACE in data or _STRICT_NAMESPACE in data:
                root = xml_of(manuscript, data)
                yield from children_named(root, "Source") if local_name(root) == "Sources" else ()


def _item(source: Any) -> dict[str, Any]:
    item: dict[str, Any] = {"type": _TYPES.get(text_at(source, "SourceType"), "document")}
    for name, keys in _TEXTS.items():
        item[name] = next((text for key in keys if (text := text_at(source, key))), "")
    for name, keys in _NAMES.items():
        item[name] = next((names for key in keys if (names := _names(first_child(source, "Author", key)))), [])
    item["page"] = item["page"].replace("-", "–")
    number = text_at(source, "StandardNumber")
    item["ISBN" if item["type"] in ("book", "chapter") else "number"] = number or item["number"]
    item["issued"] = _date(source, "")
    item["accessed"] = _date(source, "Accessed")
    return item


def _names(holder: Any) -> list[dict[str, str]]:
    """The persons of a role, or the organization."""
    corporate = text_at(holder, "Corporate") if holder is not None else ""
    if corporate:
        return [{"literal": corporate}]
    persons = children_named(first_child(holder, "NameList"), "Person") if holder is not None else []
    names = (
        {"family": text_at(person, "Last"), "given": f"{text_at(person, 'First')} {text_at(person, 'Middle')}".strip()}
        for person in persons
    )
    return [{key: text for key, text in name.items() if text} for name in names if any(name.values())]


def _date(source: Any, suffix: str) -> dict[str, Any]:
    year = text_at(source, f"Year{suffix}")
    month = month_of(text_at(source, f"Month{suffix}"))
    day = text_at(source, f"Day{suffix}")
    return date_of("-".join([year, *([month] if month else []), *([day.zfill(2)] if month and day.isdigit() else [])]))

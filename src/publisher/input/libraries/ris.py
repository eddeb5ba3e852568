"""RIS: records between `TY` and `ER` become items of CSL-JSON. A record that cannot be read costs that record."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

from publisher.input.libraries.dates import date_of
from publisher.input.libraries.entries import LibraryFile, entry_of
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError

_START = re.compile(r"^\s*TY  ?- ?", re.MULTILINE)
_END = re.compile(r"^\s*ER  ?-", re.MULTILINE)
# fmt: off
_TYPES = {
    "JOUR": "article-journal", "EJOUR": "article-journal", "JFULL": "article-journal", "ABST": "article-journal",
    "INPR": "article-journal",
    "MGZN": "article-magazine", "NEWS": "article-newspaper", "BOOK": "book", "EBOOK": "book", "EDBOOK": "book", "CHAP": "chapter",
    "ECHAP": "chapter", "CONF": "paper-conference", "CPAPER": "paper-conference", "RPRT": "report", "GOVDOC": "report",
    "THES": "thesis",
    "ELEC": "webpage", "ICOMM": "webpage", "BLOG": "post-weblog", "UNPB": "manuscript", "MANSCPT": "manuscript",
    "PCOMM": "personal_communication", "MAP": "map", "DATA": "dataset", "AGGR": "dataset", "COMP": "software", "PAT": "patent",
    "STAND": "standard",
    "CASE": "legal_case", "STAT": "legislation", "BILL": "bill", "HEAR": "hearing", "LEGAL": "legislation",
    "DICT": "entry-dictionary",
    "ENCYC": "entry-encyclopedia", "VIDEO": "motion_picture", "MPCT": "motion_picture", "SOUND": "song", "MUSIC": "musical_score",
    "ART": "graphic", "FIGURE": "figure", "SLIDE": "speech", "PAMP": "pamphlet", "CLSWK": "classic", "SER": "periodical",
}
_TEXTS = {
    "title": ("title", "primary_title", "CT", "BT"), "title-short": ("short_title",), "publisher": ("publisher",),
    "publisher-place": ("place_published",), "volume": ("volume",), "edition": ("edition",),
    "abstract": ("abstract", "notes_abstract"),
    "language": ("language",), "DOI": ("doi",), "container-title-short": ("alternate_title1", "alternate_title2"),
    "collection-title": ("tertiary_title",), "call-number": ("call_number",), "archive": ("name_of_database",),
    "genre": ("type_of_work",),
    "section": (), "number-of-volumes": ("number_of_volumes",),
    "container-title": ("secondary_title", "journal_name", "alternate_title3", "alternate_title2"),
}
_NAMES = {"author": ("authors", "first_authors"), "translator": ("subsidiary_authors",)}
# fmt: on
_ARTICLES = ("article-journal", "article-magazine", "article-newspaper")


def read(text: str, file: str) -> LibraryFile:
    """The records of a file. Raises PublisherError if it has none."""
    entries, diagnostics = [], []
    for line, record in _records(text):
        key, item = _item(record)
        place = Location(file, line)
        if not _END.search(record):
            diagnostics.append(
                Diagnostic(Code.LIBRARY_ENTRY, f"the record {key or 'here'} has no end", place, "end it with ER  -")
            )
        if not item:
            message = "a record is left out: it cannot be read"
            diagnostics.append(
                Diagnostic(Code.LIBRARY_ENTRY, message, place, "each line is a tag, two spaces, a hyphen and a value")
            )
        elif not key:
            message = "a record is left out: it has no key"
            diagnostics.append(Diagnostic(Code.LIBRARY_ENTRY, message, place, "add a line ID  - key"))
        else:
            entries.append(entry_of(key, item, file, line))
    if not entries:
        found = diagnostics or [Diagnostic(Code.LIBRARY, "not RIS: it has no record", Location(file, 1))]
        raise PublisherError(*(Diagnostic(Code.LIBRARY, problem.message, problem.location, _HINT) for problem in found))
    return LibraryFile(tuple(entries), tuple(diagnostics))


_HINT = "a record begins with TY  - JOUR, has its key in ID  - key, and ends with ER  -"


def _records(text: str) -> Iterator[tuple[int, str]]:
    """Each record with its first line."""
    starts = [match.start() + len(match[0]) - len(match[0].lstrip()) for match in _START.finditer(text)]
    line, before = 1, 0
    for start, end in itertools.pairwise([*starts, len(text)]):
        line += text.count("\n", before, start)
        before = start
        yield line, text[start:end]


def _item(record: str) -> tuple[str, dict[str, Any]]:
    """The key and the item of a record; the item is empty if nothing can be read."""
    import rispy

    source = record if _END.search(record) else f"{record.rstrip()}\nER  - \n"
    try:
        parsed = rispy.loads(source)
    except (rispy.parser.ParseError, OSError, ValueError, KeyError):
        return "", {}
    if not parsed:
        return "", {}
    values = parsed[0]
    kind = _TYPES.get(values.get("type_of_reference", ""), "document")
    item: dict[str, Any] = {"type": kind}
    for name, keys in _TEXTS.items():
        item[name] = next((str(values[key]) for key in keys if values.get(key)), "")
    for name, keys in _NAMES.items():
        item[name] = [_name(person) for key in keys for person in _list(values.get(key))]
    item["editor"] = [_name(person) for key in ("secondary_authors", "tertiary_authors") for person in _list(values.get(key))]
    item["issued"] = _date(values.get("date") or values.get("year") or values.get("publication_year") or "")
    item["accessed"] = _date(values.get("access_date") or "")
    item["URL"] = next(iter(_list(values.get("urls"))), "")
    item["note"] = " ".join(_list(values.get("notes")))
    first, last = values.get("start_page", ""), values.get("end_page", "")
    item["page"] = f"{first}–{last}" if first and last and first != last else first
    item["issue" if kind in _ARTICLES else "number"] = values.get("number", "")
    item["ISBN" if kind in ("book", "chapter") else "ISSN"] = values.get("issn", "")
    return str(values.get("id") or values.get("label") or ""), item


def _list(value: Any) -> list[str]:
    return [str(part) for part in value] if isinstance(value, list) else [str(value)] if value else []


def _name(name: str) -> dict[str, str]:
    """`Family, Given, Suffix`; a name without a comma is one of an organization."""
    family, *rest = (part.strip() for part in name.split(","))
    if not rest:
        return {"literal": family}
    return {"family": family, **dict(zip(("given", "suffix"), rest, strict=False))}


def _date(value: str) -> dict[str, Any]:
    """`2020/05/12/` or `2020-05-12`; what stands behind the third stroke is a season or another word."""
    parts = [part.strip() for part in str(value).split("/")]
    if len(parts) > 1 and parts[0].isdigit():
        return date_of("-".join(filter(None, parts[:3])))
    return date_of(str(value))

"""Sources for other programs: CSL-JSON, BibLaTeX, RIS and CSV. Each is made from items of CSL-JSON (CSL 1.0.2, appendix III)."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from publisher.model.libraries import plain
from publisher.model.sources import Source
from publisher.text.citations import csl_item

Item = Mapping[str, Any]

# Types of CSL, of BibLaTeX (manual, 2.1) and of RIS (specification of 2011); other types are the last line's.
_TYPES = {
    "article-newspaper": ("article", "NEWS"),
    "article-magazine": ("article", "MGZN"),
    "article-journal": ("article", "JOUR"),
    "book": ("book", "BOOK"),
    "chapter": ("incollection", "CHAP"),
    "paper-conference": ("inproceedings", "CPAPER"),
    "report": ("report", "RPRT"),
    "thesis": ("thesis", "THES"),
    "legislation": ("legislation", "STAT"),
    "webpage": ("online", "ELEC"),
    "": ("misc", "GEN"),
}
_BIBLATEX_FIELDS = {
    "title": "title",
    "volume": "volume",
    "issue": "number",
    "page": "pages",
    "publisher": "publisher",
    "publisher-place": "location",
    "edition": "edition",
    "ISBN": "isbn",
    "ISSN": "issn",
    "note": "note",
    "language": "langid",
}
_CONTAINERS = {"article": "journaltitle", "incollection": "booktitle", "inproceedings": "booktitle", "online": "organization"}
_RIS_FIELDS = {
    "title": "title",
    "container-title": "secondary_title",
    "volume": "volume",
    "issue": "number",
    "publisher": "publisher",
    "publisher-place": "place_published",
    "DOI": "doi",
    "edition": "edition",
    "language": "language",
}
_VERBATIM = {"url", "doi", "urldate", "date", "langid"}  # fields of BibLaTeX that are no text
_ESCAPES = {char: f"\\{char}" for char in "&%$#_{}"}
_ESCAPES |= {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}
_MARKUP = re.compile(r"(</?(?:i|b|sup|sub|sc|span)(?:\s[^<>]*)?>)")  # of texts in CSL
_COMMANDS = {
    "i": r"\emph{", "b": r"\textbf{", "sup": r"\textsuperscript{", "sub": r"\textsubscript{", "sc": r"\textsc{", "span": "{",
}  # fmt: skip
_COLUMNS = (
    "identifier", "key", "authors", "title", "publication", "date", "url", "doi", "accessed", "archived", "archived_date",
    "license", "descriptor", "credibility", "ai_use", "citation",
)  # fmt: skip


def csl_json(sources: Sequence[Source]) -> str:
    """The sources as an array of CSL-JSON."""
    return json.dumps([csl_item(source) for source in sources], ensure_ascii=False, indent=1) + "\n"


def bibtex(sources: Sequence[Source]) -> str:
    """The sources as entries of BibLaTeX, which BibTeX programs read too; the keys are the library's, else our identifiers.

    A key that libraries of two manuscripts give to two works gets a number.
    """
    from bibtexparser.entrypoint import write_string
    from bibtexparser.library import Library
    from bibtexparser.model import Block, Entry, Field

    entries: list[Block] = []
    used = Counter[str]()
    for source in sources:
        item = csl_item(source)
        kind = _TYPES.get(item.get("type", ""), _TYPES[""])[0]
        fields = [Field(name, text) for name, text in _biblatex_fields(item, kind).items()]
        key = source.key or source.identifier
        used[key] += 1
        while used[key] > 1:
            key = f"{key}-{used[key]}"
            used[key] += 1
        entries.append(Entry(kind, key, fields))
    return write_string(Library(entries))


def _biblatex_fields(item: Item, kind: str) -> dict[str, str]:
    values = {role: " and ".join(map(_biblatex_name, item.get(role, ()))) for role in ("author", "editor", "translator")}
    values |= {field: str(item.get(name, "")) for name, field in _BIBLATEX_FIELDS.items()}
    values[_CONTAINERS.get(kind, "maintitle")] = str(item.get("container-title", ""))
    issued = item.get("issued") or {}
    values |= {"date": _date(issued), "year": "" if _date(issued) else _words(issued)}
    values |= {"url": item.get("URL", ""), "urldate": _date(item.get("accessed") or {})}
    values["doi"] = item.get("DOI", "")
    names = ("author", "editor", "translator")
    return {
        field: text if field in _VERBATIM or field in names else _escaped(text) if field != "title" else f"{{{_escaped(text)}}}"
        for field, text in values.items()
        if text
    }


def _biblatex_name(name: Item) -> str:
    if "literal" in name:
        return f"{{{_escaped(str(name['literal']))}}}"
    return ", ".join(_escaped(part) for part in (_family(name), name.get("suffix", ""), name.get("given", "")) if part)


def _family(name: Item) -> str:
    """A family name with its particles."""
    parts = ("dropping-particle", "non-dropping-particle", "family")
    return " ".join(str(name[part]) for part in parts if name.get(part))


def _escaped(text: str) -> str:
    """A text of CSL, which may have markup, in the notation of TeX."""
    pieces = _MARKUP.split(text)
    if not _match_up(pieces[1::2]):
        pieces = [plain(text)]
    return "".join(_command(piece) if place % 2 else _characters(piece) for place, piece in enumerate(pieces))


def _match_up(tags: Iterable[str]) -> bool:
    """Whether each tag that opens an element is closed by a tag of the same name, in order."""
    opened: list[str] = []
    for tag in tags:
        name = tag.strip("</>").split()[0]
        if not tag.startswith("</"):
            opened.append(name)
        elif not opened or opened.pop() != name:
            return False
    return not opened


def _command(tag: str) -> str:
    return "}" if tag.startswith("</") else _COMMANDS[tag.strip("<>").split()[0]]


def _characters(text: str) -> str:
    return "".join(_ESCAPES.get(char, char) for char in text)


def ris(sources: Sequence[Source]) -> str:
    """The sources as records of RIS."""
    import rispy

    class Writer(rispy.RisWriter):  # type: ignore[misc]
        """Records without the numbers between them, which are no RIS and which other programs refuse."""

        def set_header(self, count: int) -> str:
            return ""

    return str(rispy.dumps([_ris_record(source) for source in sources], implementation=Writer)).lstrip("\n")


def _ris_record(source: Source) -> dict[str, Any]:
    item = csl_item(source)
    record: dict[str, Any] = {"type_of_reference": _TYPES.get(item.get("type", ""), _TYPES[""])[1]}
    record["id"] = source.key or source.identifier
    record |= {field: plain(item[name]) for name, field in _RIS_FIELDS.items() if item.get(name)}
    record |= {field: list(map(_ris_name, item[role])) for role, field in _RIS_ROLES.items() if item.get(role)}
    issued = item.get("issued") or {}
    if day := _day(issued):
        record |= {"year": day[:4], "date": day.replace("-", "/")}
    elif words := _words(issued):
        record["year"] = words
    if accessed := _day(item.get("accessed") or {}):
        record["access_date"] = accessed.replace("-", "/")
    if number := item.get("ISBN") or item.get("ISSN"):
        record["issn"] = number
    if page := str(item.get("page", "")):
        first, _, last = page.replace("–", "-").partition("-")
        record |= {"start_page": first.strip(), **({"end_page": last.strip(" -")} if last else {})}
    if item.get("URL"):
        record["urls"] = [item["URL"]]
    return record


_RIS_ROLES = {"author": "authors", "editor": "secondary_authors"}


def _ris_name(name: Item) -> str:
    if "literal" in name:
        return str(name["literal"])
    return ", ".join(part for part in (_family(name), name.get("given", ""), name.get("suffix", "")) if part)


def _day(date: Item) -> str:
    """The first day of a date of CSL-JSON in ISO form, as exact as it is known; empty if it is in words."""
    return next(iter(_days(date)), "")


def _days(date: Item) -> list[str]:
    """The days of a date, of a range both, in ISO form (ISO 8601-1, 5.2.2: years have four digits)."""
    rows = ([int(part or 0) for part in row] for row in date.get("date-parts") or () if row and row[0])
    known = ((row[0], [part for place, part in enumerate(row[1:], 2) if all(row[1:place])]) for row in rows)
    return ["-".join([f"{'-' * (year < 0)}{abs(year):04d}", *(f"{part:02d}" for part in rest)]) for year, rest in known]


def _date(date: Item) -> str:
    """A date in EDTF, as BibLaTeX has it: `2019-05/2019-07`, `1850~`, `2020-21` (spring); empty if it is in words."""
    days = _days(date)
    season = str(date.get("season") or "")
    if len(days) == 1 and len(days[0]) == 4 and season in ("1", "2", "3", "4"):
        days = [f"{days[0]}-2{season}"]
    return "/".join(days) + "~" * (bool(days) and bool(date.get("circa")))


def _words(date: Item) -> str:
    """What a date in words says, such as "c. 1850"."""
    return str(date.get("literal") or date.get("raw") or "")


def as_csv(sources: Sequence[Source]) -> str:
    """The sources as a table with a header line (RFC 4180); several authors are parted by semicolons."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for source in sources:
        issued = csl_item(source).get("issued") or {}
        values = {name: getattr(source, name) for name in _COLUMNS} | {"date": _date(issued) or _words(issued)}
        writer.writerow([_cell(value) for value in values.values()])
    return buffer.getvalue()


def _cell(value: Any) -> str:
    text = "; ".join(value) if isinstance(value, tuple) else str(value or "")
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text  # a spreadsheet would take it for a formula


EXPORTS: dict[str, Callable[[Sequence[Source]], str]] = {"csl-json": csl_json, "bibtex": bibtex, "ris": ris, "csv": as_csv}


def export(sources: Iterable[Source], form: str) -> str:
    """The sources in one of EXPORTS. Raises KeyError."""
    return EXPORTS[form](list(sources))

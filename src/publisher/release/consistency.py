"""Whether a release agrees with itself: release.json with its schema, with the outputs, and the outputs with each other.

It finds what was changed together with the hashes. Nothing is built, and no checker of others runs again: our own rules do.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import jsonschema

from publisher import __version__
from publisher.build.history import RECORD
from publisher.checks.validate import CHECKERS, NAMES, OWN_RULES, validate
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError, errors
from publisher.model.edition import Entry
from publisher.model.metadata import Metadata
from publisher.release.accompanying import BILL, ENVELOPE, PROVENANCE, SOURCES, SUMS, provenance_of
from publisher.release.comparable import COMPARABLE, EPUB
from publisher.release.contents import BookContents, Contents, PdfContents, contents_of
from publisher.release.envelope import payload_of
from publisher.release.provenance import statement
from publisher.release.record import FORMAT, schema
from publisher.release.thumbnail import NAME as COVER
from publisher.release.thumbnail import thumbnail
from publisher.store.fingerprints import distributions
from publisher.store.regular_files import read_regular
from publisher.writers.epub.book_parity import book_diagnostics
from publisher.writers.formats import checker_for

_LARGEST = 4_000_000_000  # bytes
_IMAGING = ("pillow", "pypdfium2")  # they draw the cover
_HINT = "the release was changed together with its hashes, or is not of publisher: get it again"
Record = Mapping[str, Any]


@dataclass(frozen=True)
class Release:
    """A release as its files are: its record, its hashes by SHA256SUMS, and the contents of its PDFs and EPUBs by name."""

    folder: Path
    record: Record
    hashes: Mapping[str, str]
    contents: Mapping[str, Contents]

    def differs(self, message: str, name: str = RECORD, code: Code = Code.RECORD_DIFFERS) -> Diagnostic:
        return Diagnostic(code, message, Location(str(self.folder / name)), _HINT)

    @property
    def pdfs(self) -> dict[str, PdfContents]:
        return {name: contents for name, contents in self.contents.items() if isinstance(contents, PdfContents)}

    @property
    def books(self) -> dict[str, BookContents]:
        return {name: contents for name, contents in self.contents.items() if isinstance(contents, BookContents)}


def read_record(folder: Path) -> Record:
    """The record of a release. Raises PublisherError where it is not valid: with every fault, each with its place in it."""
    place = Location(str(folder / RECORD))
    try:
        values = json.loads(read_regular(folder / RECORD, _LARGEST))
    except (OSError, ValueError, RecursionError) as problem:
        message = f"{RECORD} cannot be read: {getattr(problem, 'strerror', None) or problem}"
        raise PublisherError(Diagnostic(Code.RECORD_DIFFERS, message, place, _HINT)) from None
    if isinstance(values, dict) and values.get("format") not in (FORMAT, None):
        message = f"{RECORD} has the format {values['format']}, and this version of publisher knows format {FORMAT} alone"
        raise PublisherError(Diagnostic(Code.RECORD_DIFFERS, message, place, "install a newer version of publisher"))
    faults = sorted(jsonschema.Draft202012Validator(schema()).iter_errors(values), key=lambda fault: fault.json_path)
    if faults:
        found = (f"{RECORD} is not valid at {fault.json_path}: {_shortened(fault.message)}" for fault in faults)
        raise PublisherError(*(Diagnostic(Code.RECORD_DIFFERS, message, place, _HINT) for message in found))
    record: Record = values
    return record


def _shortened(text: str) -> str:
    return text if len(text) <= 160 else f"{text[:160]}…"


def consistency(folder: Path, record: Record, hashes: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Everything in which a release disagrees with itself. `hashes` are those of its files by their names."""
    contents, unread = dict[str, Contents](), list[Diagnostic]()
    for name in (row["path"] for row in record["outputs"]):
        try:
            if name in hashes and Path(name).suffix.lower() in COMPARABLE:
                contents[name] = contents_of(folder / name)
        except PublisherError as problem:
            unread += problem.diagnostics
    yield from unread
    release = Release(folder, record, hashes, contents)
    for check in _CHECKS:
        yield from check(release)


def _outputs(release: Release) -> Iterator[Diagnostic]:
    """Hashes and sizes of the outputs; and no output that the record does not know."""
    rows = {row["path"]: row for row in release.record["outputs"]}
    for name, row in rows.items():
        if name not in release.hashes:
            yield release.differs(f"{RECORD} has the output {name}, which {SUMS} does not list")
            continue
        if row["sha256"] != release.hashes[name]:
            yield release.differs(f"{RECORD} has another hash of {name} than {SUMS}")
        size = (release.folder / name).stat().st_size
        if row["bytes"] != size:
            yield release.differs(f"{RECORD} says {row['bytes']} bytes, and {name} has {size}")
    for name in release.hashes:
        if Path(name).suffix.lower() in COMPARABLE and name not in rows:
            yield release.differs(f"{name} is no output of {RECORD}", name)


def _totals(release: Release) -> Iterator[Diagnostic]:
    totals, record = release.record["totals"], release.record
    slugs = [article["slug"] for article in record["articles"]]
    pages = max(row["pages"] for row in record["outputs"])
    for what, total, count in (("articles", totals["articles"], len(slugs)), ("pages", totals["pages"], pages)):
        if total != count:
            yield release.differs(f"{RECORD} says {total} {what} in all, and lists {count}")
    yield from (release.differs(f"{RECORD} lists the article {slug} twice") for slug in _repeated(slugs))
    ledger = record["ledger"]
    if ledger["words"] != ledger["kept"] + ledger["removed"] + ledger["unaccounted"]:
        yield release.differs(f"the words of the ledger in {RECORD} do not add up")


def _repeated(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def _imprint(release: Release) -> Iterator[Diagnostic]:
    """Title and language of the edition, and the identifier of a book."""
    edition = release.record["edition"]
    for name, contents in release.contents.items():
        facts = [("title", edition["title"], contents.title), ("language", edition["language"], contents.language)]
        if isinstance(contents, BookContents):
            facts.append(("identifier", edition["identifier"], contents.identifier))
        if not edition["title"]:  # an article by itself is its own title
            facts = facts[1:]
        for what, wanted, found in facts:
            if " ".join(wanted.split()) != " ".join(found.split()):
                yield release.differs(f"{RECORD} has the {what} “{wanted}”, and {name} has “{found}”")


def _pages(release: Release) -> Iterator[Diagnostic]:
    """The number of pages, and the pages on which articles begin."""
    rows = {row["path"]: row for row in release.record["outputs"]}
    for name, pdf in release.pdfs.items():
        row = rows[name]
        if row["pages"] != len(pdf.pages):
            yield release.differs(f"{RECORD} says {row['pages']} pages, and {name} has {len(pdf.pages)}")
        for slug, folio in row.get("starts", {}).items():
            if slug in pdf.starts and pdf.starts[slug] != folio:
                yield release.differs(
                    f"{RECORD} says that {slug} begins on page {folio}, and in {name} on page {pdf.starts[slug]}"
                )
    paged = {pdf.pages for pdf in release.pdfs.values()}
    for name, book in release.books.items():
        if book.pages and paged and book.pages not in paged:
            counts = " or ".join(sorted(str(len(pages)) for pages in paged))
            message = f"the page list of {name} has the pages {_span(book.pages)}, and the PDF has {counts} pages"
            yield release.differs(message, name, Code.CONTENT_DIFFERS)


def _span(pages: tuple[str, ...]) -> str:
    return f"{pages[0]} to {pages[-1]} ({len(pages)})"


def _articles(release: Release) -> Iterator[Diagnostic]:
    """The articles and their titles, in each output that names them."""
    rows = {article["slug"]: article for article in release.record["articles"]}
    for name, contents in release.contents.items():
        if not contents.articles:
            continue
        for slug in rows.keys() - contents.articles.keys():
            yield release.differs(f"{RECORD} has the article {slug}, which is not in {name}")
        for slug in contents.articles.keys() - rows.keys():
            yield release.differs(f"{name} has the article {slug}, which is not in {RECORD}", name, Code.CONTENT_DIFFERS)
        for slug, row in rows.items():
            title = contents.titles.get(slug)
            if title and title != " ".join(row["title"].split()):
                yield release.differs(f"{RECORD} has “{row['title']}” as the title of {slug}, and {name} has “{title}”")
        if isinstance(contents, BookContents) and [slug for slug in contents.articles if slug in rows] != list(rows):
            yield release.differs(f"{RECORD} has the articles in another order than {name}")


def _sources(release: Release) -> Iterator[Diagnostic]:
    """The list of sources, as CSL-JSON, in the PDF's attachment, on its pages and in the book."""
    total = release.record["totals"]["sources"]
    items = _items(release.folder / SOURCES)
    if items is None:
        yield release.differs(f"{SOURCES} is no list of CSL-JSON", SOURCES, Code.CONTENT_DIFFERS)
        return
    own = {str(item.get("id")): item for item in items}
    if len(items) != total:
        yield release.differs(f"{RECORD} says {total} sources, and {SOURCES} has {len(items)}")
    for name, pdf in release.pdfs.items():
        if pdf.items is None:
            continue
        attached = {str(item.get("id")): item for item in pdf.items}
        for identifier in sorted(own.keys() | attached.keys()):
            if own.get(identifier) != attached.get(identifier):
                message = f"the source {identifier} is not the same in {SOURCES} and in the list that is attached to {name}"
                yield release.differs(message, SOURCES, Code.CONTENT_DIFFERS)
    for name, contents in release.contents.items():
        listed = set(contents.sources)
        if listed and listed != own.keys():
            differing = ", ".join(sorted(listed ^ own.keys())[:3])
            message = f"{SOURCES} and the list of sources in {name} have different sources: {differing}"
            yield release.differs(message, SOURCES, Code.CONTENT_DIFFERS)


def _items(path: Path) -> list[dict[str, Any]] | None:
    try:
        items = json.loads(read_regular(path, _LARGEST))
    except (OSError, ValueError, RecursionError):
        return None
    return items if isinstance(items, list) and all(isinstance(item, dict) for item in items) else None


def _words(release: Release) -> Iterator[Diagnostic]:
    """The words of the chapters against the articles that are attached to a PDF of the same release."""
    articles = next((pdf.articles for pdf in release.pdfs.values() if pdf.articles), {})
    for name, book in release.books.items():
        common = [slug for slug in articles if slug in book.articles]
        entries = [Entry(slug, Metadata(), articles[slug], 0) for slug in common]
        files = {file.removesuffix(".xhtml"): "" for file in book.spine} | book.articles
        for found in book_diagnostics(entries, files):
            yield replace(release.differs(found.message, name, Code.CONTENT_DIFFERS), slugs=found.slugs)


def _cover(release: Release) -> Iterator[Diagnostic]:
    """The thumbnail, which is a picture of the outputs. Another version of an imaging library may draw it otherwise."""
    paths = {row["path"]: release.folder / row["path"] for row in release.record["outputs"]}
    drawn = thumbnail({name: path.read_bytes() for name, path in paths.items() if path.is_file()})
    if drawn is None:
        return
    versions = dict(line.split("=", 1) for line in distributions())
    same_libraries = all(release.record["libraries"].get(name) == versions.get(name) for name in _IMAGING)
    if COVER not in release.hashes:
        yield release.differs(f"{COVER} is missing, and the outputs have a cover")
    elif same_libraries and drawn != (release.folder / COVER).read_bytes():
        yield release.differs(f"{COVER} is not the cover of the outputs", COVER, Code.CONTENT_DIFFERS)


def _proof(release: Release) -> Iterator[Diagnostic]:
    """The provenance, which repeats the record, the envelope around it, and the versions in the bill of materials."""
    if PROVENANCE not in release.hashes:
        return
    proof = (release.folder / PROVENANCE).read_bytes()
    if proof != statement(provenance_of(release.record)):
        yield release.differs(f"{PROVENANCE} says something else than {RECORD}", PROVENANCE, Code.CONTENT_DIFFERS)
    if ENVELOPE in release.hashes and payload_of((release.folder / ENVELOPE).read_bytes()) != proof:
        yield release.differs(f"{ENVELOPE} holds another statement than {PROVENANCE}", ENVELOPE, Code.CONTENT_DIFFERS)
    versions = _bill_versions(release.folder / BILL) if BILL in release.hashes else None
    for name, version in release.record["libraries"].items():
        if versions and name in versions and version not in versions[name]:
            message = f"{BILL} has {name} {', '.join(sorted(versions[name]))}, and {RECORD} has {version}"
            yield release.differs(message, BILL, Code.CONTENT_DIFFERS)


def _bill_versions(path: Path) -> dict[str, set[str]] | None:
    """The versions of the components of a bill of materials, by their names."""
    found: dict[str, set[str]] = {}
    try:
        for component in json.loads(read_regular(path, _LARGEST)).get("components", ()):
            found.setdefault(str(component["name"]), set()).add(str(component.get("version", "")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return found


def _checks(release: Release) -> Iterator[Diagnostic]:
    """That each output was looked at by every checker of its format, and that our own rules still find nothing wrong."""
    rows = {(row["output"], row["checker"]): row for row in release.record["checks"]}
    outputs = [row["path"] for row in release.record["outputs"]]
    for name, checker in rows:
        if name not in outputs:
            yield release.differs(f"{RECORD} has a check of {name} by {checker}, which is no output")
    for name in outputs:
        if checker_for(Path(name)) is None or name not in release.contents:
            continue
        own = rows.get((name, OWN_RULES))
        is_checked = own is None or own["result"] != "skipped"  # without checks at all, only that is recorded
        names = [OWN_RULES, *(NAMES.values() if is_checked and name.lower().endswith(EPUB) else ())]
        for checker in names:
            row = rows.get((name, checker))
            if row is None:
                yield release.differs(f"{RECORD} has no check of {name} by {checker}")
            elif row["result"] == "skipped":
                message, place = f"{name} was not checked by {checker} when it was released", Location(str(release.folder / name))
                yield Diagnostic(Code.CHECK_SKIPPED, message, place, f"publisher check {name} checks it now")
        if is_checked:
            yield from _own_rules(release, name, own)


def _own_rules(release: Release, name: str, row: Record | None) -> Iterator[Diagnostic]:
    found = validate(release.folder / name, skipped=tuple(CHECKERS)).diagnostics
    yield from errors(found)
    same_rules = release.record["tool"]["version"] == __version__
    if row is not None and same_rules and row["result"] == "passed" and row["warnings"] != len(found):
        yield release.differs(
            f"{RECORD} says that {OWN_RULES} found {row['warnings']} warnings in {name}, and they find {len(found)}"
        )


_CHECKS: tuple[Callable[[Release], Iterator[Diagnostic]], ...] = (
    _outputs, _totals, _imprint, _pages, _articles, _sources, _words, _cover, _proof, _checks,
)  # fmt: skip

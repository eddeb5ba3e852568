"""What changed from one release to another, or from one PDF or EPUB to another: articles, pages, sources, checks, engine."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lxml import etree

from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Exit, Location, PublisherError
from publisher.model.markup import xml_root
from publisher.release import engine
from publisher.release.accompanying import SOURCES
from publisher.release.comparable import COMPARABLE, EPUB, PDF
from publisher.release.consistency import Record, read_record
from publisher.release.contents import BookContents, Contents, PdfContents, contents_of
from publisher.release.word_diff import Paragraph, word_diff
from publisher.store.regular_files import read_regular
from publisher.writers.parity import IMAGE, REFERENCE, content_of, plain

_LARGEST = 256_000_000  # bytes
_BOOKS = ("doc-pagebreak", "doc-backlink")  # roles of what a book adds to an article


@dataclass(frozen=True)
class Article:
    """An article of one side: its paragraphs, where it stands, and what it is known by, as far as that is recorded."""

    slug: str
    title: str
    blocks: tuple[str, ...] = field(default=(), repr=False)
    section: str = ""
    start: str = ""
    known_by: frozenset[str] = frozenset()
    language: str = ""
    digest: str = field(default="", repr=False)  # of the article with its images and markup

    @property
    def words(self) -> int:
        return sum(len(block.split()) for block in self.blocks)


@dataclass(frozen=True)
class Side:
    """A release, a PDF or an EPUB as it is compared. `pages` is the number of pages, `pdf` the file whose pages are shown."""

    label: str
    kind: str
    articles: dict[str, Article]
    sources: dict[str, str]
    pages: int = 0
    pdf: Path | None = None
    facts: dict[str, str] = field(default_factory=dict)
    checks: dict[str, str] = field(default_factory=dict)
    engine: dict[str, str] = field(default_factory=dict, repr=False)
    hashes: dict[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class ArticleChange:
    """An article on both sides, in which words, title, section or first page differ."""

    old: Article
    new: Article
    paragraphs: tuple[Paragraph, ...]

    @property
    def has_changed(self) -> bool:
        """Whether more differs than its place."""
        return bool(self.paragraphs) or (self.old.title, self.old.digest) != (self.new.title, self.new.digest)

    @property
    def removed(self) -> int:
        """How many words are removed."""
        return sum(row.words("removed") for row in self.paragraphs)

    @property
    def added(self) -> int:
        return sum(row.words("added") for row in self.paragraphs)


@dataclass(frozen=True)
class Difference:
    """Everything that differs between two sides. `facts`, `checks` and `engine` are lines such as `weasyprint 69.0 → 70.0`."""

    old: Side
    new: Side
    added: tuple[Article, ...]
    removed: tuple[Article, ...]
    changed: tuple[ArticleChange, ...]
    moved: tuple[ArticleChange, ...]
    sources: tuple[tuple[str, str, str], ...]  # identifier, old and new words; empty: gained or lost
    facts: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    engine: tuple[str, ...] = ()

    @property
    def unchanged(self) -> int:
        """How many articles have the same words."""
        return len(self.new.articles) - len(self.added) - len(self.changed)

    def __bool__(self) -> bool:
        found = (self.added, self.removed, self.changed, self.moved, self.sources, self.facts, self.checks, self.engine)
        return any(found) or self.old.pages != self.new.pages


def difference(old: Path, new: Path) -> Difference:
    """What changed. Raises PublisherError where a file cannot be read or (exit code 2) they are not of the same kind."""
    kinds = [_kind(path) for path in (old, new)]
    if kinds[0] != kinds[1]:
        hint = "name two release folders, two PDFs, or two EPUBs"
        fault = Diagnostic(Code.OPTION, f"{old} is {kinds[0]}, and {new} is {kinds[1]}", hint=hint)
        raise PublisherError(fault, exit_code=Exit.USAGE)
    if kinds[0] == _FOLDER:
        records = [read_record(path) for path in (old, new)]
        suffix = _common_suffix(records)
        before, after = (_release_side(path, record, suffix) for path, record in zip((old, new), records, strict=True))
    else:
        before, after = (_file_side(path) for path in (old, new))
    return _difference(before, after)


_FOLDER = "a release folder"


def _kind(path: Path) -> str:
    if path.is_dir():
        return _FOLDER
    return {PDF: "a PDF", EPUB: "an EPUB"}.get(path.suffix.lower(), "no output of publisher")


def _common_suffix(records: Sequence[Record]) -> str:
    """The kind of output whose articles are compared: a kind that both releases have, the PDF if there is a choice."""
    found = [{Path(row["path"]).suffix.lower() for row in record["outputs"]} for record in records]
    return next((suffix for suffix in COMPARABLE if all(suffix in suffixes for suffixes in found)), "")


def _release_side(folder: Path, record: Record, suffix: str) -> Side:
    outputs = {row["path"]: row for row in record["outputs"]}
    files = {Path(name).suffix.lower(): folder / name for name in reversed(outputs)}
    contents = contents_of(files[suffix]) if suffix else None
    starts: Mapping[str, str] = next((row["starts"] for row in outputs.values() if "starts" in row), {})
    texts = dict(_articles(contents)) if contents else {}
    articles = {}
    for row in record["articles"]:
        text = texts.get(row["slug"], Article(row["slug"], row["title"]))
        articles[row["slug"]] = Article(
            row["slug"], row["title"], text.blocks, row["section"], starts.get(row["slug"], ""), frozenset(row["known_by"]),
            text.language, row["sha256"],
        )  # fmt: skip
    return Side(
        f"{record['slug']} {record['version']}",
        _FOLDER,
        articles,
        _sources_of(_items(folder / SOURCES)),
        record["totals"]["pages"],
        files.get(PDF),
        dict(_facts(record)),
        {f"{row['output']} by {row['checker']}": f"{row['result']}, warnings: {row['warnings']}" for row in record["checks"]},
        engine.recorded(record),
        {name: row["sha256"] for name, row in outputs.items()},
    )


def _facts(record: Record) -> Iterator[tuple[str, str]]:
    """What else of a release may differ: its imprint, its settings, the themes of its outputs."""
    yield from ((name, str(record["edition"][name] or "")) for name in ("title", "subtitle", "language", "number"))
    yield "date", record["date"]["value"]
    yield from ((name.replace("_", " "), str(value)) for name, value in record["settings"].items())
    for row in record["outputs"]:
        yield f"theme of {row['path']}", f"{row['theme']} ({row['theme_sha256'][:12]})"
        yield f"paper of {row['path']}", row["paper"]


def _file_side(path: Path) -> Side:
    contents = contents_of(path)
    articles = dict(_articles(contents))
    if isinstance(contents, PdfContents):
        sources, pdf, pages = _sources_of(contents.items or []), path, len(contents.pages)
    else:
        assert isinstance(contents, BookContents)
        sources, pdf, pages = contents.listed, None, len(contents.pages)
    return Side(
        str(path), path.suffix.lower(), articles, sources, pages, pdf, {"title": contents.title, "language": contents.language}
    )


def _articles(contents: Contents) -> Iterator[tuple[str, Article]]:
    for slug, xhtml in contents.articles.items():
        blocks, language = _blocks(xhtml)
        yield slug, Article(slug, contents.titles.get(slug, slug), blocks, start=contents.starts.get(slug, ""), language=language)


def _blocks(xhtml: str) -> tuple[tuple[str, ...], str]:
    """The texts of the paragraphs of an article or a chapter, and its language."""
    try:
        root = xml_root(xhtml)
    except etree.XMLSyntaxError:
        return (), ""
    chapter = next((part for part in root.iter("{*}section") if part.get("role") == "doc-chapter"), root)
    content = content_of(chapter, lambda element: element.get("role") in _BOOKS or element.get("class") == "notes-title")
    texts = (plain(block.text.replace(REFERENCE, "").replace(IMAGE, "")) for block in content.blocks)
    return tuple(filter(None, texts)), str(chapter.get("lang") or "")


def _items(path: Path) -> list[dict[str, Any]]:
    try:
        found = json.loads(read_regular(path, _LARGEST))
    except (OSError, ValueError, RecursionError) as problem:
        message = f"the sources cannot be read: {getattr(problem, 'strerror', None) or problem}"
        raise PublisherError(Diagnostic(Code.RECORD_DIFFERS, message, Location(str(path)))) from None
    return found if isinstance(found, list) else []


def _sources_of(items: Sequence[dict[str, Any]]) -> dict[str, str]:
    """What each source is called, by its identifier."""
    keys = ("title", "container-title", "URL", "DOI")
    return {str(item.get("id")): ", ".join(str(item[key]) for key in keys if item.get(key)) for item in items}


def _difference(old: Side, new: Side) -> Difference:
    pairs = _pairs(old.articles, new.articles)
    both = [_change(old.articles[pairs[slug]], article) for slug, article in new.articles.items() if slug in pairs]
    known = set(pairs.values())
    sources = [(name, old.sources.get(name, ""), new.sources.get(name, "")) for name in {**old.sources, **new.sources}]
    result = Difference(
        old,
        new,
        added=tuple(article for slug, article in new.articles.items() if slug not in pairs),
        removed=tuple(article for slug, article in old.articles.items() if slug not in known),
        changed=tuple(
            row for row in both if row.paragraphs or (row.old.title, row.old.digest) != (row.new.title, row.new.digest)
        ),
        moved=tuple(row for row in both if (row.old.start, row.old.section) != (row.new.start, row.new.section)),
        sources=tuple(row for row in sources if row[1] != row[2]),
        facts=tuple(_lines(old.facts, new.facts)),
        checks=tuple(_lines(old.checks, new.checks)),
        engine=tuple(engine.changes(old.engine, new.engine)),
    )
    if result or old.hashes == new.hashes:
        return result
    names = (name for name in {**old.hashes, **new.hashes} if old.hashes.get(name) != new.hashes.get(name))
    return replace(result, facts=tuple(f"{name}: other bytes" for name in names))


def _change(old: Article, new: Article) -> ArticleChange:
    return ArticleChange(old, new, word_diff(old.blocks, new.blocks))


def _pairs(old: Mapping[str, Article], new: Mapping[str, Article]) -> dict[str, str]:
    """The old slug of each new article that was there before: known by the same, else of the same slug. Each counts once."""
    by_identity = {identity: slug for slug, article in old.items() for identity in article.known_by}
    pairs: dict[str, str] = {}
    for slug, article in new.items():
        found = next((by_identity[identity] for identity in sorted(article.known_by) if identity in by_identity), None)
        if found is not None and found not in pairs.values():
            pairs[slug] = found
    for slug in new:
        if slug not in pairs and slug in old and slug not in pairs.values():
            pairs[slug] = slug
    return pairs


def _lines(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    for name in {**old, **new}:
        if old.get(name, "") != new.get(name, ""):
            yield f"{name}: {old.get(name) or 'none'} → {new.get(name) or 'none'}"

"""From manuscripts to articles: each read and normalized by itself, in any process, and kept between builds."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from publisher.build.bounds import OutOfBounds, within
from publisher.input.extent import too_deep
from publisher.input.formats import BOOKS, FEEDS, readable, reader_for, unexpected_kind
from publisher.input.manuscript import Manuscript
from publisher.input.sniffing import kind_of
from publisher.ledger.account import Account
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.model.edition import Entry
from publisher.model.events import ArticleRead, Listener, StageBegun, Worked, ignore
from publisher.model.limits import raise_hint
from publisher.model.metadata import Hold, Metadata
from publisher.model.parts import Removal
from publisher.model.plugins import plugin_versions
from publisher.model.sources import Source
from publisher.store.cache import Cache
from publisher.store.fingerprints import fingerprint
from publisher.store.kept import kept_each, save
from publisher.text.word_count import counted_words
from publisher.writers.contract import Failure, Mapper, Timed, timed

if TYPE_CHECKING:
    from publisher.model.article import Article

_HINTS = dict.fromkeys(["doc", "dot", "rtf", "pages", "wpd", "wps"], "open it in a word processor and save it as .docx")
# What a source that is given for a file says of each of its articles.
_OF_EACH_SOURCE = ("publication", "accessed", "license", "descriptor", "credibility", "ai_use")
# Fields of a record with a value for each article.
_OF_EACH = ("names", "words", "sources", "cited", "titles", "holds", "addresses", "publications", "known", "dates", "digests")
UNWANTED = "an article that is not wanted (since, most)"
_SEARCHED_WORDS = 6  # of a removal whose place is looked for


@dataclass(frozen=True)
class ReadRecord:
    """What is known of a manuscript that was read, short enough to be looked at in every build.

    `opened` names each file that the manuscript names with the hash of its bytes (empty: it was not there), or with the reason
    why it was not read. `kind` is the suffix of its format, `account` its ledger, which is about all its articles.
    The other fields have a value for each article: `names` what its source calls it (a feed's guid), empty where it does not;
    `words` their number; `sources` the identifiers of those it cites; `cited` the keys of citations, each with the identifier of
    its source if the manuscript has its entry itself; `holds` what forbids to publish it, if anything; `addresses` and
    `publications` where it first appeared; `known` how much is known of its source; `dates` its day;
    `digests` a hash of its words.
    """

    opened: dict[str, str]
    diagnostics: tuple[Diagnostic, ...] = ()
    names: tuple[str, ...] = ()
    words: tuple[int, ...] = ()
    sources: tuple[tuple[str, ...], ...] = ()
    cited: tuple[tuple[tuple[str, str], ...], ...] = ()
    titles: tuple[str, ...] = ()
    holds: tuple[Hold | None, ...] = ()
    account: Account | None = None
    kind: str = ""
    addresses: tuple[tuple[str, ...], ...] = ()
    publications: tuple[str, ...] = ()
    known: tuple[int, ...] = ()
    dates: tuple[datetime.date | None, ...] = ()
    digests: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len({len(getattr(self, name)) for name in _OF_EACH}) > 1:
            raise ValueError("values for different numbers of articles")


@dataclass(frozen=True)
class Entries:
    """The articles of a manuscript as entries whose slugs are still empty."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class ReadResult:
    """A manuscript's record; `entries` is None where they are in the cache and were not needed yet."""

    key: str
    record: ReadRecord
    entries: tuple[Entry, ...] | None = None

    @property
    def identity(self) -> str:
        """The same only where all that went into the articles is the same."""
        return fingerprint("entries", self.key, sorted(self.record.opened.items()))


@dataclass(frozen=True)
class _Task:
    manuscript: Manuscript
    lang: str


def read_all(
    manuscripts: Sequence[Manuscript], lang: str, run: Mapper, cache: Cache | None, report: Listener = ignore
) -> list[ReadResult]:
    """What reading each manuscript gives, in order: the record from the cache where it still holds, else all of it, now."""
    report(StageBegun("reading", len(manuscripts)))
    keys = [_key(manuscript, lang) for manuscript in manuscripts]
    fresh: dict[str, tuple[Entry, ...]] = {}

    def read_now(jobs: Sequence[tuple[str, Manuscript]]) -> Iterator[ReadRecord | Failure]:
        for (key, manuscript), result in zip(jobs, _read_each([job[1] for job in jobs], lang, run), strict=True):
            if isinstance(result, Failure):
                report(ArticleRead(manuscript.label, "", 0, 0, cached=False, ms=0))
                yield result
                continue
            record, entries = result.result
            report(Worked("reading", manuscript.label, result.span))
            report(_event(manuscript, record, ms=result.ms))
            fresh[key] = entries.entries
            save(cache, ReadResult(key, record).identity, entries)
            yield record

    jobs = {key: (key, manuscript) for key, manuscript in zip(keys, manuscripts, strict=True)}
    records = kept_each(
        cache,
        jobs,
        ReadRecord,
        read_now,
        valid=lambda job, record: _unchanged(job[1], record),
        found=lambda job, record: report(_event(job[1], record, cached=True)),
    )
    return [
        ReadResult(key, _record(records[key], manuscript), fresh.get(key, () if isinstance(records[key], Failure) else None))
        for key, manuscript in zip(keys, manuscripts, strict=True)
    ]


def load_entries(
    results: Sequence[ReadResult], manuscripts: Sequence[Manuscript], lang: str, run: Mapper, cache: Cache | None
) -> list[tuple[Entry, ...]]:
    """The entries of each result: from the cache, or read again where they are not in it any more.

    Raises PublisherError where reading a manuscript again raises, or takes its process down.
    """

    def read_now(missing: Sequence[tuple[ReadResult, Manuscript]]) -> Iterator[Entries | Failure]:
        for result in _read_each([manuscript for _, manuscript in missing], lang, run):
            yield result if isinstance(result, Failure) else result.result[1]

    def is_whole(job: tuple[ReadResult, Manuscript], entries: Entries) -> bool:
        return len(entries.entries) == len(job[0].record.words)

    pairs = list(zip(results, manuscripts, strict=True))
    jobs = {result.identity: (result, manuscript) for result, manuscript in pairs if result.entries is None}
    loaded = kept_each(cache, jobs, Entries, read_now, valid=is_whole)
    lost = [_lost(failure, jobs[key][1]) for key, failure in loaded.items() if isinstance(failure, Failure)]
    if lost:
        raise PublisherError(*lost)
    found = {key: entries.entries for key, entries in loaded.items() if isinstance(entries, Entries)}
    return [found[result.identity] if result.entries is None else result.entries for result in results]


def _event(manuscript: Manuscript, record: ReadRecord, *, cached: bool = False, ms: int = 0) -> ArticleRead:
    return ArticleRead(manuscript.label, record.kind[1:], len(record.words), sum(record.words), cached=cached, ms=ms)


def _read_each(manuscripts: Sequence[Manuscript], lang: str, run: Mapper) -> Iterator[Timed | Failure]:
    return run(partial(timed, _read_task), [_Task(manuscript, lang) for manuscript in manuscripts])


def _read_task(task: _Task) -> tuple[ReadRecord, Entries] | Failure:
    """Reads one manuscript: what a worker runs. Errors are in the record.

    That time or memory ran out is a Failure, which is not kept: another build may have more of them.
    """
    from publisher.ledger.report import account_for
    from publisher.model.markup import release, xhtml
    from publisher.text.plain_text import text_of

    manuscript = task.manuscript
    entries: tuple[Entry, ...] = ()
    errors: tuple[Diagnostic, ...] = ()
    account, kind, texts = None, "", list[str]()
    try:
        with _bounds(manuscript):
            articles = _read(manuscript, task.lang)
            written = [xhtml(article.root) for article in articles]
            account = account_for(manuscript, articles, written)
            texts = [text_of(article) for article in articles]
            entries = tuple(map(_entry, articles, written, texts))
            for article in articles:
                release(article.tree)
        kind = kind_of(manuscript.path.name, manuscript.data)
    except PublisherError as problem:
        if isinstance(problem.__cause__, OutOfBounds):
            return Failure(str(problem.__cause__), problem.__cause__.limit)
        errors = problem.diagnostics
    record = ReadRecord(
        opened={name: _state(manuscript, name) for name in manuscript.opened},
        diagnostics=(*errors, *manuscript.diagnostics),
        names=tuple(entry.metadata.identity for entry in entries),
        words=tuple(entry.word_count for entry in entries),
        sources=tuple(tuple(citation.source.identifier for citation in entry.citations) for entry in entries),
        cited=tuple(map(_cited, entries)),
        titles=tuple(entry.metadata.title for entry in entries),
        holds=tuple(entry.metadata.hold for entry in entries),
        account=account,
        kind=kind,
        addresses=tuple(_addresses(entry.metadata) for entry in entries),
        publications=tuple(_publication(entry.metadata) for entry in entries),
        known=tuple(_known(entry.metadata) for entry in entries),
        dates=tuple(entry.metadata.date for entry in entries),
        digests=tuple(_digest(text) for text, _ in zip(texts, entries, strict=False)),
    )
    return record, Entries(entries)


def _digest(text: str) -> str:
    """A hash of the words of an article, however they are set: 64 hex digits."""
    return hashlib.sha256(" ".join(counted_words(text)).encode()).hexdigest()


def _addresses(metadata: Metadata) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (metadata.source.url, metadata.url))))


def _publication(metadata: Metadata) -> str:
    return metadata.source.publication or metadata.publisher


def _known(metadata: Metadata) -> int:
    """How many of publication, authors and date are known."""
    source = metadata.source
    return sum(map(bool, (_publication(metadata), source.authors or metadata.authors, source.date or metadata.date)))


def _entry(article: Article, written: str, text: str) -> Entry:
    """An entry from a normalized article: as it is `written` in XHTML, and its words in reading order."""
    word_count, new_ids = len(text.split()), dict(article.new_ids)
    cited = {key for cluster in article.clusters for key in cluster.keys}
    library = tuple(entry for entry in article.library if entry.key in cited)
    return Entry("", article.metadata, written, word_count, article.resources, article.citations, new_ids,
                 article.clusters, library)  # fmt: skip


def _cited(entry: Entry) -> tuple[tuple[str, str], ...]:
    own = {found.key: found.identifier for found in entry.library}
    return tuple((key, own.get(key, "")) for key in dict.fromkeys(key for cluster in entry.clusters for key in cluster.keys))


def _record(result: ReadRecord | Failure, manuscript: Manuscript) -> ReadRecord:
    return ReadRecord({}, (_lost(result, manuscript),)) if isinstance(result, Failure) else result


def _lost(failure: Failure, manuscript: Manuscript) -> Diagnostic:
    if failure.fault is not None:
        return failure.fault.diagnostic("it was read", Location(manuscript.label))
    if failure.limit:
        return Diagnostic(Code.LIMIT, f"reading it {failure.what}", Location(manuscript.label), raise_hint(failure.limit))
    return Diagnostic(Code.WORKER_LOST, f"reading it {failure.what}", Location(manuscript.label))


def accounted_articles(manuscript: Manuscript, lang: str = "en") -> tuple[tuple[Article, ...], Account | None]:
    """The same as `articles_of`, with the account of the manuscript."""
    from publisher.ledger.report import account_for

    with _bounds(manuscript):
        articles = _read(manuscript, lang)
        return articles, account_for(manuscript, articles)


def articles_of(manuscript: Manuscript, lang: str = "en") -> tuple[Article, ...]:
    """The normalized articles of a manuscript. Raises PublisherError; milder trouble is in its diagnostics."""
    with _bounds(manuscript):
        return _read(manuscript, lang)


@contextmanager
def _bounds(manuscript: Manuscript) -> Iterator[None]:
    """Holds the work on a manuscript to the limits of time, memory and depth. Raises PublisherError where it is over a limit."""
    limits = manuscript.limits
    try:
        with within(limits.seconds, limits.resident_megabytes, manuscript.label):
            yield
    except OutOfBounds as problem:
        raise manuscript.error(Code.LIMIT, f"reading it {problem}", hint=raise_hint(problem.limit)) from problem
    except RecursionError:
        raise too_deep(manuscript, "its elements are") from None


def _read(manuscript: Manuscript, lang: str) -> tuple[Article, ...]:
    name, data, limits = manuscript.path.name, manuscript.data, manuscript.limits
    if len(data) > limits.megabytes * 1_000_000:
        raise manuscript.too_large()
    reader, kind = reader_for(name, data), kind_of(name, data)[1:]
    if reader is None:
        what = (
            "unsupported input format" if name.lower().endswith(f".{kind}") else f"unsupported input format: it is a {kind} file"
        )
        hint = _HINTS.get(kind, f"supported file name suffixes: {', '.join(readable())}")
        raise manuscript.error(Code.FORMAT, what, hint=hint)
    if unexpected_kind(name, data):
        manuscript.report(Code.FORMAT_SNIFFED, f"read as {kind}: its content says so, not its name")
    articles = _wanted(manuscript, reader(manuscript))
    if len(articles) > limits.articles:
        hint = "raise articles under [limits] in the manifest"
        raise manuscript.error(Code.LIMIT, f"{len(articles)} articles, {limits.articles} is the limit", hint=hint)
    manuscript = replace(manuscript, given=_given_for_each(manuscript.given, f".{kind}", len(articles)))
    return tuple(_normalized(article, manuscript, lang) for article in articles)


def _given_for_each(given: Metadata, kind: str, count: int) -> Metadata:
    """What is given for a file, as far as it holds for each of its articles.

    The source that is given for a feed is where it was found, and of a file with several articles, which is no book, it is the
    source of none: only what may be true of all of them stays.
    """
    if count > 1:
        given = replace(given, title="", subtitle="", slug="", url="", description="")
    if kind in FEEDS or (count > 1 and kind not in BOOKS):
        details = {name: getattr(given.source, name) for name in _OF_EACH_SOURCE}
        given = replace(given, url="", source=Source(**details))
    return given


def _normalized(article: Article, manuscript: Manuscript, lang: str) -> Article:
    """The normalized article. What was removed from the manuscript before goes with its first article."""
    from publisher.passes.pipeline import normalize

    article = normalize(article, manuscript, lang)
    removed = tuple(_placed(removal, manuscript) for removal in (*article.removed, *manuscript.removed))
    manuscript.removed.clear()
    return replace(article, removed=removed)


def _placed(removal: Removal, manuscript: Manuscript) -> Removal:
    """A removal with the line of its first words, if its place is not known and they stand there as they are."""
    start = " ".join(removal.words.split()[:_SEARCHED_WORDS])
    line = manuscript.line_of(start) if start and not removal.place else 0
    return replace(removal, place=f"line {line}") if line else removal


def _wanted(manuscript: Manuscript, articles: tuple[Article, ...]) -> tuple[Article, ...]:
    from publisher.model.markup import tags, words

    since, wanted = manuscript.since, articles
    if since is not None:  # an article without a date may be new
        wanted = tuple(article for article in articles if article.metadata.date is None or article.metadata.date >= since)
        if not wanted:
            manuscript.report(Code.NOTHING_NEW, f"no article since {since}")
    wanted = wanted[: manuscript.most]
    for article in articles:
        if not any(article is other for other in wanted):
            images = len(tags(article.root, ("img",)))
            text = f"{article.metadata.title} {words(article.root)}"
            manuscript.remove(UNWANTED, text, images=images)
    return wanted


def _key(manuscript: Manuscript, lang: str) -> str:
    return fingerprint(
        "manuscript", plugin_versions(), manuscript.label, manuscript.given, manuscript.limits, manuscript.since,
        manuscript.most, manuscript.cites, lang, hashlib.sha256(manuscript.data).hexdigest(), manuscript.diagnostics,
    )  # fmt: skip


def _state(manuscript: Manuscript, name: str) -> str:
    """What there is now of a file that the manuscript names: the hash of its bytes, why it is not read, or nothing."""
    data, refusal = manuscript.look(name)
    if refusal:
        return refusal.reason
    return "" if data is None else hashlib.sha256(data).hexdigest()


def _unchanged(manuscript: Manuscript, record: ReadRecord) -> bool:
    """Whether the files that the manuscript names are the same now as when it was read."""
    return all(_state(manuscript, name) == state for name, state in record.opened.items())

"""From manuscripts to entries: each read and normalized by itself, in any process, and kept between builds."""

from __future__ import annotations

import hashlib
import json
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from publisher.model.codes import Code
from publisher.store.cache import Cache
from publisher.build.timeouts import OutOfTime, within
from publisher.model.diagnostics import Diagnostic, Location, PublisherError, diagnostic_from
from publisher.model.edition import Entry
from publisher.store.fingerprints import fingerprint
from publisher.input.manuscript import Manuscript
from publisher.writers.contract import Failure, Mapper

if TYPE_CHECKING:
    from publisher.model.article import Article


@dataclass(frozen=True)
class ReadResult:
    """What came of a manuscript. `entries` (slugs still empty) is None where they are in the cache and were not asked for.

    `opened` names each file that was opened beside the manuscript with the hash of its bytes (empty: it was not there);
    `names` has for each article what its source calls it by (a feed's guid), empty where it does not.
    """

    key: str
    opened: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]
    entries: tuple[Entry, ...] | None
    names: tuple[str, ...]

    @property
    def identity(self) -> str:
        """The same only where all that went into the articles is the same."""
        return fingerprint("taken", self.key, sorted(self.opened.items()))


@dataclass(frozen=True)
class _Task:
    manuscript: Manuscript
    lang: str
    key: str


def articles_of(manuscript: Manuscript, lang: str = "en") -> tuple[Article, ...]:
    """The normalized articles of a manuscript. Raises PublisherError; milder trouble is in its diagnostics."""
    seconds = manuscript.limits.seconds
    try:
        with within(seconds):
            return _read(manuscript, lang)
    except OutOfTime:
        hint = "raise seconds under [limits] in the manifest if the file is to be trusted"
        raise manuscript.error(Code.LIMIT, f"reading it takes longer than {seconds} s", hint=hint) from None


def _read(manuscript: Manuscript, lang: str) -> tuple[Article, ...]:
    from publisher.input.formats import readable, reader_for, unexpected_kind
    from publisher.passes.pipeline import normalize
    from publisher.input.sniffing import kind_of

    name, data, limits = manuscript.path.name, manuscript.data, manuscript.limits
    if len(data) > limits.megabytes * 1_000_000:
        raise manuscript.error(Code.LIMIT, f"larger than {limits.megabytes} MB", hint="raise megabytes under [limits] in the manifest")
    reader = reader_for(name, data)
    if reader is None:
        kind = kind_of(name, data)[1:]
        what = "nobody reads this format" if name.lower().endswith(f".{kind}") else f"it is a {kind} file, which nobody reads"
        raise manuscript.error(Code.FORMAT, what, hint=f"manuscripts end in {', '.join(readable())}")
    if kind := unexpected_kind(name, data):
        manuscript.report(Code.FORMAT_SNIFFED, f"read as {kind}: its content says so, not its name")
    articles = _wanted(manuscript, reader(manuscript))
    if len(articles) > limits.articles:
        hint = "raise articles under [limits] in the manifest"
        raise manuscript.error(Code.LIMIT, f"{len(articles)} articles, {limits.articles} is the limit", hint=hint)
    if len(articles) > 1:  # what is said of the file as one article holds for none of several
        given = replace(manuscript.given, title="", subtitle="", slug="", url="", description="")
        manuscript = replace(manuscript, given=given)
    return tuple(normalize(article, manuscript, lang) for article in articles)


def _wanted(manuscript: Manuscript, articles: tuple[Article, ...]) -> tuple[Article, ...]:
    since = manuscript.since
    if since is not None:  # one without a date may be new
        articles = tuple(one for one in articles if one.metadata.date is None or one.metadata.date >= since)
        if not articles:
            manuscript.report(Code.NOTHING_NEW, f"no article since {since}")
    return articles[: manuscript.most]


def read_all(manuscripts: Sequence[Manuscript], lang: str, run: Mapper, cache: Cache | None) -> list[ReadResult]:
    """What comes of each manuscript, in order: from the cache where it is known, else read and normalized now."""
    keys = [_key(one, lang) for one in manuscripts]
    known = {key: found for key, one in zip(keys, manuscripts, strict=True) if (found := _known(key, one, cache))}
    tasks = [_Task(one, lang, key) for key, one in zip(keys, manuscripts, strict=True) if key not in known]
    return _merged(keys, known, tasks, run, cache)


def load_entries(
    taken: Sequence[ReadResult], manuscripts: Sequence[Manuscript], lang: str, run: Mapper, cache: Cache | None
) -> list[ReadResult]:
    """`taken` with the entries that were left in the cache; made anew where they are not there any more."""
    known = {one.key: full for one in taken if (full := _loaded(one, cache))}
    tasks = [_Task(source, lang, one.key) for one, source in zip(taken, manuscripts, strict=True) if one.key not in known]
    return _merged([one.key for one in taken], known, tasks, run, cache)


def _merged(keys: list[str], known: dict[str, ReadResult], tasks: list[_Task], run: Mapper, cache: Cache | None) -> list[ReadResult]:
    for task, one in zip(tasks, run(_take, tasks), strict=True):
        if isinstance(one, Failure):
            what = f"reading it {one.what}"
            known[task.key] = ReadResult(task.key, {}, (Diagnostic(Code.WORKER_LOST, what, Location(task.manuscript.label)),), (), ())
            continue
        known[task.key] = one
        _keep(one, cache)
    return [known[key] for key in keys]


def _take(task: _Task) -> ReadResult:
    from publisher.text.plain_text import text_of

    manuscript = task.manuscript
    entries: tuple[Entry, ...] = ()
    said: tuple[Diagnostic, ...] = ()
    try:
        entries = tuple(_entry(one, text_of(one)) for one in articles_of(manuscript, task.lang))
    except PublisherError as problem:
        said = problem.diagnostics
    opened = {name: _hash(data) for name, data in manuscript.opened.items()}
    names = tuple(one.metadata.identity for one in entries)
    return ReadResult(task.key, opened, (*said, *manuscript.diagnostics), entries, names)


def _entry(article: Article, text: str) -> Entry:
    """An entry from a normalized article; `text` is its words in reading order."""
    from publisher.model.markup import xhtml

    return Entry("", article.metadata, xhtml(article.root), len(text.split()), article.resources, article.citations)


def _key(manuscript: Manuscript, lang: str) -> str:
    return fingerprint(
        "manuscript", manuscript.label, manuscript.given, manuscript.limits, manuscript.since, manuscript.most, lang,
        hashlib.sha256(manuscript.data).hexdigest(),
    )  # fmt: skip


def _hash(data: bytes | None) -> str:
    return "" if data is None else hashlib.sha256(data).hexdigest()


def _keep(one: ReadResult, cache: Cache | None) -> None:
    """Two entries: what must be known to tell whether an article is the same, and the article itself."""
    if cache is None:
        return
    head = {"opened": dict(one.opened), "diagnostics": [asdict(said) for said in one.diagnostics], "names": one.names}
    cache.put(one.key, json.dumps(head).encode())
    cache.put(_body_key(one), pickle.dumps(one.entries))


def _known(key: str, manuscript: Manuscript, cache: Cache | None) -> ReadResult | None:
    stored = cache.get(key) if cache else None
    if stored is None:
        return None
    head = json.loads(stored)
    if any(_hash(manuscript.open(name)) != digest for name, digest in head["opened"].items()):
        return None
    return ReadResult(key, head["opened"], tuple(map(diagnostic_from, head["diagnostics"])), None, tuple(head["names"]))


def _loaded(one: ReadResult, cache: Cache | None) -> ReadResult | None:
    if one.entries is not None:
        return one
    stored = cache.get(_body_key(one)) if cache else None
    return ReadResult(one.key, one.opened, one.diagnostics, pickle.loads(stored), one.names) if stored else None


def _body_key(one: ReadResult) -> str:
    return fingerprint("entries", one.identity)

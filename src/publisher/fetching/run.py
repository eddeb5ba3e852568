"""Many addresses at once, few a host: what each became, in the order they were given."""

from __future__ import annotations

import datetime
import json
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from publisher.fetching.net import Answer, Bounds, Net, Refused
from publisher.fetching.robots import Robots
from publisher.fetching.snapshot import Snapshot, take, warc
from publisher.input.xml import local_name
from publisher.model.codes import Code, Severity
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.readers.html import INDEX, is_teaser
from publisher.store.files import write_all

AT_ONCE, A_HOST = 8, 2
PATIENT = Bounds()


@dataclass(frozen=True)
class Fetched:
    """What came of one address: the file it became (empty: none), and what is to be said."""

    url: str
    file: str
    said: tuple[Diagnostic, ...] = ()


class _Hosts:
    """At most so many requests at once to a host."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: dict[str, threading.Semaphore] = {}
        self._lock = threading.Lock()

    def of(self, url: str) -> threading.Semaphore:
        with self._lock:
            return self._known.setdefault(urlsplit(url).netloc, threading.Semaphore(self._most))


class _Run:
    def __init__(self, net: Net, into: Path, obey: bool, a_host: int, now: datetime.datetime) -> None:
        self.net, self.into, self.now = net, into, now
        self.robots = Robots(net) if obey else None
        self.hosts = _Hosts(a_host)
        self.index = _index(into)

    def get(self, url: str, known: dict[str, str] | None = None) -> Answer:
        if self.robots is not None and not self.robots.allows(url):
            raise Refused("its robots.txt forbids it", Code.FETCH_ROBOTS)
        with self.hosts.of(url):
            return self.net.get(url, known)

    def fetch(self, url: str) -> tuple[Fetched, Snapshot | None, Answer | None]:
        known = self.index.get(url, {})
        asked = {
            key: known[name] for key, name in (("if-none-match", "etag"), ("if-modified-since", "modified")) if known.get(name)
        }
        try:
            answer = self.get(url, asked if known and (self.into / known.get("file", "")).is_file() else None)
            if answer.status == 304:
                return (
                    Fetched(url, known["file"], (_told("unchanged since the last time", Code.FETCH_UNCHANGED, url),)),
                    None,
                    None,
                )
            snapshot = take(answer, self.get, self.now.date())
        except Refused as why:
            return Fetched(url, "", (_told(str(why), why.code, url),)), None, None
        said = tuple(_told(f"a picture is not there: {why}", Code.FETCH_IMAGE, src) for src, why in snapshot.refused)
        return Fetched(url, snapshot.name, said), snapshot, answer


def fetch(
    urls: Sequence[str],
    into: Path,
    bounds: Bounds = PATIENT,
    *,
    at_once: int = AT_ONCE,
    a_host: int = A_HOST,
    obey: bool = True,
    now: datetime.datetime | None = None,
) -> list[Fetched]:
    """Captures addresses into a folder; of a feed also the pages of entries that it only teases. A refusal is a warning.

    Raises PublisherError, and writes nothing, where all are.
    """
    now = now or datetime.datetime.now(datetime.UTC)
    net = Net(bounds)
    try:
        run = _Run(net, into, obey, a_host, now)
        with ThreadPoolExecutor(at_once) as pool:
            found = list(pool.map(run.fetch, dict.fromkeys(urls)))
            teased = [url for _, snapshot, _ in found if snapshot is not None for url in _teased(snapshot) if url not in urls]
            found += pool.map(run.fetch, dict.fromkeys(teased))
    finally:
        net.close()
    if found and not any(fetched.file for fetched, _, _ in found):
        raise PublisherError(*(replace(one, own_severity=Severity.ERROR) for fetched, _, _ in found for one in fetched.said))
    _store(run, found)
    return [fetched for fetched, _, _ in found]


def check(urls: Sequence[str], bounds: Bounds = PATIENT, *, at_once: int = AT_ONCE, a_host: int = A_HOST) -> list[Diagnostic]:
    """What is wrong with links: a warning for each that does not answer with success, a note for each that moved for good."""
    net, hosts = Net(bounds), _Hosts(a_host)

    def asked(url: str) -> list[Diagnostic]:
        try:
            with hosts.of(url):
                answer = net.get(url)
        except Refused as why:
            return [_told(str(why), Code.LINK_DEAD, url)]
        if answer.status >= 400:
            return [_told(f"status {answer.status}", Code.LINK_DEAD, url)]
        return [_told(f"moved to {answer.url}", Code.LINK_MOVED, url)] if answer.url != url else []

    try:
        with ThreadPoolExecutor(at_once) as pool:
            return [one for some in pool.map(asked, dict.fromkeys(urls)) for one in some]
    finally:
        net.close()


def addresses(arguments: Sequence[str]) -> list[str]:
    """The addresses that arguments name: one each, or those in a file, a line each, or in an OPML file. Raises PublisherError."""
    found: list[str] = []
    for argument in arguments:
        if "://" in argument:
            found.append(argument)
            continue
        path = Path(argument)
        if not path.is_file():
            hint = "give a whole address (https://…), or a file with one a line"
            raise PublisherError(Diagnostic(Code.FETCH_ADDRESS, "neither an address nor a file", Location(argument), hint))
        text = path.read_text("utf-8", "replace")
        if path.suffix.lower() == ".opml" or "<opml" in text[:500].lower():
            found += _listed(text)
        else:
            found += [line.strip() for line in text.splitlines() if "://" in line and not line.lstrip().startswith("#")]
    return found


def _listed(text: str) -> list[str]:
    import lxml.etree

    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = lxml.etree.fromstring(text.encode(), parser)
    return (
        [str(one.get("xmlUrl")) for one in root.iter() if local_name(one) == "outline" and one.get("xmlUrl")]
        if root is not None
        else []
    )


def _teased(snapshot: Snapshot) -> Iterator[str]:
    """The pages of a feed's entries that have too few words to be the article."""
    from publisher.input.formats import reader_for
    from publisher.input.manuscript import Manuscript
    from publisher.input.sniffing import kind_of
    from publisher.model.markup import words

    data = snapshot.files[snapshot.name]
    if kind_of(snapshot.name, data) not in (".rss", ".jsonfeed"):
        return
    reader = reader_for(snapshot.name, data)
    try:
        articles = reader(Manuscript(Path(snapshot.name), data, snapshot.name)) if reader else ()
    except PublisherError:
        return
    for article in articles:
        if article.metadata.url and is_teaser(words(article.root)):
            yield article.metadata.url


def _told(what: str, code: Code, url: str) -> Diagnostic:
    return Diagnostic(code, what, Location(url))


def _index(into: Path) -> dict[str, dict[str, str]]:
    try:
        known = json.loads((into / INDEX).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _store(run: _Run, found: list[tuple[Fetched, Snapshot | None, Answer | None]]) -> None:
    files: dict[Path, bytes] = {}
    answers: list[Answer] = []
    index: dict[str, Any] = dict(run.index)
    for fetched, snapshot, answer in found:
        if snapshot is None or answer is None:
            continue
        files |= {run.into / name: data for name, data in snapshot.files.items()}
        answers += snapshot.answers
        headers = answer.headers
        index[fetched.url] = {
            "file": snapshot.name, "etag": headers.get("etag", ""), "modified": headers.get("last-modified", ""),
            "accessed": run.now.date().isoformat(), "final": answer.url,
        }  # fmt: skip
    if not files:
        return
    files[run.into / INDEX] = json.dumps(index, indent=1, ensure_ascii=False, sort_keys=True).encode() + b"\n"
    files[run.into / f"capture-{run.now.strftime('%Y%m%dT%H%M%SZ')}.warc.gz"] = warc(answers, run.now)
    write_all(files)

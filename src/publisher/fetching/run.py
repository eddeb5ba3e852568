"""Fetches many addresses at once, but few per host; the results are in the order of the addresses."""

from __future__ import annotations

import datetime
import json
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from publisher.fetching.names import Name, name_for
from publisher.fetching.net import Answer, Bounds, Net, check_address
from publisher.fetching.robots import Robots
from publisher.fetching.snapshot import Snapshot, take_snapshot, warc
from publisher.fetching.transport import Refused
from publisher.input.captures import CAPTURE_INDEX, CAPTURED_DETAILS, Captures, address_key, captures_in
from publisher.input.xml import local_name
from publisher.model import disk
from publisher.model.addresses import host_of
from publisher.model.codes import Code, Severity
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.model.public_addresses import without_secrets
from publisher.readers.html import is_teaser

MAX_REQUESTS, MAX_REQUESTS_PER_HOST = 8, 2
DEFAULT_BOUNDS = Bounds()


@dataclass(frozen=True)
class FetchResult:
    """The result for one address, which is without its secrets: its file (empty if there is none) and its diagnostics."""

    url: str
    file: str
    diagnostics: tuple[Diagnostic, ...] = ()


class _Hosts:
    """Limits the number of simultaneous requests to each host."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._semaphores: dict[str, threading.Semaphore] = {}
        self._lock = threading.Lock()

    def of(self, url: str) -> threading.Semaphore:
        with self._lock:
            return self._semaphores.setdefault(host_of(url), threading.Semaphore(self._limit))


class _Run:
    def __init__(self, net: Net, into: Path, obey_robots: bool, per_host: int, now: datetime.datetime, name: Name | None) -> None:
        self.net, self.into, self.now, self.name = net, into, now, name
        self.robots = Robots(net) if obey_robots else None
        self.hosts = _Hosts(per_host)
        self.captures = captures_of(into)

    def get(self, url: str, conditions: dict[str, str] | None = None) -> Answer:
        check_address(url)
        if self.robots is not None and not self.robots.allows(url):
            raise Refused("robots.txt of the site forbids it", Code.FETCH_ROBOTS)
        with self.hosts.of(url):
            return self.net.get(url, conditions)

    def fetch(self, url: str) -> tuple[FetchResult, Snapshot | None, Answer | None]:
        """What is captured from an address, under the name that the user chose now, or for the address before."""
        return self._capture(url, self.name)

    def fetch_linked(self, url: str) -> tuple[FetchResult, Snapshot | None, Answer | None]:
        """The same for a page that a feed leads to."""
        return self._capture(url, None)

    def _capture(self, url: str, chosen: Name | None) -> tuple[FetchResult, Snapshot | None, Answer | None]:
        shown, name = without_secrets(url), name_for(url, chosen, self.captures)
        record = {} if name.is_chosen else self.captures.records.get(address_key(url), {})  # no file has a new name yet
        fields = {"if-none-match": "etag", "if-modified-since": "modified"}
        conditions = {header: record[field] for header, field in fields.items() if record.get(field)}
        try:
            answer = self.get(url, conditions if record and (self.into / record.get("file", "")).is_file() else None)
            if answer.status == 304:
                unchanged = _diagnostic("unchanged since the last time", Code.FETCH_UNCHANGED, url)
                return FetchResult(shown, record["file"], (unchanged,)), None, None
            snapshot = take_snapshot(answer, self.get, self.now.date(), name)
        except Refused as refusal:
            return FetchResult(shown, "", (_diagnostic(str(refusal), refusal.code, url),)), None, None
        diagnostics = tuple(
            _diagnostic(f"an image is missing: {reason}", Code.FETCH_IMAGE, src) for src, reason in snapshot.refused
        )
        return FetchResult(shown, snapshot.name, diagnostics), snapshot, answer


def fetch(
    urls: Sequence[str],
    into: Path,
    bounds: Bounds = DEFAULT_BOUNDS,
    *,
    max_requests: int = MAX_REQUESTS,
    per_host: int = MAX_REQUESTS_PER_HOST,
    obey_robots: bool = True,
    now: datetime.datetime | None = None,
    name: Name | None = None,
) -> list[FetchResult]:
    """Captures addresses into a folder; for a feed also the pages of entries that have only a teaser.

    `name` is that of the file of a single address. An address that is not fetched is a warning. Raises PublisherError and
    writes nothing if none was fetched.
    """
    disk.mend([into / CAPTURE_INDEX])
    now = now or datetime.datetime.now(datetime.UTC)
    net = Net(bounds)
    try:
        run = _Run(net, into, obey_robots, per_host, now, name)
        with ThreadPoolExecutor(max_requests) as pool:
            results = list(pool.map(run.fetch, dict.fromkeys(urls)))
            captured = [(snapshot.name, answer.data) for _, snapshot, answer in results if snapshot and answer]
            teasers = [url for file, data in captured for url in _teaser_pages(file, data) if url not in urls]
            results += pool.map(run.fetch_linked, dict.fromkeys(teasers))
    finally:
        net.close()
    if results and not any(result.file for result, _, _ in results):
        raise PublisherError(
            *(replace(diagnostic, own_severity=Severity.ERROR) for result, _, _ in results for diagnostic in result.diagnostics)
        )
    _write_captures(run, results)
    return [result for result, _, _ in results]


def check(
    urls: Sequence[str],
    bounds: Bounds = DEFAULT_BOUNDS,
    *,
    max_requests: int = MAX_REQUESTS,
    per_host: int = MAX_REQUESTS_PER_HOST,
) -> list[Diagnostic]:
    """Checks links: a warning for each that does not answer with success, a note for each that has moved permanently."""
    net, hosts = Net(bounds), _Hosts(per_host)

    def check_link(url: str) -> list[Diagnostic]:
        try:
            with hosts.of(url):
                answer = net.get(url)
        except Refused as refusal:
            return [_diagnostic(str(refusal), Code.LINK_DEAD, url)]
        if answer.status >= 400:
            return [_diagnostic(f"status {answer.status}", Code.LINK_DEAD, url)]
        return [_diagnostic(f"moved to {without_secrets(answer.url)}", Code.LINK_MOVED, url)] if answer.moved else []

    try:
        with ThreadPoolExecutor(max_requests) as pool:
            return [diagnostic for diagnostics in pool.map(check_link, dict.fromkeys(urls)) for diagnostic in diagnostics]
    finally:
        net.close()


def addresses(arguments: Sequence[str]) -> list[str]:
    """The addresses in the arguments: addresses, text files with one address per line, OPML files. Raises PublisherError."""
    urls: list[str] = []
    for argument in arguments:
        if "://" in argument:
            urls.append(argument)
            continue
        path = Path(argument)
        if not path.is_file():
            hint = "give a whole address (https://…), or a file with one address per line"
            shown = without_secrets(f"//{argument}").removeprefix("//")
            raise PublisherError(
                Diagnostic(
                    Code.FETCH_ADDRESS, "neither an address nor a file", Location(shown), hint, own_severity=Severity.ERROR
                )
            )
        text = path.read_text("utf-8", "replace")
        if path.suffix.lower() == ".opml" or "<opml" in text[:500].lower():
            urls += _opml_addresses(text)
        else:
            urls += [line.strip() for line in text.splitlines() if "://" in line and not line.lstrip().startswith("#")]
    return urls


def _opml_addresses(text: str) -> list[str]:
    import lxml.etree

    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = lxml.etree.fromstring(text.encode(), parser)
    return (
        [str(element.get("xmlUrl")) for element in root.iter() if local_name(element) == "outline" and element.get("xmlUrl")]
        if root is not None
        else []
    )


def _teaser_pages(name: str, data: bytes) -> Iterator[str]:
    """The page addresses of the entries of a feed that have too few words to be the article."""
    from publisher.input.formats import FEEDS, reader_for
    from publisher.input.manuscript import Manuscript
    from publisher.input.sniffing import kind_of
    from publisher.model.markup import words

    if kind_of(name, data) not in FEEDS:
        return
    reader = reader_for(name, data)
    try:
        articles = reader(Manuscript(Path(name), data, name)) if reader else ()
    except PublisherError:
        return
    for article in articles:
        if article.metadata.url and is_teaser(words(article.root)):
            yield article.metadata.url


def _diagnostic(message: str, code: Code, url: str) -> Diagnostic:
    return Diagnostic(code, message, Location(without_secrets(url)))


def captures_of(into: Path) -> Captures:
    """What a folder holds of earlier runs."""
    try:
        return captures_in((into / CAPTURE_INDEX).read_bytes())
    except OSError:
        return captures_in(None)


def _write_captures(run: _Run, results: list[tuple[FetchResult, Snapshot | None, Answer | None]]) -> None:
    files: dict[Path, bytes] = {}
    answers: list[Answer] = []
    index: dict[str, Any] = {key: _public_record(record) for key, record in run.captures.records.items()}
    for _, snapshot, answer in results:
        if snapshot is None or answer is None:
            continue
        files |= {run.into / name: data for name, data in snapshot.files.items()}
        answers += snapshot.answers
        headers = answer.headers
        index[address_key(answer.wanted)] = {
            "file": snapshot.name, "etag": headers.get("etag", ""), "modified": headers.get("last-modified", ""),
            "accessed": run.now.date().isoformat(), "final": without_secrets(answer.url),
            "source": {name: value for name, value in asdict(snapshot.source).items() if value and name in CAPTURED_DETAILS},
        }  # fmt: skip
    if not files:
        return
    files[run.into / CAPTURE_INDEX] = (
        json.dumps(index, indent=1, ensure_ascii=False, sort_keys=True, default=str).encode() + b"\n"
    )
    files[run.into / f"capture-{run.now.strftime('%Y%m%dT%H%M%SZ')}.warc.gz"] = warc(answers, run.now)
    disk.write(files)


def _public_record(record: dict[str, Any]) -> dict[str, Any]:
    """A record of an earlier run without secrets, which old versions wrote."""
    return {**record, "final": without_secrets(str(record.get("final") or ""))}

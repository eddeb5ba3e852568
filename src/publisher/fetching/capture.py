"""Capturing into a folder: one run at a time holds its lock, from reading the index to writing files, index and WARC record."""

from __future__ import annotations

import datetime
import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from itertools import chain, count
from pathlib import Path
from typing import Any

from publisher.fetching.credentials import credentials_of_environment
from publisher.fetching.names import Name, name_for
from publisher.fetching.net import Answer, Bounds, Net, check_address
from publisher.fetching.proxies import proxies_of_environment
from publisher.fetching.refusals import Refused
from publisher.fetching.robots import Robots
from publisher.fetching.snapshot import Snapshot, take_snapshot, warc
from publisher.input.captures import CAPTURE_INDEX, CAPTURED_DETAILS, Captures, address_key, captures_in
from publisher.model import disk
from publisher.model.addresses import host_of
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location
from publisher.model.public_addresses import without_secrets

DEFAULT_BOUNDS = Bounds()


@dataclass(frozen=True)
class FetchSettings:
    """Requests at the same time, in all and to one host; whether robots.txt is asked; and the time, if it is not now.

    If another run captures into the folder, this one waits and calls `check` between two looks, which may raise; or, unless
    `wait`, it is refused (exit code 8).
    """

    max_requests: int = 8
    per_host: int = 2
    obey_robots: bool = True
    wait: bool = True
    check: Callable[[], None] = lambda: None
    now: datetime.datetime | None = None


DEFAULT_SETTINGS = FetchSettings()


@dataclass(frozen=True)
class FetchResult:
    """The result for one address, which is without its secrets: its file (empty if there is none) and its diagnostics."""

    url: str
    file: str
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def unchanged(self) -> bool:
        """Whether the file is that of an earlier run, since the server answered that nothing has changed."""
        return any(diagnostic.code is Code.FETCH_UNCHANGED for diagnostic in self.diagnostics)


@dataclass(frozen=True)
class Capture:
    """What was captured from an address: nothing, if it was refused or has not changed.

    `pages` are the addresses to which the teasers of a feed lead.
    """

    url: str = field(repr=False)
    result: FetchResult
    snapshot: Snapshot | None = None
    answer: Answer | None = None
    pages: tuple[str, ...] = field(default=(), repr=False)


class Hosts:
    """Limits the number of simultaneous requests to each host."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._semaphores: dict[str, threading.Semaphore] = {}
        self._lock = threading.Lock()

    def of(self, url: str) -> threading.Semaphore:
        with self._lock:
            return self._semaphores.setdefault(host_of(url), threading.Semaphore(self._limit))


class CaptureRun:
    """A run that captures into a folder, which is locked; threads may share it."""

    def __init__(self, net: Net, into: Path, settings: FetchSettings) -> None:
        self.into, self.captures = into, captures_of(into)
        self._net, self._now = net, settings.now or datetime.datetime.now(datetime.UTC)
        self._robots = Robots(net) if settings.obey_robots else None
        self._hosts = Hosts(settings.per_host)

    def capture(self, url: str, chosen: Name | None = None) -> Capture:
        """What is captured from an address, under the name that the user chose now, or for the address before."""
        shown, name = without_secrets(url), name_for(url, chosen, self.captures)
        record = {} if name.is_chosen else self.record_of(url)  # no file has a new name yet
        fields = {"if-none-match": "etag", "if-modified-since": "modified"}
        conditions = {header: record[field] for header, field in fields.items() if record.get(field)}
        try:
            answer = self._get(url, conditions)
            if answer.status == 304:
                unchanged = diagnostic_of("unchanged since the last time", Code.FETCH_UNCHANGED, url)
                return Capture(url, FetchResult(shown, record["file"], (unchanged,)))
            snapshot = take_snapshot(answer, self._get, self._now.date(), name)
        except Refused as refusal:
            return self.refused(url, refusal)
        diagnostics = tuple(
            diagnostic_of(f"an image is missing: {reason}", Code.FETCH_IMAGE, src) for src, reason in snapshot.refused
        )
        return Capture(url, FetchResult(shown, snapshot.name, diagnostics), snapshot, answer)

    def refused(self, url: str, refusal: Refused) -> Capture:
        """What stands for an address that was refused."""
        return Capture(
            url, FetchResult(without_secrets(url), "", (diagnostic_of(str(refusal), refusal.code, url, refusal.hint),))
        )

    def record_of(self, url: str) -> dict[str, Any]:
        """What the index has of an address, if its file is in the folder; else nothing."""
        record = self.captures.records.get(address_key(url), {})
        file = str(record.get("file") or "")
        return record if file and Path(file).name == file and (self.into / file).is_file() else {}

    def _get(self, url: str, conditions: dict[str, str] | None = None) -> Answer:
        check_address(url)
        if self._robots is not None and not self._robots.allows(url):
            raise Refused("robots.txt of the site forbids it", Code.FETCH_ROBOTS)
        with self._hosts.of(url):
            return self._net.get(url, conditions)

    def write(self, captures: Iterable[Capture]) -> None:
        """Writes the files of all captures, their WARC record and the index, all or none. Raises PublisherError."""
        files: dict[Path, bytes] = {}
        answers: list[Answer] = []
        index: dict[str, Any] = {key: _public_record(record) for key, record in self.captures.records.items()}
        for capture in captures:
            if capture.snapshot is None or capture.answer is None:
                continue
            files |= {self.into / name: data for name, data in capture.snapshot.files.items()}
            answers += capture.snapshot.answers
            index[address_key(capture.url)] = self._new_record(capture.snapshot, capture.answer, capture.pages)
        if not files:
            return
        text = json.dumps(index, indent=1, ensure_ascii=False, sort_keys=True, default=str)
        files[self.into / CAPTURE_INDEX] = f"{text}\n".encode()
        files[self._warc_file()] = warc(answers, self._now)
        disk.write(files)

    def _new_record(self, snapshot: Snapshot, answer: Answer, pages: Sequence[str]) -> dict[str, Any]:
        headers, source = answer.headers, asdict(snapshot.source)
        record = {
            "file": snapshot.name, "etag": headers.get("etag", ""), "modified": headers.get("last-modified", ""),
            "accessed": self._now.date().isoformat(), "final": without_secrets(answer.url),
            "source": {name: value for name, value in source.items() if value and name in CAPTURED_DETAILS},
        }  # fmt: skip
        return record | ({"pages": list(map(address_key, pages))} if pages else {})

    def _warc_file(self) -> Path:
        """The file of the WARC record, which no earlier run has: two may end in the same second."""
        stem = f"capture-{self._now.strftime('%Y%m%dT%H%M%SZ')}"
        names = (f"{stem}{number}.warc.gz" for number in chain([""], (f"-{number}" for number in count(2))))
        return next(self.into / name for name in names if not os.path.lexists(self.into / name))


@contextmanager
def capturing(into: Path, trusted: Sequence[str], bounds: Bounds, settings: FetchSettings) -> Iterator[CaptureRun]:
    """A run that captures into a folder, alone. Only hosts of `trusted` addresses are sent passwords and tokens.

    Folders that it makes and that stay empty are removed. Raises PublisherError: another run is under way (exit code 8), or a
    variable of the environment cannot be used (exit code 2).
    """
    credentials = credentials_of_environment().only_for(trusted, allow_private=bounds.allow_private)
    net = Net(bounds, credentials, proxies_of_environment())
    created = [folder for folder in (into, *into.parents) if not folder.exists()]
    try:
        with disk.locked(into, "a capture", settings.check, wait=settings.wait):
            try:
                disk.mend([into / CAPTURE_INDEX])
                yield CaptureRun(net, into, settings)
            finally:
                with suppress(OSError):
                    for folder in created:
                        folder.rmdir()
    finally:
        net.close()


def captures_of(into: Path) -> Captures:
    """What a folder holds of earlier runs."""
    try:
        return captures_in((into / CAPTURE_INDEX).read_bytes())
    except OSError:
        return captures_in(None)


def diagnostic_of(message: str, code: Code, url: str, hint: str = "") -> Diagnostic:
    """A message about an address, which is shown without its secrets."""
    return Diagnostic(code, message, Location(without_secrets(url)), hint)


def _public_record(record: dict[str, Any]) -> dict[str, Any]:
    """A record of an earlier run without secrets, which old versions wrote."""
    return {**record, "final": without_secrets(str(record.get("final") or ""))}

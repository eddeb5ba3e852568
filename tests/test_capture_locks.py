"""Captures take turns: no WARC record and no entry of the index is lost, and who waits can be told to stop."""

from __future__ import annotations

import datetime
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from publisher.fetching.capture import FetchSettings, capturing
from publisher.fetching.feeds import Feed, fetch_feeds
from publisher.fetching.net import Bounds
from publisher.fetching.run import fetch
from publisher.model import disk
from publisher.model.diagnostics import Location
from tests.conftest import ROOT, Run
from tests.feed_samples import entry, rss
from tests.web_server import RSS, Site, serving

Publisher = Callable[..., Run]
Edition = Callable[..., Path]
BOUNDS = Bounds(allow_private=True)
FIVE = datetime.datetime(2026, 3, 17, 5, tzinfo=datetime.UTC)
WAITING = "waiting for another run that captures into this folder"


@pytest.fixture
def site() -> Iterator[Site]:
    pages = {f"/{name}.xml": (RSS, rss(entry(number, "A line of the log. " * 40))) for number, name in enumerate("abc")}
    with serving(Site(pages=pages)) as running:
        yield running


def held(folder: Path) -> AbstractContextManager[None]:
    return disk.locked(folder, "a test", lambda: None, wait=False)


def test_captures_of_one_second_have_records_of_their_own(site: Site, tmp_path: Path) -> None:
    for name in "abc":
        fetch([f"{site.home}/{name}.xml"], tmp_path, BOUNDS, FetchSettings(now=FIVE))
    names = {path.name for path in tmp_path.glob("*.warc.gz")}
    assert names == {f"capture-20260317T050000Z{number}.warc.gz" for number in ("", "-2", "-3")}
    assert json.loads((tmp_path / "fetched.json").read_text()).keys() == {f"{site.home}/{name}.xml" for name in "abc"}


def test_a_second_run_waits_and_then_knows_what_the_first_captured(site: Site, tmp_path: Path) -> None:
    waits = threading.Event()
    settings = FetchSettings(check=waits.set, now=FIVE)
    feeds = [Feed(f"{site.home}/b.xml", Location("week.toml", 4))]
    second = threading.Thread(target=fetch_feeds, args=(feeds, tmp_path, BOUNDS, settings))
    with capturing(tmp_path, [], BOUNDS, FetchSettings(now=FIVE)) as first:
        second.start()
        waits.wait()
        first.write([first.capture(f"{site.home}/a.xml")])
    second.join()
    assert json.loads((tmp_path / "fetched.json").read_text()).keys() == {f"{site.home}/a.xml", f"{site.home}/b.xml"}
    assert len(list(tmp_path.glob("*.warc.gz"))) == 2


@pytest.mark.parametrize("arguments", [("publisher.toml",), ("http://127.0.0.1:9/a.xml", "--into", "feeds")])
def test_with_no_wait_the_second_run_is_sent_away(
    arguments: tuple[str, ...], site: Site, edition: Edition, publisher: Publisher
) -> None:
    home = edition({"publisher.toml": f'[edition]\ntitle = "T"\n[[section]]\nfeeds = ["{site.home}/a.xml"]\n'})
    with held(home / "feeds"):
        run = publisher("fetch", *arguments, "--allow-private", "--no-wait")
    assert run.code == 8 and "feeds: error: a capture is under way in this folder [locked]" in run.err and site.requests == []


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_a_run_that_waits_tells_so_once_and_ctrl_c_ends_it(log_format: str, site: Site, edition: Edition) -> None:
    home = edition({"publisher.toml": f'[edition]\ntitle = "T"\n[[section]]\nfeeds = ["{site.home}/a.xml"]\n'})
    command = [sys.executable, "-m", "publisher", "fetch", "publisher.toml", "--log-format", log_format]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with held(home / "feeds"):
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
            assert process.stderr is not None
            try:
                lines = [next(line for line in process.stderr if WAITING in line)]
                process.send_signal(signal.SIGINT)
                lines += process.stderr
            finally:
                process.kill()  # a test that fails must not wait for it
        assert process.returncode == 130 and sum(WAITING in line for line in lines) == 1
        last = json.loads(lines[-2])["message"] if log_format == "json" else lines[-1]
        assert "interrupted" in last
        assert site.requests == [] and list((home / "feeds").iterdir()) == []

"""Five mornings of a daily edition as cron runs them: `publisher run` in an empty environment, against a server of feeds."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.reader_samples import PROSE
from tests.test_daily import headlines
from tests.web_server import RSS, Site, serving

PAGE = ROOT / "docs" / "ci.md"
MANIFEST = """[edition]
title = "Harbor brief, {{weekday}} {{date:%-d %B %Y}}"
number = "next"
subtitle = "No. {{number}}"
since = "last"

[[section]]
title = "News"
feeds = ["{home}/locks.xml", "{home}/gone.xml"]

[outputs."dist/brief.pdf"]
[outputs."dist/brief.epub"]
"""
CRON = {"HOME": "", "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh", "LOGNAME": "briefs"}  # crontab(5)
# For each morning the entries that the feed has, and those that are to be published.
MORNINGS = (
    ("2026-03-16", "Gate 1, Gate 2", "Gate 1, Gate 2"),
    ("2026-03-17", "Gate 3, Gate 1", "Gate 3"),
    ("2026-03-18", "Gate 3, Gate 2", ""),
    ("2026-03-19", "Gate 5, Gate 4, Gate 3", "Gate 5, Gate 4"),
    ("2026-03-20", "Gate 6, Gate 1", "Gate 6"),
)


def feed(titles: str) -> str:
    """A feed of entries; every other one has an address, the others a guid alone."""
    items = []
    for title in titles.split(", "):
        number = int(title.removeprefix("Gate "))
        known = f"<link>https://example.org/gate/{number}?utm_source=rss</link>" if number % 2 else ""
        guid = f"<guid isPermaLink='false'>urn:harbor:{number}</guid>"
        items.append(
            f"<item><title>{title}</title>{known}{guid}<description>{' '.join([PROSE] * 12)} Gate {number}.</description></item>"
        )
    return f"<rss version='2.0'><channel><title>Locks of the harbor</title>{''.join(items)}</channel></rss>"


def run(home: Path, *arguments: str) -> tuple[int, str]:
    """The exit code of the command and what it prints, as cron runs it."""
    environment = {**CRON, "HOME": str(home.parent)}
    command = [sys.executable, "-m", "publisher", *arguments]
    done = subprocess.run(
        command, cwd=home, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return done.returncode, done.stdout


@pytest.mark.slow
def test_five_mornings_publish_what_is_new_and_nothing_twice(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    home = tmp_path / "morning"
    home.mkdir()
    lines: list[str] = []
    with serving(Site()) as site:
        (home / "publisher.toml").write_text(MANIFEST.format(home=site.home))
        for day, listed, wanted in MORNINGS:
            site.pages["/locks.xml"] = (RSS, feed(listed))
            before = (home / "dist" / "latest").readlink() if lines else None
            options = ("run", ".", "--date", day, "--skip-check", "ace")
            code, printed = run(home, *options, "--allow-private")
            assert code == 0, printed
            assert f"publisher.toml:9: warning: {site.home}/gone.xml is not captured: status 404" in printed
            latest = home / "dist" / "latest"
            if wanted:
                assert latest.readlink() == Path(f"harbor-brief-{day}")
                assert headlines(latest / "brief.epub") == wanted.split(", ")
            else:
                assert latest.readlink() == before and not (home / "dist" / f"harbor-brief-{day}").exists()
                assert run(home, *options, "--allow-private", "--fail-if-empty")[0] == 7
            lines += _shown(options, printed, site.home)
        numbers = [row["number"] for row in json.loads((home / "dist" / "harbor-brief.history.json").read_text())["releases"]]
        assert numbers == [1, 2, 3, 4]
        assert run(home, "run", ".", "--date", "2026-03-21", "--strict", "--allow-private")[0] == 3
        assert not (home / "dist" / "harbor-brief-2026-03-21").exists()
        del site.pages["/locks.xml"]
        assert run(home, "run", ".", "--date", "2026-03-21", "--allow-private")[0] == 1  # no feed answers at all
    _compare(lines, update=request.config.getoption("--update"))


_PROGRESS = re.compile(r"[a-z ]+ \d+ of \d+: ")  # a line every ten seconds: where the machine is slow


def _shown(options: tuple[str, ...], printed: str, home: str) -> list[str]:
    """A run as the page of docs shows it: with the address of a site of the web, and the name of the file by it."""
    text = re.sub(r"locks-[0-9a-f]{6}", "locks-4b1c07", printed.replace(home, "https://harbor.example"))
    printed_lines = [line for line in text.rstrip("\n").split("\n") if not _PROGRESS.match(line)]
    return [f"$ publisher {' '.join(options)}", *printed_lines, ""]


def _compare(lines: list[str], *, update: bool) -> None:
    page = PAGE.read_text("utf-8")
    start, _, rest = page.partition("<!-- five mornings -->\n```console\n")
    shown, fence, end = rest.partition("```\n")
    assert fence, "docs/ci.md has a place for the five mornings"
    text = "\n".join(lines).rstrip("\n") + "\n"
    if update:
        PAGE.write_text(f"{start}<!-- five mornings -->\n```console\n{text}```\n{end}", "utf-8")
        return
    assert shown == text

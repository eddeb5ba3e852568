"""Citations formatted by citeproc-js: all documents of an edition in one call of a process of its own, kept between builds."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache as once
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from publisher.model.clusters import CitedItem
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.store.cache import Cache
from publisher.store.fingerprints import fingerprint
from publisher.store.kept import kept_each
from publisher.text.csl import locales
from publisher.text.csl.styles import Style

_FOLDER = Path(__file__).parent
# What citeproc-js writes where a style prints nothing of an item.
_NO_FORMS = ("[NO_PRINTED_FORM]", "[CSL STYLE ERROR: reference with no printed form.]")
_SECONDS, _CITATIONS_PER_SECOND = 30, 10  # of CPU time for a call; a hundred citations take two
_LONGEST_WAIT = 10  # times as long on the clock


@dataclass(frozen=True)
class NumberedCluster:
    """Entries cited at one place; the keys of its items are ids of items, `note` is its number in the document, 0 in the text."""

    items: tuple[CitedItem, ...]
    note: int


@dataclass(frozen=True)
class Request:
    """What is to be formatted in one language: items (CSL-JSON), documents with their clusters, the items whose authors
    stand in the text. With `links`, addresses become links."""

    style: Style
    lang: str
    items: tuple[str, ...] = field(repr=False)
    documents: tuple[tuple[NumberedCluster, ...], ...] = field(default=(), repr=False)
    names: tuple[str, ...] = ()
    links: bool = True


@dataclass(frozen=True)
class ListedEntry:
    """An entry of the bibliography as inline XHTML, with the ids of its items (several, if a style joins them) and its label."""

    ids: tuple[str, ...]
    label: str
    html: str


@dataclass(frozen=True)
class Formatted:
    """What citeproc-js made of a request: a text for each cluster of each document, authors by id, the bibliography in its order.

    The bibliography is empty if the style has none.
    """

    documents: tuple[tuple[str, ...], ...]
    names: dict[str, str]
    bibliography: tuple[ListedEntry, ...]


def require_processor() -> None:
    """Raises PublisherError (exit code 4) if the extra `citations` is not installed."""
    if find_spec("py_mini_racer") is None:
        hint = "pip install 'publisher-toolchain[citations]', or use the style \"standard\""
        raise PublisherError(
            Diagnostic(Code.COMPONENT_MISSING, "mini-racer, which runs citation styles, is not installed", None, hint)
        )


def formatted(requests: Sequence[Request], cache: Cache | None = None) -> list[Formatted]:
    """What each request gives, in order: from the cache, else all of them in one process.

    Raises PublisherError if the processor is not installed (exit code 4) or fails on a style.
    """
    keys = [fingerprint("citations", _data_digest(), request, request.style.digest, request.items) for request in requests]
    keys = [fingerprint(key, request.documents) for key, request in zip(keys, requests, strict=True)]
    results = kept_each(cache, dict(zip(keys, requests, strict=True)), Formatted, _format_now)
    return [results[key] for key in keys]


@once
def _data_digest() -> str:
    """A hash of the processor and the locales: they are data, which other fingerprints do not count."""
    digest = hashlib.sha256()
    for path in (_FOLDER / "citeproc.js", _FOLDER / "bridge.js", *sorted((_FOLDER / "locales").iterdir())):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _format_now(requests: Sequence[Request]) -> list[Formatted]:
    if not requests:
        return []
    count = sum(len(document) for request in requests for document in request.documents)
    count += sum(len(request.items) for request in requests)
    seconds = _SECONDS + count // _CITATIONS_PER_SECOND
    file = requests[0].style.file  # an edition has one style
    return [_read(answer) for answer in _answers([_message(request) for request in requests], seconds, file)]


def _answers(messages: list[dict[str, Any]], seconds: int, file: str) -> list[dict[str, Any]]:
    """The answers of the process, which may take so many seconds of CPU time. Raises PublisherError where it fails.

    `file` is the style's, for messages.
    """
    require_processor()
    place = Location(file) if file else None
    command, wait = [sys.executable, str(_FOLDER / "engine.py"), str(seconds)], seconds * _LONGEST_WAIT
    try:
        result = subprocess.run(command, input=json.dumps(messages), capture_output=True, encoding="utf-8", timeout=wait)
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise PublisherError(Diagnostic(Code.STYLE_BROKEN, f"citeproc-js cannot be run: {problem}", place)) from None
    if result.returncode:
        lines = [line.strip() for line in result.stderr.splitlines() if line.strip()]
        ended = f"it did not end in {seconds} s" if result.returncode < 0 else f"it ended with {result.returncode}"
        reason = next((line for line in lines if "Error" in line), next(iter(lines), ended))
        hint = "try another style to see whether it is the style or an entry"
        raise PublisherError(Diagnostic(Code.STYLE_BROKEN, f"citeproc-js fails on the citations: {reason[:200]}", place, hint))
    answers: list[dict[str, Any]] = json.loads(result.stdout)
    return answers


def _message(request: Request) -> dict[str, Any]:
    style, locale = request.style, locales.locale_of(request.lang)
    own = locales.locale_of(style.lang) if style.lang else locale
    # A style may be written for a variant of the language; in another language it uses the terms of that one.
    lang = own if own.split("-")[0] == locale.split("-")[0] and "-" not in request.lang else locale
    return {
        "style": style.xml,
        "locales": {name: locales.text_of(name) for name in {lang, *_fallbacks(lang)}},
        "lang": lang,
        "force": True,
        "links": request.links,
        "items": [json.loads(item) for item in request.items],
        "documents": [[_cluster(cluster) for cluster in document] for document in request.documents],
        "names": list(request.names),
        "bibliography": style.has_bibliography,
    }


def _fallbacks(lang: str) -> set[str]:
    """The locales in which citeproc-js looks for what a variant lacks (CSL 1.0.2, "Locale fallback")."""
    return {locales.locale_of(lang.split("-")[0]), locales.DEFAULT}


def _cluster(cluster: NumberedCluster) -> dict[str, Any]:
    return {"note": cluster.note, "items": [_item(item) for item in cluster.items]}


def _item(item: CitedItem) -> dict[str, Any]:
    values = {
        "id": item.key,
        "prefix": f"{item.prefix} " if item.prefix and not item.prefix[-1].isspace() else item.prefix,
        "label": item.label,
        "locator": item.locator,
        "suffix": item.suffix if not item.suffix or not item.suffix[0].isalnum() else f" {item.suffix}",
        "suppress-author": item.suppress_author,
    }
    return {name: value for name, value in values.items() if value}


def has_form(html: str) -> bool:
    """Whether a style printed something of all items of a place."""
    return bool(html) and not any(mark in html for mark in _NO_FORMS)


def _read(answer: Mapping[str, Any]) -> Formatted:
    from publisher.text.csl.inline_markup import entry, inline

    listed = []
    for row in answer["bibliography"] or ():
        label, html = entry(row["html"])
        listed.append(ListedEntry(tuple(row["ids"]), label, html))
    names = {name: inline(html) for name, html in answer["names"].items() if has_form(html)}
    documents = tuple(tuple(inline(text) for text in texts) for texts in answer["documents"])
    return Formatted(documents, names, tuple(listed))

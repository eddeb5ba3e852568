"""Fetches many addresses at once, but few per host; the results are in the order of the addresses."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

from publisher.fetching.capture import (
    DEFAULT_BOUNDS,
    DEFAULT_SETTINGS,
    FetchResult,
    FetchSettings,
    Hosts,
    capturing,
    diagnostic_of,
)
from publisher.fetching.feeds import new_pages, with_teasers
from publisher.fetching.names import Name
from publisher.fetching.net import Bounds, Net
from publisher.fetching.proxies import proxies_of_environment
from publisher.fetching.refusals import Refused
from publisher.input.xml import local_name
from publisher.model.codes import Code, Severity
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.model.public_addresses import without_secrets


def fetch(
    urls: Sequence[str],
    into: Path,
    bounds: Bounds = DEFAULT_BOUNDS,
    settings: FetchSettings = DEFAULT_SETTINGS,
    *,
    name: Name | None = None,
    trusted: Sequence[str] = (),
) -> list[FetchResult]:
    """Captures addresses into a folder; for a feed also the pages of entries that have only a teaser.

    `name` is that of the file of a single address. Only the hosts of `trusted` addresses, which the user named, are sent their
    passwords and tokens. An address that is not fetched is a warning. Raises PublisherError and writes nothing if none was
    fetched, and as `capturing` does.
    """
    with capturing(into, trusted, bounds, settings) as run, ThreadPoolExecutor(settings.max_requests) as pool:
        captures = list(map(with_teasers, pool.map(partial(run.capture, chosen=name), dict.fromkeys(urls))))
        captures += pool.map(run.capture, new_pages(captures))
        results = [capture.result for capture in captures]
        if results and not any(result.file for result in results):
            raise PublisherError(*as_errors(results))
        run.write(captures)
    return results


def as_errors(results: Sequence[FetchResult]) -> list[Diagnostic]:
    """The messages of results as errors: nothing could be fetched."""
    return [replace(diagnostic, own_severity=Severity.ERROR) for result in results for diagnostic in result.diagnostics]


def check(urls: Sequence[str], bounds: Bounds = DEFAULT_BOUNDS, settings: FetchSettings = DEFAULT_SETTINGS) -> list[Diagnostic]:
    """Checks links: a warning for each that does not answer with success, a note for each that has moved permanently."""
    net, hosts = Net(bounds, proxies=proxies_of_environment()), Hosts(settings.per_host)

    def check_link(url: str) -> list[Diagnostic]:
        try:
            with hosts.of(url):
                answer = net.get(url)
        except Refused as refusal:
            return [diagnostic_of(str(refusal), Code.LINK_DEAD, url)]
        if answer.status >= 400:
            return [diagnostic_of(f"status {answer.status}", Code.LINK_DEAD, url)]
        return [diagnostic_of(f"moved to {without_secrets(answer.url)}", Code.LINK_MOVED, url)] if answer.moved else []

    try:
        with ThreadPoolExecutor(settings.max_requests) as pool:
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

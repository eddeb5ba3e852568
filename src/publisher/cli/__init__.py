"""The command line: one small function a verb; the only place that prints or exits."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from publisher import __version__
from publisher.model.codes import Severity
from publisher.model.diagnostics import Diagnostic, Exit, PublisherError

if TYPE_CHECKING:
    from publisher.build.build import Report
    from publisher.build.plan import Plan
    from publisher.store.cache import Cache

_COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_INPUTS = click.argument("inputs", nargs=-1, type=click.Path(path_type=Path))
_THEME = click.option("-t", "--theme", help="Theme: a name, or a folder of your own (./mine).")
_PROFILE = click.option("--profile", metavar="NAME", help="Lay [profile.NAME] of the manifest over it.")
_STRICT = click.option("--strict", is_flag=True, help="Refuse warnings too (exit 3).")
_FORMAT = click.option("--log-format", type=click.Choice(["text", "json"]), default="text", help="How messages are printed.")
_JOBS = click.option("-j", "--jobs", type=click.IntRange(1), default=None, help="Processes to typeset with (default: the cores).")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="publisher")
def cli() -> None:
    """Turns a set of articles into one styled PDF brief and one EPUB collection with footnoted sources."""


@cli.command()
@_INPUTS
@click.option("-o", "--output", "outputs", multiple=True, type=click.Path(path_type=Path), help="File to write; .pdf or .epub.")
@_THEME
@_JOBS
@_STRICT
@_PROFILE
@click.option("--executor", metavar="URL", help="Typeset on a Dask cluster: dask://HOST:PORT.")
@click.option("--cache", "cache_folder", type=click.Path(path_type=Path), help="Folder for the cache (default: the user's).")
@click.option("--no-cache", is_flag=True, help="Make everything anew, keep nothing.")
@click.option("--dry-run", is_flag=True, help="Do everything but write.")
@_FORMAT
def build(
    inputs: tuple[Path, ...],
    outputs: tuple[Path, ...],
    theme: str | None,
    jobs: int | None,
    strict: bool,
    profile: str | None,
    executor: str | None,
    cache_folder: Path | None,
    no_cache: bool,
    dry_run: bool,
    log_format: str,
) -> None:
    """Write the outputs of a manifest, a folder or files; without one, of the current folder."""
    from publisher.build import build as builder
    from publisher.store.cache import Cache, default_folder

    with _Progress(log_format) as progress:
        cache = None if no_cache else Cache(cache_folder or default_folder())
        report = _made(inputs, outputs, theme, profile, jobs, progress, cache, executor)
    _refuse_warnings(report.diagnostics, strict)
    if not dry_run:
        builder.write_outputs(report)
    _say(report.diagnostics, log_format)
    for path, output in report.outputs.items():
        pages = f", {output.pages} pages" if output.pages else ""
        _done(f"{'would write' if dry_run else 'wrote'} {path} ({_size(len(output.data))}{pages})", log_format)


@cli.command()
@_INPUTS
@_THEME
@_STRICT
@_PROFILE
@click.option(
    "--with", "validators", multiple=True, type=click.Choice(["epubcheck", "ace"]), help="Insist on this checker of books."
)
@_FORMAT
def check(
    inputs: tuple[Path, ...],
    theme: str | None,
    strict: bool,
    profile: str | None,
    validators: tuple[str, ...],
    log_format: str,
) -> None:
    """Say everything a build would say, and write nothing; given a .pdf or .epub, check the file itself."""
    files = [path for path in inputs if path.suffix.lower() in (".pdf", ".epub")]
    if files:
        from publisher.checks.validate import validate

        said = list(dict.fromkeys(one for path in files for one in validate(path, validators)))
        if any(one.severity is Severity.ERROR for one in said):
            raise PublisherError(*said)
        _refuse_warnings(said, strict)
        _say(said, log_format)
        _done(f"{len(files)} file{'s' if len(files) > 1 else ''} checked", log_format)
        return
    with _Progress(log_format) as progress:
        report = _made(inputs, (), theme, profile, None, progress)
    _refuse_warnings(report.diagnostics, strict)
    _say(report.diagnostics, log_format)
    _done("nothing to complain of" if not report.diagnostics else "it would build", log_format)


@cli.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--to", "form", type=click.Choice(["xhtml", "text", "json"]), default="xhtml", help="What to print.")
@click.option("--body", is_flag=True, help="With --to text: the body blocks alone.")
def tree(files: tuple[Path, ...], form: str, body: bool) -> None:
    """Print the normalized article; which reader took it is said on stderr."""
    from publisher.build.ingest import articles_of
    from publisher.build.plan import PlannedArticle, load_manuscript
    from publisher.input.sniffing import kind_of
    from publisher.model.markup import xhtml
    from publisher.text.plain_text import text_of

    for path in files:
        manuscript = load_manuscript(PlannedArticle(path))
        kind = kind_of(path.name, manuscript.data)[1:]  # whose reader took it
        articles = articles_of(manuscript)
        click.echo(f"{path}: read as {kind or 'text'}", err=True)
        for article in articles:
            if form == "json":
                _print(json.dumps(_as_json(article, kind), ensure_ascii=False, indent=2, default=str) + "\n")
            else:
                _print(text_of(article, body_only=body) if form == "text" else xhtml(article.root) + "\n")
        _say(manuscript.diagnostics, "text")


@cli.command()
@click.argument("addresses", nargs=-1)
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), help="Folder for the captures.")
@click.option("--sources", "sources_of", type=click.Path(path_type=Path), help="Capture what this manifest's articles cite.")
@click.option("--check", "links_of", type=click.Path(path_type=Path), help="Name the dead links of this manifest.")
@click.option("--at-once", type=click.IntRange(1, 64), default=8, show_default=True, help="Requests at once.")
@click.option("--a-host", type=click.IntRange(1, 16), default=2, show_default=True, help="Of them to one host.")
@click.option("--megabytes", type=click.IntRange(1), default=32, show_default=True, help="Largest answer.")
@click.option("--seconds", type=click.FloatRange(1), default=60.0, show_default=True, help="Longest time for one.")
@click.option("--allow-private", is_flag=True, help="Fetch from addresses that are not public, too.")
@click.option("--ignore-robots", is_flag=True, help="Do not ask for robots.txt.")
@_FORMAT
def fetch(
    addresses: tuple[str, ...],
    into: Path | None,
    sources_of: Path | None,
    links_of: Path | None,
    at_once: int,
    a_host: int,
    megabytes: int,
    seconds: float,
    allow_private: bool,
    ignore_robots: bool,
    log_format: str,
) -> None:
    """Capture pages, feeds and sources into a folder of manuscripts; the only verb that uses the network."""
    from publisher.fetching import run
    from publisher.fetching.net import Bounds

    bounds = Bounds(seconds=seconds, megabytes=megabytes, allow_private=allow_private)
    if links_of is not None:
        said = run.check(_cited(links_of), bounds, at_once=at_once, a_host=a_host)
        _say(said, log_format)
        _done(f"{sum(one.severity is Severity.WARNING for one in said)} dead links", log_format)
        return
    wanted = run.addresses(addresses) if sources_of is None else [*run.addresses(addresses), *_cited(sources_of)]
    folder = into or (sources_of.parent / "sources" if sources_of is not None else None)
    if not wanted or folder is None:
        raise click.UsageError("name an address or a file of addresses, and a folder with --into DIR")
    found = run.fetch(wanted, folder, bounds, at_once=at_once, a_host=a_host, obey=not ignore_robots)
    for one in found:
        if one.file:
            _done(f"saved {folder / one.file} from {one.url}", log_format)
    _say([said for one in found for said in one.said], log_format)


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
def new(folder: Path) -> None:
    """Make a starter edition that builds at once."""
    from publisher.build.starter import write_starter

    for path in write_starter(folder):
        _done(f"wrote {path}", "text")
    _done(f"now: publisher build {folder}", "text")


@cli.command()
@click.option("--cache", "cache_folder", type=click.Path(path_type=Path), help="Folder of the cache (default: the user's).")
def clean(cache_folder: Path | None) -> None:
    """Empty the cache."""
    from publisher.store.cache import Cache, default_folder

    folder = cache_folder or default_folder()
    count, size = Cache(folder).clear()
    _done(f"took {count} entries ({_size(size) if size else '0 kB'}) out of {folder}", "text")


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; the exit code. No traceback leaves it but for a bug of ours, and then with a request."""
    try:
        code = cli.main(arguments, prog_name="publisher", standalone_mode=False)
        return code if isinstance(code, int) else Exit.DONE
    except PublisherError as problem:
        _say(problem.diagnostics, _wanted_format(arguments))
        return problem.exit_code
    except click.ClickException as problem:
        problem.show()
        return Exit.USAGE
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted; nothing was written", err=True)
        return Exit.INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except Exception as bug:
        return _bug(bug)


def _bug(bug: Exception) -> int:
    frame = traceback.extract_tb(bug.__traceback__)[-1]
    place = f"{Path(frame.filename).name}:{frame.lineno}"
    click.echo(f"publisher: error: a bug of ours: {type(bug).__name__}: {bug} (at {place}) [bug]", err=True)
    click.echo("  hint: please report it with the manuscript that shows it; PUBLISHER_TRACEBACK=1 prints more", err=True)
    if os.environ.get("PUBLISHER_TRACEBACK"):
        traceback.print_exception(bug)
    return Exit.BUG


def _made(
    inputs: tuple[Path, ...],
    outputs: tuple[Path, ...],
    theme: str | None,
    profile: str | None,
    jobs: int | None,
    progress: Callable[[str, int], None],
    cache: Cache | None = None,
    executor: str | None = None,
) -> Report:
    from publisher.build import build as builder
    from publisher.build.plan import plan

    made = plan(inputs, outputs, theme, profile)
    return builder.make(made, jobs or _worthwhile_jobs(made), progress, cache, executor)


def _cited(manifest: Path) -> list[str]:
    """The addresses of every source that the articles of a manifest cite."""
    from publisher.build import build as builder
    from publisher.build.plan import plan

    edition, _ = builder.assemble(plan([manifest], []))
    return [cited.source.url for cited in edition.sources if cited.source.url]


def _worthwhile_jobs(made: Plan) -> int:
    """The processes worth starting: a pool costs about as much as typesetting five articles, or reading a hundred."""
    articles = sum(len(one.articles) for one in made.sections)
    paged = any(path.suffix.lower() == ".pdf" for path in made.outputs)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores if articles >= (8 if paged else 200) else 1


def _refuse_warnings(said: Sequence[Diagnostic], strict: bool) -> None:
    if strict and any(one.severity is Severity.WARNING for one in said):
        raise PublisherError(*said, exit_code=Exit.STRICT)


def _as_json(article: Any, kind: str) -> dict[str, Any]:
    from dataclasses import asdict

    from publisher.text.plain_text import text_of

    return {
        "format": kind,
        "metadata": asdict(article.metadata),
        "origins": {one.field: {"place": one.place, "confidence": one.confidence, "guess": one.guess} for one in article.origins},
        "text": text_of(article),
        "citations": [asdict(one) for one in article.citations],
        "resources": [{"name": one.name, "media_type": one.media_type, "bytes": len(one.data)} for one in article.resources],
        "removed": [asdict(one) for one in article.removed],
    }


class _Progress:
    """A bar on a terminal; nothing when piped."""

    def __init__(self, log_format: str) -> None:
        self._shown = sys.stderr.isatty() and log_format == "text"
        self._bar: Any = None

    def __enter__(self) -> Callable[[str, int], None]:
        return self._show

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            click.echo("\r\x1b[2K\x1b[?25h", err=True, nl=False)  # the bar gone, the cursor back

    def _show(self, what: str, steps: int) -> None:
        if self._shown:
            self._bar = self._bar or click.progressbar(
                length=steps, file=sys.stderr, show_eta=False, item_show_func=lambda item: item and item.rpartition("/")[2]
            )
            self._bar.update(1, what)


def _wanted_format(arguments: list[str] | None) -> str:
    line = " ".join(sys.argv[1:] if arguments is None else arguments)
    return "json" if "--log-format json" in line or "--log-format=json" in line else "text"


def _say(diagnostics: Iterable[Diagnostic], log_format: str) -> None:
    for one in diagnostics:
        if log_format == "json":
            click.echo(json.dumps(one.as_dict(), ensure_ascii=False), err=True)
            continue
        first, _, hint = str(one).partition("\n")
        word = f"{one.severity}:"
        click.echo(first.replace(word, click.style(word, fg=_COLORS[one.severity], bold=True), 1), err=True)
        if hint:
            click.echo(click.style(hint, dim=True), err=True)


def _done(line: str, log_format: str) -> None:
    click.echo(json.dumps({"severity": "info", "message": line}) if log_format == "json" else line, err=log_format == "json")


def _print(text: str) -> None:
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{max(1, round(count / 1000))} kB"

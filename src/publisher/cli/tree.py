"""`publisher tree`: the normalized article, for people and for tests."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from publisher.cli import console, options
from publisher.cli.standard_streams import read_input
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.model.faults import contain_faults

if TYPE_CHECKING:
    from publisher.ledger.account import Account
    from publisher.model.article import Article


@options.command(
    "publisher tree umerov.txt\npublisher tree --to text --body page.html\ncurl https://example.org/story | publisher tree -",
    short_help="Print the normalized article.",
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option(
    "--to", "form", type=click.Choice(["xhtml", "text", "json"]), default="xhtml", show_default=True, help="What to print."
)
@click.option("--body", is_flag=True, help="With --to text: only the body.")
@options.input_format
@options.allow
@options.verbose
@options.log_format
def tree(
    files: tuple[Path, ...],
    form: str,
    body: bool,
    form_in: str | None,
    allow: tuple[Path, ...],
    verbose: bool,
    log_format: str,
) -> None:
    """Print the normalized article of each file; the input format that was recognized stands on stderr."""
    from publisher.build.ingest import accounted_articles
    from publisher.build.manuscripts import load_manuscript
    from publisher.build.plan import places_of
    from publisher.build.planned import PlannedArticle
    from publisher.input.folders import folders_of
    from publisher.input.sniffing import kind_of
    from publisher.model.markup import xhtml
    from publisher.text.plain_text import text_of

    files, stdin = read_input(files, form_in)
    folders = folders_of([*allow, *places_of(map(PlannedArticle, files))])
    for path in files:
        with contain_faults("it was read", Location(str(path))):
            planned = PlannedArticle(path)
            manuscript = load_manuscript(stdin.given(planned) if stdin else planned, folders=folders)
            kind = kind_of(path.name, manuscript.data)[1:]
            read, account = accounted_articles(manuscript)
        articles = [_with_sources(article) for article in read]
        console.tell_aside(f"{path}: read as {kind or 'text'}", log_format, file=str(path), format=kind)
        if not articles:
            raise PublisherError(
                *manuscript.diagnostics, Diagnostic(Code.MANUSCRIPT_EMPTY, "no article in it", Location(str(path)))
            )
        for article in articles:
            if form == "json":
                console.print_text(json.dumps(_values(article, kind, account), ensure_ascii=False, indent=2, default=str) + "\n")
            else:
                console.print_text(text_of(article, body_only=body) if form == "text" else xhtml(article.root) + "\n")
        console.show(manuscript.diagnostics, log_format, verbose=verbose)


def _with_sources(article: Article) -> Article:
    """The article as an output has it, its sources written out in the default style."""
    from bs4 import BeautifulSoup

    from publisher.model.markup import xhtml
    from publisher.text.citation_styles import DEFAULT_STYLE, style_of
    from publisher.text.citations import write_sources

    html, _ = write_sources(xhtml(article.root), article.citations, article.metadata.lang, style_of(DEFAULT_STYLE))
    return replace(article, tree=BeautifulSoup(html, "lxml"))


def _values(article: Article, kind: str, account: Account | None) -> dict[str, Any]:
    """An article as plain values for JSON; of resources the sizes, not the bytes. The account is that of the whole file."""
    from publisher.text.plain_text import text_of

    return {
        "format": kind,
        "metadata": asdict(article.metadata),
        "origins": {
            origin.field: {"place": origin.place, "confidence": origin.confidence, "guess": origin.guess}
            for origin in article.origins
        },
        "text": text_of(article),
        "citations": [asdict(citation) for citation in article.citations],
        "resources": [
            {"name": resource.name, "media_type": resource.media_type, "bytes": len(resource.data)}
            for resource in article.resources
        ],
        "removed": [asdict(removal) for removal in article.removed],
        "account": asdict(account) if account else None,
    }

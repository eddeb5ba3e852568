"""`publisher diff`: what changed from one release to another, or from one PDF or EPUB to another."""

from __future__ import annotations

from pathlib import Path

import click

from publisher.cli import console, options
from publisher.model.diagnostics import Exit

_PAGES = 20


@options.command(
    "publisher diff dist/brief-2026-03-17 dist/latest\npublisher diff old.pdf new.pdf -o changes.html",
    short_help="Show what changed between two releases.",
)
@click.argument("old", type=click.Path(exists=True, path_type=Path))
@click.argument("new", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--to",
    "form",
    type=click.Choice(["text", "json", "html"]),
    default=None,
    help="Form (default: by the suffix of -o, else text).",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write, in place of standard output.")
@click.option(
    "--pages", type=click.IntRange(0), default=_PAGES, show_default=True, help="Most pages to show side by side in HTML."
)
@click.option("--exit-code", "with_code", is_flag=True, help="Exit with code 5 if anything differs.")
@options.log_format
def diff(old: Path, new: Path, form: str | None, output: Path | None, pages: int, with_code: bool, log_format: str) -> int:
    """Show which articles, words, pages and sources changed from OLD to NEW: two release folders, two PDFs, or two EPUBs.

    As HTML the report is one page, with images of the pages that differ. The exit code is 0 also where something differs.
    """
    from publisher.model import disk
    from publisher.release.diff import difference
    from publisher.release.diff_page import as_page
    from publisher.release.diff_report import as_json, as_text
    from publisher.release.page_images import page_images

    form = form or {".html": "html", ".json": "json"}.get(output.suffix.lower() if output else "", "text")
    found = difference(old, new)
    if form == "html":
        files = found.old.pdf, found.new.pdf
        text = as_page(found, page_images(files[0], files[1], pages) if files[0] and files[1] else None)
    else:
        text = as_json(found) if form == "json" else as_text(found)
    if output is None:
        console.print_text(text)
    else:
        disk.write({output: text.encode()})
        console.tell(f"wrote {output} ({console.size(len(text.encode()))})", log_format)
    return Exit.DIFFERENT if with_code and found else Exit.DONE

"""Making a PDF again from what is attached to it: its articles and its manifest. Images are not attached and are left out."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pikepdf

from publisher.build.build import moment_of
from publisher.build.manifest_file import load
from publisher.build.planned import PlannedOutput
from publisher.model import disk
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.model.edition import Edition, Entry, Imprint, Section
from publisher.model.metadata import Metadata
from publisher.release.contents import MANIFEST, PdfContents, contents_of
from publisher.release.lone_files import counted
from publisher.release.meaning import headings_of
from publisher.release.page_words import PageWords, bare, missing_words
from publisher.release.pdf_text import structure_of
from publisher.writers import themes
from publisher.writers.contract import Settings
from publisher.writers.formats import writer_for

_IMAGE = re.compile(r"<img\b[^>]*/>")
_LANG = re.compile(r'<article[^>]* lang="([^"]*)"')


@dataclass(frozen=True)
class _Manifest:
    """What of the attached manifest the pages are set with, and what of it cannot be used here."""

    imprint: Imprint
    table: PlannedOutput
    notes: str = "auto"
    numbering: str = "article"
    trouble: str = ""


def rebuilt_articles(path: Path, done: list[str]) -> list[Diagnostic]:
    """What differs when a PDF is made again from its attached articles: the words of articles, and headings.

    Raises PublisherError where it cannot be read, or a component is missing (exit code 4). An EPUB has nothing attached.
    """
    place = Location(str(path))
    contents = contents_of(path)
    if not isinstance(contents, PdfContents) or not contents.articles:
        hint = "verify the folder of its release with --rebuild"
        return [Diagnostic(Code.NOT_VERIFIED, f"{path.name} has no attached articles to make it again from", place, hint)]
    manifest = _manifest(contents)
    edition = _edition(contents, manifest)
    found = [Diagnostic(Code.NOT_VERIFIED, f"{path.name} was made again without its images, which are not attached", place)]
    if manifest.trouble:
        message = f"the attached manifest cannot be used here ({manifest.trouble}): the default theme was used"
        found.append(Diagnostic(Code.NOT_VERIFIED, message, place))
    with disk.temporary_files(), tempfile.TemporaryDirectory() as folder:
        new = Path(folder) / path.name
        theme = _theme(manifest.table)
        paper = manifest.table.paper or theme.settings.paper
        settings = Settings(theme, moment_of(edition), paper, manifest.notes, manifest.table.variant)
        new.write_bytes(writer_for(new)(edition, settings).data)
        differences = list(_differences(path, new, contents))
    hint = "the pages of the file do not show what is attached to it: get it again"
    found += (Diagnostic(Code.REBUILD_DIFFERS, message, place, hint, slugs=(slug,)) for slug, message in differences[:1])
    if not differences:
        done.append(f"{counted(len(contents.articles), 'article')} made again with the same words and headings")
    return found


def _manifest(contents: PdfContents) -> _Manifest:
    """The attached manifest, as far as it can be used without the files that it names."""
    plain = Imprint(contents.title, language=contents.language or "en")
    if contents.manifest is None:
        return _Manifest(plain, PlannedOutput())
    with disk.temporary_files(), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / MANIFEST
        path.write_text(contents.manifest, "utf-8")
        try:
            manifest = load(path, MANIFEST, date=_day_of(contents.path)).manifest
        except PublisherError as problem:
            return _Manifest(plain, PlannedOutput(), trouble=problem.diagnostics[0].message)
    suffix = contents.path.suffix.lower()
    tables = {Path(name).name: table.planned() for name, table in manifest.outputs.items() if Path(name).suffix.lower() == suffix}
    table = tables.get(contents.path.name) or next(iter(tables.values()), PlannedOutput())
    theme = table.theme or manifest.theme.name or themes.DEFAULT
    is_shipped = (themes.shipped() / theme / "theme.toml").is_file()
    trouble = "" if is_shipped else f"it names the theme {theme}, which is not attached"
    table = replace(table, theme=themes.DEFAULT if trouble else theme)
    return _Manifest(manifest.imprint(), table, manifest.sources.notes, manifest.sources.numbering, trouble)


def _day_of(path: Path) -> str | None:
    """The day of a PDF, which placeholders in its manifest need; None if it has none."""
    with pikepdf.open(path) as pdf:
        stated = str(pdf.docinfo.get("/CreationDate", ""))
    match = re.match(r"D:(\d{4})(\d\d)(\d\d)", stated)
    return "-".join(match.groups()) if match else None


def _theme(table: PlannedOutput) -> themes.Theme:
    return themes.load(table.theme or themes.DEFAULT, Path())


def _edition(contents: PdfContents, manifest: _Manifest) -> Edition:
    entries = tuple(_entry(slug, xhtml, contents.titles[slug]) for slug, xhtml in contents.articles.items())
    sections = (Section("", "articles", entries),)
    return Edition(manifest.imprint, sections, numbering=manifest.numbering, listing="none")


def _entry(slug: str, xhtml: str, title: str) -> Entry:
    language = _LANG.search(xhtml)
    metadata = Metadata(title, lang=language[1] if language else "")
    return Entry(slug, metadata, _IMAGE.sub("", xhtml).strip(), len(xhtml.split()))


def _differences(old: Path, new: Path, contents: PdfContents) -> Iterator[tuple[str, str]]:
    """The slug of each article that differs, and how. Its words are those that are attached, on the old and on the new pages."""
    before, after = PageWords(structure_of(old)), PageWords(structure_of(new))
    lost = {pages: dict(missing_words(pages, contents.articles)) for pages in (before, after)}
    headings = [[bare(heading) for heading in headings_of(pages.root)] for pages in (before, after)]
    for slug in contents.articles:
        for pages, which in ((before, "the file"), (after, "the pages that were made again")):
            if slug in lost[pages]:
                yield slug, f"{slug} is the first article that differs: “{lost[pages][slug]}” is not in {which}"
        title = bare(contents.titles[slug])
        if title and (title in headings[0]) != (title in headings[1]):
            yield slug, f"{slug} is the first article that differs: its headline is no heading in one of the files"

"""A job laid out: again and again, until nothing on its pages asks for another setting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.text.languages import direction
from publisher.writers.pdf.downsample import downsample_for_print
from publisher.writers.pdf.job import Job, Piece
from publisher.writers.pdf.sheet_markup import NARROW_TABLE_CLASSES, ArticleMarkup, article_markup

_MAX_LAYOUTS = 7  # how often a sheet is laid out at most
_FEW_LINES = 0.2  # of the text height, some eight lines: a last page with fewer is a reason to set the sheet tighter
_SAVED = 0.04  # of a page's text height: what setting a page tighter saves
_HALF, _FULL = 0.5, 0.8  # of the text height: a last page that is full enough
_MAX_NOTE_HEIGHT = 1 / 3  # of the page's text height: a taller note becomes an endnote


def page_style_sheets(lang: str) -> tuple[str, ...]:
    """The file names of the style sheets for pages of an edition in language `lang`."""
    return ("page.css", "rtl.css") if direction(lang) == "rtl" else ("page.css",)


@dataclass(frozen=True)
class _Setting:
    """What a layout may have to be repeated with.

    These are the notes that do not fit at the foot of a page and become endnotes, the step of each table that is too wide, the
    tables whose heads are too tall to be repeated, and whether the sheet is set `tight`, to save its last page.
    """

    moved_notes: frozenset[str] = frozenset()
    tables: tuple[tuple[str, int], ...] = ()
    unrepeated: frozenset[str] = frozenset()
    tight: bool = False


@dataclass(frozen=True)
class Layout:
    """The pages of a job (`document`, a weasyprint.Document), what they were laid out from, and what WeasyPrint warned of."""

    setting: _Setting
    xhtml: str
    articles: tuple[ArticleMarkup, ...]
    document: Any
    lines: tuple[str, ...]


def best_layout(job: Job) -> Layout:
    """The layout of a job: the tighter, if that saves a page."""
    laid_out = settled(job)
    if _may_save_a_page(laid_out.document, job):
        tight = settled(job, replace(laid_out.setting, tight=True))
        if len(tight.document.pages) < len(laid_out.document.pages):
            return tight
    return laid_out


def settled(job: Job, setting: _Setting = _Setting()) -> Layout:
    """The layout of a job, repeated until nothing in it asks for another setting."""
    for _ in range(_MAX_LAYOUTS):
        laid_out = _lay_out(job, setting)
        setting = _corrected(laid_out)
        if setting == laid_out.setting:
            break
    return laid_out


def _may_save_a_page(document: Any, job: Job) -> bool:
    """Whether what stands on the last page may find room on the others if the sheet is set tighter.

    In a sheet of a longer edition a last page that is more than half full is left as it is: to try costs a layout.
    """
    from publisher.writers.pdf import engine

    others = len(document.pages) - 1
    most = _FULL if job.before and job.after else _HALF
    return others > 0 and engine.height_on_last_page(document) < min(most, max(_FEW_LINES, _SAVED * others))


def _lay_out(job: Job, setting: _Setting) -> Layout:
    from publisher.writers.pdf import engine

    articles = tuple(_article_markup(job, piece, setting) for piece in job.pieces)
    xhtml = _xhtml(job, articles)
    styles = page_style_sheets(job.lang)
    with engine.logged_warnings() as lines:
        try:
            document = engine.render(xhtml, job.theme, job.paper, _images(job), *styles, tight=setting.tight)
        except RecursionError:
            raise PublisherError(_nesting_diagnostic(job)) from None
    return Layout(setting, xhtml, articles, document, tuple(lines))


def _corrected(laid_out: Layout) -> _Setting:
    """The setting without what is wrong in a layout: notes on the wrong page, tables that are too wide, missing heads."""
    from publisher.writers.pdf import engine

    setting, tables = laid_out.setting, dict(laid_out.setting.tables)
    parts = list(engine.laid_out_tables(laid_out.document))
    for key in engine.wide_tables(parts):
        tables[key] = min(dict(setting.tables).get(key, 0) + 1, len(NARROW_TABLE_CLASSES))
    return replace(
        setting,
        moved_notes=setting.moved_notes | set(_misplaced_notes(laid_out.document, laid_out.articles)),
        tables=tuple(sorted(tables.items())),
        unrepeated=setting.unrepeated | set(engine.tables_without_heads(parts)),
    )


def _article_markup(job: Job, piece: Piece, setting: _Setting) -> ArticleMarkup:
    slug = piece.entry.slug
    own_notes = {key.removeprefix(f"{slug}.") for key in setting.moved_notes if key.startswith(f"{slug}.")}
    return article_markup(
        piece.entry, job.level, job.notes, own_notes, dict(setting.tables), piece.notes_before, setting.unrepeated, piece.news
    )


def _xhtml(job: Job, articles: tuple[ArticleMarkup, ...]) -> str:
    return job.theme.render(
        "sheet.xhtml.j2",
        lang=job.lang,
        direction=direction(job.lang),
        title=job.name,
        kind=job.kind,
        before=job.before,
        after=job.after,
        below_headline=job.below_headline,
        level=job.level,
        pieces=list(zip(job.pieces, articles, strict=True)),
    )


def _images(job: Job) -> Mapping[str, tuple[bytes, str]]:
    images = [*job.images, *(image for piece in job.pieces for image in piece.entry.resources)]
    return {image.name: downsample_for_print(image) for image in images}


def _misplaced_notes(document: Any, articles: tuple[ArticleMarkup, ...]) -> Iterator[str]:
    """Footnotes that are lost, not on the page of their reference, or taller than a third of the page."""
    from publisher.writers.pdf import engine

    floating_notes = {key for article in articles for key in article.floating_notes}
    pages: dict[str, set[int]] = {}
    for number, page in enumerate(document.pages):
        for name in page.anchors:
            pages.setdefault(name, set()).add(number)
    for key in floating_notes:
        reference = ".call-".join(key.rsplit(".note-", 1))
        if not pages.get(key, set()) & pages.get(reference, {-1}):
            yield key
    for page in document.pages:
        for key, height in engine.notes_at_foot(page):
            if key in floating_notes and height > _MAX_NOTE_HEIGHT:
                yield key


def _nesting_diagnostic(job: Job) -> Diagnostic:
    return Diagnostic(
        Code.NESTING,
        f"{', '.join(job.slugs)} is nested too deeply to be typeset",
        Location(job.name),
        "reduce the nesting of lists, tables or quotations",
        slugs=job.slugs,
    )

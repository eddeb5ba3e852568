"""Typesets one sheet: turns articles into tagged PDF pages, with the data that bind.py needs.

`typeset` is a pure function of plain data, so it can run in any process or on any machine.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.model.edition import Entry
from publisher.model.garbage import collect_if_many
from publisher.model.parts import Resource
from publisher.store.fingerprints import fingerprint
from publisher.text.languages import direction
from publisher.writers.page_breaks import PageStart
from publisher.writers.pdf.downsample import downsample_for_print
from publisher.writers.pdf.font_subsets import Face
from publisher.writers.pdf.sheet_markup import NARROW_TABLE_CLASSES, ArticleMarkup, article_markup
from publisher.writers.system_fonts import SystemFont
from publisher.writers.themes import Theme

_NO_FAULT = re.compile(r"^Image .* has no required alt description|glyph rendered for Unicode string unsupported by fonts")
_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"\b[^\W\d_]{3,20}\b")
_WORDS_OF_A_CELL = 3  # that take as much time to typeset as a cell
_WORDS_OF_A_LINK = 60  # of the contents or the list of sources, which has a line of its own
_MAX_LAYOUTS = 7  # how often a sheet is laid out at most
_FEW_LINES = 0.2  # of the text height, some eight lines: a last page with fewer is a reason to set the sheet tighter
_SAVED = 0.04  # of a page's text height: what setting a page tighter saves
_HALF, _FULL = 0.5, 0.8  # of the text height: a last page that is full enough
_MAX_NOTE_HEIGHT = 1 / 3  # of the page's text height: a taller note becomes an endnote


def page_style_sheets(lang: str) -> tuple[str, ...]:
    """The file names of the style sheets for pages of an edition in language `lang`."""
    return ("page.css", "rtl.css") if direction(lang) == "rtl" else ("page.css",)


@dataclass(frozen=True)
class Piece:
    """An article in a sheet. `opens` is the title of the section that it begins, empty if none; `section` is its section's id.

    `notes_before` is by how many its notes are numbered higher than in the article alone. `news`: it is set as an item of news.
    """

    entry: Entry
    opens: str = ""
    section: str = ""
    notes_before: int = 0
    news: bool = False


@dataclass(frozen=True)
class Job:
    """The input of `typeset`.

    `before` and `after` are XHTML that is put before and after the articles, `below_headline` below the first headline; `images`
    are theirs. Of a `measured` job only the places on its pages are wanted: it is laid out, not drawn.
    """

    name: str
    pieces: tuple[Piece, ...]
    theme: Theme
    lang: str
    paper: str = "A4"
    notes: str = "auto"
    level: int = 2
    kind: str = "sheet"
    before: str = field(default="", repr=False)
    after: str = field(default="", repr=False)
    images: tuple[Resource, ...] = ()
    below_headline: str = field(default="", repr=False)
    measured: bool = False

    @property
    def fingerprint(self) -> str:
        """A key for the cache: equal only for jobs that make the same sheet."""
        pieces = [(piece.entry.digest, piece.opens, piece.section, piece.notes_before, piece.news) for piece in self.pieces]
        settings = (self.lang, self.paper, self.notes, self.level, self.kind, self.measured)
        images = [(image.name, hashlib.sha256(image.data).hexdigest()) for image in self.images]
        return fingerprint(
            "sheet", self.name, pieces, self.theme.digest, settings, self.before, self.after, images, self.below_headline
        )

    @property
    def slugs(self) -> tuple[str, ...]:
        return tuple(piece.entry.slug for piece in self.pieces)

    @property
    def prose(self) -> int:
        """The number of words as texts have them: a letter, a number or a code is none.

        A cell of a table counts as some, and so does a link of the contents or the list of sources, which has a line of its own.
        """
        texts = [*(piece.entry.xhtml for piece in self.pieces), self.before, self.after]
        words = sum(len(_WORD.findall(_TAG.sub(" ", text))) for text in texts)
        cells = sum(text.count("<td") + text.count("<th") for text in texts)
        links = self.before.count("<a ") + self.after.count("<a ")
        return words + _WORDS_OF_A_CELL * cells + _WORDS_OF_A_LINK * links

    @property
    def words(self) -> int:
        """The approximate size of the job, as a number of words."""
        return sum(piece.entry.word_count for piece in self.pieces) + len(self.before.split()) + len(self.after.split())


@dataclass(frozen=True)
class Sheet:
    """Tagged pages. `anchors` maps an id to its page (0-based) and its height in points above the page's foot.

    `blank` are the empty pages, `turned` those in landscape (both 0-based). `page_starts` has the start of each page, None
    for an empty one. `faces` are the theme's fonts that the pages use; they are not embedded in `pdf`.
    `claimable`: the file may claim PDF/UA and PDF/A. `missing` are the characters that no font has: marks stand for them.
    `system_fonts` are the machine's fonts that are embedded.
    """

    name: str
    pdf: bytes = field(repr=False)
    pages: int
    anchors: dict[str, tuple[int, float]]
    diagnostics: tuple[Diagnostic, ...] = ()
    blank: tuple[int, ...] = ()
    turned: tuple[int, ...] = ()
    faces: tuple[Face, ...] = field(default=(), repr=False)
    page_starts: tuple[PageStart | None, ...] = field(default=(), repr=False)
    claimable: bool = True
    missing: str = ""
    system_fonts: tuple[SystemFont, ...] = ()


def typeset(job: Job) -> Sheet:
    """The sheet of a job. Raises PublisherError if an article is nested too deeply to be laid out."""
    from publisher.writers.pdf import engine

    with engine.gc_disabled():
        laid_out = _layout(job)
        if job.measured:
            return _measured(job, laid_out.document)
        collect_if_many()  # boxes of earlier layouts, before the PDF needs memory
        missing, diagnostics = _checked(job, laid_out)
        return _finished(job, laid_out.document, missing, (*engine.unknown_versions(), *diagnostics))


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
class _LaidOut:
    setting: _Setting
    xhtml: str
    articles: tuple[ArticleMarkup, ...]
    document: Any
    lines: tuple[str, ...]


def _layout(job: Job) -> _LaidOut:
    """The layout of a job: the tighter, if that saves a page."""
    laid_out = _settled(job, _Setting())
    if _may_save_a_page(laid_out.document, job):
        tight = _settled(job, replace(laid_out.setting, tight=True))
        if len(tight.document.pages) < len(laid_out.document.pages):
            return tight
    return laid_out


def _checked(job: Job, laid_out: _LaidOut) -> tuple[str, tuple[Diagnostic, ...]]:
    """The characters that no font has, and the diagnostics of a layout, whose page breaks are marked now."""
    from publisher.writers.pdf import engine
    from publisher.writers.pdf.break_marks import mark_breaks
    from publisher.writers.pdf.page_parity import page_diagnostics

    mark_breaks(laid_out.document, "<pre" in laid_out.xhtml, job.theme, job.lang)
    diagnostics = [_moved_note_diagnostic(key) for key in sorted(laid_out.setting.moved_notes)]
    diagnostics += _engine_diagnostics(job, laid_out.lines)
    diagnostics += page_diagnostics([piece.entry for piece in job.pieces], laid_out.document)
    return engine.characters_without_glyph(laid_out.xhtml, job.theme), tuple(diagnostics)


def _may_save_a_page(document: Any, job: Job) -> bool:
    """Whether what stands on the last page may find room on the others if the sheet is set tighter.

    In a sheet of a longer edition a last page that is more than half full is left as it is: to try costs a layout.
    """
    from publisher.writers.pdf import engine

    others = len(document.pages) - 1
    most = _FULL if job.before and job.after else _HALF
    return others > 0 and engine.height_on_last_page(document) < min(most, max(_FEW_LINES, _SAVED * others))


def _settled(job: Job, setting: _Setting) -> _LaidOut:
    """The layout of a job, repeated until nothing in it asks for another setting."""
    for _ in range(_MAX_LAYOUTS):
        laid_out = _lay_out(job, setting)
        setting = _corrected(laid_out)
        if setting == laid_out.setting:
            break
    return laid_out


def _lay_out(job: Job, setting: _Setting) -> _LaidOut:
    from publisher.writers.pdf import engine

    articles = tuple(_article_markup(job, piece, setting) for piece in job.pieces)
    xhtml = _xhtml(job, articles)
    styles = page_style_sheets(job.lang)
    with engine.logged_warnings() as lines:
        try:
            document = engine.render(xhtml, job.theme, job.paper, _images(job), *styles, tight=setting.tight)
        except RecursionError:
            raise PublisherError(_nesting_diagnostic(job)) from None
    return _LaidOut(setting, xhtml, articles, document, tuple(lines))


def _corrected(laid_out: _LaidOut) -> _Setting:
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


def _finished(job: Job, document: Any, missing: str, diagnostics: tuple[Diagnostic, ...]) -> Sheet:
    """The sheet of a laid-out document."""
    from publisher.writers.pdf import engine
    from publisher.writers.pdf.page_starts import page_starts
    from publisher.writers.pdf.structure_fixes import fix_structure_tree
    from publisher.writers.pdf.written_fonts import write_without_fonts

    with engine.logged_warnings() as lines:
        written = write_without_fonts(
            document, job.theme, pdf_variant="pdf/ua-1", pdf_identifier=b"sheet", finisher=fix_structure_tree(job.name)
        )
    diagnostics += tuple(diagnostic for diagnostic in _engine_diagnostics(job, lines) if diagnostic not in diagnostics)
    return Sheet(
        job.name,
        written.data,
        len(document.pages),
        _anchors(document),
        diagnostics,
        tuple(engine.blank_pages(document)),
        _landscape_pages(document),
        written.faces,
        page_starts(document),
        engine.claims_hold(),
        missing + engine.characters_drawn_as_boxes(lines),
        written.system_fonts,
    )


def _measured(job: Job, document: Any) -> Sheet:
    """The places on the pages of a laid-out document that is not drawn."""
    from publisher.writers.pdf import engine
    from publisher.writers.pdf.page_starts import page_starts

    return Sheet(
        job.name,
        b"",
        len(document.pages),
        _anchors(document),
        blank=tuple(engine.blank_pages(document)),
        turned=_landscape_pages(document),
        page_starts=page_starts(document),
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


def _landscape_pages(document: Any) -> tuple[int, ...]:
    upright = [page.height > page.width for page in document.pages]
    return tuple(number for number, is_upright in enumerate(upright) if not is_upright)


def _anchors(document: Any) -> dict[str, tuple[int, float]]:
    """The position of each id: its page (0-based) and its height in points above the page's foot."""
    anchors: dict[str, tuple[int, float]] = {}
    for number, page in enumerate(document.pages):
        for name, (_, y, *_rest) in page.anchors.items():
            anchors.setdefault(name, (number, round((page.height - y) * 0.75, 2)))
    return anchors


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


def _moved_note_diagnostic(key: str) -> Diagnostic:
    slug, _, number = key.rpartition(".note-")
    return Diagnostic(
        Code.NOTE_MOVED, f"footnote {number} of {slug} is too tall for the foot of a page; it stands at the end of the article"
    )


def _engine_diagnostics(job: Job, lines: Sequence[str]) -> list[Diagnostic]:
    """Warnings for what WeasyPrint logs, but not for images that only decorate, nor for glyphs, which the sheet names."""
    return [Diagnostic(Code.TYPESETTING, line, Location(job.name)) for line in lines if not _NO_FAULT.search(line)]


def _nesting_diagnostic(job: Job) -> Diagnostic:
    return Diagnostic(
        Code.NESTING,
        f"{', '.join(job.slugs)} is nested too deeply to be typeset",
        Location(job.name),
        "reduce the nesting of lists, tables or quotations",
        slugs=job.slugs,
    )

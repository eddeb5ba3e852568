"""One sheet: articles in, tagged PDF pages out, with what the binder must know of them.

`typeset` is a pure function of plain data, so it runs in any process or on any machine.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from itertools import groupby
from operator import itemgetter
from typing import Any

from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.model.edition import Entry
from publisher.store.fingerprints import fingerprint
from publisher.text.languages import direction, font_package
from publisher.writers.page_breaks import PageStart
from publisher.writers.pdf.downsample import downsample_for_print
from publisher.writers.pdf.font_subsets import Face
from publisher.writers.pdf.sheet_markup import NARROWER, ArticleMarkup, article_markup
from publisher.writers.themes import Theme

_TOFU = re.compile(r'glyph rendered for Unicode string unsupported by fonts: "(.*?)" \(', re.DOTALL)
_ALT = re.compile(r"^Image .* has no required alt description")
_TAG = re.compile(r"<[^>]*>")
_TRIES = 7  # layouts of one sheet
TALL = 1 / 3  # of the page's text height: a taller note goes to the end of its article (issue: The spine)


def page_sheets(lang: str) -> tuple[str, ...]:
    """The style sheets of a page in an edition of language `lang`."""
    return ("page.css", "rtl.css") if direction(lang) == "rtl" else ("page.css",)


@dataclass(frozen=True)
class Piece:
    """An article in a sheet; `opens` is the title of the section it opens, `section` that section's id."""

    entry: Entry
    opens: str = ""
    section: str = ""


@dataclass(frozen=True)
class Job:
    """All that `typeset` needs. `before` and `after` are XHTML set around the articles; `resources` their pictures."""

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

    @property
    def fingerprint(self) -> str:
        """The same only where the sheet is the same."""
        pieces = [(one.entry.digest, one.opens, one.section) for one in self.pieces]
        settings = (self.lang, self.paper, self.notes, self.level, self.kind)
        return fingerprint("sheet", self.name, pieces, self.theme.digest, settings, self.before, self.after)

    @property
    def words(self) -> int:
        """How much there is to set, about."""
        return sum(piece.entry.word_count for piece in self.pieces) + len(self.before.split()) + len(self.after.split())


@dataclass(frozen=True)
class Sheet:
    """Tagged pages. `anchors` maps an id to its page (0-based) and its height in points from the page's foot.

    `blank` are the pages (0-based) on which nothing stands, `turned` those that lie on their side; `page_starts` has for each
    page what opens it, None for a blank one;
    `faces` are the fonts of the theme that it uses and does not hold.
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


def typeset(job: Job) -> Sheet:
    """The pages of a job. Raises PublisherError where an article nests too deep to be laid out."""
    from publisher.writers.pdf import engine

    with engine.gc_disabled():
        return _finished(job, *_laid_out(job))


def _laid_out(job: Job) -> tuple[Any, tuple[Diagnostic, ...]]:
    """The laid-out document; again with notes that did not fit at their article's end, and tables too wide made narrower."""
    from publisher.writers.pdf import engine

    moved: frozenset[str] = frozenset()
    tables: dict[str, int] = {}
    for _ in range(_TRIES):
        leaves = tuple(_leaf(job, piece, moved, tables) for piece in job.pieces)
        xhtml = _xhtml(job, leaves)
        with engine.logged_warnings() as lines:
            try:
                document = engine.render(xhtml, job.theme, job.paper, _pictures(job), *page_sheets(job.lang))
            except RecursionError:
                raise PublisherError(_too_deep(job)) from None
        misplaced = set(_misplaced(document, leaves)) - moved
        wide = [key for key in engine.wide_tables(document) if tables.get(key, 0) < len(NARROWER)]
        if not misplaced and not wide:
            break
        moved |= misplaced
        tables.update((key, tables.get(key, 0) + 1) for key in wide)
    said = [_moved(key) for key in sorted(moved)]
    said += _complaints(job, lines)
    said += _lost(job, document)
    return document, tuple(said)


def _finished(job: Job, document: Any, diagnostics: tuple[Diagnostic, ...]) -> Sheet:
    """The PDF of a laid-out document."""
    from publisher.writers.pdf import engine
    from publisher.writers.pdf.page_starts import page_starts
    from publisher.writers.pdf.structure_fixes import fix_structure_tree

    with engine.logged_warnings() as lines:
        pdf, faces = engine.write_pdf_without_fonts(
            document, job.theme, pdf_variant="pdf/ua-1", pdf_identifier=b"sheet", finisher=fix_structure_tree(job.name)
        )
    diagnostics += tuple(one for one in _complaints(job, lines) if one not in diagnostics)
    return Sheet(
        job.name,
        pdf,
        len(document.pages),
        _anchors(document),
        diagnostics,
        tuple(engine.blank_pages(document)),
        _turned(document),
        faces,
        page_starts(document),
    )


def _leaf(job: Job, piece: Piece, moved: frozenset[str], tables: Mapping[str, int]) -> ArticleMarkup:
    slug = piece.entry.slug
    own = {key.removeprefix(f"{slug}.") for key in moved if key.startswith(f"{slug}.")}
    return article_markup(piece.entry, job.level, job.notes, own, tables)


def _xhtml(job: Job, leaves: tuple[ArticleMarkup, ...]) -> str:
    return job.theme.render(
        "sheet.xhtml.j2",
        lang=job.lang,
        direction=direction(job.lang),
        title=job.name,
        kind=job.kind,
        before=job.before,
        after=job.after,
        level=job.level,
        pieces=list(zip(job.pieces, leaves, strict=True)),
    )


def _pictures(job: Job) -> Mapping[str, tuple[bytes, str]]:
    return {one.name: downsample_for_print(one) for piece in job.pieces for one in piece.entry.resources}


def _turned(document: Any) -> tuple[int, ...]:
    upright = [page.height > page.width for page in document.pages]
    return tuple(number for number, one in enumerate(upright) if not one)


def _anchors(document: Any) -> dict[str, tuple[int, float]]:
    """Where each id stands: its page (0-based) and its height in points from the page's foot."""
    found: dict[str, tuple[int, float]] = {}
    for number, page in enumerate(document.pages):
        for name, (_, y, *_rest) in page.anchors.items():
            found.setdefault(name, (number, round((page.height - y) * 0.75, 2)))
    return found


def _misplaced(document: Any, leaves: tuple[ArticleMarkup, ...]) -> Iterator[str]:
    """Notes at the foot that are lost, not on the page of their call, or taller than a third of the page."""
    from publisher.writers.pdf import engine

    floated = {key for one in leaves for key in one.floated}
    pages: dict[str, set[int]] = {}
    for number, page in enumerate(document.pages):
        for name in page.anchors:
            pages.setdefault(name, set()).add(number)
    for key in floated:
        call = ".call-".join(key.rsplit(".note-", 1))
        if not pages.get(key, set()) & pages.get(call, {-1}):
            yield key
    for page in document.pages:
        for key, height in engine.notes_at_foot(page):
            if key in floated and height > TALL:
                yield key


def _letters(text: str) -> Counter[str]:
    return Counter(char for char in text.casefold() if char.isalnum())


def _lost(job: Job, document: Any) -> list[Diagnostic]:
    """Letters of the articles that are on no page: none may be missing (DESIGN: nothing is dropped silently)."""
    from publisher.writers.pdf import engine

    shown = _letters("".join(engine.shown_text(document)))
    wanted = _letters("".join(unescape(_TAG.sub("", piece.entry.xhtml)) for piece in job.pieces))
    count = sum((wanted - shown).values())
    if not count:
        return []
    names = ", ".join(piece.entry.slug for piece in job.pieces)
    return [Diagnostic(Code.WORDS_LOST, f"{count} letters of {names} are on no page", Location(job.name), "report this as a bug")]


def _moved(key: str) -> Diagnostic:
    slug, _, number = key.rpartition(".note-")
    return Diagnostic(Code.NOTE_MOVED, f"note {number} of {slug} is too tall for the foot of a page; it is at the article's end")


def _complaints(job: Job, lines: Sequence[str]) -> list[Diagnostic]:
    """WeasyPrint's log lines: characters without a glyph are errors, decorative pictures nothing, the rest warnings."""
    tofu = dict.fromkeys("".join(found[1] for line in lines if (found := _TOFU.search(line))))
    said = [
        Diagnostic(Code.TYPESETTING, line, Location(job.name))
        for line in lines
        if not _TOFU.search(line) and not _ALT.search(line)
    ]
    chars = sorted((font_package(char), char) for char in tofu if not char.isspace())
    return said + [_no_glyph(job, package, [char for _, char in group]) for package, group in groupby(chars, itemgetter(0))]


def _no_glyph(job: Job, package: str, chars: Sequence[str]) -> Diagnostic:
    """An error that names characters, where the first stands and the package with a font for them: never a silent box."""
    first = chars[0]
    name = unicodedata.name(first, "private use" if unicodedata.category(first) == "Co" else "no name")
    rest = "".join(f", {char}" for char in chars[1:12]) + (f" and {len(chars) - 12} more" if len(chars) > 12 else "")
    places = (_place(piece.entry.slug, unescape(_TAG.sub(" ", piece.entry.xhtml)), first) for piece in job.pieces)
    where = next(filter(None, places), job.name)
    hint = f"install {package}, or take {'it' if len(chars) == 1 else 'them'} out"
    return Diagnostic(
        Code.GLYPH_MISSING, f"no font has {first} (U+{ord(first):04X} {name}){rest}, in {where}", Location(job.name), hint
    )


def _place(slug: str, text: str, char: str) -> str:
    """The article and the words around a character in it; empty where it is not there."""
    at = text.find(char)
    return f"{slug}: “…{' '.join(text[max(0, at - 24) : at + 24].split())}…”" if at >= 0 else ""


def _too_deep(job: Job) -> Diagnostic:
    names = ", ".join(piece.entry.slug for piece in job.pieces)
    return Diagnostic(
        Code.NESTING, f"{names} nests too deep to be set", Location(job.name), "take out lists or quotes inside one another"
    )

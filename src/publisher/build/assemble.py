"""From a plan to its edition: manuscripts loaded, read, given slugs, linked to each other, and put into their sections."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from publisher.build.crossrefs import link_targets, resolve
from publisher.build.ingest import ReadRecord, ReadResult, load_entries, read_all
from publisher.build.plan import Plan, PlannedArticle, load_manuscript
from publisher.build.selection import Selection, select, today
from publisher.build.slugs import SlugRequest, slugs_for
from publisher.input.manuscript import Manuscript
from publisher.ledger.account import Account
from publisher.model.diagnostics import Diagnostic, Location, PublisherError, errors
from publisher.model.edition import Edition, Entry, LeftOut, Section
from publisher.store.cache import Cache
from publisher.text.citation_styles import style_of
from publisher.text.citations import write_sources
from publisher.writers.contract import Mapper

Progress = Callable[[str, int], None]  # what begins now, and how many such steps there are


@dataclass(frozen=True)
class Input:
    """A manuscript in its place of the plan; `section` counts from 0."""

    section: int
    planned: PlannedArticle
    manuscript: Manuscript


@dataclass(frozen=True)
class ReadInputs:
    """The inputs of a plan with what reading them gave, in the same order; `published` numbers the articles to publish.

    `slugs` has one for each published article. `left_out` are the manuscripts that are missing because of errors.
    """

    inputs: tuple[Input, ...]
    results: tuple[ReadResult, ...]
    published: tuple[tuple[int, ...], ...]
    slugs: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]
    left_out: tuple[LeftOut, ...] = ()

    def place(self, slug: str, char: str) -> Location:
        """The file of an article and the line on which a character of it first stands (0 where it cannot be found)."""
        manuscript = self._manuscripts[slug]
        lines = (manuscript.line_of(form) for form in _written_forms(char)) if b"\0" not in manuscript.data else iter(())
        return Location(manuscript.label, next(filter(None, lines), 0))

    @cached_property
    def _manuscripts(self) -> dict[str, Manuscript]:
        pairs = zip(self.inputs, self.published, strict=True)
        manuscripts = (entry.manuscript for entry, numbers in pairs for _ in numbers)
        return dict(zip(self.slugs, manuscripts, strict=True))

    @property
    def identity(self) -> list[object]:
        """The same only where all that went into every article, and its place, is the same."""
        return [
            *self.left_out,
            *(
                (entry.section, str(entry.planned.path), entry.planned.line, result.identity, numbers)
                for entry, result, numbers in zip(self.inputs, self.results, self.published, strict=True)
            ),
        ]

    @property
    def records(self) -> list[ReadRecord]:
        """The records of the inputs, about their published articles alone."""
        return [result.record.only(numbers) for result, numbers in zip(self.results, self.published, strict=True)]

    @property
    def accounts(self) -> tuple[tuple[str, Account], ...]:
        """What the ledger says of each manuscript that was read, by its label."""
        pairs = zip(self.inputs, self.results, strict=True)
        return tuple((entry.manuscript.label, account) for entry, result in pairs if (account := result.record.account))

    def located(self, diagnostic: Diagnostic) -> Diagnostic:
        """A writer's message with the manuscript's file as its place, if it is about one article."""
        if len(diagnostic.slugs) != 1:
            return diagnostic
        return replace(diagnostic, location=Location(self._manuscripts[diagnostic.slugs[0]].label))

    def without(self, slugs: Collection[str], diagnostics: Sequence[Diagnostic]) -> ReadInputs:
        """The same without the articles of these slugs, for the reasons that `diagnostics` give."""
        rest, left_out, published = iter(self.slugs), list(self.left_out), []
        for entry, numbers in zip(self.inputs, self.published, strict=True):
            kept = tuple(number for number in numbers if next(rest) not in slugs)
            published.append(kept)
            if kept != numbers:
                left_out.append(LeftOut(_name(entry.planned)))
        return replace(
            self,
            published=tuple(published),
            slugs=tuple(slug for slug in self.slugs if slug not in slugs),
            diagnostics=(*self.diagnostics, *diagnostics),
            left_out=tuple(left_out),
        )


def _written_forms(char: str) -> tuple[str, ...]:
    """A character as a text file may have it: itself, as a numeric reference of markup, or escaped as in JSON."""
    number = ord(char)
    escaped = char.encode("utf-16-be").hex()
    json_escape = "".join(f"\\u{escaped[start : start + 4]}" for start in range(0, len(escaped), 4))
    return char, f"&#x{number:x};", f"&#x{number:X};", f"&#X{number:X};", f"&#{number};", json_escape


def load(plan: Plan, progress: Progress) -> tuple[list[Input], dict[PlannedArticle, tuple[Diagnostic, ...]]]:
    """Every manuscript of a plan that can be opened, and the errors of those that cannot."""
    inputs, faults = [], {}
    for index, section in enumerate(plan.sections):
        for planned in section.articles:
            progress(f"reading {planned.path}", plan.steps)
            try:
                inputs.append(Input(index, planned, load_manuscript(planned, plan.limits, plan.folders)))
            except PublisherError as problem:
                faults[planned] = problem.diagnostics
    return inputs, faults


def read_inputs(plan: Plan, run: Mapper, cache: Cache | None, progress: Progress) -> ReadInputs:
    """Every manuscript loaded, and read where it is not known; there may be no article to publish.

    Raises PublisherError with all errors of all of them. If the plan keeps going, manuscripts with errors are left out instead.
    """
    inputs, faults = load(plan, progress)
    results = read_all([entry.manuscript for entry in inputs], plan.imprint.language, run, cache)
    day = plan.imprint.date or today()
    selections = {planned: Selection(planned, (), diagnostics) for planned, diagnostics in faults.items()}
    for entry, result in zip(inputs, results, strict=True):
        selections[entry.planned] = select(entry.planned, entry.manuscript, result.record, day)
    ordered = [selections[planned] for section in plan.sections for planned in section.articles]
    found = [diagnostic for selection in ordered for diagnostic in selection.diagnostics]
    published = [selections[entry.planned].published for entry in inputs]
    slugs, clashes = slugs_for(
        [
            SlugRequest(entry.planned, entry.manuscript.given.slug, result.record.only(numbers).names)
            for entry, result, numbers in zip(inputs, results, published, strict=True)
        ]
    )
    if clashes or (errors(found) and not (plan.keep_going and slugs)):
        raise PublisherError(*found, *clashes)
    left_out = [LeftOut(_name(selection.planned), selection.held) for selection in ordered if selection.errors]
    return ReadInputs(tuple(inputs), tuple(results), tuple(published), tuple(slugs), tuple(found), tuple(left_out))


def _name(planned: PlannedArticle) -> str:
    return planned.given.title or planned.path.name


def edition_of(plan: Plan, read_inputs: ReadInputs, run: Mapper, cache: Cache | None) -> tuple[Edition, tuple[Diagnostic, ...]]:
    """The edition, its links between articles resolved and its sources written out; and what is wrong with the links."""
    manuscripts = [entry.manuscript for entry in read_inputs.inputs]
    loaded = load_entries(read_inputs.results, manuscripts, plan.imprint.language, run, cache)
    rows = [
        (entry, articles[number])
        for entry, articles, numbers in zip(read_inputs.inputs, loaded, read_inputs.published, strict=True)
        for number in numbers
    ]
    placed = [(entry, replace(article, slug=slug)) for (entry, article), slug in zip(rows, read_inputs.slugs, strict=True)]
    targets = link_targets((entry.manuscript, article) for entry, article in placed)
    style, broken = style_of(plan.style), []
    sections: dict[int, list[Entry]] = {}
    for entry, article in placed:
        xhtml, diagnostics = resolve(article.xhtml, entry.manuscript, targets)
        broken += diagnostics
        xhtml, words = write_sources(xhtml, article.citations, article.metadata.lang, style)
        finished = replace(article, xhtml=xhtml, word_count=article.word_count + words)
        sections.setdefault(entry.section, []).append(finished)
    return _edition(plan, sections, read_inputs.left_out), tuple(broken)


def _edition(plan: Plan, entries: Mapping[int, Sequence[Entry]], left_out: tuple[LeftOut, ...]) -> Edition:
    sections = tuple(
        Section(section.name, f"section-{number}", tuple(entries[number - 1]), section.part)
        for number, section in enumerate(plan.sections, 1)
        if entries.get(number - 1)
    )
    imprint = plan.imprint
    if plan.standalone:
        metadata = sections[0].entries[0].metadata
        imprint = replace(imprint, title=metadata.title, authors=metadata.authors, language=metadata.lang,
                          description=metadata.description, rights=metadata.rights, publisher=metadata.publisher)  # fmt: skip
    return Edition(imprint, sections, plan.standalone, plan.manifest, left_out)

"""From a plan to its edition: manuscripts loaded, read, given slugs, linked to each other, and put into their sections."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from publisher.build.crossrefs import resolve
from publisher.build.ingest import ReadResult, load_entries, read_all
from publisher.build.plan import Plan, PlannedArticle, load_manuscript
from publisher.build.slugs import SlugRequest, slugs_for
from publisher.input.manuscript import Manuscript
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError, errors
from publisher.model.edition import Edition, Entry, Section
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
    """The inputs of a plan with what reading them gave, in the same order; `slugs` has one for each article."""

    inputs: tuple[Input, ...]
    results: tuple[ReadResult, ...]
    slugs: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]

    def place(self, slug: str, char: str) -> Location:
        """The file of an article and the line on which a character of it first stands (0 where it cannot be found)."""
        manuscript = self._manuscripts[slug]
        lines = (manuscript.line_of(form) for form in _written_forms(char)) if b"\0" not in manuscript.data else iter(())
        return Location(manuscript.label, next(filter(None, lines), 0))

    @cached_property
    def _manuscripts(self) -> dict[str, Manuscript]:
        manuscripts = (
            entry.manuscript for entry, result in zip(self.inputs, self.results, strict=True) for _ in result.record.names
        )
        return dict(zip(self.slugs, manuscripts, strict=True))

    @property
    def identity(self) -> list[tuple[int, str, int, str]]:
        """The same only where all that went into every article, and its place, is the same."""
        return [
            (entry.section, str(entry.planned.path), entry.planned.line, result.identity)
            for entry, result in zip(self.inputs, self.results, strict=True)
        ]


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
                inputs.append(Input(index, planned, load_manuscript(planned, plan.limits)))
            except PublisherError as problem:
                faults[planned] = problem.diagnostics
    return inputs, faults


def read_inputs(plan: Plan, run: Mapper, cache: Cache | None, progress: Progress) -> ReadInputs:
    """Every manuscript loaded, and read where it is not known. Raises PublisherError with all errors of all of them."""
    inputs, diagnostics = load(plan, progress)
    results = read_all([entry.manuscript for entry in inputs], plan.imprint.language, run, cache)
    for entry, result in zip(inputs, results, strict=True):
        diagnostics[entry.planned] = result.record.diagnostics
    ordered = [planned for section in plan.sections for planned in section.articles]
    found = [diagnostic for planned in ordered for diagnostic in diagnostics[planned]]
    slugs, clashes = slugs_for(
        [
            SlugRequest(entry.planned, entry.manuscript.given.slug, result.record.names)
            for entry, result in zip(inputs, results, strict=True)
        ]
    )
    if clashes or errors(found):
        raise PublisherError(*found, *clashes)
    if not slugs:
        raise PublisherError(*found, Diagnostic(Code.NOTHING_TO_READ, "no article is left to publish", Location(plan.label)))
    return ReadInputs(tuple(inputs), tuple(results), tuple(slugs), tuple(found))


def edition_of(plan: Plan, read_inputs: ReadInputs, run: Mapper, cache: Cache | None) -> tuple[Edition, tuple[Diagnostic, ...]]:
    """The edition, its links between articles resolved and its sources written out, and the diagnostics of all articles."""
    manuscripts = [entry.manuscript for entry in read_inputs.inputs]
    loaded = load_entries(read_inputs.results, manuscripts, plan.imprint.language, run, cache)
    rows = [(entry, article) for entry, articles in zip(read_inputs.inputs, loaded, strict=True) for article in articles]
    paths = {entry.manuscript.path.resolve(): slug for (entry, _), slug in zip(rows, read_inputs.slugs, strict=True)}
    style, broken = style_of(plan.style), []
    sections: dict[int, list[Entry]] = {}
    for (entry, article), slug in zip(rows, read_inputs.slugs, strict=True):
        xhtml, diagnostics = resolve(article.xhtml, entry.manuscript, paths)
        broken += diagnostics
        xhtml, words = write_sources(xhtml, article.citations, article.metadata.lang, style)
        placed = replace(article, slug=slug, xhtml=xhtml, word_count=article.word_count + words)
        sections.setdefault(entry.section, []).append(placed)
    return _edition(plan, sections), (*read_inputs.diagnostics, *broken)


def _edition(plan: Plan, entries: Mapping[int, Sequence[Entry]]) -> Edition:
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
    return Edition(imprint, sections, plan.standalone, plan.manifest)

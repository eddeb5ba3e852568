"""From a plan to its edition: manuscripts loaded, read, given slugs, linked to each other, and put into their sections."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from pathlib import Path

from publisher.build.changes import with_changes
from publisher.build.choice import NotChosen, PublishedStories, arranged, counts, identities, wanted_now
from publisher.build.crossrefs import link_targets, resolve
from publisher.build.history import Story
from publisher.build.ingest import UNWANTED, ReadResult, load_entries, read_all
from publisher.build.libraries import Library, load_library
from publisher.build.manuscripts import load_manuscript
from publisher.build.places import ManuscriptPlaces
from publisher.build.planned import Plan, PlannedArticle
from publisher.build.repeated import Copy, Repeat, without_repeats
from publisher.build.selection import Selection, select, today
from publisher.build.slugs import SlugRequest, slugs_for
from publisher.build.sources import captured_sources, undescribed_sources
from publisher.input.captures import CAPTURE_INDEX, CAPTURED_SOURCES, captures_in
from publisher.input.formats import FEEDS
from publisher.input.manuscript import Manuscript
from publisher.ledger.account import Account
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError, errors
from publisher.model.edition import BibliographyEntry, Edition, Entry, LeftOut, Section
from publisher.model.events import ArticleSkipped, Listener, ignore
from publisher.model.faults import contain_faults
from publisher.model.sources import Source
from publisher.store.cache import Cache
from publisher.text.citation_styles import CitationStyle, style_of, styles
from publisher.text.citations import write_sources
from publisher.text.csl.processor import require_processor
from publisher.text.csl.styles import Style, load_style
from publisher.writers.contract import Mapper

_REPEATED = "a story that is published from another copy"


@dataclass(frozen=True)
class Input:
    """A manuscript in its place of the plan; `section` counts from 0."""

    section: int
    planned: PlannedArticle
    manuscript: Manuscript


@dataclass(frozen=True)
class ReadInputs:
    """The inputs of a plan with what reading them gave, in the same order; `published` are the articles, in reading order.

    `slugs` has one for each published article. `left_out` are the manuscripts that are missing because of errors, `repeats` the
    articles of which another copy is published, `not_chosen` those that are not wanted, `captured` what captures know of pages.
    `stories` are the published articles as the history of the releases has them, `indexes` the indexes of captures.
    """

    inputs: tuple[Input, ...]
    results: tuple[ReadResult, ...]
    published: tuple[Copy, ...]
    slugs: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]
    left_out: tuple[LeftOut, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    not_chosen: tuple[NotChosen, ...] = ()
    stories: tuple[Story, ...] = ()
    library: Library = Library()
    captured: tuple[Source, ...] = ()
    indexes: tuple[Path, ...] = ()

    @property
    def place(self) -> ManuscriptPlaces:
        """Where in its manuscript a character of an article stands."""
        return ManuscriptPlaces(self._manuscripts)

    @cached_property
    def _manuscripts(self) -> dict[str, Manuscript]:
        manuscripts = (self.inputs[article.input].manuscript for article in self.published)
        return dict(zip(self.slugs, manuscripts, strict=True))

    @property
    def identity(self) -> list[object]:
        """The same only where all that went into every article, and its place, is the same."""
        files = [
            (entry.section, str(entry.planned.path), entry.planned.line, result.identity)
            for entry, result in zip(self.inputs, self.results, strict=True)
        ]
        published = [(article.section, article.place) for article in self.published]
        repeats = [(repeat.left_out.place, repeat.kept.place) for repeat in self.repeats]
        return [*self.left_out, self.library.digest, self.captured, files, published, repeats]

    @property
    def words(self) -> int:
        """The words of the published articles."""
        return sum(article.words for article in self.published)

    @property
    def sources(self) -> frozenset[str]:
        """The identifiers of all sources that the published articles name."""
        records = [(self.results[article.input].record, article.number) for article in self.published]
        linked = {source for record, number in records for source in record.sources[number]}
        keys = {pair for record, number in records for pair in record.cited[number]}
        entries = self.library.entries
        return frozenset(linked | {entries[key].identifier if key in entries else own for key, own in keys})

    @property
    def accounts(self) -> tuple[tuple[str, Account], ...]:
        """What the ledger says of each manuscript that was read, by its label. Repeated stories count as removed."""
        repeated: dict[int, list[int]] = {}
        others: dict[int, list[int]] = {}
        for copies, numbers in (
            ([repeat.left_out for repeat in self.repeats], repeated),
            ([other.copy for other in self.not_chosen], others),
        ):
            for copy in copies:
                numbers.setdefault(copy.input, []).append(copy.number)
        return tuple(
            (
                entry.manuscript.label,
                account.without(repeated.get(index, ()), _REPEATED).without(others.get(index, ()), UNWANTED),
            )
            for index, (entry, result) in enumerate(zip(self.inputs, self.results, strict=True))
            if (account := result.record.account)
        )

    def located(self, diagnostic: Diagnostic) -> Diagnostic:
        """A writer's message with the manuscript's file as its place, if it is about one article."""
        if len(diagnostic.slugs) != 1 or (diagnostic.location and diagnostic.location.line):
            return diagnostic
        return replace(diagnostic, location=Location(self._manuscripts[diagnostic.slugs[0]].label))

    def skipped(self, diagnostics: Sequence[Diagnostic]) -> Iterator[ArticleSkipped]:
        """The articles that errors are about, each once, with the code of its first."""
        codes: dict[str, str] = {}
        for diagnostic in diagnostics:
            for slug in diagnostic.slugs:
                codes.setdefault(slug, diagnostic.name)
        titles = dict(zip(self.slugs, (article.title for article in self.published), strict=True))
        for slug, code in codes.items():
            yield ArticleSkipped(self._manuscripts[slug].label, titles[slug], code)

    def without(self, slugs: Collection[str], diagnostics: Sequence[Diagnostic]) -> ReadInputs:
        """The same without the articles of these slugs, for the reasons that `diagnostics` give."""
        pairs = list(zip(self.published, self.slugs, strict=True))
        faulty = dict.fromkeys(article.input for article, slug in pairs if slug in slugs)
        return replace(
            self,
            published=tuple(article for article, slug in pairs if slug not in slugs),
            slugs=tuple(slug for slug in self.slugs if slug not in slugs),
            stories=tuple(story for story in self.stories if story.slug not in slugs),
            diagnostics=(*self.diagnostics, *diagnostics),
            left_out=(*self.left_out, *(LeftOut(_name(self.inputs[index].planned)) for index in faulty)),
        )


def load(plan: Plan) -> tuple[list[Input], dict[PlannedArticle, tuple[Diagnostic, ...]]]:
    """Every manuscript of a plan that can be opened, and the errors of those that cannot."""
    inputs, faults = [], {}
    for index, section in enumerate(plan.sections):
        for planned in section.articles:
            try:
                with contain_faults("it was opened", Location(str(planned.path))):
                    manuscript = load_manuscript(planned, plan.limits, plan.folders, cites=bool(plan.bibliography))
                inputs.append(Input(index, planned, manuscript))
            except PublisherError as problem:
                faults[planned] = problem.diagnostics
    return inputs, faults


def read_inputs(plan: Plan, run: Mapper, cache: Cache | None, report: Listener = ignore) -> ReadInputs:
    """Every manuscript loaded, and read where it is not known; there may be no article to publish.

    Raises PublisherError with all errors of all of them. If the plan keeps going, manuscripts with errors are left out instead.
    """
    library, library_faults = _library(plan, cache)
    inputs, faults = load(plan)
    results = read_all([entry.manuscript for entry in inputs], plan.imprint.language, run, cache, report)
    day = plan.imprint.date or today()
    selections = {planned: Selection(planned, planned.shown_path, (), diagnostics) for planned, diagnostics in faults.items()}
    for entry, result in zip(inputs, results, strict=True):
        selections[entry.planned] = select(entry.planned, entry.manuscript, result.record, day)
    ordered = [selections[planned] for section in plan.sections for planned in section.articles]
    found = [diagnostic for selection in ordered for diagnostic in selection.diagnostics]
    copies = list(_copies(plan, inputs, results, [selections[entry.planned].published for entry in inputs]))
    slugs, clashes = _slugs(copies, inputs)
    if library_faults or clashes or (errors(found) and not (plan.keep_going and slugs)):
        raise PublisherError(*library_faults, *found, *clashes)
    left_out = [LeftOut(_name(selection.planned), selection.held) for selection in ordered if selection.errors]
    published, repeats, not_chosen, known_by = _chosen(plan, inputs, copies)
    found += [_repeated(repeat, inputs) for repeat in repeats]
    found += _not_chosen(not_chosen, inputs)
    skipped = [article for selection in ordered for article in selection.skipped]
    skipped += [_skipped(repeat.left_out, Code.STORY_REPEATED, inputs) for repeat in repeats]
    skipped += [_skipped(other.copy, Code.NOT_CHOSEN, inputs) for other in not_chosen]
    for article in skipped:
        report(article)
    published_slugs = tuple(slugs[copy.place] for copy in published)
    stories = tuple(Story(known_by[copy.place], copy.title, slugs[copy.place], copy.digest) for copy in published)
    folders = [plan.folder, plan.folder / CAPTURED_SOURCES, *(entry.planned.path.parent for entry in inputs)]
    captured, unread = captured_sources(folders)
    found += unread
    return ReadInputs(
        tuple(inputs),
        tuple(results),
        published,
        published_slugs,
        tuple(found),
        tuple(left_out),
        repeats,
        not_chosen,
        stories,
        library,
        captured,
        tuple(path for folder in dict.fromkeys(folders) if (path := folder / CAPTURE_INDEX).is_file()),
    )


def _chosen(
    plan: Plan, inputs: Sequence[Input], copies: Sequence[Copy]
) -> tuple[tuple[Copy, ...], tuple[Repeat, ...], tuple[NotChosen, ...], dict[tuple[int, int], tuple[str, ...]]]:
    """The articles to publish, the repeats, those that are not wanted, and what each of all is known by tomorrow."""
    known_by, published_before = identities(copies), PublishedStories(plan.history.stories(plan.version))

    def planned(copy: Copy) -> PlannedArticle:
        return inputs[copy.input].planned

    new, old = wanted_now(
        copies,
        lambda copy: planned(copy).wanted,
        lambda copy: published_before.contain(Story(known_by[copy.place], copy.title)),
    )
    different, repeats = without_repeats(new)
    sections = {number: section.wanted for number, section in enumerate(plan.sections)}
    published, over = arranged(different, lambda copy: (planned(copy).entry, planned(copy).wanted), sections)
    return published, repeats, (*old, *over), known_by


def _not_chosen(others: Sequence[NotChosen], inputs: Sequence[Input]) -> Iterator[Diagnostic]:
    """A note for each file and reason."""
    for number, reason, count in counts(others):
        are = "1 article is" if count == 1 else f"{count} articles are"
        yield Diagnostic(Code.NOT_CHOSEN, f"{are} left out: {reason}", Location(inputs[number].manuscript.label))


def _copies(
    plan: Plan, inputs: Sequence[Input], results: Sequence[ReadResult], selected: Sequence[Sequence[int]]
) -> Iterator[Copy]:
    """The articles of the selected numbers of each input, with what shows whether two are copies of one story."""
    known: set[Path] = set()
    for index, (entry, result, numbers) in enumerate(zip(inputs, results, selected, strict=True)):
        record, path = result.record, entry.planned.path.resolve()
        captures = captures_in(entry.manuscript.open(CAPTURE_INDEX) if record.kind in FEEDS else None)
        for number in numbers:
            captured = next(filter(None, map(captures.file_of, record.addresses[number])), "")
            yield Copy(
                input=index,
                number=number,
                section=entry.section,
                part=plan.sections[entry.section].part,
                path=path,
                kind=record.kind,
                title=record.titles[number],
                name=record.names[number],
                words=record.words[number],
                known=record.known[number],
                date=record.dates[number],
                digest=record.digests[number],
                addresses=record.addresses[number],
                publication=record.publications[number],
                captured=path.parent / captured if captured else None,
                is_first=path not in known,
            )
        known.add(path)


def _slugs(copies: Sequence[Copy], inputs: Sequence[Input]) -> tuple[dict[tuple[int, int], str], list[Diagnostic]]:
    """The slug of each article by its place, repeated stories too: no slug depends on what another file repeats."""
    requests = [
        SlugRequest(inputs[index].planned, inputs[index].manuscript.given.slug, tuple(copy.name for copy in own_copies))
        for index, own_copies in groupby(copies, lambda copy: copy.input)
    ]
    slugs, clashes = slugs_for(requests)
    return dict(zip((copy.place for copy in copies), slugs, strict=True)), clashes


def _repeated(repeat: Repeat, inputs: Sequence[Input]) -> Diagnostic:
    left_out, kept = (inputs[copy.input].manuscript for copy in (repeat.left_out, repeat.kept))
    common = f" (same {repeat.common})" if repeat.common else ""
    message = f"“{repeat.left_out.title}” is left out: {kept.label} has the same story{common}, {repeat.reason}"
    return Diagnostic(Code.STORY_REPEATED, message, Location(left_out.label, left_out.line_of(repeat.left_out.title)))


def _skipped(copy: Copy, code: Code, inputs: Sequence[Input]) -> ArticleSkipped:
    return ArticleSkipped(inputs[copy.input].manuscript.label, copy.title, str(code))


def _library(plan: Plan, cache: Cache | None) -> tuple[Library, tuple[Diagnostic, ...]]:
    """The libraries of a plan, or the errors in them."""
    try:
        return load_library(plan.bibliography, plan.label, cache), ()
    except PublisherError as problem:
        return Library(), problem.diagnostics


def _name(planned: PlannedArticle) -> str:
    return planned.given.title or planned.path.name


def edition_of(plan: Plan, read_inputs: ReadInputs, run: Mapper, cache: Cache | None) -> tuple[Edition, tuple[Diagnostic, ...]]:
    """The edition, its links between articles resolved and its sources written out; and what is wrong with the links."""
    from publisher.build.citing import with_citations

    manuscripts = [entry.manuscript for entry in read_inputs.inputs]
    loaded = load_entries(read_inputs.results, manuscripts, plan.imprint.language, run, cache)
    entries = [
        replace(loaded[copy.input][copy.number], slug=slug)
        for copy, slug in zip(read_inputs.published, read_inputs.slugs, strict=True)
    ]
    left_out = [loaded[repeat.left_out.input][repeat.left_out.number] for repeat in read_inputs.repeats]
    known = [citation.source for entry in left_out for citation in entry.citations]  # a copy may say more of the source
    known += read_inputs.captured
    labels = [manuscripts[copy.input].label for copy in read_inputs.published]
    style = citation_style(plan)
    cited = with_citations(entries, labels, read_inputs.library, known, style, plan.imprint.language, cache)
    targets = _link_targets(read_inputs, manuscripts, cited.entries)
    found = list(cited.diagnostics)
    faults = list[Diagnostic]()
    last = next(reversed(plan.history.before(plan.version)), None)
    sections: dict[int, list[Entry]] = {}
    for copy, article, write in zip(read_inputs.published, cited.entries, cited.styles, strict=True):
        manuscript = manuscripts[copy.input]
        try:
            with contain_faults("its links and sources were written", Location(manuscript.label), (article.slug,)):
                xhtml, diagnostics = resolve(article.xhtml, manuscript, targets)
                xhtml = with_changes(xhtml, article.metadata.lang, read_inputs.stories, last, article.slug)
                xhtml, words = write_sources(xhtml, article.citations, article.metadata.lang, write, grouped=plan.notes != "foot")
        except PublisherError as problem:
            faults += problem.diagnostics
            continue
        found += diagnostics
        finished = replace(article, xhtml=xhtml, word_count=article.word_count + words)
        sections.setdefault(copy.section, []).append(finished)
    if faults:
        raise PublisherError(*faults)
    found += undescribed_sources(cited.entries, plan.label)
    return _edition(plan, sections, read_inputs.left_out, cited.bibliography), tuple(found)


def _link_targets(read_inputs: ReadInputs, manuscripts: Sequence[Manuscript], entries: Sequence[Entry]) -> Mapping[Path, Entry]:
    """The articles by the paths that links name. A link to a copy that is left out leads to the one that is published."""
    placed = {copy.place: entry for copy, entry in zip(read_inputs.published, entries, strict=True)}
    named = [(copy, copy.place) for copy in read_inputs.published]
    named += [(repeat.left_out, repeat.kept.place) for repeat in read_inputs.repeats if repeat.kept.place in placed]
    return link_targets((manuscripts[copy.input], copy.name, placed[place]) for copy, place in named)


def citation_style(plan: Plan) -> CitationStyle | Style:
    """The style of a plan: a function of a source, or a style of CSL. Raises PublisherError where CSL cannot be used."""
    if plan.style in styles():
        return style_of(plan.style)
    require_processor()
    return load_style(plan.style, plan.folder)


def _edition(
    plan: Plan,
    entries: Mapping[int, Sequence[Entry]],
    left_out: tuple[LeftOut, ...],
    bibliography: tuple[BibliographyEntry, ...],
) -> Edition:
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
    return Edition(imprint, sections, plan.standalone, plan.manifest, left_out, plan.numbering, plan.listing, bibliography)

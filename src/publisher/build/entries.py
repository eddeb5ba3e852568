"""The sections of a manifest: an entry of `articles` is a file, a folder or a pattern of names, that of `feeds` an address."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from publisher.build.choice import Wanted
from publisher.build.found_files import dangling_link, files_in, may_be_manuscript
from publisher.build.listed_feeds import FeedPlace, captured_feeds, feeds_in
from publisher.build.manifest import ListedArticle, Since
from publisher.build.manifest_file import LoadedManifest
from publisher.build.patterns import is_pattern, matches
from publisher.build.planned import PlannedArticle, PlannedSection
from publisher.build.since import wanted_of
from publisher.input.toml_lines import line_of
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError


def planned_sections(
    folder: Path, loaded: LoadedManifest, label: str
) -> tuple[tuple[PlannedSection, ...], tuple[Diagnostic, ...]]:
    """The sections of a manifest with the files of their entries, none if no entry is in any; and messages about the entries.

    Raises PublisherError with all that is wrong with the entries.
    """
    notes, faults = list[Diagnostic](), list[Diagnostic]()
    taken = {_place(folder, entry.path) for section in loaded.manifest.section for entry in section.articles}
    all_feeds = feeds_in(loaded.manifest, loaded.text, label)
    sections = []
    for number, section in enumerate(loaded.manifest.section):
        articles = list[PlannedArticle]()
        since = section.since or loaded.manifest.edition.since
        for index, entry in enumerate(section.articles):
            line = _line_of(entry.path, loaded.text, number)
            files = _files_of(folder, entry, taken, notes)
            if files is None:
                articles.append(_named(folder, entry, since, index, line, label))
                continue
            faults += _keys_of_single_articles(entry, line, label)
            if not files:
                message = f"{entry.path} matches no manuscript"
                notes.append(Diagnostic(Code.PATTERN_EMPTY, message, Location(label, line)))
            wanted = wanted_of(entry.since or since, entry.most)
            articles += [
                PlannedArticle(file, entry.metadata(), line, label, listed=True, entry=index, wanted=wanted) for file in files
            ]
        articles += _feeds(folder, all_feeds[number], since, len(section.articles), label, notes)
        wanted = Wanted(most=section.most, sort=section.sort)
        sections.append(PlannedSection(section.title, tuple(articles), wanted=wanted))
    if faults:
        raise PublisherError(*faults)
    listed = any(section.articles or section.feeds for section in loaded.manifest.section)
    return tuple(sections) if listed else (), tuple(notes)


def _named(folder: Path, entry: ListedArticle, since: Since, index: int, line: int, label: str) -> PlannedArticle:
    """The file that an entry names by its path. What is chosen by the day or the number alone is chosen while it is read."""
    wanted = wanted_of(entry.since or since, entry.most)
    early = Wanted() if wanted.unpublished else wanted
    return PlannedArticle(
        folder / entry.path, entry.metadata(), line, label, True, early.since, early.most, entry=index, wanted=wanted
    )


def _feeds(
    folder: Path, feeds: Sequence[FeedPlace], since: Since, first: int, label: str, notes: list[Diagnostic]
) -> Iterator[PlannedArticle]:
    """What was captured of the feeds of a section, whose entries are counted from `first`; notes about what was not."""
    for index, (entry, captured) in enumerate(zip(feeds, captured_feeds(folder, feeds, label), strict=True), first):
        notes += captured.diagnostics
        if captured.file is not None:
            wanted = wanted_of(entry.feed.since or since, entry.feed.most)
            early = Wanted() if wanted.unpublished else wanted
            given, line = entry.feed.metadata(), entry.place.line
            yield PlannedArticle(
                captured.file, given, line, label, False, early.since, early.most, listed=True, entry=index, wanted=wanted
            )


def _line_of(path: str, text: str, section: int) -> int:
    """The line of an entry in the manifest; that of its section's list if its path has placeholders."""
    found = next((number for number, line in enumerate(text.split("\n"), 1) if f'"{path}"' in line), 0)
    return found or line_of(text, ("section", section, "articles"))


def _files_of(folder: Path, entry: ListedArticle, taken: set[Path], notes: list[Diagnostic]) -> list[Path] | None:
    """The manuscripts of an entry that is a folder or a pattern, without those that are `taken`, where they are added.

    None if it is the path of a file. Notes about what of a folder is not read are added to `notes`.
    """
    place = folder / entry.path
    if place.is_dir():
        found = files_in(place, taken)
        files, notes[len(notes) :] = list(found.manuscripts), found.diagnostics
    elif is_pattern(entry.path) and not os.path.lexists(place):
        files = [path for path in matches(folder, entry.path) if may_be_manuscript(path)]
        dangling = [path for path in files if path.is_symlink() and not path.exists()]
        notes += map(dangling_link, dangling)
        files = [path for path in files if path not in dangling]
    else:
        return None
    new = [file for file in files if _place(Path(), file) not in taken]
    taken.update(_place(Path(), file) for file in new)
    return new


def _place(folder: Path, path: str | Path) -> Path:
    """The absolute path of a file, which is the same however an entry names it."""
    return Path(os.path.normpath(Path.cwd() / folder / path))


def _keys_of_single_articles(entry: ListedArticle, line: int, label: str) -> list[Diagnostic]:
    """The errors of an entry for many files that has what only a single article can have."""
    given = [key for key in ("title", "subtitle", "slug", "url", "description", "summary") if getattr(entry, key)]
    return [
        Diagnostic(
            Code.VALUE,
            f"{key} is of a single article, and {entry.path} names a folder or a pattern",
            Location(label, line),
            f"leave {key} out, or name the file",
        )
        for key in given
    ]

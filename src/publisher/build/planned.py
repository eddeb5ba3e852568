"""A plan and what it holds: manuscripts in their places, in sections, and the outputs."""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from publisher.build.choice import Wanted
from publisher.build.edition_day import EditionDay
from publisher.build.history import History
from publisher.model.diagnostics import Diagnostic
from publisher.model.edition import Imprint
from publisher.model.house_style import HouseStyle
from publisher.model.limits import Limits
from publisher.model.metadata import Metadata
from publisher.text.citation_styles import DEFAULT_STYLE
from publisher.writers.formats import traits_of

GIT = "git"  # a version that is the tag of the commit


def relative(path: Path) -> Path:
    """A path relative to the working folder, without detours; an absolute path stays absolute."""
    return Path(os.path.relpath(path)) if not path.is_absolute() else Path(os.path.normpath(path))


@dataclass(frozen=True)
class PlannedArticle:
    """A manuscript's place in the edition: its file, what is given for it there, and where that stands in the manifest.

    `named`: the manifest, or the command line alone, names it by its path; it did not come with a folder or with other files.
    `listed`: nobody names it; it was found in a folder or by a pattern. `entry` is the number of its entry in the section, and
    `wanted` what is chosen among all articles of that entry when they are read; `since` and `most` choose while it is read.
    `data` are its bytes if it is no file, but standard input.
    """

    path: Path
    given: Metadata = Metadata()
    line: int = 0
    label: str = ""
    named: bool = False
    since: datetime.date | None = None
    most: int | None = None
    listed: bool = False
    entry: int = 0
    wanted: Wanted = Wanted()
    data: bytes | None = field(default=None, repr=False)

    @property
    def shown_path(self) -> str:
        """Its file as messages name it."""
        return str(relative(self.path))


@dataclass(frozen=True)
class PlannedSection:
    """A section of the plan; `part` is the title of the edition it comes from, where several become a volume.

    `wanted` is what is chosen among its articles when they are read.
    """

    name: str
    articles: tuple[PlannedArticle, ...]
    part: str = ""
    wanted: Wanted = Wanted()


@dataclass(frozen=True)
class PlannedOutput:
    """How an output is made: as `[outputs]` in the manifest says (OutputTable)."""

    theme: str = ""
    paper: str | None = None
    variant: str = "pdf/ua-1+a-3a"
    pages: str = ""


@dataclass(frozen=True)
class PlannedRelease:
    """How releases are made: as `[release]` in the manifest says (ReleaseTable)."""

    folder: str = "dist"
    slug: str = ""
    version: str = ""
    keep: int | None = None


def version_of(table: PlannedRelease, day: EditionDay) -> str:
    """The version of a release, as far as the manifest and a day give it: empty for a tag, and without a day."""
    if table.version == GIT or (not table.version and day.day is None):
        return ""
    return table.version or day.moment.strftime("%Y-%m-%dT%H%M" if day.time else "%Y-%m-%d")


@dataclass(frozen=True)
class Plan:
    """What a build will do: the imprint, the sections, the outputs by path; `manifest` is the text it was read from.

    `notes`, `style`, `numbering` and `listing` are as under `[sources]` in the manifest. With `keep_going`, articles with errors
    are left out and the rest is published. `folders` are those whose files the manuscripts may name (folders.folders_of).
    `house` is the house style from `house_files`. `warnings` are about the images of the imprint, about feeds that were not
    captured, and about what of a folder is not read. `slug` is the name that all releases of the edition share, `history` the
    earlier releases, `since` the value of the option.
    """

    imprint: Imprint
    sections: tuple[PlannedSection, ...]
    outputs: Mapping[Path, PlannedOutput]
    label: str
    folder: Path
    notes: str = "auto"
    style: str = DEFAULT_STYLE
    numbering: str = "article"
    listing: str = "article"
    standalone: bool = False
    manifest: str = ""
    limits: Limits = Limits()
    keep_going: bool = False
    bibliography: tuple[Path, ...] = ()
    folders: tuple[str, ...] = ()
    house: HouseStyle = HouseStyle()
    house_files: tuple[Path, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    day: EditionDay = EditionDay()
    release: PlannedRelease = PlannedRelease()
    slug: str = ""
    history: History = History()
    profile: str = ""
    since: str = ""

    @property
    def version(self) -> str:
        """The version of its release; empty if only a tag, or the newest article, will tell it."""
        return version_of(self.release, self.day)

    @property
    def article_count(self) -> int:
        """How many manuscripts are read; a feed among them may hold many articles."""
        return sum(len(section.articles) for section in self.sections)

    @property
    def paged(self) -> bool:
        """Whether an output has pages of its own: it must then be typeset, which takes most of a build."""
        return any(traits_of(path).paged for path in self.outputs)

    def pages_of(self, path: Path) -> Path | None:
        """The paged output whose page numbers `path` carries: that which it names, else the only paged output, or None."""
        if not traits_of(path).carries_pages:
            return None
        name = self.outputs[path].pages
        if name:
            output = relative(self.folder / name)
            return output if output in self.outputs else None
        paged = [output for output in self.outputs if traits_of(output).paged]
        return paged[0] if len(paged) == 1 else None

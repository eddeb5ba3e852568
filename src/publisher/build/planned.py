"""What a plan holds: manuscripts in their places, in sections."""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass, field
from pathlib import Path

from publisher.build.choice import Wanted
from publisher.model.metadata import Metadata


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

"""Reading a file that a manuscript names: a regular file in one of the folders of the edition, below the limit of size."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from publisher.input.folders import place_in
from publisher.store.regular_files import IrregularFile, LargeFile, read_regular


@dataclass(frozen=True)
class Refusal:
    """Why a file is not read, in words that stand after its name, and what to do."""

    reason: str
    hint: str


def read_named(folders: Iterable[str], base: str, name: str, megabytes: int) -> bytes | Refusal | None:
    """The bytes of the file `name`, relative to the folder `base`; None where there is none that can be read."""
    try:
        place = place_in(folders, base, name)
        if not place:
            hint = "put the file beside the manuscript, or allow its folder: allow under [inputs] in the manifest, or --allow DIR"
            return Refusal("it is outside the folders of this edition", hint)
        return read_regular(Path(place), megabytes * 1_000_000, links=False)
    except IrregularFile as problem:
        return Refusal(str(problem.strerror), "put a regular file there")
    except LargeFile:
        hint = "make it smaller, or raise megabytes under [limits] in the manifest"
        return Refusal(f"it is larger than {megabytes} MB", hint)
    except (OSError, ValueError):  # ValueError: a NUL byte in the name
        return None

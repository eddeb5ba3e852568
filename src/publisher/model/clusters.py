"""Citations as authors write them: a cluster of entries of a citation library, cited at one place in the text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CitedItem:
    """One entry in a cluster. `label` is the kind of its locator, by its name in CSL (`page`, `chapter`); empty without one.

    `prefix` and `suffix` are what stands before and behind it; they may have `<i>`, `<b>`, `<sup>` and `<sub>`, as texts of CSL.
    """

    key: str
    prefix: str = ""
    label: str = ""
    locator: str = ""
    suffix: str = ""
    suppress_author: bool = False


@dataclass(frozen=True)
class Cluster:
    """Entries that are cited together. `text` is what was typed, `line` where (from 1; 0: not known).

    If `author_in_text`, the author of the first entry is a part of the sentence (`@key`).
    """

    items: tuple[CitedItem, ...]
    text: str
    author_in_text: bool = False
    line: int = 0

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(item.key for item in self.items)

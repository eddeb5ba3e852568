"""An article: metadata, an HTML tree, its resources and its sources. What readers make and passes shape."""

from __future__ import annotations

from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag

from publisher.model.markup import root_of
from publisher.model.metadata import Metadata, Origin, Source


@dataclass(frozen=True)
class Resource:
    """A file an article shows; `name` is its path in the outputs, sizes are in CSS pixels (0: unknown)."""

    name: str
    media_type: str
    data: bytes = field(repr=False)
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class Citation:
    """A source as one article cites it: under a note's number, or (0) inside an author's note or figure."""

    note: int
    source: Source


@dataclass(frozen=True)
class Removal:
    """What a reader or a pass took out, by which rule; nothing goes without one."""

    rule: str
    words: str


@dataclass(frozen=True)
class Article:
    """One piece. Before the passes the tree is `article > blocks`; after them, what vocabulary.py describes.

    The record is frozen, the tree is not: a pass owns the tree it is given and may change it in place.
    """

    metadata: Metadata
    tree: BeautifulSoup = field(repr=False, compare=False)
    resources: tuple[Resource, ...] = ()
    citations: tuple[Citation, ...] = ()
    removed: tuple[Removal, ...] = ()
    origins: tuple[Origin, ...] = ()

    @property
    def root(self) -> Tag:
        return root_of(self.tree)

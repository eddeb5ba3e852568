"""An article: metadata, an HTML tree, its resources and its sources. Readers make it, passes normalize it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag

from publisher.model.clusters import Cluster
from publisher.model.libraries import LibraryEntry
from publisher.model.markup import root_of
from publisher.model.metadata import Metadata, Origin
from publisher.model.parts import Citation, Removal, Resource


@dataclass(frozen=True)
class Article:
    """One article. Before the passes the tree is `article > blocks`; after them it is as vocabulary.py describes.

    The object is frozen, but its tree is not: a pass may change the tree in place. `new_ids` has the ids that passes changed: the
    id in the manuscript, and the id in the tree. Links from other articles name the id in the manuscript. `clusters` are its
    citations of a library, by the numbers of their places in the tree; `library` are entries that the manuscript has itself.
    """

    metadata: Metadata
    tree: BeautifulSoup = field(repr=False, compare=False)
    resources: tuple[Resource, ...] = ()
    citations: tuple[Citation, ...] = ()
    removed: tuple[Removal, ...] = ()
    origins: tuple[Origin, ...] = ()
    new_ids: Mapping[str, str] = field(default_factory=dict)
    clusters: tuple[Cluster, ...] = ()
    library: tuple[LibraryEntry, ...] = ()

    @property
    def root(self) -> Tag:
        return root_of(self.tree)

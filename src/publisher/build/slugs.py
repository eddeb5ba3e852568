"""Slugs: the name of each article in an edition, in links, file names and anchors."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from publisher.build.planned import PlannedArticle
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location

_RESERVED = {"title", "sources", "colophon", "nav", "cover", "contents"}  # what the outputs call files and anchors of their own


@dataclass(frozen=True)
class SlugRequest:
    """A manuscript that needs slugs: `explicit` is the one given to it, `names` what its source calls each of its articles."""

    article: PlannedArticle
    explicit: str
    names: tuple[str, ...]


def slugs_for(requests: Sequence[SlugRequest]) -> tuple[list[str], list[Diagnostic]]:
    """A slug for each article of each manuscript: the explicit one, else the file's name, numbered on a collision.

    Of several articles in one file each has six digits of a hash of its name behind the slug, so that an entry of a feed keeps
    its slug when others come before it. Two equal explicit slugs are an error.
    """
    owners: dict[str, PlannedArticle] = {}
    clashes, slugs = [], []
    for request in requests:
        slug = request.explicit if len(request.names) == 1 else ""
        if slug and owners.setdefault(slug, request.article) is not request.article:
            place = Location(request.article.label, request.article.line)
            clashes.append(
                Diagnostic(Code.SLUG_TWICE, f"two articles have the slug {slug!r}", place, f"the other is {owners[slug].path}")
            )
    used = _RESERVED | set(owners)
    for request in requests:
        stem = _stem(request)
        for name in request.names:
            if request.explicit and len(request.names) == 1:
                slugs.append(request.explicit)
                continue
            digits = hashlib.sha256(name.encode()).hexdigest()[:6] if name and len(request.names) > 1 else ""
            first = f"{stem}-{digits}" if digits else stem
            numbered = (f"{first}-{number}" for number in itertools.count(2))
            slugs.append(next(slug for slug in itertools.chain([first], numbered) if slug not in used))
            used.add(slugs[-1])
    return slugs, clashes


def _stem(request: SlugRequest) -> str:
    stem = request.explicit or _slug(request.article.path.stem)
    return f"a-{stem}" if stem[0].isdigit() or stem.startswith(("section-", "part-")) else stem


def _slug(stem: str) -> str:
    if re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", stem):
        return stem
    from slugify import slugify

    return slugify(stem) or "article"

"""`[release]` of the manifest: the folder of the releases, how a release is named, and how many are kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import Field
from slugify import slugify

from publisher.build.theme_table import Table

LONGEST = 80  # characters of a slug, and of a version
_PLACEHOLDER = re.compile(r"(?<!\{)\{[^{}]*\}(?!\})")


class ReleaseTable(Table):
    folder: str = "dist"
    slug: str = Field(default="", max_length=LONGEST, pattern=r"^([a-z0-9]+(-[a-z0-9]+)*)?$")  # default: the words of the title
    version: str = Field(
        default="", max_length=LONGEST, pattern=r"^([A-Za-z0-9][A-Za-z0-9._+-]*)?$"
    )  # `git`: the tag of the commit; default: the day of the edition
    keep: int | None = Field(default=None, ge=1, strict=True)  # how many releases stay


def slug_of(values: Mapping[str, Any], profile: str | None) -> str:
    """The name that all releases of an edition share: `slug` under [release], else the words of the title that no day changes.

    `values` are those of the manifest as they are written. Another profile is another edition.
    """
    table, edition = values.get("release"), values.get("edition")
    slug = str(table.get("slug") or "") if isinstance(table, dict) else ""
    title = str(edition.get("title") or "") if isinstance(edition, dict) else ""
    slug = slug or slugify(_PLACEHOLDER.sub(" ", title), max_length=60, word_boundary=True)
    slug = slug or "edition"
    return f"{slug}-{slugify(profile)}" if profile else slug

"""Styles of Word (ECMA-376, part 1, 17.7): what mammoth needs of them, and what it does not tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import lxml.etree

from publisher.input.archives import Archive
from publisher.input.manuscript import Manuscript
from publisher.input.word.elements import is_on, value, w
from publisher.input.word.parts import names_of, read_part
from publisher.input.xml import first_child


@dataclass(frozen=True)
class Styles:
    """The styles by id. Ids are unique, whatever their type (17.7.4.17). `default_language` is the `w:lang` of all text."""

    by_id: dict[str, Any]
    default_language: Any = None

    def chain(self, style: str) -> Iterator[Any]:
        """A style, the style that it is based on, and so on."""
        seen = set[str]()
        while style in self.by_id and style not in seen:
            seen.add(style)
            yield self.by_id[style]
            style = value(first_child(self.by_id[style], "basedOn"))

    def first(self, style: str, *path: str) -> Any:
        """The first element at a path below a style or a style that it is based on; None if there is none."""
        return next((found for element in self.chain(style) if (found := first_child(element, *path)) is not None), None)

    @cached_property
    def default(self) -> str:
        """The id of the style of paragraphs that name none."""
        styles = self.by_id.items()
        return next((name for name, style in styles if value(style, "default") in ("1", "true") and _is_of_paragraphs(style)), "")

    @cached_property
    def hidden(self) -> frozenset[str]:
        """The ids of the styles whose text is hidden."""
        return frozenset(name for name in self.by_id if is_on(self.first(name, "rPr", "vanish")))


def _is_of_paragraphs(style: Any) -> bool:
    return value(style, "type") == "paragraph"


def read_styles(manuscript: Manuscript, archive: Archive) -> tuple[Styles, dict[str, bytes]]:
    """The styles, and the parts that have them as mammoth reads them: each style has an id and a type (17.7.4.17)."""
    by_id: dict[str, Any] = {}
    parts, language = {}, None
    for name in names_of(archive, "styles"):
        root = read_part(manuscript, archive, name)
        for style in list(root.iter(w("style"))):
            if not value(style, "styleId"):
                style.getparent().remove(style)
                continue
            if not value(style, "type"):
                style.set(w("type"), "paragraph")
            by_id.setdefault(value(style, "styleId"), style)
        language = first_child(root, "docDefaults", "rPrDefault", "rPr", "lang")
        parts[name] = lxml.etree.tostring(root)
    return Styles(by_id, language), parts

"""Where in its manuscript a text of an article stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from publisher.input.manuscript import Manuscript
from publisher.model.diagnostics import Location


@dataclass(frozen=True)
class ManuscriptPlaces:
    """The places of texts in the manuscripts of articles, which are given by slug; plain data, as a worker may need it."""

    manuscripts: Mapping[str, Manuscript]

    def __call__(self, slug: str, char: str) -> Location:
        """The file of an article and the line on which a character of it first stands (0 where it cannot be found)."""
        manuscript = self.manuscripts[slug]
        lines = (manuscript.line_of(form) for form in _written_forms(char)) if b"\0" not in manuscript.data else iter(())
        return Location(manuscript.label, next(filter(None, lines), 0))


def _written_forms(char: str) -> tuple[str, ...]:
    """A character as a text file may have it: itself, as a numeric reference of markup, or escaped as in JSON."""
    number = ord(char)
    escaped = char.encode("utf-16-be").hex()
    json_escape = "".join(f"\\u{escaped[start : start + 4]}" for start in range(0, len(escaped), 4))
    return char, f"&#x{number:x};", f"&#x{number:X};", f"&#X{number:X};", f"&#{number};", json_escape

"""How many elements a piece of markup has, limited before it is parsed, and how deep they are, limited after it."""

from __future__ import annotations

from typing import Any

from publisher.input.manuscript import Manuscript
from publisher.model.codes import Code
from publisher.model.diagnostics import PublisherError
from publisher.model.limits import raise_hint


def check_limit(manuscript: Manuscript, limit: str, count: int, what: str) -> None:
    """Raises PublisherError if a count is over the limit of that name; `what` is the message, with `{}` for the count."""
    most = getattr(manuscript.limits, limit)
    if count > most:
        raise manuscript.error(Code.LIMIT, f"{what.format(f'{count:,}')}; {most:,} is the limit", hint=raise_hint(limit))


def too_deep(manuscript: Manuscript, what: str) -> PublisherError:
    """The error to raise where a parser gave up because of the depth of `what`, before anything could be counted."""
    hint = f"reduce the nesting; depth under [limits], which is {manuscript.limits.depth:,}, is the most in any format"
    return manuscript.error(Code.LIMIT, f"{what} nested too deeply", hint=hint)


def check_elements(manuscript: Manuscript, markup: str | bytes, name: str = "") -> None:
    """Raises PublisherError if markup has more elements than the limit; `name` is that of a file in an archive.

    All that opens with `<` and does not close counts, so the number is never too low.
    """
    count = markup.count("<") - markup.count("</") if isinstance(markup, str) else markup.count(b"<") - markup.count(b"</")
    check_limit(manuscript, "elements", count, f"{f'{name} has ' if name else ''}{{}} elements")


def check_depth(manuscript: Manuscript, root: Any) -> None:
    """Raises PublisherError if the elements of an lxml tree are nested deeper than the limit."""
    deepest, level = 1, [root]
    while level := [child for element in level for child in element.iterchildren("*")]:
        deepest += 1
    check_limit(manuscript, "depth", deepest, "elements nested {} deep")

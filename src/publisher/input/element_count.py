"""The number of elements in a piece of markup, limited before it is parsed."""

from __future__ import annotations

from publisher.input.manuscript import Manuscript
from publisher.model.codes import Code


def check_elements(manuscript: Manuscript, markup: str | bytes, name: str = "") -> None:
    """Raises PublisherError if markup has more elements than the limit; `name` is that of a file in an archive.

    All that opens with `<` and does not close counts, so the number is never too low.
    """
    limit = manuscript.limits.elements
    count = markup.count("<") - markup.count("</") if isinstance(markup, str) else markup.count(b"<") - markup.count(b"</")
    if count > limit:
        hint = "if you trust the file, raise elements under [limits] in the manifest"
        raise manuscript.error(Code.LIMIT, f"{f'{name} has ' if name else ''}{count} elements; {limit} is the limit", hint=hint)

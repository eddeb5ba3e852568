"""How the tests of names and phrases read a page: one extractor, or both, take all of its text, so that only the rule decides."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from types import ModuleType

import pytest

from publisher.extraction.alternatives import Alternatives
from publisher.extraction.choice import Vote
from publisher.extraction.text_blocks import TextBlock
from publisher.model.article import Article
from publisher.model.markup import xhtml
from publisher.readers import html
from tests.reader_samples import PROSE, SECOND, article

Reading = Callable[[str], bool]  # whether the rule holds for an example
Table = Mapping[str, Mapping[str, str]]  # the examples by the name of the pattern and by alternative, parted by " / "
_HEAD = '<title>The gate</title><meta property="og:type" content="article">'
PARAGRAPHS = 3  # of the page that `read` reads
_THIRD = "The mill at the bridge bought space for its grain, and the price on the quay did not move all day long."


def read(above: str = "", among: str = "", below: str = "", *, both: bool = True, tags: Collection[str] = ()) -> Article:
    """A page with three paragraphs; with markup above, among and below them.

    `both`: both extractors take all, else one does. `tags`: they take only elements of these names.
    """
    text = f"{above}<p>{PROSE}</p><p>{SECOND}</p>{among}<p>{_THIRD}</p>{below}"

    def vote(_: object, blocks: Iterable[TextBlock]) -> list[Vote]:
        taken = [not tags or block.element.tag in tags for block in blocks]
        return [Vote(is_taken, is_taken and both) for is_taken in taken]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(html, "vote", vote)
        source = f"<html><head>{_HEAD}</head><body><nav></nav><div><h1>The gate</h1>{text}</div></body></html>"
        return article("a.html", source)


def stays(markup: str, *, both: bool = True) -> bool:
    """Whether the word "zebra", among the paragraphs, is in the text of the article."""
    return "zebra" in xhtml(read(among=markup, both=both).root).lower()


def rows(table: Table) -> list[tuple[str, str, str]]:
    return [
        (pattern, alternative, example)
        for pattern, examples in table.items()
        for alternative, joined in examples.items()
        for example in joined.split(" / ")
    ]


def patterns(module: ModuleType) -> dict[str, Alternatives]:
    return {name: value for name, value in vars(module).items() if isinstance(value, Alternatives)}


def fails_without(pattern: Alternatives, alternative: str, reading: Reading, example: str) -> bool:
    """Whether the rule holds for an example, and no longer without the alternative."""
    others = [other for other in pattern.alternatives if other != alternative] or ["(?!)"]  # which matches nothing
    holds, smaller = reading(example), Alternatives(*others, before=pattern.before, behind=pattern.behind)
    with pytest.MonkeyPatch.context() as patch:
        for method in ("search", "match", "fullmatch"):
            patch.setattr(pattern, method, getattr(smaller, method))
        return holds and not reading(example)

"""Orders of agencies and press offices in the first lines hold a story back, whatever its format."""

from __future__ import annotations

from pathlib import Path

import pytest

from publisher.build.ingest import articles_of
from publisher.input.manuscript import Manuscript
from publisher.model.markup import words

PROSE = "The gate at the upper lock opened at seven, and the first barges of the spring went through without a stop."
SECOND = "By noon the queue below the weir had gone, and the keepers wrote the hour into the book that they have kept since 1911."
PAGE = f"<nav><a href='/'>Home</a></nav><article>{{}}<p>{PROSE}</p><p>{SECOND}</p></article><footer>All rights</footer>"
ORDERS = [
    "EMBARGO: 1 January 2031",
    "EMBARGOED UNTIL 00:01 GMT 1 JANUARY 2031",
    "Sperrfrist: 18. März 2031, 06.00 Uhr",
    "KILL: wrong river",
]
FORMS = {
    "under the headline.txt": f"Lock gates rot\n\n{{}}\n\nLUTTERWICK (AP) - {PROSE}\n\n{PROSE}",
    "in the block of the headline.txt": f"Lock gates rot\n{{}}\n\nLUTTERWICK (AP) - {PROSE}\n\n{PROSE}",
    "directly above the headline.txt": f"{{}}\nLock gates rot\n\nLUTTERWICK (AP) - {PROSE}\n\n{PROSE}",
    "above the headline of a page.html": PAGE.format("<p>{}</p><h1>Lock gates rot</h1>"),
    "under the headline of a page.html": PAGE.format("<h1>Lock gates rot</h1><p><strong>{}</strong></p>"),
    "in a clean page.html": f"<article><h1>Lock gates rot</h1><p>{{}}</p><p>{PROSE}</p></article>",
    "in Markdown.md": f"# Lock gates rot\n\n**{{}}**\n\n{PROSE}\n",
}


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("name", FORMS)
def test_an_order_in_the_first_lines_holds_the_story(name: str, order: str) -> None:
    manuscript = Manuscript(Path(name), FORMS[name].format(order).encode(), name)
    (article,) = articles_of(manuscript)
    assert article.metadata.hold is not None and article.metadata.title == "Lock gates rot"
    assert article.metadata.date is None and order.split()[-1] not in words(article.root)


@pytest.mark.parametrize(
    "line", ["Embargo lifted on grain of the valley", "Embargoed goods pass the gate", "Hold the line, she said."]
)
@pytest.mark.parametrize("name", FORMS)
def test_other_lines_hold_nothing(name: str, line: str) -> None:
    (article,) = articles_of(Manuscript(Path(name), FORMS[name].format(line).encode(), name))
    assert article.metadata.hold is None

"""The standfirst in italics behind a Markdown headline, and what else is in italics there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run

STANDFIRST = "Keepers of the northern lock publish the levels of sixty years"
BODY = "The levels are on paper."


def tree(publisher: Callable[..., Run], edition: Callable[..., Path], text: str) -> str:
    edition({"a.md": text})
    return publisher("tree", "a.md").out


@pytest.mark.parametrize(
    "text",
    [
        f"# Lock\n\n*{STANDFIRST}*\n\n{BODY}\n",
        f"# Lock\n\n_{STANDFIRST}_\n\n## First\n\n{BODY}\n",
        f"Lock\n====\n\n*{STANDFIRST}*\n\n- {BODY}\n",
        f"---\nlang: en\n---\n# Lock\n\n*Keepers of the northern lock\npublish the levels of sixty years*\n\n{BODY}\n",
    ],
)
def test_a_paragraph_in_italics_behind_the_headline_is_the_standfirst(
    text: str, publisher: Callable[..., Run], edition: Callable[..., Path]
) -> None:
    out = tree(publisher, edition, text)
    header, _, body = out.partition("</header>")
    assert f'<p class="standfirst">{STANDFIRST}</p>' in header.replace("lock\npublish", "lock publish") and BODY in body
    assert STANDFIRST.split()[-1] not in body and "<em>" not in out


def test_words_that_are_upright_in_it_stay_so(publisher: Callable[..., Run], edition: Callable[..., Path]) -> None:
    out = tree(publisher, edition, f"# Lock\n\n*Keepers read **the gauge** of the lock twice a day*\n\n{BODY}\n")
    assert '<p class="standfirst">Keepers read <strong>the gauge</strong> of the lock twice a day</p>' in out


@pytest.mark.parametrize(
    "italics",
    [
        "Editor's note: the levels of this story are those of the old gauge",
        "Correction, May 3: the lock has two gauges and not three",
        "Note: names of some keepers were changed on their wish",
        "This article first appeared in the Harbor Ledger of May",
        "Originally published in the Harbor Ledger of last May",
        "Dieser Text erschien zuerst im Mai in einer anderen Zeitung",
        "By Mara Ilvern and Jon Tarrow",
        "(the names of all the keepers were changed)",
        "May 3, 2024",
        "A letter from [the keepers](https://example.org) of the northern lock",
        "The gate is shut,  \nthe river is high,  \nthe keeper asleep",
        "word " * 61,
    ],
)
def test_other_things_in_italics_stay_in_the_text(
    italics: str, publisher: Callable[..., Run], edition: Callable[..., Path]
) -> None:
    assert "standfirst" not in tree(publisher, edition, f"# Lock\n\n*{italics.strip()}*\n\n{BODY}\n")


@pytest.mark.parametrize(
    "text",
    [
        f"# Lock\n\n*{STANDFIRST}*\n",
        f"# Lock\n\n*{STANDFIRST}*\n\n---\n\n{BODY}\n",
        f"# Lock\n\n*{STANDFIRST}*\n\n*Another paragraph in italics behind it*\n\n{BODY}\n",
        f"# Lock\n\n*Keepers of the lock* and *those of the weir*\n\n{BODY}\n",
        f"# Lock\n\n{BODY}\n\n*{STANDFIRST}*\n\n{BODY}\n",
        f"## Lock\n\n*{STANDFIRST}*\n\n{BODY}\n",
        f"*{STANDFIRST}*\n\n# Lock\n\n{BODY}\n",
    ],
)
def test_only_the_paragraph_between_headline_and_text_is_a_standfirst(
    text: str, publisher: Callable[..., Run], edition: Callable[..., Path]
) -> None:
    assert "standfirst" not in tree(publisher, edition, text)


def test_a_subtitle_of_the_front_matter_is_the_standfirst(publisher: Callable[..., Run], edition: Callable[..., Path]) -> None:
    out = tree(publisher, edition, f"---\nsubtitle: Sixty years of water\n---\n# Lock\n\n*{STANDFIRST}*\n\n{BODY}\n")
    assert '<p class="standfirst">Sixty years of water</p>' in out and f"<p><em>{STANDFIRST}</em></p>" in out

"""Who is quoted: what is an attribution at the end of a quotation, and what only looks like it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.page_letters import letters_of
from tests.test_page_type import pdf

NAMED = {
    "> Yes.\n>\n> — Mara Ilvern": "— Mara Ilvern",
    "> Yes.\n>\n> -- Mara Ilvern": "— Mara Ilvern",
    "> Yes.\n> — Mara Ilvern": "— Mara Ilvern",
    "> It says so.\n> -- Mara, *Letters*": "— Mara, <em>Letters</em>",
    "> Yes.\n\n— Mara Ilvern": "— Mara Ilvern",
    "<blockquote><p>Yes.</p><footer>Mara Ilvern</footer></blockquote>": "Mara Ilvern",
    "<blockquote><p>Yes.</p><footer><p>— Mara</p></footer></blockquote>": "— Mara",
    "<blockquote>Yes. <cite>Mara Ilvern</cite></blockquote>": "<cite>Mara Ilvern</cite>",
    "<blockquote>Yes. — <cite>Mara Ilvern</cite></blockquote>": "— <cite>Mara Ilvern</cite>",
    "<blockquote><p>Yes.</p><p><cite>Mara</cite></p></blockquote>": "<cite>Mara</cite>",
    "<blockquote><p>No stop<br>— Mara Ilvern</p></blockquote>": "— Mara Ilvern",
}
PLAIN = (
    "> The gate\n> — the old gate — opened.",
    "> He said no.\n> — and it rained.",
    "> — Yes, he said.\n>\n> — No, she said.",
    "> Yes.\n\n— Mara read the gauge twice that day.",
    "> Yes.\n\n— Mara\n\n— Piet",
    "> — Mara",
    "<blockquote>He wrote in <cite>Letters</cite></blockquote>",
    "<blockquote>He wrote <cite>Letters</cite> twice.</blockquote>",
    "> Yes.\n> — " + "A line of very many words that is a sentence of the text and no name " * 2,
)


def body(publisher: Callable[..., Run], edition: Callable[..., Path], text: str) -> str:
    name = "a.html" if text.startswith("<") else "a.md"
    edition({name: f"<h1>A</h1>\n<p>Words.</p>\n{text}" if name == "a.html" else f"# A\n\nWords.\n\n{text}\n\nMore.\n"})
    return publisher("tree", name).out


@pytest.mark.parametrize("text", NAMED)
def test_an_attribution_is_a_paragraph_of_its_own(text: str, publisher: Callable[..., Run], edition: Callable[..., Path]) -> None:
    out = body(publisher, edition, text)
    assert f'<p class="credit">{NAMED[text]}</p>' in out and out.index("credit") < out.index("</blockquote>")
    assert out.count("credit") == 1


@pytest.mark.parametrize("text", PLAIN)
def test_what_only_looks_like_an_attribution_stays_in_its_paragraph(
    text: str, publisher: Callable[..., Run], edition: Callable[..., Path]
) -> None:
    assert "credit" not in body(publisher, edition, text)


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["brief", "report", "digest"])
def test_an_attribution_ends_where_lines_end(theme: str, edition: Callable[..., Path]) -> None:
    prose = "Words of the lock keeper about the spring. " * 9
    edition({"a.md": f"# A\n\n{prose}\n\n> The water is a slow clock.\n>\n> — Mara Ilvern\n"})
    data = pdf(Path("a.md"), theme=theme).data
    name = letters_of(data, "— Mara Ilvern")
    line = max(letter.right for letter in letters_of(data, prose))
    assert name[0].face.startswith("Label") and line - 20 < name[-1].right < line + 12

"""Chinese and Japanese: serif faces in running text, the forms of each language, and no stretched gaps beside Latin words."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from tests.page_letters import letters, letters_of
from tests.test_page_type import pdf

pytestmark = pytest.mark.slow

CHINESE = "守护者每天两次读取水位，并把它写进记录簿里，然后再读一次 station 7 的水位。" * 3
JAPANESE = "水門の番人は一日に二度水位を読み、Harbor Ledger という帳面に書きます。" * 3
LINK = "见 [Harbor Ledger of the northern lock](https://example.org/archive) 的记录，"


def article(lang: str, text: str) -> str:
    return f"---\nlang: {lang}\n---\n# 水位与河流\n\n{LINK if lang == 'zh' else ''}{text}\n\n`水位`\n"


@pytest.mark.parametrize(
    ("lang", "text", "face"), [("zh", CHINESE, "Fallback-Serif-Han"), ("ja", JAPANESE, "Fallback-Serif-Kana")]
)
def test_ideographs_in_running_text_are_serif_and_in_code_sans(
    lang: str, text: str, face: str, edition: Callable[..., Path]
) -> None:
    edition({"a.md": article(lang, text)})
    data = pdf(Path("a.md")).data
    faces = [letter.face for letter in letters(data) if letter.text == "水"]
    assert set(faces[:-1]) == {face} and faces[-1] == "Fallback-Han"
    assert letters_of(data, "Harbor")[0].face == "Text"


def test_a_rare_ideograph_is_sans_rather_than_a_mark(edition: Callable[..., Path]) -> None:
    edition({"a.md": article("zh", f"{CHINESE}㐀㐁")})
    output = pdf(Path("a.md"))
    assert letters_of(output.data, "㐀")[0].face == "Fallback-Han" and not output.diagnostics


@pytest.mark.parametrize(("lang", "text"), [("zh", CHINESE), ("ja", JAPANESE)])
def test_no_line_has_stretched_gaps(lang: str, text: str, edition: Callable[..., Path]) -> None:
    edition({"a.md": article(lang, text)})
    found = [letter for letter in letters(pdf(Path("a.md")).data) if letter.size in (14.3, 8.8)]
    gaps = [after.left - before.right for before, after in pairwise(found) if abs(after.bottom - before.bottom) < 7]
    assert len(gaps) > 80 and max(gaps) < 0.4 * 10.7  # of an em: a space, not more


def test_spaces_behind_ideographs_are_no_marks(edition: Callable[..., Path]) -> None:
    spaces = "\u0020\u00a0\u2002\u2003\u2009\u202f"
    edition({"a.md": article("zh", "水".join(["", *spaces, ""]) + "水")})
    assert not pdf(Path("a.md")).diagnostics

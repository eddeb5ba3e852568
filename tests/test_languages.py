"""Languages: hyphenation, marks, spaces, direction, and a face for the scripts that come with the theme."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from publisher.text.languages import QUOTES, quotes, words_for
from publisher.text.terms import KEYS, TERMS
from tests.conftest import Run

NNBSP, NBSP = "\u202f", "\u00a0"


def text(path: Path) -> str:
    return subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout.decode()


@pytest.mark.parametrize(
    ("lang", "typed", "set_"),
    [
        ("fr", "Il dit : « Oui ! » ; et toi ?", f"Il dit{NBSP}: «{NNBSP}Oui{NNBSP}!{NNBSP}»{NNBSP}; et toi{NNBSP}?"),
        ("fr", 'Elle "reste" ici.', f"Elle «{NNBSP}reste{NNBSP}» ici."),
        ("de", 'Er sagte "ja" - und ging.', "Er sagte „ja“ – und ging."),
        ("uk", 'Порт "Гавань" — тут.', f"Порт «Гавань»{NBSP}— тут."),
        ("tr", 'Dedi "evet".', "Dedi “evet”."),
        ("es", 'Dijo "sí".', "Dijo «sí»."),
        ("ar", 'قال "نعم".', "قال «نعم»."),
        ("he", 'אמר "כן".', "אמר ”כן”."),
        ("ja", '港は"静か"だ。', "港は「静か」だ。"),
        ("zh", '他说"好"。', "他说“好”。"),
        ("zh", "情况--以及安排。", "情况——以及安排。"),
    ],
)
def test_marks_and_spaces_are_those_of_the_language(
    publisher: Callable[..., Run], edition: Callable[..., Path], lang: str, typed: str, set_: str
) -> None:
    edition({"a.md": f"---\nlang: {lang}\ntitle: T\n---\n{typed}\n"})
    assert set_ in publisher("tree", "a.md").out


def test_plain_english_hyphenates_as_in_america_and_nothing_with_a_digit_does() -> None:
    import pyphen

    from publisher.writers.pdf import engine  # noqa: F401 (it corrects Pyphen)

    hyphens = pyphen.Pyphen(lang=pyphen.language_fallback("en"), left=3, right=3)
    assert hyphens.inserted("director") == "direc-tor" and hyphens.inserted("statistics") == "sta-tis-tics"
    assert hyphens.inserted("callable88x") == "callable88x"


@pytest.mark.parametrize(
    ("lang", "word", "pieces"),
    [
        ("tr", "değerlendirilebilirdi", ["de", "ğer", "len", "di", "ri", "le", "bi", "lir", "di"]),
        ("fi", "valtioneuvosto", ["val", "tio", "neu", "vos", "to"]),
    ],
)
def test_turkish_and_finnish_hyphenate(lang: str, word: str, pieces: list[str]) -> None:
    import pyphen

    import publisher.writers.pdf.engine  # noqa: F401  registers what Pyphen lacks

    assert pyphen.Pyphen(lang=pyphen.language_fallback(lang)).inserted(word) == "-".join(pieces)


def test_the_words_of_the_tool_are_there_in_ten_languages_and_more() -> None:
    assert len(TERMS) >= 10
    for lang, row in TERMS.items():
        assert len(row) == len(KEYS) and all(row)
        assert ("{}" in words_for(lang)["note"]) and words_for(lang)["folio"].count("{}") == 2
    assert words_for("pt-BR") == words_for("pt") and words_for("xx") == words_for("en")
    assert all(len(marks) == 4 for marks in QUOTES.values()) and quotes("xx") == quotes("en")


@pytest.mark.slow
def test_scripts_that_no_system_font_need_have_are_set_with_the_themes_own(
    publisher: Callable[..., Run], edition: Callable[..., Path]
) -> None:
    home = edition(
        {
            "a.md": "---\nlang: ar\ntitle: القوارب تصل\n---\nوصلت القوارب إلى الميناء.\n",
            "b.md": "---\nlang: he\ntitle: הסירות\n---\nהגיעו לנמל.\n",
            "c.md": "---\nlang: ja\ntitle: 港の船\n---\n今朝、船が着いた。ひらがな、カタカナ。\n",
            "d.md": "---\nlang: ko\ntitle: 항구의 배\n---\n오늘 도착했다. ☑ ∑ 🌟\n",
        }
    )
    assert publisher("build", ".", "-o", "a.pdf").code == 0
    fonts = subprocess.run(["pdffonts", home / "a.pdf"], capture_output=True, check=True).stdout.decode()
    for script in ("Arabic", "Hebrew", "Han", "Hangul", "Emoji"):
        assert f"Fallback-{script}" in fonts
    assert "DejaVu" not in fonts
    assert "船が着いた" in text(home / "a.pdf")


ARABIC = "ميناء كوينيل يغرق في الطمي، قال المهندسون إن السد في منطقة سارن امتلأ بالكامل بعد أمطار الأسبوع الماضي"


def test_arabic_is_read_back_from_the_page_letter_by_letter(publisher: Callable[..., Run], edition: Callable[..., Path]) -> None:
    home = edition({"a.md": f"---\nlang: ar\n---\n# {ARABIC}\n\n{ARABIC} ثم غادر الضيوف ظهرا.\n"})
    assert publisher("build", "a.md", "-o", "a.pdf").code == 0
    said = text(home / "a.pdf")
    assert [word for word in re.findall(r"\w+", f"{ARABIC} ثم غادر الضيوف ظهرا") if said.count(word) < 1] == []


@pytest.mark.slow
@pytest.mark.parametrize(("lang", "side"), [("ar", "right"), ("en", "left")])
def test_an_edition_read_from_right_to_left_mirrors_its_page(
    publisher: Callable[..., Run], edition: Callable[..., Path], lang: str, side: str
) -> None:
    """The wide margin, into which headlines hang, is on the side where lines begin."""
    manifest = f'[edition]\ntitle = "T"\nlanguage = "{lang}"\n[[section]]\narticles = ["a.md", "b.md"]\n'
    home = edition({"publisher.toml": manifest, "a.md": "# One\n\n" + "الميناء " * 90, "b.md": "# Two\n\n" + "الميناء " * 900})
    assert publisher("build", "-o", "a.pdf").code == 0
    words = subprocess.run(["pdftotext", "-f", "2", "-l", "2", "-bbox", home / "a.pdf", "-"], capture_output=True, check=True)
    spans = [[float(part) for part in word.split('"')[1:7:4]] for word in words.stdout.decode().split("<word ")[20:200]]
    left, right = min(start for start, _ in spans), 595 - max(end for _, end in spans)
    assert (left > right) == (side == "left")

"""Languages: hyphenation, marks, spaces, direction, and a face for the scripts that come with the theme."""

from __future__ import annotations

import random
import re
import subprocess
import unicodedata
import zipfile
from collections.abc import Callable
from itertools import pairwise
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


def test_brackets_of_both_directions_are_read_back_from_one_sheet(
    publisher: Callable[..., Run], edition: Callable[..., Path]
) -> None:
    home = edition(
        {
            "a.md": "---\nlang: ar\n---\n# أقفال\n\nنص «المزيد» (قوس) نص.\n",
            "b.md": "---\nlang: fr\n---\n# Quai\n\nUn mot «oui» et (non) [bis].\n",
        }
    )
    publisher("build", "a.md", "b.md", "-o", "a.pdf")
    shown = unicodedata.normalize("NFKC", text(home / "a.pdf"))
    assert "«المزيد» (قوس)" in shown
    assert "«oui» et (non) [bis]." in shown.replace(" ", " ").replace("« ", "«").replace(" »", "»")


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


def shown_by(reader: str, path: Path) -> str:
    """The text of a PDF as a program reads it, in one form of Unicode and without controls of direction."""
    if reader == "pdftotext":
        found = text(path)
    else:
        import pypdfium2

        found = "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path))
    # pdftotext puts pieces in the other direction between controls, with the space behind them on the wrong side.
    return unicodedata.normalize("NFC", re.sub("[\u202a-\u202e]", " ", found).replace("\u200f", ""))


@pytest.mark.parametrize("reader", ["pdftotext", "pdfium"])
@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("ar", "فَتَحَ الحارِسُ بَوّابَةَ السَّدِّ عِنْدَ الفَجْرِ ثُمَّ كَتَبَ في يَوْمٍ واحِدٍ كِتَابٌ مُهِمٌّ جِدًّا وَاللهُ لا بأس"),
        ("ar", "ارْتَفَعَ النَّهْرُ 12 سنتيمتراً عام 2026 وقالَ publisher كَلِمَةً"),
        ("he", "בְּרֵאשִׁית בָּרָא אֱלֹהִים אֵת הַשָּׁמַיִם וְאֵת הָאָרֶץ 7 בַּבֹּקֶר"),
        ("fa", "می\u200cخواهم کتاب\u200cها را ببینم خانه\u200cی ما ۱۲ متر"),
        ("hi", "हिन्दी में लिखी किताब बाँध का द्वार सुबह खुला क्षेत्र की स्थिति श्री विद्यार्थी"),  # as marks: no font has them
        ("en", "q\u0303uick b\u0324rown x\u0302y\u0302z\u0302 naïve"),
        ("en", "The word كَتَبَ is Arabic and the word שָׁלוֹם is Hebrew"),
    ],
)
def test_letters_with_marks_are_read_back_from_the_page_in_logical_order(
    publisher: Callable[..., Run], edition: Callable[..., Path], lang: str, words: str, reader: str
) -> None:
    home = edition({"a.md": f"---\nlang: {lang}\ntitle: T\n---\n{words}\n"})
    assert publisher("build", "a.md", "-o", "a.pdf").code == 0
    found = shown_by(reader, home / "a.pdf").split()
    mixed = lang == "en" and reader == "pdfium"  # it does not turn words around in a line from left to right
    wanted = [word for word in unicodedata.normalize("NFC", words).split() if not mixed or word.isascii() or word[0].isascii()]
    assert [word for word in wanted if word not in found] == []
    if reader == "pdftotext" and lang != "en":
        assert [word for word in found if word in wanted][: len(wanted)] == wanted
    assert publisher("check", "a.pdf").code == 0


LETTERS, VOWELS = (
    "بتثجحخسشصضطظعغفقكلمنهي",
    ["\u064e", "\u064f", "\u0650", "\u0652", "\u0651\u064e", "\u0651\u064f", "\u0651\u0650"],
)
ENDINGS = ["\u064b", "\u064c", "\u064d", "\u0651\u064c", ""]


@pytest.mark.parametrize("reader", ["pdftotext", "pdfium"])
def test_any_vowelled_word_is_read_back(publisher: Callable[..., Run], edition: Callable[..., Path], reader: str) -> None:
    chance = random.Random(7)
    words = [
        "".join(chance.choice(LETTERS) + chance.choice(VOWELS) for _ in range(chance.randint(1, 5)))
        + chance.choice(LETTERS + "اوردة")
        + chance.choice(ENDINGS)
        for _ in range(300)
    ]
    home = edition({"a.md": f"---\nlang: ar\ntitle: T\n---\n{' '.join(words)}\n"})
    assert publisher("build", "a.md", "-o", "a.pdf").code == 0
    found = shown_by(reader, home / "a.pdf").split()
    wanted = [unicodedata.normalize("NFC", word) for word in words]
    assert [word for word in found if word in wanted] == wanted


@pytest.mark.parametrize(
    ("stated", "language", "expected"),
    [
        ("en", "en-GB", "By Mara Ennis and Pim Dole · 12 March 2026"),
        ("en", "en", "By Mara Ennis and Pim Dole · March 12, 2026"),
        ("en-US", "en-GB", "By Mara Ennis and Pim Dole · March 12, 2026"),
        ("de", "en-GB", "Von Mara Ennis und Pim Dole · 12. März 2026"),
        ("zh", "zh-Hant", "Mara Ennis和Pim Dole · 2026年3月12日"),
    ],
)
def test_an_article_has_the_dates_of_the_edition_where_it_names_no_region(
    publisher: Callable[..., Run], edition: Callable[..., Path], stated: str, language: str, expected: str
) -> None:
    """A script is no region: `zh` stays as it is in an edition in `zh-Hant`."""
    article = f"---\ntitle: Gate\nlang: {stated}\nauthors: [Mara Ennis, Pim Dole]\ndate: 2026-03-12\n---\n\nWords.\n"
    manifest = f'[edition]\ntitle = "T"\nlanguage = "{language}"\n[[section]]\narticles = ["a.md"]\n'
    home = edition({"a.md": article, "publisher.toml": manifest})
    assert publisher("build", "-o", "a.epub", "--no-cache").code == 0
    with zipfile.ZipFile(home / "a.epub") as book:
        chapter = book.read("EPUB/a.xhtml").decode()
    byline = re.search(r'<p class="byline">(.*?)</p>', chapter)
    assert byline is not None and byline[1].endswith(expected)


@pytest.mark.parametrize("lang", ["de_DE", "en_US", "fi", "fr", "hu_HU", "ru_RU", "tr", "uk_UA"])
def test_patterns_that_are_parsed_when_a_word_has_them_are_those_of_pyphen(lang: str) -> None:
    import pyphen

    import publisher.writers.pdf.engine  # noqa: F401 (it adds the languages)
    from publisher.writers.pdf import hyphenation_patterns as patterns

    path = pyphen.LANGUAGES[lang]
    ours, theirs = patterns.HyphenationPatterns(path), patterns._Dictionary(path)
    parsed = {letters: patterns._parsed(text) if isinstance(text, str) else text for letters, text in ours.patterns.items()}
    assert {letters: (start, list(values)) for letters, (start, values) in parsed.items()} == {
        letters: (start, list(values)) for letters, (start, values) in theirs.patterns.items()
    }
    words = [letters.strip(".") for letters in list(parsed)[:: len(parsed) // 200]]
    words = ["".join(pair) for pair in pairwise(words)]
    assert [ours.positions(word) for word in words] == [theirs.positions(word) for word in words]
    assert ours.maxlen == theirs.maxlen


def test_a_pattern_is_parsed_only_when_a_word_has_it() -> None:
    import pyphen

    from publisher.writers.pdf.hyphenation_patterns import HyphenationPatterns

    dictionary = HyphenationPatterns(pyphen.LANGUAGES["de_DE"])
    assert all(isinstance(pattern, str) for pattern in dictionary.patterns.values())
    dictionary.positions("Schleuse")
    assert 0 < sum(not isinstance(pattern, str) for pattern in dictionary.patterns.values()) < 100

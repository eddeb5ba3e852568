"""Bylines, dates, typography, citations and formulas: one example for each rule."""

from __future__ import annotations

import base64
import datetime
import re
import unicodedata

import lxml.etree
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.input import snippets
from publisher.model.markup import xhtml
from publisher.model.sources import Source
from publisher.passes import typography
from publisher.text import characters, mathematics
from publisher.text.bylines import date_in, day_of, is_name, names_after_by, split_names
from publisher.text.citations import csl_item
from publisher.text.languages import quotes
from publisher.text.linear_formulas import linear_text
from publisher.text.standard_style import standard_style
from publisher.text.word_count import counted_words
from publisher.writers.epub.fonts import characters_of
from tests.reader_samples import article, listed, page


@pytest.mark.parametrize(
    ("text", "names"),
    [
        *((f"{word} Mara Ennis", ["Mara Ennis"]) for word in ("By", "von", "Par", "Por", "Di", "Door", "Av", "Af", "Автор:")),
        *((f"{word} Mara Ennis", ["Mara Ennis"]) for word in ("written by", "Posted by", "Text:")),
        *((f"Mara Ennis{mark}Pim Dole", ["Mara Ennis", "Pim Dole"]) for mark in ("; ", " | ", ", ", " & ")),
        *((f"Mara Ennis {word} Pim Dole", ["Mara Ennis", "Pim Dole"]) for word in listed("and und et y e ve і та")),
        ("Mara Ennis, Jr", ["Mara Ennis, Jr"]),
        ("Mara Ennis, Sr.", ["Mara Ennis, Sr."]),
        ("Mara Ennis, MD", ["Mara Ennis, MD"]),
        ("Mara Ennis, PhD, Pim Dole", ["Mara Ennis, PhD", "Pim Dole"]),
        ("Mara Ennis, Ph.D.", ["Mara Ennis, Ph.D."]),
        ("Mara Ennis, M.D.", ["Mara Ennis, M.D."]),
        ("Mara Ennis (locks and weirs), Pim Dole", ["Mara Ennis (locks and weirs)", "Pim Dole"]),
        ("By Mara Ennis Edited by Pim Dole", ["Mara Ennis"]),
        ("By Mara Ennis reviewed by Pim Dole", ["Mara Ennis"]),
        (" | Mara  Ennis • ", ["Mara Ennis"]),
        ("Mara Ennis,, ", ["Mara Ennis"]),
        (f"Mara Ennis; {'Long ' * 21}", ["Mara Ennis"]),
        ("Byron Dole", ["Byron Dole"]),
    ],
)
def test_names_of_a_byline(text: str, names: list[str]) -> None:
    assert split_names(text) == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Mara Ennis", ["Mara Ennis"]),
        ("By Mara Ennis | Kalyra Wire", ["Mara Ennis"]),
        ("By Mara Ennis – Port Kalyra", ["Mara Ennis"]),
        ("By Mara Ennis · 7:30", ["Mara Ennis"]),
        ("By Mara van der Ennis", ["Mara van der Ennis"]),
        ("By Mara Ennis and Pim Dole", ["Mara Ennis", "Pim Dole"]),
        ("By Mara (of the 7th lock) Ennis", []),  # a number ends the names
        ("By Mara", []),  # one name alone may be a place
        ("By Mara Ennis and Pim", []),
        ("By noon the Queue had gone", []),
        ("By Mara Ennis.", []),
        ("By Mara Ennis?", []),
        ("Mara Ennis", []),
        ("By One Two Three Four Five Six Seven", []),
    ],
)
def test_names_are_taken_only_from_a_line_that_is_a_byline(line: str, names: list[str]) -> None:
    assert names_after_by(line) == names


@pytest.mark.parametrize(
    "particle",
    listed("and und et y e ve i та de del della der den van von zu la le el al bin da di do dos du te ten"),
)
def test_a_particle_may_stand_in_a_byline(particle: str) -> None:
    assert names_after_by(f"By Mara Ennis {particle} Pim Dole") != []
    assert names_after_by(f"By Mara Ennis x{particle} Pim Dole") == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("Mara Ennis", True), ("M. E.", True), ("M E", False), ("Lock 7", False), ("a b c d e f gg", False), ("Mara (7)", True)],
)
def test_what_may_be_a_name(text: str, wanted: bool) -> None:
    assert is_name(text) is wanted


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-12",
        "2026-03-12T08:00:00Z",
        "20260312T080000",
        "2026/03/12",
        "2026.03.12",
        "Thu, 12 Mar 2026 08:00:00 +0000",
        "March 12, 2026",
        "Mar. 12, 2026",
        "March 12 2026, 8 a.m.",
        "  2026-03-12 ",
    ],
)
def test_a_day_in_the_forms_of_feeds_and_pages(text: str) -> None:
    assert str(day_of(text)) == "2026-03-12"


def test_what_is_no_day() -> None:
    assert [day_of(text) for text in ("", "soon", "2026-13-45", "20261345")] == [None] * 4


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("Filed 2026-03-12 here", "Filed   here"),
        ("2026年3月12日", " "),
        ("2026 年 3 月 12 日", " "),
        ("12.3.2026", " "),
        ("12. 03. 2026", " "),
        ("12 March 2026", " "),
        ("12th March, 2026", " "),
        ("12th of March 2026", " "),
        ("12. März 2026", " "),
        ("12 mars 2026", " "),
        ("12 de marzo de 2026", " "),
        ("12 de março de 2026", " "),
        ("12º marzo 2026", " "),
        ("12 marzo 2026", " "),
        ("12 maart 2026", " "),
        ("12 marts 2026", " "),
        ("12 maaliskuuta 2026", " "),
        ("12 marca 2026", " "),
        ("12 března 2026", " "),
        ("12 березня 2026", " "),
        ("12 марта 2026", " "),
        ("12 Mart 2026", " "),
        ("12 martie 2026", " "),
        ("12 március 2026", " "),
        ("12 Μαρτίου 2026", " "),
        ("12 Maret 2026", " "),
        ("Mar. 12th, 2026", " "),
        ("March 12 2026", " "),
        ("March 32, 2026 and March 12, 2026", "March 32, 2026 and  "),
    ],
)
def test_the_date_in_a_line_and_what_is_left_of_it(line: str, rest: str) -> None:
    assert (str(date_in(line)[0]), date_in(line)[1]) == ("2026-03-12", rest)


def test_a_number_of_a_line_that_is_no_date() -> None:
    assert date_in("Lock 12 of the year 2026") == (None, "Lock 12 of the year 2026")
    assert date_in("Maybe 12, 2026")[0] is None


@pytest.mark.parametrize(
    ("lang", "marks"),
    [
        ("en", "“”‘’"),
        ("de", "„“‚‘"),
        ("de-CH", "«»‹›"),
        ("es", "«»“”"),
        ("it", "«»“”"),
        ("pt", "“”‘’"),
        ("pt-BR", "“”‘’"),
        ("pt-PT", "«»“”"),
        ("nl", "‘’“”"),
        ("sv", "””’’"),
        ("fi", "””’’"),
        ("da", "“”‘’"),
        ("no", "«»‘’"),
        ("nb", "«»‘’"),
        ("pl", "„”«»"),
        ("cs", "„“‚‘"),
        ("sk", "„“‚‘"),
        ("hu", "„”»«"),
        ("ro", "„”«»"),
        ("bg", "„“‘’"),
        ("ru", "«»„“"),
        ("uk", "«»„“"),
        ("el", "«»“”"),
        ("tr", "“”‘’"),
        ("ar", "«»“”"),
        ("fa", "«»“”"),
        ("he", "””’’"),
        ("zh", "“”‘’"),
        ("zh-TW", "「」『』"),
        ("zh_HK", "「」『』"),
        ("ja", "「」『』"),
        ("ko", "“”‘’"),
        ("ka", "„“‚‘"),
        ("hr", "„”‚’"),
        ("sr", "„“‚‘"),
        ("sl", "„“‚‘"),
        ("lt", "„“‚‘"),
        ("et", "„“‚‘"),
        ("id", "“”‘’"),
        ("hi", "“”‘’"),
        ("xx", "“”‘’"),
    ],
)
def test_the_quotation_marks_of_a_language(lang: str, marks: str) -> None:
    assert "".join(quotes(lang)) == marks


def test_french_marks_have_narrow_spaces_within_and_before() -> None:
    assert quotes("fr") == ("«\u202f", "\u202f»", "“", "”") and quotes("fr-CH") == ("«\u202f", "\u202f»", "‹\u202f", "\u202f›")
    assert typography._set("Oui ; non : si ? « a »", "", "fr", [0, 0]) == ("Oui\u202f; non\u00a0: si\u202f? «\u202fa\u202f»")
    assert typography._set("Oui ; non : si ! « a »", "", "fr-CH", [0, 0]) == "Oui\u202f; non\u202f: si\u202f! «\u202fa\u202f»"
    assert typography._set("Yes ; no", "", "en", [0, 0]) == "Yes ; no"


@pytest.mark.parametrize("lang", listed("de fr it nl sv fi da nb no pl cs sk hu tr pt ro hr sl he ar"))
def test_a_dash_between_spaces_is_short_in_many_languages(lang: str) -> None:
    assert typography._set("lock -- weir", "", lang, [0, 0]) == "lock – weir"


@pytest.mark.parametrize(
    ("lang", "typed", "wanted"),
    [
        ("en", "lock -- weir", "lock — weir"),
        ("en", "lock --- weir", "lock — weir"),
        ("en", "lock--weir", "lock—weir"),
        ("en", "lock - weir", "lock – weir"),
        ("en", "12--14", "12–14"),
        ("en", "a ---- b", "a ---- b"),
        ("ja", "港--船", "港——船"),
        ("zh", "港 -- 船", "港——船"),
        *((lang, "a — b", "a\u00a0— b") for lang in ("uk", "ru", "be", "bg")),
        ("en", "so...", "so…"),
        ("en", "so . . .", "so …"),
        ("en", "'twas, 'tis, 'em", "’twas, ’tis, ’em"),
        ("en", "'90s and 'til, 'cause", "’90s and ’til, ’cause"),
        ("en", "rock 'n' roll", "rock ’n’ roll"),
        ("en", "'twere 'twill 'bout 'round", "’twere ’twill ’bout ’round"),
        ("en", "the keeper's", "the keeper’s"),
        ("en", "the keepers' book", "the keepers’ book"),
        ("en", "He said \"she said 'no' to it\" twice", "He said “she said ‘no’ to it” twice"),
        ("en", '("a") ["b"] —"c"', "(“a”) [“b”] —“c”"),
        ("en", "6' tall, 5'10\" wide", "6′ tall, 5′10″ wide"),
        ("en", 'a "lock 7" here', "a “lock 7” here"),
        ("en", 'so" it', "so” it"),
    ],
)
def test_marks_of_a_typewriter_are_set(lang: str, typed: str, wanted: str) -> None:
    assert typography._set(typed, "", lang, [0, 0]) == wanted


@pytest.mark.parametrize("element", ["pre", "code", "kbd", "samp", "var"])
def test_what_a_machine_says_is_not_set(element: str) -> None:
    tree = xhtml(article("a.html", page(body=f'<p>Type <{element}>a -- "b"...</{element}> or "c".</p>')).root)
    assert f'>a -- "b"...</{element}>' in tree and "“c”" in tree


@pytest.mark.parametrize("lang", ["ar", "he", "fa", "ur", "yi", "ps", "sd", "ckb", "dv", "ar-EG"])
def test_a_text_that_is_written_from_the_right(lang: str) -> None:
    assert 'dir="rtl"' in xhtml(article("a.md", f"---\nlang: {lang}\n---\n\n# A\n\nWords.\n").root)


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("a\n\nb\nc\n \nd", "<p>a</p>\n<p>b c</p>\n<p>d</p>"),
        ("a\nb  b", "<p>a</p>\n<p>b b</p>"),
        ("\n a < b \n", "<p>a &lt; b</p>"),
        ("", ""),
    ],
)
def test_plain_text_as_paragraphs(text: str, markup: str) -> None:
    assert snippets.paragraph_markup(text) == markup


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("The gate opened. It was seven.", "The gate opened"),
        ("The gate opened! It was seven.", "The gate opened!"),
        ("The gate opened? So.", "The gate opened?"),
        ("The  gate\nopened", "The gate opened"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 60 + "…"),
        (f"The gate, {'x' * 60}", "The gate…"),
        (f"{'x' * 57} yz more", f"{'x' * 57} yz…"),
        (f"{'x' * 57} yzz more", f"{'x' * 57}…"),
    ],
)
def test_a_headline_for_a_text_without_one(text: str, headline: str) -> None:
    assert snippets.headline_from(text) == headline


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        (
            Source(title="Gate", authors=("Mara Ennis", "Pim Dole"), publication="Wire"),
            "Mara Ennis and Pim Dole, “Gate,” <cite>Wire</cite>.",
        ),
        (Source(title="Why?", publication="Wire"), "“Why?” <cite>Wire</cite>."),
        (Source(title="Why?"), "“Why?”"),
        (Source(title="Go!"), "“Go!”"),
        (Source(title="A & b <c>", authors=("D & e",)), "D &amp; e, “A &amp; b &lt;c&gt;.”"),
        (Source(publication="Wire Co."), "<cite>Wire Co.</cite>."),
        (
            Source(url="https://www.example.org/a-b/c?d=1&e#f/"),
            '<a href="https://www.example.org/a-b/c?d=1&amp;e#f/">'
            "example.org/<wbr/>a-b/<wbr/>c?<wbr/>d=<wbr/>1&amp;<wbr/>e#<wbr/>f</a>",
        ),
        (
            Source(url=f"https://example.org/{'x' * 30}"),
            f'<a href="https://example.org/{"x" * 30}">example.org/<wbr/>{"x" * 24}<wbr/>{"x" * 6}</a>',
        ),
        (
            Source(title="G", archived="https://example.org/a"),
            '“G.” Archived: <a href="https://example.org/a">example.org/<wbr/>a</a>',
        ),
    ],
)
def test_a_source_as_it_is_cited(source: Source, wanted: str) -> None:
    assert standard_style(source, "en").replace("Archived at", "Archived:").replace("archived at", "Archived:") == wanted


def test_a_source_for_other_programs() -> None:
    day = datetime.date(2026, 3, 12)
    full = Source("Wire", "Gate", ("Mara Ennis",), "https://example.org/g", day, day, "https://example.org/a")
    assert csl_item(full) == {
        "id": full.identifier,
        "type": "article-newspaper",
        "title": "Gate",
        "author": [{"literal": "Mara Ennis"}],
        "container-title": "Wire",
        "issued": {"date-parts": [[2026, 3, 12]]},
        "accessed": {"date-parts": [[2026, 3, 12]]},
        "URL": "https://example.org/g",
        "archive_location": "https://example.org/a",
    }
    assert csl_item(Source(title="Gate"))["type"] == "webpage" and set(csl_item(Source(title="G"))) == {"id", "type", "title"}


@pytest.mark.parametrize(
    ("text", "cleaned", "forbidden"),
    [
        ("a\fb", "a\n\nb", 0),
        *((f"a{char}b", "a\nb", 0) for char in "\x0b\x85\u2028\u2029"),
        *(
            (f"a{char}b", "ab", 1)
            for char in (
                "\x00",
                "\x08",
                "\x0e",
                "\x1f",
                "\x7f",
                "\x84",
                "\x86",
                "\x9f",
                "\ufdd0",
                "\ufdef",
                "\ufffe",
                "\uffff",
                "\U0001fffe",
                "\U0010ffff",
            )
        ),
        *((f"a{char}b", "a\ufffdb", 1) for char in ("\ud800", "\udfff")),
        ("a\tb\nc\rd\xa0e", "a\tb\nc\rd\xa0e", 0),
    ],
)
def test_characters_that_no_article_has(text: str, cleaned: str, forbidden: int) -> None:
    assert characters.clean(text) == cleaned and len(characters.forbidden_in(text)) == forbidden


def cleaned_formula(source: str) -> str:
    return str(lxml.etree.tostring(mathematics._clean_mathml(source), encoding="unicode"))


@pytest.mark.parametrize(
    "name",
    listed(
        "math mrow mi mn mo mtext mspace ms mfrac msqrt mroot mstyle merror mpadded mphantom menclose "
        "msub msup msubsup munder mover munderover mmultiscripts mprescripts none mtable mtr mtd"
    ),
)
def test_elements_of_formulas_stay(name: str) -> None:
    assert f"<{name}>" in cleaned_formula(f"<math><mi>x</mi><{name}>y</{name}></math>").replace(
        '<math xmlns="http://www.w3.org/1998/Math/MathML">', "<math>"
    )
    assert f"<x{name}>" not in cleaned_formula(f"<math><x{name}>y</x{name}></math>")


@pytest.mark.parametrize(
    "name",
    listed(
        "accent accentunder columnalign columnspan depth display displaystyle fence form height largeop linethickness lspace "
        "mathvariant maxsize minsize movablelimits notation rowalign "
        "rowspan rspace scriptlevel separator stretchy symmetric voffset width"
    ),
)
def test_attributes_of_formulas_stay(name: str) -> None:
    found = cleaned_formula(f"<math><mo {name}='v' onclick='x' x{name}='v'>y</mo></math>")
    assert f'<mo {name}="v">y</mo>' in found


@pytest.mark.parametrize(
    ("tex", "line"),
    [
        (r"\frac{1}{2}", "1/2"),
        (r"\frac{a+b}{c+d}", "(a+b)/(c+d)"),
        (r"\frac{\frac{1}{2}}{3}", "(1/2)/3"),
        (r"\frac{x^2}{y_1}", "x^2/y_1"),
        (r"\frac{1}{ab}", "1/(a b)"),
        (r"\left(\frac{a}{b}\right)^2", "(a/b)^2"),
        (r"\sqrt{16}", "√16"),
        (r"\sqrt{x+1}", "√(x+1)"),
        (r"\sqrt[3]{x}", "∛x"),
        (r"\sqrt[4]{ab}", "∜(a b)"),
        (r"\sqrt[n]{x+1}", "√[n](x+1)"),
        (r"n=\frac{1}{2}x^2\sqrt{16}", "n = 1/2 x^2 √16"),
        (r"x_i", "x_i"),
        (r"x_{i+1}^2", "x_(i+1)^2"),
        (r"x^{\frac{1}{2}}", "x^(1/2)"),
        (r"f'(x)", "f′(x)"),
        (r"{}^{14}_{6}C", "_6^14 C"),
        (r"(a+b)^2 c", "(a+b)^2 c"),
        (r"\sum_{i=1}^{n} i^2", "∑_(i=1)^n i^2"),
        (r"\int_0^\infty e^{-x^2} dx", "∫_0^∞ e^(−x^2) d x"),
        (r"\lim_{x \to 0} \frac{\sin x}{x} = 1", "lim_(x→0) (sin x)/x = 1"),
        (r"\binom{n}{k}", "(n¦k)"),
        (r"\hat{x}+\overline{ab}", "x\u0302+―(a b)"),
        (r"\overbrace{a+b}^{n}", "⏞(a+b)^n"),
        (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "(a, b; c, d)"),
        (r"\begin{matrix} a & b \\ c & d \end{matrix}", "[a, b; c, d]"),
        (r"\begin{cases} x & x>0 \\ -x & x<0 \end{cases}", "{[x, x > 0; −x, x < 0]"),
        (r"\begin{aligned} a &= b \\ c &= d\end{aligned}", "a = b; c = d"),
        (r"10\,\mathrm{km}", "10 km"),
        (r"f(x,y)", "f(x, y)"),
    ],
)
def test_a_formula_as_one_line_of_text(tex: str, line: str) -> None:
    assert f'alt="{line}"' in mathematics.from_tex(tex).replace("&gt;", ">").replace("&lt;", "<")


@pytest.mark.parametrize(
    ("markup", "line"),
    [
        ("<mfenced><mi>a</mi><mi>b</mi></mfenced>", "(a, b)"),
        ("<mn>2</mn><mo>\u2062</mo><mn>3</mn>", "2 3"),
        ("<mi>f</mi><mo>\u2061</mo><mo>(</mo><mi>x</mi><mo>)</mo>", "f(x)"),
        ("<mmultiscripts><mi>U</mi><none/><mn>2</mn><mprescripts/><mn>92</mn><none/></mmultiscripts>", "_92U^2"),
        ("<msup><mrow><mi>a</mi><mi>b</mi></mrow><mn>2</mn></msup>", "(a b)^2"),
        ("<msup><mfrac><mi>a</mi><mi>b</mi></mfrac><mn>2</mn></msup>", "(a/b)^2"),
        ("<menclose notation='box'><mi>a</mi></menclose><mspace width='1em'/><mi>b</mi>", "a b"),
        ("<mfrac><mi>a</mi></mfrac>", "a"),  # broken: one part
        ("<semantics><mi>a</mi><annotation encoding='TeX'>a</annotation></semantics>", "a"),
    ],
)
def test_a_formula_of_a_page_as_one_line_of_text(markup: str, line: str) -> None:
    assert linear_text(mathematics._clean_mathml(f"<math>{markup}</math>")) == line


def test_the_text_of_a_formula_is_as_wide_as_its_image() -> None:
    image = mathematics.from_tex(r"\sqrt{x+1} = \frac{1}{2}")
    svg = base64.b64decode(image.partition("base64,")[2].rstrip('"/>'))
    root = lxml.etree.fromstring(mathematics.with_hidden_characters(svg, "Mono"))
    texts = [text for text in root.iter("{http://www.w3.org/2000/svg}text") if text.get("fill-opacity") == "0"]
    left, _, width, _ = (float(number) for number in root.get("viewBox", "").split())
    assert [text.text for text in texts] == ["√(x+1)", "=", "1/2"]
    places = [[float(number) for number in re.findall(r"-?[\d.]+", text.get("transform", ""))] for text in texts]
    assert places[0][0] == pytest.approx(left, abs=0.1)
    start, _, scale, _ = places[-1]
    assert start + 3 * 0.6 * scale * float(texts[-1].get("font-size", "")) == pytest.approx(left + width, abs=0.1)


@pytest.mark.parametrize("tex", [r"\depth{x}", r"\frac{1}{", r"a \levelmark b"])
def test_tex_that_cannot_be_drawn_is_refused(tex: str) -> None:
    with pytest.raises(mathematics.FormulaError):
        mathematics.from_tex(tex)


def test_the_source_of_a_formula_stays_beside_its_drawing() -> None:
    image = mathematics.from_tex(r"\frac{1}{2}")
    svg = base64.b64decode(image.partition("base64,")[2].rstrip('"/>')).decode()
    assert r'<annotation encoding="application/x-tex">\frac{1}{2}</annotation></semantics>' in svg


def test_a_formula_has_no_notes_scripts_and_hidden_characters() -> None:
    found = cleaned_formula(
        "<math><semantics><mi>x</mi><annotation encoding='x'>a</annotation><script>b</script><style>c</style></semantics></math>"
    )
    assert found == '<math xmlns="http://www.w3.org/1998/Math/MathML"><mrow><mi>x</mi></mrow></math>'
    image = mathematics.from_mathml(
        "<math><mi>x</mi><mo>\u2061</mo><mphantom><mn>7</mn></mphantom><mtext>y</mtext></math>", " x  of y ", True
    )
    assert 'class="math display" alt="x of y"' in image and 'class="math"' in mathematics.from_tex(" x ")
    svg = base64.b64decode(image.partition("base64,")[2].rstrip('"/>'))
    assert mathematics.characters_of(svg) == "x y" and mathematics.characters_of(b"<svg/>") == ""
    written = mathematics.with_hidden_characters(svg, "Mono")
    assert written.count(b'fill-opacity="0"') == 2 and mathematics.with_hidden_characters(b"<svg/>", "Mono") == b"<svg/>"


def test_a_formula_that_fails_in_a_text_changes_no_later_formula() -> None:
    """The font is shared: ziamath sets it to plain text for an `mtext`, and an empty one fails before it is set back."""
    mathematics._drawing.cache_clear()
    first = mathematics.from_tex(r"\sum_{i=1}^{n} x_i")
    with pytest.raises(mathematics.FormulaError):
        mathematics.from_mathml("<math><mtext></mtext></math>")
    mathematics._drawing.cache_clear()
    assert mathematics.from_tex(r"\sum_{i=1}^{n} x_i") == first


_SIGNS = "aZ9_-<=' \n\u0301\u0338\u0345ßİΣς½ﬁ\u3000\u2003\u00ad\u200d–’"


@settings(max_examples=400)
@given(st.text(st.one_of(st.characters(), st.sampled_from(_SIGNS))))
def test_the_words_of_a_text_are_those_of_its_compatibility_form(text: str) -> None:
    visible = re.sub("[\u00ad\u200b-\u200d\u2060\ufeff]", "", text)
    plain = re.sub("[\u00a0‘’“”„«»–—…•]", " ", visible)
    assert counted_words(text) == re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", plain).casefold())


@given(st.lists(st.text()))
def test_the_characters_of_files_are_found_however_many_they_have(texts: list[str]) -> None:
    assert characters_of(texts) == set("".join(texts))

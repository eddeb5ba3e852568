"""A style sheet by its parts is the style sheet that WeasyPrint reads as a whole, and a variant takes over what is equal."""

from __future__ import annotations

from typing import Any

import pytest
import weasyprint

from publisher.writers import themes
from publisher.writers.pdf import engine, rule_effects, styles

URL = "https://theme.invalid/a.css"
PLAIN = """@font-face { font-family: Quay; src: url(quay.ttf) }
p { margin: 1px } a, b:hover { color: red }
@page { size: A4 }
h1 {
  top: 0 }"""
COMMENTED = """/* first */

p { margin: 0 } /* and
more */ a { color: red }
@media print {
 b { top: 0 }
}
@media screen { i { top: 0 } }"""


def content(css: Any) -> tuple[Any, ...]:
    """All that a style sheet of WeasyPrint holds, in a form that can be compared."""
    matcher = css.matcher
    kinds = [matcher.id_selectors, matcher.class_selectors, matcher.lower_local_name_selectors, matcher.namespace_selectors]
    lists = {(number, name): entries for number, kind in enumerate(kinds) for name, entries in kind.items()}
    lists |= {"lang": matcher.lang_attr_selectors, "other": matcher.other_selectors}
    selectors = {name: [(entry[1:4], repr(entry[4])) for entry in entries] for name, entries in lists.items()}
    pages = [(repr(selectors), repr(declarations)) for _, selectors, declarations in css.page_rules]
    return css.base_url, matcher.order, selectors, pages, css.layers


class Fonts:
    def __init__(self) -> None:
        self.found: list[str] = []

    def add_font_face(self, descriptors: Any, fetcher: Any) -> None:
        self.found.append(repr(descriptors))


def read(text: str, original: str = "") -> tuple[Any, ...]:
    fonts = Fonts()
    return (*content(rule_effects.css_of(text, URL, None, fonts, original)), fonts.found)


def read_whole(text: str) -> tuple[Any, ...]:
    fonts = Fonts()
    return (*content(weasyprint.CSS(string=text, base_url=URL, font_config=fonts)), fonts.found)


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule_effects, "_kept", {})


@pytest.mark.parametrize("theme", ["brief", "report", "digest"])
def test_the_style_sheets_of_the_themes_are_what_weasyprint_makes_of_them(theme: str) -> None:
    loaded = themes.load(theme)
    for names in (("page.css",), ("page.css", "running.css"), ("page.css", "cover.css")):
        for tight in (False, True):
            for sheet in styles.page_styles(loaded, "A4", names, tight):
                assert bool(sheet.original) == tight
                assert read(sheet.css, sheet.original) == read_whole(sheet.css), (sheet.path, tight)


@pytest.mark.parametrize(
    ("text", "original"),
    [
        ("/* nothing */", ""),
        (PLAIN, ""),
        (PLAIN.replace("1px", "2px"), PLAIN),  # a rule that differs, beside one that does not
        (PLAIN.replace("  top: 0", "  top: 1px; bottom: 0"), PLAIN),  # in the second line of a rule
        (PLAIN.replace("quay.ttf", "pier.ttf"), PLAIN),
        (PLAIN.replace("1px }", "1px"), PLAIN),  # a rule that is never closed takes the rules behind it
        (PLAIN + "\nh2 { top: 0 }", PLAIN),  # not line by line
        ("@layer quay, pier;\n@layer pier { p { margin: 0 } }\np { top: 0 }", ""),  # layers have an order
        ("p { margin: 0 }\r\na { color: red }", ""),
        (COMMENTED, ""),
        (COMMENTED.replace("red", "blue").replace("b {", "u {"), COMMENTED),
    ],
)
def test_any_style_sheet_is_what_weasyprint_makes_of_it(text: str, original: str) -> None:
    for _ in range(2):  # the second time from what is kept
        assert not original or read(original) == read_whole(original)
        assert read(text, original) == read_whole(text)


def test_a_variant_reads_only_the_rules_that_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    original = rule_effects.preprocess_stylesheet

    def counted(medium: str, base_url: str, rules: Any, *others: Any) -> None:
        told.append(len(rules))
        original(medium, base_url, rules, *others)

    monkeypatch.setattr(rule_effects, "preprocess_stylesheet", counted)
    sheets = [styles.page_styles(themes.load(), "A4", ("page.css",), tight)[0] for tight in (False, True)]
    read(sheets[0].css)
    whole = sum(told)
    told.clear()
    read(sheets[1].css, sheets[1].original)
    assert whole > 200 and 0 < sum(told) < whole / 3
    assert sheets[0].css == sheets[1].original != sheets[1].css


def test_a_rule_that_the_engine_fails_with_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    original = rule_effects.preprocess_stylesheet

    def failing(*arguments: Any) -> None:
        original(*arguments)
        raise RuntimeError("no quay")

    with monkeypatch.context() as patch:
        patch.setattr(rule_effects, "preprocess_stylesheet", failing)
        with pytest.raises(RuntimeError):
            read(PLAIN)
    assert read(PLAIN) == read_whole(PLAIN)


def test_the_engine_reads_a_variant_by_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    originals: list[str] = []
    original = rule_effects.css_of

    def seen(text: str, url: str, fetcher: Any, fonts: Any, of: str = "") -> Any:
        originals.append(of)
        return original(text, url, fetcher, fonts, of)

    monkeypatch.setattr(engine, "css_of", seen)
    engine._parsed_css.cache_clear()
    engine._stylesheet.cache_clear()
    engine.render("<html><body><p>Quay</p></body></html>", themes.load(), "A4", {}, "page.css", tight=True)
    assert any(originals)

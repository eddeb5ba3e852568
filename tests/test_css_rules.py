"""Style sheets as rules: parsed once."""

from __future__ import annotations

import pytest
import tinycss2

from publisher.writers import css_rules
from publisher.writers.custom_properties import custom_properties
from publisher.writers.pdf.font_families import undeclared_families


def test_a_style_sheet_is_parsed_once_for_all_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed, parse = list[str](), tinycss2.parse_stylesheet
    monkeypatch.setattr(css_rules.tinycss2, "parse_stylesheet", lambda css, **how: parsed.append(css) or parse(css, **how))
    css = ":root { --lock: 2mm } p { font-family: Elsewhere; margin: var(--lock) } /* of this test alone */"
    for _ in range(2):
        assert custom_properties(css) == {"--lock": "2mm"}
        assert undeclared_families((css,)) == {"elsewhere"}
    assert parsed == [css]


@pytest.mark.parametrize(
    ("css", "families"),
    [
        ("p { f\\6fnt-family: Elsewhere }", {"elsewhere"}),
        ("p { FONT-FAMILY: Elsewhere }", {"elsewhere"}),
        ("p { color: red }", set()),
    ],
)
def test_a_family_is_found_however_its_property_is_written(css: str, families: set[str]) -> None:
    assert undeclared_families((css,)) == families

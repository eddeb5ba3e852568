"""What the texts of a style have in common is prepared once, and what a text adds to it is its own."""

from __future__ import annotations

from typing import Any

import pytest
import weasyprint
from weasyprint.text.fonts import FontConfiguration

import publisher.writers.pdf.engine  # noqa: F401 (it applies the corrections)
from publisher.writers.pdf import text_layouts

WORDS = "The keeper of the lock writes the level into a book, “twice” a day. "
STYLES = [
    "text-align: justify; width: 90px",
    "letter-spacing: 2px",
    "word-spacing: 5px; text-align: justify; width: 120px",
    "text-decoration: underline",
    "overflow-wrap: anywhere; width: 20px",
    "font-variant: small-caps; font-feature-settings: 'onum'",
    "font-variation-settings: 'wght' 500",
    "white-space: pre-wrap; tab-size: 4",
    "direction: rtl",
    "font-language-override: 'TRK'",
]


def drawn(html: str) -> bytes:
    return bytes(weasyprint.HTML(string=html).write_pdf(pdf_identifier=b"text", uncompressed_pdf=True))


@pytest.mark.parametrize("style", STYLES)
def test_a_text_is_drawn_like_a_text_that_is_prepared_alone(style: str) -> None:
    html = f"<p>{WORDS}</p><p style=\"{style}\">{WORDS}\t{WORDS}</p><p lang='tr'>{WORDS}</p><p>{WORDS}<b>{WORDS}</b></p>"
    prepared = drawn(html)
    text_layouts.prepare_each_text()
    try:
        assert drawn(html) == prepared
    finally:
        text_layouts.prepare_text_styles()


def test_a_language_and_direction_have_a_context_of_pango(monkeypatch: pytest.MonkeyPatch) -> None:
    contexts: list[tuple[Any, ...]] = []
    make = text_layouts._context
    monkeypatch.setattr(text_layouts, "_context", lambda *arguments: contexts.append(arguments[1:]) or make(*arguments))
    html = weasyprint.HTML(string=f"<p>{WORDS}</p><h1>{WORDS}</h1><p lang='de'>{WORDS}</p><p dir='rtl' lang='de'>{WORDS}</p>" * 3)
    sheet = weasyprint.CSS(string="[dir=rtl] { direction: rtl }")
    html.render(font_config=FontConfiguration(), stylesheets=[sheet])
    assert sorted(contexts) == [("ltr", ""), ("ltr", "de"), ("rtl", "de")]

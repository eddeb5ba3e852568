"""Computed styles are shared between elements and documents, and no document sees what another has set in one."""

from __future__ import annotations

from typing import Any

import pytest
import weasyprint
from weasyprint.text.fonts import FontConfiguration

import publisher.writers.pdf.engine  # noqa: F401 (it applies the corrections)
from publisher.writers.pdf import shared_styles

FONTS = FontConfiguration()
SHEET = weasyprint.CSS(
    string="""
    p { color: red; text-indent: 2em } em { font-weight: bold } .wide { width: 50vw } html { overflow: hidden }
    a::after { content: "page " target-counter(attr(href), page) } ul { list-style: square }
    """,
    font_config=FONTS,
)


def drawn(html: str, *sheets: Any) -> bytes:
    """The PDF of a page; a `StyleFor` of WeasyPrint and one with shared styles make the same."""
    document = weasyprint.HTML(string=html, base_url="resource:").render(font_config=FONTS, stylesheets=sheets or [SHEET])
    return bytes(document.write_pdf(pdf_identifier=b"styles", uncompressed_pdf=True))


def computed(html: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many styles are computed for a page, those of its margins apart."""
    count = 0
    style = shared_styles.ComputedStyle

    def counted(*arguments: Any) -> Any:
        nonlocal count
        count += 1
        return style(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(shared_styles, "ComputedStyle", counted)
        drawn(html)
    return count


@pytest.fixture(autouse=True)
def nothing_known() -> None:
    shared_styles._known.clear()


def test_elements_that_differ_by_their_anchor_share_a_style(monkeypatch: pytest.MonkeyPatch) -> None:
    assert computed("<p>Lock</p><p>Weir</p>", monkeypatch) == 28  # html, head, body and p, each with six pseudo-elements
    assert computed('<p id="lock">Lock</p><p id="weir">Weir</p>', monkeypatch) == 0


def test_a_second_document_computes_only_what_is_new_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert computed("<p>Lock</p>", monkeypatch) == 28
    assert computed("<p>Weir <em>weir</em></p>", monkeypatch) == 7
    assert computed('<p lang="de">Wehr</p><p style="color: blue">Wehr</p>', monkeypatch) == 14


@pytest.mark.parametrize(
    "html",
    [
        '<p><a href="#end">to</a></p><p id="end" style="break-before: page">Lock</p>',
        '<p><a href="#end">to</a></p><p><a name="end">Lock</a></p>',
        '<p><a href="#a&quot;b">to</a></p><p id="a&quot;b">Lock</p>',
        '<p lang="de" style="hyphens: auto; width: 60px">Schleusenwärterin</p><p lang="en">Schleusenwärterin</p>',
        '<p style="width: 60px; overflow: hidden">A long word</p><p style="width: auto">A long word</p>',
        '<table style="border-collapse: collapse"><tr><td id="a">Lock</td><td id="b">Weir</td></tr></table>',
        "<ul><li>Lock</li><li id='weir'>Weir</li></ul>",
        "<svg width='40' height='20'><rect width='9' height='9'/></svg>",
    ],
)
def test_a_document_is_the_same_whether_its_styles_are_known_or_not(html: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = drawn(html)
    drawn("<p>Another document</p>")
    assert drawn(html) == first
    monkeypatch.setattr(weasyprint.css, "StyleFor", shared_styles.StyleFor)
    assert drawn(html) == first


def test_what_a_layout_sets_in_a_style_stays_in_its_document() -> None:
    page = "<body>Lock</body>"  # the overflow of the root is moved to the page and then cleared
    document = weasyprint.HTML(string=page, base_url="resource:").render(font_config=FONTS, stylesheets=[SHEET])
    again = weasyprint.HTML(string=page, base_url="resource:").render(font_config=FONTS, stylesheets=[SHEET])
    assert [part.pages[0]._page_box.style["overflow"] for part in (document, again)] == ["hidden", "hidden"]


def test_lengths_that_depend_on_the_page_are_not_shared() -> None:
    small = weasyprint.CSS(string="@page { size: 100px } @page :first { size: 300px }", font_config=FONTS)
    page = '<p class="wide">Lock</p>'
    assert drawn(page, SHEET, small) == drawn(page, SHEET, small)
    (known,) = shared_styles._known.values()
    assert not known.is_usable


def test_few_styles_are_kept_those_of_the_sets_that_were_used_last(monkeypatch: pytest.MonkeyPatch) -> None:
    def style_sheet() -> Any:
        return weasyprint.CSS(string="p { color: red }", font_config=FONTS)

    drawn("<p>Lock</p>", style_sheet())
    (first,) = shared_styles._known.values()
    monkeypatch.setattr(shared_styles, "_STYLES", 5 * len(first))
    for _ in range(8):
        drawn("<p>Lock</p>", style_sheet())
    assert len(shared_styles._known) == 6 and first not in shared_styles._known.values()  # those before a document, and its own
    sheet = style_sheet()
    for number in range(40):
        drawn(f'<p style="width: {number}px">Lock</p>', sheet)
    assert len(next(reversed(shared_styles._known.values()))) < 6 * len(first) + 28


def test_a_document_with_style_sheets_of_its_own_is_left_to_the_original() -> None:
    page = "<style>p { color: blue }</style><p>Lock</p>"
    assert drawn(page) == drawn(page) and not shared_styles._known

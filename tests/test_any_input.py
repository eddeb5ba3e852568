"""What any input may hold: numbers that Python refuses, characters that no tree may have, names and types that no format has."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypedDict

import lxml.html
import pytest

from publisher.input.html_elements import parsed_page, parsed_piece
from publisher.input.manuscript import Manuscript
from publisher.input.snippets import json_of
from publisher.model.diagnostics import PublisherError
from publisher.model.markup import xhtml
from publisher.text.numbers import decimal_number, whole_number
from tests.test_promises import normalized


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        ("007", 7),
        ("0", 0),
        ("²", 3),
        ("٣", 3),
        ("", 3),
        ("-1", 3),
        ("1.5", 3),
        ("9" * 5000, 999_999_999),
        ("0" * 5000, 0),
    ],
)
def test_a_whole_number_of_a_file(text: str, number: int) -> None:
    assert whole_number(text, 3) == number


@pytest.mark.parametrize(("text", "number"), [("1.5", 1.5), ("1.2.3", 2.0), (".", 2.0), ("9" * 400, 2.0), ("nan", 2.0)])
def test_a_decimal_number_of_a_file(text: str, number: float) -> None:
    assert decimal_number(text, 2.0) == number


@pytest.mark.parametrize(
    "attributes", ['colspan="²"', f'rowspan="{"9" * 5000}"', 'style="top: 1.2.3px"', 'srcset="a.png 1.2.3w"', 'width="٣"']
)
@pytest.mark.parametrize("element", ["td", "img", "svg viewBox='0 0 9 9'", "div class=view-lines"])
def test_a_page_with_a_number_that_is_none_is_read(element: str, attributes: str) -> None:
    assert normalized(f"<article><h1>Gate</h1><table><tr><{element} {attributes}>Lock</table></article>", ".html")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("<!-- a -->", ""),
        ("<html>", ""),
        ("</p>", ""),
        ("a\x01b&#1;c&#xFFFE;d&#xD800;", "ab\ufffdc\ufffdd\ufffd"),
        (f"&#{'1' * 5000};", "\ufffd"),
        ("&#0065;&#x42;&#67 &amp;#1;", "ABC &#1;"),
        ("<?xml version='1.0' encoding='latin1'?>é", "é"),
        ("<title>a", "a"),
    ],
)
def test_any_text_is_a_piece_of_a_page_that_can_be_changed(html: str, text: str) -> None:
    piece = parsed_piece(html, "article")
    assert piece.tag == "article" and piece.text_content().strip() == text
    piece.set("title", text)
    piece.text = piece.text_content()


def test_any_text_is_a_page() -> None:
    for text in ("", " ", "<!---->", "<?xml version='1.0' encoding='latin1'?>", "</html>", "\ud800"):
        assert isinstance(parsed_page(text), lxml.html.HtmlElement)


@pytest.mark.parametrize("markup", ["<m:math><w<>x</m:math>", "<svg><a²/><path b²=1 /></svg>", "<amp-img <x='' src=a.png>w"])
def test_a_name_that_no_element_may_have_is_read(markup: str) -> None:
    assert normalized(f"<article><h1>Gate</h1><p>The lock.</p>{markup}</article>", ".html")


class _Locks(TypedDict, total=False):
    locks: list[str] | None


@pytest.mark.parametrize("values", ["{}", '{"locks": null}', '{"locks": ["a"], "gates": 7}'])
def test_json_with_the_types_of_its_format(values: str) -> None:
    assert isinstance(json_of(_json(values), _Locks), dict)


@pytest.mark.parametrize(("values", "place"), [("[]", "object"), ('{"locks": "a"}', "$.locks"), ('{"locks": [7]}', "$.locks[0]")])
def test_json_with_other_types_is_refused_with_their_place(values: str, place: str) -> None:
    with pytest.raises(PublisherError, match="other values than its format") as refusal:
        json_of(_json(values), _Locks)
    assert place in refusal.value.diagnostics[0].message


def test_lone_surrogates_go_from_the_keys_of_json_too() -> None:
    values: dict[str, Any] = json_of(_json('{"\\ud800": "\\udfff"}'))
    assert values == {"\ufffd": "\ufffd"}


def _json(text: str) -> Manuscript:
    return Manuscript(Path("a.json"), text.encode(), "a.json")


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        ("<p>a</p><rt>tide<p>winch</p></rt>", "<p>tide</p>\n<p>winch</p>"),
        ("<p><ruby>lock</ruby></p>", "<p>lock</p>"),
        ("<p><ruby><rt>tide</rt>lock</ruby></p>", "<p>tidelock</p>"),
        ("<p><ruby>漢<rt>kan</rt></ruby></p>", "<p><ruby>漢<rt>kan</rt></ruby></p>"),
        ("<h2>Tide <ul><li>lock</li><li>quay</li></ul></h2>", "Tide  lock quay</h2>"),
    ],
)
def test_parts_outside_of_what_they_are_parts_of(markup: str, wanted: str) -> None:
    assert wanted in xhtml(normalized(f"<article><h1>Gate</h1><p>The lock.</p>{markup}</article>", ".html").root)

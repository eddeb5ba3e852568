"""Where a browser shows the parts of a page: streamed parts, slots, panels; and what kind of page it is."""

from __future__ import annotations

from pathlib import Path

import lxml.html
import pytest

from publisher.extraction import json_ld
from publisher.extraction.hidden_parts import open_disclosures
from publisher.extraction.page_kind import PageKind, page_kind
from publisher.extraction.stated_text import stated_text
from publisher.extraction.streamed_parts import place_streamed_parts
from publisher.input.html_elements import Element, text_content

PROSE = "The gate at the upper lock opened at seven, and the first barges of the spring went through without a stop."


def page(body: str, head: str = "") -> Element:
    return lxml.html.document_fromstring(f"<html><head><title>x</title>{head}</head><body>{body}</body></html>")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('<!--$?--><template id="B:0"></template>wait<!--/$--> end<div hidden id="S:0">part</div>', "part end"),
        ('<!--$?--><template id="B:0"></template>a<!--$-->b<!--/$-->c<!--/$--> end<div hidden id="S:0">part</div>', "part end"),
        ('<template id="B:0"></template>kept<div hidden id="S:0">part </div>', "part kept"),  # no boundary around it
        ('<p><template id="P:a"></template></p><div hidden id="S:a">part</div>', "part"),
        ('<template id="B:0"></template><div hidden id="S:0">first</div><div id="S:0">second</div>', "firstsecond"),
        ('<template id="B:7"></template>none', "none"),
    ],
)
def test_where_a_streamed_part_goes(body: str, text: str) -> None:
    tree = page(body)
    place_streamed_parts(tree)
    assert text_content(tree.find("body")) == text


@pytest.mark.parametrize(
    ("shadow", "light", "text"),
    [
        ("<slot></slot>, behind", "<b>own</b>", "own, behind"),
        ("<slot>default</slot>", "", "default"),
        ("<slot>default</slot>", "<b>own</b>", "own"),
        ("<slot name='x'></slot>-<slot></slot>", "<b>own</b><i slot='x'>named</i>", "named-own"),
        ("<slot></slot>-<slot>second</slot>", "<b>own</b>", "own-second"),  # the first slot takes all
    ],
)
def test_what_stands_in_the_slots_of_a_shadow_tree(shadow: str, light: str, text: str) -> None:
    tree = page(f"<x-a><template shadowrootmode='open'>{shadow}</template>{light}</x-a>")
    place_streamed_parts(tree)
    assert text_content(tree.find("body")) == text


def test_default_words_of_a_filled_slot_are_recorded() -> None:
    tree = page("<x-a><template shadowrootmode='open'><slot>Untitled</slot></template><b>own</b></x-a>")
    assert [removal.words for removal in place_streamed_parts(tree)] == ["Untitled"]


@pytest.mark.parametrize(
    ("body", "is_open"),
    [
        ("<button aria-controls='a'>Q</button><div id='a' hidden>Four words are here.</div>", True),
        ("<h3><button aria-expanded='false'>Q</button></h3><div hidden>Four words are here.</div>", True),
        ("<div role='tabpanel' hidden>Four words are here.</div>", True),
        ("<div hidden='until-found'>Four words are here.</div>", True),
        ("<div hidden>Four words are here.</div>", False),
        ("<button aria-controls='a'>Q</button><div id='a' hidden>Three words here</div>", False),
        ("<button aria-controls='a'>Q</button><div id='a' hidden><a href='/x'>Four words are here.</a></div>", False),
        ("<nav><button aria-controls='a'>Q</button><div id='a' hidden>Four words are here.</div></nav>", False),
        ("<header><nav></nav><button aria-controls='a'>Q</button><div id='a' hidden>Four words are here.</div></header>", False),
        ("<header><button aria-controls='a'>Q</button><div id='a' hidden>Four words are here.</div></header>", True),
        ("<div role='dialog'><button aria-controls='a'>Q</button><div id='a' hidden>Four words are here.</div></div>", False),
    ],
)
def test_which_panel_is_opened(body: str, is_open: bool) -> None:
    tree = page(body)
    open_disclosures(tree)
    panel = next(element for element in tree.iter("div") if "words" in (text_content(element)) and len(element) < 2)
    assert all(place.get("hidden") is None for place in panel.iter()) is is_open


ARTICLE = '<meta property="og:type" content="article">'


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("", PageKind.UNDECLARED),
        (ARTICLE, PageKind.ARTICLE),
        (f'{ARTICLE}<script type="application/ld+json">{{"@type": "WebPage"}}</script>', PageKind.UNDECLARED),
        ('<script type="application/ld+json">{"@type": "NewsArticle"}</script>', PageKind.ARTICLE),
        ('<script type="application/ld+json">{"@type": "QAPage"}</script>', PageKind.THREAD),
        ('<meta property="article:published_time" content="2026-03-17">', PageKind.ARTICLE),
        ('<link rel="canonical" href="https://forum.example/t/rack/12">', PageKind.THREAD),
    ],
)
def test_the_kind_that_a_page_declares(head: str, kind: PageKind) -> None:
    assert page_kind(page("<p>x</p>", head)) is kind


def data(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def test_a_reference_that_names_only_itself_is_no_item() -> None:
    person, report = '{"@type": "Person", "@id": "#a", "name": "Ines Fall"}', '{"@type": "Report", "author": {"@id": "#a"}}'
    items = f'{{"@graph": [{{"@id": "#a"}}, {person}, {report}]}}'
    assert json_ld.bylines(json_ld.article_item(page("", data(items)))["author"]) == ["Ines Fall"]


BODY = " ".join([PROSE] * 4)


@pytest.mark.parametrize(
    ("head", "body", "is_found"),
    [
        (data(f'{{"@type": "NewsArticle", "articleBody": "{BODY}"}}'), "<p>Wait</p>", True),
        (data(f'{{"@type": "NewsArticle", "articleBody": "{PROSE}"}}'), "<p>Wait</p>", False),  # too short
        (data(f'{{"@type": "NewsArticle", "articleBody": "{BODY}"}}'), f"<p>{BODY}</p>", False),  # the page shows it
        (f'<script>var x = {{}}; window.__S__ = {{"story": {{"body": "{BODY}"}}}};</script>', "<p>Wait</p>", True),
        (f'<script>window.__S__ = {{"story": {{"label": "{BODY}"}}}};</script>', "<p>Wait</p>", False),
    ],
)
def test_a_text_that_a_page_only_states(head: str, body: str, is_found: bool) -> None:
    found = stated_text(page(body, head))
    assert (found is not None) is is_found


def test_the_text_is_that_of_the_item_with_the_title() -> None:
    items = [f'{{"@type": "NewsArticle", "headline": "A", "articleBody": "{text}"}}' for text in (f"{BODY} A.", f"{BODY} {BODY}")]
    found = stated_text(page("<p>Wait</p>", data(f"[{items[0]}, {items[1]}]")))
    assert found is not None and found.text.endswith(" A.")


def test_entities_and_signs_in_a_stated_text() -> None:
    found = stated_text(page("<p>Wait</p>", data(f'{{"@type": "Report", "articleBody": "{BODY} R&amp;D"}}')))
    assert found is not None and found.text.endswith("R&D") and Path(found.place).name

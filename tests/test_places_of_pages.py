"""What a part of a page is by its place: a standfirst under the headline, a heading of teasers, a link to edit a section."""

from __future__ import annotations

import pytest

from publisher.model.markup import xhtml
from publisher.text.plain_text import text_of
from tests.alternatives_samples import read
from tests.reader_samples import article, rules

STANDFIRST = "Barges pass the upper lock two weeks early."
BYLINE = '<p class="byline">By Ann Okapi</p>'


@pytest.mark.parametrize(
    "above",
    [
        f"<p>{STANDFIRST}</p>{BYLINE}",
        f'<div class="perex">{STANDFIRST}</div>{BYLINE}',
        f"<h2>{STANDFIRST}</h2><p>March 12, 2026</p>",
    ],
)
def test_a_short_text_between_headline_and_byline_is_the_standfirst(above: str) -> None:
    found = read(above=above)
    assert found.metadata.subtitle == STANDFIRST and xhtml(found.root).count(STANDFIRST) == 1


@pytest.mark.parametrize(
    "above",
    [
        f"<p>{STANDFIRST}</p>",  # no byline
        f"{BYLINE}<p>{STANDFIRST}</p>",  # the byline is above it
        f"<p>{STANDFIRST}</p><p>So the book lied.</p>{BYLINE}",  # two paragraphs
        f'<p>{STANDFIRST} <a href="/a">Read the book.</a></p>{BYLINE}',
        f"<blockquote><p>{STANDFIRST}</p></blockquote>{BYLINE}",
        f"<ul><li>{STANDFIRST}</li></ul>{BYLINE}",
        f"<p>{STANDFIRST * 9}</p>{BYLINE}",  # too long
        f"<p>Lock Review</p>{BYLINE}",  # too short
    ],
)
def test_other_texts_there_are_no_standfirst(above: str) -> None:
    assert not read(above=above).metadata.subtitle


def test_the_only_paragraph_of_a_page_is_no_standfirst() -> None:
    text = f"<nav></nav><h1>The gate opens</h1><p>{STANDFIRST * 4}</p>{BYLINE}"
    found = article("a.html", text)
    assert not found.metadata.subtitle and STANDFIRST in xhtml(found.root)


TEASERS = '<div><ul><li><a href="/weir">Weir under repair</a></li><li><a href="/mill">The mill moves</a></li></ul></div>'


def test_a_heading_of_teasers_goes_with_them() -> None:
    found = read(among=f"<div><h3>Other people are reading</h3>{TEASERS}</div><h3>What the lock needs</h3>", tags=("p",))
    assert rules(found)["Other people are reading"] == "a heading of teasers"
    assert "Weir under repair" in rules(found) and "What the lock needs" in xhtml(found.root)


@pytest.mark.parametrize(
    "part",
    [
        "<h3>Barges of the week</h3><div><p><a href='/a'>$150 at Lockmart</a></p><p><a href='/b'>$140 at Weir</a></p></div>",
        f"<h3>Barges of the week</h3>{TEASERS.replace('</ul>', '<li>The Heron, with a new keel</li></ul>')}",
        "<h3>Barges of the week</h3><ul><li><a href='/a'>The Heron</a></li><li><a href='/b'>The Egret</a></li></ul>",
    ],
)
def test_a_heading_stays_over_offers_text_and_a_list_of_its_section(part: str) -> None:
    assert "Barges of the week" in xhtml(read(among=f"<div>{part}</div>", tags=("p", "h3")).root)


EDIT = '<a href="/w/index.php?title=Lock&amp;action=edit&amp;section=1">edit</a>'


@pytest.mark.parametrize(
    "heading",
    [
        f"<h2>The weir<span>[{EDIT}]</span></h2>",
        f"<h2>The weir<span>[{EDIT.replace('action', 'veaction')} | {EDIT.replace('edit<', 'edit source<')}]</span></h2>",
        f"<div><h2>The weir</h2><span>[{EDIT}]</span></div>",
        '<div><a href="/projects/lock/wiki/Weir/edit?section=2">Edit this section</a></div><h2>The weir</h2>',
    ],
)
def test_a_link_to_edit_a_section_is_removed(heading: str) -> None:
    found = read(among=heading)
    assert "The weir\n" in text_of(found) and "edit" not in text_of(found).lower()
    assert any("edit" in words.lower() for words in rules(found))


@pytest.mark.parametrize(
    "part",
    [
        '<h2>The <a href="/commands/edit">edit</a> command</h2>',
        f"<h2>The weir</h2><p>To mend the text, press {EDIT}.</p>",
        f"<h2>The weir</h2><span>Press {EDIT} if you want to mend what the keeper wrote here.</span>",
        f"<p>See the page of the weir ({EDIT}).</p>",
    ],
)
def test_other_links_to_such_addresses_stay(part: str) -> None:
    assert "edit" in text_of(read(among=part))

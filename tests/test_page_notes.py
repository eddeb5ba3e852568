"""Notes of pages: whatever program wrote them, each is called where the page calls it, and nothing else is a note."""

from __future__ import annotations

import re

import pytest

from tests.reader_samples import SECOND, article, page, rules, tree

GATE = "A gate that slides up and down."


def notes(body: str) -> tuple[str, list[str]]:
    """The text of the first paragraph of the body, references in braces, and the text of each note."""
    found = tree(f"{body}<p>{SECOND}</p>")
    marked = re.sub(r'<a class="noteref"[^>]*>(.*?)</a>', r"{\1}", found)
    paragraphs = re.findall(r"<p[ >].*?</p>", marked.partition("<section")[0])
    texts = [re.sub(r"<[^>]+>", " ", note) for note in re.findall(r'<aside class="note".*?</aside>', found, re.DOTALL)]
    return re.sub(r"<[^>]+>", "", paragraphs[1]), [" ".join(text.split()) for text in texts]


AT_THE_END = {
    "Word": (
        '<p class=MsoNormal>A<a href="#_ftn1" name="_ftnref1"><span>[1]</span></a> b<a href="#_ftn2" name="_ftnref2">[2]</a>'
        ' c<a href="#_edn1" name="_ednref1">[i]</a></p>'
        "<div style='mso-element:footnote-list'><hr><div style='mso-element:footnote' id=ftn1><p>"
        "<a href='#_ftnref1' name='_ftn1'>[1]</a>"
        " First.</p><p>More.</p></div><div style='mso-element:footnote'><p><a href='#_ftnref2' name='_ftn2'>[2]</a> Second.</p>"
        "<p>Still.</p></div></div><div style='mso-element:endnote-list'><div style='mso-element:endnote' id=edn1><p>"
        "<a href='#_ednref1' name='_edn1'>[i]</a> Third.</p></div></div>",
        ("A{1} b{2} c{3}", ["First. More.", "Second. Still.", "Third."]),
    ),
    "LibreOffice": (
        '<p>A<a class="sdfootnoteanc" name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a></p>'
        '<div id="sdfootnote1"><p>'
        '<a class="sdfootnotesym" name="sdfootnote1sym" href="#sdfootnote1anc">1</a>First.</p><p>More.</p></div>',
        ("A{1}", ["First. More."]),
    ),
    "Google Docs": (
        '<p><span>A</span><sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup></p><hr><div><p>'
        '<a href="#ftnt_ref1" id="ftnt1">[1]</a>'
        "<span>&nbsp;First.</span></p></div>",
        ("A{1}", ["First."]),
    ),
    "Substack": (
        '<p>A<a id="footnote-anchor-1" href="#footnote-1">1</a></p><div class="footnote">'
        '<a id="footnote-1" href="#footnote-anchor-1">1</a>'
        '<div class="footnote-content"><p>First.</p><p>More.</p></div></div>',
        ("A{1}", ["First. More."]),
    ),
    "Ghost, Hugo and kramdown": (
        '<p>A<sup id="fnref:1"><a href="#fn:1" class="footnote">1</a></sup></p><div class="footnotes"><ol>'
        '<li id="fn:1"><p>First. '
        '<a href="#fnref:1" class="reversefootnote">&#8617;</a></p></li></ol></div>',
        ("A{1}", ["First."]),
    ),
    "Easy Footnotes": (
        '<p>A<span id="ef-1"></span><span class="easy-footnote"><a href="#efb-1" title="First."><sup>1</sup></a></span></p>'
        '<ol class="easy-footnotes-wrapper"><li><span id="efb-1"></span>First.<a href="#ef-1"></a></li></ol>',
        ("A{1}", ["First."]),
    ),
    "Footnotes Made Easy": (
        '<p>A<sup><a href="#footnote_0_1" id="identifier_0_1" class="footnote-link">1</a></sup></p><ol class="footnotes">'
        '<li id="footnote_0_1">First.<span> [<a href="#identifier_0_1">&#8617;</a>]</span></li></ol>',
        ("A{1}", ["First."]),
    ),
    "Wikipedia": (
        '<p>A<sup id="r1" class="reference"><a href="#cite_note-1">[1]</a></sup> b<sup id="r2" class="reference">'
        '<a href="#cite_note-1">[1]</a></sup> c<sup id="r3" class="reference"><a href="#cite_note-2">[note 2]</a></sup></p>'
        '<ol><li id="cite_note-1"><span class="mw-cite-backlink">↑ <sup>'
        '<a href="#r1">a</a> et <a href="#r2">b</a></sup></span> First.</li>'
        '<li id="cite_note-2"><span class="mw-cite-backlink"><b><a href="#r3">^</a></b></span> Second.</li></ol>',
        ("A{1} b{1} c{2}", ["First.", "Second."]),
    ),
    "GitHub": (
        '<p>A<sup><a href="#user-content-fn-1" id="user-content-fnref-1" data-footnote-ref>1</a></sup></p>'
        "<section data-footnotes><ol>"
        '<li id="user-content-fn-1"><p>First. <a href="#user-content-fnref-1"><g-emoji>↩</g-emoji></a></p></li></ol></section>',
        ("A{1}", ["First."]),
    ),
    "Bigfoot": (
        '<p>A<sup id="fnref:1"><button data-bigfoot-footnote="&lt;p&gt;A first note in full.&lt;/p&gt;">'
        '</button><a href="#fn:1">1</a></sup>'
        '</p><ol><li id="fn:1"><p>A first note in full. <a href="#fnref:1">↩</a></p></li></ol>',
        ("A{1}", ["A first note in full."]),
    ),
    "Quarto": (
        f'<p>A<a href="#fn1" class="footnote-ref" id="fnref1" data-tippy-content="{GATE}"><sup>1</sup></a>'
        f'</p><section><ol><li id="fn1">'
        f'<p>{GATE}<a href="#fnref1">↩︎</a></p></li></ol></section>',
        ("A{1}", [GATE]),
    ),
}
IN_TEXT = {
    "a sidenote of Tufte CSS": (
        f'<label for="s" class="sidenote-number"></label><input id="s" type="checkbox"><span class="sidenote">{GATE}</span>'
    ),
    "Modern Footnotes": (
        '<sup><a href="javascript:void(0)" role="button" aria-describedby="m">1</a></sup>'
        f'<span id="m" role="tooltip">{GATE}</span>'
    ),
    "a tooltip": f'<b aria-describedby="t"></b><span role="tooltip" id="t">{GATE}</span>',
    "a number in a sidenote": f'<span class="sidenote"><sup class="sidenote-number"></sup>{GATE}</span>',
    "an attribute": f'<i data-tooltip="{GATE}">1</i>',
    "markup in an attribute": f'<button data-footnote-content="&lt;p&gt;{GATE}&lt;/p&gt;">1</button>',
}


@pytest.mark.parametrize("name", AT_THE_END)
def test_notes_at_the_end(name: str) -> None:
    html, expected = AT_THE_END[name]
    assert notes(html) == expected


@pytest.mark.parametrize("name", IN_TEXT)
def test_a_note_in_the_text(name: str) -> None:
    assert notes(f"<p>A sluice{IN_TEXT[name]} is shut.</p>") == ("A sluice{1} is shut.", [GATE])


@pytest.mark.parametrize(
    "term",
    [
        f'<span class="term tooltip">sluice<span class="tooltiptext">{GATE}</span></span>',
        f'<span data-tooltip="{GATE}">sluice</span>',
        f'<a href="#" data-tippy-content="{GATE}">sluice</a>',
        f'<dfn aria-describedby="g">sluice</dfn><span role="tooltip" id="g">{GATE}</span>',
    ],
)
def test_a_term_with_its_meaning_under_the_pointer(term: str) -> None:
    assert notes(f"<p>The {term} is shut.</p>") == ("The sluice{1} is shut.", [GATE])


@pytest.mark.parametrize(
    ("term", "meaning"),
    [
        ('<dfn aria-describedby="g">sluice</dfn>', f'<div role="tooltip" id="g" hidden>{GATE}</div>'),
        ('<a href="#g">sluice</a>', f'<template id="g"><div role="dialog"><p>{GATE}</p><button>Close</button></div></template>'),
    ],
)
def test_a_term_whose_meaning_stands_elsewhere_is_explained_once(term: str, meaning: str) -> None:
    assert notes(f"<p>The {term} or {term} is shut.</p>{meaning}") == ("The sluice{1} or sluice{1} is shut.", [GATE])


@pytest.mark.parametrize(
    "html",
    [
        '<p>Words <a class="share" href="https://example.org" data-tooltip="Share this with all your friends">Share</a></p>',
        '<p>Words <a href="#k" class="anchor" data-tooltip="Copy link to the clipboard">#</a></p><h2 id="k">K</h2>',
        '<p>Words <button data-tooltip="Copy link to the clipboard">C</button></p>',
        '<p>Words <i class="icon" data-tooltip="Copy link to the clipboard">x</i></p>',
        '<p>Words <b role="button" aria-describedby="t">copy</b><i role="tooltip" id="t">Copy link to the clipboard</i></p>',
        '<p>Words <img data-note="Copy link to the clipboard" src="a.png" alt="x"></p>',
        '<p>Words <span class="tooltip">of a few</span></p>',
        '<p class="tooltip">Words of a paragraph that has such a class.</p>',
        '<p>Words <span class="hover-card"><a href="/a">Ennis to speak on grain</a> <a href="/b">A year on</a></span></p>',
        '<p>Words</p><div class="sidenote">Words beside the text, in a block of their own.</div>',
        '<ul><li><a href="#c" id="t">1</a></li></ul><h2 id="c"><a href="#t">1</a> The gate</h2>',
        '<p><a href="#c" id="t">I</a> The gate</p><h2 id="c"><a href="#t">I</a></h2><p>Words</p>',
        '<p><a href="#c">1</a> Words</p><p id="c">More <a href="#t">1</a></p>',
        '<p>Words <dfn aria-describedby="g">sluice</dfn></p><div id="g">A gate that is not hidden.</div>',
    ],
)
def test_what_is_no_note(html: str) -> None:
    assert notes(f"{html}")[1] == []


def test_the_tooltip_of_a_control_is_removed_with_a_record() -> None:
    body = (
        '<p>Words <b role="button" aria-describedby="t">copy</b><i role="tooltip" id="t">Copy link to the clipboard</i> more.</p>'
    )
    assert rules(article("a.html", page(body=body)))["Copy link to the clipboard"] == "the tooltip of a control"


def test_the_heading_of_the_notes_goes_with_them() -> None:
    body = '<p>A<sup><a href="#fn1" id="r">1</a></sup></p><h4>Notes:</h4><ol><li id="fn1">First. <a href="#r">↩</a></li></ol>'
    assert "Notes:" not in tree(body)

"""Citations of an edition: keys become entries of its libraries, in notes or in the text, as the style asks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from publisher.build.build import assemble, make
from publisher.build.plan import plan
from publisher.model.codes import Code
from publisher.model.diagnostics import PublisherError
from publisher.model.edition import Edition
from publisher.store.cache import Cache
from publisher.text.csl import processor
from publisher.text.csl.inline_markup import inline
from publisher.text.csl.locales import locale_of
from publisher.text.csl.styles import shipped
from tests.conftest import Run

Write = Callable[..., Path]
Publisher = Callable[..., Run]
LIBRARY = """@book{berg, author = {Berg, Anna}, title = {The Upper Lock}, publisher = {Harbor Press}, location = {Upland},
  date = {2020}}
@article{umer, author = {Umer, Lind}, title = {Barges}, journaltitle = {Freight Review}, volume = {3}, date = {2021},
  pages = {12--34}, url = {https://harbor.example/barges}}
@book{broken, title = {x}, date = {2020-13-45}}
"""
NOTES, AUTHOR_DATE, NUMBERS = "chicago-notes-bibliography", "apa", "ieee"


def manifest(style: str = "", articles: tuple[str, ...] = ("a.md",), bibliography: str = '["refs.bib"]', more: str = "") -> str:
    chosen = f'style = "{style}"\n' if style else ""
    return (
        f'[edition]\ntitle = "Harbor"\n{more}[[section]]\narticles = {list(articles)}\n[sources]\nbibliography = {bibliography}\n'
        f"{chosen}"
    )


def cited(edition: Write, style: str, *texts: str, library: str = LIBRARY, lang: str = "") -> Edition:
    names = [f"{number}.md" for number in range(len(texts))]
    files = {name: f"# Article {name[0]}\n\n{text}\n" for name, text in zip(names, texts, strict=True)}
    language = f'language = "{lang}"\n' if lang else ""
    edition({"publisher.toml": manifest(style, tuple(names), more=language), "refs.bib": library, **files})
    return assemble(plan([], []))[0]


def text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def body(edition: Edition, number: int = 0) -> str:
    """The text of an article; numbers of notes stand in braces."""
    xhtml = re.sub(r'<a class="noteref"[^>]*>(\d+)</a>', r"{\1}", edition.entries[number].xhtml)
    match = re.search(r'<div class="body">(.*?)</div>', xhtml, re.DOTALL)
    return text(match[1]) if match else ""


def notes(edition: Edition, number: int = 0) -> list[str]:
    return [text(note) for note in re.findall(r"<aside[^>]*>(.*?)</aside>", edition.entries[number].xhtml, re.DOTALL)]


def test_a_citation_in_a_style_of_notes_is_a_note_behind_the_mark(edition: Write) -> None:
    made = cited(edition, NOTES, "The lock opened [see @berg, p. 12]. Again [@berg, p. 13].")
    assert body(made) == "The lock opened.{1} Again.{2}"
    assert notes(made) == ["See Anna Berg, The Upper Lock (Harbor Press, 2020), 12.", "Berg, The Upper Lock, 13."]


def test_a_citation_in_a_style_of_authors_stands_in_the_text(edition: Write) -> None:
    made = cited(edition, AUTHOR_DATE, "The lock opened [see @berg, p. 12; @umer].")
    assert body(made) == "The lock opened (see Berg, 2020, p. 12; Umer, 2021)."
    assert notes(made) == []
    assert "<section" not in made.entries[0].xhtml


def test_a_citation_in_a_style_of_numbers_has_that_of_the_list(edition: Write) -> None:
    made = cited(edition, NUMBERS, "The lock opened [@umer]. So did others [@berg; @umer].", "Again [@berg].")
    assert body(made) == "The lock opened [1]. So did others [1], [2]."
    assert body(made, 1) == "Again [2]."
    assert [(row.label, made.sources[number].source.key) for number, row in enumerate(made.bibliography)] == [
        ("[1]", "umer"), ("[2]", "berg")
    ]  # fmt: skip


@pytest.mark.parametrize("style", [NUMBERS, "standard"])
def test_sources_are_listed_in_the_order_of_their_mentions(edition: Write, style: str) -> None:
    article = (
        "A [@umer], a [port](https://harbor.example/port)[^1], b [@berg].\n\n[^1]: See [ships](https://ships.example/) first."
    )
    made = cited(edition, style, article)
    assert [listed.source.title for listed in made.listed_sources] == ["Barges", "Port", "Ships", "The Upper Lock"]
    if style == NUMBERS:
        assert body(made) == "A [1], a port{1},{2}, b [4]."


def test_a_note_with_a_citation_does_not_describe_its_link(edition: Write) -> None:
    made = cited(edition, "standard", "A[^1].\n\n[^1]: Compare [@berg, p. 3] and [here](https://harbor.example/port).")
    assert [listed.source.citation for listed in made.listed_sources] == ["", ""]


def test_raised_numbers_stand_behind_the_mark(edition: Write) -> None:
    assert "<p>The lock opened.<sup>1</sup></p>" in cited(edition, "nature", "The lock opened [@umer].").entries[0].xhtml


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        (NOTES, "As Berg{1} says, it opened."),
        (AUTHOR_DATE, "As Berg (2020, p. 12) says, it opened."),
        (NUMBERS, "As Berg [1, p. 12] says, it opened."),
        ("standard", "As Berg{1} says, it opened."),
    ],
)
def test_an_author_in_the_sentence(edition: Write, style: str, expected: str) -> None:
    assert body(cited(edition, style, "As @berg [p. 12] says, it opened.")) == expected


@pytest.mark.parametrize("style", [NOTES, AUTHOR_DATE])
def test_an_apostrophe_behind_an_author_is_no_quotation_mark(edition: Write, style: str) -> None:
    article = "@berg's lock\n\nIn @berg's words, 'so' [@berg] 'it' is. \"@berg\" and '[@berg]'"
    found = re.findall("[‘’“”]", body(cited(edition, style, article)))
    assert found == ["’", "’", "‘", "’", "‘", "’", "“", "”", "‘", "’"]


def test_a_suppressed_author(edition: Write) -> None:
    assert body(cited(edition, AUTHOR_DATE, "Berg says so [-@berg].")) == "Berg says so (2020)."


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("As @berg says. It does.", "As Berg says. It does."),
        ("Berg says so [-@berg]. It does.", "Berg says so. It does."),
        ("As said^[As @berg says.].", "As said{1}."),
        ("As said [@doors; @berg].", "As said (doors.example; Anna Berg, “The Upper Lock,” Harbor Press, 2020)."),
        ("As said [@doors].", "As said doors.example."),
    ],
)
def test_a_style_that_adds_nothing_to_the_name_of_the_author(edition: Write, typed: str, expected: str) -> None:
    made = cited(edition, "mla", typed, library=LIBRARY + "@online{doors, url = {https://doors.example/}}")
    assert body(made) == expected
    assert notes(made) in ([], ["As Berg says."])


def test_a_citation_inside_a_note_stays_in_its_sentence(edition: Write) -> None:
    article = "The lock[^1] opened.\n\n[^1]: Says [@berg, p. 3], or so. As @umer has it."
    assert notes(cited(edition, NOTES, article)) == [
        "Says (Anna Berg, The Upper Lock (Harbor Press, 2020), 3), or so. "
        "As Lind Umer, “Barges,” Freight Review 3 (2021): 12–34, https://harbor.example/barges has it."
    ]
    assert notes(cited(edition, AUTHOR_DATE, article)) == ["Says (Berg, 2020, p. 3), or so. As Umer (2021) has it."]


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("[@berg].", "Anna Berg, The Upper Lock (Harbor Press, 2020)."),
        ("See also [@berg].", "See also Anna Berg, The Upper Lock (Harbor Press, 2020)."),
        ("No. [@berg, p. 3] says so.", "No. Anna Berg, The Upper Lock (Harbor Press, 2020), 3 says so."),
        ("The board says so [@berg].", "The board says so (Anna Berg, The Upper Lock (Harbor Press, 2020))."),
        ("The *board* [@berg] says so.", "The board (Anna Berg, The Upper Lock (Harbor Press, 2020)) says so."),
    ],
)
def test_a_citation_behind_words_of_a_note_stands_in_brackets(edition: Write, note: str, expected: str) -> None:
    assert notes(cited(edition, NOTES, f"The lock[^1] opened.\n\n[^1]: {note}")) == [expected]


def test_a_comma_behind_a_title_stands_inside_its_quotation_marks(edition: Write) -> None:
    article = "Barges [@umer] came.[^1]\n\n[^1]: See @umer, who counts, and @umer in 2021."
    assert notes(cited(edition, NOTES, article))[1] == "See Umer, “Barges,” who counts, and Umer, “Barges” in 2021."


def test_items_of_which_a_later_has_words_of_its_own_stay_in_their_order(edition: Write) -> None:
    assert body(cited(edition, AUTHOR_DATE, "So [@umer; @berg].")) == "So (Berg, 2020; Umer, 2021)."
    assert body(cited(edition, AUTHOR_DATE, "So [@umer; see also @berg].")) == "So (Umer, 2021; see also Berg, 2020)."


def test_a_work_that_is_cited_again_is_named_without_its_subtitle(edition: Write) -> None:
    library = LIBRARY.replace("{The Upper Lock}", "{The Upper Lock: A History}")
    made = cited(edition, NOTES, "It opened [@berg]. It closed [@berg, p. 9].", library=library)
    assert notes(made) == ["Anna Berg, The Upper Lock: A History (Harbor Press, 2020).", "Berg, The Upper Lock, 9."]
    library = LIBRARY.replace("{The Upper Lock}", "{The Upper Lock}, subtitle = {A History}")
    assert notes(cited(edition, NOTES, "It opened [@berg]. It closed [@berg, p. 9].", library=library)) == notes(made)


def test_a_citation_inside_a_note_is_listed_with_the_number_of_the_note(edition: Write) -> None:
    made = cited(edition, NOTES, "A lock[^1].\n\n[^1]: See [@berg].")
    assert [(citation.note, citation.source.key) for citation in made.entries[0].citations] == [(1, "berg")]


def test_the_notes_that_remain_are_numbered_anew(edition: Write) -> None:
    made = cited(edition, AUTHOR_DATE, "A [@berg], a [port](https://harbor.example/port), b [@umer], c[^1].\n\n[^1]: Own words.")
    assert body(made) == "A (Berg, 2020), a port{1}, b (Umer, 2021), c{2}."
    xhtml = made.entries[0].xhtml
    assert re.findall(r'id="(note-\d+)"', xhtml) == ["note-1", "note-2"]
    assert re.findall(r'href="#(note-\d+)" id="(call-\d+)"', xhtml) == [("note-1", "call-1"), ("note-2", "call-2")]
    assert {(citation.note, citation.source.key) for citation in made.entries[0].citations} == {(1, ""), (0, "berg"), (0, "umer")}


def test_in_french_a_note_stands_before_the_mark(edition: Write) -> None:
    made = cited(edition, NOTES, "L’écluse a ouvert ses portes ce matin [@berg, p. 12]. Elle est ouverte.", lang="fr")
    assert body(made).startswith("L’écluse a ouvert ses portes ce matin{1}. Elle")


def test_an_article_is_written_in_its_own_language(edition: Write) -> None:
    german = "---\ntitle: Die Schleuse\nlang: de\n---\n\nDie Schleuse ist wieder offen [@berg, chap. 3]."
    edition(
        {
            "publisher.toml": manifest(NOTES, ("a.md", "b.md")),
            "refs.bib": LIBRARY,
            "b.md": german,
            "a.md": "# A\n\nA [@berg, chap. 3].",
        }
    )
    made, _ = assemble(plan([], []))
    assert "chap. 3" in notes(made)[0]
    assert "Kap. 3" in notes(made, 1)[0]


def test_positions_count_within_an_article(edition: Write) -> None:
    made = cited(edition, NOTES, "A [@berg]. B [@berg].", "C [@berg].")
    assert notes(made, 1) == ["Anna Berg, The Upper Lock (Harbor Press, 2020)."]


def test_years_are_told_apart_over_the_whole_edition(edition: Write) -> None:
    library = LIBRARY + "@book{berg2, author = {Berg, Anna}, title = {Barges}, date = {2020}}"
    made = cited(edition, AUTHOR_DATE, "A [@berg].", "B [@berg2].", library=library)
    assert (body(made), body(made, 1)) == ("A (Berg, 2020b).", "B (Berg, 2020a).")


def test_links_and_citations_are_in_one_style_and_one_list(edition: Write) -> None:
    made = cited(edition, NOTES, "See the [Barges](https://harbor.example/barges) report, and [@berg]. Also [@umer, p. 3].")
    assert notes(made)[0] == "Lind Umer, “Barges,” Freight Review 3 (2021): 12–34, https://harbor.example/barges."
    assert notes(made)[2] == "Umer, “Barges,” 3."
    assert [source.source.key for source in made.sources] == ["umer", "berg"]
    assert [row.identifier for row in made.bibliography] == [made.sources[1].source.identifier, made.sources[0].source.identifier]
    assert [listed.source.key for listed in made.listed_sources] == ["berg", "umer"]


def test_what_a_library_states_goes_before_what_an_article_states(edition: Write) -> None:
    text = "---\ntitle: A\nsource:\n  title: Ships\n  url: https://harbor.example/barges\n---\nThe gate opened.\n"
    edition({"publisher.toml": manifest("standard"), "refs.bib": LIBRARY, "a.md": text})
    assert [listed.source.title for listed in assemble(plan([], []))[0].sources] == ["Barges"]


def test_a_link_in_a_style_of_the_text_has_a_note_with_the_entry_of_the_list(edition: Write) -> None:
    made = cited(edition, AUTHOR_DATE, "See the [report](https://harbor.example/barges).")
    assert notes(made) == ["Umer, L. (2021). Barges. Freight Review, 3, 12–34. https://harbor.example/barges"]


def test_a_style_without_a_bibliography_lists_its_notes(edition: Write) -> None:
    edition({"notes.csl": NOTES_ONLY})
    made = cited(edition, "notes.csl", "A [@berg, p. 3]. B [@umer].")
    assert notes(made) == ["Berg, The upper lock, 3.", "Umer, Barges."]
    assert [text(row.html) for row in made.bibliography] == ["Berg, The upper lock.", "Umer, Barges."]


NOTES_ONLY = """<style xmlns="http://purl.org/net/xbiblio/csl" class="note" version="1.0"><info><title>Plain</title><id>plain</id>
<updated>2026-01-01T00:00:00+00:00</updated></info><citation><layout suffix="." delimiter="; "><group delimiter=", ">
<names variable="author"><name form="short"/></names><text variable="title" font-variant="small-caps"/>
<text variable="locator"/></group></layout></citation></style>"""


@pytest.mark.parametrize(
    ("style", "html"),
    [
        ("font-style:normal;", '<span class="upright">x</span>'),
        ("font-weight:normal;", '<span class="normal-weight">x</span>'),
        ("font-variant:normal;", '<span class="normal-caps">x</span>'),
        ("text-decoration:underline;", '<span class="underline">x</span>'),
        ("text-decoration:none;", "x"),
    ],
)
def test_what_a_style_sets_is_a_class(style: str, html: str) -> None:
    assert inline(f'<span style="{style}">x</span>') == html


@pytest.mark.parametrize(
    ("lang", "locale"),
    [
        ("de", "de-DE"),
        ("de-AT", "de-DE"),
        ("zh-Hant", "zh-TW"),
        ("en_AU", "en-GB"),
        ("xx", "en-US"),
        ("pt-PT", "pt-PT"),
        ("pt", "pt-BR"),
    ],
)
def test_the_locale_of_a_language(lang: str, locale: str) -> None:
    assert locale_of(lang) == locale


def test_small_capitals_are_a_class(edition: Write) -> None:
    edition({"notes.csl": NOTES_ONLY})
    assert '<span class="small-caps">Barges</span>' in cited(edition, "notes.csl", "A [@umer].").entries[0].xhtml


def test_the_standard_style_has_locators_and_years(edition: Write) -> None:
    made = cited(edition, "", "The lock opened [see @berg, pp. 12-14; @umer, and others].")
    assert notes(made) == [
        "See Anna Berg, “The Upper Lock,” Harbor Press, 2020, pp. 12–14; Lind Umer, “Barges,” Freight Review, 2021. "
        "harbor.example/barges, and others"
    ]


def test_words_and_sources_are_those_that_are_printed(edition: Write) -> None:
    made = cited(edition, AUTHOR_DATE, "The lock opened [see @berg, p. 12].")
    report = make(plan([], [Path("a.epub")]))
    assert made.entries[0].word_count == len(text("Article 0 The lock opened (see Berg, 2020, p. 12).").split())
    assert report.sources == 1


@pytest.mark.parametrize("style", shipped())
def test_every_style_that_is_shipped_writes_both_outputs(edition: Write, style: str) -> None:
    cited(edition, style, "The lock opened [see @berg, p. 12], as @umer says; see the [port](https://harbor.example/port).")
    report = make(plan([], [Path("a.epub")]))
    assert all(output.data for output in report.outputs.values())
    assert {found.code for found in report.diagnostics} <= {Code.LIBRARY_VALUE_UNUSED, Code.SOURCES_UNDESCRIBED}


def test_a_brief_in_a_style_of_notes_is_typeset(edition: Write) -> None:
    cited(edition, NOTES, "The lock opened [see @berg, p. 12], as @umer says; see the [port](https://harbor.example/port).")
    report = make(plan([], [Path("a.pdf")]))
    assert report.outputs[Path("a.pdf")].data.startswith(b"%PDF")
    assert {found.code for found in report.diagnostics} <= {Code.LIBRARY_VALUE_UNUSED, Code.SOURCES_UNDESCRIBED}


def errors_of(call: Callable[[], object]) -> list[str]:
    with pytest.raises(PublisherError) as caught:
        call()
    return [str(problem).replace("\n", " ") for problem in caught.value.diagnostics]


def test_a_key_that_no_library_has_is_an_error_with_its_line_and_the_nearest_key(edition: Write, publisher: Publisher) -> None:
    edition({"publisher.toml": manifest(NOTES), "refs.bib": LIBRARY, "a.md": "# A\n\nThe lock\nopened [@bergg]."})
    run = publisher("build", "-o", "a.epub")
    assert run.code == 1
    assert "a.md:4: error: no library has the key bergg [citation-unknown]" in run.err
    assert "did you mean 'berg'?" in run.err
    assert not Path("a.epub").exists()


def test_all_errors_come_at_once(edition: Write) -> None:
    edition({"publisher.toml": manifest(NOTES), "refs.bib": LIBRARY, "a.md": "# A\n\nA [@one; @broken], b @two."})
    found = errors_of(lambda: assemble(plan([], [])))
    assert [re.sub(r" hint:.*", "", problem).strip() for problem in found] == [
        "refs.bib:5: error: broken: issued: the date '2020-13-45' does not exist [library-value]",
        "a.md:3: error: no library has the key one [citation-unknown]",
        "a.md:3: error: no library has the key two [citation-unknown]",
    ]


def test_a_fault_of_an_entry_that_is_not_cited_is_a_warning(edition: Write) -> None:
    edition({"publisher.toml": manifest(NOTES), "refs.bib": LIBRARY, "a.md": "# A\n\nA [@berg]."})
    _, found = assemble(plan([], []))
    assert [str(problem).split("\n")[0] for problem in found] == [
        "refs.bib:5: warning: broken: issued: the date '2020-13-45' does not exist [library-value-unused]"
    ]


def test_an_address_that_is_none_is_an_error(edition: Write) -> None:
    library = "@online{a, title = {x}, url = {htp:/harbor}}"
    edition({"publisher.toml": manifest(), "refs.bib": library, "a.md": "# A\n\nA [@a]."})
    assert "refs.bib:1: error: a: URL: 'htp:/harbor' is no address" in errors_of(lambda: assemble(plan([], [])))[0]


def test_a_library_that_does_not_parse_stops_the_build(edition: Write, publisher: Publisher) -> None:
    edition({"publisher.toml": manifest(bibliography='["refs.json"]'), "refs.json": '[{"id": "a",\n"x" 3}]', "a.md": "# A\n\nA."})
    run = publisher("build", "-o", "a.epub", "--keep-going")
    assert (run.code, "refs.json:2:5: error: not valid JSON" in run.err) == (1, True)


def test_a_library_that_is_missing_is_named(edition: Write) -> None:
    edition({"publisher.toml": manifest(bibliography='"no.bib"'), "a.md": "# A\n\nA."})
    assert "file not found: no.bib" in errors_of(lambda: assemble(plan([], [])))[0]


def test_two_libraries_that_disagree_on_a_key_are_an_error(edition: Write) -> None:
    other = json.dumps([{"id": "berg", "type": "book", "title": "Another"}])
    edition(
        {
            "publisher.toml": manifest(bibliography='["refs.bib", "b.json"]'),
            "refs.bib": LIBRARY,
            "b.json": other,
            "a.md": "# A\n\nA.",
        }
    )
    (problem,) = [line for line in errors_of(lambda: assemble(plan([], []))) if "error" in line]
    assert "b.json:1: error: berg is another work than in refs.bib:1 [library-conflict]" in problem


@pytest.mark.parametrize(("address", "count"), [("", 1), ("url = {https://harbor.example/barges}, ", 0)])
def test_libraries_of_two_manuscripts_may_differ_on_a_work_with_an_address(edition: Write, address: str, count: int) -> None:
    for name, title in (("a", "Barges"), ("b", "Barges of old")):
        library = f"@book{{one, {address}title = {{{title}}}}}"
        edition({f"{name}.bib": library, f"{name}.md": f"---\nbibliography: {name}.bib\n---\n# {name}\n\nA [@one].\n"})
    edition({"publisher.toml": '[edition]\ntitle = "Harbor"\n[[section]]\narticles = ["a.md", "b.md"]\n'})
    found = errors_of(lambda: assemble(plan([], []))) if count else list(assemble(plan([], []))[1])
    assert len(found) == count and all("b.bib:1: error: one is another work than in a.bib:1" in str(problem) for problem in found)


def test_an_article_with_an_unknown_key_is_left_out_where_the_rest_goes_on(edition: Write, publisher: Publisher) -> None:
    files = {"a.md": "# A\n\nA [@nobody].", "b.md": "# B\n\nB [@berg]."}
    edition({"publisher.toml": manifest(NOTES, ("a.md", "b.md")), "refs.bib": LIBRARY, **files})
    run = publisher("build", "-o", "a.epub", "--keep-going")
    assert (run.code, "a.md:3: error: no library has the key nobody" in run.err) == (6, True)


def test_a_library_of_the_front_matter_is_that_of_its_manuscript(edition: Write) -> None:
    front = "---\ntitle: Locks\nbibliography: own.bib\n---\n\n"
    own = "@book{berg, title = {Mine}, author = {Own, Other}, date = {2019}}\n@book{only, title = {Only here}, date = {2018}}"
    edition({"publisher.toml": manifest(AUTHOR_DATE), "refs.bib": LIBRARY, "own.bib": own, "a.md": f"{front}A [@berg; @only]."})
    made, _ = assemble(plan([], []))
    assert body(made) == "A (Berg, 2020; Only Here, 2018)."  # the libraries of the manifest go before it


def test_without_the_extra_a_style_of_csl_is_exit_4(
    edition: Write, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition({"publisher.toml": manifest(NOTES), "refs.bib": LIBRARY, "a.md": "# A\n\nA [@berg]."})
    monkeypatch.setattr(processor, "find_spec", lambda name: None)
    run = publisher("build", "-o", "a.epub")
    assert (run.code, "[component-missing]" in run.err, "publisher-toolchain[citations]" in run.err) == (4, True, True)
    edition({"publisher.toml": manifest()})
    assert publisher("build", "-o", "a.epub").code == 0


def dependent(name: str) -> str:
    return f"""<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0"><info><title>Journal</title><id>journal</id>
    <link href="http://www.zotero.org/styles/{name}" rel="independent-parent"/></info></style>"""


@pytest.mark.parametrize(
    ("style", "content", "message"),
    [
        ("chicgo", "", "citation style 'chicgo' not found"),
        ("no.csl", "", "file not found: no.csl"),
        ("bad.csl", "<style", "not valid XML"),
        ("bad.csl", "<x/>", "not a style in CSL"),
        ("bad.csl", '<style xmlns="http://purl.org/net/xbiblio/csl"/>', "the style formats no citations"),
        (
            "bad.csl",
            NOTES_ONLY.replace("<layout", '<layout><choose><if macro="x"/></choose></layout><layout', 1),
            "bad.csl: error: citeproc-js fails on the citations",
        ),
        ("bad.csl", dependent("bad"), "the style only names another one, bad, which leads back to it"),
        ("bad.csl", dependent("round"), "the style only names another one, bad, which leads back to it"),
        ("bad.csl", dependent("away"), "the style only names another one, away, which is not here"),
        (
            "bad.csl",
            dependent("bad").replace("http://www.zotero.org/styles/bad", ""),
            "the style only names another one, but the name is empty",
        ),
    ],
)
def test_a_style_that_cannot_be_used_is_an_error(edition: Write, style: str, content: str, message: str) -> None:
    edition({"publisher.toml": manifest(style), "refs.bib": LIBRARY, "a.md": "# A\n\nA [@berg].", "bad.csl": content})
    edition({"round.csl": dependent("bad")})
    assert message in errors_of(lambda: make(plan([], [Path("a.epub")])))[0]


def test_a_style_that_names_another_is_that_other(edition: Write) -> None:
    edition({"journal.csl": dependent("other"), "other.csl": dependent("ieee")})
    assert body(cited(edition, "journal.csl", "A [@berg].")) == "A [1]."


def test_what_was_formatted_is_kept(edition: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cited(edition, NOTES, "A [@berg].")
    cache = Cache(tmp_path / "cache")
    first = make(plan([], [Path("a.epub")]), cache=cache)

    def never(messages: object) -> list[dict[str, object]]:
        raise AssertionError("formatted again")

    monkeypatch.setattr(processor, "_answers", never)
    again = make(plan([], [Path("b.epub")]), cache=cache)
    assert [output.data for output in first.outputs.values()] == [output.data for output in again.outputs.values()]


def test_an_entry_that_changes_is_formatted_again(edition: Write, tmp_path: Path) -> None:
    cited(edition, NOTES, "A [@berg].")
    cache = Cache(tmp_path / "cache")
    before = make(plan([], [Path("a.epub")]), cache=cache).outputs[Path("a.epub")].data
    Path("refs.bib").write_text(LIBRARY.replace("The Upper Lock", "The Lower Lock"))
    assert make(plan([], [Path("a.epub")]), cache=cache).outputs[Path("a.epub")].data != before


def test_a_style_file_that_changes_is_used(edition: Write, tmp_path: Path) -> None:
    edition({"notes.csl": NOTES_ONLY})
    cited(edition, "notes.csl", "A [@berg].")
    cache = Cache(tmp_path / "cache")
    before = make(plan([], [Path("a.epub")]), cache=cache).outputs[Path("a.epub")].data
    Path("notes.csl").write_text(NOTES_ONLY.replace('suffix="."', 'suffix="!"'))
    assert make(plan([], [Path("a.epub")]), cache=cache).outputs[Path("a.epub")].data != before


def test_a_scheme_that_runs_a_program_does_not_leave_the_processor(edition: Write) -> None:
    library = (
        "@online{a, author = {Berg, Anna}, title = {x <script>alert(1)</script>}, url = {javascript:alert(1)}, date = {2020}}"
    )
    edition({"publisher.toml": manifest(NOTES), "refs.bib": library, "a.md": "# A\n\nA [@a]."})
    assert "is no address" in errors_of(lambda: assemble(plan([], [])))[0]
    Path("refs.bib").write_text(library.replace("javascript:alert(1)", "https://harbor.example/"))
    xhtml = assemble(plan([], []))[0].entries[0].xhtml
    assert "<script" not in xhtml and "alert(1)" in xhtml


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        (NOTES, "The lock opened,{1,2} late.{3,4} As Berg{5} says."),
        ("standard", "The lock opened,{1,2} late.{3,4} As Berg{5} says."),
        (AUTHOR_DATE, "The lock opened (Berg, 2020) (Umer, 2021), late (Umer, 2021).{1} As Berg (2020, p. 3) says."),
    ],
)
def test_references_side_by_side_are_parted_behind_the_mark(edition: Write, style: str, shown: str) -> None:
    text = "The lock opened [@berg] [@umer], late [@umer].[^a] As @berg [p. 3] says.\n\n[^a]: Ours."
    assert body(cited(edition, style, text)).replace("},{", ",") == shown


def test_braces_around_a_letter_protect_its_whole_word(edition: Write) -> None:
    made = cited(edition, NOTES, "The lock [@weir].", library="@book{weir, title = {The {W}eir of the {NATO}s}, date = {2020}}")
    assert notes(made) == ["The Weir of the NATOs (2020)."]


def test_the_standard_style_has_titles_as_they_were_typed(edition: Write) -> None:
    """Styles of CSL ask for English titles in the case of a sentence; the standard style leaves their case to their authors."""
    library = LIBRARY.replace("{The Upper Lock}", "{The Upper Lock at Hallersgrund}, subtitle = {A {NQ} History}")
    made = cited(edition, "standard", "It opened [@berg].", library=library)
    assert notes(made) == ["Anna Berg, “The Upper Lock at Hallersgrund: A NQ History,” Harbor Press, 2020."]
    made = cited(edition, AUTHOR_DATE, "It opened [@berg].", library=library)
    assert "The upper lock at hallersgrund: A NQ history" in text(made.bibliography[0].html)

"""Pages are filled: sheets that end on full pages, news in columns, figures that text passes, headlines off the foot."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from weasyprint.formatting_structure import boxes

from publisher.build.assemble import citation_style
from publisher.build.build import assemble
from publisher.build.plan import plan
from publisher.model.edition import Edition, Entry, Moment, Section
from publisher.model.metadata import Metadata
from publisher.writers import pdf as pdf_writer
from publisher.writers import themes
from publisher.writers.contract import Settings
from publisher.writers.page_breaks import PageStart
from publisher.writers.pdf import break_rules, engine, jobs, layout, sheets
from publisher.writers.pdf.estimates import measures, pages_of
from publisher.writers.pdf.job import Job, Piece
from publisher.writers.pdf.news import news_slugs
from publisher.writers.pdf.sheet import Sheet
from publisher.writers.pdf.sheets import Part, runs
from publisher.writers.pdf.styles import _tightened
from publisher.writers.pdf.subheads import subheads
from publisher.writers.template_context import template_context
from tests.conftest import SAMPLE

SENTENCE = "The lock at Ostry was closed for repairs, and barges waited below the weir until the gates moved again. "


def entry(slug: str, words: int = 100, xhtml: str = "") -> Entry:
    return Entry(slug, Metadata(title=slug), xhtml, words)


def divided(pages: dict[str, float], flow: str = "auto", **ends: float) -> list[tuple[str, ...]]:
    """The slugs of each sheet."""
    section = Section("", "", tuple(map(entry, pages)))
    found = runs([section], flow, lambda item: Part(item, pages[item.slug], moves=True), **ends)
    return [tuple(part.entry.slug if part.entry else "*" for part in run) for run in found]


def an_edition(seed: int, count: int = 120) -> dict[str, float]:
    source = random.Random(seed)
    return {f"item-{seed}-{number}": source.choice([0.2, 0.5, 1.1, 1.9, 2.7, 4.4]) for number in range(count)}


# Where sheets end


@pytest.mark.parametrize("seed", range(12))
def test_an_edit_of_a_word_changes_at_most_three_sheets(seed: int) -> None:
    pages = an_edition(seed)
    before = set(divided(pages))
    assert len(before) > 12
    for slug in random.Random(seed).sample(sorted(pages), 12):
        assert len(set(divided({**pages, slug: pages[slug] * 1.004})) - before) <= 3


@pytest.mark.parametrize("seed", range(12))
def test_an_article_that_is_added_or_removed_changes_the_sheets_nearby_alone(seed: int) -> None:
    pages = an_edition(seed)
    rows, before = list(pages.items()), set(divided(pages))
    for at in random.Random(seed).sample(range(len(rows)), 8):
        assert len(set(divided(dict([*rows[:at], ("new", 1.3), *rows[at:]]))) - before) <= 6
        assert len(set(divided(dict([*rows[:at], *rows[at + 1 :]]))) - before) <= 6


@pytest.mark.parametrize("seed", range(12))
def test_last_pages_are_full_as_far_as_estimates_go(seed: int) -> None:
    pages = an_edition(seed)
    heights = [sheets._height([Part(entry(slug), pages[slug], moves=True) for slug in run]) for run in divided(pages)]
    left = [height % 1 for height in heights if height % 1 >= 0.03 * height]  # a few lines find room on the other pages
    assert sum(1 - share for share in left) / len(heights) < 0.35  # half a page where ends are not chosen
    assert sum(share < 0.5 for share in left) <= 0.15 * len(heights)


def test_a_short_edition_is_a_single_sheet_with_its_opening_and_its_closing() -> None:
    assert divided({"a": 0.4, "b": 1.1, "c": 0.9}, opening=0.4, closing=0.1) == [("*", "a", "b", "c", "*")]


def test_a_colophon_alone_opens_no_page() -> None:
    for seed in range(20):
        assert divided(an_edition(seed, 40), closing=0.1)[-1] != ("*",)


@pytest.mark.parametrize(("flow", "count"), [("article", 3), ("section", 2), ("auto", 1)])
def test_a_theme_says_what_begins_a_sheet(flow: str, count: int) -> None:
    sections = [Section("A", "a", (entry("one"), entry("two"))), Section("B", "b", (entry("three"),))]
    assert len(runs(sections, flow, lambda item: Part(item, 0.2))) == count


def test_many_short_articles_are_divided_quickly() -> None:
    """Ten thousand items: what is tried for each segment does not grow with the edition."""
    tried: list[int] = []
    cost = sheets._cost
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheets, "_cost", lambda *values: tried.append(1) or cost(*values))
        divided({f"item-{number}": 0.2 for number in range(2000)})
    assert len(tried) < 2000 * 20


# Estimates


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["brief", "digest"])
def test_estimates_are_near_the_pages_that_articles_fill(theme: str) -> None:
    book, _ = assemble(plan([SAMPLE], []))
    theme_files = themes.load(theme)
    paper = theme_files.settings.paper
    page = measures(theme_files, paper)
    for article in book.entries:
        document = laid_out(Job(article.slug, (Piece(article),), theme_files, "en", paper))
        real = len(document.pages) - 1 + engine.height_on_last_page(document)
        assert 0.85 < pages_of(article, page) / real < 1.25, article.slug


# News


def item(body: str) -> str:
    return (
        f"<article><header><h1>A</h1></header><div class='body'>{body}</div><section class=\"notes\"><aside/></section></article>"
    )


def test_news_are_short_items_of_text_several_in_a_row() -> None:
    rows = [entry(str(number), xhtml=item("<p>Text.</p>")) for number in range(4)]
    assert news_slugs(rows, 180) == {"0", "1", "2", "3"}
    assert news_slugs(rows[:3], 180) == set() == news_slugs(rows, 99)
    for part in ("<h2>A</h2>", "<figure/>", "<table/>", "<pre/>", '<aside class="key"/>'):
        assert news_slugs([*rows[:2], entry("x", xhtml=item(part)), *rows[2:]], 180) == set()
    assert news_slugs([entry("long", 181, item("<p/>")), *rows, entry("last", 181, item("<p/>"))], 180) == {"0", "1", "2", "3"}


def a_news_item(number: int, sentences: int) -> str:
    return f"# Gate {number} moves again\n\nOSTRY — {SENTENCE * sentences}[Log](https://locks.example.org/{number}).\n"


def the_job(folder: Path, files: dict[str, str], **values: Any) -> Job:
    """The job of an edition whose articles share one sheet."""
    for name, text in files.items():
        (folder / name).write_text(text)
    book, _ = assemble(plan([folder / name for name in files], []))
    news = news_slugs(book.entries, 180)
    theme = themes.load(values.pop("theme", "brief"))
    pieces = tuple(Piece(article, news=article.slug in news) for article in book.entries)
    return Job("opening", pieces, theme, "en", theme.settings.paper, **values)


def laid_out(job: Job) -> Any:
    with engine.gc_disabled():
        return layout.best_layout(job).document


def placed(document: Any) -> Iterator[tuple[int, float, Any]]:
    """The page of each box and where it is, in shares of the page's text height."""
    for number, page in enumerate(document.pages):
        box = page._page_box
        for inner in box.descendants():
            if isinstance(inner.position_y, int | float):
                yield number, (inner.position_y - box.content_box_y()) / box.height, inner


@pytest.fixture
def news(tmp_path: Path) -> Any:
    files = {f"n{number:02}.md": a_news_item(number, 2 + number % 4) for number in range(24)}
    return laid_out(the_job(tmp_path, files))


def test_notes_of_news_stand_at_the_foot_of_the_column_of_their_reference(news: Any) -> None:
    columns: dict[str, tuple[int, float]] = {}
    for number, _, box in placed(news):
        if isinstance(box, boxes.TextBox) and box.element.get("role") == "doc-noteref":
            columns[box.element.get("id").replace("call", "note")] = (number, box.position_x)
    found = 0
    for number, _, box in placed(news):
        if isinstance(box, boxes.FootnoteAreaBox):
            for note in box.descendants():
                name = note.element.get("id", "") if note.element is not None else ""
                if name in columns and "note" in note.element.get("class", ""):
                    found += 1
                    page, x = columns[name]
                    assert page == number and box.position_x - 1 <= x <= box.position_x + box.width + 1
    assert found >= 24 and len({round(x) for _, x in columns.values()}) > 2


def test_columns_fill_the_page_and_are_even_at_the_end(news: Any) -> None:
    columns = [(number, box) for number, _, box in placed(news) if getattr(box, "is_column", False)]
    by_page: dict[int, list[float]] = {}
    for number, box in columns:
        lines = [line for line in box.descendants() if isinstance(line, boxes.LineBox)]
        by_page.setdefault(number, []).append(max(line.position_y + line.height for line in lines))
    assert all(len(bottoms) == 2 for bottoms in by_page.values())
    first, *_, last = by_page.values()
    assert abs(last[0] - last[1]) < 90  # CSS pixels: an item of news cannot be divided anywhere
    page = news.pages[0]._page_box
    assert max(first) > page.content_box_y() + 0.97 * page.height


def test_an_item_of_news_has_its_source_and_day_before_its_text(tmp_path: Path) -> None:
    files = {f"n{number}.md": f"---\nauthor: Ann Poe\n---\n{a_news_item(number, 2)}" for number in range(4)}
    document = laid_out(the_job(tmp_path, files))
    lines = ["".join(text.text for text in box.descendants() if isinstance(text, boxes.TextBox))
             for _, _, box in placed(document) if isinstance(box, boxes.LineBox)]  # fmt: skip
    assert sum(line.startswith("By Ann Poe") and "OSTRY" in line for line in lines) == 4


def test_news_of_a_theme_without_columns_stand_in_the_text_column(tmp_path: Path) -> None:
    document = laid_out(the_job(tmp_path, {f"n{number}.md": a_news_item(number, 2) for number in range(6)}, theme="digest"))
    assert not [box for _, _, box in placed(document) if getattr(box, "is_column", False)]


# Where pages end


def headlines(document: Any) -> list[float]:
    return [place for _, place, box in placed(document) if box.element_tag == "header"]


@pytest.mark.parametrize("theme", ["brief", "digest"])
def test_no_headline_stands_in_the_last_fifth_of_a_page(tmp_path: Path, theme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    source = random.Random(3)
    files = {f"n{number:02}.md": f"# Gate {number}\n\n{SENTENCE * source.randint(7, 14)}\n\n## More\n\n{SENTENCE * 2}\n"
             for number in range(30)}  # fmt: skip
    job = the_job(tmp_path, files, theme=theme)
    assert max(headlines(laid_out(job))) <= 0.8
    monkeypatch.setattr(break_rules, "_LAST_FIFTH", 2)
    assert max(headlines(laid_out(job))) > 0.8  # there was a reason to move them


def test_no_page_holds_a_rule_alone(tmp_path: Path) -> None:
    for sentences in range(26, 34):
        for end in ("***\n", f"***\n\n{SENTENCE}\n"):
            document = laid_out(the_job(tmp_path, {"a.md": f"# Gate\n\n{SENTENCE * sentences}\n\n{end}"}))
            for page in document.pages:
                found = [box for box in page._page_box.descendants() if isinstance(box, boxes.LineBox) or box.element_tag == "hr"]
                assert found and found[0].element_tag != "hr"


def with_figure(tmp_path: Path, sentences: int, behind: str) -> Any:
    Image.linear_gradient("L").resize((1200, 900)).save(tmp_path / "gate.png")
    text = f'# Gate\n\n{SENTENCE * sentences}\n\n![The gate](gate.png "The gate at Ostry.")\n\n{behind}'
    return laid_out(the_job(tmp_path, {"a.md": text}))


def order(document: Any) -> list[str]:
    tags = [box.element_tag for _, _, box in placed(document) if box.element is not None and box.element.get("data-at")]
    return [tag for tag in dict.fromkeys(tags) if tag in ("figure", "h3", "table")]


def test_text_goes_on_where_a_figure_does_not_fit(tmp_path: Path) -> None:
    document = with_figure(tmp_path, 22, f"{SENTENCE * 6}\n\n{SENTENCE * 6}\n")
    figure = next((number, place) for number, place, box in placed(document) if box.element_tag == "figure")
    lines = [place for number, place, box in placed(document) if number == 0 and isinstance(box, boxes.LineBox)]
    assert figure[0] == 1 and figure[1] < 0.3 and max(lines) > 0.93
    indented = [box.children[0].position_x > box.position_x + 5 for _, _, box in placed(document)
                if isinstance(box, boxes.LineBox) and box.element_tag == "p" and box.children]  # fmt: skip
    assert sum(indented) == 2  # the paragraph that passed the figure, and the next


def test_notes_in_a_caption_are_on_the_page_of_the_figure_that_text_has_passed(tmp_path: Path) -> None:
    Image.linear_gradient("L").resize((1200, 900)).save(tmp_path / "gate.png")
    caption = '<figcaption>The gate in the <a href="https://locks.example.org/log">lock log</a>.</figcaption>'
    for sentences, page in ((5, 0), (22, 1)):
        figure = f'<figure><img src="gate.png" alt="The gate">{caption}</figure>'
        text = f"# Gate\n\n{SENTENCE * sentences}\n\n{figure}\n\n{SENTENCE * 9}\n"
        document = laid_out(the_job(tmp_path, {"a.md": text}))
        assert {number for number, _, box in placed(document) if box.element_tag == "figure"} == {page}
        notes = {number for number, part in enumerate(document.pages) for _ in engine.notes_at_foot(part)}
        assert notes == {page}


def test_a_figure_does_not_stand_between_a_colon_and_what_it_announces(tmp_path: Path) -> None:
    for sentences in range(19, 24):
        document = with_figure(tmp_path, sentences, f"{SENTENCE} It says:\n\n- closed\n- open\n\n{SENTENCE * 4}\n")
        tags = [box.element_tag for _, _, box in placed(document) if box.element_tag in ("figure", "ul")]
        assert list(dict.fromkeys(tags)) == ["ul", "figure"], sentences


def test_a_figure_passes_a_heading_but_no_table(tmp_path: Path) -> None:
    assert order(with_figure(tmp_path, 22, f"## Water\n\n{SENTENCE * 12}\n")) == ["h3", "figure"]
    assert order(with_figure(tmp_path, 5, f"## Water\n\n{SENTENCE * 12}\n")) == ["figure", "h3"]
    assert order(with_figure(tmp_path, 22, "| a | b |\n| - | - |\n| 1 | 2 |\n")) == ["figure", "table"]


def test_a_sheet_is_set_tighter_where_that_saves_its_last_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved, left = [], []
    for count in range(14, 30):
        job = the_job(tmp_path, {"a.md": "# Gate\n\n" + f"## Water\n\n{SENTENCE * 2}\n\n" * count})
        document = laid_out(job)
        with monkeypatch.context() as patch:
            patch.setattr(layout, "_may_save_a_page", lambda *_: False)
            plain = laid_out(job)
        heights = line_heights(document), line_heights(plain)
        if len(document.pages) < len(plain.pages):
            saved.append(min(heights[0]) / min(heights[1]))
            assert engine.height_on_last_page(plain) < 0.2
        else:
            left.append(heights[0] == heights[1])
    assert saved and all(ratio >= 0.98 - 1e-6 for ratio in saved)  # at most 2 % of leading
    assert left and all(left)


def line_heights(document: Any) -> set[float]:
    return {round(box.height, 3) for _, _, box in placed(document) if isinstance(box, boxes.LineBox) and box.element_tag == "p"}


def test_columns_are_read_from_the_right_in_a_text_from_right_to_left(tmp_path: Path) -> None:
    body = "فتح الحراس بوابات السد قبل الفجر وانتظرت القوارب في المرفأ حتى المساء. "
    files = {f"n{number}.md": f"---\nlang: ar\n---\n# البوابة {number}\n\n{body * 6}\n" for number in range(10)}
    document = laid_out(replace(the_job(tmp_path, files), lang="ar"))
    columns = [box for _, _, box in placed(document) if getattr(box, "is_column", False)]
    assert columns[0].position_x > columns[1].position_x


def test_the_bounds_of_a_tight_setting_are_those_of_the_theme() -> None:
    plain = {"--body": "10pt/20pt", "--line": "20pt", "--picture-height": "100mm", "--note": "8pt/10pt", "--margin-top": "20mm"}
    theme = replace(themes.load(), settings=replace(themes.load().settings, tight_leading=2, tight_spacing=40, tight_images=10))
    assert _tightened(plain, theme) == {
        "--body": "10pt/19.6pt", "--line": "12pt", "--picture-height": "90mm", "--note": "8pt/10pt", "--margin-top": "20mm",
        "--hyphenation": "5 2 2",
    }  # fmt: skip


def test_a_page_begins_with_the_head_of_the_article_that_goes_on_there() -> None:
    starts = [(0, -700.0, "a"), (0, -300.0, "b"), (0, -500.0, "c")]  # c begins at the foot of the second column
    sheet = Sheet("s", (), 3, {}, page_starts=(None, PageStart("c:3", 40), PageStart("sources", 0)))
    assert [pdf_writer._continued(sheet, page, sorted(starts), {0}) for page in (1, 2)] == ["c", "sources"]
    fresh = Sheet("s", (), 2, {}, page_starts=(None, PageStart("d:1", -1)))
    assert pdf_writer._continued(fresh, 1, [*starts, (1, -500.0, "d")], {0}) == ""


def test_the_subheads_of_an_article_are_not_the_headings_of_its_boxes() -> None:
    box = '<aside class="key"><h2 id="b">Key</h2></aside>'
    text = f'<h2 id="a">Water</h2>{box}<h2>No id</h2><h2 id="c">Grain &amp; <em>oil</em></h2>'
    found = [(subhead.title, subhead.identifier) for subhead in subheads(entry("x", xhtml=text))]
    assert found == [("Water", "a"), ("Grain & oil", "c")]


def test_a_short_brief_of_one_article_has_no_contents_and_a_long_brief_has(edition: Callable[..., Path]) -> None:
    edition({"publisher.toml": MANIFEST.replace("{0}", '"a.md"'), "a.md": "# A\n\n" + f"## Water\n\n{SENTENCE * 4}\n\n" * 3})
    book, _ = assemble(plan([Path("publisher.toml")], []))
    settings = Settings(themes.load(), Moment(datetime.datetime(2026, 1, 1)))
    group = jobs.groups(book, settings)[0]
    assert not jobs.sheet_job(book, settings, group, {}).below_headline
    long = {"a": 1, "a.water": 2, "a.water-3": jobs._LONG_BRIEF}
    below = jobs.sheet_job(book, settings, group, {}, long).below_headline
    assert below.count("<li>") == 3 and ">4<" in below
    assert not jobs.sheet_job(book, settings, group, {}, {"a": 1, "a.water": jobs._LONG_BRIEF - 1}).below_headline


# The front page


def values(edition: Callable[..., Path], files: dict[str, str]) -> dict[str, Any]:
    edition(files)
    book, _ = assemble(plan([Path("publisher.toml")], []))
    return template_context(book, citation_style(plan([Path("publisher.toml")], [])))


MANIFEST = """[edition]
title = "Log"
lead = "Water is high.\\n\\nGates are closed."
[[section]]
articles = [{0}]
[outputs."a.pdf"]
"""


def test_the_front_page_has_a_lead_and_a_line_for_each_item(edition: Callable[..., Path]) -> None:
    found = values(
        edition,
        {
            "publisher.toml": MANIFEST.replace("{0}", '"a.md", "b.md", "c.md"'),
            "a.md": "---\nsummary: The weir is closed.\nsubtitle: A standfirst\n---\n# A\n\nText.\n",
            "b.md": "---\nsubtitle: Barges wait below the lock\n---\n# B\n\nText.\n",
            "c.md": "# C\n\nText.\n",
            "c.toml": 'summary = "From the sidecar."\n',
        },
    )
    assert found["lead"] == ["Water is high.", "Gates are closed."]
    assert found["summaries"] == {
        "a": "The weir is closed.", "b": "Barges wait below the lock", "c": "From the sidecar.",
    }  # fmt: skip


def test_a_long_edition_has_only_the_summaries_that_somebody_wrote(edition: Callable[..., Path]) -> None:
    files = {f"a{number:02}.md": f"---\nsubtitle: Standfirst {number}\n---\n# A\n\nText.\n" for number in range(13)}
    files["a00.md"] = "---\nsummary: Written\n---\n# A\n\nText.\n"
    names = ", ".join(f'"{name}"' for name in files)
    found = values(edition, {"publisher.toml": MANIFEST.replace("{0}", names), **files})
    assert found["summaries"] == {"a00": "Written"}


def test_boxes_of_key_messages_are_told_from_boxes_of_key_figures(edition: Callable[..., Path]) -> None:
    figures, messages = "- **14 million** tons", "- **Stocks are large but immobile.** Most are bound."
    edition({"a.md": f"# A\n\n::: key\n{figures}\n:::\n\n::: key\n{messages}\n:::\n"})
    book, _ = assemble(plan([Path("a.md")], []))
    assert [box.split('"')[1] for box in book.entries[0].xhtml.split("<aside ")[1:]] == ["key", "key messages"]


def sources_of(book: Edition, notes_before: dict[str, int]) -> list[str]:
    found = template_context(book, citation_style(plan([Path("a.md")], [])), notes_before)["sources"]
    return [place.label for listed in found for place in listed.places]


def test_the_list_of_sources_names_articles_only_where_note_numbers_are_not_unique(edition: Callable[..., Path]) -> None:
    link = "[Log](https://locks.example.org/{0})"
    edition({f"{name}.md": f"# The gate {name}\n\n{link.format(name)} and {link.format(name + '2')}.\n" for name in "ab"})
    book, _ = assemble(plan([Path("a.md"), Path("b.md")], []))
    assert sources_of(book, {"a": 0, "b": 2}) == ["1", "2", "3", "4"]
    assert sources_of(book, {"a": 0, "b": 0}) == ["The gate a (1)", "The gate a (2)", "The gate b (1)", "The gate b (2)"]

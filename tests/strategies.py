"""Hypothesis strategies for files of every kind: Markdown, pages, feeds, office documents, manifests. Each knows its words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from typing import Any

from hypothesis import strategies as st

from tests.test_readers import archive_of

WORD = st.text(st.characters(categories=["Ll", "Lu"], max_codepoint=0x24F), min_size=1, max_size=9)
PARAGRAPH = st.lists(WORD, min_size=5, max_size=40).map(lambda words: " ".join(words) + ".")
MARK = st.sampled_from(
    ["*{}*", "**{}**", "`{}`", "[{}](https://example.org/{})", "~~{}~~", "{}", "> {}", "- {}", "## {}", "{}^[{}]"]
)
FRAGMENTS = (
    "<p>{}</p>",
    "<div>{}",
    "<b><p>{}</b>",
    "<ul>{}</ul>",
    "<table><tr><td>{}",
    "<h5>{}</h5>",
    "<a href='//example.org/x'><p>{}</a>",
    "<dl><dd>{}</dl>",
    "<p id=1>{}<p id=1>",
    "<figure>{}</figure>",
    "<details><summary>{}</summary></details>",
    "<pre><p>{}</pre>",
)
HTML = st.sampled_from(FRAGMENTS)
_ELEMENTS = (
    "p div section ul ol li table tr td th caption thead blockquote pre code h2 h4 figure figcaption dl dt dd em b a span sub "
    "ruby rt details summary aside q center"
)
_NAMES = _ELEMENTS.split()
_ATTRIBUTES = (
    *[""] * 3,
    *[' id="a"', ' class="note"', ' colspan="3"', ' rowspan="2"', ' href="#a"', ' href="https://example.org/lock"'],
    *[' lang="de"', ' dir="rtl"', ' start="7"', ' style="color: red"', ' title="x"'],
)


@dataclass(frozen=True)
class Written:
    """A file, and the words that were written into it."""

    name: str
    data: bytes
    words: tuple[str, ...]


@dataclass(frozen=True)
class Piece:
    """A piece of markup, and its words."""

    markup: str
    words: tuple[str, ...]


def _joined(pieces: list[Piece], between: str = "") -> Piece:
    return Piece(between.join(piece.markup for piece in pieces), tuple(word for piece in pieces for word in piece.words))


def _around(before: str, piece: Piece, after: str) -> Piece:
    return Piece(f"{before}{piece.markup}{after}", piece.words)


_VOCABULARY = (
    "lock gate barge ferry quay winch tide pilot anchor rope mast harbor canal weir sluice dredger mooring bollard lantern "
    "keeper cargo timber grain signal Brücke ombre año Größe œuvre"
)
_NOUN = st.sampled_from(_VOCABULARY.split())  # other letters may be taken for text that was encoded twice
PROSE = st.lists(_NOUN, min_size=1, max_size=12).map(lambda words: Piece(" ".join(words), tuple(words)))


@st.composite
def _element(draw: st.DrawFn, inside: st.SearchStrategy[Piece]) -> Piece:
    """An element with others in it; its end tag may be missing."""
    name, attributes = draw(st.sampled_from(_NAMES)), draw(st.sampled_from(_ATTRIBUTES))
    end = f"</{name}>" if draw(st.integers(0, 9)) else ""
    return _around(f"<{name}{attributes}>", _joined(draw(st.lists(inside, min_size=1, max_size=4)), " "), end)


MARKUP = st.recursive(PROSE, _element, max_leaves=12)
PAGES = st.lists(MARKUP, min_size=1, max_size=6).map(_joined)


def _indented(block: Piece, first: str, others: str) -> Piece:
    return Piece(first + block.markup.replace("\n", f"\n{others}"), block.words)


@st.composite
def _marked(draw: st.DrawFn) -> Piece:
    """A line of Markdown with marks around its words."""
    marks = st.sampled_from(["{}", "{}", "{}", "*{}*", "**{}**", "`{}`", "[{}](#a)", "~~{}~~", "{}^[{}]", "<b>{}</b>", "{}[^n]"])
    words = draw(st.lists(_NOUN, min_size=1, max_size=10))
    return Piece(" ".join(draw(marks).replace("{}", word) for word in words), tuple(words))


def _nested(blocks: st.SearchStrategy[Piece]) -> st.SearchStrategy[Piece]:
    several = st.lists(blocks, min_size=1, max_size=3).map(lambda pieces: _joined(pieces, "\n\n"))
    starts = st.sampled_from([("- ", "  "), ("1. ", "   "), ("> ", "> "), ("7) ", "   "), ("- [x] ", "  ")])
    return st.builds(lambda piece, start: _indented(piece, *start), several, starts)


def _table(rows: list[list[Piece]]) -> Piece:
    lines = [_around("| ", _joined(row, " | "), " |") for row in rows]
    rule = Piece("|" + " --- |" * max(map(len, rows)), ())  # Markdown drops cells beyond the columns of the head
    lines[0] = _around("", lines[0], " |" * (max(map(len, rows)) - len(rows[0])))
    return _joined([lines[0], rule, *lines[1:]], "\n")


BLOCKS = st.recursive(
    st.one_of(
        _marked(),
        _marked().map(lambda line: _around("## ", line, "")),
        PROSE.map(lambda line: _around("```\n", line, "\n```")),
        st.lists(st.lists(PROSE, min_size=1, max_size=3), min_size=1, max_size=3).map(_table),
        MARKUP.map(lambda piece: _around("<div>\n\n", piece, "\n\n</div>")),
    ),
    _nested,
    max_leaves=8,
)


def _in_file(name: str, before: str, piece: Piece, after: str = "") -> Written:
    return Written(name, f"{before}{piece.markup}{after}".encode(), piece.words)


MARKDOWN = st.lists(BLOCKS, min_size=1, max_size=5).map(
    lambda blocks: _in_file("a.md", "# The gate\n\n", _joined(blocks, "\n\n"), "\n\n[^n]: The lock.\n")
)
_HTML_HEAD = "<html><head><title>Gate</title></head><body>"
HTML_FILES = PAGES.map(
    lambda piece: _in_file(
        "a.html", "<html><head><title>Gate</title></head><body><article><h1>Gate</h1>", piece, "</article></html>"
    )
)


@st.composite
def feeds(draw: st.DrawFn) -> Written:
    """A feed in RSS, Atom or JSON; of each item the markup is escaped, or stands in CDATA or in a string."""
    items = draw(st.lists(PAGES, min_size=1, max_size=4))
    form = draw(st.sampled_from(["rss", "cdata", "atom", "json"]))
    whole = _joined(items)
    if form == "json":
        entries = [{"id": str(number), "title": "Lock", "content_html": item.markup} for number, item in enumerate(items)]
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Locks", "items": entries}
        return Written("a.json", json.dumps(feed).encode(), whole.words)
    texts = [f"<![CDATA[{item.markup}]]>" if form == "cdata" else escape(item.markup) for item in items]
    if form == "atom":
        entries_of_atom = "".join(f'<entry><title>Lock</title><content type="html">{text}</content></entry>' for text in texts)
        source = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Locks</title>{entries_of_atom}</feed>'
    else:
        rss = "".join(f"<item><title>Lock</title><description>{text}</description></item>" for text in texts)
        source = f'<rss version="2.0"><channel><title>Locks</title>{rss}</channel></rss>'
    return Written("a.xml", source.encode(), whole.words)


_RUNS = st.sampled_from(["", *(f"<w:rPr>{inner}</w:rPr>" for inner in ("<w:b/>", "<w:i/>", '<w:rStyle w:val="x"/>', "<w:rtl/>"))])
_NUMBERED = '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="7"/></w:numPr>'
_PARAGRAPHS = st.sampled_from(
    ["", *(f"<w:pPr>{inner}</w:pPr>" for inner in ('<w:pStyle w:val="Heading2"/>', _NUMBERED, "<w:bidi/>"))]
)
_AROUND_RUNS = st.sampled_from(
    [
        ("", ""),
        ("<w:ins>", "</w:ins>"),
        ('<w:hyperlink w:anchor="a">', "</w:hyperlink>"),
        ("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>"),
    ]
)


@st.composite
def _word_paragraph(draw: st.DrawFn) -> Piece:
    runs = [
        _around(f'<w:r>{draw(_RUNS)}<w:t xml:space="preserve">', piece, " </w:t></w:r>")
        for piece in draw(st.lists(PROSE, min_size=1, max_size=4))
    ]
    before, after = draw(_AROUND_RUNS)
    return _around(f"<w:p>{draw(_PARAGRAPHS)}{before}", _joined(runs), f"{after}</w:p>")


def _grid(cells: st.SearchStrategy[Piece], start: str, row: str, end_of_row: str, end: str) -> st.SearchStrategy[Piece]:
    rows = st.lists(st.lists(cells, min_size=1, max_size=3), min_size=1, max_size=3)
    return rows.map(lambda found: _around(start, _joined([_around(row, _joined(line), end_of_row) for line in found]), end))


def _several(before: str, blocks: st.SearchStrategy[Piece], after: str, between: str = "") -> st.SearchStrategy[Piece]:
    return st.lists(blocks, min_size=1, max_size=3).map(lambda inner: _around(before, _joined(inner, between), after))


def _word_table(blocks: st.SearchStrategy[Piece]) -> st.SearchStrategy[Piece]:
    return _grid(_several("<w:tc>", blocks, "</w:tc>"), "<w:tbl>", "<w:tr>", "</w:tr>", "</w:tbl>")


def _odt_groups(blocks: st.SearchStrategy[Piece]) -> st.SearchStrategy[Piece]:
    items = _several("<text:list><text:list-item>", blocks, "</text:list-item></text:list>", "</text:list-item><text:list-item>")
    cells = _several("<table:table-cell>", blocks, "</table:table-cell>")
    return st.one_of(items, _grid(cells, "<table:table>", "<table:table-row>", "</table:table-row>", "</table:table>"))


WORD_BLOCKS = st.recursive(_word_paragraph(), _word_table, max_leaves=6)
_ODT_LINK = '<text:p><text:a xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="#a">'
_ODT_TEXTS = (
    ("<text:p>", "</text:p>"),
    ('<text:h text:outline-level="2">', "</text:h>"),
    (_ODT_LINK, "</text:a></text:p>"),
)
_ODT_PARAGRAPHS = st.builds(lambda piece, around: _around(around[0], piece, around[1]), PROSE, st.sampled_from(_ODT_TEXTS))
ODT_BLOCKS = st.recursive(_ODT_PARAGRAPHS, _odt_groups, max_leaves=6)


def _office(suffix: str, blocks: list[Piece]) -> Written:
    whole = _joined(blocks)
    return Written(f"a{suffix}", archive_of(suffix, {"body.xml": whole.markup.encode()}), whole.words)


WORD_FILES = st.lists(WORD_BLOCKS, min_size=1, max_size=5).map(lambda blocks: _office(".docx", blocks))
ODT_FILES = st.lists(ODT_BLOCKS, min_size=1, max_size=5).map(lambda blocks: _office(".odt", blocks))
FILES = {"Markdown": MARKDOWN, "HTML": HTML_FILES, "feeds": feeds(), "Word": WORD_FILES, "OpenDocument": ODT_FILES}

_VALUES = st.one_of(
    st.sampled_from(["Locks", "en", "", "a.md", "2026-03-17", "../a.md", "A5", "notes"]),
    st.text(max_size=8),
    st.integers(-3, 2**70),
    st.booleans(),
    st.floats(allow_nan=True),
    st.lists(st.sampled_from(["a.md", "", "b"]), max_size=3),
    st.dates(),
)
_KEY_NAMES = "title language date number articles path seconds depth paper notes hold x most"
_KEYS = st.sampled_from(_KEY_NAMES.split())
_TABLES = st.sampled_from(
    ["edition", "[section", "limits", "sources", 'outputs."a.pdf"', 'outputs."a.epub"', "edition.certifier", "cache"]
)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value) if isinstance(value, str) else str(value)


@st.composite
def manifests(draw: st.DrawFn) -> str:
    """A manifest whose keys may stand in any table, with any value."""
    lines = ['[edition]\ntitle = "Locks"'] if draw(st.booleans()) else []
    for table in draw(st.lists(_TABLES, max_size=4, unique=True)):
        lines.append(f"[{table}]]" if table.startswith("[") else f"[{table}]")
        entries = draw(st.dictionaries(_KEYS, _VALUES, max_size=4))
        lines += [f"{key} = {_toml(value)}" for key, value in entries.items()]
    return "\n".join(lines) + "\n"

"""Rules of Markdown beyond CommonMark that work on tokens: long rows of tables, alerts as on GitHub, captions as in pandoc.

The last two keep the marks that they take out in `env["marks"]`, as pairs of a rule and its words, for the record of removals.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.common.utils import mdTrim
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import escapedSplit, getLine, table
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from publisher.model.vocabulary import ALERTS

# GitHub Docs, "Basic writing and formatting syntax", Alerts. A sign behind it (folded or not) and a title are Obsidian's.
_ALERT = re.compile(rf"\[!({'|'.join(ALERTS)})\][+-]?[ \t]*", re.IGNORECASE)
_CAPTION = re.compile(r"(?:Table:|table:|:)\s+")  # pandoc's manual, table_captions
_CAPTION_BEFORE = re.compile(r"(?:Table:|table:)\s+")
_BREAKS = ("softbreak", "hardbreak")


def table_with_long_rows(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """The rule for tables of GFM, but with the cells that a row has beyond the columns of the head, which GFM drops."""
    start = len(state.tokens)
    if not table(state, first, last, silent):
        return False
    tokens, state.tokens[start:] = state.tokens[start:], []
    cells: list[str] = []
    for token in tokens:
        if token.type == "tr_open" and token.map:
            cells = _cells(mdTrim(getLine(state, token.map[0])))
        elif token.type == "td_close":
            del cells[:1]
        elif token.type == "tr_close" and state.tokens[-1].type == "td_close":
            for cell in cells:
                state.tokens += _cell(cell, state.tokens[-1].level, state.tokens[-2].map)
        state.tokens.append(token)
    return True


def _cells(line: str) -> list[str]:
    """The cells of a row, as the rule for tables parts them."""
    cells = escapedSplit(line)
    cells = cells[1:] if cells[:1] == [""] else cells
    return cells[:-1] if cells[-1:] == [""] else cells


def _cell(text: str, level: int, lines: list[int] | None) -> list[Token]:
    content = Token("inline", "", 0, map=lines, level=level + 1, content=mdTrim(text), children=[])
    return [Token("td_open", "td", 1, level=level), content, Token("td_close", "td", -1, level=level)]


def mark_alerts(state: StateCore) -> None:
    """Makes a quotation that begins with a mark such as `[!NOTE]` a box. A mark without text under it stays as typed."""
    tokens = state.tokens
    for index in range(len(tokens) - 3, -1, -1):  # backward: a box gets more tokens
        if tokens[index].type == "blockquote_open" and tokens[index + 1].type == "paragraph_open":
            _mark_alert(state, index)


def _mark_alert(state: StateCore, index: int) -> None:
    tokens, inline = state.tokens, state.tokens[index + 2]
    children = inline.children or []
    match = _ALERT.match(children[0].content) if children and children[0].type == "text" else None
    end = next(place for place in range(index, len(tokens)) if _closes(tokens[place], tokens[index]))
    line_end = next((place for place, child in enumerate(children) if child.type in _BREAKS), len(children))
    if not match or (line_end == len(children) and end == index + 4):
        return
    children[0].content = children[0].content[match.end() :]
    title, rest = children[:line_end], children[line_end + 1 :]
    kind = match[1].lower()
    tokens[index].tag = tokens[end].tag = "aside"
    tokens[index].attrSet("class", f"alert alert-{kind}")
    inline.children = rest
    if not rest:
        del tokens[index + 1 : index + 4]
    if any(child.content for child in title):
        tokens[index + 1 : index + 1] = _element("p", title, {"class": "alert-title"}, inline)
    state.env.setdefault("marks", []).append(("mark of a box, which has a title in its place", match[1]))


def _closes(token: Token, opening: Token) -> bool:
    return token.type == "blockquote_close" and token.level == opening.level


def _element(tag: str, children: Sequence[Token], attributes: dict[str, str | int | float], source: Token) -> list[Token]:
    """The tokens of an element with inline content, which stood in the token `source`."""
    content = Token("inline", "", 0, children=list(children), map=source.map, level=source.level, content=source.content)
    opening = Token(f"{tag}_open", tag, 1, attrs=attributes, map=source.map, block=True)
    return [opening, content, Token(f"{tag}_close", tag, -1, block=True)]


def set_captions(state: StateCore) -> None:
    """Puts captions into their tables: `Table: …` directly before or after a table, `: …` directly after it.

    A line without a vertical bar directly under the last row, which is a row of its own in GFM, may be a caption too.
    """
    tokens = state.tokens
    index = 0
    while index < len(tokens):
        if tokens[index].type == "table_open":
            index = _set_caption(state, index)
        index += 1


def _set_caption(state: StateCore, start: int) -> int:
    """The place of the table's last token, after its caption is set."""
    tokens = state.tokens
    end = next(place for place in range(start, len(tokens)) if tokens[place].type == "table_close")
    before, after = _paragraph(tokens, start - 3), _paragraph(tokens, end + 1)
    row = _caption_row(state.src, tokens, start, end)
    for source, pattern, first, last in (
        (before, _CAPTION_BEFORE, start - 3, start),
        (row, _CAPTION, end, end),
        (after, _CAPTION, end + 1, end + 4),
    ):
        children = source.children if source is not None else None
        match = pattern.match(children[0].content) if children and children[0].type == "text" else None
        if source is None or not children or not match:
            continue
        children[0].content = children[0].content[match.end() :]
        state.env.setdefault("marks", []).append(("mark of a table's caption", match[0]))
        if source is row:
            first = max(place for place in range(start, end) if tokens[place].type == "tr_open")
            last = next(place for place in range(first, end) if tokens[place].type == "tr_close") + 1
        del tokens[first:last]
        place = start + 1 - (3 if source is before else 0)
        tokens[place:place] = _element("caption", children, {}, source)
        return end + 3 - (last - first)
    return end


def _paragraph(tokens: Sequence[Token], index: int) -> Token | None:
    """The inline content of the paragraph that begins at `index`; None if none begins there."""
    return tokens[index + 1] if 0 <= index < len(tokens) - 2 and tokens[index].type == "paragraph_open" else None


def _caption_row(source: str, tokens: Sequence[Token], start: int, end: int) -> Token | None:
    """The content of the last row's first cell if the row is a line without vertical bars, and not the only one."""
    rows = [place for place in range(start, end) if tokens[place].type == "tr_open"]
    span = tokens[rows[-1]].map if len(rows) > 2 else None
    if not span or "|" in source.split("\n")[span[0]]:
        return None
    return tokens[rows[-1] + 2]

"""The markup of a block of wire copy: rules, headings, lists, tables that are aligned with spaces, paragraphs.

A block is the text between two blank lines, with its line breaks and indents.
"""

from __future__ import annotations

import re
from html import escape

from publisher.readers import wire_lines

CELL_GAP = re.compile(r"\s{2,}|\t+")
BULLET = re.compile(r"[*•·‣▪-]\s+")
NUMBER = re.compile(r"(\d{1,2})[.)]\s+")
DASHED_SUBHEADING = re.compile(r"-\s(?P<words>.{2,80})\s-$")  # AFP puts subheadings between dashes
SUBHEADING_WORDS = 12


def markup_of(blocks: list[str], index: int, dateline: str = "") -> str:
    """The markup of one of several blocks; `dateline` is marked where the block begins with it."""
    block = blocks[index]
    if wire_lines.RULE.match(joined(block)):
        return "" if is_heading_beside(blocks, index) else "<hr>"
    if match := DASHED_SUBHEADING.match(joined(block)):
        return f"<h2>{escape(match['words'])}</h2>"
    if heading := heading_of(blocks, index):
        return f"<h2>{escape(heading)}</h2>"
    if markup := list_markup(block):
        return markup
    if rows := table_rows(block):
        cells = ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows]
        head = "".join(f"<th>{escape(cell)}</th>" for cell in rows[0])
        return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(f'<tr>{row}</tr>' for row in cells[1:])}</tbody></table>"
    if is_subheading(blocks, index):
        return f"<h2>{escape(joined(block))}</h2>"
    text = escape(joined(block))
    if dateline and joined(block).startswith(dateline):
        text = text.replace(escape(dateline), f'<span class="dateline">{escape(dateline)}</span>', 1)
    return f"<p>{text}</p>"


def heading_of(blocks: list[str], index: int) -> str:
    """The words of a heading that has a rule under it, or is in capitals beside a rule; empty for other blocks."""
    line, is_underlined = without_rules(blocks[index])
    is_short = line and "\n" not in line and len(line.split()) <= SUBHEADING_WORDS and line[-1] not in ".,:;"
    if not is_short or not 0 < index < len(blocks) - 1:
        return ""
    beside = [blocks[index - 1], blocks[index + 1]]
    is_beside_rule = line != blocks[index].strip() or any(wire_lines.RULE.match(joined(block)) for block in beside)
    return line if is_underlined or (line.isupper() and is_beside_rule) else ""


def is_heading_beside(blocks: list[str], index: int) -> bool:
    """Whether a heading in capitals stands above or below a rule."""
    return any(heading_of(blocks, number) for number in (index - 1, index + 1) if 0 <= number < len(blocks))


def without_rules(block: str) -> tuple[str, bool]:
    """A block without the rules in its first and last line, and whether the last line was a rule."""
    lines = [line.strip() for line in block.strip().split("\n")]
    if len(lines) > 1 and wire_lines.RULE.match(lines[0]):
        del lines[0]
    is_underlined = len(lines) > 1 and bool(wire_lines.RULE.match(lines[-1]))
    return "\n".join(lines[:-1] if is_underlined else lines), is_underlined


def parted(block: str) -> list[str]:
    """The parts of a block that end marks and rules divide, if no blank lines do. A rule under a short line stays with it."""
    lines = block.split("\n")
    if len(lines) == 1 or any(CELL_GAP.search(line.strip()) for line in lines):
        return [block]
    parts: list[list[str]] = [[]]
    for line in lines:
        text = line.strip()
        if any(pattern.match(text) for pattern in (wire_lines.MARKED_END, wire_lines.SIGN_OFF)):
            parts += [[line], []]
        elif wire_lines.RULE.match(text):
            heading = [parts[-1].pop()] if _ends_with_heading(parts[-1]) else []
            parts += [[*heading, line], []]
        else:
            parts[-1].append(line)
    return ["\n".join(part) for part in parts if part]


def _ends_with_heading(lines: list[str]) -> bool:
    """Whether the last line is a short one without punctuation, alone or under the end of a sentence."""
    if not lines or len(lines[-1].split()) > SUBHEADING_WORDS or not lines[-1].strip()[-1].isalnum():
        return False
    return len(lines) == 1 or is_prose(lines[-2].strip())


def joined(block: str) -> str:
    """The words of a block in one line."""
    return " ".join(block.split())


def list_markup(block: str) -> str:
    """A list with bullets or numbers, with the lines that introduce it; continued lines are indented. Empty if it is no list."""
    introduction, items = [], []
    for line in block.strip("\n").split("\n"):
        mark = BULLET.match(line.strip()) or NUMBER.match(line.strip())
        if mark:
            items.append((mark, line.strip()[mark.end() :]))
        elif items and line.startswith("  "):
            items[-1] = (items[-1][0], f"{items[-1][1]} {line.strip()}")
        elif items:
            return ""
        else:
            introduction.append(line.strip())
    numbers = [int(mark[1]) for mark, _ in items if mark.re is NUMBER]
    is_consecutive = numbers == list(range(numbers[0], numbers[0] + len(items))) if numbers else True
    if not items or not is_consecutive or (numbers and len(items) < 2) or (introduction and len(items) < 2):
        return ""
    name = "ol" if numbers else "ul"
    start = f' start="{numbers[0]}"' if numbers and numbers[0] != 1 else ""
    paragraph = f"<p>{escape(' '.join(introduction))}</p>" if introduction else ""
    return f"{paragraph}<{name}{start}>{''.join(f'<li>{escape(text)}</li>' for _, text in items)}</{name}>"


def table_rows(block: str) -> list[list[str]]:
    """The cells of a table that is aligned with spaces: at least three lines, each with the same number of gaps; else nothing."""
    lines = [line for line in block.strip("\n").split("\n") if not re.fullmatch(r"[\s=_-]+", line)]
    rows = [CELL_GAP.split(line.strip()) for line in lines]
    if len(rows) > 2 and re.match(r"\s{2,}", lines[0]) and len(rows[0]) == len(rows[1]) - 1:
        rows[0].insert(0, "")  # the column of the row names has no heading
    columns = len(rows[0]) if rows else 0
    numbers = sum(any(char.isdigit() for char in cell) for row in rows[1:] for cell in row)
    is_table = len(rows) > 2 and columns > 1 and all(len(row) == columns for row in rows)
    return rows if is_table and numbers >= len(rows) - 1 else []


def is_subheading(blocks: list[str], index: int) -> bool:
    """Whether a block is a subheading: few words, no closing punctuation but `?`, prose before it and longer prose after it."""
    line = joined(blocks[index])
    if not 0 < index < len(blocks) - 1 or "\n" in blocks[index].strip():
        return False
    if len(line.split()) > SUBHEADING_WORDS or (not line[-1].isalnum() and line[-1] not in "?)%’”\"'"):
        return False
    if line[0] in "“\"'‘«„" or not (line[0].isupper() or line[0].isdigit()) or BULLET.match(line):
        return False
    before, after = joined(blocks[index - 1]), joined(blocks[index + 1])
    return is_prose(before) and is_prose(after) and len(after) > 1.5 * len(line)


def is_prose(line: str) -> bool:
    return len(line.split()) > 4 and line.rstrip("”\"’')»")[-1:] in (".", "!", "?", "…", ":", ";", ",", "”")

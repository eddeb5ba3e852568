"""News agency stories as plain text: headline, standfirst, byline, dateline, plain subheading lines, credits and end marks.

The rules are those of the agencies. Removed lines are recorded. A line that no rule clearly
matches stays a paragraph. Quotation marks and dashes stay as typed; the typography pass changes them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from html import escape

from publisher.input.agency_status import LINE_TO_EDITORS, hold_of_lines
from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.markup import parse
from publisher.model.metadata import Metadata
from publisher.model.parts import NOTE_TO_EDITORS, Removal

SLUG = re.compile(
    r"(BC-[\w-]+|[A-Z][\w-]*-[A-Z][\w-]*/.*|\w{1,6}-\w{1,12}-.*\b(1st|2nd|3rd|\d+th) Ld\b.*|URGENT|.*\bLd-Writethru\b.*"
    r"|[^\W\d_][\w’']*(?:-[\w’']+){2,})$"
)
END = re.compile(r"([-–—]*\s*30\s*[-–—]*|ENDS|\(?END\)?|#{2,}|NNNN|[(-]*\s*MORE\s*[)-]*|[a-z]{2,4}/[a-z]{2,4}(/[a-z]{2,4})?)$")
BYLINE = re.compile(r"(?:By|BY|Par|Von|Por|Di|Door|Av|Af|Autor:?|Yazan:?|Автор:?|Від|От)\s+(?P<names>[^\W\d_].{1,80})$")
CREDIT = re.compile(r"\((Reporting|Additional reporting|Writing|Editing|Compiled)\b.*\)\.?$", re.DOTALL)
DATELINE = re.compile(
    r"(?P<dateline>(?:[^\W\d_a-z][^\Wa-z]+(?:[ '’.-]+[^\Wa-z]+)*"  # the place, in capitals
    r"(?:,\s[^()—–\n]{2,40}?)?"  # region, date
    r"(?:\s?\([A-Z][\w .-]{1,30}\))?"  # agency
    r"|[^\W\d_a-z]\w+(?:[ /-][^\W\d_]\w+){0,3}\s\((?:dpa|AP|AFP|Reuters|EFE|ANSA|APA|sda)[\w/]*\)))"  # the form of dpa
    r"\s*(?:—|–|--|-)\s+(?=\S)"
)
TAKE = re.compile(r"(?:\d+(?:st|nd|rd|th)?\s+take|take\s+\d+)\b.{0,30}$|ZCZC\b.{0,60}$", re.IGNORECASE)
CELL_GAP = re.compile(r"\s{2,}|\t+")
BULLET = re.compile(r"[*•·‣▪-]\s+")
NUMBER = re.compile(r"(\d{1,2})[.)]\s+")
RULE = re.compile(r"(?:_{3,}|(?:\*\s?){3,})$")
CONTRIBUTORS = re.compile(
    r".*\b(?:contributed\b.{0,20}\breport|report(?:ed|ing) from [A-Z][\w .,’-]{1,40}\.?$|(?:Reporting|Writing|Editing) by"
    r"|Follow (?:AP|@)"
    r"|(?:Associated Press|AP|Staff) (?:writers?|journalists?|reporters?))",
    re.DOTALL,
)
NOT_FOR_PUBLICATION = re.compile(
    r"#*\s*(?:.*nicht zur Veröffentlichung bestimmt|Notizblock\b|.*\bnot for publication\b|.*\bfin de service\b)", re.IGNORECASE
)
AGENCY = re.compile(
    r"(?:[^\W\d_][\w’'.&-]*\s){0,4}(?:Press|Reuters|AFP|dpa|EFE|ANSA|News|Agency|Service|Writers?|Correspondents?)$"
)
DASHED_SUBHEADING = re.compile(r"-\s(?P<words>.{2,80})\s-$")  # AFP puts subheadings between dashes
SUBHEADING_WORDS, HEADLINE_WORDS = 12, 40
_TOP_BLOCKS = 7  # byline and dateline are searched in this many blocks; bullets and lines to editors may stand above them


@dataclass
class _Story:
    """The blocks that have not been assigned yet, and the parts found so far."""

    blocks: list[str]
    headline: str = ""
    standfirst: list[str] = field(default_factory=list)
    authors: tuple[str, ...] = ()
    dateline: str = ""
    credits: list[str] = field(default_factory=list)
    advisories: list[str] = field(default_factory=list)
    removed: list[Removal] = field(default_factory=list)

    def remove(self, index: int, rule: str) -> None:
        self.removed.append(Removal(rule, _line(self.blocks.pop(index))))


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """An article for each story in the file. Raises PublisherError if it has no text."""
    return tuple(_article(manuscript, blocks) for blocks in _stories(_blocks(manuscript.text())))


def _article(manuscript: Manuscript, blocks: list[str]) -> Article:
    story = _Story(blocks)
    for step in (
        _remove_slugs,
        _remove_end_lines,
        _find_headline,
        _find_standfirst,
        _remove_lines_to_editors,
        _find_byline,
        _find_dateline,
    ):
        step(story)
    metadata = Metadata(
        title=story.headline,
        authors=story.authors,
        dateline=story.dateline,
        advisories=tuple(story.advisories),
        hold=hold_of_lines(manuscript, story.advisories),
    )
    return Article(metadata, parse(_html(story)), removed=tuple(story.removed))


def _stories(blocks: list[str]) -> list[list[str]]:
    """The stories of a file. A story ends at an end mark if a headline and prose follow it."""
    stories: list[list[str]] = [[]]
    for index, block in enumerate(blocks):
        stories[-1].append(block)
        if END.match(_line(block)) and len(stories[-1]) > 2 and _is_story_start(blocks[index + 1 :]):
            stories.append([])
    return stories


def _is_story_start(blocks: list[str]) -> bool:
    head = [_line(block) for block in blocks[:4]]
    while head and (SLUG.match(head[0]) or LINE_TO_EDITORS.match(head[0]) or TAKE.match(head[0])):
        head.pop(0)
    return (
        len(head) > 1 and len(head[0].split()) <= HEADLINE_WORDS and not head[0].endswith(".") and any(map(_is_prose, head[1:]))
    )


def _blocks(text: str) -> list[str]:
    text = unicodedata.normalize("NFC", text).replace("\u00a0", " ").replace("\ufeff", "")
    blocks = [block.strip("\n") for block in re.split(r"\n[ \t]*\n", text) if block.strip()]
    if len(blocks) < 3 and not any(END.match(line.strip()) for line in text.split("\n")[:-1]):
        blocks = [line for line in text.split("\n") if line.strip()]
    return [part for block in blocks for piece in _split_head(block) for part in _split_indented(piece)]


def _split_indented(block: str) -> list[str]:
    """The paragraphs of a block if each begins with an indent and no blank line (AFP); else the block."""
    lines = block.split("\n")
    indented_lines = [n for n, line in enumerate(lines) if re.match(r"\s{2,}\S", line)]
    if len(indented_lines) < 2 or _list(block) or _rows(block) or any(CELL_GAP.search(line.strip()) for line in lines):
        return [block]
    starts = sorted({0, *indented_lines})
    return ["\n".join(lines[start:end]) for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]


def _split_head(block: str) -> list[str]:
    """The headline, the byline and the text of a block, if no blank lines separate them; else the block."""
    lines = block.split("\n")
    bylines = [n for n, line in enumerate(lines[:5]) if n and BYLINE.match(line.strip())]
    byline = next((n for n in bylines if _are_names(lines[n].strip().split(" ", 1)[-1])), 0)
    dateline = next((n for n, line in enumerate(lines[:3]) if n and DATELINE.match(line.strip())), 0)
    if (
        not byline
        and dateline
        and all(len(line.split()) <= HEADLINE_WORDS and line.rstrip()[-1:] not in ".:;" for line in lines[:dateline])
    ):
        return [*lines[:dateline], "\n".join(lines[dateline:])]
    if not byline or any(_is_prose(_line(line)) and len(line.split()) > HEADLINE_WORDS for line in lines[:byline]):
        return [block]
    rest = lines[byline + 1 :]
    agency = [rest.pop(0)] if rest and AGENCY.match(_line(rest[0])) else []
    return [line for line in (*lines[: byline + 1], *agency, "\n".join(rest)) if line.strip()]


def _line(block: str) -> str:
    return " ".join(block.split())


def _remove_slugs(story: _Story) -> None:
    """Removes the lines above the headline: slugs, takes, and lines to editors, which become metadata."""
    while len(story.blocks) > 1:
        first = _line(story.blocks[0])
        if LINE_TO_EDITORS.match(first) or re.fullmatch(r"\[.{3,300}\]", first):
            story.advisories.append(first.strip("[]* "))
            story.remove(0, NOTE_TO_EDITORS)
        elif SLUG.match(first) or TAKE.match(first):
            story.remove(0, "slug")
        else:
            break


def _remove_end_lines(story: _Story) -> None:
    while len(story.blocks) > 2:
        last = _line(story.blocks[-1])
        if END.match(last):
            story.remove(-1, "end mark")
        elif CREDIT.match(last):
            story.credits.insert(0, last)
            story.blocks.pop()
        else:
            break
    _remove_unpublished(story)
    while True:  # AP: contributor lines stand under a rule at the end; other rules separate sections
        rules = [i for i, block in enumerate(story.blocks) if i > 1 and RULE.match(_line(block))]
        contributors = [_line(block) for block in story.blocks[rules[-1] + 1 :]] if rules else []
        if not contributors or not all(map(CONTRIBUTORS.match, contributors)):
            break
        story.credits[:0] = contributors
        del story.blocks[rules[-1] + 1 :]
        story.remove(rules[-1], "rule above the credits")


def _remove_unpublished(story: _Story) -> None:
    """Removes the contacts and notes for editors below the story (dpa: Notizblock)."""
    start = next(
        (i for i, block in enumerate(story.blocks) if i > 1 and NOT_FOR_PUBLICATION.match(_line(block))), len(story.blocks)
    )
    while len(story.blocks) > start:
        story.remove(start, "to editors, not for publication")
    while len(story.blocks) > 1 and RULE.match(_line(story.blocks[-1])):
        story.remove(-1, "rule above the credits")


def _find_headline(story: _Story) -> None:
    first = _line(story.blocks[0])
    if len(story.blocks) > 1 and len(first.split()) <= HEADLINE_WORDS and not first.endswith((".", ":", ";")):
        story.headline = first
        story.blocks.pop(0)


def _find_standfirst(story: _Story) -> None:
    """If the headline is repeated within four blocks, the blocks between are the standfirst."""
    headline = _line(story.headline).casefold()
    for index, block in enumerate(story.blocks[:4]):
        if headline and _line(block).casefold() == headline and index < len(story.blocks) - 1:
            story.standfirst = [_line(line) for line in story.blocks[:index]]
            story.remove(index, "repeated headline")
            del story.blocks[:index]
            return


def _remove_lines_to_editors(story: _Story) -> None:
    """Removes the lines to editors between the headline and the byline; they become metadata."""
    for index in reversed(range(min(3, len(story.blocks) - 1))):
        line = _line(story.blocks[index])
        is_marked = line.startswith(("Eds", "ATTENTION")) or line.isupper()
        if is_marked and LINE_TO_EDITORS.match(line) and len(line.split()) <= HEADLINE_WORDS:
            story.advisories.append(line)
            story.remove(index, NOTE_TO_EDITORS)


def _find_byline(story: _Story) -> None:
    for index, block in enumerate(story.blocks[:_TOP_BLOCKS]):
        if index and len(block.split()) > HEADLINE_WORDS:
            break
        lines = block.strip().split("\n")
        match = BYLINE.match(lines[0].strip())
        names = re.sub(r",\s(?:dpa|AFP|AP|Reuters|EFE|ANSA)$", "", match["names"]) if match else ""
        if match and len(lines) <= 2 and _are_names(names):
            story.authors = tuple(_title_case(name) for name in _names(names))
            story.remove(index, "byline, now in the header")
            if index < len(story.blocks) - 1 and AGENCY.fullmatch(_line(story.blocks[index])):
                story.remove(index, "who the author writes for")
            return


def _names(text: str) -> list[str]:
    parts = re.split(r",\s*|\s+(?:and|et|und|y|e|&)\s+", text.strip(" ."))
    return [part.strip() for part in parts if part.strip()]


def _title_case(name: str) -> str:
    """A name in capitals, JANE DOE, as Jane Doe; names that may have a capital inside, and initials, stay as they are."""
    is_capitals = name.isupper() and not re.search(r"\b(MC|MAC)|\.", name)
    return name.title() if is_capitals else name


def _are_names(text: str) -> bool:
    name_words = [
        word for word in text.split() if word[0].isupper() or word in ("and", "et", "und", "y", "e", "&", "de", "van", "von")
    ]
    return len(name_words) == len(text.split()) <= 12


def _find_dateline(story: _Story) -> None:
    for block in story.blocks[:_TOP_BLOCKS]:
        match = DATELINE.match(block.strip())
        if not match:
            continue
        story.dateline = _line(match["dateline"])
        return


def _html(story: _Story) -> str:
    parts = [f"<h1>{escape(story.headline)}</h1>"] if story.headline else []
    parts += [f'<p class="standfirst">{escape(line)}</p>' for line in story.standfirst]
    for index, block in enumerate(story.blocks):
        parts.append(_block(story, index, block))
    parts += [f'<p class="credit">{escape(line)}</p>' for line in story.credits]
    return "\n".join(parts)


def _block(story: _Story, index: int, block: str) -> str:
    if RULE.match(_line(block)):
        return "<hr>"
    if match := DASHED_SUBHEADING.match(_line(block)):
        return f"<h2>{escape(match['words'])}</h2>"
    if markup := _list(block):
        return markup
    if rows := _rows(block):
        cells = ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows]
        head = "".join(f"<th>{escape(cell)}</th>" for cell in rows[0])
        return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(f'<tr>{row}</tr>' for row in cells[1:])}</tbody></table>"
    if _is_subheading(story.blocks, index):
        return f"<h2>{escape(_line(block))}</h2>"
    text = escape(_line(block))
    if story.dateline and index < _TOP_BLOCKS and _line(block).startswith(story.dateline):
        dateline = escape(story.dateline)
        text = text.replace(dateline, f'<span class="dateline">{dateline}</span>', 1)
    return f"<p>{text}</p>"


def _list(block: str) -> str:
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


def _rows(block: str) -> list[list[str]]:
    """The cells of a table that is aligned with spaces: at least three lines, each with the same number of gaps; else nothing."""
    lines = [line for line in block.strip("\n").split("\n") if not re.fullmatch(r"[\s=_-]+", line)]
    rows = [CELL_GAP.split(line.strip()) for line in lines]
    if len(rows) > 2 and re.match(r"\s{2,}", lines[0]) and len(rows[0]) == len(rows[1]) - 1:
        rows[0].insert(0, "")  # the column of the row names has no heading
    columns = len(rows[0]) if rows else 0
    numbers = sum(any(char.isdigit() for char in cell) for row in rows[1:] for cell in row)
    is_table = len(rows) > 2 and columns > 1 and all(len(row) == columns for row in rows)
    return rows if is_table and numbers >= len(rows) - 1 else []


def _is_subheading(blocks: list[str], index: int) -> bool:
    """Whether a block is a subheading: few words, no closing punctuation but `?`, prose before it and longer prose after it."""
    line = _line(blocks[index])
    if not 0 < index < len(blocks) - 1 or "\n" in blocks[index].strip():
        return False
    if len(line.split()) > SUBHEADING_WORDS or (not line[-1].isalnum() and line[-1] not in "?)%’”\"'"):
        return False
    if line[0] in "“\"'‘«„" or not (line[0].isupper() or line[0].isdigit()) or BULLET.match(line):
        return False
    before, after = _line(blocks[index - 1]), _line(blocks[index + 1])
    return _is_prose(before) and _is_prose(after) and len(after) > 1.5 * len(line)


def _is_prose(line: str) -> bool:
    return len(line.split()) > 4 and line.rstrip("”\"’')»")[-1:] in (".", "!", "?", "…", ":", ";", ",", "”")

"""Plain-text wire copy: headline, standfirst, byline, dateline, bare subheading lines, credits and end marks.

The rules are the field's (FIELD_NOTES, Wire copy): what they take out is recorded, what they are unsure of
stays a paragraph. Quotes and dashes are left as typed; the typography pass has them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from html import escape

from publisher.article import Article, Removal
from publisher.diagnostics import Severity
from publisher.manuscript import Manuscript
from publisher.markup import parse
from publisher.metadata import Metadata

SLUG = re.compile(
    r"(BC-[\w-]+|[A-Z][\w-]*-[A-Z][\w-]*/.*|\w{1,6}-\w{1,12}-.*\b(1st|2nd|3rd|\d+th) Ld\b.*|URGENT|.*\bLd-Writethru\b.*)$"
)
END = re.compile(r"([-–—]*\s*30\s*[-–—]*|ENDS|\(?END\)?|#{2,}|NNNN|[(-]*\s*MORE\s*[)-]*|[a-z]{2,4}/[a-z]{2,4}(/[a-z]{2,4})?)$")
BYLINE = re.compile(r"(?:By|BY|Par|Von|Por|Di|Door|Av|Af|Autor:?|Yazan:?|Автор:?|Від|От)\s+(?P<names>[^\W\d_].{1,80})$")
CREDIT = re.compile(r"\((Reporting|Additional reporting|Writing|Editing|Compiled)\b.*\)\.?$", re.DOTALL)
DATELINE = re.compile(
    r"(?P<dateline>[^\W\d_a-z][^\Wa-z]+(?:[ '’.-]+[^\Wa-z]+)*"  # the place, in capitals
    r"(?:,\s[^()—–\n]{2,40}?)?"  # region, date
    r"(?:\s?\([A-Z][\w .-]{1,30}\))?)"  # agency
    r"\s*(?:—|–|--|-)\s+(?=\S)"
)
ADVISORY = re.compile(
    r"\W*(?P<word>EMBARGO(?:ED)?|HOLD|KILL(?:ED)?|WITHDRAWN|CORRECTION|CORRECTS|CORRECTED|ADVISORY|EDS|EDITORS|ATTENTION EDITORS|"
    r"URGENT|FLASH|BULLETIN|SPERRFRIST|BERICHTIGUNG|RECTIFICATIF)\b(?=\W|$)"
)
UNUSABLE = {"HOLD", "KILL", "KILLED", "WITHDRAWN"}
EMBARGOES = {"EMBARGO", "EMBARGOED", "SPERRFRIST"}
TAKE = re.compile(r"(?:\d+(?:st|nd|rd|th)?\s+take|take\s+\d+)\b.{0,30}$|ZCZC\b.{0,60}$", re.IGNORECASE)
CELLS = re.compile(r"\s{2,}|\t+")
BULLET = re.compile(r"[*•·‣▪-]\s+")
RULE = re.compile(r"_{3,}$")
SUBHEADING_WORDS, HEADLINE_WORDS = 12, 40


@dataclass
class _Copy:
    """The blocks that are still to be placed, and what has been found so far."""

    blocks: list[str]
    headline: str = ""
    standfirst: list[str] = field(default_factory=list)
    authors: tuple[str, ...] = ()
    dateline: str = ""
    credits: list[str] = field(default_factory=list)
    advisories: list[str] = field(default_factory=list)
    removed: list[Removal] = field(default_factory=list)

    def take_out(self, index: int, rule: str) -> None:
        self.removed.append(Removal(rule, _line(self.blocks.pop(index))))


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """An article for each story in the file. Raises PublisherError where there is no text in it."""
    return tuple(_story(manuscript, blocks) for blocks in _stories(_blocks(manuscript.text())))


def _story(manuscript: Manuscript, blocks: list[str]) -> Article:
    copy = _Copy(blocks)
    for step in (_slugs, _end, _headline, _standfirst, _byline, _find_dateline):
        step(copy)
    _say_advisories(manuscript, copy)
    metadata = Metadata(title=copy.headline, authors=copy.authors, dateline=copy.dateline, advisories=tuple(copy.advisories))
    return Article(metadata, parse(_html(copy)), removed=tuple(copy.removed))


def _stories(blocks: list[str]) -> list[list[str]]:
    """The stories of a file: one ends at an end mark behind which a headline and a text of some length follow."""
    stories: list[list[str]] = [[]]
    for index, block in enumerate(blocks):
        stories[-1].append(block)
        if END.match(_line(block)) and len(stories[-1]) > 2 and _begins_a_story(blocks[index + 1 :]):
            stories.append([])
    return stories


def _begins_a_story(blocks: list[str]) -> bool:
    head = [_line(block) for block in blocks[:4]]
    while head and (SLUG.match(head[0]) or ADVISORY.match(head[0]) or TAKE.match(head[0])):
        head.pop(0)
    return len(head) > 1 and len(head[0].split()) <= HEADLINE_WORDS and not head[0].endswith(".") and _is_prose(head[-1])


def _say_advisories(manuscript: Manuscript, copy: _Copy) -> None:
    for text in copy.advisories:
        found = ADVISORY.match(text)
        line = manuscript.line_of(text[:60])
        if found and found["word"] in UNUSABLE:
            hint = "take it out of the edition unless the agency has said otherwise"
            manuscript.complain(
                Severity.WARNING, f"the agency says of this story: {text[:120]}", "not-usable", line=line, hint=hint
            )
        elif found and found["word"] in EMBARGOES:
            manuscript.complain(Severity.WARNING, text[:120], "embargo", line=line, hint="publish it no sooner")
        else:
            manuscript.complain(Severity.NOTE, f"to editors: {text[:120]}", "advisory", line=line)


def _blocks(text: str) -> list[str]:
    text = unicodedata.normalize("NFC", text).replace("\u00a0", " ").replace("\ufeff", "")
    blocks = [block.strip("\n") for block in re.split(r"\n[ \t]*\n", text) if block.strip()]
    if len(blocks) < 3:
        blocks = [line for line in text.split("\n") if line.strip()]
    return blocks


def _line(block: str) -> str:
    return " ".join(block.split())


def _slugs(copy: _Copy) -> None:
    """What stands above the headline: slugs, takes, and lines to editors, which become metadata."""
    while len(copy.blocks) > 1:
        first = _line(copy.blocks[0])
        if ADVISORY.match(first) or re.fullmatch(r"\[.{3,300}\]", first):
            copy.advisories.append(first.strip("[]* "))
            copy.take_out(0, "advisory, now in the metadata")
        elif SLUG.match(first) or TAKE.match(first):
            copy.take_out(0, "slug")
        else:
            break


def _end(copy: _Copy) -> None:
    while len(copy.blocks) > 2:
        last = _line(copy.blocks[-1])
        if END.match(last):
            copy.take_out(-1, "end mark")
        elif CREDIT.match(last):
            copy.credits.insert(0, last)
            copy.blocks.pop()
        else:
            break
    rule = next((i for i, block in enumerate(copy.blocks) if i > 1 and RULE.match(block.strip())), None)
    if rule is not None:  # AP: contributor lines stand under a rule at the end
        copy.credits[:0] = [_line(block) for block in copy.blocks[rule + 1 :]]
        del copy.blocks[rule + 1 :]
        copy.take_out(rule, "rule above the credits")


def _headline(copy: _Copy) -> None:
    first = _line(copy.blocks[0])
    if len(copy.blocks) > 1 and len(first.split()) <= HEADLINE_WORDS and not first.endswith((".", ":", ";")):
        copy.headline = first
        copy.blocks.pop(0)


def _standfirst(copy: _Copy) -> None:
    """A headline that recurs within four blocks makes all between it the standfirst."""
    key = _line(copy.headline).casefold()
    for index, block in enumerate(copy.blocks[:4]):
        if key and _line(block).casefold() == key and index < len(copy.blocks) - 1:
            copy.standfirst = [_line(one) for one in copy.blocks[:index]]
            copy.take_out(index, "repeated headline")
            del copy.blocks[:index]
            return


def _byline(copy: _Copy) -> None:
    for index, block in enumerate(copy.blocks[:3]):
        lines = block.strip().split("\n")
        found = BYLINE.match(lines[0].strip())
        if found and len(lines) <= 2 and _are_names(found["names"]):
            copy.authors = tuple(_lowered(name) for name in _names(found["names"]))
            copy.take_out(index, "byline, now in the header")
            return


def _names(text: str) -> list[str]:
    parts = re.split(r",\s*|\s+(?:and|et|und|y|e|&)\s+", text.strip(" ."))
    return [part.strip() for part in parts if part.strip()]


def _lowered(name: str) -> str:
    """A name that agency style shouts, JANE DOE, as it is read; names with a capital inside are left alone."""
    shouted = name.isupper() and not re.search(r"\b(MC|MAC)|\.", name)
    return name.title() if shouted else name


def _are_names(text: str) -> bool:
    named = [
        word for word in text.split() if word[0].isupper() or word in ("and", "et", "und", "y", "e", "&", "de", "van", "von")
    ]
    return len(named) == len(text.split()) <= 12


def _find_dateline(copy: _Copy) -> None:
    first = next((block for block in copy.blocks[:3] if not BULLET.match(block.strip())), "")
    found = DATELINE.match(first)
    if found:
        copy.dateline = _line(found["dateline"])


def _html(copy: _Copy) -> str:
    parts = [f"<h1>{escape(copy.headline)}</h1>"] if copy.headline else []
    parts += [f'<p class="standfirst">{escape(line)}</p>' for line in copy.standfirst]
    for index, block in enumerate(copy.blocks):
        parts.append(_block(copy, index, block))
    parts += [f'<p class="credit">{escape(line)}</p>' for line in copy.credits]
    return "\n".join(parts)


def _block(copy: _Copy, index: int, block: str) -> str:
    lines = block.strip().split("\n")
    if all(BULLET.match(line.strip()) for line in lines):
        items = "".join(f"<li>{escape(BULLET.sub('', line.strip(), count=1))}</li>" for line in lines)
        return f"<ul>{items}</ul>"
    if rows := _rows(block):
        cells = ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows]
        head = "".join(f"<th>{escape(cell)}</th>" for cell in rows[0])
        return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(f'<tr>{row}</tr>' for row in cells[1:])}</tbody></table>"
    if _is_subheading(copy.blocks, index):
        return f"<h2>{escape(_line(block))}</h2>"
    text = escape(_line(block))
    if copy.dateline and index < 3 and _line(block).startswith(copy.dateline):
        place = escape(copy.dateline)
        text = text.replace(place, f'<span class="dateline">{place}</span>', 1)
    return f"<p>{text}</p>"


def _rows(block: str) -> list[list[str]]:
    """The cells of a table that was set with spaces: three lines or more, each with the same number of gaps; else nothing."""
    lines = [line for line in block.strip("\n").split("\n") if not re.fullmatch(r"[\s=_-]+", line)]
    rows = [CELLS.split(line.strip()) for line in lines]
    columns = len(rows[0]) if rows else 0
    numbers = sum(any(char.isdigit() for char in cell) for row in rows[1:] for cell in row)
    regular = len(rows) > 2 and columns > 1 and all(len(row) == columns for row in rows)
    return rows if regular and numbers >= len(rows) - 1 else []


def _is_subheading(blocks: list[str], index: int) -> bool:
    """Few words, no closing punctuation but `?`, prose before it and clearly longer prose after, never two in a row."""
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

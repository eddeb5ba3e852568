"""Plain-text wire copy: headline, standfirst, byline, dateline, bare subheading lines, credits and end marks.

The rules are the field's (FIELD_NOTES, Wire copy): what they take out is recorded, what they are unsure of
stays a paragraph. Quotes and dashes are left as typed; the typography pass has them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from html import escape

from publisher.input.manuscript import Manuscript
from publisher.model.article import Article, Removal
from publisher.model.codes import Code
from publisher.model.markup import parse
from publisher.model.metadata import Metadata

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
    r"|[^\W\d_a-z]\w+(?:[ /-][^\W\d_]\w+){0,3}\s\((?:dpa|AP|AFP|Reuters|EFE|ANSA|APA|sda)[\w/]*\)))"  # as dpa has it
    r"\s*(?:—|–|--|-)\s+(?=\S)"
)
ADVISORY = re.compile(
    r"\W*(?P<word>EMBARGO(?:ED)?|WITHDRAWN|CORRECTION|CORRECTS|CORRECTED|EDS|Eds|EDITORS|ATTENTION(?: EDITORS)?|SPERRFRIST"
    r"|BERICHTIGUNG|RECTIFICATIF|(?:HOLD|KILL(?:ED)?|ADVISORY)(?=\s*(?:[:–—/!,(-]|$)|\s+[A-Z]{2,})|(?:URGENT|FLASH|BULLETIN)(?=\W*$))\b"
    r"(?=\W|$)"
)
UNUSABLE = {"HOLD", "KILL", "KILLED", "WITHDRAWN"}
EMBARGOES = {"EMBARGO", "EMBARGOED", "SPERRFRIST"}
TAKE = re.compile(r"(?:\d+(?:st|nd|rd|th)?\s+take|take\s+\d+)\b.{0,30}$|ZCZC\b.{0,60}$", re.IGNORECASE)
CELLS = re.compile(r"\s{2,}|\t+")
BULLET = re.compile(r"[*•·‣▪-]\s+")
NUMBERED = re.compile(r"(\d{1,2})[.)]\s+")
RULE = re.compile(r"(?:_{3,}|(?:\*\s?){3,})$")
SIGNED = re.compile(
    r".*\b(?:contributed\b.{0,20}\breport|report(?:ed|ing) from [A-Z][\w .,’-]{1,40}\.?$|(?:Reporting|Writing|Editing) by"
    r"|Follow (?:AP|@)"
    r"|(?:Associated Press|AP|Staff) (?:writers?|journalists?|reporters?))",
    re.DOTALL,
)
UNPRINTED = re.compile(
    r"#*\s*(?:.*nicht zur Veröffentlichung bestimmt|Notizblock\b|.*\bnot for publication\b|.*\bfin de service\b)", re.IGNORECASE
)
AGENCY = re.compile(
    r"(?:[^\W\d_][\w’'.&-]*\s){0,4}(?:Press|Reuters|AFP|dpa|EFE|ANSA|News|Agency|Service|Writers?|Correspondents?)$"
)
BETWEEN = re.compile(r"-\s(?P<words>.{2,80})\s-$")  # AFP sets its subheadings between dashes
SUBHEADING_WORDS, HEADLINE_WORDS = 12, 40
_NEAR = 7  # blocks in which a byline is looked for, bullets and lines to editors above it


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
    for step in (_slugs, _end, _headline, _standfirst, _to_editors, _byline, _find_dateline):
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
    return (
        len(head) > 1 and len(head[0].split()) <= HEADLINE_WORDS and not head[0].endswith(".") and any(map(_is_prose, head[1:]))
    )


def _say_advisories(manuscript: Manuscript, copy: _Copy) -> None:
    for text in copy.advisories:
        found = ADVISORY.match(text)
        line = manuscript.line_of(text[:60])
        if found and found["word"] in UNUSABLE:
            hint = "take it out of the edition unless the agency has said otherwise"
            manuscript.report(Code.NOT_USABLE, f"the agency says of this story: {text[:120]}", line=line, hint=hint)
        elif found and found["word"] in EMBARGOES:
            manuscript.report(Code.EMBARGO, text[:120], line=line, hint="publish it no sooner")
        else:
            manuscript.report(Code.ADVISORY, f"to editors: {text[:120]}", line=line)


def _blocks(text: str) -> list[str]:
    text = unicodedata.normalize("NFC", text).replace("\u00a0", " ").replace("\ufeff", "")
    blocks = [block.strip("\n") for block in re.split(r"\n[ \t]*\n", text) if block.strip()]
    if len(blocks) < 3 and not any(END.match(line.strip()) for line in text.split("\n")[:-1]):
        blocks = [line for line in text.split("\n") if line.strip()]
    return [part for block in blocks for piece in _head_apart(block) for part in _indented(piece)]


def _indented(block: str) -> list[str]:
    """A block whose paragraphs have no blank lines between them but begin set in (AFP), taken apart."""
    lines = block.split("\n")
    set_in = [n for n, line in enumerate(lines) if re.match(r"\s{2,}\S", line)]
    if len(set_in) < 2 or _list(block) or _rows(block) or any(CELLS.search(line.strip()) for line in lines):
        return [block]
    starts = sorted({0, *set_in})
    return ["\n".join(lines[a:b]) for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]


def _head_apart(block: str) -> list[str]:
    """A block whose first lines are headline and byline, each by itself: copy is not always filed with blank lines there."""
    lines = block.split("\n")
    signed = [n for n, line in enumerate(lines[:5]) if n and BYLINE.match(line.strip())]
    at = next((n for n in signed if _are_names(lines[n].strip().split(" ", 1)[-1])), 0)
    dated = next((n for n, line in enumerate(lines[:3]) if n and DATELINE.match(line.strip())), 0)
    if (
        not at
        and dated
        and all(len(line.split()) <= HEADLINE_WORDS and line.rstrip()[-1:] not in ".:;" for line in lines[:dated])
    ):
        return [*lines[:dated], "\n".join(lines[dated:])]
    if not at or any(_is_prose(_line(line)) and len(line.split()) > HEADLINE_WORDS for line in lines[:at]):
        return [block]
    rest = lines[at + 1 :]
    alone = [rest.pop(0)] if rest and AGENCY.match(_line(rest[0])) else []
    return [line for line in (*lines[: at + 1], *alone, "\n".join(rest)) if line.strip()]


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
    _unprinted(copy)
    while True:  # AP: contributor lines stand under a rule at the end; other rules part sections
        rules = [i for i, block in enumerate(copy.blocks) if i > 1 and RULE.match(_line(block))]
        signed = [_line(block) for block in copy.blocks[rules[-1] + 1 :]] if rules else []
        if not signed or not all(map(SIGNED.match, signed)):
            break
        copy.credits[:0] = signed
        del copy.blocks[rules[-1] + 1 :]
        copy.take_out(rules[-1], "rule above the credits")


def _unprinted(copy: _Copy) -> None:
    """What an agency tells editors under the copy, contacts and notes, is none of it (dpa: Notizblock)."""
    at = next((i for i, block in enumerate(copy.blocks) if i > 1 and UNPRINTED.match(_line(block))), len(copy.blocks))
    while len(copy.blocks) > at:
        copy.take_out(at, "to editors, not for publication")
    while len(copy.blocks) > 1 and RULE.match(_line(copy.blocks[-1])):
        copy.take_out(-1, "rule above the credits")


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


def _to_editors(copy: _Copy) -> None:
    """Lines to editors between the headline and the byline."""
    for index in reversed(range(min(3, len(copy.blocks) - 1))):
        line = _line(copy.blocks[index])
        shouted = line.startswith(("Eds", "ATTENTION")) or line.isupper()
        if shouted and ADVISORY.match(line) and len(line.split()) <= HEADLINE_WORDS:
            copy.advisories.append(line)
            copy.take_out(index, "advisory, now in the metadata")


def _byline(copy: _Copy) -> None:
    for index, block in enumerate(copy.blocks[:_NEAR]):
        if index and len(block.split()) > HEADLINE_WORDS:
            break
        lines = block.strip().split("\n")
        found = BYLINE.match(lines[0].strip())
        names = re.sub(r",\s(?:dpa|AFP|AP|Reuters|EFE|ANSA)$", "", found["names"]) if found else ""
        if found and len(lines) <= 2 and _are_names(names):
            copy.authors = tuple(_lowered(name) for name in _names(names))
            copy.take_out(index, "byline, now in the header")
            if index < len(copy.blocks) - 1 and AGENCY.fullmatch(_line(copy.blocks[index])):
                copy.take_out(index, "who the author writes for")
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
    for block in copy.blocks[:_NEAR]:
        found = DATELINE.match(block.strip())
        if not found:
            continue
        copy.dateline = _line(found["dateline"])
        return


def _html(copy: _Copy) -> str:
    parts = [f"<h1>{escape(copy.headline)}</h1>"] if copy.headline else []
    parts += [f'<p class="standfirst">{escape(line)}</p>' for line in copy.standfirst]
    for index, block in enumerate(copy.blocks):
        parts.append(_block(copy, index, block))
    parts += [f'<p class="credit">{escape(line)}</p>' for line in copy.credits]
    return "\n".join(parts)


def _block(copy: _Copy, index: int, block: str) -> str:
    if RULE.match(_line(block)):
        return "<hr>"
    if found := BETWEEN.match(_line(block)):
        return f"<h2>{escape(found['words'])}</h2>"
    if listed := _list(block):
        return listed
    if rows := _rows(block):
        cells = ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows]
        head = "".join(f"<th>{escape(cell)}</th>" for cell in rows[0])
        return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(f'<tr>{row}</tr>' for row in cells[1:])}</tbody></table>"
    if _is_subheading(copy.blocks, index):
        return f"<h2>{escape(_line(block))}</h2>"
    text = escape(_line(block))
    if copy.dateline and index < _NEAR and _line(block).startswith(copy.dateline):
        place = escape(copy.dateline)
        text = text.replace(place, f'<span class="dateline">{place}</span>', 1)
    return f"<p>{text}</p>"


def _list(block: str) -> str:
    """A list, with the line that leads into it: bullets or numbers, continuations set in; empty where it is none."""
    lead, items = [], []
    for line in block.strip("\n").split("\n"):
        mark = BULLET.match(line.strip()) or NUMBERED.match(line.strip())
        if mark:
            items.append((mark, line.strip()[mark.end() :]))
        elif items and line.startswith("  "):
            items[-1] = (items[-1][0], f"{items[-1][1]} {line.strip()}")
        elif items:
            return ""
        else:
            lead.append(line.strip())
    numbers = [int(mark[1]) for mark, _ in items if mark.re is NUMBERED]
    regular = numbers == list(range(numbers[0], numbers[0] + len(items))) if numbers else True
    if not items or not regular or (numbers and len(items) < 2) or (lead and len(items) < 2):
        return ""
    name = "ol" if numbers else "ul"
    start = f' start="{numbers[0]}"' if numbers and numbers[0] != 1 else ""
    before = f"<p>{escape(' '.join(lead))}</p>" if lead else ""
    return f"{before}<{name}{start}>{''.join(f'<li>{escape(text)}</li>' for _, text in items)}</{name}>"


def _rows(block: str) -> list[list[str]]:
    """The cells of a table that was set with spaces: three lines or more, each with the same number of gaps; else nothing."""
    lines = [line for line in block.strip("\n").split("\n") if not re.fullmatch(r"[\s=_-]+", line)]
    rows = [CELLS.split(line.strip()) for line in lines]
    if len(rows) > 2 and re.match(r"\s{2,}", lines[0]) and len(rows[0]) == len(rows[1]) - 1:
        rows[0].insert(0, "")  # nothing heads the names of the rows
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

"""News agency stories as plain text: headline, standfirst, byline, dateline, plain subheading lines, credits and end marks.

The rules are those of the agencies. Removed lines are recorded. A line that no rule clearly
matches stays a paragraph. Quotation marks and dashes stay as typed; the typography pass changes them.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass, field
from html import escape

from publisher.input.agency_status import LINE_TO_EDITORS, hold_of_lines, orders_hold
from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.markup import parse
from publisher.model.metadata import Metadata
from publisher.model.parts import NOTE_TO_EDITORS, Removal
from publisher.readers import wire_lines
from publisher.readers.wire_blocks import CELL_GAP, is_prose, joined, list_markup, markup_of, parted, table_rows, without_rules
from publisher.readers.wire_transmission import Transmission, transmissions
from publisher.text.bylines import date_in

HEADLINE_WORDS = 40
_HEAD_LINES = (
    wire_lines.SLUG,
    wire_lines.TAKE,
    wire_lines.RELEASE,
    wire_lines.VERSION,
    wire_lines.IMAGE_NOTE,
    wire_lines.LABELED_KEYWORDS,
)
_TRANSMISSION_LINES = (
    wire_lines.SOURCE,
    wire_lines.LEVEL,
    wire_lines.PRIORITY,
    wire_lines.SIGN_OFF,
    wire_lines.REUTERS_TIME,
    wire_lines.LENGTH,
    wire_lines.VERSION,
    wire_lines.IMAGE_NOTE,
)
_LONGEST_ORDER = 20  # words of a line with an embargo, a hold or a kill
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
    subject: str = ""

    slugs: list[str] = field(default_factory=list)
    date: datetime.date | None = None

    def remove(self, index: int, rule: str) -> None:
        self.removed.append(Removal(rule, joined(self.blocks.pop(index))))


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """An article for each story in the file. Raises PublisherError if it has no text."""
    manuscript.text()  # reports characters that cannot be shown
    stories = [story for transmission in transmissions(manuscript.typed()) for story in _stories_of(transmission)]
    return tuple(_article(manuscript, story) for story in stories)


def _stories_of(transmission: Transmission) -> list[_Story]:
    """The stories of a transmission. The lines of its head are those of the first, the lines of its end those of the last."""
    stories = [_Story(blocks) for blocks in _stories(_blocks(transmission.text))]
    stories[0].removed += [Removal("header of a forwarded message", text) for text in transmission.mail_headers]
    stories[0].subject = transmission.subject
    for line in transmission.head:
        _take_head_line(stories[0], line)
    for line in transmission.end:
        if is_keywords := wire_lines.LABELED_KEYWORDS.match(line):
            stories[-1].slugs.append(is_keywords["words"])
        stories[-1].removed.append(Removal("end mark" if wire_lines.END.match(line) else "sign-off of the agency", line))
    return stories


def _take_head_line(story: _Story, line: str) -> None:
    """Records a line of a head; slugs, keywords, notes to editors and the date of a release become metadata."""
    if LINE_TO_EDITORS.match(line):
        story.advisories.append(line)
        story.removed.append(Removal(NOTE_TO_EDITORS, line))
    elif release := wire_lines.RELEASE.match(line):
        story.date, _ = date_in(release["date"])
        story.removed.append(Removal("line of the press office", line))
    elif any(pattern.match(line) for pattern in _TRANSMISSION_LINES):
        story.removed.append(Removal("head of the transmission", line))
    else:
        keywords = wire_lines.LABELED_KEYWORDS.match(line)
        story.slugs.append(keywords["words"] if keywords else line)
        story.removed.append(Removal("slug", line))


def _article(manuscript: Manuscript, story: _Story) -> Article:
    for step in (
        _remove_orders,
        _remove_slugs,
        _remove_end_lines,
        _remove_end_marks,
        _find_headline,
        _find_standfirst,
        _remove_lines_to_editors,
        _find_byline,
        _find_dateline,
    ):
        step(story)
    metadata = Metadata(
        title=story.headline or story.subject,
        authors=story.authors,
        date=story.date,
        dateline=story.dateline,
        slugline="; ".join(dict.fromkeys(story.slugs)),
        advisories=tuple(story.advisories),
        hold=hold_of_lines(manuscript, story.advisories),
    )
    return Article(metadata, parse(_html(story)), removed=tuple(story.removed))


def _stories(blocks: list[str]) -> list[list[str]]:
    """The stories of a file. A story ends at an end mark if a headline and prose follow it."""
    stories: list[list[str]] = [[]]
    for index, block in enumerate(blocks):
        stories[-1].append(block)
        if wire_lines.END.match(joined(block)) and len(stories[-1]) > 2 and _is_story_start(blocks[index + 1 :]):
            stories.append([])
    return stories


def _is_story_start(blocks: list[str]) -> bool:
    head = [joined(block) for block in blocks[:4]]
    while head and (wire_lines.SLUG.match(head[0]) or LINE_TO_EDITORS.match(head[0]) or wire_lines.TAKE.match(head[0])):
        head.pop(0)
    return len(head) > 1 and len(head[0].split()) <= HEADLINE_WORDS and not head[0].endswith(".") and any(map(is_prose, head[1:]))


def _blocks(text: str) -> list[str]:
    text = unicodedata.normalize("NFC", text).replace("\u00a0", " ").replace("\ufeff", "")
    blocks = [block.strip("\n") for block in re.split(r"\n[ \t]*\n", text) if block.strip()]
    has_end_mark = any(wire_lines.END.match(line.strip()) for line in text.split("\n")[:-1])
    if len(blocks) < 3 and not has_end_mark and not any(map(_is_set_in, blocks)):
        blocks = [line for line in text.split("\n") if line.strip()]
    blocks = [part for block in blocks for part in parted(block)]
    parts = (part for block in blocks for piece in _split_head(block) for part in _split_indented(piece))
    return [part for part in parts if part.strip()]


def _is_set_in(block: str) -> bool:
    """Whether only the first line of a block is indented, so that the block is a paragraph."""
    first, *others = block.split("\n")
    return bool(others) and first[:1].isspace() and not any(line[:1].isspace() for line in others)


def _split_indented(block: str) -> list[str]:
    """The paragraphs of a block if each begins with an indent and no blank line (AFP); else the block."""
    lines = block.split("\n")
    indented_lines = [n for n, line in enumerate(lines) if re.match(r"\s{2,}\S", line)]
    if len(indented_lines) < 2 or list_markup(block) or table_rows(block) or any(CELL_GAP.search(line.strip()) for line in lines):
        return [block]
    starts = sorted({0, *indented_lines})
    return ["\n".join(lines[start:end]) for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]


def _split_head(block: str) -> list[str]:
    """The headline, the byline and the text of a block, if no blank lines separate them; else the block."""
    lines = block.split("\n")
    bylines = [n for n, line in enumerate(lines[:5]) if n and wire_lines.BYLINE.match(line.strip())]
    byline = next((n for n in bylines if _are_names(lines[n].strip().split(" ", 1)[-1])), 0)
    dateline = next((n for n, line in enumerate(lines[:3]) if n and wire_lines.DATELINE.match(line.strip())), 0)
    if (
        not byline
        and dateline
        and all(len(line.split()) <= HEADLINE_WORDS and line.rstrip()[-1:] not in ".:;" for line in lines[:dateline])
    ):
        return [*lines[:dateline], "\n".join(lines[dateline:])]
    if not byline or any(is_prose(joined(line)) and len(line.split()) > HEADLINE_WORDS for line in lines[:byline]):
        return [block]
    rest = lines[byline + 1 :]
    agency = [rest.pop(0)] if rest and wire_lines.AGENCY.match(joined(rest[0])) else []
    return [line for line in (*lines[: byline + 1], *agency, "\n".join(rest)) if line.strip()]


def _remove_orders(story: _Story) -> None:
    """Takes embargoes, holds and kills from the first blocks, also where they stand in the block of the headline."""
    for index in reversed(range(min(_TOP_BLOCKS, len(story.blocks)))):
        lines = story.blocks[index].split("\n")
        orders = [line for line in lines if len(line.split()) <= _LONGEST_ORDER and orders_hold(line.strip())]
        rest = "\n".join(line for line in lines if line not in orders)
        if orders and (rest.strip() or len(story.blocks) > 1):
            story.advisories += [line.strip(" []*") for line in orders]
            story.removed += [Removal(NOTE_TO_EDITORS, line) for line in orders]
            story.blocks[index : index + 1] = [rest] if rest.strip() else []


def _remove_slugs(story: _Story) -> None:
    """Removes the lines above the headline: slugs, takes, and lines to editors, which become metadata."""
    while len(story.blocks) > 1:
        first = joined(story.blocks[0])
        if LINE_TO_EDITORS.match(first) or re.fullmatch(r"\[.{3,300}\]", first):
            story.advisories.append(first.strip("[]* "))
            story.remove(0, NOTE_TO_EDITORS)
        elif any(pattern.match(first) for pattern in _HEAD_LINES):
            story.blocks.pop(0)
            _take_head_line(story, first)
        elif wire_lines.RULE.match(first):
            story.blocks.pop(0)
        else:
            break


def _remove_end_lines(story: _Story) -> None:
    while len(story.blocks) > 2:
        last = joined(story.blocks[-1])
        if wire_lines.END.match(last):
            story.remove(-1, "end mark")
        elif wire_lines.CREDIT.match(last):
            story.credits.insert(0, last)
            story.blocks.pop()
        else:
            break
    _remove_unpublished(story)
    while True:  # AP: contributor lines stand under a rule at the end; other rules separate sections
        rules = [i for i, block in enumerate(story.blocks) if i > 1 and wire_lines.RULE.match(joined(block))]
        contributors = [joined(block) for block in story.blocks[rules[-1] + 1 :]] if rules else []
        if not contributors or not all(map(wire_lines.CONTRIBUTORS.match, contributors)):
            break
        story.credits[:0] = contributors
        del story.blocks[rules[-1] + 1 :]
        story.remove(rules[-1], "rule above the credits")


def _remove_unpublished(story: _Story) -> None:
    """Removes the contacts and notes for editors below the story (dpa: Notizblock)."""
    start = next(
        (i for i, block in enumerate(story.blocks) if i > 1 and wire_lines.NOT_FOR_PUBLICATION.match(joined(block))),
        len(story.blocks),
    )
    while len(story.blocks) > start:
        story.remove(start, "to editors, not for publication")
    while len(story.blocks) > 1 and wire_lines.RULE.match(joined(story.blocks[-1])):
        story.remove(-1, "rule above the credits")


def _remove_end_marks(story: _Story) -> None:
    """Removes the end marks above what a press office writes below its text: notes, contacts."""
    for index in reversed(range(1, len(story.blocks))):
        if len(story.blocks) > 2 and wire_lines.MARKED_END.match(joined(story.blocks[index])):
            story.remove(index, "end mark")


def _find_headline(story: _Story) -> None:
    first = joined(without_rules(story.blocks[0])[0])
    if len(story.blocks) > 1 and len(first.split()) <= HEADLINE_WORDS and not first.endswith((".", ":", ";")):
        story.headline = first
        story.blocks.pop(0)


def _find_standfirst(story: _Story) -> None:
    """If the headline is repeated within four blocks, the blocks between are the standfirst."""
    headline = joined(story.headline).casefold()
    for index, block in enumerate(story.blocks[:4]):
        if headline and joined(block).casefold() == headline and index < len(story.blocks) - 1:
            story.standfirst = [joined(line) for line in story.blocks[:index]]
            story.remove(index, "repeated headline")
            del story.blocks[:index]
            return


def _remove_lines_to_editors(story: _Story) -> None:
    """Removes the lines to editors and keywords between the headline and the byline; they become metadata."""
    for index in reversed(range(min(3, len(story.blocks) - 1))):
        line = joined(story.blocks[index])
        if wire_lines.LABELED_KEYWORDS.match(line):
            story.blocks.pop(index)
            _take_head_line(story, line)
            continue
        is_marked = line.startswith(("Eds", "ATTENTION")) or line.isupper()
        if is_marked and LINE_TO_EDITORS.match(line) and len(line.split()) <= HEADLINE_WORDS:
            story.advisories.append(line)
            story.remove(index, NOTE_TO_EDITORS)


def _find_byline(story: _Story) -> None:
    for index, block in enumerate(story.blocks[:_TOP_BLOCKS]):
        if index and len(block.split()) > HEADLINE_WORDS:
            break
        lines = block.strip().split("\n")
        match = wire_lines.BYLINE.match(lines[0].strip())
        names = re.sub(r",\s(?:dpa|AFP|AP|Reuters|EFE|ANSA)$", "", match["names"]) if match else ""
        if match and len(lines) <= 2 and _are_names(names):
            story.authors = tuple(_title_case(name) for name in _names(names))
            story.remove(index, "byline, now in the header")
            if index < len(story.blocks) - 1 and wire_lines.AGENCY.fullmatch(joined(story.blocks[index])):
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
        match = wire_lines.DATELINE.match(block.strip())
        if not match:
            continue
        story.dateline = joined(match["dateline"])
        if match[0].rstrip().endswith("_"):  # ANPA 1312 has no dash; AP writes an underscore
            story.blocks = [re.sub(r"(?<=\s)_(?=\s)", "—", block) for block in story.blocks]
        return


def _html(story: _Story) -> str:
    parts = [f"<h1>{escape(story.headline)}</h1>"] if story.headline else []
    parts += [f'<p class="standfirst">{escape(line)}</p>' for line in story.standfirst]
    for index in range(len(story.blocks)):
        parts.append(markup_of(story.blocks, index, story.dateline if index < _TOP_BLOCKS else ""))
    parts += [f'<p class="credit">{escape(line)}</p>' for line in story.credits]
    return "\n".join(parts)

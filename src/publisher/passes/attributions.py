"""Who is quoted: the attribution at the end of a quotation becomes a paragraph of its own, `p.credit`.

It is a `footer` or `cite` at the end, or a paragraph or line that begins with a dash. The words stay as they were typed.
"""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement

from publisher.model.markup import classes, holds, tags
from publisher.model.vocabulary import BLOCKS

_DASH = r"(?:—|–|--|―)"
_BEGINS_WITH_DASH = re.compile(rf"\s*{_DASH}\s*\w")
_LINE_WITH_DASH = re.compile(rf"\n[ \t]*(?={_DASH}[ \t]*(?:\w|$))")
_DASH_AT_END = re.compile(rf"\s*{_DASH}\s*$")
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»›」』)\]]*\s*$|[\"”’»›」』]\s*$")
_LONGEST = 15  # words of an attribution that is not in a paragraph of its own


def name_footers(root: Tag) -> None:
    """Makes the footer of a quotation a `p.credit`; to be run before containers are unwrapped."""
    for footer in tags(root, ("footer",)):
        if footer.parent is not None and footer.parent.name == "blockquote" and footer.get_text().strip():
            paragraphs = [footer] if not holds(footer, BLOCKS) else tags(footer, ("p",))
            for paragraph in paragraphs:
                paragraph.name, paragraph.attrs = "p", {"class": "credit"}


def mark_attributions(tree: BeautifulSoup, root: Tag) -> None:
    """Marks the attribution of each quotation, and takes it out of the last paragraph or in from behind the quotation."""
    for quote in tags(root, ("blockquote",)):
        blocks = [child for child in quote.children if isinstance(child, Tag)]
        if not blocks or blocks[-1].name != "p" or "credit" in classes(blocks[-1]):
            continue
        *others, last = blocks
        is_dialogue = any(_BEGINS_WITH_DASH.match(block.get_text()) for block in others)
        if others and not is_dialogue and (_BEGINS_WITH_DASH.match(last.get_text()) or _is_cite(last)):
            _mark(last)
        elif attribution := _last_line(last):
            paragraph = tree.new_tag("p", attrs={"class": "credit"})
            last.insert_after(paragraph)
            paragraph.extend(node.extract() for node in attribution)
        elif (after := _paragraph_behind(quote)) is not None and not _BEGINS_WITH_DASH.match(last.get_text()):
            _mark(after)
            quote.append(after.extract())


def _mark(paragraph: Tag) -> None:
    paragraph["class"] = " ".join([*classes(paragraph), "credit"])


def _is_cite(paragraph: Tag) -> bool:
    """Whether a paragraph holds a `cite` and nothing else."""
    nodes = [child for child in paragraph.children if isinstance(child, Tag) or str(child).strip()]
    return len(nodes) == 1 and isinstance(nodes[0], Tag) and nodes[0].name == "cite"


def _last_line(paragraph: Tag) -> list[PageElement]:
    """The nodes of the attribution at the end of a paragraph, parted from the words before it; empty if there is none."""
    children = list(paragraph.children)
    for place in range(len(children) - 1, -1, -1):
        child = children[place]
        if isinstance(child, Tag) and child.name == "br":
            nodes = children[place + 1 :]
            if nodes and place and _is_attribution(nodes):
                child.extract()
                return nodes
            return []
        if isinstance(child, NavigableString) and (lines := list(_LINE_WITH_DASH.finditer(child))):
            start = lines[-1].start()
            ends_sentence = _SENTENCE_END.search(_text(children[:place]) + child[:start])
            return _split(child, start, children[place + 1 :]) if ends_sentence else []
    return _trailing_cite(children)


def _split(text: NavigableString, place: int, behind: list[PageElement]) -> list[PageElement]:
    """The text from `place` on and the nodes behind it, if they are an attribution."""
    tail = NavigableString(text[place:].lstrip())
    if not _is_attribution([tail, *behind]):
        return []
    head = NavigableString(text[:place])
    text.replace_with(head)
    head.insert_after(tail)
    return [tail, *behind]


def _trailing_cite(children: list[PageElement]) -> list[PageElement]:
    """A `cite` behind the last sentence, with a dash before it."""
    nodes = [child for child in children if isinstance(child, Tag) or str(child).strip()]
    if len(nodes) < 2 or not isinstance(nodes[-1], Tag) or nodes[-1].name != "cite" or len(_text(nodes[-1:]).split()) > _LONGEST:
        return []
    cite, before = nodes[-1], nodes[-2]
    dash = _DASH_AT_END.search(before) if isinstance(before, NavigableString) else None
    if not _SENTENCE_END.search(_DASH_AT_END.sub("", _text(nodes[:-1]))):
        return []
    if dash is None or not isinstance(before, NavigableString):
        return [cite]
    head, tail = NavigableString(before[: dash.start()]), NavigableString(before[dash.start() :].lstrip())
    before.replace_with(head)
    head.insert_after(tail)
    return [tail, cite]


def _paragraph_behind(quote: Tag) -> Tag | None:
    """A short paragraph right behind a quotation that begins with a dash, is no sentence, and is not the first of several."""
    after = quote.find_next_sibling(True)
    if not isinstance(after, Tag) or after.name != "p" or classes(after) or not _is_attribution([after]):
        return None
    following = after.find_next_sibling(True)
    is_dialogue = isinstance(following, Tag) and _BEGINS_WITH_DASH.match(following.get_text())
    return None if is_dialogue or _SENTENCE_END.search(after.get_text()) else after


def _is_attribution(nodes: list[PageElement]) -> bool:
    """Whether some nodes begin with a dash and a name, and are short."""
    text = _text(nodes)
    name = re.sub(rf"^\s*{_DASH}\s*", "", text)
    return bool(_BEGINS_WITH_DASH.match(text)) and not name[:1].islower() and len(text.split()) <= _LONGEST


def _text(nodes: list[PageElement]) -> str:
    return "".join(node.get_text() if isinstance(node, Tag) else str(node) for node in nodes)

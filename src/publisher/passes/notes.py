"""Pairs calls with notes, whatever a page calls them, into `a.noteref` and `aside.note` at the end of the article.

A note that is never called is kept, behind the others, with a warning; a call without a note stays as it was typed.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bs4 import Tag

from publisher.input.manuscript import Manuscript
from publisher.model.article import Article, Removal
from publisher.model.codes import Code
from publisher.model.markup import attribute, classes, tags, words
from publisher.model.vocabulary import HEADINGS

_CALL_CLASSES = {"noteref", "footnote-ref", "footnote", "fn", "fnref", "reference"}
_NUMBER = re.compile(r"[\[(]?\s*(\d{1,3}|[*†‡§]+|[a-z])\s*[\])]?$")
_TARGET = re.compile(r"(fn|foot|note|endnote|cite_note|ref)", re.IGNORECASE)
_BACK = re.compile(r"^[\s↩↵⏎^←⮐↑\ufe0e]*$")
_TITLE = re.compile(r"(foot|end)?notes?|references|anmerkungen|fußnoten|notes de bas de page|dipnotlar|примітки", re.IGNORECASE)


def apply(article: Article, manuscript: Manuscript) -> Article:
    """The article with its notes last in the tree, each with the id that its calls name."""
    root = article.root
    targets = {attribute(tag, "id"): tag for tag in tags(root) if tag.get("id")}
    called: dict[str, Tag] = {}
    for link in tags(root, ("a",)):
        # A link is gone by now where it was the way back of a note that has been taken.
        if link.decomposed or not re.match("#.", attribute(link, "href")):
            continue
        key = attribute(link, "href")[1:]
        target = _block_of(targets.get(key), key)
        if target is not None and _is_call(link, target):
            called[key] = _as_note(target) if key not in called else called[key]
            _as_call(link, key)
        elif target is None and "noteref" in classes(link):
            _complain_of_call(manuscript, link)
    uncalled = [tag for tag in root.find_all("aside", class_="note") if attribute(tag, "id") not in called]
    removed = _gather(root, [*called.values(), *uncalled])
    for note in uncalled:
        _complain_of_note(manuscript, note)
    return replace(article, removed=article.removed + removed)


def _block_of(target: Tag | None, key: str) -> Tag | None:
    """What is linked to: of an anchor at the beginning of a paragraph or an item, that paragraph or item."""
    block = target.parent if target is not None and target.name in ("a", "span", "sup") else None
    if (
        target is None
        or block is None
        or block.name not in ("p", "li", "dd")
        or not (_opens(block, target) or _leads(block, target))
    ):
        return target
    if not block.get("id"):
        block["id"] = key
        del target["id"]
    return block if attribute(block, "id") == key else target


def _leads(block: Tag, anchor: Tag) -> bool:
    """Whether an empty anchor stands before all words of a block."""
    first = next((text for text in block.strings if text.strip()), None)
    return not anchor.get_text().strip() and first is not None and anchor in first.previous_elements


def _is_call(link: Tag, target: Tag) -> bool:
    if "note" in classes(target) and target.name == "aside":
        return "backlink" not in classes(link)
    if target.name not in ("li", "p", "div", "aside", "section", "dd") or link in target.descendants:
        return False
    marked = attribute(link, "role") == "doc-noteref" or bool(_CALL_CLASSES & set(classes(link))) or _raised(link)
    named = attribute(target, "role") in ("doc-footnote", "doc-endnote") or bool(_TARGET.search(attribute(target, "id")))
    return (marked or named) and bool(_NUMBER.match(words_of_link(link)))


def words_of_link(link: Tag) -> str:
    return link.get_text().strip()


def _raised(link: Tag) -> bool:
    return link.find("sup") is not None or (link.parent is not None and link.parent.name == "sup")


def _as_call(link: Tag, key: str) -> None:
    """The link alone, no `sup` around or inside: the number's height is the theme's, and some readers trip over it."""
    link.attrs = {"class": "noteref", "href": f"#{key}"}
    link.string = "*"
    parent = link.parent
    if parent is not None and parent.name == "sup" and parent.get_text().strip() in ("*", "[*]", "(*)"):
        parent.replace_with(link)


def _as_note(target: Tag) -> Tag:
    for link in target.find_all("a"):
        if _BACK.match(link.get_text()) or {"backlink", "footnote-backref", "reversefootnote"} & set(classes(link)):
            link.decompose()
    if target.name != "aside":
        label = target.find(["a", "sup"])
        if label is not None and _NUMBER.match(words_of_link(label)) and _opens(target, label):
            label.decompose()  # the number the page gave the note; it gets ours
    target.name = "aside"
    target.attrs = {"class": "note", "id": attribute(target, "id")}
    return target


def _opens(target: Tag, label: Tag) -> bool:
    before = next((text for text in target.strings if text.strip()), None)
    return before is not None and label in before.parents


def _gather(root: Tag, notes: list[Tag]) -> tuple[Removal, ...]:
    removed = []
    for note in notes:
        holders = [parent for parent in note.parents if parent is not root and root in parent.parents]
        root.append(note.extract())
        for holder in holders:
            title = _emptied_title(holder)
            if title is not None:
                removed.append(Removal("heading of the notes", words(title)))
                title.decompose()
            if holder.name not in ("body", "html", "[document]") and not holder.get_text().strip() and not holder.find("img"):
                holder.decompose()
    return tuple(removed)


def _emptied_title(holder: Tag) -> Tag | None:
    """The heading "Notes" that is left alone in, or in front of, an emptied list."""
    inside = holder.find(list(HEADINGS))
    before = holder.find_previous_sibling(True)
    for heading in (inside, before):
        if isinstance(heading, Tag) and heading.name in HEADINGS and _TITLE.fullmatch(words(heading)):
            rest = holder.get_text().strip().removeprefix(heading.get_text().strip() if heading is inside else "")
            if not rest.strip():
                return heading
    return None


def _complain_of_call(manuscript: Manuscript, link: Tag) -> None:
    key = attribute(link, "href")
    manuscript.report(
        Code.NOTE_MISSING,
        f"the note {key} is called but not there; kept as typed",
        line=manuscript.line_of(key),
        hint=f'add the note, with id="{key[1:]}"',
    )
    link.unwrap()


def _complain_of_note(manuscript: Manuscript, note: Tag) -> None:
    label = attribute(note, "id").removeprefix("fn-")
    line = manuscript.line_of(f"[^{label}]:") or manuscript.line_of(label)
    manuscript.report(
        Code.NOTE_UNUSED,
        f"the note {label} is never called; it stands behind the others",
        line=line,
        hint="call it in the text, or take it out",
    )

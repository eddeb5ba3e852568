"""A picture and the caption beside it, in whatever elements a page has put them, become a figure."""

from __future__ import annotations

from itertools import islice

from publisher.extraction.clutter import CAPTION, CREDIT
from publisher.input.html_elements import Element, class_and_id, text_content

_HOLDERS = frozenset({"div", "p", "span", "section", "center", "dl"})
_UP = 3  # elements from a caption to the one that holds its picture, too


def figures_in_order(body: Element) -> None:
    """Makes a `figure` of every element that holds one picture and beside it nothing but what is called its caption or credit."""
    for caption in list(body.iter("div", "p", "span", "small", "dd", "em", "cite")):
        if CAPTION.search(class_and_id(caption)) and text_content(caption) and next(caption.iter("img"), None) is None:
            holder = _holder(caption, body)
            if holder is not None:
                _make_figure(holder, caption)


def _holder(caption: Element, body: Element) -> Element:
    """The element around a caption that holds one picture and no other text; None where there is none, or a figure already."""
    if next(caption.iterancestors("figure"), None) is not None:
        return None
    for around in islice(caption.iterancestors(), _UP):
        if around is body or around.tag not in _HOLDERS:
            return None
        pictures = sum(1 for _ in around.iter("img"))
        if pictures:
            return around if pictures == 1 and not _has_other_text(around, caption) else None
    return None


def _has_other_text(holder: Element, caption: Element) -> bool:
    """Whether `holder` has more text than its caption and credits."""
    known = [one for one in holder.iter() if one is caption or (isinstance(one.tag, str) and CREDIT.search(class_and_id(one)))]
    outer = [one for one in known if not any(above in known for above in one.iterancestors())]
    return len(text_content(holder).split()) > sum(len(text_content(one).split()) for one in outer)


def _make_figure(holder: Element, caption: Element) -> None:
    holder.tag, caption.tag = "figure", "figcaption"
    for credit in [one for one in holder.iter("div", "p", "span", "small", "cite") if CREDIT.search(class_and_id(one))]:
        if caption not in credit.iterancestors() and text_content(credit):
            last = caption[-1] if len(caption) else None
            if last is None:
                caption.text = (caption.text or "").rstrip() + " "
            else:
                last.tail = (last.tail or "").rstrip() + " "
            credit.drop_tree()
            credit.tail, credit.tag = None, "span"
            caption.append(credit)

"""Makes a figure of an image and the caption beside it, whatever elements the page uses for them."""

from __future__ import annotations

from itertools import islice

from publisher.extraction.clutter import CAPTION, CREDIT
from publisher.input.html_elements import Element, class_and_id, text_content

_CONTAINER_TAGS = frozenset({"div", "p", "span", "section", "center", "dl"})
_MAX_LEVELS = 3  # elements from a caption up to the element that also holds its image


def make_figures(body: Element) -> None:
    """Makes a `figure` of every element that holds one image and no other text than its caption and credits."""
    for caption in list(body.iter("div", "p", "span", "small", "dd", "em", "cite")):
        if CAPTION.search(class_and_id(caption)) and text_content(caption) and next(caption.iter("img"), None) is None:
            container = _figure_container(caption, body)
            if container is not None:
                _make_figure(container, caption)


def _figure_container(caption: Element, body: Element) -> Element:
    """The element around a caption that holds one image and no other text; None if there is none or it is already a figure."""
    if next(caption.iterancestors("figure"), None) is not None:
        return None
    for ancestor in islice(caption.iterancestors(), _MAX_LEVELS):
        if ancestor is body or ancestor.tag not in _CONTAINER_TAGS:
            return None
        image_count = sum(1 for _ in ancestor.iter("img"))
        if image_count:
            return ancestor if image_count == 1 and not _has_other_text(ancestor, caption) else None
    return None


def _has_other_text(container: Element, caption: Element) -> bool:
    """Whether `container` has more text than its caption and credits."""
    known = [
        element
        for element in container.iter()
        if element is caption or (isinstance(element.tag, str) and CREDIT.search(class_and_id(element)))
    ]
    outer = [element for element in known if not any(ancestor in known for ancestor in element.iterancestors())]
    return len(text_content(container).split()) > sum(len(text_content(element).split()) for element in outer)


def _make_figure(container: Element, caption: Element) -> None:
    container.tag, caption.tag = "figure", "figcaption"
    for credit in [
        element for element in container.iter("div", "p", "span", "small", "cite") if CREDIT.search(class_and_id(element))
    ]:
        if caption not in credit.iterancestors() and text_content(credit):
            last = caption[-1] if len(caption) else None
            if last is None:
                caption.text = (caption.text or "").rstrip() + " "
            else:
                last.tail = (last.tail or "").rstrip() + " "
            credit.drop_tree()
            credit.tail, credit.tag = None, "span"
            caption.append(credit)

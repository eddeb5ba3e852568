"""Formulas of a page: an image in place of each `math` element, or its own image or words if it cannot be drawn."""

from __future__ import annotations

import re
from html import escape

import lxml.etree
import lxml.html

from publisher.input.html_elements import NAME, Element, text_content
from publisher.input.manuscript import Manuscript
from publisher.input.snippets import formula_image
from publisher.text.linear_formulas import linear_text

# Content MathML says what a formula means, not what it looks like (MathML 3, 4).
_CONTENT_TAGS = ("apply", "bind", "ci", "cn", "csymbol")
_TEX = re.compile(r"(?<![a-z])(la)?tex(?![a-z])", re.IGNORECASE)  # application/x-tex, TeX, LaTeX; not text/plain

_TEX_SOURCE = re.compile(r"\\[A-Za-z]|[{}^_]")  # in an alt text
_SPACE_BEFORE_MARK = re.compile(r"^\s+(?=[,.](?:\s|$))")  # from a line break in the markup


def draw_formulas(manuscript: Manuscript, body: Element) -> None:
    """Puts an image in place of each formula, whatever prefix its names have.

    A formula is drawn from its MathML, else from the TeX in its annotation. If neither can be drawn, its `altimg`, its alt text
    or the formula as one line of text stands in its place, and a diagnostic is reported. A formula that has nothing is removed.
    """
    _remove_prefixes(body)
    for math in [math for math in body.iter("math") if next(math.iterancestors("math"), None) is None]:
        markup, tail = _markup(manuscript, math), math.tail
        math.tail = None
        if not markup:
            math.tail = tail
            math.drop_tree()
            continue
        image = lxml.html.fragment_fromstring(markup)
        image.tail = _SPACE_BEFORE_MARK.sub("", tail or "")
        math.getparent().replace(math, image)


def _remove_prefixes(body: Element) -> None:
    """An HTML parser does not know namespaces: `m:math` becomes `math`, and so do the elements in it."""
    for element in [element for element in body.iter() if isinstance(element.tag, str) and element.tag.endswith(":math")]:
        prefix = element.tag.removesuffix("math")
        for part in element.iter():
            if isinstance(part.tag, str) and NAME.fullmatch(name := part.tag.removeprefix(prefix)):
                part.tag = name


def _markup(manuscript: Manuscript, math: Element) -> str:
    """The markup that stands in place of a formula; empty if it has neither parts nor words nor an image."""
    annotations = list(math.iter("annotation", "annotation-xml"))
    tex = next((text_content(note) for note in annotations if _TEX.search(note.get("encoding", ""))), "")
    annotated = next(filter(None, map(text_content, annotations)), "")
    described = math.get("alttext") or ""
    if _TEX_SOURCE.search(described):
        tex, described = tex or described, ""
    if not tex:  # an annotation in TeX stays: it is kept beside the drawing
        for annotation in annotations:
            annotation.drop_tree()
    shown = [part for part in math.iter() if isinstance(part.tag, str) and not part.tag.startswith("annotation")]
    is_drawable = not any(part.tag in _CONTENT_TAGS for part in shown) and any((part.text or "").strip() for part in shown)
    words = described or (linear_text(math) if is_drawable else "") or tex or text_content(math) or annotated
    instead = f'<img src="{escape(math.get("altimg"))}" alt="{escape(words)}"/>' if math.get("altimg") else ""
    if not words:
        return instead
    source = lxml.etree.tostring(math, encoding="unicode") if is_drawable else "<math/>"
    display, line = math.get("display") == "block", math.sourceline or 0
    return formula_image(manuscript, source, words, description=described, tex=tex, display=display, line=line, instead=instead)

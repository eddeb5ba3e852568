"""Formulas of a page: an image in place of each `math` element, or its own image or words if it cannot be drawn."""

from __future__ import annotations

import re
from html import escape

import lxml.etree
import lxml.html

from publisher.input.html_elements import Element, text_content
from publisher.input.manuscript import Manuscript
from publisher.input.snippets import formula_image

# Content MathML says what a formula means, not what it looks like (MathML 3, 4).
_CONTENT_TAGS = ("apply", "bind", "ci", "cn", "csymbol")
_TEX = re.compile(r"(?<![a-z])(la)?tex(?![a-z])", re.IGNORECASE)  # application/x-tex, TeX, LaTeX; not text/plain


def draw_formulas(manuscript: Manuscript, body: Element) -> None:
    """Puts an image in place of each formula, whatever prefix its names have.

    A formula is drawn from its MathML, else from the TeX in its annotation. If neither can be drawn, its `altimg`, else its alt
    text or its words stand in its place, and a diagnostic is reported. A formula without any of them is removed.
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
        image.tail = tail
        math.getparent().replace(math, image)


def _remove_prefixes(body: Element) -> None:
    """An HTML parser does not know namespaces: `m:math` becomes `math`, and so do the elements in it."""
    for element in [element for element in body.iter() if isinstance(element.tag, str) and element.tag.endswith(":math")]:
        prefix = element.tag.removesuffix("math")
        for part in element.iter():
            if isinstance(part.tag, str):
                part.tag = part.tag.removeprefix(prefix)


def _markup(manuscript: Manuscript, math: Element) -> str:
    """The markup that stands in place of a formula; empty if it has neither parts nor words nor an image."""
    annotations = list(math.iter("annotation", "annotation-xml"))
    tex = next((text_content(note) for note in annotations if _TEX.search(note.get("encoding", ""))), "")
    annotated = next(filter(None, map(text_content, annotations)), "")
    for annotation in annotations:
        annotation.drop_tree()
    words = text_content(math)
    alt = math.get("alttext") or tex or words or annotated
    instead = f'<img src="{escape(math.get("altimg"))}" alt="{escape(alt)}"/>' if math.get("altimg") else ""
    if not alt:
        return instead
    is_drawable = bool(words) and next(math.iter(*_CONTENT_TAGS), None) is None
    source = lxml.etree.tostring(math, encoding="unicode") if is_drawable else "<math/>"
    display, line = math.get("display") == "block", math.sourceline or 0
    return formula_image(manuscript, source, alt, tex=tex, display=display, line=line, instead=instead)

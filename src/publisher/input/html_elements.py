"""Small functions on lxml elements for all modules that read web pages: text, words, class and id, ancestors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any, TypeAlias

import lxml.etree
import lxml.html

from publisher.model import vocabulary
from publisher.model.parts import Removal
from publisher.text.characters import parsable

Element: TypeAlias = Any  # lxml has no types of its own
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")  # of elements and attributes; a parser lets others through, and lxml sets none
# A word; in scripts without spaces, a pair of characters.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]{1,2}|\w+")


def text_content(element: Element) -> str:
    """All text in an element, white space collapsed."""
    return " ".join(_TEXT(element).split())


def typed_length(element: Element) -> int:
    """The number of characters in an element as they are typed, with all white space: at least that of `text_content`."""
    return len(_TEXT(element))


# Elements that stand inside a line of text; others begin a new line.
_LINE_TAGS = vocabulary.INLINES - {"br"} | {
    "font",
    "time",
    "tt",
    "big",
    "strike",
    "acronym",
    "nobr",
    "label",
    "bdo",
    "svg",
    "tspan",
}
# As lxml.html makes them, without classes for the fields of forms, which it looks up in Python for each element.
_CLASSES = lxml.etree.ElementDefaultClassLookup(
    element=lxml.html.HtmlElement,
    comment=lxml.html.HtmlComment,
    pi=lxml.html.HtmlProcessingInstruction,
    entity=lxml.html.HtmlEntity,
)
_TEXT = lxml.etree.XPath("string()", smart_strings=False)
_XML_DECLARATION = re.compile(r"^\s*<\?xml(?:[^>]*>)?")  # complete or cut off
_PAGE_END = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_TEXTLESS_TAGS = frozenset(
    {"script", "style", "template", "noscript", "head", "title", "iframe", "select", "textarea", "datalist"}
)


def parsed_page(html: str) -> Element:
    """The root of a page. Any text is a page: it may be empty, broken, or have characters that no tree may hold."""
    parser = lxml.etree.HTMLParser(huge_tree=True, encoding="utf-8")
    parser.set_element_class_lookup(_CLASSES)
    source = _XML_DECLARATION.sub("", parsable(html))
    try:
        return lxml.html.document_fromstring(source.encode(), parser=parser)
    except lxml.etree.ParserError:  # no element at all: only text
        return lxml.html.document_fromstring(f"<p>{escape(source)}</p>".encode(), parser=parser)


def parsed_piece(html: str, name: str = "div") -> Element:
    """A piece of a page, in an element of this name. Any text is a piece."""
    page = parsed_page(f"<html><body>{html}")
    body = page.find("body")
    piece = page.makeelement(name)
    piece.text = body.text
    piece.extend(list(body))
    return piece


def without_page_ends(html: str) -> str:
    """A page without the end tags of `body` and `html`: what stands behind them is shown too (HTML, 13.2.6.4.22)."""
    return _PAGE_END.sub("", html)


def removal_of(rule: str, *elements: Element) -> Removal:
    """The record of elements that are about to be removed: their words, with spaces between blocks, and their images."""
    texts: list[str] = []
    images = 0
    for element in (element for element in elements if isinstance(element.tag, str)):  # a comment has no words
        for event, part in lxml.etree.iterwalk(element, events=("start", "end", "comment", "pi")):
            is_text = isinstance(part.tag, str)
            if event == "start":
                images += part.tag == "img"
                texts.append("" if part.tag in _LINE_TAGS else " ")
                texts.append(part.text or "" if part.tag not in _TEXTLESS_TAGS else "")
            elif part is not element or not is_text:
                texts.append(part.tail or "" if part.tag in _LINE_TAGS or not is_text else f" {part.tail or ''}")
    place = elements[0].sourceline if elements else 0
    return Removal(rule, " ".join("".join(texts).split()), f"line {place}" if place else "", images)


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text in lower case; in scripts without spaces, pairs of characters."""
    return tuple(_WORD.findall(text.lower()))


def ancestors(element: Element, top: Element) -> Iterator[Element]:
    """An element and its ancestors, up to but without `top`."""
    while element is not None and element is not top:
        yield element
        element = element.getparent()


def nearest_element(elements: Sequence[Element]) -> Element:
    """The nearest element that is or holds each of `elements`."""
    common = [elements[0], *elements[0].iterancestors()]
    for element in elements[1:]:
        around = {element, *element.iterancestors()}
        common = [candidate for candidate in common if candidate in around]
    return common[0]


def elements_with(root: Element, *names: str) -> list[Element]:
    """The elements at and under `root` that have one of these attributes, in order. Most elements have none at all."""
    wanted = frozenset(names)
    return [element for element in root.iter("*") if (keys := element.keys()) and not wanted.isdisjoint(keys)]


def class_and_id(element: Element) -> str:
    """The class and the id of an element as one string."""
    return f"{element.get('class') or ''} {element.get('id') or ''}".strip()

"""Text that runs from right to left (ECMA-376, part 1, 17.3.1.6 and 17.3.2.30), and its language."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from publisher.input.html_elements import Element, ancestors, text_content
from publisher.input.word import marks
from publisher.input.word.elements import is_on, properties, text_run, value, w
from publisher.input.word.styles import Styles
from publisher.input.xml import first_child

_BLOCKS = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "figcaption", "caption", "pre")
_GROUPS = ("table", "ol", "ul")
_HEBREW, _RIGHT_TO_LEFT = re.compile(r"[\u0590-\u05ff]"), re.compile(r"[\u0590-\u08ff\ufb1d-\ufdcf\ufdf0-\ufefc]")
_HEBREW_LANGUAGES = frozenset({"he", "iw", "yi", "lad"})
_LETTER = re.compile(r"[^\W\d_]")


def mark_directions(root: Any, styles: Styles) -> None:
    """Puts a mark at the start of each paragraph that runs from right to left, with the language of its text."""
    for paragraph in root.iter(w("p")):
        texts = [text for text in paragraph.iter(w("t")) if _LETTER.search(text.text or "")]
        if texts and _runs_from_right(paragraph, texts, styles):
            text = "".join(element.text for element in texts)
            properties(paragraph, "pPr").addnext(text_run(marks.DIRECTION.format(_language(texts[0], text, styles))))


def _runs_from_right(paragraph: Any, texts: list[Any], styles: Styles) -> bool:
    """By its own switch, else by its style, else if all its runs do."""
    switch = first_child(paragraph, "pPr", "bidi")
    if switch is None:
        switch = styles.first(value(first_child(paragraph, "pPr", "pStyle")) or styles.default, "pPr", "bidi")
    if switch is not None:
        return is_on(switch)
    return all(is_on(first_child(_run_of(text), "rPr", "rtl")) for text in texts)


def _language(element: Any, text: str, styles: Styles) -> str:
    """The language of text from right to left by its run, a style or the document; by the script if that contradicts it."""
    run = _run_of(element)
    paragraph = next(element.iterancestors(w("p")))
    names = (value(first_child(run, "rPr", "rStyle")), value(first_child(paragraph, "pPr", "pStyle")) or styles.default)
    found = [first_child(run, "rPr", "lang"), *(styles.first(name, "rPr", "lang") for name in names), styles.default_language]
    language = next(filter(None, (value(lang, "bidi") for lang in found)), "")
    is_hebrew = bool(_HEBREW.search(text))
    if is_hebrew != (language.split("-")[0].lower() in _HEBREW_LANGUAGES):
        return "he" if is_hebrew else ""
    return language if _RIGHT_TO_LEFT.search(text) and marks.DIRECTIONS.fullmatch(marks.DIRECTION.format(language)) else ""


def _run_of(text: Any) -> Any:
    return next(text.iterancestors(w("r")), None)


def set_directions(body: Element) -> str:
    """Gives blocks, tables and lists their direction and language in place of the marks.

    If most of the text runs from right to left and names its language, that is the language of the article, which is returned;
    the other blocks then have their own direction.
    """
    marked = _take_marks(body)
    letters = Counter[str]()
    for block, language in marked.items():
        letters[language] += len(_LETTER.findall(text_content(block)))
    total = len(_LETTER.findall(text_content(body)))
    main = letters.most_common(1)[0][0] if letters and 2 * letters.total() > total else ""
    for block, language in marked.items():
        if language != main or not main:
            block.set("dir", "rtl")
            if language:
                block.set("lang", language)
    for block in body.iter(*_BLOCKS) if main else ():
        if block not in marked and _LETTER.search(block.text_content()) and not any(part in marked for part in block.iter()):
            block.set("dir", "ltr")
    for group in reversed(list(body.iter(*_GROUPS))):
        directions = {block.get("dir") or "" for block in group.iter(*_BLOCKS) if _LETTER.search(block.text or "") or len(block)}
        if len(directions) == 1 and "" not in directions:
            group.set("dir", directions.pop())
    return main


def _take_marks(body: Element) -> dict[Element, str]:
    """The blocks that had marks, with the languages in these; the marks are removed."""
    marked: dict[Element, str] = {}
    for element in list(body.iter()):
        for place in ("text", "tail"):
            text = getattr(element, place)
            match = marks.DIRECTIONS.search(text) if text else None
            if match is None:
                continue
            setattr(element, place, marks.DIRECTIONS.sub("", text))
            holder = element if place == "text" else element.getparent()
            block = next((around for around in ancestors(holder, body) if around.tag in _BLOCKS), None)
            if block is not None:
                marked[block] = match[1]
    return marked

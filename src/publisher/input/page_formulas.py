"""Finds what pages use to show formulas, and makes one `math` element of each, with the formula's markup and its TeX.

MathJax 2 to 4, KaTeX, MediaWiki, GitHub, and the images that stand for TeX in blogs. What such a program adds to show the
formula (letters in boxes, drawings, previews) is removed, with a record: the formula is drawn anew.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import lxml.etree
import lxml.html

from publisher.input.html_elements import Element, parsed_piece, removal_of, text_content
from publisher.model.parts import Removal

_RULE = "the letters, the image or the source of a formula, which is drawn anew"
# Elements that hold what shows a formula, and nothing else; and elements that hold a formula in TeX until a script has run.
_SHOWING = re.compile(r"(?:^|\s)(?:mwe-math-element|katex(?:-display)?|MathJax(?:_\w+)?|mjx-chtml)(?=\s|$)")
_SHOWING_TAGS = frozenset({"mjx-container", "math-renderer"})
_TYPED = re.compile(r"(?:^|\s)(?:math-container|arithmatex|math)(?=\s|$)")
_HOLDER_TAGS = _SHOWING_TAGS | {"span", "div"}
_SHOWN_BY_MATHJAX = re.compile(r"(?:^|\s)(?:MathJax(?:_\w+)?|mjx-chtml)(?=\s|$)")
_TYPED_BARE = re.compile(r"(?:^|\s)math (?:inline|display)$")  # Pandoc, for KaTeX
_DISPLAY = re.compile(r"display|-block", re.IGNORECASE)
_TEX_IMAGE = re.compile(r"(?:^|\s)(?:mwe-math-fallback-image\S*|tex|latex|teximage|mathjax)(?=\s|$)", re.IGNORECASE)
_TEX_SERVICE = re.compile(r"latex\.php\?|latex\.codecogs\.com|chart\.\w+\.com/chart\?cht=tx|mathtex\.cgi|mimetex\.cgi")
_DELIMITERS = (
    r"\$\$(?P<display>.+?)\$\$|\\\[(?P<bracketed>.+?)\\\]|\\\((?P<inline>.+?)\\\)"
    r"|(?P<environment>\\begin\{(?P<name>equation|align|gather|eqnarray|multline)(?P<star>\*?)\}.+?\\end\{(?P=name)(?P=star)\})"
)
_DELIMITED = re.compile(_DELIMITERS, re.DOTALL)
_DELIMITED_BY_DOLLARS_TOO = re.compile(
    _DELIMITERS + r"|(?<![\\$\w])\$`?(?=[^\s$])(?P<dollars>[^$]*?[^\s$\\])`?\$(?![\d$])", re.DOTALL
)
_DISPLAYED = ("display", "bracketed", "environment")
_SOURCES = (*_DISPLAYED, "inline", "dollars")
# What numbers equations in TeX, and environments with one line, which say nothing about the formula itself.
_NUMBERING = re.compile(r"\\(?:begin|end)\{(?:equation|multline)\*?\}|\\label\{[^}]*\}|\\(?:nonumber|notag)(?![A-Za-z])")
_PROGRAM = re.compile(r"mathjax|katex|renderMathInElement|tex2jax", re.IGNORECASE)
# In the settings of MathJax and KaTeX: a pair of single dollars. By default they are no formula.
_SINGLE_DOLLARS = re.compile(r"""\[\s*(["'])\$\1\s*,\s*\1\$\1\s*\]|left\s*:\s*(["'])\$\2""")
_CDATA = re.compile(r"^\s*(?:%\s*)?<!\[CDATA\[|(?:%\s*)?\]\]>\s*$")
_UNREAD_TAGS = frozenset(
    {"script", "noscript", "style", "textarea", "pre", "code", "math", "svg", "head", "option", "kbd", "samp"}
)
_IGNORED = re.compile(r"(?:^|\s)(?:tex2jax|mathjax)_ignore(?=\s|$)")
_CODE_POINT = re.compile(r"(?:^|\s)mjx-c([0-9A-F]{2,5})(?=\s|$)")  # in the class of an element without text


def set_formulas(page: Element) -> list[Removal]:
    """Puts a `math` element in place of each formula; returns what stood there besides its markup."""
    removed = [removal for script in list(page.iter("script")) for removal in _set_script(script)]
    for holder in [element for element in page.iter(*_HOLDER_TAGS) if _is_holder(element)]:
        if holder.getparent() is not None and not any(map(_is_holder, holder.iterancestors())):
            removed += _set_holder(holder)
    for image in list(page.iter("img")):
        if tex := _tex_of_image(image):
            removed.append(removal_of(_RULE, image))
            math = _formula(image, tex, "display" in (image.get("class") or ""))
            math.set("altimg", image.get("src") or "")
            image.getparent().replace(image, math)
    if settings := _settings(page):
        is_dollar = any(map(_SINGLE_DOLLARS.search, settings))
        for holder in [element for element in page.iter("span", "div") if _TYPED_BARE.search(element.get("class") or "")]:
            if not len(holder) and "\\(" not in (tex := holder.text or "") and "\\[" not in tex:
                removed.append(removal_of(_RULE, holder))
                holder.getparent().replace(holder, _formula(holder, tex, _is_display(holder)))
        removed += _set_typed(page, _DELIMITED_BY_DOLLARS_TOO if is_dollar else _DELIMITED)
    return [removal for removal in removed if removal.words or removal.images]


def _formula(place: Element, tex: str, display: bool) -> Element:
    """A `math` element with a formula in TeX, and the text behind `place`."""
    math = place.makeelement("math", {"display": "block"} if display else {})
    annotation = place.makeelement("annotation", {"encoding": "application/x-tex"})
    annotation.text = " ".join(_NUMBERING.sub(" ", tex).split())
    math.append(annotation)
    math.tail = place.tail
    return math


def _set_script(script: Element) -> list[Removal]:
    """MathJax 2: a script holds the formula, and the elements before it show it."""
    kind = (script.get("type") or "").lower()
    if not kind.startswith(("math/tex", "math/mml")) or not (script.text or "").strip() or script.getparent() is None:
        return []
    shown = list(_shown_before(script))
    source = _CDATA.sub("", script.text or "")
    math = next((math for element in shown if (math := _markup_in(element)) is not None), None)
    if math is None:
        math = _parsed(source) if "mml" in kind else _formula(script, source, False)
    elif "tex" in kind and next(math.iter("annotation"), None) is None:
        math.append(next(iter(_formula(script, source, False))))
    if math is None:
        return []
    if "mode=display" in kind.replace(" ", ""):
        math.set("display", "block")
    removed = [removal_of(_RULE, element) for element in shown]
    for element in shown:
        element.drop_tree()
    math.tail = script.tail
    script.getparent().replace(script, math)
    return removed


def _shown_before(script: Element) -> Iterator[Element]:
    element = script.getprevious()
    while element is not None and isinstance(element.tag, str) and not (element.tail or "").strip():
        if not _SHOWN_BY_MATHJAX.search(element.get("class") or "") and element.tag not in _SHOWING_TAGS:
            return
        yield element
        element = element.getprevious()


def _is_holder(element: Element) -> bool:
    if element.tag not in _HOLDER_TAGS:
        return False
    names = element.get("class") or ""
    return element.tag in _SHOWING_TAGS or bool(_SHOWING.search(names)) or (not len(element) and bool(_TYPED.search(names)))


def _set_holder(holder: Element) -> list[Removal]:
    """Reduces an element that shows a formula to a `math` element; without any source its letters are kept as they are."""
    math, tex = _markup_in(holder), _tex_in(holder)
    letters = _letters(holder) if math is None and not tex else ""
    if math is None and not tex and not letters:
        return []
    display = _is_display(holder)
    removed = [removal_of(_RULE, *_beside(math, holder))]
    if math is None:
        math = _formula(holder, tex, display)
    if letters:
        math.clear()
        math.set("alttext", letters)
    if display:
        math.set("display", "block")
    ends_with_space = len(holder) > 0 and (holder[-1].tail or "")[-1:].isspace()  # in markup that was indented
    math.tail = f" {holder.tail or ''}" if ends_with_space else holder.tail
    holder.getparent().replace(holder, math)
    return removed


def _beside(math: Element | None, holder: Element) -> list[Element]:
    """All parts of `holder` but those that hold the `math` element."""
    if math is None or holder not in math.iterancestors():
        return [holder]
    around = {math, *math.iterancestors()}
    return [part for place in math.iterancestors() if place in holder.iter() for part in place if part not in around]


def _markup_in(holder: Element) -> Element | None:
    """The MathML in an element that shows a formula, as an element or as text in an attribute."""
    math = holder if holder.tag == "math" else next(holder.iter("math"), None)
    if math is not None:
        return math if len(math) or text_content(math) else None
    sources = (element.get("data-mathml") for element in holder.iter() if element.get("data-mathml"))
    return next((parsed for source in sources if (parsed := _parsed(source)) is not None), None)


def _parsed(source: str) -> Element | None:
    root = parsed_piece(source)
    return next(root.iter("math"), None)


def _tex_in(holder: Element) -> str:
    """The TeX of a formula: in an attribute, in the alt text of its image, or between delimiters."""
    for element in holder.iter():
        if tex := element.get("data-latex") or (_tex_of_image(element) if element.tag == "img" else ""):
            return str(tex)
    match = _DELIMITED_BY_DOLLARS_TOO.fullmatch("".join(holder.itertext()).strip())
    return _source_of(match) if match else ""


def _source_of(match: re.Match[str]) -> str:
    found = match.groupdict()
    return next(found[name] for name in _SOURCES if found.get(name))


def _letters(holder: Element) -> str:
    """The letters of a formula whose markup is not in the page, in one line."""
    if holder.tag == "mjx-container":
        code_points = (element.get("data-c") or _class_code_point(element) for element in holder.iter())
        letters = "".join(chr(int(code, 16)) for code in code_points if code and re.fullmatch("[0-9A-F]{2,5}", code))
        return unicodedata.normalize("NFKC", letters)
    is_shown = "katex" in (holder.get("class") or "") or _SHOWN_BY_MATHJAX.search(holder.get("class") or "")
    return text_content(holder) if is_shown else ""


def _class_code_point(element: Element) -> str:
    match = _CODE_POINT.search(element.get("class") or "")
    return match[1] if match else ""


def _is_display(holder: Element) -> bool:
    names = " ".join(element.get("class") or "" for element in (holder, *holder) if isinstance(element.tag, str))
    is_tagged = holder.get("display") in ("true", "block")
    return is_tagged or bool(_DISPLAY.search(names)) or "".join(holder.itertext()).lstrip().startswith(("$$", "\\["))


def _tex_of_image(image: Element) -> str:
    source, alt = image.get("src") or "", (image.get("alt") or "").strip()
    is_formula = _TEX_IMAGE.search(image.get("class") or "") or _TEX_SERVICE.search(source)
    match = _DELIMITED_BY_DOLLARS_TOO.fullmatch(alt)
    return "" if not is_formula or image.getparent() is None else _source_of(match) if match else alt


def _settings(page: Element) -> list[str]:
    """The scripts by which a page loads a program that shows formulas; none if it loads no such program."""
    scripts = [f"{script.get('src') or ''} {script.text or ''}" for script in page.iter("script")]
    return [script for script in scripts if _PROGRAM.search(script)]


def _set_typed(page: Element, pattern: re.Pattern[str]) -> list[Removal]:
    """Formulas between the delimiters of TeX, which the program would have found in the text."""
    read: list[Element] = []
    walk = lxml.etree.iterwalk(page, events=("start",))
    for _, element in walk:
        if isinstance(element.tag, str):
            if element.tag in _UNREAD_TAGS or _IGNORED.search(element.get("class") or ""):
                walk.skip_subtree()
            else:
                read.append(element)
    places = [place for element in read for place in ((element, False), *((child, True) for child in element))]
    return [removal for place, is_tail in places for removal in _set_typed_in(place, is_tail, pattern)]


def _set_typed_in(place: Element, is_tail: bool, pattern: re.Pattern[str]) -> list[Removal]:
    text = (place.tail if is_tail else place.text) or ""
    matches = list(pattern.finditer(text)) if "$" in text or "\\" in text else []
    parent = place.getparent() if is_tail else place
    index = parent.index(place) + 1 if is_tail and matches else 0
    for number, match in enumerate(matches):
        math = _formula(place, _source_of(match), any(match[name] for name in _DISPLAYED))
        end = matches[number + 1].start() if number + 1 < len(matches) else len(text)
        math.tail = text[match.end() : end]
        parent.insert(index + number, math)
    if matches and is_tail:
        place.tail = text[: matches[0].start()]
    elif matches:
        place.text = text[: matches[0].start()]
    return [Removal(_RULE, " ".join(match[0].split()), f"line {place.sourceline or 0}") for match in matches]

"""The lines of a listing as plain text in one `pre`, whatever elements the page has for lines, tokens and editors."""

from __future__ import annotations

import re

from publisher.extraction.listing_names import LINE, NUMBERS, has_only_numbers
from publisher.input.html_elements import Element, class_and_id
from publisher.text.numbers import decimal_number

# Editors: Monaco, CodeMirror 5 and 6, Ace.
_LINE_CONTAINERS = re.compile(r"(?:^|\s)(?:view-lines|CodeMirror-code|cm-content|ace_text-layer)(?=\s|$)")
_TOP = re.compile(r"(?<![\w-])top\s*:\s*([\d.]+)px")
# Elements that mean something in code, apart from the colors of its tokens.
_KEPT_TAGS = frozenset({"a", "img", "b", "strong", "em", "i", "mark", "del", "ins", "sub", "sup", "var", "u"})
_TOKEN = re.compile(r"(?:^|\s)(?:token|hljs|pl|mtk|cm|ace|crayon)(?=[\s_-])")


def set_line_containers(page: Element) -> None:
    """Makes a `pre` of each editor, and of each `code` that has numbered lines and stands in no `pre`."""
    for container in [element for element in page.iter("div") if _LINE_CONTAINERS.search(element.get("class") or "")]:
        lines = [element for element in container if isinstance(element.tag, str)]
        if all(_TOP.search(line.get("style") or "") for line in lines):  # an editor adds lines in any order
            lines.sort(key=lambda line: decimal_number(_TOP.findall(line.get("style"))[0]))
            container.extend(lines)
        for nested in list(container.iter("pre")):
            nested.tag = "div"
        container.tag = "pre"
    for code in list(page.iter("code")):
        is_numbered = any(NUMBERS.search(class_and_id(part)) and has_only_numbers(part) for part in code.iterdescendants("span"))
        if is_numbered and next(code.iterancestors("pre"), None) is None:
            pre = code.makeelement("pre")
            pre.tail, code.tail = code.tail, None
            code.getparent().replace(code, pre)
            pre.append(code)
            for place in pre.iterancestors():
                if place.tag != "span":
                    break
                place.tag = "div"


def plain_lines(listing: Element, targets: set[str]) -> None:
    """Ends each line, and drops the elements that only part or color the text; `targets` are the ids that are linked to.

    An element for each line has no line break behind it, and `br` is a line break.
    """
    for marked in listing.iter():
        if isinstance(marked.tag, str) and (marker := marked.get("data-code-marker")):  # added or removed lines
            marked.text = marker + (marked.text or "")
    for line_break in list(listing.iter("br")):
        line_break.tail = "\n" + (line_break.tail or "")
        line_break.drop_tag()
    for element in listing.iter("div", "li", "p", "code", "span"):
        is_line = element.tag in ("div", "li", "p") or bool(LINE.search(element.get("class") or ""))
        following = element.getnext()
        if not is_line or following is None or following.tag != element.tag or (element.tail or "").startswith("\n"):
            continue
        if not "".join(element.itertext()).endswith("\n"):
            element.tail = "\n" + (element.tail or "").lstrip(" ")
    _drop_tokens(listing, targets)


def _drop_tokens(listing: Element, targets: set[str]) -> None:
    code = listing[0] if len(listing) == 1 and listing[0].tag == "code" and not (listing.text or "").strip() else None
    code = None if code is None or (code.tail or "").strip() else code
    for element in list(listing.iterdescendants()):
        if not isinstance(element.tag, str) or element is code or element.get("id") in targets:
            continue
        is_anchor = element.tag == "a" and not "".join(element.itertext()).strip()
        if element.tag not in _KEPT_TAGS or is_anchor or _TOKEN.search(element.get("class") or ""):
            element.drop_tag()
    for element in (listing, *listing.iterdescendants()):
        for name in ("text", "tail"):
            text = getattr(element, name)
            if text and "\xa0" in text and (name == "text" or element is not listing):
                setattr(element, name, text.replace("\xa0", " "))

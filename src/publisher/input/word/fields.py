"""Fields of Word (ECMA-376, part 1, 17.16): their results stay, links become clean, what a field computes from is not shown.

A field is begun, divided and ended by `w:fldChar` elements: the instruction stands before the division, the result behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import lxml.etree

from publisher.input.manuscript import Manuscript
from publisher.input.word.elements import count, is_on, text_run, value, w
from publisher.input.xml import children_named, first_child
from publisher.model.codes import Code

INSTRUCTION = "the instruction of a field"
CONTENTS = {
    "TOC": "contents, which the edition has itself",
    "TOA": "contents, which the edition has itself",
    "INDEX": "an index with page numbers",
}
CHECKED, UNCHECKED = "☒", "☐"
_TOKEN = re.compile(r'["“”](?P<quoted>(?:[^"“”\\]|\\.)*)["“”]|\\(?P<switch>\S)|(?P<word>\S+)')
_SYMBOL = re.compile(r"SYMBOL\s+(0x[0-9a-f]{1,6}|\d{1,7})\b", re.IGNORECASE)
_SYMBOL_FONT = re.compile(r'\\f\s+"?([^"\\]+?)"?\s*(?:\\|$)')
_ABOVE = re.compile(r"\\s\s?\\up\s*[\d.]+\s*\(([^()]*)\)\s*[,;]\s*([^()]*)\)")
_FRACTION = re.compile(r"\\f\s*\(([^(),;]*)[,;]([^(),;]*)\)")
_SWITCHES_WITH_VALUE = frozenset("lots")  # of HYPERLINK (17.16.5.25): a place, a tip, a frame, and an undocumented switch
_DELETIONS = (w("del"), w("moveFrom"))


@dataclass
class Field:
    """The elements of a field in a part of a document. `hidden` are texts before its division, `shown` those of its result."""

    begin: Any
    instructions: list[Any] = field(default_factory=list)
    separate: Any = None
    end: Any = None
    hidden: list[Any] = field(default_factory=list)
    shown: list[Any] = field(default_factory=list)

    @property
    def instruction(self) -> str:
        return "".join(element.text or "" for element in self.instructions).strip()

    @property
    def kind(self) -> str:
        """The name of the field in capitals, such as `PAGE`."""
        return (self.instruction.split() or [""])[0].upper()


def fields_of(root: Any) -> list[Field]:
    """The complex fields of a part, in the order in which they begin; a field that is never ended has no `end`."""
    found: list[Field] = []
    around: list[Field] = []
    for element in root.iter(w("fldChar"), w("instrText"), w("delInstrText"), w("t")):
        kind = value(element, "fldCharType")
        if kind == "begin":
            around.append(Field(element))
            found.append(around[-1])
        elif not around:
            continue
        elif kind == "separate":
            around[-1].separate = element
        elif kind == "end":
            around.pop().end = element
        elif element.tag == w("t"):
            for outer in around:
                (outer.hidden if outer.separate is None else outer.shown).append(element)
        elif around[-1].separate is None:
            around[-1].instructions.append(element)
    return found


def prepare_fields(manuscript: Manuscript, root: Any) -> None:
    """Leaves of all fields what a page shows, and of links their address, in the form that mammoth reads."""
    for simple in list(root.iter(w("fldSimple"))):
        _unpack_simple(simple)
    for found in fields_of(root):
        _record_hidden(manuscript, found)
        if found.kind in CONTENTS and found.end is not None:
            manuscript.remove(CONTENTS[found.kind], take_texts(found.shown))
        link = link_of(found.instruction) if found.kind == "HYPERLINK" else ""
        if link and found.separate is not None and not is_deleted(found.begin):
            _clean_link(found, link)
            continue
        if found.separate is None and (element := _computed(manuscript, found)) is not None:
            found.begin.addprevious(element)
        for element in (found.begin, *found.instructions, found.separate, found.end):
            if element is not None:
                element.getparent().remove(element)


def link_of(instruction: str) -> str:
    """What a HYPERLINK field leads to: an address, or `#` and a place in the document; empty if it leads nowhere."""
    address = place = switch = ""
    for token in list(_TOKEN.finditer(instruction))[1:]:
        text = token["quoted"] if token["quoted"] is not None else token["word"] or ""
        if token["switch"]:
            switch = token["switch"].lower()
            continue
        text = text.replace("\\\\", "\\").replace('\\"', '"').strip()
        if switch == "l":
            place = place or text
        elif switch not in _SWITCHES_WITH_VALUE:
            address = address or text
        switch = ""
    return f"{address}#{place}" if place else address


def _unpack_simple(simple: Any) -> None:
    """Puts the result of a simple field in its place; a link becomes a complex field."""
    instruction = value(simple, "instr")
    inner = list(simple)
    if instruction.split()[:1] == ["HYPERLINK"]:
        start = [_mark("begin"), _run(_instruction(instruction)), _mark("separate")]
        inner = [*start, *inner, _mark("end")]
    for element in inner:
        simple.addprevious(element)
    simple.getparent().remove(simple)


def _record_hidden(manuscript: Manuscript, found: Field) -> None:
    if found.end is not None:
        manuscript.remove(INSTRUCTION, take_texts(found.hidden))


def take_texts(texts: list[Any]) -> str:
    """The texts that were not taken before; they are empty then."""
    taken: list[str] = []
    paragraph = None
    for element in texts:
        around = next(element.iterancestors(w("p")), None)
        taken += [" "] * (around is not paragraph) + [element.text or ""]
        element.text, paragraph = "", around
    return "".join(taken)


def _clean_link(found: Field, link: str) -> None:
    """Leaves a single instruction of a link, and ends the link where its end is deleted, else at the end of its paragraph."""
    target = quote(link, safe="%/:=&?~#+!$,;'@()*[]", encoding="utf-8") if '"' in link or " " in link else link
    first, *others = found.instructions
    first.tag = w("instrText")
    first.text = f'HYPERLINK \\l "{target[1:]}"' if target.startswith("#") else f'HYPERLINK "{target}"'
    for element in others:
        element.getparent().remove(element)
    for element in (found.separate, found.end):
        deletion = next(element.iterancestors(*_DELETIONS), None) if element is not None else None
        if deletion is not None:
            deletion.addnext(_run(element))
    if found.end is None:
        next(found.separate.iterancestors(w("p")), found.separate.getparent()).append(_mark("end"))


def is_deleted(element: Any) -> bool:
    return next(element.iterancestors(*_DELETIONS), None) is not None


def _computed(manuscript: Manuscript, found: Field) -> Any:
    """What a field without a result shows: a check box or list of a form, a symbol, a simple formula; None for other fields."""
    if found.kind == "SYMBOL" and (match := _SYMBOL.match(found.instruction)):
        font = _SYMBOL_FONT.search(found.instruction)
        code = int(match[1], 0) if match[1].lower().startswith("0x") else int(match[1])
        is_private = font is not None and code < 0x100
        return _element("sym", char=f"{code + 0xF000 * is_private:04X}", font=font[1] if font is not None else "")
    text = _form_text(found) if found.kind.startswith("FORM") else _formula_text(manuscript, found) if found.kind == "EQ" else ""
    return next(iter(text_run(text))) if text else None


def _formula_text(manuscript: Manuscript, found: Field) -> str:
    """A fraction or a text above another (17.16.5.21) of an EQ field; the instruction of another formula, which is reported."""
    formula = found.instruction.partition(" ")[2]
    if match := _ABOVE.search(formula):
        return f"{match[2]} ({match[1]})"
    if match := _FRACTION.fullmatch(formula.strip()):
        return f"{match[1]}/{match[2]}"
    hint = "type the formula with the formula editor; its words are kept"
    manuscript.report(Code.MATH_UNREADABLE, f"a formula in a field cannot be drawn: {formula}", hint=hint)
    return formula


def _form_text(found: Field) -> str:
    """What a check box or a list of a form shows (17.16.5.20 and 17.16.5.21)."""
    data = first_child(found.begin, "ffData")
    if found.kind == "FORMCHECKBOX":
        box = first_child(data, "checkBox")
        checked = first_child(box, "checked")
        return CHECKED if is_on(checked if checked is not None else first_child(box, "default")) else UNCHECKED
    options = [value(entry) for entry in children_named(first_child(data, "ddList"), "listEntry")]
    chosen = count(first_child(data, "ddList", "result"), count(first_child(data, "ddList", "default")))
    return options[chosen] if found.kind == "FORMDROPDOWN" and chosen < len(options) else ""


def _element(name: str, **attributes: str) -> Any:
    return lxml.etree.Element(w(name), {w(key): text for key, text in attributes.items()})


def _mark(kind: str) -> Any:
    return _run(_element("fldChar", fldCharType=kind))


def _instruction(text: str) -> Any:
    element = _element("instrText")
    element.text = text
    return element


def _run(element: Any) -> Any:
    run = _element("r")
    run.append(element)
    return run


def results_of_fields(root: Any) -> Iterator[tuple[str, Any]]:
    """The text elements that are results of fields, each with the kind of the field."""
    for found in fields_of(root):
        for text in found.shown:
            yield found.kind, text
    for simple in root.iter(w("fldSimple")):
        for text in simple.iter(w("t")):
            yield (value(simple, "instr").split() or [""])[0].upper(), text

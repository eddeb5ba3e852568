"""The structure tree of a sheet, mended while WeasyPrint writes it, in the process that typesets it.

What it leaves wrong (FIELD_NOTES, tags): a Span a line, paragraphs and tables cut at page breaks, no TOC, Note,
Reference or Code, no languages, pictures without words as figures.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pydyf

from publisher.writers.pdf.structure_tree import Tree

_BARE = {"Type", "S", "K", "Pg", "P"}  # the keys of an element that says nothing but its kind
# Elements and classes with a structure type of their own in PDF 1.7 (ISO 32000-1, 14.8.4), by what WeasyPrint makes of them.
_BY_ELEMENT = {"aside": "Sect", "pre": "P", "code": "Code", "q": "Quote", "figure": "Div", "nav": "Div"}
_BY_CLASS = {"note": "Note", "endnote": "Note", "para": "P", "pull": "BlockQuote", "contents": "TOC"}


def fix_structure_tree(name: str) -> Callable[[Any, Any], None]:
    """A finisher for `Document.write_pdf`; `name` keeps the ids of table headers unique when sheets are bound."""

    def finisher(document: Any, pdf: Any) -> None:
        if "StructTreeRoot" in pdf.catalog:
            _mend_tree(Tree(pdf), name)
        for thing in pdf.objects:
            if isinstance(thing, pydyf.Stream):
                if "Interpolate" in thing.extra:
                    thing.extra["Interpolate"] = "false"  # PDF/A-3, 6.2.8
                _compress(thing)
            elif isinstance(thing, dict) and thing.get("Subtype") == "/Link":
                thing["F"] = 4  # printed (ISO 14289-1 asks nothing, PDF/A-3 6.3.2 does)

    return finisher


def _mend_tree(tree: Tree, name: str) -> None:
    for element in tree.elements():
        _retype(element)
        _table_cell(element, name)
    for element in tree.elements():
        _opened(tree, element)
    notes = _notes(tree)
    _join(tree, tree.document, list(tree.document["K"]))  # what page breaks cut, from the document inward
    _place(tree, notes)
    for element in tree.elements():
        if element["S"] != "/Link":
            tree.hoist_link_annotations(element)
    for element in tree.elements():
        if element["S"] == "/Figure" and "Alt" in element:
            _bounded(tree, element)
        elif element["S"] == "/Figure":
            tree.target(element["P"])["K"].remove(element.reference)
            tree.mark_as_artifact(element)  # a picture without words for it is decoration (ISO 14289-1, 7.3)
    for element in reversed(list(tree.elements())):
        if not element["K"] and element["S"] not in ("/Document", "/TD", "/TH"):
            tree.drop(element)
    for element in list(tree.elements()):
        if element["S"] == "/TOC":
            _contents(tree, element)
        elif element["S"] == "/Link":
            _link(tree, element)
    tree.close()


def _retype(element: Any) -> None:
    """The structure type by the HTML, and the language where a passage has its own (ISO 14289-1, 7.2)."""
    html = getattr(element, "html", None)
    if html is None:
        return
    kind = _BY_ELEMENT.get(html.tag)
    for one in (html.get("class") or "").split():
        kind = _BY_CLASS.get(one, kind)
    if kind and element["S"] in ("/Span", "/NonStruct", "/Div", "/P", "/L"):
        element["S"] = f"/{kind}"
    if html.tag == "dt" and element["S"] == "/LBody":
        element["S"] = "/Lbl"
    if html.get("lang") and element["S"] != "/Lbl":
        element["Lang"] = pydyf.String(html.get("lang"))
    if element["S"] == "/Note":
        element["ID"] = pydyf.String(html.get("id"))


def _opened(tree: Tree, element: Any) -> None:
    """Opens the kids that say nothing, and makes one link of the lines of a link.

    WeasyPrint makes a bare Span of every line of text; they are most of a tree.
    """
    if element.free == "f":
        return
    _join(tree, element, list(_flat(tree, element, list(element["K"]))))


def _flat(tree: Tree, element: Any, kids: list[Any]) -> Iterator[Any]:
    for kid in kids:
        inner = tree.target(kid)
        if inner is not None and inner.get("Type") == "/OBJR":
            inner.free = "f"  # written where it is used: one object less for each link
            yield inner
        elif inner is not None and inner["Pg"] == element.get("Pg") and (_says_nothing(inner) or _anonymous(element, inner)):
            yield from _flat(tree, element, list(tree.unwrap(element, inner)))
        else:
            yield kid


def _says_nothing(element: Any) -> bool:
    return element["S"] in ("/Span", "/NonStruct") and element.keys() == _BARE


def _anonymous(element: Any, inner: Any) -> bool:
    """Whether `inner` is a box that WeasyPrint put into a link, a code block or a note for its own ends."""
    same = getattr(inner, "html", None) is getattr(element, "html", 0) and inner["S"] == element["S"]
    return same and inner["S"] not in ("/LI", "/LBody", "/L")


def _continues(element: Any, other: Any) -> bool:
    html = getattr(element, "html", None)
    return html is not None and html is getattr(other, "html", None) and bool(element["S"] == other["S"])


def _notes(tree: Tree) -> list[Any]:
    """Takes the notes at the feet of pages out of the tree: there they stand between the halves of a paragraph."""
    notes = []
    for area in tree.inner(tree.document):
        if area["S"] == "/NonStruct":
            for note in tree.inner(area):
                if note["S"] == "/Note":
                    area["K"].remove(note.reference)
                    notes.append(note)
    for area in [one for one in tree.inner(tree.document) if one["S"] == "/NonStruct" and not one["K"]]:
        tree.drop(area)
    return notes


def _join(tree: Tree, element: Any, kids: list[Any]) -> None:
    """Gives `element` these kids; of what was one HTML element, on one page or several, one is made again."""
    joined: list[Any] = []
    for kid in kids:
        inner, last = tree.target(kid), tree.target(joined[-1]) if joined else None
        if inner is not None and last is not None and _continues(last, inner):
            tree.merge(last, inner)
        else:
            joined.append(kid)
    element["K"][:] = joined


def _place(tree: Tree, notes: list[Any]) -> None:
    """Puts each note at the end of its article: the text reads on, and the call's link leads to the note."""
    articles = {one.html.get("id"): one for one in tree.elements() if one["S"] == "/Art" and hasattr(one, "html")}
    for note in notes:
        slug = str(note.html.get("id")).rpartition(".note-")[0]
        tree.put(articles.get(slug, tree.document), note.reference)


def _bounded(tree: Tree, figure: Any) -> None:
    """The box of a figure in points from the page's foot (ISO 32000-1, 14.8.5.4.3): WeasyPrint has pixels from its head."""
    height = tree.target(figure["Pg"])["MediaBox"][3]
    left, top, right, bottom = (0.75 * side for side in figure["A"]["BBox"])
    figure["A"]["BBox"] = pydyf.Array(round(side, 3) for side in (left, height - bottom, right, height - top))


def _contents(tree: Tree, contents: Any) -> None:
    """TOC > TOCI > Reference > Link (ISO 32000-1, table 333)."""
    for item in tree.inner(contents):
        item["S"] = "/TOCI"
        for body in tree.inner(item):
            if body["S"] == "/LBody":
                body["S"] = "/Reference"


def _link(tree: Tree, link: Any) -> None:
    """A call is a Reference; a note's number is its Lbl, in front of its text (ISO 32000-1, 14.8.4.4.1)."""
    kinds = (link.html.get("class") or "").split() if hasattr(link, "html") else []
    parent = tree.target(link["P"])
    if "noteref" in kinds:
        tree.replace(parent, link, reference := tree.add("Reference", parent, link["Pg"], ()))
        tree.put(reference, link.reference)
    elif "number" in kinds:
        note = parent if parent["S"] == "/Note" else tree.target(parent["P"])
        parent["K"].remove(link.reference)
        label = tree.add("Lbl", note, link["Pg"], (link,))
        note["K"].insert(0, label.reference)


def _compress(stream: Any) -> None:
    """At zlib's usual level instead of its highest, which takes three times as long for a hundredth of the bytes."""
    if stream.compress:
        stream.compress = False
        content = stream.data.partition(b"stream\n")[2].removesuffix(b"\nendstream")
        stream.stream = [zlib.compress(content)]
        stream.extra["Filter"] = "/FlateDecode"


def _table_cell(element: Any, name: str) -> None:
    attributes = element.get("A")
    if element.get("S") == "/TH" and isinstance(attributes, dict):
        attributes.setdefault("Scope", "/Column")
    if "ID" in element and element["S"] == "/TH":
        element["ID"] = _scoped(element["ID"], name)
    if isinstance(attributes, dict) and "Headers" in attributes:
        attributes["Headers"] = pydyf.Array([_scoped(one, name) for one in attributes["Headers"]])


def _scoped(identifier: Any, name: str) -> Any:
    return pydyf.String(f"{name}-{identifier.string}")

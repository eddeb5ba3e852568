"""Fixes the structure tree of a sheet while WeasyPrint writes it, in the process that typesets the sheet.

The faults of WeasyPrint's tree: a Span for every line; paragraphs and tables cut at page breaks; no
TOC, Note, Reference or Code; no languages; images without alt text as figures.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pydyf

from publisher.writers.pdf.structure_tree import Tree

_BARE_KEYS = {"Type", "S", "K", "Pg", "P"}  # the keys of an element that has nothing but a type
# HTML elements and classes with a better structure type in PDF 1.7 than WeasyPrint writes (ISO 32000-1, 14.8.4).
_TYPE_BY_ELEMENT = {"aside": "Sect", "pre": "P", "code": "Code", "q": "Quote", "figure": "Div", "nav": "Div"}
_TYPE_BY_CLASS = {"note": "Note", "endnote": "Note", "para": "P", "pull": "BlockQuote", "contents": "TOC"}


def fix_structure_tree(name: str) -> Callable[[Any, Any], None]:
    """A finisher for `Document.write_pdf`. `name` is the sheet's: it keeps the ids of table headers unique in the bound file."""

    def finisher(document: Any, pdf: Any) -> None:
        if "StructTreeRoot" in pdf.catalog:
            _fix_tree(Tree(pdf), name)
        for item in pdf.objects:
            if isinstance(item, pydyf.Stream):
                if "Interpolate" in item.extra:
                    item.extra["Interpolate"] = "false"  # PDF/A-3, 6.2.8
                _compress(item)
            elif isinstance(item, dict) and item.get("Subtype") == "/Link":
                item["F"] = 4  # the flag Print, which PDF/A-3 requires (6.3.2) and ISO 14289-1 does not

    return finisher


def _fix_tree(tree: Tree, name: str) -> None:
    for element in tree.elements():
        _retype(element)
        _fix_table_cell(element, name)
    headers = [element for element in tree.elements() if element["S"] == "/TH" and "ID" in element]
    for element in tree.elements():
        _simplify_kids(tree, element)
    notes = _detach_notes(tree)
    _set_joined_kids(tree, tree.document, list(tree.document["K"]))  # rejoins what page breaks cut, from the document inward
    _point_at_first_heads(tree, headers)
    _place_notes(tree, notes)
    for element in tree.elements():
        if element["S"] != "/Link":
            tree.hoist_link_annotations(element)
    for element in tree.elements():
        if element["S"] == "/Figure" and "Alt" in element:
            _convert_bounding_box(tree, element)
        elif element["S"] == "/Figure":
            tree.target(element["P"])["K"].remove(element.reference)
            tree.mark_as_artifact(element)  # an image without alt text is decoration (ISO 14289-1, 7.3)
    for element in list(tree.elements()):
        if element["S"] == "/LI":
            _wrap_item_body(tree, element)
    for element in reversed(list(tree.elements())):
        if not element["K"] and element["S"] not in ("/Document", "/TD", "/TH"):
            tree.drop(element)
    for element in list(tree.elements()):
        if element["S"] == "/TOC":
            _retype_contents(tree, element)
        elif element["S"] == "/Link":
            _retype_link(tree, element)
    tree.close()


def _retype(element: Any) -> None:
    """Sets the structure type by the HTML element, and the language if the HTML element has one (ISO 14289-1, 7.2)."""
    html = getattr(element, "html", None)
    if html is None:
        return
    structure_type = _TYPE_BY_ELEMENT.get(html.tag)
    for name in (html.get("class") or "").split():
        structure_type = _TYPE_BY_CLASS.get(name, structure_type)
    if structure_type and element["S"] in ("/Span", "/NonStruct", "/Div", "/P", "/L"):
        element["S"] = f"/{structure_type}"
    if html.tag == "dt" and element["S"] == "/LBody":
        element["S"] = "/Lbl"
    if html.get("lang") and element["S"] != "/Lbl":
        element["Lang"] = pydyf.String(html.get("lang"))
    if element["S"] == "/Note":
        element["ID"] = pydyf.String(html.get("id"))


def _simplify_kids(tree: Tree, element: Any) -> None:
    """Unwraps the kids that have nothing but a type, and joins the lines of a link.

    WeasyPrint makes a bare Span of every line of text; these are most of a tree.
    """
    if element.free == "f":
        return
    _set_joined_kids(tree, element, list(_unwrapped_kids(tree, element, list(element["K"]))))


def _unwrapped_kids(tree: Tree, element: Any, kids: list[Any]) -> Iterator[Any]:
    for kid in kids:
        inner = tree.target(kid)
        if inner is not None and inner.get("Type") == "/OBJR":
            inner.free = "f"  # it is written as a direct object: one object less for each link
            yield inner
        elif inner is not None and inner["Pg"] == element.get("Pg") and (_is_bare(inner) or _is_anonymous(element, inner)):
            yield from _unwrapped_kids(tree, element, list(tree.unwrap(element, inner)))
        else:
            yield kid


def _is_bare(element: Any) -> bool:
    return element["S"] in ("/Span", "/NonStruct") and element.keys() == _BARE_KEYS


def _is_anonymous(element: Any, inner: Any) -> bool:
    """Whether `inner` comes from an anonymous box of WeasyPrint in a link, a code block or a note."""
    same_html = getattr(inner, "html", None) is getattr(element, "html", 0) and inner["S"] == element["S"]
    return same_html and inner["S"] not in ("/LI", "/LBody", "/L")


def _has_same_html(element: Any, other: Any) -> bool:
    html = getattr(element, "html", None)
    return html is not None and html is getattr(other, "html", None) and bool(element["S"] == other["S"])


def _detach_notes(tree: Tree) -> list[Any]:
    """Removes the notes at the foot of pages, which can stand between the halves of a paragraph, from the tree. Returns them."""
    notes = []
    for area in tree.child_elements(tree.document):
        if area["S"] == "/NonStruct":
            for note in tree.child_elements(area):
                if note["S"] == "/Note":
                    area["K"].remove(note.reference)
                    notes.append(note)
    for area in [child for child in tree.child_elements(tree.document) if child["S"] == "/NonStruct" and not child["K"]]:
        tree.drop(area)
    return notes


def _set_joined_kids(tree: Tree, element: Any, kids: list[Any]) -> None:
    """Gives `element` these kids, after merging those made from the same HTML element, on one page or several."""
    joined: list[Any] = []
    for kid in kids:
        inner, last = tree.target(kid), tree.target(joined[-1]) if joined else None
        if inner is not None and last is not None and _has_same_html(last, inner):
            tree.merge(last, inner)
        else:
            joined.append(kid)
    element["K"][:] = joined


def _place_notes(tree: Tree, notes: list[Any]) -> None:
    """Puts each note at the end of its article: there it does not interrupt the text, and its reference links to it."""
    articles = {
        element.html.get("id"): element for element in tree.elements() if element["S"] == "/Art" and hasattr(element, "html")
    }
    for note in notes:
        slug = str(note.html.get("id")).rpartition(".note-")[0]
        tree.append_kid(articles.get(slug, tree.document), note.reference)


def _convert_bounding_box(tree: Tree, figure: Any) -> None:
    """Converts the box of a figure from pixels below the top to points above the foot of the page (ISO 32000-1, 14.8.5.4.3)."""
    height = tree.target(figure["Pg"])["MediaBox"][3]
    left, top, right, bottom = (0.75 * side for side in figure["A"]["BBox"])
    figure["A"]["BBox"] = pydyf.Array(round(side, 3) for side in (left, height - bottom, right, height - top))


def _retype_contents(tree: Tree, contents: Any) -> None:
    """TOC > TOCI > Reference > Link (ISO 32000-1, table 333)."""
    for item in tree.child_elements(contents):
        item["S"] = "/TOCI"
        for body in tree.child_elements(item):
            if body["S"] == "/LBody":
                body["S"] = "/Reference"


def _retype_link(tree: Tree, link: Any) -> None:
    """Puts a footnote reference into a Reference, and a note's number into an Lbl before its text (ISO 32000-1, 14.8.4.4.1)."""
    classes = (link.html.get("class") or "").split() if hasattr(link, "html") else []
    parent = tree.target(link["P"])
    if "noteref" in classes:
        tree.replace_kid(parent, link, reference := tree.add_element("Reference", parent, link["Pg"], ()))
        tree.append_kid(reference, link.reference)
    elif "number" in classes:
        note = parent if parent["S"] == "/Note" else tree.target(parent["P"])
        parent["K"].remove(link.reference)
        label = tree.add_element("Lbl", note, link["Pg"], (link,))
        note["K"].insert(0, label.reference)


def _compress(stream: Any) -> None:
    """Compresses at zlib's default level; the highest takes three times as long for a hundredth of the bytes."""
    if stream.compress:
        stream.compress = False
        content = stream.data.partition(b"stream\n")[2].removesuffix(b"\nendstream")
        stream.stream = [zlib.compress(content)]
        stream.extra["Filter"] = "/FlateDecode"


def _fix_table_cell(element: Any, name: str) -> None:
    attributes = element.get("A")
    if element.get("S") == "/TH" and isinstance(attributes, dict):
        scope = element.html.get("scope") if hasattr(element, "html") else ""
        attributes["Scope"] = "/Row" if scope in ("row", "rowgroup") else "/Column"
    if "ID" in element and element["S"] == "/TH":
        element["ID"] = _unique_id(element["ID"], name)
    if isinstance(attributes, dict) and "Headers" in attributes:
        attributes["Headers"] = pydyf.Array([_unique_id(identifier, name) for identifier in attributes["Headers"]])


def _point_at_first_heads(tree: Tree, headers: list[Any]) -> None:
    """Lets the cells of a table that goes on name the headers of its first part: its repeated heads are artifacts."""
    first = {id(header.html): header["ID"].string for header in headers if header.free != "f" and hasattr(header, "html")}
    renamed = {
        header["ID"].string: first[id(header.html)]
        for header in headers
        if header.free == "f" and id(getattr(header, "html", None)) in first
    }
    for element in tree.elements() if renamed else ():
        attributes = element.get("A")
        if isinstance(attributes, dict) and "Headers" in attributes:
            names = (renamed.get(identifier.string, identifier.string) for identifier in attributes["Headers"])
            attributes["Headers"] = pydyf.Array([pydyf.String(name) for name in names])


def _wrap_item_body(tree: Tree, item: Any) -> None:
    """Puts what stands in a list item beside its label into one LBody (ISO 32000-1, table 336)."""
    children = tree.child_elements(item)
    if all(child["S"] in ("/Lbl", "/LBody") for child in children) and [child["S"] for child in children].count("/LBody") < 2:
        return
    body = tree.add_element("LBody", item, item["Pg"], ())
    kept = []
    for kid in list(item["K"]):
        inner = tree.target(kid)
        if inner is None or inner.get("S") == "/Lbl":
            kept.append(kid)
        elif inner.get("S") == "/LBody":
            tree.merge(body, inner)
        else:
            tree.append_kid(body, kid)
    item["K"][:] = [*kept, body.reference]


def _unique_id(identifier: Any, name: str) -> Any:
    return pydyf.String(f"{name}-{identifier.string}")

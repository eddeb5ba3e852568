"""XML from untrusted sources: parsed without access to files or the network, and searched by local names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Any

import lxml.etree

from publisher.input.extent import check_depth, check_elements
from publisher.input.manuscript import Manuscript
from publisher.model.codes import Code
from publisher.text.characters import without_bad_references, without_named_references

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")
_BARE_AMPERSAND = re.compile(rb"&(?!#?\w{1,31};)")
_CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def xml_of(manuscript: Manuscript, data: bytes | str) -> Any:
    """The root element of XML from an untrusted source: without entities and network access, repaired if it is broken.

    Raises PublisherError if there is no element at all, or too many or too deep.
    """
    check_elements(manuscript, data)
    raw = (
        without_named_references(_CONTROL_CHARACTERS.sub("", data)).encode("utf-8", "replace") if isinstance(data, str) else data
    )
    escaped = _BARE_AMPERSAND.sub(b"&amp;", without_bad_references(raw))  # the repair would drop a bare ampersand
    root = None
    for recover in (False, True):
        parser = lxml.etree.XMLParser(
            resolve_entities=False, no_network=True, recover=recover, remove_comments=True, remove_pis=True, huge_tree=True
        )
        try:
            root = lxml.etree.fromstring(escaped if recover else raw, parser)
        except lxml.etree.XMLSyntaxError as problem:
            line, reason = problem.lineno or 0, str(problem.msg).split(", line")[0].lower()
            continue
        break
    if root is None:
        raise manuscript.error(Code.XML, f"not valid XML: {reason}", line=line, hint="get the file again")
    if recover:
        manuscript.report(Code.XML_REPAIRED, f"broken XML, read as far as possible: {reason}", line=line)
    check_depth(manuscript, root)
    return root


def xml_document(manuscript: Manuscript) -> Any:
    """The root element of a manuscript that is one XML file, its characters read by the manuscript's own rules."""
    return xml_of(manuscript, _DECLARATION.sub(lambda match: "\n" * match[0].count("\n"), manuscript.text()))


def local_name(element: Any) -> str:
    """An element's name without its namespace; empty for nodes that are not elements, and for None, the parent of a root."""
    tag = element.tag if element is not None else None
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def lowest_texts(element: Any) -> Iterator[str]:
    """The texts of the outermost elements that have text of their own; elements inside such a text are part of it."""
    if any((text or "").strip() for text in (element.text, *(part.tail for part in element))):
        yield " ".join("".join(element.itertext()).split())
    else:
        for part in element:
            if local_name(part):
                yield from lowest_texts(part)


def first_child(element: Any, *path: str) -> Any:
    """The first element at a path of local names below `element`; None if there is none."""
    for name in path:
        if element is None:
            return None
        element = next((part for part in element if local_name(part) == name), None)
    return element


def children_named(element: Any, name: str) -> list[Any]:
    return [part for part in element if local_name(part) == name] if element is not None else []


def attribute(element: Any, name: str) -> str:
    """An attribute by its local name; empty without it, or without an element."""
    items = element.attrib.items() if element is not None else ()
    return next((str(value) for key, value in items if key.rpartition("}")[2] == name), "")


def text_at(element: Any, *path: str) -> str:
    """The text of the element at a path, white space collapsed; empty if there is none."""
    target = first_child(element, *path) if path else element
    return " ".join("".join(target.itertext()).split()) if target is not None else ""


def inner_markup(element: Any) -> str:
    """The content of an element as markup without namespaces, because nh3 does not support them."""
    if element is None:
        return ""
    parts = [escape(element.text or "", quote=False)]
    for part in element:
        parts.append(_markup(part))
        parts.append(escape(part.tail or "", quote=False))
    return "".join(parts)


def _markup(element: Any) -> str:
    name = local_name(element)
    if not name:
        return ""
    attributes = "".join(
        f' {key.rpartition("}")[2]}="{escape(value, quote=True)}"' for key, value in element.attrib.items() if "}" not in key
    )
    return (
        f"<{name}{attributes}>{inner_markup(element)}</{name}>" if name not in ("br", "hr", "img") else f"<{name}{attributes}/>"
    )

"""XML that came from outside: parsed so that it can reach nothing, and asked by local names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Any

import lxml.etree

from publisher.input.manuscript import Manuscript
from publisher.model.codes import Code

_REFERENCE = re.compile(rb"&#([xX][0-9a-fA-F]{1,8}|[0-9]{1,10});")
_BARE = re.compile(rb"&(?!#?\w{1,31};)")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def xml_of(manuscript: Manuscript, data: bytes | str) -> Any:
    """The root element of XML that came from outside: no entities, no network, repaired where it is broken.

    Raises PublisherError where there is no element at all.
    """
    raw = _CONTROLS.sub("", data).encode() if isinstance(data, str) else data
    bare = _BARE.sub(b"&amp;", without_bad_references(raw))  # repairing would drop the sign
    root = None
    for recover in (False, True):
        parser = lxml.etree.XMLParser(
            resolve_entities=False, no_network=True, recover=recover, remove_comments=True, remove_pis=True
        )
        try:
            root = lxml.etree.fromstring(bare if recover else raw, parser)
        except lxml.etree.XMLSyntaxError as problem:
            line, why = problem.lineno or 0, str(problem.msg).split(", line")[0].lower()
            continue
        break
    if root is None:
        raise manuscript.error(Code.XML, f"not XML that can be read: {why}", line=line, hint="get the file again")
    if recover:
        manuscript.report(Code.XML_REPAIRED, f"broken XML, read as far as it goes: {why}", line=line)
    return root


def without_bad_references(data: bytes) -> bytes:
    """Markup whose numbered references are all to characters (XML 1.0, 4.1): others would come out of libxml2 as broken UTF-8."""

    def checked(found: re.Match[bytes]) -> bytes:
        number = int(found[1][1:], 16) if found[1][:1] in b"xX" else int(found[1])
        return found[0] if 0 < number < 0xD800 or 0xDFFF < number < 0x110000 else b"&#xFFFD;"

    return _REFERENCE.sub(checked, data)


def local_name(element: Any) -> str:
    """An element's name without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def lowest_texts(element: Any) -> Iterator[str]:
    """The texts of the lowest elements that have text of their own: what is marked within a text is a part of it."""
    if any((text or "").strip() for text in (element.text, *(one.tail for one in element))):
        yield " ".join("".join(element.itertext()).split())
    else:
        for one in element:
            if local_name(one):
                yield from lowest_texts(one)


def child(element: Any, *path: str) -> Any:
    """The first element down a path of local names; None where there is none."""
    for name in path:
        if element is None:
            return None
        element = next((one for one in element if local_name(one) == name), None)
    return element


def children(element: Any, name: str) -> list[Any]:
    return [one for one in element if local_name(one) == name] if element is not None else []


def text_at(element: Any, *path: str) -> str:
    """The words of the element down a path, white space folded; empty where there is none."""
    found = child(element, *path) if path else element
    return " ".join("".join(found.itertext()).split()) if found is not None else ""


def inner_markup(element: Any) -> str:
    """What stands in an element, as markup without namespaces: for nh3, which knows none."""
    if element is None:
        return ""
    parts = [escape(element.text or "", quote=False)]
    for one in element:
        parts.append(_markup(one))
        parts.append(escape(one.tail or "", quote=False))
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

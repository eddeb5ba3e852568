"""The styles that are shipped, and those that a path names."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError

_FOLDER = Path(__file__).parent / "styles"
_CSL = "{http://purl.org/net/xbiblio/csl}"
_ALIASES = {
    "vancouver": "nlm-citation-sequence",
    "mla": "modern-language-association",
    "chicago-notes": "chicago-notes-bibliography",
}
SUFFIX = ".csl"


@dataclass(frozen=True)
class Style:
    """A style in CSL. `is_note`: citations stand in notes, else in the text; `lang` is its own language, if it has one.

    `file` is its path as messages name it, empty for a style that is shipped.
    """

    xml: str = field(repr=False)
    is_note: bool
    has_bibliography: bool
    lang: str = ""
    file: str = field(default="", repr=False)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.xml.encode()).hexdigest()


def shipped() -> tuple[str, ...]:
    """The names of the styles that are shipped."""
    return tuple(sorted(path.stem for path in _FOLDER.glob(f"*{SUFFIX}")))


def is_csl(name: str) -> bool:
    """Whether a name is that of a shipped style, or the path of a file in CSL."""
    return name.endswith(SUFFIX) or _ALIASES.get(name, name) in shipped()


def load_style(name: str, folder: Path, before: tuple[Path, ...] = ()) -> Style:
    """A style by its name, or by a path relative to `folder`. Raises PublisherError where there is none that can be read.

    `before` are the styles that only named another style, on the way to this style.
    """
    path = folder / name if name.endswith(SUFFIX) else _FOLDER / f"{_ALIASES.get(name, name)}{SUFFIX}"
    place = Location(str(path))
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        hint = "paths are relative to the manifest"
        raise PublisherError(Diagnostic(Code.FILE_MISSING, f"file not found: {path}", place, hint)) from None
    except OSError as problem:
        raise PublisherError(Diagnostic(Code.FILE_UNREADABLE, f"cannot be read: {problem.strerror}", place)) from None
    return _parsed(data, path, before)


def _parsed(data: bytes, path: Path, before: tuple[Path, ...]) -> Style:
    from lxml import etree

    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as problem:
        place = Location(str(path), problem.lineno or 0)
        raise PublisherError(Diagnostic(Code.STYLE_BROKEN, f"not valid XML: {problem.msg}", place)) from None
    if root.tag != f"{_CSL}style":
        raise PublisherError(Diagnostic(Code.STYLE_BROKEN, "not a style in CSL: its root is no style", Location(str(path), 1)))
    parent = root.find(f"{_CSL}info/{_CSL}link[@rel='independent-parent']")
    if parent is not None:
        return _parent_of(parent, path, before)
    if root.find(f"{_CSL}citation") is None:
        raise PublisherError(
            Diagnostic(Code.STYLE_BROKEN, "the style formats no citations", Location(str(path), root.sourceline or 0))
        )
    xml = etree.tostring(root, encoding="unicode")
    has_bibliography, file = root.find(f"{_CSL}bibliography") is not None, "" if path.parent == _FOLDER else str(path)
    return Style(xml, root.get("class") == "note", has_bibliography, root.get("default-locale", ""), file)


def _parent_of(link: Any, path: Path, before: tuple[Path, ...]) -> Style:
    """The style that a dependent style names: one that is shipped, or a file of its name beside it."""
    name = (link.get("href") or "").rstrip("/").rpartition("/")[2]
    beside, place = path.with_name(f"{name}{SUFFIX}"), Location(str(path), link.sourceline or 0)
    if name in shipped():
        return load_style(name, path.parent)
    if not name:
        raise PublisherError(Diagnostic(Code.STYLE_BROKEN, "the style only names another one, but the name is empty", place))
    if beside in (*before, path):
        message = f"the style only names another one, {name}, which leads back to it"
        raise PublisherError(Diagnostic(Code.STYLE_BROKEN, message, place, "name a style that has rules of its own"))
    if beside.is_file():
        return load_style(beside.name, path.parent, (*before, path))
    message = f"the style only names another one, {name}, which is not here"
    raise PublisherError(Diagnostic(Code.STYLE_BROKEN, message, place, f"put {name}{SUFFIX} beside it, or name that style"))

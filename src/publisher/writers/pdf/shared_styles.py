"""Computed styles are shared by all elements that the same rules match, in all documents of a process with the same style sheets.

WeasyPrint shares them within a document only, and not between elements with an id, a language or a style of their own. Here the
values are computed once, in a style that no document sees (`shared`). Each document has styles of its own that take their values
from there, so what a layout sets in a style stays in its document.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from functools import lru_cache
from math import inf
from typing import Any

import tinycss2
from weasyprint import css
from weasyprint.css import ComputedStyle, InitialStyle, StyleFor, declaration_precedence
from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
from weasyprint.css.properties import INHERITED
from weasyprint.css.validation import preprocess_declarations

_STYLES = 4_000  # kept for all sets of style sheets, those of the last used sets; a sheet has some hundreds
_SVG = "{http://www.w3.org/2000/svg}svg"
_PLAIN_NAME = re.compile(r'[^"\\\0\n\r\f]+')  # as a CSS string it stands for itself
_STYLE_ATTRIBUTE, _OTHER_ATTRIBUTE = (1, 0, 0), (0, 0, 0)  # specificities


def share_styles() -> None:
    """Lets documents take their styles from those that are known already."""
    css.StyleFor = SharedStyleFor


def are_shared() -> bool:
    """Whether documents share their styles."""
    return css.StyleFor is SharedStyleFor


class _PageSizes(dict[str, Any]):
    """The sizes of a document's first page, and whether a style has asked for them: a length may be a share of them (`vw`)."""

    used = False

    def __getitem__(self, key: str) -> Any:
        self.used = True
        return super().__getitem__(key)


class KnownStyles:
    """The shared styles of a set of style sheets and a font configuration; what they are known by is kept alive with them."""

    def __init__(self, base_url: str, font_config: Any, sheets: tuple[tuple[Any, str, Any], ...]) -> None:
        self.base_url, self.font_config, self.sheets = base_url, font_config, sheets
        self.page_sizes = _PageSizes(box=None, area=None)
        self._styles: dict[tuple[Any, ...], ComputedStyle] = {}

    def __len__(self) -> int:
        """The number of styles."""
        return len(self._styles)

    @property
    def is_usable(self) -> bool:
        """Whether another document may share the styles: none depends on the page of a document, and there are not too many."""
        return not self.page_sizes.used and len(self) < _STYLES

    def style(self, parent: Any, root: Any, pseudo_type: str | None, attributes: tuple[Any, ...], rules: list[Any]) -> Any:
        """The shared style of what inherits from `parent` (None for the root), with these attributes and matched rules."""
        key = (id(parent), pseudo_type, attributes, tuple((number, selector[1]) for number, selector in rules))
        style = self._styles.get(key)
        if style is None:
            cascaded = self._cascaded(attributes, rules)
            root = InitialStyle(self.font_config) if parent is None else root
            style = self._styles[key] = ComputedStyle(
                parent, cascaded, pseudo_type, root, self.base_url, self.font_config, self.page_sizes
            )
        return style

    def _cascaded(self, attributes: tuple[Any, ...], rules: list[Any]) -> dict[str, Any]:
        """The declared values that win, with their weights (CSS Cascade 5, 6)."""
        cascaded: dict[str, Any] = {}
        for text, specificity in attributes:
            _declare(cascaded, _declarations(text, self.base_url, specificity == _STYLE_ATTRIBUTE), "author", inf, specificity)
        for number, (specificity, _, _, (declarations, layer)) in rules:
            sheet, origin, sheet_specificity = self.sheets[number]
            layer_order = inf if layer is None else sheet.layers.index(layer)
            _declare(cascaded, declarations, origin, layer_order, sheet_specificity or specificity)
        return cascaded


_known: OrderedDict[tuple[Any, ...], KnownStyles] = OrderedDict()


def _known_styles(base_url: str, font_config: Any, sheets: tuple[tuple[Any, str, Any], ...]) -> KnownStyles:
    key = (base_url, id(font_config), tuple((id(sheet), origin, specificity) for sheet, origin, specificity in sheets))
    known = _known.get(key)
    if known is None or not known.is_usable:
        known = _known[key] = KnownStyles(base_url, font_config, sheets)
    _known.move_to_end(key)
    while len(_known) > 1 and sum(map(len, _known.values())) > _STYLES:
        _known.popitem(last=False)
    known.page_sizes.update(box=None, area=None)
    return known


class DocumentStyle(ComputedStyle):  # type: ignore[misc]
    """A style of a document: what it does not inherit is taken from the shared style; `anchor` is the element's own."""

    def __init__(self, shared: Any, parent: Any, root: Any, anchor: str = "") -> None:
        cascaded = _with_anchor(shared.cascaded, anchor) if anchor else shared.cascaded
        super().__init__(
            parent, cascaded, shared.pseudo_type, root, shared.base_url, shared.font_config, shared.initial_page_sizes
        )
        self.shared, self.specified, self.cache = shared, shared.specified, shared.cache
        self._has_anchor = bool(anchor)

    def __missing__(self, key: str) -> Any:
        declared = self.cascaded.get(key)
        if declared is None:
            inherits = (key in INHERITED or key[:2] == "__") and key not in PHYSICAL_FUNCTIONS and self.parent_style is not None
            value = self[key] = self.parent_style[key] if inherits else self.shared[key]
            return value
        if (self._has_anchor and key == "anchor") or declared[0] == "inherit":
            return super().__missing__(key)
        value = self[key] = self.shared[key]
        return value


def _with_anchor(cascaded: dict[str, Any], anchor: str) -> dict[str, Any]:
    own = anchor, (declaration_precedence("author", False), inf, _OTHER_ATTRIBUTE)
    return cascaded if "anchor" in cascaded and cascaded["anchor"][1] > own[1] else {**cascaded, "anchor": own}


class SharedStyleFor(StyleFor):  # type: ignore[misc]
    """`StyleFor` with shared styles; a document with style sheets of its own or presentational hints is left to the original."""

    def __init__(self, html: Any, sheets: Any, presentational_hints: bool, font_config: Any, target_collector: Any) -> None:
        if presentational_hints or any(origin == "author" for _, origin, _ in sheets):
            super().__init__(html, sheets, presentational_hints, font_config, target_collector)
            return
        self._cascaded_styles: dict[tuple[Any, str | None], Any] = {}
        self._computed_styles: dict[tuple[Any, str | None], Any] = {}
        self._sheets, self.font_config, self._collector = sheets, font_config, target_collector
        self._known = _known_styles(html.base_url, font_config, tuple(sheets))
        self.initial_page_sizes = self._known.page_sizes
        self._styles: dict[int, DocumentStyle] = {}  # by the id of the shared style, which `_known` keeps
        self._root: DocumentStyle | None = None
        for element in html.wrapper_element.iter_subtree():
            self._compute(element)

    def _compute(self, element: Any) -> None:
        """Sets the styles of an element, whose parent has its own already, and of its pseudo-elements."""
        node = element.etree_element
        parent = self._computed_styles[element.parent.etree_element, None] if element.parent else None
        rules: dict[str | None, list[Any]] = {None: []}
        for number, (sheet, _, _) in enumerate(self._sheets):
            for selector in sheet.matcher.match(element):
                rules.setdefault(selector[2], []).append((number, selector))
        style = self._style(parent, None, tuple(_attributes(node)), rules.pop(None))
        if anchor := _anchor(node):
            style = DocumentStyle(style.shared, parent, self._root, anchor)
        if style["anchor"]:
            self._collect(style["anchor"])
        self._computed_styles[node, None] = style
        for pseudo_type, matched in rules.items():
            self._computed_styles[node, pseudo_type] = self._style(style, pseudo_type, (), matched)

    def _style(self, parent: DocumentStyle | None, pseudo_type: str | None, attributes: tuple[Any, ...], rules: Any) -> Any:
        root = self._root.shared if self._root is not None else None
        shared = self._known.style(parent.shared if parent is not None else None, root, pseudo_type, attributes, rules)
        style = self._styles.get(id(shared))
        if style is None:
            style = DocumentStyle(shared, parent, self._root if self._root is not None else shared.root_style)
            self._styles[id(shared)] = style
            if style["anchor"] and pseudo_type:
                self._collect(style["anchor"])
        if parent is None:
            self._root = style
        return style

    def _collect(self, anchor: Any) -> None:
        """Announces an anchor: a style sheet may ask for the page it is on (`target-counter`)."""
        if self._collector and anchor:
            self._collector.collect_anchor(anchor)


def _attributes(element: Any) -> Iterator[tuple[str, tuple[int, int, int]]]:
    """The declarations that the attributes of an element stand for, with their specificity; not that of its anchor."""
    if text := element.get("style"):
        yield text, _STYLE_ATTRIBUTE
    if lang := element.get("lang"):
        yield f'-weasy-lang:"{lang}"', _OTHER_ATTRIBUTE
    if (name := element.get("id")) and not _PLAIN_NAME.fullmatch(name):
        yield f'-weasy-anchor:"{name}"', _OTHER_ATTRIBUTE
    if element.tag == "a" and (name := element.get("name")) and not _PLAIN_NAME.fullmatch(name):
        yield f'-weasy-anchor:"{name}"', _OTHER_ATTRIBUTE
    if element.tag == _SVG:
        for attribute in ("width", "height"):
            if length := element.get(attribute):
                token = tinycss2.parse_one_component_value(length)
                if css.get_length(token, percentage=True):
                    yield f"{attribute}:{length}", _OTHER_ATTRIBUTE


def _anchor(element: Any) -> str:
    """The name by which links reach an element; empty where it has none, or `_attributes` gives it."""
    names = [element.get("id")] + ([element.get("name")] if element.tag == "a" else [])
    names = [name for name in names if name]
    return names[-1] if names and _PLAIN_NAME.fullmatch(names[-1]) else ""


@lru_cache(1024)
def _declarations(text: str, base_url: str, is_block: bool) -> tuple[tuple[str, Any, bool], ...]:
    nodes = tinycss2.parse_blocks_contents(text) if is_block else [tinycss2.parse_one_declaration(text)]
    return tuple(preprocess_declarations(base_url, nodes))


def _declare(cascaded: dict[str, Any], declarations: Any, origin: str, layer_order: float, specificity: Any) -> None:
    for name, value, is_important in declarations:
        weight = declaration_precedence(origin, is_important), layer_order, specificity
        if name not in cascaded or cascaded[name][1] <= weight:
            cascaded[name] = value, weight

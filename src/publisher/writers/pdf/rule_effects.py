"""What the rules of a style sheet tell WeasyPrint, kept by their text.

A tighter variant of a style sheet differs in few rules: it takes the rest from the sheet that it is a variant of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import tinycss2
import weasyprint
from cssselect2 import Matcher
from weasyprint.css import preprocess_stylesheet

from publisher.writers.css_rules import rules_of
from publisher.writers.pdf.font_configuration import FontFaces

_KEPT = 4_000  # parts of style sheets; the shipped themes have some hundreds
_ORDERED = ("import", "layer", "charset", "namespace")  # at-rules that say something of the rules behind them
_kept: dict[tuple[str, str], _Effects] = {}  # by the address of the style sheet and the text of the rule


@dataclass
class _Effects:
    """What rules add to a style sheet: selectors with their declarations, page rules, and fonts."""

    selectors: list[tuple[Any, Any]] = field(default_factory=list)
    pages: list[Any] = field(default_factory=list)
    fonts: FontFaces = field(default_factory=FontFaces)

    def add_selector(self, selector: Any, declarations: Any) -> None:
        """What WeasyPrint asks of a Matcher."""
        self.selectors.append((selector, declarations))


def css_of(text: str, base_url: str, fetcher: Any, font_config: Any, original: str = "") -> Any:
    """What weasyprint.CSS makes of a string; `original` is the style sheet that it is a variant of, line by line."""
    css = weasyprint.CSS.__new__(weasyprint.CSS)
    css.base_url, css.matcher, css.page_rules, css.layers = base_url, Matcher(), [], []
    is_variant = original and original.count("\n") == text.count("\n")
    parts = list(_variant(_parts(original), text) if is_variant else _parts(text))
    if not all(part.rules for part in parts):
        _tell(rules_of(text), base_url, fetcher, css.matcher, css.page_rules, css.layers, font_config)
        return css
    for effects in [_effects(part, base_url, fetcher) for part in parts]:
        for selector, declarations in effects.selectors:
            css.matcher.add_selector(selector, declarations)
        css.page_rules += effects.pages
        for descriptors in effects.fonts.descriptors:
            font_config.add_font_face(descriptors, fetcher)
    return css


class _Part(NamedTuple):
    """Some lines of a style sheet, from the first (counted from 1), and the rules in them: none if they cannot be separated."""

    first: int
    text: str
    rules: tuple[Any, ...]


def _parts(css: str) -> list[_Part]:
    """A style sheet by its rules, those on a line together. A part without rules: it cannot be divided."""
    rules, lines = rules_of(css), css.split("\n")
    if any(map(_is_bound, rules)) or "\r" in css or "\f" in css:
        return [_Part(1, css, ())]
    groups: list[list[Any]] = []
    for rule in rules:
        if lines[rule.source_line - 1][: rule.source_column - 1].strip() and groups:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    firsts = [group[0].source_line for group in groups]
    bounds = zip(groups, firsts, [*firsts, len(lines) + 1][1:], strict=True)
    return [_Part(first, "\n".join(lines[first - 1 : end - 1]), tuple(group)) for group, first, end in bounds]


def _is_bound(rule: Any) -> bool:
    """Whether a rule cannot be understood apart from the others, or not at all."""
    return rule.type == "error" or (rule.type == "at-rule" and rule.lower_at_keyword in _ORDERED)


def _variant(parts: list[_Part], text: str) -> Iterator[_Part]:
    """The parts of a variant: those that are equal, and those that are not, whose rules are read now."""
    lines = text.split("\n")
    for part in parts:
        own = "\n".join(lines[part.first - 1 : part.first + part.text.count("\n")])
        if own == part.text or not part.rules:
            yield part
        else:
            rules = tuple(tinycss2.parse_stylesheet(own, skip_comments=True, skip_whitespace=True))
            yield _Part(part.first, own, rules if len(rules) == len(part.rules) and not any(map(_is_bound, rules)) else ())


def _effects(part: _Part, base_url: str, fetcher: Any) -> _Effects:
    """What the rules of a part of the style sheet at an address add to it."""
    effects = _kept.get((base_url, part.text))
    if effects is None:
        effects = _Effects()
        _tell(part.rules, base_url, fetcher, effects, effects.pages, [], effects.fonts)
        if len(_kept) >= _KEPT:
            _kept.clear()
        _kept[base_url, part.text] = effects
    return effects


def _tell(
    rules: Sequence[Any], base_url: str, fetcher: Any, matcher: Any, pages: list[Any], layers: list[Any], fonts: Any
) -> None:
    """Lets WeasyPrint read rules. What it learns of counter styles and color profiles it forgets, as weasyprint.CSS does."""
    preprocess_stylesheet("print", base_url, rules, fetcher, matcher, pages, layers, fonts, {}, {})

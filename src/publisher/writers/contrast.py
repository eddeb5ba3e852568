"""Colors of a theme that are hard to read: text below 4.5 : 1 with what it stands on (WCAG 2.2, 1.4.3).

A shipped theme has none; what a house or a theme of a user's own sets may have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location
from publisher.model.house_style import HouseStyle
from publisher.writers.colors import LEAST_CONTRAST, contrast, rgb
from publisher.writers.custom_properties import CUSTOM, TOKENS, VAR, custom_properties, theme_properties
from publisher.writers.themes import Theme, shipped, text_of

_ON_PAPER = (("--accent", "--paper"), ("--ink", "--paper"), ("--soft", "--paper"))
_ON_PLATE = (("--on-plate", "--plate"), ("--on-plate-soft", "--plate"))
_ON_LIGHT_PLATE = (
    ("--accent", "--plate"),
    ("--ink", "--plate"),
    ("--soft", "--plate"),
)  # of a theme whose cover has the page's ink
_WORDS = {
    "--accent": "the accent",
    "--paper": "the paper",
    "--ink": "the text",
    "--soft": "secondary text",
    "--plate": "the cover",
    "--on-plate": "text on the cover",
    "--on-plate-soft": "secondary text on the cover",
}


def contrast_warnings(theme: Theme, house: HouseStyle) -> Iterator[Diagnostic]:
    """A warning for each pair of colors that a user set and that is below the least contrast."""
    values = theme_properties(theme)
    for text, ground in (*_ON_PAPER, *(_ON_PLATE if "--on-plate" in values else _ON_LIGHT_PLATE)):
        colors = rgb(values.get(text, "")), rgb(values.get(ground, ""))
        if colors[0] is None or colors[1] is None or contrast(colors[0], colors[1]) >= LEAST_CONTRAST:
            continue
        place = _place(theme, house, (text, ground))
        if place is None:
            continue
        ratio = int(contrast(colors[0], colors[1]) * 10) / 10  # not rounded up to what is enough
        message = (
            f"the contrast of {_WORDS[text]} ({values[text]}) with {_WORDS[ground]} ({values[ground]}) is {ratio} : 1; "
            f"{LEAST_CONTRAST} : 1 is the least for text"
        )
        yield Diagnostic(Code.CONTRAST, message, place, "choose a darker or a lighter color")


def _place(theme: Theme, house: HouseStyle, names: tuple[str, str]) -> Location | None:
    """Where a user set either of two properties, or a property in their values; None if both are a shipped theme's."""
    texts = {path: text_of(path) for path in (*theme.paths(TOKENS), *theme.paths(CUSTOM))}
    sources: Mapping[str, str] = {}
    for text in texts.values():
        sources = {**sources, **custom_properties(text)}
    wanted = {*names}
    for name in names:
        wanted |= {match[1] for match in VAR.finditer(sources.get(name, ""))}
    if house.accent and "--accent" in wanted:
        return house.place("accent")
    for path in reversed(list(texts)):
        if path.is_relative_to(shipped()):
            continue
        for number, line in enumerate(texts[path].split("\n"), 1):
            if any(f"{name}:" in line.replace(" ", "") for name in wanted):
                return Location(str(path), number)
    return None

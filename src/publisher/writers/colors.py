"""Colors of CSS as red, green and blue, how they mix, and how they contrast (WCAG 2.2, 1.4.3)."""

from __future__ import annotations

import re

import tinycss2.color4

Rgb = tuple[float, float, float]  # each from 0 to 1
LEAST_CONTRAST = 4.5  # of text (WCAG 2.2, 1.4.3, level AA)
_MIX = re.compile(
    r"color-mix\(\s*in\s+srgb\s*,\s*(?P<first>[^,()]+(?:\([^()]*\))?)\s+(?P<share>\d+(?:\.\d+)?)%\s*,\s*"
    r"(?P<second>[^,()]+(?:\([^()]*\))?)\s*\)",
    re.IGNORECASE | re.ASCII,
)


def rgb(text: str) -> Rgb | None:
    """The color that a value of CSS states: a name, `#rrggbb`, `rgb()`, `hsl()` or `hwb()`.

    None if it states no color, a color that can be seen through, or a color outside of sRGB.
    """
    color = tinycss2.color4.parse_color(text.strip())
    if color is None or isinstance(color, str) or color.alpha != 1:
        return None
    try:
        coordinates = color.to("srgb").coordinates
    except NotImplementedError:  # lab() and its like
        return None
    red, green, blue = (min(1.0, max(0.0, float(part))) for part in coordinates)
    return red, green, blue


def hexadecimal(color: Rgb) -> str:
    """A color as `#rrggbb`."""
    return "#" + "".join(f"{round(part * 255):02x}" for part in color)


def with_mixes(css: str) -> str:
    """A style sheet with each `color-mix(in srgb, A N%, B)` of two colors replaced by the color (CSS Color 5, 3)."""
    return _MIX.sub(_mixed, css)


def _mixed(match: re.Match[str]) -> str:
    first, second, share = rgb(match["first"]), rgb(match["second"]), float(match["share"]) / 100
    if first is None or second is None or share > 1:
        return match[0]
    red, green, blue = (share * part + (1 - share) * rest for part, rest in zip(first, second, strict=True))
    return hexadecimal((red, green, blue))


def contrast(first: Rgb, second: Rgb) -> float:
    """The contrast ratio of two colors, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: Rgb) -> float:
    """The relative luminance of a color (WCAG 2.2, "relative luminance")."""
    red, green, blue = map(_linear, color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

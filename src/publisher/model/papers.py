"""Sizes of paper: the names that manifests, themes and the command line know, with their sizes in CSS.

The tablets have the sizes of their screens, pixels divided by pixels per inch: 1072 x 1448 at 300 (Kindle and Kobo of 6 inches),
1440 x 1920 at 300 (Kobo Sage and Forma, 8 inches), 1404 x 1872 at 227 (reMarkable 2, Kobo Elipsa: 10.3 inches).
"""

from __future__ import annotations

from typing import Literal, get_args

Paper = Literal["A4", "A5", "Letter", "eink-6", "eink-8", "eink-10"]
PAPERS: tuple[str, ...] = get_args(Paper)
_MILLIMETERS = {
    "A4": (210.0, 297.0),
    "A5": (148.0, 210.0),
    "Letter": (215.9, 279.4),
    "eink-6": (91.0, 122.0),
    "eink-8": (122.0, 163.0),
    "eink-10": (157.0, 210.0),
}


def is_tablet(paper: str) -> bool:
    """Whether a paper is the screen of a tablet."""
    return paper.startswith("eink-")


def page_size(paper: str, *, turned: bool = False) -> str:
    """The value of the CSS property `size` for a paper, on its side if `turned`; a size of CSS stays as it is."""
    if is_tablet(paper):
        sides = millimeters(paper)
        return " ".join(f"{side:g}mm" for side in (sides[::-1] if turned else sides))
    return f"{paper} landscape" if turned else paper


def millimeters(paper: str) -> tuple[float, float]:
    """Width and height of a paper. Raises KeyError where it is not in PAPERS."""
    return _MILLIMETERS[paper]

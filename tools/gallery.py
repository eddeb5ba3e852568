"""Draws the gallery: ten pages in each theme, of the sample, the daily and the policy brief, as docs/gallery/THEME-NN.png.

usage: python tools/gallery.py [FOLDER]
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pypdfium2
from PIL import Image

from publisher.build.build import make
from publisher.build.plan import plan

ROOT = Path(__file__).parents[1]
THEMES = {"brief": "A4", "report": "A4", "digest": "A5"}
PAGES = {"sample-brief": 5, "daily-brief": 2, "policy-brief": 3}  # the first of each edition
WIDTH = 560  # pixels


def pages(theme: str, paper: str) -> list[Image.Image]:
    """The first pages of each edition, in gray levels and few colors: small files, the same everywhere."""
    return [page for edition, count in PAGES.items() for page in _first_pages(edition, theme, paper, count)]


def _first_pages(edition: str, theme: str, paper: str, count: int) -> list[Image.Image]:
    made = plan([ROOT / "manuscripts" / edition], [Path("gallery.pdf")], theme)
    tables = {path: replace(table, paper=paper) for path, table in made.outputs.items()}
    (output,) = make(replace(made, outputs=tables)).outputs.values()
    document = pypdfium2.PdfDocument(output.data)
    drawn = [document[number] for number in range(count)]
    return [page.render(scale=WIDTH / page.get_width()).to_pil().convert("RGB") for page in drawn]


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for theme, paper in THEMES.items():
        for number, picture in enumerate(pages(theme, paper), 1):
            picture.quantize(32, Image.Quantize.MEDIANCUT).save(folder / f"{theme}-{number:02}.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "gallery")

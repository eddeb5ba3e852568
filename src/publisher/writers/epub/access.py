"""The accessibility metadata of the package, taken from the content (EPUB Accessibility 1.1, 2.2; schema.org).

Conformance is claimed only where the manifest names a certifier and every image has alt text or is marked as decoration.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from publisher.input.image_files import open_image
from publisher.model.edition import Edition

CONFORMS = "EPUB Accessibility 1.1 - WCAG 2.1 Level AA"
_IMAGE = re.compile(r"<img\b[^>]*>")
_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
_TABLE_HEAD = re.compile(r"<th\b")
_BASE_FEATURES = ("structuralNavigation", "tableOfContents", "readingOrder", "ARIA", "displayTransformability", "unlocked")


@dataclass(frozen=True)
class Access:
    """Values of the schema.org properties; `conforms` is empty where conformance is not claimed."""

    modes: tuple[str, ...]
    sufficient: tuple[str, ...]
    features: tuple[str, ...]
    hazards: tuple[str, ...]
    summary: str
    conforms: str


def access(edition: Edition, chapters: Sequence[str], paged: bool) -> Access:
    """The accessibility metadata of a book with these chapters (XHTML); `paged` is true where it has a page list."""
    images = [image for chapter in chapters for image in _IMAGE.findall(chapter)]
    without_alt = [image for image in images if 'alt=""' in image and "presentation" not in image]
    formulas = any("<math" in chapter for chapter in chapters)
    tables = [table for chapter in chapters for table in _TABLE.findall(chapter)]
    features = [*_BASE_FEATURES]
    features += ["alternativeText"] if images and not without_alt else []
    features += ["MathML"] if formulas else []
    features += ["pageBreakMarkers", "pageNavigation"] if paged else []
    return Access(
        modes=("textual", "visual") if images else ("textual",),
        sufficient=("textual,visual",) if without_alt else ("textual", "textual,visual") if images else ("textual",),
        features=tuple(features),
        hazards=("unknown",) if _has_animation(edition) else ("none",),
        summary=_summary(len(images), len(without_alt), formulas, tables, paged),
        conforms=CONFORMS if edition.imprint.certifier and not without_alt else "",
    )


def _has_animation(edition: Edition) -> bool:
    """Whether an image is animated. Whether it flashes is not checked."""
    gifs = (image.data for entry in edition.entries for image in entry.resources if image.media_type == "image/gif")
    return any(getattr(open_image(data), "n_frames", 1) > 1 for data in gifs)


def _summary(images: int, without_alt: int, formulas: bool, tables: Sequence[str], paged: bool) -> str:
    sentences = ["Headings, notes and links can be followed in both directions; the text is in reading order."]
    if without_alt:
        sentences.append(f"{without_alt} of {images} images have no description.")
    elif images:
        sentences.append("Every image is described, or marked as decoration.")
    sentences += ["Formulas are MathML with a text alternative."] if formulas else []
    without_head = sum(not _TABLE_HEAD.search(table) for table in tables)
    if without_head:
        sentences.append(f"{without_head} of {len(tables)} tables have no marked heads.")
    elif tables:
        sentences.append("Tables have heads that are marked as such.")
    sentences += ["The page numbers are those of the PDF of this edition."] if paged else []
    return " ".join(sentences)

"""What the package says of access to its content, read off the content (EPUB Accessibility 1.1, 2.2; schema.org).

Conformance is claimed only where the manifest names who certifies it and every picture is described or marked as decoration.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from publisher.model.edition import Edition

CONFORMS = "EPUB Accessibility 1.1 - WCAG 2.1 Level AA"
_IMAGE = re.compile(r"<img\b[^>]*>")
_ALWAYS = ("structuralNavigation", "tableOfContents", "readingOrder", "ARIA", "displayTransformability", "unlocked")


@dataclass(frozen=True)
class Access:
    """Values of the schema.org properties; `conforms` is empty where nothing may be claimed."""

    modes: tuple[str, ...]
    sufficient: tuple[str, ...]
    features: tuple[str, ...]
    hazards: tuple[str, ...]
    summary: str
    conforms: str


def access(edition: Edition, chapters: Sequence[str], paged: bool) -> Access:
    """The access metadata of a book of these chapters (XHTML); `paged` where it carries a list of pages."""
    text = "".join(chapters)
    images = _IMAGE.findall(text)
    bare = [one for one in images if 'alt=""' in one and "presentation" not in one]
    formulas, tables = "<math" in text, "<table" in text
    features = [*_ALWAYS]
    features += ["alternativeText"] if images and not bare else []
    features += ["MathML"] if formulas else []
    features += ["pageBreakMarkers", "pageNavigation"] if paged else []
    return Access(
        modes=("textual", "visual") if images else ("textual",),
        sufficient=("textual,visual",) if bare else ("textual", "textual,visual") if images else ("textual",),
        features=tuple(features),
        hazards=("unknown",) if _moving(edition) else ("none",),
        summary=_summary(len(images), len(bare), formulas, tables, paged),
        conforms=CONFORMS if edition.imprint.certifier and not bare else "",
    )


def _moving(edition: Edition) -> bool:
    """Whether a picture moves: then nobody has looked whether it flashes."""
    from PIL import Image

    gifs = (one.data for entry in edition.entries for one in entry.resources if one.media_type == "image/gif")
    return any(getattr(Image.open(io.BytesIO(data)), "n_frames", 1) > 1 for data in gifs)


def _summary(images: int, bare: int, formulas: bool, tables: bool, paged: bool) -> str:
    said = ["Headings, notes and links can be followed in both directions; the text is in reading order."]
    if bare:
        said.append(f"{bare} of {images} pictures have no description.")
    elif images:
        said.append("Every picture is described, or marked as decoration.")
    said += ["Formulas are MathML with a text alternative."] if formulas else []
    said += ["Tables have heads that are marked as such."] if tables else []
    said += ["The page numbers are those of the PDF of this edition."] if paged else []
    return " ".join(said)

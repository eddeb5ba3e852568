"""The parts of a Word document that do not become text of the article: comments, charts and diagrams."""

from __future__ import annotations

import re
from typing import Any

from publisher.input.archives import Archive
from publisher.input.manuscript import Manuscript
from publisher.input.xml import local_name, xml_of
from publisher.model.codes import Code

_PARTS = (  # ECMA-376, part 1, 11.3 and 14.2
    (re.compile(r"word/comments\d*\.xml"), "a comment of the document"),
    (re.compile(r"word/charts/chart[^/]*\.xml"), "a chart, which cannot be read"),
    (re.compile(r"word/diagrams/data[^/]*\.xml"), "a diagram, which cannot be read"),
)


def record_other_parts(manuscript: Manuscript, archive: Archive) -> None:
    """Records the words of each such part as removed, and reports how many comments there are."""
    for pattern, rule in _PARTS:
        for name in filter(pattern.fullmatch, archive.names):
            root = xml_of(manuscript, archive.read(name))
            images = sum(local_name(element) in ("blip", "imagedata") for element in root.iter())
            manuscript.remove(rule, " ".join(_texts(root)), name, images)
            count = sum(local_name(element) == "comment" for element in root.iter())
            if count:
                text = f"{count} comment{'s' if count > 1 else ''} of the document left out"
                manuscript.report(Code.COMMENTS_LEFT_OUT, text)


def _texts(root: Any) -> list[str]:
    """The texts of the paragraphs, and the values of a chart."""
    paragraphs = [element for element in root.iter() if local_name(element) == "p"]
    texts = ["".join(part.text or "" for part in paragraph.iter() if local_name(part) == "t") for paragraph in paragraphs]
    return [*texts, *(element.text or "" for element in root.iter() if local_name(element) == "v")]

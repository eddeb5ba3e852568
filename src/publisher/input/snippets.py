"""What readers put markup together with: paragraphs of plain text, pictures written into the page, XML that is safe to parse."""

from __future__ import annotations

import base64
import json
import re
from html import escape
from typing import Any

from publisher.input.manuscript import Manuscript
from publisher.model.codes import Code
from publisher.text.mathematics import Unreadable, from_mathml


def paragraph_markup(text: str) -> str:
    """Plain text as paragraphs: at blank lines, or at every line where there are none."""
    blocks = re.split(r"\n[ \t]*\n", text.strip()) if re.search(r"\n[ \t]*\n", text.strip()) else text.strip().split("\n")
    return "\n".join(f"<p>{escape(' '.join(block.split()))}</p>" for block in blocks if block.strip())


def data_uri(data: bytes, media_type: str) -> str:
    """A picture's bytes as an address that stands in the page itself."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def figure_markup(address: str, alt: str, caption: str = "", credit: str = "") -> str:
    """A figure with its caption and, behind it, its credit."""
    said = escape(caption)
    if credit and credit not in caption:
        said += f' <span class="credit">{escape(credit)}</span>'
    shown = f'<img src="{escape(address, quote=True)}" alt="{escape(alt, quote=True)}"/>'
    return f"<figure>{shown}<figcaption>{said.strip()}</figcaption></figure>" if said.strip() else f"<figure>{shown}</figure>"


def formula_image(manuscript: Manuscript, math: str, alt: str, *, display: bool = False, line: int = 0) -> str:
    """The picture of a `math` element, as markup; where it cannot be drawn its words stay, and that is said."""
    try:
        return from_mathml(math, alt, display)
    except Unreadable as problem:
        what, hint = f"a formula cannot be drawn: {problem}", "its words are kept"
        manuscript.report(Code.MATH_UNREADABLE, what, line=line, hint=hint)
        return f"<span>{escape(alt)}</span>"


def headline_from(text: str, most: int = 60) -> str:
    """A headline for a text that has none: its first sentence, or its first words, at most `most` characters."""
    first = re.split(r"(?<=[.!?…。！？])\s", " ".join(text.split()), maxsplit=1)[0]
    if len(first) <= most:
        return first.rstrip(".")
    return first[: most + 1].rpartition(" ")[0].rstrip(" ,;:–—-") + "…" if " " in first[: most + 1] else first[:most] + "…"


def json_of(manuscript: Manuscript) -> Any:
    """The values of a JSON manuscript. Raises PublisherError where it is broken."""
    try:
        return json.loads(manuscript.text())
    except (ValueError, RecursionError) as problem:
        what, line = str(problem).split(":")[0].lower(), getattr(problem, "lineno", 0)
        raise manuscript.error(Code.JSON, f"not JSON: {what}", line=line, hint="get the file again") from None

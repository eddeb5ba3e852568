"""Functions that several readers share: markup for paragraphs, figures and formulas, headlines, JSON."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from html import escape
from typing import Any, TypeAlias
from urllib.parse import unquote_to_bytes

from publisher.input.extent import too_deep
from publisher.input.manuscript import Manuscript
from publisher.input.xml import lowest_texts
from publisher.model.codes import Code
from publisher.text.characters import without_surrogates
from publisher.text.mathematics import FormulaError, from_mathml, from_tex

_DATA_URI = re.compile(r"data:(?P<type>[^,]*),(?P<data>.*)", re.DOTALL | re.IGNORECASE)


def paragraph_markup(text: str) -> str:
    """Plain text as paragraphs, separated by blank lines; if there are none, every line is a paragraph."""
    blocks = re.split(r"\n[ \t]*\n", text.strip()) if re.search(r"\n[ \t]*\n", text.strip()) else text.strip().split("\n")
    return "\n".join(f"<p>{escape(' '.join(block.split()))}</p>" for block in blocks if block.strip())


def word_list(element: Any) -> str:
    """The words of XML in an unsupported format: a list with an item for each element that has text of its own."""
    texts = list(lowest_texts(element))
    return "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>" if texts else ""


def data_uri(data: bytes, media_type: str) -> str:
    """The bytes of an image as a data URI, which stands in the page itself."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def data_uri_bytes(address: str) -> bytes:
    """The bytes that stand in a data URI (RFC 2397). Raises ValueError if it is none, or is broken."""
    match = _DATA_URI.fullmatch(address)
    if not match:
        raise ValueError("not a data URI")
    data = unquote_to_bytes(match["data"])
    return base64.b64decode(data) if "base64" in match["type"].lower() else data


def figure_markup(address: str, alt: str, caption: str = "", credit: str = "") -> str:
    """A figure with its caption and, behind it, its credit."""
    caption_markup = escape(caption)
    if credit and credit not in caption:
        caption_markup += f' <span class="credit">{escape(credit)}</span>'
    image = f'<img src="{escape(address, quote=True)}" alt="{escape(alt, quote=True)}"/>'
    return (
        f"<figure>{image}<figcaption>{caption_markup.strip()}</figcaption></figure>"
        if caption_markup.strip()
        else f"<figure>{image}</figure>"
    )


def formula_image(
    manuscript: Manuscript,
    math: str,
    words: str,
    *,
    description: str = "",
    tex: str = "",
    display: bool = False,
    line: int = 0,
    instead: str = "",
) -> str:
    """The markup of an image of a `math` element, or, if that cannot be drawn, of its source in TeX.

    Its alt text is the `description`, or the formula as one line of text. If neither source can be drawn, a diagnostic is
    reported, and the markup is `instead`, or the `words`.
    """
    try:
        return from_mathml(math, description, display)
    except FormulaError as problem:
        reason = str(problem)
        try:
            if tex:
                return from_tex(tex, display)
        except FormulaError as tex_problem:
            reason = f"neither its markup nor its TeX: {tex_problem}"
        message, hint = f"a formula cannot be drawn: {reason}", "correct the formula; its words are kept"
        manuscript.report(Code.MATH_UNREADABLE, message, line=line, hint=hint)
        return instead or f"<span>{escape(words)}</span>"


def headline_from(text: str, most: int = 60) -> str:
    """A headline for a text that has none: its first sentence, or its first words, with at most `most` characters."""
    first = re.split(r"(?<=[.!?…。！？])\s", " ".join(text.split()), maxsplit=1)[0]
    if len(first) <= most:
        return first.rstrip(".")
    return first[: most + 1].rpartition(" ")[0].rstrip(" ,;:–—-") + "…" if " " in first[: most + 1] else first[:most] + "…"


JsonText: TypeAlias = str | int | float | bool | None  # a text, or what programs write for one
JsonTexts: TypeAlias = JsonText | list[JsonText]  # the same, or its lines


def json_of(manuscript: Manuscript, shape: Any = Any) -> Any:
    """The values of a JSON manuscript, texts without lone surrogates.

    Raises PublisherError if it is not valid, or if a value is not of the type that `shape` gives for it (as TypedDict).
    """
    try:
        values = json.loads(manuscript.text(), strict=False)  # line breaks that a text has from U+2028 are allowed
        lone: list[str] = []
        values = _whole_texts(values, lone)
        manuscript.report_characters(lone)
    except RecursionError:
        raise too_deep(manuscript, "its arrays and objects are") from None
    except ValueError as problem:
        reason, line = str(problem).split(":")[0].lower(), getattr(problem, "lineno", 0)
        raise manuscript.error(Code.JSON, f"not valid JSON: {reason}", line=line, hint="get the file again") from None
    _check_types(manuscript, values, shape)
    return values


def objects_in(value: Any) -> list[dict[str, Any]]:
    """The objects in a list of a JSON file; none if it is no list."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def texts_in(value: Any) -> Iterator[str]:
    """The texts in a value of a JSON file, however deep."""
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts_in(part)


def _check_types(manuscript: Manuscript, values: Any, shape: Any) -> None:
    import msgspec

    try:
        msgspec.convert(values, shape)
    except msgspec.ValidationError as problem:
        message = f"the JSON has other values than its format: {problem}".replace("`", "")
        raise manuscript.error(Code.JSON, message, hint="get the file again") from None


def _whole_texts(value: Any, lone: list[str]) -> Any:
    """JSON values without lone surrogates, which are added to `lone`. Controls stay: notebooks have colors in them."""
    if isinstance(value, str):
        cleaned = without_surrogates(value)
        lone += [char for char, new in zip(value, cleaned, strict=True) if char != new]
        return cleaned
    if isinstance(value, list):
        return [_whole_texts(item, lone) for item in value]
    if isinstance(value, dict):
        return {_whole_texts(key, lone): _whole_texts(item, lone) for key, item in value.items()}
    return value

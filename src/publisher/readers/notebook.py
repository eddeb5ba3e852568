"""Jupyter notebooks (nbformat 3 and 4): text as Markdown, code as code blocks, each followed by its outputs and plots."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, TypedDict

from publisher.input.manuscript import Manuscript
from publisher.input.snippets import JsonText, JsonTexts, json_of
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.readers import markdown
from publisher.text.numbers import whole_number
from publisher.text.terminal import shown_text

_IMAGE_TYPES = ("image/png", "image/jpeg", "image/svg+xml", "image/gif", "image/webp")
# Outputs of nbformat 3 have their forms as keys of their own, by short names (nbformat, v4/convert.py).
_SHORT_NAMES = {
    "png": "image/png", "jpeg": "image/jpeg", "svg": "image/svg+xml", "html": "text/html", "markdown": "text/markdown",
    "latex": "text/latex",
}  # fmt: skip
_JSON = "application/json"
_LONGEST_JSON = 20_000  # characters; longer data is for programs
_Forms = TypedDict(  # type: ignore[misc]  # (names that are no identifiers)
    "_Forms",
    dict.fromkeys((*_IMAGE_TYPES, *_SHORT_NAMES, *_SHORT_NAMES.values(), "text/plain"), JsonTexts),
    total=False,
)


class _Output(_Forms, total=False):
    """What is read of the output of a cell. In nbformat 3 it has its forms itself."""

    data: _Forms | None
    text: JsonTexts
    ename: JsonTexts
    evalue: JsonTexts
    traceback: list[JsonText] | None


class _Cell(TypedDict, total=False):
    source: JsonTexts
    input: JsonTexts
    outputs: list[_Output | None] | None
    attachments: dict[str, dict[str, JsonTexts] | None] | None


class _Sheet(TypedDict, total=False):
    cells: list[_Cell | None] | None


class _Notebook(_Sheet, total=False):
    worksheets: list[_Sheet | None] | None
    metadata: dict[str, Any] | None


_UNSHOWN_HTML = re.compile(
    r"(?s)<!--.*?-->|<(script|style|template)\b.*?</\1\s*>|<(?!(?:img|svg|iframe|video|audio|math)\b)[^>]*>"
)


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """One article. Raises PublisherError if the notebook is broken or has no cells."""
    notebook = json_of(manuscript, _Notebook)
    cells = _cells(notebook)
    if not cells:
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, "the notebook has no cells")
    language = _language((notebook.get("metadata") or {}).get("language_info"))
    parts = (part for number, cell in enumerate(cells, 1) for part in _parts(manuscript, cell, f"cell {number}", language))
    return markdown.read(replace(manuscript, data="\n\n".join(parts).encode()))


def _language(info: Any) -> str:
    """The language of the code cells by the metadata of the kernel; Python, the usual one, if they do not name it."""
    names = str(info.get("name") or "").split() if isinstance(info, dict) else []
    return names[0] if names else "python"


def _cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    cells = notebook.get("cells")
    if cells is None:  # nbformat 3 has them in worksheets
        cells = [cell for sheet in notebook.get("worksheets") or [] if sheet for cell in sheet.get("cells") or []]
    return list(filter(None, cells))


def _parts(manuscript: Manuscript, cell: dict[str, Any], place: str, language: str) -> Iterator[str]:
    kind, source = cell.get("cell_type"), _join(cell.get("source") or cell.get("input"))
    if kind == "markdown":
        yield _embed_attachments(source, cell.get("attachments") or {})
    elif kind == "heading":
        yield f"{'#' * min(6, whole_number(str(cell.get('level')), 1))} {source}"
    elif source.strip():
        yield _code_block(source, language if kind == "code" else "")
    for output in _joined_streams(cell.get("outputs") or []):
        yield from _output(manuscript, output, place)


def _joined_streams(outputs: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Outputs, with what was printed to a stream in several pieces as one: a piece may go back to the start of a line."""
    joined: list[dict[str, Any]] = []
    for output in filter(None, outputs):
        stream = _stream(output)
        if stream and joined and _stream(joined[-1]) == stream:
            joined[-1] = joined[-1] | {"text": _join(joined[-1].get("text")) + _join(output.get("text"))}
        else:
            joined.append(output)
    return joined


def _stream(output: dict[str, Any]) -> str:
    return str(output.get("name") or output.get("stream") or "stdout") if output.get("output_type") == "stream" else ""


def _output(manuscript: Manuscript, output: dict[str, Any], place: str) -> Iterator[str]:
    """The richest form of an output that a page can show. If only text stands for other forms, these are named and recorded."""
    data = output.get("data")
    if not data:
        data = {kind: output[name] for name, kind in _SHORT_NAMES.items() if name in output}
    rich = _rich_form(data)
    if rich:
        yield rich
        return
    data_code = _data_code(data.get(_JSON))
    trace = output.get("traceback") or [": ".join(filter(None, map(_join, (output.get("ename"), output.get("evalue")))))]
    text = _join(data.get("text/plain") or output.get("text")) or "\n".join(map(str, trace))
    shown, overwritten = shown_text(text)
    for piece in overwritten:
        manuscript.remove("output that a terminal overwrites", piece, place)
    if data_code:
        manuscript.remove("another form of the same output", shown, place)
        yield data_code
    elif shown.strip():
        yield _code_block(shown, "text")
    unshown = {kind: form for kind, form in data.items() if kind != "text/plain" and not (kind == _JSON and data_code)}
    _report_unshown(manuscript, unshown, place, bool(shown.strip()))


def _rich_form(data: dict[str, Any]) -> str:
    """The Markdown of an image, a page or other markup; empty if an output has none of them, or a page that only scripts fill."""
    image_type = next((kind for kind in _IMAGE_TYPES if kind in data), "")
    if image_type:
        content = _join(data[image_type])
        alt = shown_text(_join(data.get("text/plain")))[0].strip("<>' \n") or "output"
        alt = re.sub(r"[\[\]\n]", " ", alt)
        if image_type == "image/svg+xml":
            import base64

            content = base64.b64encode(content.encode()).decode()
        return f"![{alt}](data:{image_type};base64,{''.join(content.split())})"
    html = _join(data.get("text/html"))
    if _UNSHOWN_HTML.sub("", html).strip():
        return re.sub(r"\n\s*\n", "\n", re.sub(r"(?s)<style.*?</style>", "", html))
    return next((text for kind in ("text/markdown", "text/latex") if (text := _join(data.get(kind))).strip()), "")


def _data_code(value: Any) -> str:
    """Data as a code block, if it is not too long to be read; empty otherwise."""
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return _code_block(text, "json") if len(text) <= _LONGEST_JSON else ""


def _report_unshown(manuscript: Manuscript, data: dict[str, Any], place: str, has_text: bool) -> None:
    """Names the forms of an output that need a program to be shown, and records their words or images."""
    for kind, value in data.items():
        is_image = kind.startswith("image/")
        words = "" if is_image or kind == "text/html" else _text_of(value)  # in a page that only scripts fill are no words
        manuscript.remove(f"output of type {kind}", words, place, images=int(is_image))
    kinds = " and ".join(sorted(data.keys() - {"text/html"}) or data)
    if kinds:
        hint = "its text stands in its place" if has_text else "save it as an image (PNG or SVG), or print it as text"
        message = f"{place}: the output of type {kinds} is left out: it cannot be printed"
        manuscript.report(Code.EMBEDDED_LEFT_OUT, message, hint=hint)


def _text_of(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _join(value: Any) -> str:
    """A text that may be cut into a list of lines, or be missing."""
    return "".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _code_block(text: str, language: str) -> str:
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def _embed_attachments(source: str, attachments: dict[str, Any]) -> str:
    for name, kinds in attachments.items():
        kind, content = next(iter((kinds or {}).items()), ("", ""))
        source = source.replace(f"attachment:{name}", f"data:{kind};base64,{''.join(_join(content).split())}")
    return source

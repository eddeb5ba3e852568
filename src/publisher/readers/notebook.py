"""Jupyter notebooks (nbformat 3 and 4): text as Markdown, code as code blocks, each followed by its outputs and plots."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from publisher.input.manuscript import Manuscript
from publisher.input.snippets import json_of
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.readers import markdown

_COLOR_CODES = re.compile(r"\x1b\[[0-9;]*m")
_IMAGE_TYPES = ("image/png", "image/jpeg", "image/svg+xml", "image/gif", "image/webp")
# Outputs of nbformat 3 have their forms as keys of their own, by short names (nbformat, v4/convert.py).
_SHORT_NAMES = {
    "png": "image/png", "jpeg": "image/jpeg", "svg": "image/svg+xml", "html": "text/html", "markdown": "text/markdown",
    "latex": "text/latex",
}  # fmt: skip


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """One article. Raises PublisherError if the notebook is broken or has no cells."""
    notebook = json_of(manuscript)
    cells = _cells(notebook) if isinstance(notebook, dict) else []
    if not cells:
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, "the notebook has no cells")
    language = str(((notebook.get("metadata") or {}).get("language_info") or {}).get("name") or "python")
    text = "\n\n".join(part for cell in cells for part in _parts(cell, language))
    return markdown.read(replace(manuscript, data=text.encode()))


def _cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    cells = notebook.get("cells")
    if cells is None:  # nbformat 3 has them in worksheets
        cells = [cell for sheet in notebook.get("worksheets") or [] for cell in sheet.get("cells") or []]
    return [cell for cell in cells if isinstance(cell, dict)]


def _parts(cell: dict[str, Any], language: str) -> Iterator[str]:
    kind, source = cell.get("cell_type"), _join(cell.get("source", cell.get("input", "")))
    if kind == "markdown":
        yield _embed_attachments(source, cell.get("attachments") or {})
    elif kind == "heading":
        yield f"{'#' * int(cell.get('level') or 1)} {source}"
    elif source.strip():
        yield _code_block(source, language if kind == "code" else "")
    for output in cell.get("outputs") or []:
        yield from _output(output)


def _output(output: dict[str, Any]) -> Iterator[str]:
    data = output.get("data") or {kind: output[name] for name, kind in _SHORT_NAMES.items() if name in output}
    image_type = next((kind for kind in _IMAGE_TYPES if kind in data), "")
    if image_type:
        content = _join(data[image_type])
        alt = _join(data.get("text/plain", "")).strip("<>' \n") or "output"
        alt = re.sub(r"[\[\]\n]", " ", alt)
        if image_type == "image/svg+xml":
            import base64

            content = base64.b64encode(content.encode()).decode()
        yield f"![{alt}](data:{image_type};base64,{''.join(content.split())})"
    elif "text/html" in data:
        yield re.sub(r"\n\s*\n", "\n", re.sub(r"(?s)<style.*?</style>", "", _join(data["text/html"])))
    elif "text/markdown" in data:
        yield _join(data["text/markdown"])
    elif "text/latex" in data:
        yield _join(data["text/latex"])
    else:
        trace = output.get("traceback") or []
        text = _join(data.get("text/plain", output.get("text", ""))) or "\n".join(trace)
        if text.strip():
            yield _code_block(_COLOR_CODES.sub("", text), "text")


def _join(value: Any) -> str:
    return "".join(map(str, value)) if isinstance(value, list) else str(value)


def _code_block(text: str, language: str) -> str:
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def _embed_attachments(source: str, attachments: dict[str, Any]) -> str:
    for name, kinds in attachments.items():
        kind, content = next(iter(kinds.items()), ("", ""))
        source = source.replace(f"attachment:{name}", f"data:{kind};base64,{''.join(_join(content).split())}")
    return source

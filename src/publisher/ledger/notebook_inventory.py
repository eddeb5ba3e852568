"""The inventory of a Jupyter notebook: the sources of all cells, and of each output its richest form (nbformat 4.5)."""

from __future__ import annotations

import json
import re
from typing import Any

from publisher.input.manuscript import Manuscript
from publisher.ledger.inventory import Inventory
from publisher.ledger.page_inventory import count_html
from publisher.ledger.text_inventory import count_markdown

_COLORS = re.compile(r"\x1b\[[0-9;]*m")
_OLD_IMAGES = ("png", "jpeg", "svg")  # keys of outputs in nbformat 3
_OLD_FORMS = (*_OLD_IMAGES, "html", "latex")


def of_notebook(manuscript: Manuscript) -> Inventory:
    """What the cells and their outputs hold."""
    inventory = Inventory()
    notebook = json.loads(manuscript.text(), strict=False)
    sheets = notebook.get("worksheets") or [notebook]  # nbformat 3 has worksheets
    cells = [cell for sheet in sheets for cell in sheet.get("cells") or [] if isinstance(cell, dict)]
    for number, cell in enumerate(cells, 1):
        place, source = f"cell {number}", _joined(cell.get("source", cell.get("input", "")))
        if cell.get("cell_type") == "markdown":
            count_markdown(source, inventory, place)
        else:
            inventory.add(place, source)
        for output in cell.get("outputs") or []:
            _count_output(output, inventory, f"output of {place}")
    return inventory


def _count_output(output: dict[str, Any], inventory: Inventory, place: str) -> None:
    forms = output.get("data") or {name: output[name] for name in _OLD_FORMS if name in output}
    if not isinstance(forms, dict) or not forms:
        inventory.add(place, _COLORS.sub("", _joined(output.get("text", "")) or "\n".join(output.get("traceback") or [])))
    elif any(kind.startswith("image/") or kind in _OLD_IMAGES for kind in forms):
        inventory.images.append(place)
    elif "text/html" in forms or "html" in forms:
        count_html(_joined(forms.get("text/html") or forms.get("html")), inventory, place)
    elif "text/markdown" in forms:
        count_markdown(_joined(forms["text/markdown"]), inventory, place)
    else:
        text = next((forms[kind] for kind in ("text/latex", "text/plain") if kind in forms), next(iter(forms.values())))
        inventory.add(place, _COLORS.sub("", _joined(text)))


def _joined(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

"""The inventory of a Jupyter notebook: the sources of all cells, and of each output its richest form (nbformat 4.5)."""

from __future__ import annotations

import json
import re
from typing import Any

from publisher.input.manuscript import Manuscript
from publisher.input.snippets import json_of
from publisher.ledger.inventory import Inventory
from publisher.ledger.page_inventory import count_html
from publisher.ledger.text_inventory import count_markdown

# Colors and addresses of links are no words; other sequences move the cursor, so that words end there.
_UNSEEN = re.compile(r"\x1b\[[0-9;:]*m|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
_MOVE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b.?|[\x00-\x08\x0b-\x1f]")
_OLD_IMAGES = ("png", "jpeg", "svg")  # keys of outputs in nbformat 3
_OLD_FORMS = (*_OLD_IMAGES, "html", "latex")


def of_notebook(manuscript: Manuscript) -> Inventory:
    """What the cells and their outputs hold."""
    inventory = Inventory()
    notebook = json_of(manuscript)
    sheets = notebook.get("worksheets") or [notebook]  # nbformat 3 has worksheets
    cells = [cell for sheet in sheets if sheet for cell in sheet.get("cells") or [] if cell]
    for number, cell in enumerate(cells, 1):
        place, source = f"cell {number}", _joined(cell.get("source") or cell.get("input") or "")
        if cell.get("cell_type") == "markdown":
            count_markdown(source, inventory, place)
        else:
            inventory.add(place, source)
        for output in filter(None, cell.get("outputs") or []):
            _count_output(output, inventory, f"output of {place}")
    return inventory


def _count_output(output: dict[str, Any], inventory: Inventory, place: str) -> None:
    forms = output.get("data") or {name: output[name] for name in _OLD_FORMS if name in output}
    if not forms:
        trace = output.get("traceback") or [output.get("ename") or "", output.get("evalue") or ""]
        inventory.add(place, _printed(_joined(output.get("text") or "") or "\n".join(map(str, trace))))
    elif any(kind.startswith("image/") or kind in _OLD_IMAGES for kind in forms):
        inventory.images.append(place)
    elif (markup := _of_markup(forms, place)).passages or markup.images:
        inventory.add_forms([markup])
    else:
        for kind in forms.keys() - {"text/html", "html"}:  # a page without words is scripts
            inventory.add(place, _printed(_joined(forms[kind])))


def _of_markup(forms: dict[str, Any], place: str) -> Inventory:
    """The inventory of the page in an output, else of its Markdown or TeX; without passages if it has none of them."""
    inventory = Inventory()
    count_html(_joined(forms.get("text/html") or forms.get("html") or ""), inventory, place)
    if not inventory.passages and not inventory.images:
        count_markdown(_joined(forms.get("text/markdown") or ""), inventory, place)
    if not inventory.passages and not inventory.images:
        inventory.add(place, _joined(forms.get("text/latex") or forms.get("latex") or ""))
    return inventory


def _printed(text: str) -> str:
    """What was printed, also what something else was printed over; a backspace takes back a character."""
    characters: list[str] = []
    for char in _UNSEEN.sub("", text):
        if char != "\b":
            characters.append(char)
        elif characters and characters[-1] != "\n":
            characters.pop()
    return _MOVE.sub("\n", "".join(characters))


def _joined(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

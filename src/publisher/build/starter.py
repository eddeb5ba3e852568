"""A starter edition: a manifest and two short articles that build at once, and show what can be said."""

from __future__ import annotations

from pathlib import Path

from publisher.model import disk
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError

_MANIFEST = """\
[edition]
title = "{title}"
subtitle = ""
language = "en"
# date = 2026-03-17            # else the newest article's date

[[section]]
title = "First section"
articles = [
  "first.md",
  {{ path = "wire.txt", source = {{ publication = "Example Agency", url = "https://example.org/wire" }} }},
]

[outputs."dist/brief.pdf"]
theme = "brief"
paper = "A4"

[outputs."dist/collection.epub"]
theme = "brief"
"""

_FIRST = """\
---
title: The first article
subtitle: Write it in Markdown; the front matter is its metadata
author: Your Name
---

Every outside link becomes a [numbered source](https://example.org/report) at the foot of the page.
A note of your own is written like this.[^own]

## A subheading

- a list
- another item

[^own]: It stands beside the sources, and leads back to its reference.
"""

_WIRE = """\
Wire copy is read as it comes

By Example Correspondent

EXAMPLE TOWN (EA) -- A headline, a byline and a dateline are found in plain text, and so is a subheading.

Bare lines between paragraphs

A short line without a full stop, with a paragraph before it and a longer paragraph after it, becomes a subheading. All \
the rest stays a paragraph, in order, and no word is lost.
"""


def write_starter(folder: Path) -> tuple[Path, ...]:
    """Writes the starter edition into `folder`. Raises PublisherError where there is one already."""
    if (folder / "publisher.toml").exists():
        raise PublisherError(
            Diagnostic(Code.EDITION_EXISTS, "this folder already contains an edition", Location(str(folder / "publisher.toml")))
        )
    title = folder.resolve().name.replace("-", " ").replace("_", " ").replace('"', "").replace("\\", "").capitalize()
    texts = {"publisher.toml": _MANIFEST.format(title=title or "Brief"), "first.md": _FIRST, "wire.txt": _WIRE}
    disk.write({folder / name: text.encode() for name, text in texts.items()})
    return tuple(folder / name for name in texts)

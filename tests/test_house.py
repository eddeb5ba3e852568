"""The house stands: files import only from floors below them, and nothing goes in a circle (DESIGN, the house)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "publisher"

# From the ground up; a module's floor is that of the longest prefix listed.
FLOORS = {
    0: [
        "limits",
        "sniffing",
        "vocabulary",
        "extraction",
        "extraction.clutter",
        "extraction.phrases",
        "pdf_rules",
        "epub_rules",
        "diagnostics",
        "fingerprints",
        "cache",
        "files",
        "guesses",
        "charsets",
        "deadlines",
        "languages",
        "terms",
        "toml_lines",
    ],
    1: ["validators", "metadata", "extraction.leaves"],
    2: [
        "manuscript",
        "markup",
        "mathematics",
        "sources",
        "themes",
        "extraction.choice",
        "extraction.pictures",
        "extraction.figures",
        "extraction.drawings",
        "bylines",
        "extraction.linked",
    ],
    3: [
        "article",
        "extraction.seen",
        "extraction.saved",
        "extraction.votes",
        "extraction.places",
        "extraction.wholes",
        "fragments",
        "archives",
    ],
    4: [
        "edition",
        "extraction.choose",
        "extraction.facts",
        "extraction.cut",
        "mime",
        "omml",
        "pages",
        "passes",
        "reading",
        "crossrefs",
        "writers.pagebreaks",
        "writers.pdf.drawings",
    ],
    5: ["normalize", "readers", "writers.output", "writers.pdf.faces"],
    6: [
        "writers.matter",
        "writers.pdf.styles",
        "writers.pdf.upstream",
        "writers.pdf.halftones",
        "writers.pdf.leaves",
        "writers.pdf.sheets",
        "writers.pdf.archive",
        "writers.pdf.tree",
        "writers.epub.pagelist",
        "executors",
        "formats",
        "fetching",
        "fetching.net",
    ],
    7: [
        "writers.pdf.begins",
        "writers.pdf.tags",
        "writers.pdf.engine",
        "writers.epub.access",
        "writers.epub.chapter",
        "writers.epub.fonts",
        "writers.epub.pictures",
        "writers.epub.container",
        "intake",
        "fetching.robots",
        "fetching.snapshot",
    ],
    8: ["writers.pdf.typeset", "writers.cover", "fetching.run"],
    9: ["writers.pdf.bind", "writers.pdf.running", "writers.epub"],
    10: ["writers.pdf.keep"],
    11: ["writers.pdf", "manifest", "starter", "proof"],
    12: ["plan"],
    13: ["build"],
    14: ["cli"],
    15: ["__main__"],
}
SAME_FLOOR_ALLOWED = {
    ("cache", "files"),
    ("languages", "terms"),
    ("passes.frame", "passes.structure"),
    ("article", "markup"),
    ("readers.mhtml", "readers.html"),
    ("readers.feed", "readers.html"),
    ("readers.jsonfeed", "readers.html"),
    ("readers.ninjs", "readers.nitf"),
    ("readers.newsml", "readers.nitf"),
    ("readers.notebook", "readers.markdown"),
}


def floor(module: str) -> int:
    named = [
        (len(prefix), level) for level, names in FLOORS.items() for prefix in names if (module + ".").startswith(prefix + ".")
    ]
    assert named, f"{module} has no floor: add it to FLOORS"
    return max(named)[1]


def modules() -> dict[str, Path]:
    found = {}
    for path in SOURCE.rglob("*.py"):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return {name: path for name, path in found.items() if name not in ("", "readers", "passes", "writers")}


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("publisher"):
            base = (node.module or "").removeprefix("publisher").removeprefix(".")
            for alias in node.names:
                joined = f"{base}.{alias.name}".strip(".")
                found.add(joined if joined in modules() else base)
    return found - {""}


@pytest.mark.parametrize("module", sorted(modules()))
def test_a_file_imports_only_from_floors_below(module: str) -> None:
    for imported in imports(modules()[module]):
        if (module, imported) not in SAME_FLOOR_ALLOWED:
            assert floor(imported) < floor(module), (
                f"{module} (floor {floor(module)}) imports {imported} (floor {floor(imported)})"
            )


def test_no_import_goes_in_a_circle() -> None:
    graph = {name: imports(path) for name, path in modules().items()}

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join([*trail, name])
        for imported in graph.get(name, ()):
            visit(imported, (*trail, name))

    for name in graph:
        visit(name, ())


def test_weasyprint_is_imported_by_the_engine_and_what_mends_it_alone() -> None:
    users = {name for name, path in modules().items() if "import weasyprint" in path.read_text("utf-8")}
    assert users == {"writers.pdf.engine", "writers.pdf.upstream"}

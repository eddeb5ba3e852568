"""The house stands: packages import downward (the contracts in pyproject.toml), and heavy libraries have one place each."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.conftest import ROOT

SOURCE = ROOT / "src" / "publisher"


def test_packages_import_downward() -> None:
    run = subprocess.run([Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


def test_an_import_that_goes_upward_is_noticed(tmp_path: Path) -> None:
    """The contracts themselves, over a copy of the source in which one file imports from above."""
    import shutil

    shutil.copytree(SOURCE, tmp_path / "publisher", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    limits = tmp_path / "publisher" / "model" / "limits.py"
    limits.write_text(limits.read_text() + "\nfrom publisher.build import plan\n")
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1 and "publisher.model.limits -> publisher.build.plan" in run.stdout


def test_the_top_folder_holds_packages_only() -> None:
    assert {path.name for path in SOURCE.glob("*.py")} == {"__init__.py", "__main__.py"}


@pytest.mark.parametrize(
    ("library", "users"),
    [
        (
            "weasyprint",
            {
                f"writers/pdf/{name}.py"
                for name in (
                    "balanced_lines",
                    "break_marks",
                    "break_rules",
                    "column_layout",
                    "engine",
                    "fitted_code",
                    "font_configuration",
                    "grapheme_text",
                    "line_comparison",
                    "line_drawing",
                    "lines",
                    "shaped_text",
                    "text_lines",
                    "margin_artifacts",
                    "native_libraries",
                    "margin_boxes",
                    "page_starts",
                    "page_text",
                    "rule_effects",
                    "shared_styles",
                    "text_layouts",
                    "used_lengths",
                    "weasyprint_patches",
                )
            },
        ),
        ("httpx", {"fetching/credentials.py", "fetching/net.py", "fetching/transport.py"}),
    ],
)
def test_a_library_with_one_place_is_imported_there_alone(library: str, users: set[str]) -> None:
    assert {str(path.relative_to(SOURCE)) for path in SOURCE.rglob("*.py") if library in imported(path)} == users


def imported(path: Path) -> set[str]:
    """The top names of the packages that a file imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


def test_every_library_that_is_imported_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [
        requirement
        for extra in ("check", "citations", "dask", "languages", "outlook", "sign")
        for requirement in project["optional-dependencies"][extra]
    ]
    declared = {Requirement(line).name.lower() for line in [*project["dependencies"], *extras]}
    providers = packages_distributions()
    for path in SOURCE.rglob("*.py"):
        for name in imported(path) - set(sys.stdlib_module_names) - {"publisher"}:
            assert {provider.lower().replace("_", "-") for provider in providers.get(name, ["nobody"])} & declared, (
                f"{path.name} imports {name}"
            )

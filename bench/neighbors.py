"""The other tools that set the same articles, and why a tool cannot be measured here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import pikepdf

from process_tree import Figure, measured
from turns import Case

WEASYPRINT = "weasyprint"
TYPST = "pandoc + typst, PDF"
PANDOC = "pandoc, EPUB"
_PERCOLLATE = "percollate"
_HINT = "tools/set-up.sh bench installs it"
ROOT = Path(__file__).parents[1]


def neighbors(folder: Path) -> tuple[dict[str, Case], dict[str, str]]:
    """The cases of the tools that are here, and what is missing for the others."""
    cases: dict[str, Case] = {}
    missing: dict[str, str] = {}
    finders: dict[str, Callable[[Path], Case | str]] = {
        WEASYPRINT: _weasyprint,
        TYPST: _typst,
        PANDOC: _pandoc_epub,
        _PERCOLLATE: _percollate,
    }
    for name, finder in finders.items():
        found = finder(folder)
        if isinstance(found, str):
            missing[name] = found
        else:
            cases[name] = found
    return cases, missing


def versions() -> dict[str, str]:
    """The versions of the tools that are here; the number of this project is that of its package."""
    found = {"python": ".".join(map(str, sys.version_info[:3]))}
    for name, package in (("publisher", "publisher-toolchain"), (WEASYPRINT, WEASYPRINT), ("typst", "typst")):
        try:
            found[name] = version(package)
        except PackageNotFoundError:
            continue
    if pandoc := _pandoc():
        first = subprocess.run([pandoc, "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]
        found["pandoc"] = first.split()[-1]
    return found


def with_pages(figure: Figure, path: Path) -> Figure:
    """The figure with the pages of a finished PDF."""
    with pikepdf.open(path) as pdf:
        return replace(figure, pages=len(pdf.pages))


def weasyprint_command(page: str, output: str) -> list[str]:
    """The command that WeasyPrint is measured by."""
    return [sys.executable, "-m", "weasyprint", "-q", "--pdf-tags", page, output]


def _weasyprint(folder: Path) -> Case | str:
    return lambda: with_pages(measured(weasyprint_command("peer.html", "peer.pdf"), folder), folder / "peer.pdf")


def _pandoc() -> str | None:
    """The pandoc of pypandoc-binary, else that of the machine."""
    try:
        import pypandoc

        return str(pypandoc.get_pandoc_path())
    except (ImportError, OSError):
        return shutil.which("pandoc")


def _typst(folder: Path) -> Case | str:
    pandoc, program = _pandoc(), shutil.which("typst")
    if pandoc is None:
        return f"pandoc is not installed ({_HINT})"
    to_typst = [pandoc, "-s", "peer-pandoc.html", "-t", "typst", "-o", "peer.typ"]
    if find_spec("typst"):
        compiled = "typst.compile('peer.typ', output='typst.pdf')"
        script = f"import subprocess, typst; subprocess.run({to_typst!r}, check=True); {compiled}"
    elif program:
        both = f"for command in ({to_typst!r}, {[program, 'compile', 'peer.typ', 'typst.pdf']!r}):"
        script = f"import subprocess\n{both} subprocess.run(command, check=True)"
    else:
        return f"typst is not installed ({_HINT})"
    return lambda: with_pages(measured([sys.executable, "-c", script], folder), folder / "typst.pdf")


def _pandoc_epub(folder: Path) -> Case | str:
    pandoc = _pandoc()
    if pandoc is None:
        return f"pandoc is not installed ({_HINT})"
    return lambda: measured([pandoc, "-s", "--toc", "peer-pandoc.html", "-o", "pandoc.epub"], folder)


def _percollate(folder: Path) -> Case | str:
    chromium, npm = shutil.which("chromium"), shutil.which("npm")
    if not (chromium and npm):
        return "it needs npm and chromium"
    home = ROOT / ".venv" / "percollate"
    program = home / "node_modules" / ".bin" / "percollate"
    if not program.exists():
        environment = {**os.environ, "PUPPETEER_SKIP_DOWNLOAD": "1"}
        install = [npm, "install", "--silent", "--no-save", "--prefix", str(home), "percollate"]
        subprocess.run(install, env=environment, check=False, capture_output=True)
    if not program.exists():
        return "npm could not install it"
    os.environ["PUPPETEER_EXECUTABLE_PATH"] = chromium
    command = [str(program), "pdf", "--no-sandbox", "-o", "percollate.pdf", "peer-pandoc.html"]
    return lambda: with_pages(measured(command, folder), folder / "percollate.pdf")

"""Another version of WeasyPrint, pydyf or Pyphen: the PDF is made, claims nothing that it does not hold, and says so."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from tests.conftest import ROOT, Run

pytestmark = pytest.mark.slow

ARTICLE = "# A headline\n\nWords with a [lock book](https://example.org/one) and a footnote.[^1]\n\n[^1]: The footnote.\n"
BUILD = """
import sys, importlib
module, version = sys.argv[1:3]
library = importlib.import_module(module)
library.__version__ = library.VERSION = version
from publisher.cli import main
sys.exit(main(["build", "a.md", "-o", "a.pdf", "--cache", "cache", *sys.argv[3:]]))
"""


def build(module: str, version: str, *options: str) -> subprocess.CompletedProcess[str]:
    """A build in a process in which the library has another version."""
    return subprocess.run([sys.executable, "-c", BUILD, module, version, *options], capture_output=True, text=True)


@pytest.mark.parametrize(("module", "version"), [("weasyprint", "70.1"), ("weasyprint", "71.0"), ("pydyf", "0.99.0")])
def test_with_another_version_the_pdf_is_made_without_a_claim_and_a_warning_says_so(
    module: str, version: str, edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    home = edition({"a.md": ARTICLE})
    run = build(module, version)
    assert run.returncode == 0, run.stderr
    assert f"warning: {module} {version}: the correction" in run.stderr and "[engine-unknown]" in run.stderr
    with pikepdf.open(home / "a.pdf") as pdf:
        meta = pdf.open_metadata()
        assert "pdfaid:part" not in meta and "{http://www.aiim.org/pdfua/ns/id/}part" not in meta
        assert "/StructTreeRoot" in pdf.Root
    check = publisher("check", "a.pdf")
    assert check.code == 1 and "does not claim PDF/UA-1 [ua-06-002]" in check.err
    if module == "weasyprint":  # its structure elements do not know their HTML: no Note, no Reference
        assert "[pdf-note-untagged]" in check.err
    assert build(module, version, "--strict").returncode == 3


def test_what_was_made_with_another_version_is_made_anew_with_the_right_one(
    edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    edition({"a.md": ARTICLE})
    assert "[engine-unknown]" in build("weasyprint", "70.1").stderr
    run = publisher("build", "a.md", "-o", "a.pdf", "--no-cache")
    assert run.code == 0 and not run.err
    assert publisher("check", "a.pdf").code == 0


def test_another_pyphen_hyphenates_as_it_likes_and_claims_stay(
    edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    edition({"a.md": ARTICLE})
    run = build("pyphen", "9.0")
    assert run.returncode == 0 and "the PDF is made without it [engine-unknown]" in run.stderr
    assert publisher("check", "a.pdf").code == 0


def test_each_correction_has_its_proposal() -> None:
    from publisher.writers.pdf.weasyprint_patches import PATCHES

    # The first is in text/ziamath_patches.py, the second in native_declarations.py.
    names = {"formula-heights", "declarations", *(patch.name for patch in PATCHES)}
    assert {f"{name}.md" for name in names} == {path.name for path in (ROOT / "docs" / "upstream").glob("*.md")}


def test_a_correction_that_takes_no_effect_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    from weasyprint.pdf import tags

    from publisher.writers.pdf import engine, weasyprint_patches

    assert weasyprint_patches.missing() == [] and engine.claims_hold()
    monkeypatch.setattr(tags, "_build_box_tree", weasyprint_patches._build)
    assert [patch.name for patch in weasyprint_patches.missing()] == ["html-elements"] and not engine.claims_hold()


def test_the_wheel_asks_for_the_versions_that_the_corrections_know() -> None:
    import tomllib

    from packaging.requirements import Requirement

    from publisher.writers.pdf.weasyprint_patches import PATCHES

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {requirement.name: requirement.specifier for requirement in map(Requirement, project["dependencies"])}
    for patch in PATCHES:
        assert any(wanted[patch.library.__name__].contains(f"{version}.0") for version in patch.versions), patch.name
    assert str(wanted["weasyprint"]) == "<71,>=70.0"


def test_a_text_fits_in_a_line_without_the_space_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The width of the line grows past that of the text: the first line never falls back to a word or two of six."""
    from weasyprint.layout import inline

    from publisher.writers.pdf import weasyprint_patches

    good = [_first_line(width) for width in range(200, 300, 2)]
    assert good == sorted(good) and good[0] >= 4 and good[-1] == 6
    monkeypatch.setattr(inline, "split_first_line", weasyprint_patches._split_first_line)
    bad = [_first_line(width) for width in range(200, 300, 2)]
    assert 1 in bad, "WeasyPrint has the condition now: the correction can go"


def _first_line(width: int) -> int:
    """The words in the first line of a text of six words before an emphasized one, in a line of so many pixels."""
    from weasyprint import HTML

    import publisher.writers.pdf.engine  # noqa: F401 (it applies the corrections)

    style = f"font: 12px/15px serif; width: {width}px; hyphens: none"
    html = f'<p style="{style}">Satellite operators file for their protection, <em>Harbor Ledger of the upland</em>.</p>'
    page = HTML(string=html).render().pages[0]
    line = next(box for box in page._page_box.descendants() if type(box).__name__ == "LineBox")
    words = "".join(box.text for box in line.descendants() if hasattr(box, "text")).split()
    return len(words[: words.index("protection,") + 1 if "protection," in words else None])


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other names")
def test_weasyprint_finds_its_libraries_without_a_search() -> None:
    code = (
        "import ctypes.util; searched = []; search = ctypes.util.find_library\n"
        "ctypes.util.find_library = lambda name: searched.append(name)\n"
        "from publisher.writers.pdf import engine\n"
        "assert not searched and ctypes.util.find_library is not search, searched"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    code = (
        "import ctypes, ctypes.util; load, asked = ctypes.CDLL, []\n"
        "def refuse(name, *rest, **options):\n"
        "    if str(name).startswith('libpangoft2'): raise OSError(name)\n"
        "    return load(name, *rest, **options)\n"
        "ctypes.CDLL = refuse; search = ctypes.util.find_library\n"
        "ctypes.util.find_library = lambda name: (asked.append(name), search(name))[1]\n"
        "from publisher.writers.pdf import engine\n"
        "assert asked"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


MARGINS = """
@page { size: 300px; margin: 50px; @top-left { content: "left" } @top-right { min-width: 90px } @bottom-center { color: red } }
p { break-before: page }
"""


def test_a_margin_box_without_content_has_no_style_and_the_pages_stay_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    from weasyprint import CSS, HTML
    from weasyprint.css import StyleFor

    import publisher.writers.pdf.engine  # noqa: F401 (it applies the corrections)
    from publisher.writers.pdf import margin_boxes

    def draw() -> tuple[bytes, set[str]]:
        computed = set[str]()
        compute = StyleFor.set_computed_styles

        def listen(*arguments: object, **context: object) -> None:
            computed.add(str(context.get("pseudo_type")))
            compute(*arguments, **context)

        with monkeypatch.context() as patch:
            patch.setattr(StyleFor, "set_computed_styles", listen)
            html = HTML(string="<p>Locks</p><p>Weirs</p><p>Gates</p>")
            pdf = html.write_pdf(stylesheets=[CSS(string=MARGINS)], pdf_identifier=b"margins")
        return bytes(pdf), {name for name in computed if name.startswith("@")}

    pdf, computed = draw()
    assert computed == {"@top-left", "@top-right", "@footnote", "@note-area"}
    monkeypatch.setattr(StyleFor, "add_page_declarations", margin_boxes._add_page_declarations)
    original, computed = draw()
    assert original == pdf and len(computed) == 18

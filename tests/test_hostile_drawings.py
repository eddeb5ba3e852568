"""Drawings (SVG) of strangers: what is left of them is still, reaches nothing, and leads nowhere, also when it is opened alone.

The drawings are in tests/hostile/drawings.py. Each comes as a file, and inside a page.
"""

from __future__ import annotations

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import lxml.etree
import pytest

from publisher.build.ingest import articles_of
from publisher.checks.validators import browser
from publisher.input.manuscript import Manuscript
from publisher.input.raster import ImageError
from publisher.input.svg import clean_svg
from publisher.input.svg_vocabulary import ATTRIBUTES, ELEMENTS, PRESENTATION_ATTRIBUTES
from publisher.model.markup import xhtml
from publisher.text.mathematics import _ATTRIBUTES as FORMULA_ATTRIBUTES
from publisher.text.mathematics import _ELEMENTS as FORMULA_ELEMENTS
from tests.conftest import ROOT
from tests.hostile.drawings import MATHML, SVG, XLINK, drawings
from tests.hostile.judge import active_parts
from tests.reader_samples import PROSE

# Those that are refused as a whole, with a message: not well-formed without what lies outside, no SVG, or drawn without end.
REFUSED = {
    "handler by entity",
    "use of itself",
    "use in a circle",
    "external entity",
    "entity of a file",
    "parameter entity",
    "root of HTML",
    "not well-formed",
}


@cache
def cleaned() -> dict[str, bytes]:
    found = {}
    for name, text in drawings().items():
        try:
            found[name] = clean_svg(text.encode()).data
        except ImageError:
            assert name in REFUSED, name
    return found


def stray_parts(svg: bytes) -> list[str]:
    """What of a drawing is not in the vocabulary, is an address outside of it, or stands outside of its root."""
    root = lxml.etree.fromstring(svg)
    found = [] if svg.count(b"<?") == 1 and b"<!" not in svg else ["a declaration"]
    for element in root.iter():
        name = lxml.etree.QName(element) if isinstance(element.tag, str) else None
        is_formula = name is not None and name.namespace == MATHML
        if name is None or name.localname not in (_FORMULA_NAMES if is_formula else _NAMES):
            found.append(str(element))
        for key, value in element.attrib.items():
            known = key in (_FORMULA_KEYS if is_formula else _KEYS)
            if key == f"{{{XLINK}}}href":
                known = value.startswith(("#", "data:image/png;", "data:image/jpeg;", "data:image/gif;"))
            if not known or "url(" in value.replace("url(#", ""):
                found.append(f"{key}={value}")
    return found


_NAMES = ELEMENTS | {"style", "image", "metadata"}
_KEYS = ATTRIBUTES | PRESENTATION_ATTRIBUTES | {"style"}
_FORMULA_NAMES, _FORMULA_KEYS = FORMULA_ELEMENTS | {"semantics", "annotation"}, FORMULA_ATTRIBUTES | {"encoding"}


def opened_alone(files: dict[str, str | bytes], folder: Path) -> list[dict[str, Any]]:
    """What each drawing does when it is opened by itself in Chromium."""
    folder.mkdir()
    for number, data in enumerate(files.values()):
        (folder / f"{number:03}.svg").write_bytes(data.encode() if isinstance(data, str) else data)
    command = ["node", ROOT / "tests" / "reading" / "open.mjs", folder]
    run = subprocess.run(command, capture_output=True, text=True, timeout=600, env={**os.environ, **browser()})
    assert run.returncode == 0, run.stderr
    did: list[dict[str, Any]] = json.loads(run.stdout)
    assert len(did) == len(files)
    return [{**one, "name": list(files)[int(one["name"][:3])]} for one in did]


def test_a_drawing_has_only_what_its_vocabulary_has() -> None:
    assert len(drawings()) >= 220 and len(cleaned()) == len(drawings()) - len(REFUSED)
    found = {name: parts for name, svg in cleaned().items() if (parts := stray_parts(svg))}
    assert found == {}


def test_a_drawing_inside_a_page_has_only_what_its_vocabulary_has() -> None:
    shown = 0
    for name, text in drawings().items():
        svg = text[text.index("<svg") :] if "<svg" in text else text
        page = f"<html><body><article><h1>A</h1><p>{PROSE}</p>{svg}<p>{PROSE}</p></article></body></html>"
        (article,) = articles_of(Manuscript(Path("a.html"), page.encode(), name))
        for resource in article.resources:
            assert stray_parts(resource.data) == [], name
        shown += len(article.resources)
        assert list(active_parts(lxml.etree.fromstring(xhtml(article.root)))) == [], name
    assert shown > 100


def test_the_judge_sees_what_is_not_in_the_vocabulary() -> None:
    seen = [name for name, text in drawings().items() if name not in REFUSED and stray_parts(text.encode())]
    assert len(seen) >= 170


@pytest.mark.slow
def test_a_drawing_that_is_opened_alone_runs_nothing_and_reaches_nothing(tmp_path: Path) -> None:
    did = opened_alone(dict(cleaned()), tmp_path / "drawings")
    active = [one for one in did if one["requests"] or one["dialogs"] or one["fired"] or one["active"] or one["error"]]
    assert active == []


@pytest.mark.slow
def test_the_browser_does_run_them_before(tmp_path: Path) -> None:
    """Every seventh of the drawings as they came."""
    files = dict(list(drawings().items())[::7])
    did = opened_alone(dict(files), tmp_path / "drawings")
    assert sum(one["fired"] for one in did) >= 3 and sum(bool(one["requests"]) for one in did) >= 8
    assert sum(bool(one["active"]) for one in did) >= 15


def test_a_formula_in_a_drawing_is_cleaned_as_well() -> None:
    formula = (
        f"<math xmlns='{MATHML}'><mi href='javascript:x' onclick='x' style='x'>y</mi><script xmlns='{SVG}'>x</script></math>"
    )
    svg = f'<svg xmlns="{SVG}" width="9" height="9"><metadata>{formula}</metadata></svg>'
    assert b"<mi>y</mi>" in clean_svg(svg.encode()).data and b"script" not in clean_svg(svg.encode()).data

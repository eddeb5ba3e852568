"""Every rule sees its own failure, and nothing else in a good file: one breaking of a brief for each."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from publisher.checks.pdf_rules import RULES, Examined, failures
from tests.conftest import Run
from tests.test_brief import brief

pytestmark = pytest.mark.slow

FIXTURES = Path(__file__).parent / "pdf_rules"

ARTICLE = """---
lang: en
---

# A small brief[^2]

Words with a [link](https://example.org/one) and a note.[^1] And `code`.

## A subhead

| a | b |
| --- | --- |
| 1 | 2 |

- one
- two

![A red square](dot.png)

[^1]: The first note.

[^2]: The second note.
"""


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("good")
    Image.new("RGB", (40, 40), "red").save(folder / "dot.png")
    (folder / "a.md").write_text(ARTICLE, "utf-8")
    return brief(folder / "a.md").data


def _first(pdf: pikepdf.Pdf, kind: str) -> Any:
    return next(element for found, _, element in Examined(pdf).elements if found == kind)


def _link(pdf: pikepdf.Pdf) -> Any:
    return next(one for one in pdf.pages[0].Annots if one.Subtype == Name.Link)


def _meta(pdf: pikepdf.Pdf, old: bytes, new: bytes) -> None:
    data = pdf.Root.Metadata.read_bytes()
    assert old in data
    pdf.Root.Metadata.write(data.replace(old, new))


def _font(pdf: pikepdf.Pdf) -> Any:
    return next(one for one in pdf.objects if isinstance(one, Dictionary) and one.get("/Subtype") == Name.Type0)


def _no_fonts(pdf: pikepdf.Pdf) -> None:
    descriptor = _font(pdf).DescendantFonts[0].FontDescriptor
    for key in descriptor.keys() & {"/FontFile2", "/FontFile3"}:
        del descriptor[key]


def _interpolated(pdf: pikepdf.Pdf) -> None:
    for one in pdf.objects:
        if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == Name.Image:
            one.Interpolate = True


def _same_notes(pdf: pikepdf.Pdf) -> None:
    notes = [element for kind, _, element in Examined(pdf).elements if kind == "Note"]
    notes[0].ID = notes[1].ID


def _unidentified(pdf: pikepdf.Pdf) -> None:
    del pdf.trailer["/ID"]


BREAKINGS: dict[str, Callable[[pikepdf.Pdf], Any]] = {
    "ua-01-005": lambda pdf: pdf.pages[0].contents_add(b"0 0 5 5 re f", prepend=True),
    "ua-02-001": lambda pdf: setattr(_first(pdf, "Code"), "S", Name.Listing),
    "ua-06-001": lambda pdf: pdf.Root.__delitem__("/Metadata"),
    "ua-06-002": lambda pdf: _meta(pdf, b"pdfuaid:part", b"pdfuaid:whole"),
    "ua-06-003": lambda pdf: _meta(pdf, b"dc:title", b"dc:source"),
    "ua-07-001": lambda pdf: pdf.Root.__delitem__("/ViewerPreferences"),
    "ua-09-004": lambda pdf: setattr(_first(pdf, "LI"), "S", Name.TBody),
    "ua-11-006": lambda pdf: pdf.Root.__delitem__("/Lang"),
    "ua-13-004": lambda pdf: _first(pdf, "Figure").__delitem__("/Alt"),
    "ua-14-003": lambda pdf: setattr(_first(pdf, "H2"), "S", Name.H4),
    "ua-15-003": lambda pdf: _first(pdf, "TH").__delitem__("/A"),
    "ua-19-003": lambda pdf: _first(pdf, "Note").__delitem__("/ID"),
    "ua-19-004": _same_notes,
    "ua-28-008": lambda pdf: pdf.pages[0].obj.__delitem__("/Tabs"),
    "ua-28-011": lambda pdf: setattr(_first(pdf, "Link"), "S", Name.Span),
    "ua-28-012": lambda pdf: _link(pdf).__delitem__("/Contents"),
    "ua-31-009": _no_fonts,
    "ua-31-027": lambda pdf: _font(pdf).__delitem__("/ToUnicode"),
    "a-6.1.3": _unidentified,
    "a-6.2.3": lambda pdf: pdf.Root.__delitem__("/OutputIntents"),
    "a-6.2.8": _interpolated,
    "a-6.3.2": lambda pdf: _link(pdf).__delitem__("/F"),
    "a-6.5.1": lambda pdf: setattr(_link(pdf), "A", Dictionary(S=Name.JavaScript, JS=String("1"))),
    "a-6.6.2.3": lambda pdf: _meta(pdf, b"pdfaExtension:schemas", b"pdfaExtension:nothing"),
    "a-6.6.4": lambda pdf: _meta(pdf, b">A</pdfaid:conformance>", b">Z</pdfaid:conformance>"),
    "a-6.8": lambda pdf: setattr(pdf.Root, "AF", Array()),
}


def test_a_good_file_fails_nothing(good: bytes) -> None:
    with pikepdf.open(io.BytesIO(good)) as pdf:
        assert list(failures(pdf)) == []


@pytest.mark.parametrize("number", BREAKINGS)
def test_a_broken_file_fails_its_own_rule_only(number: str, good: bytes, request: pytest.FixtureRequest) -> None:
    """The broken files stand in tests/pdf_rules, for `publisher check` and for other checkers; --update breaks them anew."""
    fixture = FIXTURES / f"{number}.pdf"
    with pikepdf.open(io.BytesIO(good)) as pdf:
        BREAKINGS[number](pdf)
        if request.config.getoption("--update"):
            pdf.save(fixture, static_id=True)
            if number == "a-6.1.3":  # pikepdf gives every file it writes an identifier
                fixture.write_bytes(fixture.read_bytes().replace(b"/ID", b"/XD"))
        assert {code for _, code in failures(pdf)} == {number}
    with pikepdf.open(fixture) as pdf:
        assert {code for _, code in failures(pdf)} == {number}


def test_a_file_closed_to_assistive_technology_fails(good: bytes) -> None:
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(good)) as pdf:
        pdf.save(
            locked,
            encryption=pikepdf.Encryption(
                owner="o", R=3, aes=False, metadata=False, allow=pikepdf.Permissions(accessibility=False)
            ),
        )
    with pikepdf.open(locked) as pdf:
        assert "ua-26-002" in {code for _, code in failures(pdf)}


def test_every_rule_has_its_breaking() -> None:
    assert RULES.keys() == BREAKINGS.keys() | {"ua-26-002"}


def test_check_names_the_rule(publisher: Callable[..., Run]) -> None:
    run = publisher("check", FIXTURES / "ua-13-004.pdf")
    assert run.code == 1 and "a figure has no alternative text [ua-13-004]" in run.err


def test_the_handbook_of_rules_names_each() -> None:
    page = (Path(__file__).parents[1] / "docs" / "pdf-rules.md").read_text("utf-8")
    rows = re.findall(r"^\| ((?:ua|a)-[^|]+) \|", page, re.MULTILINE)
    named = {f"{row[:5]}{part}" if part[0] == "-" else part for row in rows for part in row.split(", ")}
    assert named == RULES.keys()

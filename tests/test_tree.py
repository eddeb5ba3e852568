"""The structure tree of a brief: what a screen reader is told (ISO 14289-1, ISO 32000-1 14.7 and 14.8)."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from publisher.build.build import make
from publisher.build.plan import plan
from publisher.checks.validate import pdf_diagnostics
from publisher.writers.contract import Output
from tests.conftest import SAMPLE
from tests.test_brief import brief

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sample() -> Output:
    return brief(SAMPLE)


def _kinds(pdf: pikepdf.Pdf) -> Counter[str]:
    return Counter(str(one.S)[1:] for one in _elements(pdf))


def _elements(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every structure element, in reading order."""
    stack = [pdf.Root.StructTreeRoot.K[0]]
    while stack:
        one = stack.pop()
        if not isinstance(one, pikepdf.Dictionary) or "/S" not in one:
            continue
        yield one
        kids = one.get("/K", ())
        stack.extend(reversed(list(kids) if isinstance(kids, pikepdf.Array) else [kids]))


def test_the_tree_says_what_things_are(sample: Output) -> None:
    with pikepdf.open(io.BytesIO(sample.data)) as pdf:
        kinds = _kinds(pdf)
        parents = {(str(one.S), str(one.P.S)) for one in _elements(pdf) if "/P" in one and "/S" in one.P}
        languages = {str(one.Lang) for one in _elements(pdf) if "/Lang" in one}
    assert kinds["Art"] == 7 and kinds["TOC"] == 1 and kinds["Note"] > 25 and kinds["NonStruct"] == 0
    assert ("/TOCI", "/TOC") in parents and ("/Reference", "/TOCI") in parents and ("/Link", "/Reference") in parents
    assert ("/Lbl", "/Note") in parents and ("/Code", "/P") in parents and ("/P", "/BlockQuote") in parents
    assert {"en", "de"} <= languages


def test_every_call_and_number_is_a_link_in_the_tree_and_notes_end_their_article(sample: Output) -> None:
    with pikepdf.open(io.BytesIO(sample.data)) as pdf:
        notes = [one for one in _elements(pdf) if one.S == "/Note"]
        assert (
            len({str(one.ID) for one in notes})
            == len(notes)
            == len(pikepdf.NameTree(pdf.Root.StructTreeRoot.IDTree)) - _headers(pdf)
        )
        for note in notes:
            assert note.K[0].S == "/Lbl" and note.K[0].K[0].S == "/Link" and note.K[0].K[0].K[0].Type == "/OBJR"
            assert str(note.K[0].K[0].K[0].Obj.Dest).endswith(f".call-{str(note.ID).rpartition('-')[2]}")


def _headers(pdf: pikepdf.Pdf) -> int:
    return sum(1 for one in _elements(pdf) if one.S == "/TH" and "/ID" in one)


def test_what_a_page_break_cuts_is_whole_in_the_tree(edition: Callable[..., Path]) -> None:
    rows = "\n".join(f"| row {number} | {'words ' * 20} |" for number in range(60))
    long = f"# Long\n\n{'One paragraph that never ends. ' * 400}\n\n| a | b |\n| --- | --- |\n{rows}\n"
    with pikepdf.open(io.BytesIO(brief(edition({"long.md": long}) / "long.md").data)) as pdf:
        assert len(pdf.pages) > 5
        kinds = _kinds(pdf)
        assert list(pdf_diagnostics(pdf)) == []
    assert (kinds["Table"], kinds["THead"], kinds["TR"], kinds["TH"]) == (1, 1, 61, 2)
    assert kinds["Art"] == 1 and kinds["P"] < 8


def test_whatever_stands_in_a_list_item_is_in_its_body(edition: Callable[..., Path]) -> None:
    items = "<li><p>one</p></li><li>text<p>then a paragraph</p>tail</li><li><blockquote><p>quoted</p></blockquote></li>"
    terms = "<dl><dt>Term</dt><dd><p>Its meaning.</p><p>More.</p></dd></dl>"
    path = edition({"a.html": f"<article><h1>A</h1><ol>{items}<li>with<ul><li>a list</li></ul></li></ol>{terms}</article>"})
    with pikepdf.open(io.BytesIO(brief(path / "a.html").data)) as pdf:
        assert list(pdf_diagnostics(pdf)) == []
        assert {str(kid.S) for element in _elements(pdf) if element.S == "/LI" for kid in element.K} <= {"/Lbl", "/LBody", "/L"}


def test_a_picture_without_words_is_an_artifact(edition: Callable[..., Path]) -> None:
    path = edition({"a.md": "# A\n\nWords.\n\n![](dot.png)\n\n![A dot](dot.png)\n"})
    Image.new("RGB", (40, 40), "red").save(path / "dot.png")
    with pikepdf.open(io.BytesIO(brief(path / "a.md").data)) as pdf:
        figures = [str(one.Alt) for one in _elements(pdf) if one.S == "/Figure"]
        assert list(pdf_diagnostics(pdf)) == []
    assert figures == ["A dot"]


def test_the_file_is_an_archive_with_what_it_is_made_of(sample: Output) -> None:
    with pikepdf.open(io.BytesIO(sample.data)) as pdf:
        meta = pdf.open_metadata()
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("3", "A")
        assert b"pdfaExtension:schemas" in pdf.Root.Metadata.read_bytes()
        enclosed = {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}
        assert len(pdf.Root.AF) == len(enclosed) == 9
        assert {str(one.AFRelationship) for one in pdf.Root.AF} == {"/Source", "/Data"}
        assert pdf.Root.OutputIntents[0].DestOutputProfile.N == 3
    assert enclosed["publisher.toml"] == (SAMPLE / "publisher.toml").read_bytes()
    assert enclosed["upland-dam.xhtml"].startswith(b"<article")
    known = {one["id"]: one for one in json.loads(enclosed["sources.csl.json"])}
    wire = next(one for one in known.values() if one["URL"].endswith("upland-dam-early-release"))
    assert wire["author"] == [{"literal": "Ida Merrow"}] and wire["issued"] == {"date-parts": [[2026, 3, 16]]}


def test_the_manifest_may_ask_for_less(edition: Callable[..., Path]) -> None:
    manifest = '[edition]\ntitle = "T"\n[[section]]\narticles = ["a.md"]\n[outputs."x.pdf"]\nvariant = "pdf/ua-1"\n'
    folder = edition({"a.md": "# A\n\nWords.\n", "publisher.toml": manifest})
    (output,) = make(plan([folder], [])).outputs.values()
    with pikepdf.open(io.BytesIO(output.data)) as pdf:
        assert "/AF" not in pdf.Root and "pdfaid:part" not in pdf.open_metadata()
        assert str(pdf.open_metadata()["{http://www.aiim.org/pdfua/ns/id/}part"]) == "1"


def test_what_stands_in_a_link_is_in_its_link_element(edition: Callable[..., Path]) -> None:
    folder = edition(
        {"a.md": "# A\n\nSee [`code`](https://example.org/x) and [![A dot](dot.png) *here*](https://example.org/y).\n"}
    )
    Image.new("RGB", (40, 40), "red").save(folder / "dot.png")
    with pikepdf.open(io.BytesIO(brief(folder / "a.md").data)) as pdf:
        assert list(pdf_diagnostics(pdf)) == []
        kinds = {(str(one.S), str(one.P.S)) for one in _elements(pdf) if "/S" in one.P}
    assert ("/Code", "/Link") in kinds and ("/Figure", "/Link") in kinds

"""The EPUB collection: valid, whole, the same twice, its notes linked both ways."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from publisher.build.build import assemble, make
from publisher.build.plan import plan
from publisher.checks.validate import validate
from publisher.model.codes import Code
from publisher.writers.contract import Output
from tests.conftest import SAMPLE, Run
from tests.note_links import followed_in_epub
from tests.strategies import FILES, Written

pytestmark = pytest.mark.slow
_FILES_OF_A_KIND = 16
XHTML = "{http://www.w3.org/1999/xhtml}"
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"


def collection(*inputs: Path) -> Output:
    (output,) = make(plan(list(inputs), [Path("book.epub")])).outputs.values()
    return output


def complaints_about(data: bytes, folder: Path) -> list[str]:
    """What EPUBCheck, Ace and the device rules say of a book."""
    path = folder / "checked.epub"
    path.write_bytes(data)
    return [str(diagnostic) for diagnostic in validate(path).diagnostics]


def chapters(data: bytes) -> dict[str, ElementTree.Element]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            name.removeprefix("EPUB/"): ElementTree.fromstring(archive.read(name))
            for name in archive.namelist()
            if name.endswith(".xhtml")
        }


@pytest.fixture(scope="module")
def sample() -> Output:
    return collection(SAMPLE)


def test_epubcheck_has_nothing_to_say_of_the_sample(sample: Output, tmp_path: Path, ace: None) -> None:
    assert complaints_about(sample.data, tmp_path) == []


def test_a_book_of_files_that_nobody_wrote_is_valid_and_the_same_twice(edition: Callable[..., Path], tmp_path: Path) -> None:
    home = edition({name: data for kind, files in FILES.items() for name, data in drawn(kind, files)})
    book = collection(home)
    assert collection(home).data == book.data
    path = tmp_path / "checked.epub"
    path.write_bytes(book.data)
    verdict = validate(path)  # Ace, which minds the order of headings too, may be missing
    assert "EPUBCheck" in verdict.checkers
    assert [str(diagnostic) for diagnostic in verdict.diagnostics if diagnostic.code is not Code.CHECKER_MISSING] == []


def drawn(kind: str, files: st.SearchStrategy[Written]) -> list[tuple[str, bytes]]:
    """Examples of a strategy, always the same, by names of their own."""
    examples: list[Written] = []

    @given(files)
    @settings(max_examples=_FILES_OF_A_KIND, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
    def collect(written: Written) -> None:
        examples.append(written)

    collect()
    return [(f"{kind.lower()}-{number}{Path(written.name).suffix}", written.data) for number, written in enumerate(examples)]


def test_epubcheck_sees_a_broken_book(sample: Output, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sample.data)) as good, zipfile.ZipFile(buffer, "w") as bad:
        for item in good.infolist():
            bad.writestr(item, good.read(item).replace(b"</section>", b"", 1) if "upland" in item.filename else good.read(item))
    assert complaints_about(buffer.getvalue(), tmp_path)


def test_epubcheck_has_nothing_to_say_of_strange_content(edition: Callable[..., Path], tmp_path: Path, ace: None) -> None:
    strange = (
        """<html lang="xx_!"><body><article><h1>Strange &amp; <i>odd</i> 🌟</h1><p id="1 2">One<p id="1 2">two
    <ol reversed start=x type=q><li value=y>a<p>b</p></li>loose<div>item</div></ol><dl><dd>no term</dd></dl>
    <table><caption>C</caption><tr><td colspan=99999 headers=h>x<td align=right>y</table><b><h4>block</h4></b>
    <a href="http://exa mple.org/ä b?x=<y>">odd</a> <a href="https://example.org/ä b?x=<y>">good</a> <a href="http://">none</a>
    <figure><figcaption>first</figcaption>text</figure><time>noon</time><q cite="::">q</q><ruby>漢<rt>kan</rt></ruby>
    <blockquote>bare <p>and not</p></blockquote><pre>a <div>b</div></pre><bdo>x</bdo>
    a<wbr>long<wbr class=x>word <ins><p>in</p></ins>"""
        + "x" * 5000
    )
    edition(
        {
            "a.html": strange,
            "c.md": "# 🌊 水位は上がる\n\n" + "水" * 3000 + " مرحبا [שלום](https://example.org/ש) 漢字[^1]\n\n[^1]: הערה 注\n",
            "b.md": "# B\n\n" + "".join(f"w[^{n}] " for n in range(300)) + "".join(f"\n\n[^{n}]: n{n}" for n in range(300)),
        }
    )
    assert complaints_about(collection(Path()).data, tmp_path) == []


WEEK = """[edition]
title = "Lock log"
date = 2026-03-{day}
series = "The lock"
publisher = "Canal House"

[[section]]
title = "Gates"
articles = ["{day}.md"]

[[section]]
title = "Water"
articles = ["w{day}.md"]
"""


def test_several_editions_become_one_volume_with_a_part_for_each(
    edition: Callable[..., Path], publisher: Callable[..., Run], ace: None
) -> None:
    files = {f"march-{day}.toml": WEEK.format(day=day) for day in (16, 17)}
    files |= {f"{mark}{day}.md": f"# {mark or 'g'} of {day}\n\nThe gate opened.\n" for day in (16, 17) for mark in ("", "w")}
    home = edition({f"week/{name}": text for name, text in files.items()})
    run = publisher("build", "week/march-16.toml", "week/march-17.toml", "-o", "week.epub", "-o", "week.pdf")
    assert run.code == 0, run.err
    with zipfile.ZipFile(home / "week.epub") as archive:
        nav = ElementTree.fromstring(archive.read("EPUB/nav.xhtml"))
        package = archive.read("EPUB/content.opf").decode()
    contents = next(one for one in nav.iter(f"{XHTML}nav") if one.get("id") == "toc")

    def outline(lists: ElementTree.Element) -> list[object]:
        found = []
        for item in lists:
            below = item.find(f"{XHTML}ol")
            found.append((item[0].text, outline(below)) if below is not None else item[0].text)
        return found

    days = [(f"March {day}, 2026", [("Gates", [f"g of {day}"]), ("Water", [f"w of {day}"])]) for day in (16, 17)]
    assert outline(contents[1])[:2] == days
    assert "<dc:title>The lock</dc:title>" in package.replace(' id="title"', "") and "Canal House" in package
    assert "March 16, 2026 – March 17, 2026" in zipfile.ZipFile(home / "week.epub").read("EPUB/title.xhtml").decode()
    verdict = validate(home / "week.epub", ("ace", "epubcheck"))
    assert (verdict.diagnostics, verdict.checkers) == ((), ("publisher's rules", "EPUBCheck", "Ace"))
    assert validate(home / "week.pdf").diagnostics == ()


def test_a_fault_in_one_edition_of_a_volume_is_named_with_its_own_manifest(
    edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    text = "# A\n\nText.\n"
    edition({"mo.toml": WEEK.format(day=16), "tu.toml": WEEK.format(day=17), "16.md": text, "w16.md": text})
    run = publisher("build", "mo.toml", "tu.toml", "-o", "week.epub")
    assert run.code == 1
    assert "tu.toml:9: error: file not found: 17.md" in run.err and "tu.toml:13: error: file not found: w17.md" in run.err


def test_two_builds_are_the_same_bytes(sample: Output) -> None:
    assert collection(SAMPLE).data == sample.data


def test_the_words_of_the_tree_are_the_words_of_the_chapter(sample: Output) -> None:
    edition, _ = assemble(plan([SAMPLE], []))
    books = chapters(sample.data)
    for entry in edition.entries:
        wanted = re.findall(r"\w+", "".join(ElementTree.fromstring(entry.xhtml).itertext()))
        found = re.findall(r"\w+", "".join(books[f"{entry.slug}.xhtml"].itertext()))
        assert [word for word in set(wanted) if wanted.count(word) > found.count(word)] == []


def test_every_note_has_a_call_and_a_way_back(sample: Output) -> None:
    notes = 0
    for name, chapter in chapters(sample.data).items():
        ids = {element.get("id"): element for element in chapter.iter() if element.get("id")}
        for note in chapter.iter(f"{XHTML}div"):
            if note.get(EPUB_TYPE) != "footnote":
                continue
            notes += 1
            backs = [link.get("href", "")[1:] for link in note.iter(f"{XHTML}a") if link.get("role") == "doc-backlink"]
            assert backs, f"{name}: {note.get('id')} has no way back"
            assert all(ids[back].get("href") == f"#{note.get('id')}" and ids[back].get(EPUB_TYPE) == "noteref" for back in backs)
    assert notes > 25


def test_each_reference_leads_to_its_note_and_back(sample: Output) -> None:
    followed = followed_in_epub(sample.data)
    assert followed.faults == [] and followed.notes == 29


def test_a_source_in_a_sidecar_is_a_note_at_the_headline_and_an_entry_in_the_list(edition: Callable[..., Path]) -> None:
    sidecar = '[source]\npublication = "Wire"\nurl = "https://example.org/1"\ndate = 2026-03-01\naccessed = 2026-03-02\n'
    edition({"a.txt": "Headline\n\nText of it.\n\nMore text.\n", "a.toml": sidecar, "b.txt": "Gate\n\nText.\n\nMore.\n"})
    books = chapters(collection(Path("a.txt"), Path("b.txt")).data)
    headline = next(books["a.xhtml"].iter(f"{XHTML}h1"))
    assert [link.get("href") for link in headline.iter(f"{XHTML}a")] == ["#note-1"]
    listed = "".join(books["sources.xhtml"].itertext())
    assert "Wire, March 1, 2026. Accessed March 2, 2026." in listed and "example.org/1" in listed


def test_the_cover_is_drawn_at_its_size(sample: Output) -> None:
    from PIL import Image

    with zipfile.ZipFile(io.BytesIO(sample.data)) as archive:
        picture = Image.open(io.BytesIO(archive.read("EPUB/images/cover.png")))
    assert picture.size == (1500, 2000)
    assert len(picture.convert("RGB").getcolors(maxcolors=1000) or []) > 8

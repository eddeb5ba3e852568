"""The PDF brief: bound right, nothing lost, every note on the page of its call, every number true."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from publisher.build.build import make
from publisher.build.plan import plan
from publisher.checks.validate import pdf_diagnostics
from publisher.model.codes import Code
from publisher.writers.contract import Output
from tests.conftest import SAMPLE, Run
from tests.note_links import followed_in_pdf

pytestmark = pytest.mark.slow


def brief(*inputs: Path, jobs: int = 1) -> Output:
    (output,) = make(plan(list(inputs), [Path("brief.pdf")]), jobs).outputs.values()
    return output


@pytest.fixture(scope="module")
def sample() -> Output:
    return brief(SAMPLE)


def words(data: bytes) -> list[str]:
    """The words of a PDF, hyphenated ones joined."""
    run = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True)
    return re.findall(r"\w+", re.sub(r"[-\u00ad\u2010]\n\s*", "", run.stdout.decode()))


def destinations(pdf: pikepdf.Pdf) -> dict[str, int]:
    """The page, from 1, of each named destination."""
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
    return {name: pages[target[0].objgen] for name, target in pikepdf.NameTree(pdf.Root.Names.Dests).items()}


def contents(pdf: pikepdf.Pdf, output: Output) -> dict[str, int]:
    """The page that the contents print for each article: the number at the right of its link."""
    lines: dict[str, tuple[int, list[list[float]]]] = {}
    for number, page in enumerate(pdf.pages):
        for annotation in page.obj.get("/Annots", ()):
            target = str(annotation.get("/Dest", ""))
            if target in output.starts and lines.setdefault(target, (number, []))[0] == number:
                lines[target][1].append([float(one) for one in annotation.Rect])
    document = pypdfium2.PdfDocument(output.data)
    return {target: _number_at_right(document[number], boxes) for target, (number, boxes) in lines.items()}


def _number_at_right(page: pypdfium2.PdfPage, boxes: list[list[float]]) -> int:
    right = max(max(box[0], box[2]) for box in boxes)
    bottom, top = min(min(box[1], box[3]) for box in boxes), max(max(box[1], box[3]) for box in boxes)
    text = page.get_textpage().get_text_bounded(right - 30, bottom, right + 40, top)
    return int(re.findall(r"\d+", text)[-1])


def test_every_structure_entry_points_at_its_page_and_every_link_lands(sample: Output) -> None:
    with pikepdf.open(io.BytesIO(sample.data)) as pdf:
        assert list(pdf_diagnostics(pdf)) == []


def test_the_checks_see_a_broken_file(sample: Output) -> None:
    with pikepdf.open(io.BytesIO(sample.data)) as pdf:
        owners = pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree)
        owners[0], owners[1] = owners[1], owners[0]
        del pdf.Root.Names.Dests
        del pdf.docinfo["/Title"]
        del pdf.Root.Metadata
        codes = {diagnostic.code for diagnostic in pdf_diagnostics(pdf)}
    assert codes >= {Code.PDF_TITLE, Code.PDF_PARENT_TREE, Code.PDF_LINK_LOST}


def test_calls_and_notes_lead_to_each_other_on_one_page(sample: Output) -> None:
    with pikepdf.open(io.BytesIO(sample.data)) as pdf:
        where = destinations(pdf)
    calls = {name: page for name, page in where.items() if ".call-" in name}
    assert len(calls) > 25
    apart = [name for name, page in calls.items() if where[name.replace(".call-", ".note-")] != page]
    assert apart == ["brenning-ford-gauge.call-6"]  # the long note, at its article's end by rule


def test_each_reference_is_clicked_and_leads_to_its_note_and_back(sample: Output) -> None:
    followed = followed_in_pdf(sample.data)
    assert followed.faults == [] and followed.notes == 29


@pytest.mark.parametrize("numbering", ["article", "edition"])
def test_notes_of_short_articles_on_one_page_are_followed(edition: Callable[..., Path], numbering: str) -> None:
    links = "The [gate](https://harbor.example/{0}/gate) and the [lock](https://harbor.example/{0}/lock)"
    text = f"# Gate {{0}}\n\n{links} opened.[^1]\n\n[^1]: At {{0}}.\n"
    names = [f"{number}.md" for number in range(6)]
    manifest = f'[edition]\ntitle = "Harbor"\n[sources]\nnumbering = "{numbering}"\n[[section]]\narticles = {names}\n'
    edition({"publisher.toml": manifest, **{name: text.format(name[0]) for name in names}})
    followed = followed_in_pdf(brief().data)
    assert followed.faults == [] and followed.notes == 18


def test_a_link_that_nobody_can_click_on_is_noticed(sample: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    from weasyprint.formatting_structure import boxes

    from publisher.writers.pdf import weasyprint_patches

    monkeypatch.setattr(boxes.InlineBox, "hit_area", weasyprint_patches._hit_area)
    data = brief(SAMPLE / "place-names.md").data
    assert len(followed_in_pdf(data).faults) == 5
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert Code.PDF_LINK_AREA in {diagnostic.code for diagnostic in pdf_diagnostics(pdf)}


def test_contents_and_outline_agree_with_the_pages(sample: Output) -> None:
    with pikepdf.open(io.BytesIO(sample.data)) as pdf:
        where = destinations(pdf)
        printed = contents(pdf, sample)
        with pdf.open_outline() as outline:
            titles = [item.title for item in outline.root]
            first = outline.root[0].children[0]
            page = next(number for number, one in enumerate(pdf.pages, 1) if one.obj.objgen == first.destination[0].objgen)
    assert printed == {slug: where[slug] for slug in sample.starts} == {slug: int(one) for slug, one in sample.starts.items()}
    assert titles == ["Water", "Roads and Freight", "Public Life", "Sources", "Colophon"]
    assert page == where["upland-dam"]


def test_the_file_is_tagged_with_title_language_and_identifier(sample: Output, tmp_path: Path) -> None:
    path = tmp_path / "sample.pdf"
    path.write_bytes(sample.data)
    info = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Tagged:\s+yes", info) and re.search(r"Title:\s+The Ilmora Morning Brief", info)
    assert subprocess.run(["qpdf", "--check", path], capture_output=True, check=False).returncode == 0
    with pikepdf.open(path) as pdf:
        assert str(pdf.Root.Lang) == "en" and b"pdfuaid" in pdf.Root.Metadata.read_bytes()


def test_the_same_input_gives_the_same_bytes_in_one_process_or_two(sample: Output) -> None:
    assert brief(SAMPLE, jobs=2).data == sample.data


def test_notes_of_a_dense_article_go_to_its_end(edition: Callable[..., Path]) -> None:
    edition({"a.md": "# A\n\n" + " ".join(f"[w{number}](https://example.org/{number})" for number in range(80)) + "\n"})
    with pikepdf.open(io.BytesIO(brief(Path("a.md")).data)) as pdf:
        names = destinations(pdf)
    assert {f"a.note-{number}" for number in range(1, 81)} <= set(names) and "a.notes" in names


def test_no_short_note_is_lost_or_leaves_the_page_of_its_call(shared: Path, tmp_path: Path) -> None:
    """The judge makes articles with calls in paragraphs, headings, lists, quotes and table cells."""
    judge = [sys.executable, str(shared / "bench" / "notes.py")]
    subprocess.run([*judge, "make", str(tmp_path), "--articles", "12", "--seed", "3"], check=True, capture_output=True)
    subprocess.run([sys.executable, "-m", "publisher", "build", str(tmp_path)], check=True, capture_output=True)
    judged = subprocess.run(
        [*judge, "judge", str(tmp_path), str(tmp_path / "dist/notes.pdf")], capture_output=True, text=True, check=False
    )
    assert judged.returncode == 0, judged.stdout


def test_every_correction_applies_to_the_libraries_that_are_installed() -> None:
    from publisher.writers.pdf import engine, weasyprint_patches

    assert weasyprint_patches.missing() == [], "read the functions again: docs/upstream"
    assert list(engine.unknown_versions()) == [] and engine.claims_hold()


def test_the_seed_article_comes_out_right(shared: Path, publisher: Callable[..., Run], tmp_path: Path) -> None:
    (seed,) = (shared / "seeds").glob("*.txt")
    blocks = [" ".join(block.split()) for block in seed.read_text("utf-8").split("\n\n") if block.strip()]
    tree = publisher("tree", seed).out
    assert tree.count("<h1>") == 1 and tree.count("<h2") == 1 and tree.count('<p class="standfirst">') == 1
    assert re.findall(r"<h2[^>]*>(.*?)</h2>", tree) == ["Oppression of Tatars in Crimea"]
    assert tree.count("<p>") == len(blocks) - 4  # headline twice, standfirst and subheading are none
    output = brief(seed)
    found = words(output.data)
    wanted = re.findall(r"\w+", " ".join([blocks[0], blocks[1], *blocks[3:]]))
    assert [word for word in wanted if wanted.count(word) > found.count(word)] == []
    assert " ".join(found).count(" ".join(re.findall(r"\w+", blocks[0]))) == 1


def test_forty_real_articles_have_true_page_numbers_and_valid_books(shared: Path, tmp_path: Path, ace: None) -> None:
    from tests.test_collection import complaints_about

    pytest.importorskip("lxml")
    command = [sys.executable, str(shared / "bench" / "workloads.py"), str(tmp_path), "40"]
    subprocess.run(command, check=True, capture_output=True)
    report = make(plan([tmp_path], []), 2)
    pdf_output, epub_output = report.outputs.values()
    with pikepdf.open(io.BytesIO(pdf_output.data)) as pdf:
        assert list(pdf_diagnostics(pdf)) == []
        where = destinations(pdf)
        assert contents(pdf, pdf_output) == {slug: where[slug] for slug in pdf_output.starts}
    assert len(pdf_output.starts) == 40
    assert complaints_about(epub_output.data, tmp_path) == []


def test_a_space_before_an_inline_element_of_a_note_moves_into_it(edition: Callable[..., Path]) -> None:
    """Else the engine may break the note's first line after its first word."""
    from publisher.build.build import assemble
    from publisher.writers.pdf.sheet_markup import article_markup

    edition({"a.md": '---\nsource: {title: "A title", publication: Wire, url: "https://example.org/1"}\n---\n\n# A\n\nText.\n'})
    made, _ = assemble(plan([Path("a.md")], []))
    header = re.sub(r' data-at="[^"]*"', "", article_markup(made.entries[0], 1, "foot").header)
    assert "“A title,”<cite> Wire</cite>." in header and '<a href="https://example.org/1"> example.org' in header


def test_one_article_by_itself_says_its_headline_on_the_first_page_alone(edition: Callable[..., Path]) -> None:
    edition(
        {"a.txt": "A headline to be said once\n\n" + "\n\n".join(["A paragraph of words, one after another. " * 12] * 20) + "\n"}
    )
    output = brief(Path("a.txt"))
    assert output.pages > 2
    assert " ".join(words(output.data)).count("A headline to be said once") == 1


def test_a_sheet_with_too_many_objects_for_object_streams_is_written_without(
    edition: Callable[..., Path], publisher: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    import weasyprint

    write = weasyprint.Document.write_pdf

    def refuse(self: object, **options: object) -> bytes:
        if not options.get("uncompressed_pdf"):
            raise OverflowError("int too big to convert")
        return bytes(write(self, **options))

    monkeypatch.setattr(weasyprint.Document, "write_pdf", refuse)
    edition({"a.md": "# A\n\nText with a [link](https://example.org/a).\n"})
    assert publisher("build", "a.md", "-o", "a.pdf", "--no-cache").code == 0
    assert publisher("check", "a.pdf").code == 0

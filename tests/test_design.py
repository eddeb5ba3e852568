"""What the page does with code, formulas, boxes, tables and pictures."""

from __future__ import annotations

import io
import re
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from publisher.model.parts import Resource
from publisher.writers.pdf.downsample import downsample_for_print
from tests.conftest import Run


def body(publisher: Callable[..., Run], edition: Callable[..., Path], markdown: str, **files: bytes) -> Run:
    edition({"a.md": f"# A\n\n{markdown}\n", **files})
    return publisher("tree", "a.md")


def test_a_formula_is_found_in_the_text_and_on_the_page(publisher: Callable[..., Run], edition: Callable[..., Path]) -> None:
    formulas = (
        "So $\\frac{a}{b} + x^2 = \\sqrt{\\sigma}$ holds.\n\n$$\n\\sum_{i=1}^{n} \\alpha_i \\neq 0\n$$\n\n"
        "And $\\vec{v} \\in \\mathbb{R}$, or $\\frac{1}{2}$."
    )
    home = edition({"a.md": f"# A\n\n{formulas}\n"})
    text = publisher("tree", "a.md", "--to", "text").out
    assert "So a/b+x^2 = √σ holds.\n\n∑_(i=1)^n α_i ≠ 0\n\nAnd" in text
    assert publisher("build", "a.md", "-o", "a.pdf", "-o", "a.epub").code == 0
    shown = subprocess.run(["pdftotext", home / "a.pdf", "-"], capture_output=True, check=True).stdout.decode()
    assert "a/b+x^2 = √σ holds" in shown and "∑_(i=1)^n α_i ≠ 0" in shown and ", or 1/2." in shown  # no space before marks
    assert Counter(re.findall(r"\w+", text)) <= Counter(re.findall(r"\w+", shown))
    fonts = subprocess.run(["pdffonts", home / "a.pdf"], capture_output=True, check=True).stdout.decode().splitlines()[2:]
    assert all(re.match(r"[A-Z]{6}\+(Text|Display|Label|Code|Caption|Fallback)", one) for one in fonts)
    assert publisher("check", "a.pdf").code == 0


def test_letters_of_a_drawing_are_in_the_faces_of_the_theme(publisher: Callable[..., Run], edition: Callable[..., Path]) -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 90"><style>.a { font-family: Georgia, serif }</style>'
        '<text x="5" y="20">Barges a day</text><text x="5" y="40" font-family="Courier New">gate(7)</text>'
        '<text class="a" x="5" y="60">By noon</text><text x="5" y="80" style="font-family:Arial">Σ → ∞</text></svg>'
    )
    home = edition({"a.md": "# A\n\n![A chart](c.svg)\n", "c.svg": svg})
    assert publisher("build", "a.md", "-o", "a.pdf").code == 0
    shown = subprocess.run(["pdffonts", home / "a.pdf"], capture_output=True, check=True).stdout.decode().splitlines()[2:]
    names = {re.sub(r"^[A-Z]{6}\+|\s.*", "", one) for one in shown}
    assert {"Label", "Code", "Text"} <= names
    assert all(re.match("Text|Display|Label|Code|Fallback", one) for one in names)


def test_code_in_a_named_language_has_its_parts_named_and_its_words_kept(
    publisher: Callable[..., Run], edition: Callable[..., Path]
) -> None:
    run = body(publisher, edition, '```python\ndef lock(n):\n    return "open"  # now\n```')
    for part in (
        '<span class="code-keyword">def</span>',
        '<span class="code-name">lock</span>',
        '<span class="code-comment"># now</span>',
    ):
        assert part in run.out
    assert 'def lock(n):\n    return "open"  # now' in publisher("tree", "a.md", "--to", "text").out
    assert "code-" not in body(publisher, edition, "```nolanguage\ndef lock\n```").out


def test_a_formula_is_a_picture_with_its_source_as_alt_and_money_is_money(
    publisher: Callable[..., Run], edition: Callable[..., Path]
) -> None:
    run = body(publisher, edition, "So $a^2$ costs $5 and $6.\n\n$$\\int x$$")
    assert 'alt="a^2"' in run.out and 'class="math display"' in run.out and "costs $5 and $6." in run.out
    broken = body(publisher, edition, "A $\\frac{a}{$ here.")
    assert "a.md:3: warning: a formula cannot be drawn" in broken.err and "\\frac{a}{" in broken.out


def test_mathml_of_a_page_is_drawn_too(publisher: Callable[..., Run], edition: Callable[..., Path]) -> None:
    edition({"a.html": "<h1>A</h1><p>So <math alttext='x = 2'><mi>x</mi><mo>=</mo><mn>2</mn></math> holds.</p>"})
    run = publisher("tree", "a.html")
    assert 'alt="x = 2"' in run.out and "holds." in run.out and run.err == "a.html: read as html\n"


def test_boxes_are_fences_and_a_quotation_names_who_is_quoted(
    publisher: Callable[..., Run], edition: Callable[..., Path]
) -> None:
    run = body(
        publisher, edition, "::: key\n- **12** boats\n:::\n\n::: changed\nNew.\n:::\n\n::: pull\nSo.\n:::\n\n> Yes.\n>\n> — Mara"
    )
    assert '<aside class="key">' in run.out and '<aside class="changed">' in run.out
    assert '<blockquote class="pull">' in run.out and '<p class="credit">— Mara</p>' in run.out


def test_columns_of_numbers_line_up_at_their_end_unless_the_author_aligned(
    publisher: Callable[..., Run], edition: Callable[..., Path]
) -> None:
    table = "| Town | Tons | Note |\n| --- | --- | --- |\n| Hall | 1,200 | low |\n| Marn | 70 | – |"
    run = body(publisher, edition, table)
    assert run.out.count('class="end"') == 3 and '<td class="end">1,200</td>' in run.out
    assert body(publisher, edition, table.replace("| --- |\n", "| :---: |\n")).out.count('class="end"') == 0


@pytest.mark.slow
@pytest.mark.parametrize(("columns", "turned"), [(6, False), (13, False), (22, True)])
def test_a_table_too_wide_shrinks_hangs_out_or_turns_its_page_but_is_never_clipped(
    publisher: Callable[..., Run], edition: Callable[..., Path], columns: int, turned: bool
) -> None:
    rows = ["Station", *(f"Month{number}" for number in range(columns))], ["Hall", *["1,204.55"] * columns]
    table = "\n".join("| " + " | ".join(row) + " |" for row in (rows[0], ["---"] * (columns + 1), rows[1]))
    home = edition({"a.md": f"# A\n\nBefore.\n\n{table}\n\nAfter.\n"})
    assert publisher("build", "a.md", "-o", "a.pdf").code == 0
    with pikepdf.open(home / "a.pdf") as pdf:
        sizes = [(float(page.mediabox[2]), float(page.mediabox[3])) for page in pdf.pages]
    assert any(width > height for width, height in sizes) == turned
    import pypdfium2

    for page in pypdfium2.PdfDocument(home / "a.pdf"):
        text = page.get_textpage()
        edges = [text.get_charbox(index)[2] for index in range(text.count_chars())]
        assert max(edges) < page.get_width() - 40


def test_a_table_that_arranges_is_opened_and_a_head_without_words_is_a_cell(
    publisher: Callable[..., Run], edition: Callable[..., Path]
) -> None:
    inner = "<table><tr><th scope=col></th><th>Level</th></tr><tr><td>Upper</td><td>2</td></tr></table>"
    edition({"a.html": f"<h1>A</h1><table><tr><td><p>Left.</p></td><td>{inner}</td></tr></table>"})
    out = publisher("tree", "a.html").out
    assert out.count("<table>") == 1 and "<p>Left.</p>" in out and "<tr><td></td><th" in out


def photograph(width: int, height: int, orientation: int = 1, kind: str = "JPEG") -> bytes:
    picture = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    picture.save(buffer, kind, exif=exif)
    return buffer.getvalue()


def test_a_picture_held_sideways_stands_upright(publisher: Callable[..., Run], edition: Callable[..., Path]) -> None:
    edition({"a.md": "# A\n\nText.\n\n![A gate](gate.jpg)\n", "gate.jpg": photograph(60, 40, orientation=6)})
    assert 'height="60"' in (out := publisher("tree", "a.md").out) and 'width="40"' in out


def test_pictures_are_cut_to_300_dpi_for_the_page_and_kept_for_the_e_book() -> None:
    large = photograph(4000, 1000)
    data, kind = downsample_for_print(Resource("x.jpg", "image/jpeg", large, 4000, 1000))
    with Image.open(io.BytesIO(data)) as picture:
        assert kind == "image/jpeg" and picture.size == (1890, 472)
    small = photograph(800, 600)
    assert downsample_for_print(Resource("x.jpg", "image/jpeg", small, 800, 600)) == (small, "image/jpeg")


@pytest.mark.parametrize("kind", ["WEBP", "TIFF", "BMP"])
def test_any_kind_of_picture_that_pillow_opens_is_taken(
    publisher: Callable[..., Run], edition: Callable[..., Path], kind: str
) -> None:
    edition({"a.md": "# A\n\nText.\n\n![A gate](gate.bin)\n", "gate.bin": photograph(60, 40, kind=kind)})
    run = publisher("tree", "a.md")
    assert run.err == "a.md: read as md\n" and ("gate-" in run.out) and (".jpg" in run.out or ".png" in run.out)


def test_a_missing_alt_text_is_a_warning_with_its_line_and_strict_refuses(
    publisher: Callable[..., Run], edition: Callable[..., Path]
) -> None:
    edition(
        {
            "a.html": '<h1>A</h1>\n<p>Text.</p>\n<img src="g.jpg">\n<img src="h.jpg" alt="">',
            "g.jpg": photograph(9, 9),
            "h.jpg": photograph(8, 9),
        }
    )
    run = publisher("build", "a.html", "-o", "a.epub", "--strict")
    assert run.code == 3 and "a.html:3: warning: the image g.jpg has no alt text [alt-missing]" in run.err
    assert "h.jpg" not in run.err

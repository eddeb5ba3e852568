"""The house style of a manifest: who has the last word, what reaches page, cover and chapters, and what cannot be used."""

from __future__ import annotations

import io
import itertools
import pickle
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from publisher.build.build import make
from publisher.build.plan import plan
from publisher.checks.validate import pdf_diagnostics, validate
from publisher.model.codes import Code
from publisher.model.house_style import FontFile, HouseFont, HouseStyle
from publisher.model.papers import PAPERS, millimeters, page_size
from publisher.store import scratch
from publisher.writers import colors, themes
from publisher.writers.contract import Output
from publisher.writers.contrast import contrast_warnings
from publisher.writers.custom_properties import book_css, theme_properties
from publisher.writers.house_themes import in_house_style, in_millimeters
from tests import layout
from tests.conftest import ROOT, SAMPLE, Run

ARTICLE = "# The lock opens\n\nBarges *passed* the lock at **seven**.[^1]\n\n[^1]: The keeper's log.\n"
GREEN, PURPLE = (0, 105, 92), (123, 31, 162)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 30" width="60" height="30">{}</svg>'
LOGO = SVG.format('<rect width="60" height="30" fill="#7b1fa2"/>')
MANIFEST = (
    '[edition]\ntitle = "Lock log"\ndate = 2026-03-17\npublisher = "Lock & Quay"\nlogo = "logo.svg"\n'
    'contact = "desk@quay.example"\nabout = "Since 1998.\\nAt the gate."\n'
    '[theme]\naccent = "#00695c"\n[[section]]\ntitle = "Water"\narticles = ["a.md"]\n'
)
PLAIN = MANIFEST.replace('logo = "logo.svg"\n', "")
FONT = themes.shipped() / "brief" / "fonts" / "SourceCodePro-Semibold.ttf"
HANG = {"brief": 0, "digest": 57, "report": 0}  # CSS pixels; on tablets nothing hangs, the digest's band runs to the edges


def png(color: tuple[int, int, int], size: tuple[int, int] = (900, 1200)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, color).save(buffer, "PNG")
    return buffer.getvalue()


def outputs(
    home: Path, theme: str | None = None, names: tuple[str, ...] = ("a.pdf", "a.epub"), paper: str | None = None
) -> list[Output]:
    return list(make(plan([home], [Path(name) for name in names], theme, paper=paper or None)).outputs.values())


def book(output: Output) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(output.data)) as archive:
        return {name.removeprefix("EPUB/"): archive.read(name) for name in archive.namelist()}


def page(output: Output, number: int = 0) -> Image.Image:
    return pypdfium2.PdfDocument(output.data)[number].render(scale=1.5).to_pil().convert("RGB")


def share(image: Image.Image, color: tuple[int, int, int], slack: int = 6) -> float:
    """Which part of an image has a color, about."""
    data = image.convert("RGB").tobytes()
    near = sum(all(abs(data[at + band] - color[band]) <= slack for band in range(3)) for at in range(0, len(data), 3))
    return near / (len(data) / 3)


def words_of(output: Output) -> str:
    return subprocess.run(["pdftotext", "-layout", "-", "-"], input=output.data, capture_output=True, check=True).stdout.decode()


# Precedence


def test_the_command_line_is_before_the_output_before_the_house_before_the_theme(
    edition: Callable[..., Path],
) -> None:
    home = edition({"a.md": ARTICLE})
    papers = {"command": "A4", "output": "Letter", "house": "eink-6", "theme": "A5"}
    for theme_by, paper_by in itertools.product(
        itertools.product([True, False], repeat=3), itertools.product([True, False], repeat=3)
    ):
        (theme_command, theme_output, theme_house), (paper_command, paper_output, paper_house) = theme_by, paper_by
        edition({
            "publisher.toml": '[edition]\ntitle = "T"\n[[section]]\narticles = ["a.md"]\n[theme]\n'
            + ('name = "report"\n' if theme_house else "")
            + (f'paper = "{papers["house"]}"\n' if paper_house else "")
            + '[outputs."a.epub"]\n'
            + ('theme = "digest"\n' if theme_output else "")
            + (f'paper = "{papers["output"]}"\n' if paper_output else "")
        })  # fmt: skip
        planned = plan([home], [], "./empty" if theme_command else None, paper=papers["command"] if paper_command else None)
        (table,) = planned.outputs.values()
        named = "./empty" if theme_command else "digest" if theme_output else "report" if theme_house else "brief"
        assert table.theme == named
        own = paper_output and not theme_command  # the paper of an output is for its theme
        expected = papers["command"] if paper_command else papers["output"] if own else papers["house"] if paper_house else None
        assert table.paper == expected, (theme_by, paper_by)


def test_the_accent_of_the_house_is_before_that_of_the_theme(edition: Callable[..., Path]) -> None:
    home = edition({"mine/tokens.css": ":root { --accent: #112233 }"})
    mine = themes.load("./mine", home)
    assert theme_properties(mine)["--accent"] == "#112233"
    assert theme_properties(in_house_style(mine, HouseStyle(accent="#00695c"), "A4"))["--accent"] == "#00695c"
    assert in_house_style(mine, HouseStyle(), "A4") == mine


# The theme in the house style


def styles_of_a_house() -> list[HouseStyle]:
    file = FontFile("regular", ".ttf", FONT.read_bytes())
    return [
        HouseStyle(),
        HouseStyle(accent="#00695c"),
        HouseStyle(accent="#00695d"),
        HouseStyle(margins=(("top", "20mm"),)),
        HouseStyle(fonts=(HouseFont("text", "Label"),)),
        HouseStyle(fonts=(HouseFont("text", "", (file,)),)),
        HouseStyle(fonts=(HouseFont("text", "", (FontFile("regular", ".ttf", FONT.read_bytes() + b"\0"),)),)),
    ]


def test_the_digest_of_a_theme_says_what_the_house_changed_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    brief = themes.load("brief")
    digests = [in_house_style(brief, house, "A4").digest for house in styles_of_a_house()]
    assert len(set(digests)) == len(digests) and digests[0] == brief.digest
    monkeypatch.setattr(scratch, "_own", {})  # another process has another folder for such a theme
    assert [in_house_style(brief, house, "A4").digest for house in styles_of_a_house()] == digests


def test_a_theme_in_the_house_style_goes_to_another_machine() -> None:
    theme = in_house_style(themes.load("report"), HouseStyle(accent="#00695c", fonts=(HouseFont("code", "Label"),)), "A4")
    sent = pickle.dumps(theme)
    shutil.rmtree(theme.folders[0])
    there = pickle.loads(sent)
    assert there.digest == theme.digest and there.folders[1:] == theme.folders[1:]
    assert theme_properties(there)["--accent"] == "#00695c" and "House Code" in book_css(there)


@pytest.mark.slow
def test_a_house_style_is_the_same_bytes_in_every_process(
    edition: Callable[..., Path], publisher: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = MANIFEST + '[theme.fonts]\ntext = "Label"\ndisplay = "Quay.ttf"\n'
    home = edition({"publisher.toml": text, "a.md": ARTICLE, "logo.svg": LOGO, "Quay.ttf": FONT.read_bytes()})
    one = [output.data for output in outputs(home)]
    monkeypatch.setattr(scratch, "_own", {})
    assert publisher("build", "-j", "2", "--no-cache", "-o", "b.pdf", "-o", "b.epub").code == 0
    assert [(home / name).read_bytes() for name in ("b.pdf", "b.epub")] == one


# Logo, accent and cover on page and in book


@pytest.mark.parametrize("theme", ["brief", "report", "digest"])
def test_logo_and_accent_are_on_the_first_page_the_cover_and_in_the_chapters(theme: str, edition: Callable[..., Path]) -> None:
    home = edition(
        {"publisher.toml": MANIFEST, "a.md": ARTICLE, "logo.svg": LOGO, "plain.toml": MANIFEST.replace('logo = "logo.svg"\n', "")}
    )
    pdf, epub = outputs(home, theme)
    files = book(epub)
    plate = {"report": tuple(round(0.65 * part) for part in GREEN)}.get(theme, GREEN)
    for image in (page(pdf), Image.open(io.BytesIO(files["images/cover.png"]))):
        assert share(image, PURPLE, 12) > 0.001
        assert share(image, plate) > (0.1 if theme != "brief" else 0.00001)
    assert "#00695c" in files["style.css"].decode() and "#8c1c13" not in files["style.css"].decode()
    title = files["title.xhtml"].decode()
    name = re.search(r'<img src="(images/house-logo-[0-9a-f]+\.svg)" alt="Lock &amp; Quay"/>', title)
    assert name and name[1] in files
    with pikepdf.open(io.BytesIO(pdf.data)) as document:
        assert list(pdf_diagnostics(document)) == []
        figures = [str(one.Alt) for one in document.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"]
    assert figures == ["Lock & Quay"]
    assert share(page(outputs(home / "plain.toml", theme)[0]), PURPLE, 12) == 0


def test_a_cover_image_is_the_cover_and_stands_on_that_of_the_report(edition: Callable[..., Path]) -> None:
    text = MANIFEST.replace("[theme]", 'cover_image = "cover.png"\n[theme]')
    home = edition({"publisher.toml": text, "a.md": ARTICLE, "logo.svg": LOGO, "cover.png": png(PURPLE)})
    pdf, epub = outputs(home, "report")
    files = book(epub)
    assert files["images/cover.png"] == png(PURPLE)
    assert 'href="images/cover.png" media-type="image/png" properties="cover-image"' in files["content.opf"].decode()
    assert share(page(pdf), PURPLE) > 0.05 and pypdfium2.PdfDocument(pdf.data)[1].get_textpage().get_text_range() == ""
    with pikepdf.open(io.BytesIO(pdf.data)) as document:
        assert list(pdf_diagnostics(document)) == []


@pytest.mark.parametrize("paper", [paper for paper in PAPERS if paper != "A5"])  # a report is too large for A5
def test_the_cover_of_the_report_is_one_page_with_logo_and_cover_image(paper: str, edition: Callable[..., Path]) -> None:
    text = MANIFEST.replace("[theme]", 'cover_image = "cover.png"\nsubtitle = "What moved on the water this week"\n[theme]')
    text = text.replace("Lock log", "The log of the upper and the lower lock")
    home = edition({"publisher.toml": text, "a.md": ARTICLE, "logo.svg": LOGO, "cover.png": png(GREEN, (900, 1600))})
    (pdf,) = outputs(home, "report", ("a.pdf",), paper)
    assert share(page(pdf), GREEN) > 0.04 and share(page(pdf), PURPLE, 12) > 0.001
    assert "Lock & Quay" in pypdfium2.PdfDocument(pdf.data)[0].get_textpage().get_text_range()


@pytest.mark.parametrize(
    ("name", "data", "file", "size"),
    [
        ("drawing.svg", LOGO, "images/cover.png", (1500, 750)),
        ("photograph.jpg", None, "images/cover.jpg", (1600, 2000)),
        ("poster.png", png(PURPLE, (3000, 4000)), "images/cover.jpg", (1920, 2560)),
    ],
)
def test_a_cover_image_of_any_kind_is_one_that_shelves_show(
    name: str, data: str | bytes | None, file: str, size: tuple[int, int], edition: Callable[..., Path]
) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (1600, 2000), PURPLE).save(buffer, "JPEG")
    text = MANIFEST.replace('logo = "logo.svg"', f'cover_image = "{name}"')
    home = edition({"publisher.toml": text, "a.md": ARTICLE, name: data or buffer.getvalue()})
    files = book(outputs(home, names=("a.epub",))[0])
    image = Image.open(io.BytesIO(files[file]))
    assert image.size == size and share(image.resize((60, 80)), PURPLE, 12) > 0.9
    assert f'src="{file}"' in files["cover.xhtml"].decode()


def test_words_of_a_logo_are_drawn_for_the_book_in_the_fonts_of_the_theme(edition: Callable[..., Path]) -> None:
    words = '<text x="2" y="20" font-size="16" fill="#7b1fa2">Quay</text>'
    home = edition({"publisher.toml": MANIFEST, "a.md": ARTICLE, "logo.svg": SVG.format(words)})
    files = book(outputs(home, names=("a.epub",))[0])
    (name,) = [name for name in files if name.startswith("images/house-logo-")]
    assert name.endswith(".png") and f'src="{name}"' in files["title.xhtml"].decode()
    image = Image.open(io.BytesIO(files[name]))
    assert image.size == (750, 375) and image.getpixel((0, 0)) == (255, 255, 255, 0)
    opaque = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    assert share(opaque, PURPLE, 12) > 0.02


def test_contact_and_about_are_lines_of_the_colophon(edition: Callable[..., Path]) -> None:
    pdf, epub = outputs(edition({"publisher.toml": MANIFEST, "a.md": ARTICLE, "logo.svg": LOGO}))
    lines = ["Lock & Quay", "desk@quay.example", "Since 1998.", "At the gate."]
    assert " · ".join(lines) in " ".join(words_of(pdf).split())  # a short colophon: run in, in the foot of the last page
    colophon = book(epub)["colophon.xhtml"].decode().replace("&amp;", "&")
    assert re.findall(r"<p[^>]*>(.*?)</p>", colophon)[:4] == lines


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["brief", "report"])
def test_epubcheck_has_nothing_to_say_of_a_house_style(theme: str, edition: Callable[..., Path]) -> None:
    text = (
        MANIFEST.replace("[theme]", 'cover_image = "cover.jpg"\n[theme]')
        + '[theme.fonts]\ntext = "Quay.otf"\nlabel = "Caption"\n'
    )
    buffer = io.BytesIO()
    Image.new("RGB", (1600, 2000), PURPLE).save(buffer, "JPEG")
    files = {
        "publisher.toml": text,
        "a.md": ARTICLE,
        "logo.svg": LOGO,
        "cover.jpg": buffer.getvalue(),
        "Quay.otf": outlines_of_postscript(),
    }
    home = edition(files)
    (output,) = outputs(home, theme, ("a.epub",))
    (home / "a.epub").write_bytes(output.data)
    assert 'media-type="font/otf"' in book(output)["content.opf"].decode()
    verdict = validate(home / "a.epub", ("epubcheck",))
    assert [one for one in verdict.diagnostics if one.code is not Code.CHECKER_MISSING] == []


# Fonts


def outlines_of_postscript() -> bytes:
    """An OpenType font with outlines of PostScript: a box for each character of the alphabet."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.t2CharStringPen import T2CharStringPen

    names = [".notdef", "space", *"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({32: "space"} | {ord(name): name for name in names[2:]})
    glyphs = {}
    for name in names:
        pen = T2CharStringPen(500, None)
        if name != "space":
            pen.moveTo((50, 0))
            for point in ((450, 0), (450, 600), (50, 600)):
                pen.lineTo(point)
            pen.closePath()
        glyphs[name] = pen.getCharString()
    builder.setupCFF("Quay-Regular", {"FullName": "Quay"}, glyphs, {})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (500, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Quay", "styleName": "Regular", "psName": "Quay-Regular"})
    builder.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    target = io.BytesIO()
    builder.save(target)
    return target.getvalue()


def fonts_of(output: Output) -> str:
    with pikepdf.open(io.BytesIO(output.data)) as document:
        assert list(pdf_diagnostics(document)) == []
        names = [str(one.BaseFont) for one in document.objects if isinstance(one, pikepdf.Dictionary) and "/BaseFont" in one]
    return " ".join(sorted({name.partition("+")[2] for name in names}))


@pytest.mark.parametrize(
    ("fonts", "in_pdf", "not_in_pdf"),
    [
        ('text = "Label"', ("Label", "Label-Italic"), "Text"),
        ('text = "Quay.ttf"', ("House-Text", "House-Text-Italic", "House-Text-Semi-Bold"), " Text"),
        ('display = { regular = "Quay.ttf" }', ("House-Display-Semi-Bold",), "House-Display "),
        ('text = "Quay.otf"', ("House-Text", "House-Text-Semi-Bold"), "Text-Semi-Bold"),
        ('label = "Code"', ("Code",), "Label"),
    ],
)
def test_the_fonts_of_a_house_are_on_the_page_and_in_the_book(
    fonts: str, in_pdf: tuple[str, ...], not_in_pdf: str, edition: Callable[..., Path]
) -> None:
    files: Mapping[str, str | bytes] = {"Quay.ttf": FONT.read_bytes(), "Quay.otf": outlines_of_postscript()}
    home = edition({"publisher.toml": f"{MANIFEST}[theme.fonts]\n{fonts}\n", "a.md": ARTICLE, "logo.svg": LOGO, **files})
    pdf, epub = outputs(home)
    found = f" {fonts_of(pdf)} "
    assert [name for name in in_pdf if f" {name} " not in found] == [] and f"{not_in_pdf} " not in found.replace("House-Text", "")
    css = book(epub)["style.css"].decode()
    role = fonts.split()[0].capitalize()
    assert f'font-family: "House {role}"; src: url(fonts/' in css
    assert set(re.findall(r"url\((fonts/[^)]+)\)", css)) <= set(book(epub))


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "cannot be read as a font"),
        (FONT.read_bytes()[:4000], "cannot be read as a font"),
        (b"\0\1\0\0" + b"\xff" * 4000, "cannot be read as a font"),
        (b"OTTO" + FONT.read_bytes()[4:], "cannot be read as a font"),
        (b"ttcf" + b"\0" * 400, "cannot be read as a font"),
        (None, "cannot be read: Is a directory"),
    ],
)
def test_a_font_that_cannot_be_read_is_an_error_with_its_line(
    data: bytes | None, what: str, edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    text = f'{PLAIN}[theme.fonts]\ncode = {{ regular = "good.ttf", italic = "bad.ttf" }}\n'
    name = "bad.ttf/x" if data is None else "bad.ttf"
    edition({"publisher.toml": text, "a.md": ARTICLE, "good.ttf": FONT.read_bytes(), name: data or b""})
    run = publisher("build", "-o", "a.epub")
    assert run.code == 1 and f"error: theme.fonts.code: bad.ttf {what} [file-unreadable]" in run.err
    assert run.err.startswith(f"publisher.toml:{text.count(chr(10))}: ") and "hint: " in run.err


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("logo.svg", b"<svg>"),
        ("logo.svg", b"<html><p>A page</p></html>"),
        ("logo.png", png(GREEN)[:20]),
        ("logo.png", b""),
        ("logo.txt", b"words"),
    ],
)
@pytest.mark.parametrize("key", ["logo", "cover_image"])
def test_an_image_of_the_house_that_cannot_be_read_is_an_error_with_its_line(
    key: str, name: str, data: bytes, edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    text = PLAIN.replace("[theme]", f'{key} = "{name}"\n[theme]')
    home = edition({"publisher.toml": text, "a.md": ARTICLE, name: data, "a.pdf": "before"})
    run = publisher("build", "-o", "a.pdf")
    expected = f"publisher.toml:7: error: edition.{key}: the image {name} cannot be read [file-unreadable]\n  hint: "
    assert run.code == 1 and run.err.startswith(expected)
    assert (home / "a.pdf").read_bytes() == b"before"


# Margins, paper


def left_edge(output: Output) -> float:
    """Where the words of the last page but running heads begin, in millimeters."""
    boxes = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=output.data, capture_output=True, check=True).stdout.decode()
    return min(float(found) for found in re.findall(r'<word xMin="([\d.]+)"[^>]*>Barges', boxes)) / 72 * 25.4


def test_the_margins_of_a_house_are_those_of_the_page(edition: Callable[..., Path]) -> None:
    text = f'{PLAIN}[theme.margins]\nstart = "4.5cm"\nend = "20mm"\n'
    home = edition({"publisher.toml": text, "a.md": ARTICLE})
    assert left_edge(outputs(home, names=("a.pdf",))[0]) == pytest.approx(45, abs=0.6)
    assert left_edge(outputs(home, names=("a.pdf",), paper="A5")[0]) == pytest.approx(45, abs=0.6)
    assert left_edge(outputs(home, names=("a.pdf",), paper="eink-8")[0]) == pytest.approx(10, abs=0.6)
    edition({"publisher.toml": text.replace("[theme]", '[theme]\npaper = "eink-8"')})
    assert left_edge(outputs(home, names=("a.pdf",))[0]) == pytest.approx(45, abs=0.6)


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        ("20mm", 20),
        ("2cm", 20),
        ("1in", 25.4),
        ("72pt", 25.4),
        ("0", 0),
        ("20", None),
        ("2em", None),
        ("-1mm", None),
        ("٢mm", None),
    ],
)
def test_a_length_is_a_number_with_a_unit_of_print(length: str, expected: float | None) -> None:
    assert in_millimeters(length) == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize("paper", PAPERS)
def test_a_page_has_the_size_of_its_paper(paper: str, edition: Callable[..., Path]) -> None:
    output = outputs(edition({"publisher.toml": MANIFEST, "a.md": ARTICLE, "logo.svg": LOGO}), names=("a.pdf",), paper=paper)[0]
    size = pypdfium2.PdfDocument(output.data)[0].get_size()
    assert [side / 72 * 25.4 for side in size] == pytest.approx(millimeters(paper), abs=0.2)


def test_the_papers_of_tablets_are_turned_by_their_sides() -> None:
    assert page_size("eink-6") == "91mm 122mm" and page_size("eink-6", turned=True) == "122mm 91mm"
    assert page_size("A4", turned=True) == "A4 landscape" and page_size("450pt 600pt") == "450pt 600pt"


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["brief", "digest", "report"])
@pytest.mark.parametrize("paper", ["eink-6", "eink-8", "eink-10"])
def test_the_sample_fits_on_tablets(theme: str, paper: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with layout.laid_out(monkeypatch) as seen:
        (output,) = make(plan([SAMPLE], [Path("x.pdf")], theme, paper=paper)).outputs.values()
    wrong = [one for _, document in seen for one in layout.clipped(document, HANG[theme])]
    wrong += [one for _, document in seen for one in layout.lonely_headings(document)]
    assert wrong == []
    with pikepdf.open(io.BytesIO(output.data)) as document:
        assert list(pdf_diagnostics(document)) == []


def test_the_command_line_knows_the_papers(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    edition({"a.md": ARTICLE})
    run = publisher("build", "a.md", "-p", "A3", "-o", "a.pdf")
    assert run.code == 2 and all(paper in run.err for paper in PAPERS)
    run = publisher("check", "a.md", "--paper", "eink-10")
    assert run.code == 0


# Colors


def test_colors_mix_and_contrast_as_the_recommendations_say() -> None:
    assert colors.contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    assert colors.contrast(colors.rgb("#767676") or (0, 0, 0), (1, 1, 1)) == pytest.approx(4.54, abs=0.01)
    mixes = "a { color: color-mix(in srgb, #004080 50%, white); border-color: color-mix(in srgb, red 200%, red) }"
    assert colors.with_mixes(mixes) == "a { color: #80a0c0; border-color: color-mix(in srgb, red 200%, red) }"
    assert [colors.rgb(text) for text in ("transparent", "#fff8", "currentcolor", "lab(50% 0 0)", "")] == [None] * 5
    assert colors.hexadecimal(colors.rgb("hsl(174 100% 21%)") or (0, 0, 0)) == "#006b60"


@pytest.mark.parametrize("theme", ["brief", "report", "digest"])
def test_the_colors_of_shipped_themes_can_be_read(theme: str) -> None:
    values = theme_properties(themes.load(theme))
    pairs = [("--accent", "--paper"), ("--ink", "--paper"), ("--soft", "--paper")]
    pairs += [("--on-plate", "--plate"), ("--on-plate-soft", "--plate")] if "--on-plate" in values else [("--accent", "--plate")]
    ratios = {pair: colors.contrast(*(colors.rgb(values[name]) or (0, 0, 0) for name in pair)) for pair in pairs}
    assert min(ratios.values()) >= colors.LEAST_CONTRAST, ratios
    assert list(contrast_warnings(themes.load(theme), HouseStyle())) == []


@pytest.mark.parametrize(
    ("file", "css", "expected"),
    [
        ("tokens.css", ":root {\n  --rule: #999;\n  --accent: #e0a000;\n}", [("tokens.css", 3)] * 2),
        ("custom.css", ":root { --on-plate-soft: #2a4a6a }", [("custom.css", 1)]),
        ("tokens.css", ":root { --accent: #00695c }", []),
    ],
)
def test_colors_of_a_theme_that_are_hard_to_read_are_a_warning(
    file: str, css: str, expected: list[tuple[str, int]], edition: Callable[..., Path]
) -> None:
    home = edition({f"mine/{file}": css, "mine/theme.toml": 'extends = "report"'})
    warnings = list(contrast_warnings(themes.load("./mine", home), HouseStyle()))
    assert [str(warning.code) for warning in warnings] == ["contrast"] * len(expected)
    places = [warning.location for warning in warnings if warning.location]
    assert [(Path(place.file).name, place.line) for place in places] == expected


# Folders of themes


def test_an_empty_folder_is_a_theme(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    home = edition({"a.md": ARTICLE})
    (home / "mine").mkdir()
    assert publisher("build", "a.md", "-t", "./mine", "-o", "mine.pdf", "-o", "mine.epub").code == 0
    assert publisher("build", "a.md", "-o", "brief.pdf", "-o", "brief.epub").code == 0
    for kind in ("pdf", "epub"):
        assert (home / f"mine.{kind}").read_bytes() == (home / f"brief.{kind}").read_bytes()
    assert publisher("build", "a.md", "-t", "./yours", "-o", "a.pdf").code == 1


def test_a_folder_of_manuscripts_is_no_theme_by_chance(edition: Callable[..., Path]) -> None:
    home = edition({"report/a.md": ARTICLE, "digest/tokens.css": ":root { --accent: #112233 }", "styles/brief/note.txt": ""})
    assert themes.load("report", home).folders[0] == themes.shipped() / "report"
    assert themes.load("digest", home).folders[0] == home / "digest"
    assert themes.load("brief", home).folders[0] == home / "styles" / "brief"


def test_images_beside_the_files_of_a_theme_are_found(edition: Callable[..., Path]) -> None:
    wave = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="#7b1fa2"/></svg>'
    image = '<img src="art/wave.svg" alt="" style="width:40mm"/>'
    base = '{{% extends "{}" %}}{{% block {} %}}{}{{% endblock %}}'
    home = edition({
        "publisher.toml": PLAIN,
        "a.md": ARTICLE,
        "mine/art/wave.svg": wave,
        "mine/sea.png": png(GREEN, (30, 30)),
        "mine/custom.css": ".mast { background: url(sea.png) 0 100% / 60mm 20mm no-repeat; padding-bottom: 20mm }",
        "mine/ebook-custom.css": ".titlepage { list-style-image: url(sea.png) }",
        "mine/templates/opening.xhtml.j2": base.format("brief/opening.xhtml.j2", "title", "{{ super() }}" + image),
        "mine/templates/closing.xhtml.j2": f'<div class="closing">{image}<p id="colophon">{{{{ colophon[0] }}}}</p></div>',
        "mine/templates/sheet.xhtml.j2": base.format("brief/sheet.xhtml.j2", "part", image),
        "mine/templates/colophonpage.xhtml.j2": base.format(
            "base.xhtml.j2", "body", f'<body><h1 id="colophon">C</h1>{image}</body>'
        ),
    })  # fmt: skip
    pdf, epub = outputs(home, "./mine")
    square = (40 / 210) ** 2 * 210 / 297  # of a page
    assert share(page(pdf), PURPLE, 12) == pytest.approx(3 * square, rel=0.1)  # opening, sheet and closing are one page here
    assert share(page(pdf), GREEN) > 0.8 * 60 * 20 / (210 * 297)
    files = book(epub)
    assert files["art/wave.svg"].decode() == wave and files["sea.png"] == png(GREEN, (30, 30))


@pytest.mark.parametrize(
    ("file", "content", "output", "place"),
    [
        ("templates/titlepage.xhtml.j2", '<html>\n<img src="wave.svg"/></html>', "a.epub", 2),
        ("templates/opening.xhtml.j2", '<p>\n<img src="wave.svg" alt=""/></p>', "a.pdf", 2),
        ("templates/opening.xhtml.j2", '<p><img src="../wave.svg" alt=""/></p>', "a.pdf", 1),
        ("ebook-custom.css", ".a { color: red }\n.b { background: url(wave.svg) }", "a.epub", 2),
        ("custom.css", ".a { color: red }\n.b { background: url(wave.svg) }", "a.pdf", 2),
    ],
)  # fmt: skip
def test_an_image_that_a_theme_lacks_is_an_error_with_its_place(
    file: str, content: str, output: str, place: int, edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    edition({"publisher.toml": MANIFEST, "a.md": ARTICLE, "logo.svg": LOGO, f"mine/{file}": content, "wave.svg": LOGO})
    run = publisher("build", "-t", "./mine", "-o", output, "--no-cache")
    assert run.code == 1 and f"{file}:{place}: error: " in run.err and "wave.svg" in run.err and "hint: " in run.err


# The page that shows it


def test_the_branded_brief_of_the_page_on_themes_is_made_by_its_files_and_commands(
    edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    text = (ROOT / "docs" / "themes.md").read_text("utf-8")
    part = text[text.index("### A branded brief") : text.index("## A theme of your own")]
    blocks = re.findall(r"^   ```(\w+)(?: (\S+))?\n(.*?)^   ```", part, re.MULTILINE | re.DOTALL)
    files = {name: re.sub(r"^   ", "", content, flags=re.MULTILINE) for _, name, content in blocks if name}
    home = edition({**files, "fonts/Quay-Bold.ttf": FONT.read_bytes()})
    commands = [line.split() for kind, _, content in blocks if kind == "sh" for line in content.strip().split("\n")]
    assert len(commands) == 5
    for name, *arguments in commands:
        run = publisher(*arguments)
        assert (name, run.code) == ("publisher", 0), run.err
    assert {path.name for path in home.rglob("*") if path.suffix in (".pdf", ".epub")} == {
        "brief.pdf", "tablet.pdf", "collection.epub", "report.pdf", "small.pdf",
    }  # fmt: skip
    edition({"publisher.toml": files["publisher.toml"].replace("#00695c", "gold")})
    warning = re.search(r"^```\n(.*?)^```", part, re.MULTILINE | re.DOTALL)
    assert warning and warning[1] in publisher("check").err

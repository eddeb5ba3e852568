"""Drawings (SVG) built anew from an allow-list: what stays, what goes, what is named because a reader would miss it."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import lxml.etree
import pytest
from PIL import Image

from publisher.input.raster import ImageError
from publisher.input.svg import CleanSvg, clean_svg, is_svg
from publisher.input.svg_measures import MAX_DEPTH, MAX_ELEMENTS, size_of
from publisher.input.svg_vocabulary import ELEMENTS
from publisher.model.codes import Code
from publisher.text import mathematics
from tests.conftest import Run
from tests.reader_samples import PROSE
from tests.test_readers import HOME, packed

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 90 60">'


def cleaned(content: str) -> CleanSvg:
    return clean_svg(f"{HEAD}{content}</svg>".encode())


def drawn(content: str) -> str:
    """What stays of the content of a drawing."""
    return cleaned(content).data.decode().partition('viewBox="0 0 90 60">')[2].removesuffix("</svg>")


def png(mode: str = "RGB") -> str:
    buffer = io.BytesIO()
    Image.new(mode, (2, 2)).save(buffer, "PNG")
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"


@pytest.mark.parametrize(
    "content",
    [
        '<rect x="1" y="2" width="3" height="4" rx="1" fill="#123" stroke="rgb(1, 2, 3)" transform="rotate(9)"/>',
        '<g class="a" id="b" style="fill:red;stroke-width:2px"><path d="M0 0h9v9z"/><circle r="9%"/></g>',
        '<defs><linearGradient id="g" gradientUnits="userSpaceOnUse"><stop offset="0" stop-color="red"/></linearGradient></defs>',
        '<pattern id="p" patternUnits="userSpaceOnUse"/><mask id="m"/><clipPath id="c"/><marker id="k" refX="1" orient="auto"/>',
        '<rect fill="url(#g)" mask="url(#m)" clip-path="url(#c)" marker-end="url(#k)"/>',
        '<text x="1" font-family="Georgia, serif">Upper <tspan dy="1em" font-weight="bold">lock</tspan> gate</text>',
        '<text><textPath xlink:href="#a">Along the quay</textPath></text>',
        '<symbol id="s" viewBox="0 0 9 9"><path d="M0 0"/></symbol><use x="1" xlink:href="#s"/>',
        '<filter id="f"><feGaussianBlur in="SourceAlpha" stdDeviation="2"/><feMerge><feMergeNode in="x"/></feMerge></filter>',
        "<style>.a,#b &gt; rect{fill:red;stroke:url(#g)}\n@media print{.c{opacity:.5}}</style>",
        "<title>Barges</title><desc>By day</desc>",
        f'<image width="9" height="9" xlink:href="{png()}"/>',
    ],
)
def test_what_a_still_drawing_is_made_of_stays_as_it_is(content: str) -> None:
    assert drawn(content) == content


@pytest.mark.parametrize(
    ("content", "left"),
    [
        ("<script>run()</script><rect/>", "<rect/>"),
        ('<rect onclick="run()" ONLOAD="run()" onbegin="run()"/>', "<rect/>"),
        ('<a xlink:href="javascript:run()" target="_top"><rect/></a>', "<g><rect/></g>"),
        ('<text>See <a href="https://example.org/">the gauge</a> now</text>', "<text>See <tspan>the gauge</tspan> now</text>"),
        ('<rect><animate attributeName="x" to="9"/><set attributeName="href" to="javascript:run()"/></rect>', "<rect/>"),
        ('<text>Level<animate attributeName="x"/> 2.10</text>', "<text>Level 2.10</text>"),
        ('<use href="https://example.org/a.svg#b"/><use xlink:href="//example.org/#b"/><use href="a.svg#b"/>', ""),
        ('<use href="data:image/svg+xml,x#b"/><use href="#b"/>', '<use xlink:href="#b"/>'),
        ('<linearGradient href="https://example.org/#a"/><pattern xlink:href="a#b"/>', "<linearGradient/><pattern/>"),
        ('<image href="https://example.org/a.png"/><image/><image href="file:///a.png"/>', ""),
        ('<image href="DATA:image/svg+xml;base64,PHN2Zy8+"/>', ""),
        ('<image href="data:image/png;base64,PHN2Zy8+"/>', ""),  # a drawing under the name of PNG
        ('<feImage href="https://example.org/a.png"/><cursor href="a.cur"/><font/><mpath href="#a"/>', ""),
        ('<rect xml:base="https://example.org/"/><rect data-a="b" aria-label="c"/>', "<rect/><rect/>"),
        ('<rect id="a b" class="c"/><rect id="javascript:a"/>', '<rect class="c"/><rect/>'),
        ('<rect id="a"/><g id="a"/>', '<rect id="a"/><g/>'),
        ('<rect xmlns=""/><f:rect xmlns:f="urn:f"/><RECT/>', ""),
        ('<f:layer xmlns:f="urn:f"/><rect xmlns:f="urn:f" f:label="x"/>', "<rect/>"),
        ("<metadata><a>Words of a program</a></metadata>", ""),
        ("<!-- a comment --><?php run() ?>", ""),
    ],
)
def test_what_runs_or_reaches_out_or_is_foreign_goes(content: str, left: str) -> None:
    assert drawn(content).replace(' xmlns=""', "") == left


@pytest.mark.parametrize(
    ("css", "left"),
    [
        ("fill:red;behavior:url(a.htc);-moz-binding:url(a)", "fill:red"),
        ("fill:url(https://example.org/a#b)", ""),
        ("fill:URL( 'a.svg#b' )", ""),
        (r"fill:\75rl(https://example.org)", ""),
        (r"fill:u\72 l('//example.org')", ""),
        ("fill:u/**/rl(https://example.org)", ""),  # a function of another name, and a broken address
        ("fill:url( '#g' ) red", "fill:url(#g) red"),
        ("stroke:blue;fill:url(#g", "stroke:blue"),
        ("fill:image-set('a.png' 1x);stroke:src('a')", ""),
        ("width:expression(run())", ""),
        ("--a:url(https://example.org);--b:red;fill:var(--b)", "--b:red;fill:var(--b)"),
        ("content:'x';position:fixed;fill:red!important", "fill:red!important"),
        ("fill:red;@import 'a.css';stroke:blue", "fill:red;stroke:blue"),
        ("fill:{};stroke:]", ""),
    ],
)
def test_declarations_that_stay(css: str, left: str) -> None:
    attribute = css.replace("'", "&apos;")
    assert drawn(f'<rect style="{attribute}"/>') == (f'<rect style="{left}"/>' if left else "<rect/>")
    assert drawn(f"<style>a{{{css}}}</style>").startswith(f"<style>a{{{left}}}" if left else "")
    assert "example.org" not in drawn(f"<style>a{{{css}}}</style>")


@pytest.mark.parametrize("value", [r"\75rl(https://example.org)", "url(a.svg#b)", "URL('https://example.org')", "image('a')"])
def test_a_presentation_attribute_is_read_as_css(value: str) -> None:
    assert drawn(f'<rect fill="{value}" x="1"/>') == '<rect x="1"/>'


@pytest.mark.parametrize(
    "css",
    [
        "@import url(https://example.org/a.css);",
        "@IMPORT 'https://example.org/a.css' print;",
        r"@\69mport 'https://example.org/a.css';",
        "<![CDATA[@import 'https://example.org/a.css';]]>",
        "@font-face{font-family:A;src:url(https://example.org/a.woff)}",
        "@namespace url(https://example.org);",
        "@keyframes a{from{fill:red}}",
        "@media print{@import 'https://example.org';}",
        "a{} b{behavior:url(#x)}",
        "a{b{fill:red}}",
    ],
)
def test_rules_that_import_name_fonts_or_move_go(css: str) -> None:
    assert drawn(f"<style>{css}</style><rect/>") == "<rect/>"


def test_a_drawing_with_prefixed_names_entities_and_instructions_stays_a_drawing() -> None:
    source = (
        '<?xml version="1.0"?><?xml-stylesheet href="https://example.org/a.css"?>'
        '<!DOCTYPE s:svg SYSTEM "https://example.org/a.dtd" [<!ENTITY ns "http://www.w3.org/2000/svg"><!ENTITY w "Upper lock">]>'
        '<s:svg xmlns:s="&ns;"><s:rect width="3"/><s:text>&w;</s:text><rect/></s:svg>'
    )
    found = clean_svg(source.encode("utf-16")).data.decode()
    head = HEAD.replace(' viewBox="0 0 90 60"', "")
    assert found.partition("?>\n")[2] == f'{head}<rect width="3"/><text>Upper lock</text></svg>'


@pytest.mark.parametrize(
    ("content", "left_out"),
    [
        ("<foreignObject><p>Upper <b>lock</b></p><script>run()</script></foreignObject>", ["the words “Upper lock”"]),
        ('<text>Level <f:a xmlns:f="urn:f">2.10</f:a></text>', ["the words “2.10”"]),
        ('<image href="map.png"/>', ["the image map.png"]),
        ('<image href="data:image/svg+xml,x"/>', ["an image embedded in it"]),
        ('<use href="https://example.org/a.svg#b"/>', ["the image https://example.org/a.svg#b"]),
        (f'<image href="{"x" * 81}"/>', [f"the image {'x' * 79}…"]),
        ("<switch><foreignObject>Upper lock</foreignObject><text>Upper lock</text></switch>", []),
        ("<switch><foreignObject>Upper lock</foreignObject><text>Upper l…</text></switch>", ["the words “Upper lock”"]),
        ("<script>run()</script><style>a{}</style><metadata>a</metadata><animate/>", []),
    ],
)
def test_what_a_reader_would_miss_is_named(content: str, left_out: list[str]) -> None:
    assert list(cleaned(content).left_out) == left_out


@pytest.mark.parametrize(
    ("content", "left"),
    [
        ("<foreignObject/><text>a</text>", "<text>a</text>"),
        ('<text systemLanguage="de">a</text><text>b</text>', "<text>b</text>"),
        ('<text systemLanguage="de">a</text>', "<text>a</text>"),
        ('<g requiredExtensions="urn:x"/><rect/>', "<rect/>"),
        ("<foreignObject/>", ""),
    ],
)
def test_of_alternatives_the_first_that_all_readers_show_stays(content: str, left: str) -> None:
    assert drawn(f"<switch>{content}</switch>") == (f"<g>{left}</g>" if left else "<g/>")


@pytest.mark.parametrize("data", [b"<svg", b"<html/>", b"<svg xmlns='urn:x'/>", b"<svg>&unknown;</svg>"])
def test_what_is_no_drawing_is_refused(data: bytes) -> None:
    with pytest.raises(ImageError) as caught:
        clean_svg(data)
    assert caught.value.code is Code.IMAGE_BROKEN


def test_a_file_that_an_entity_names_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret words")
    source = f"<!DOCTYPE svg [<!ENTITY a SYSTEM '{(tmp_path / 'secret').as_uri()}'>]>{HEAD}<text>&a;</text></svg>"
    with pytest.raises(ImageError):
        clean_svg(source.encode())


def nested(levels: int, times: int) -> str:
    """A drawing in which each level uses the one before it several times."""
    groups = (f'<g id="a{level}">' + f'<use href="#a{level - 1}"/>' * times + "</g>" for level in range(1, levels))
    return f'<g id="a0"><rect/></g>{"".join(groups)}'


@pytest.mark.parametrize(
    ("content", "is_shown"),
    [
        (nested(4, 10), True),
        (nested(9, 10), False),  # 10 to the eighth
        (nested(1000, 1), False),
        ('<g id="a"><use href="#a"/><use href="#a"/></g>', False),
        ('<pattern id="p"><rect fill="url(#p)"/></pattern>', False),
        ("<style>#b{fill:url(#p)}</style>" + f'<g id="p">{"<rect/>" * 400}</g><g id="b">{"<rect/>" * 400}</g>', False),
        ("<style>.b{fill:url(#p)}</style>" + f'<g id="p">{"<rect/>" * 400}</g><g id="b">{"<rect/>" * 400}</g>', True),
        (f'<g id="p">{"<rect/>" * 400}</g><g clip-path="url(#p)">{"<rect/>" * 400}</g>', True),
        (f'<marker id="k">{"<rect/>" * 400}</marker><path marker-mid="url(#k)" d="M0 0{"1 1" * 400}"/>', False),
        ("<rect/>" * (MAX_ELEMENTS - 1), True),
        ("<rect/>" * MAX_ELEMENTS, False),
        ("<g>" * (MAX_DEPTH - 1) + "</g>" * (MAX_DEPTH - 1), True),
        ("<g>" * MAX_DEPTH + "</g>" * MAX_DEPTH, False),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_drawing_is_refused_if_too_much_is_drawn(content: str, is_shown: bool) -> None:
    if is_shown:
        assert cleaned(content).data
        return
    with pytest.raises(ImageError) as caught:
        cleaned(content)
    assert caught.value.code is Code.IMAGE_TOO_LARGE


@pytest.mark.parametrize(
    ("svg", "size"),
    [
        ("<svg viewBox='0 0 30.4 20'/>", (30, 20, False)),
        ("<svg viewBox='0 0 0 20' width='9' height='8px'/>", (9, 8, True)),
        ("<svg viewBox='0 0 300 200' width='90' height='60'/>", (90, 60, True)),
        ("<svg viewBox='0 0 300 200' width='90'/>", (90, 60, True)),
        ("<svg viewBox='0 0 300 200' width='100%' height='60'/>", (90, 60, True)),
        ("<svg width='2.54cm' height='36pt'/>", (96, 48, True)),
        ("<svg viewBox='0 0 30' width='9.6' height='8'/>", (10, 8, True)),
        ("<svg width='9em' height='8'/>", (0, 0, False)),
        ("<svg/>", (0, 0, False)),
    ],
)
def test_the_size_of_a_drawing(svg: str, size: tuple[int, int, bool]) -> None:
    assert size_of(lxml.etree.fromstring(svg)) == size


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"<svg/>", True),
        (b"\xef\xbb\xbf\n<?xml?>", True),
        ("<svg/>".encode("utf-16"), True),
        (b"\x89PNG <svg", False),  # a raster image that speaks of one
        (b"", False),
    ],
)
def test_markup_is_told_from_raster_images_by_its_first_character(data: bytes, found: bool) -> None:
    assert is_svg(data) is found


def test_our_own_formulas_stay_as_they_are_drawn() -> None:
    image = mathematics.from_tex(r"\sqrt{x^2} + \frac{1}{2}")
    svg = base64.b64decode(image.partition("base64,")[2].rstrip('"/>'))
    formula = clean_svg(svg).data
    assert mathematics.characters_of(formula) == mathematics.characters_of(svg) != ""
    assert drawings(formula) == drawings(svg)


def drawings(svg: bytes) -> list[dict[str, str]]:
    """The attributes of all that is drawn, references under one name."""
    elements = [element for element in lxml.etree.fromstring(svg).iter() if lxml.etree.QName(element).localname in ELEMENTS]
    return [{str(key).rpartition("}")[2]: str(value) for key, value in element.attrib.items()} for element in elements]


WITH_IMAGE = {
    "docx": HOME / "docx/picture-with-its-caption.docx",
    "odt": HOME / "odt/picture.odt",
    "epub": HOME / "epub/pictures-come-along.epub",
}
ATTACK = (
    f'{HEAD}<style>@import "https://example.org/a.css";</style><rect onclick="run()" fill="url(https://example.org/)"/>'
    "<foreignObject><p>Words in HTML</p></foreignObject><text>Harbor</text></svg>"
)


@pytest.mark.parametrize("place", ["file", "uri", "page", "docx", "odt", "epub", "notebook", "mail"])
def test_a_drawing_is_cleaned_wherever_it_comes_from(
    place: str, edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    name, data = manuscript_with_drawing(place)
    home = edition({name: data, "d.svg": ATTACK})
    run = publisher("build", name, "-o", "out.epub")
    assert run.code == 0 and "the words “Words in HTML” [image-partial]" in run.err
    with zipfile.ZipFile(home / "out.epub") as book:
        (drawing,) = [book.read(path).decode() for path in book.namelist() if path.endswith(".svg")]
    assert "Harbor" in drawing
    for word in ("example.org", "onclick", "foreignObject", "@import"):
        assert word not in drawing


def manuscript_with_drawing(place: str) -> tuple[str, bytes]:
    """A file with the drawing of an attack in it."""
    uri = f"data:image/svg+xml;base64,{base64.b64encode(ATTACK.encode()).decode()}"
    text = f"<article><h1>A</h1><p>{PROSE}</p>{{}}</article>"
    if place == "page":
        shapes = ATTACK.replace("viewBox", 'width="90" height="80" viewBox')
        return "a.html", text.format(shapes).encode()
    if place in ("file", "uri"):
        return "a.html", text.format(f"<img alt='A' src='{uri if place == 'uri' else 'd.svg'}'>").encode()
    if place == "notebook":
        output = {"output_type": "display_data", "data": {"image/svg+xml": ATTACK}, "metadata": {}}
        cells = [{"cell_type": "code", "source": "draw()", "outputs": [output], "metadata": {}}]
        return "a.ipynb", json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
    if place == "mail":
        mail = EmailMessage()
        mail["Subject"], mail["From"] = "A", "mara@example.org"
        mail.set_content(text.format('<img alt="A" src="cid:d">'), subtype="html")
        mail.add_related(ATTACK.encode(), "image", "svg+xml", cid="<d>")
        return "a.eml", mail.as_bytes()
    return f"a.{place}", packed(WITH_IMAGE[place], lambda data: ATTACK.encode() if data.startswith(b"\x89PNG") else data)

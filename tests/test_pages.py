"""The e-book carries the PDF's pages: the text behind each page break is the text that the page begins with."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from lxml import etree

from publisher.build.build import make
from publisher.build.plan import plan
from tests.conftest import SAMPLE
from tests.test_words import letters

pytestmark = pytest.mark.slow
XHTML = "{http://www.w3.org/1999/xhtml}"
MILLIMETER = 72 / 25.4
SHORT = 120  # letters: a page of a few words and its notes says too little
SAME = 16  # letters that show that two texts are the same
PICTURES = {"figure", "img", "math", "table"}


def epub_with_moved_breaks(epub: bytes) -> bytes:
    """The same book with each break that stands in a text three words further on."""
    later = re.compile(rb'(<span id="page_\d+"[^>]*role="doc-pagebreak"[^>]*/>)((?:[\w,.]+ ){3})')
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(epub)) as good, zipfile.ZipFile(buffer, "w") as bad:
        for item in good.infolist():
            data = good.read(item)
            bad.writestr(item, later.sub(rb"\2\1", data) if item.filename.endswith(".xhtml") else data)
    return buffer.getvalue()


def both(inputs: list[Path], pages: str = "book.pdf") -> tuple[bytes, bytes]:
    outputs = make(plan(inputs, [Path(pages), Path("book.epub")])).outputs
    return outputs[Path(pages)].data, outputs[Path("book.epub")].data


def page_texts(pdf: bytes, top: float = 18.5, foot: float = 22) -> list[str]:
    """The letters between running head and folio of each page (millimeters from the edges, those of the theme)."""
    found = []
    for page in pypdfium2.PdfDocument(pdf):
        width, height = page.get_size()
        found.append(letters(page.get_textpage().get_text_bounded(0, foot * MILLIMETER, width, height - top * MILLIMETER)))
    return found


def marked_texts(epub: bytes) -> dict[str, tuple[str, bool]]:
    """By folio: the letters behind each page break, to the end of its file, and whether a picture or table comes first."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(epub)) as archive:
        for name in (one for one in archive.namelist() if one.endswith(".xhtml")):
            root = etree.fromstring(archive.read(name))
            for mark in root.iter(f"{XHTML}span"):
                if mark.get("role") == "doc-pagebreak":
                    found[mark.get("aria-label", "")] = (letters("".join(_behind(mark))), _opens_with_picture(mark))
    return found


def _behind(mark: etree._Element) -> Iterator[str]:
    yield mark.tail or ""
    element: etree._Element | None = mark
    while element is not None:
        for later in element.itersiblings():
            yield from (str(text) for text in later.itertext())
            yield later.tail or ""
        element = element.getparent()
        if element is not None:
            yield element.tail or ""


def _opens_with_picture(mark: etree._Element) -> bool:
    within = {str(etree.QName(one).localname) for one in mark.iterancestors()}
    following = mark.getnext()
    return bool(within & {"table", "figure", "ol"}) or (
        not (mark.tail or "").strip() and following is not None and etree.QName(following).localname in PICTURES | {"div"}
    )


def wrong_breaks(pdf: bytes, epub: bytes) -> list[str]:
    """The pages whose break stands elsewhere than before the first word; one that a page begins inside may be whole."""
    marks, wrong = marked_texts(epub), []
    for number, page in enumerate(page_texts(pdf), 1):
        text, picture = marks.get(str(number), ("", False))
        if len(page) < SHORT or picture or str(number) not in marks:
            continue
        page, text = re.sub(r"^\d+(?=[^\W\d])", "", page), re.sub(r"^\d+(?=[^\W\d])", "", text)
        begins = [text[at : at + SAME] for at in range(30)]
        if page[:SAME] not in begins:
            wrong.append(f"page {number}: {page[:40]!r} but {text[:40]!r}")
    return wrong


def test_every_page_of_the_sample_has_its_break_at_its_first_word_and_a_line_in_the_list() -> None:
    pdf, epub = both([SAMPLE])
    pages = len(pypdfium2.PdfDocument(pdf))
    assert sorted(marked_texts(epub), key=int) == [str(number) for number in range(1, pages + 1)]
    assert wrong_breaks(pdf, epub) == []
    assert len(wrong_breaks(pdf, epub_with_moved_breaks(epub))) > 3
    with zipfile.ZipFile(io.BytesIO(epub)) as archive:
        nav = etree.fromstring(archive.read("EPUB/nav.xhtml"))
    (listed,) = [one for one in nav.iter(f"{XHTML}nav") if one.get("role") == "doc-pagelist"]
    assert [link.text for link in listed.iter(f"{XHTML}a")] == [str(number) for number in range(1, pages + 1)]


def test_every_page_of_many_web_pages_has_its_break_at_its_first_word(shared: Path, tmp_path: Path) -> None:
    for page in sorted((shared / "corpus" / "web-pages").glob("*/expected.html"))[::3]:
        (tmp_path / f"{page.parent.name}.html").write_bytes(page.read_bytes())
    pdf, epub = both([tmp_path])
    assert len(marked_texts(epub)) == len(pypdfium2.PdfDocument(pdf)) > 80
    assert wrong_breaks(pdf, epub) == []

"""Binding: the file is written as it grows. Whoever reads it finds the same objects, and nothing is kept of what was written."""

from __future__ import annotations

import datetime
import errno
import io
import tempfile
import tracemalloc
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, NameTree, NumberTree, String

from publisher.checks.validate import pdf_diagnostics
from publisher.model.codes import Code
from publisher.model.diagnostics import PublisherError
from publisher.model.edition import Edition, Imprint, Moment
from publisher.writers import themes
from publisher.writers.contract import Settings
from publisher.writers.pdf.bind import Binder
from publisher.writers.pdf.growing_brief import GrowingBrief
from publisher.writers.pdf.growing_file import GrowingFile
from publisher.writers.pdf.object_transfer import ObjectTransfer
from publisher.writers.pdf.outline import OutlineEntry, add_outline
from publisher.writers.pdf.search_trees import add_name_tree, add_number_tree
from publisher.writers.pdf.sheet import Sheet, SheetFile

THEME = themes.load("brief")
EDITION = Edition(Imprint("Lock log", language="en"), ())
MOMENT = Moment(datetime.datetime(2026, 3, 17, tzinfo=datetime.UTC))


# The file


def _finished(file: GrowingFile, **catalog: bytes) -> bytes:
    entries = b" ".join(b"/%s %s" % (key.encode(), value) for key, value in catalog.items())
    pages = file.reserve()
    page = file.add(b"<< /Type /Page /Parent %d 0 R /MediaBox [ 0 0 9 9 ] /Resources << >> >>" % pages)
    file.add(b"<< /Type /Pages /Kids [ %d 0 R ] /Count 1 >>" % page, pages)
    return file.finish(file.add(b"<< /Type /Catalog /Pages %d 0 R %s >>" % (pages, entries)), file.add(b"<< >>"))


def test_objects_can_be_referred_to_before_they_are_written() -> None:
    file = GrowingFile()
    late = file.reserve()
    array = file.add(b"[ %s ]" % b" ".join(b"%d 0 R" % file.add(b"(lock %d)" % number) for number in range(250)))
    stream = file.add_stream(b"/Gate true", b"opened " * 99, compress=True)
    file.add(b"<< /Level 7 >>", late)
    data = _finished(file, Late=b"%d 0 R" % late, Locks=b"%d 0 R" % array, Stream=b"%d 0 R" % stream)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.Root.Late.Level == 7 and pdf.Root.Stream.read_bytes() == b"opened " * 99 and pdf.Root.Stream.Gate is True
        assert [str(item) for item in pdf.Root.Locks] == [f"lock {number}" for number in range(250)]
        assert pdf.check_pdf_syntax() == []
        assert bytes(pdf.trailer.ID[0]) == bytes(pdf.trailer.ID[1]) and len(bytes(pdf.trailer.ID[0])) == 16
    assert data.startswith(b"%PDF-1.7\n%") and data.endswith(b"%%EOF\n") and data.count(b"/ObjStm") == 3


def test_a_number_without_an_object_is_an_error() -> None:
    file = GrowingFile()
    number = file.reserve()
    with pytest.raises(ValueError, match=f"object {number} "):
        _finished(file)


def test_a_long_file_grows_on_the_disk_and_is_the_same() -> None:
    files = GrowingFile(), GrowingFile(in_memory=100)
    for file in files:
        for number in range(300):
            file.add_stream(b"", b"weir %d" % number)
    short, long = map(_finished, files)
    assert short == long
    assert isinstance(files[0]._stream, io.BytesIO) and not isinstance(files[1]._stream, io.BytesIO)
    files[1].close()
    assert files[1]._stream.closed


@pytest.mark.parametrize("where", ["open", "write"])
def test_a_full_disk_is_an_error_with_its_hint(where: str) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    opened = (
        mock.Mock(side_effect=full) if where == "open" else mock.Mock(return_value=mock.Mock(write=mock.Mock(side_effect=full)))
    )
    with mock.patch.object(tempfile, "TemporaryFile", opened), pytest.raises(PublisherError) as raised:
        GrowingFile(in_memory=10)
    (diagnostic,) = raised.value.diagnostics
    assert diagnostic.code is Code.TEMPORARY_FILES and "No space left" in diagnostic.message and "TMPDIR" in diagnostic.hint


# Moving objects


def _moved(source: pikepdf.Pdf, item: Any) -> pikepdf.Pdf:
    """A file with what was moved as /Moved of its catalog."""
    file = GrowingFile()
    transfer = ObjectTransfer(source, file)
    number = transfer.move(item)
    transfer.write()
    return pikepdf.open(io.BytesIO(_finished(file, Moved=b"%d 0 R" % number)))


_STRINGS = st.one_of(
    st.binary(max_size=40), st.sampled_from([b"1 0 R", b"(1 0 R", b")2 0 R", b"\\", b"\\(3 0 R)", b"<4 0 R>", b"1" * 3000])
)
_NAMES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=9)
_VALUES = st.recursive(
    st.one_of(
        st.integers(-(2**40), 2**40), st.booleans(), st.none(), _STRINGS.map(String), _NAMES.map(lambda name: Name(f"/{name}"))
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=5).map(Array),
        st.dictionaries(_NAMES.map(lambda name: f"/{name}"), inner, max_size=4).map(Dictionary),
    ),
    max_leaves=12,
)


@given(st.lists(_VALUES, min_size=1, max_size=8))
def test_whatever_an_object_holds_is_the_same_where_it_was_moved(values: list[Any]) -> None:
    with pikepdf.new() as source:
        other = source.make_indirect(Dictionary(Lock=String("1 0 R")))
        item = source.make_indirect(Array([part for value in values for part in (value, other, 1, 0, other)]))
        with _moved(source, item) as pdf:
            assert list(pdf.Root.Moved)[::5] == list(item)[::5]
            assert {pdf.Root.Moved[index].objgen for index in range(len(values) * 5) if index % 5 in (1, 4)} == {(2, 0)}
            assert pdf.Root.Moved[1].Lock == String("1 0 R")


def test_objects_are_moved_once_and_only_where_something_refers_to_them() -> None:
    with pikepdf.new() as source:
        first, second, _ = (source.make_indirect(Dictionary(Number=number)) for number in range(3))
        first.Next, second.Next = second, first
        with _moved(source, first) as pdf:
            assert pdf.Root.Moved.Next.Next.objgen == pdf.Root.Moved.objgen and pdf.Root.Moved.Next.Number == 1
            numbers = [item.get("/Number", 0) for item in pdf.objects if isinstance(item, Dictionary)]
            assert sorted(numbers)[-2:] == [0, 1] and 2 not in numbers


def test_a_reference_to_no_object_is_one_to_nothing() -> None:
    file = GrowingFile()
    with pikepdf.open(io.BytesIO(_finished(file, Lost=b"[ 99 0 R (kept) ]"))) as source, _moved(source, source.Root) as pdf:
        assert [pdf.Root.Moved.Lost[0], str(pdf.Root.Moved.Lost[1])] == [None, "kept"]


def test_streams_are_moved_as_they_are_and_plain_content_is_compressed() -> None:
    content = b"0 0 m 9 9 l S\n" * 50
    with pikepdf.new() as source:
        plain, metadata = source.make_stream(content, Mark=1), source.make_stream(b"<x/>" * 50, Type=Name.Metadata)
        coded = source.make_stream(b"(raw 5 0 R", Filter=Name.DCTDecode, Parts=Array([plain]))
        with _moved(source, source.make_indirect(Array([plain, metadata, coded]))) as pdf:
            kinds = [stream.stream_dict.get("/Filter") for stream in pdf.Root.Moved]
            assert kinds == [Name.FlateDecode, None, Name.DCTDecode]
            assert pdf.Root.Moved[0].read_bytes() == content and pdf.Root.Moved[0].Mark == 1
            assert pdf.Root.Moved[1].read_raw_bytes() == b"<x/>" * 50 and pdf.Root.Moved[2].read_raw_bytes() == b"(raw 5 0 R"
            assert pdf.Root.Moved[2].Parts[0].objgen == pdf.Root.Moved[0].objgen


# Search trees and the outline


@pytest.mark.parametrize("count", [0, 1, 200, 201, 25_000])
def test_a_tree_of_any_size_finds_each_key(count: int) -> None:
    file = GrowingFile()
    names = {f"lock-{number}".encode(): b"%d" % number for number in range(count)}
    roots = add_name_tree(file, names.items()), add_number_tree(file, ((2 * number, b"(%d)" % number) for number in range(count)))
    with pikepdf.open(io.BytesIO(_finished(file, Names=b"%d 0 R" % roots[0], Numbers=b"%d 0 R" % roots[1]))) as pdf:
        by_name, by_number = NameTree(pdf.Root.Names), NumberTree(pdf.Root.Numbers)
        assert {name.encode(): str(value).encode() for name, value in by_name.items()} == names
        assert [(key, str(value)) for key, value in by_number.items()] == [(2 * number, str(number)) for number in range(count)]
        assert "lock-0x" not in by_name and 1 not in by_number
        if count:
            assert by_name[f"lock-{count - 1}"] == count - 1 and str(by_number[2 * count - 2]) == str(count - 1)
        assert "/Limits" not in pdf.Root.Names and "/Limits" not in pdf.Root.Numbers
        assert ("/Kids" in pdf.Root.Names) == (count > 200)


def test_keys_of_a_name_tree_are_in_the_order_of_their_bytes() -> None:
    file = GrowingFile()
    keys = [bytes(String(key)) for key in ("z", "é", "水", "a(b", "")]
    tree = add_name_tree(file, ((key, b"true") for key in keys))
    with pikepdf.open(io.BytesIO(_finished(file, Names=b"%d 0 R" % tree))) as pdf:
        assert [bytes(key) for key in list(pdf.Root.Names.Names)[::2]] == sorted(keys)


def test_an_outline_has_the_lines_whose_places_are_in_the_file() -> None:
    file = GrowingFile()
    lines = (OutlineEntry("Gate (1 0 R)", "a.gate"), OutlineEntry("Lost", "a.lost"), OutlineEntry("水門", "é"))
    entries = [OutlineEntry("Lost", "lost", (OutlineEntry("In it", "a"),)), OutlineEntry("A", "a", lines), OutlineEntry("B", "b")]
    places = {bytes(String(name)): b"[ null /XYZ 0 %d 0 ]" % top for top, name in enumerate(["a", "b", "a.gate", "é"])}
    outline = add_outline(file, entries, places)
    empty = add_outline(file, entries, {})
    with pikepdf.open(io.BytesIO(_finished(file, Outlines=b"%d 0 R" % outline, Empty=b"%d 0 R" % empty))) as pdf:
        first = pdf.Root.Outlines.First
        assert pdf.Root.Outlines.Count == 2 and first.Count == -2 and "/First" not in pdf.Root.Empty
        assert first.Last.Prev.objgen == first.First.objgen and first.Next.Prev.objgen == first.objgen
        assert first.Parent.objgen == pdf.Root.Outlines.objgen and first.First.Parent.objgen == first.objgen
        with pdf.open_outline() as tree:
            assert [(item.title, [child.title for child in item.children]) for item in tree.root] == [
                ("A", ["Gate (1 0 R)", "水門"]), ("B", []),
            ]  # fmt: skip
            assert tree.root[0].is_closed
            assert [item.destination[3] for item in tree.root[0].children] == [2, 3]


# Sheets


def _sheet(name: str, pages: int = 1, *, links: tuple[str, ...] = (), tagged: bool = True, size: int = 200) -> Sheet:
    """A sheet with a paragraph a page, links to other places at the foot, and a destination."""
    with pikepdf.new() as pdf:
        resources = pdf.make_indirect(Dictionary(Font=Dictionary(), Pattern=Dictionary(p=pdf.make_stream(b"n"))))
        paragraphs, numbers = [], list[Any]()
        for number in range(pages):
            page = pdf.add_blank_page(page_size=(size, 300)).obj
            page.Resources = resources
            page.Contents = pdf.make_stream(f"/P <</MCID 0>> BDC 0 {10 * number} 9 9 re f EMC".encode())
            if tagged:
                page.StructParents, page.Tabs = number, Name.S
                paragraphs.append(
                    pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.P, Pg=page, K=0, ID=String(f"{name}-{number}")))
                )
                numbers += [number, Array([paragraphs[-1]])]
        for number, target in enumerate(links):
            link = pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), F=4))
            if ":" in target:
                link.A = Dictionary(S=Name.URI, URI=String(target))
            else:
                link.Dest = String(target)
            pdf.pages[0].obj.Annots = Array([*pdf.pages[0].obj.get("/Annots", ()), link])
            if tagged:
                link.StructParent = pages + number
                reference = Dictionary(Type=Name.OBJR, Obj=link, Pg=pdf.pages[0].obj)
                paragraphs.append(
                    pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Link, Pg=pdf.pages[0].obj, K=reference))
                )
                numbers += [pages + number, paragraphs[-1]]
        if tagged:
            article = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Art, K=Array(paragraphs)))
            document = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, K=Array([article])))
            article.P = document
            for paragraph in paragraphs:
                paragraph.P = article
            tree = pdf.make_indirect(Dictionary(Nums=Array(numbers)))
            pdf.Root.StructTreeRoot = pdf.make_indirect(
                Dictionary(Type=Name.StructTreeRoot, K=Array([document]), ParentTree=tree)
            )
        pdf.Root.Names = Dictionary(Dests=Dictionary(Names=Array([String(name), Array([pdf.pages[0].obj, Name.XYZ, 0, 300, 0])])))
        buffer = io.BytesIO()
        pdf.save(buffer)
    return Sheet(name, (SheetFile(buffer.getvalue()),), pages, {})


def _heads(pages: int) -> Iterator[Sheet]:
    yield from (_sheet("running", count, tagged=False) for count in [100] * (pages // 100) + [pages % 100] if count)


def _bound(*sheets: tuple[Sheet, int], first: Sheet | None = None, heads: int | None = None) -> bytes:
    with Binder(THEME, {"b": "The weir", "example.org": "Ann's lock"}) as binder:
        for sheet, span in sheets:
            binder.append(sheet, span)
        if first is not None:
            binder.append(first, first.pages, first=True)
        pages = sum(span for _, span in sheets) + (first.pages if first else 0)
        return binder.finish(
            _heads(pages if heads is None else heads), [OutlineEntry("A", "a")], EDITION, MOMENT, "test", ["ua-1"]
        )


def _widths(data: bytes) -> list[int]:
    return [round(page.get_width()) for page in pypdfium2.PdfDocument(data)]


def test_sheets_keep_their_structure_and_links_lead_to_other_sheets() -> None:
    data = _bound((_sheet("a", 2, links=("bind:b", "https://example.org/", "a")), 2), (_sheet("b", 3), 3))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        links = [entry for page in pdf.pages for entry in page.obj.get("/Annots", ())]
        assert [str(link.get("/Dest", "")) for link in links] == ["b", "", "a"] and str(links[0].Contents) == "The weir"
        owners = NumberTree(pdf.Root.StructTreeRoot.ParentTree)
        assert [int(page.obj.StructParents) for page in pdf.pages] == [0, 1, 5, 6, 7]
        assert [owners[number][0].Pg.objgen for number in (0, 1, 5, 6, 7)] == [page.obj.objgen for page in pdf.pages]
        assert [owners[int(link.StructParent)].K.Obj.objgen for link in links] == [link.objgen for link in links]
        assert set(NameTree(pdf.Root.StructTreeRoot.IDTree)) == {"a-0", "a-1", "b-0", "b-1", "b-2"}
        assert NameTree(pdf.Root.Names.Dests)["b"][0].objgen == pdf.pages[2].obj.objgen
        assert pdf.Root.StructTreeRoot.ParentTreeNextKey == 8 and pdf.check_pdf_syntax() == []
        codes = {diagnostic.code for diagnostic in pdf_diagnostics(pdf)}
    assert not codes & {Code.PDF_PARENT_TREE, Code.PDF_LINK_LOST}


def test_pages_of_a_sheet_share_resources_but_not_running_heads() -> None:
    with pikepdf.open(io.BytesIO(_bound((_sheet("a", 120), 120)))) as pdf:
        resources = [page.obj.Resources for page in pdf.pages]
        assert len({each.XObject.Running.objgen for each in resources}) == 120
        assert len({each.Pattern.objgen for each in resources}) == 1
        assert len({each.XObject.Running.Resources.objgen for each in resources}) == 2  # a hundred heads are a sheet
        assert all(b"/Running Do" in page.obj.Contents[-1].read_bytes() for page in pdf.pages)


def test_the_opening_may_be_appended_last() -> None:
    data = _bound((_sheet("a", 2), 2), (_sheet("b", size=240), 1), first=_sheet("opening", size=280))
    assert _widths(data) == [280, 200, 200, 240]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        articles = pdf.Root.StructTreeRoot.K[0].K
        assert [str(article.K[0].ID) for article in articles] == ["opening-0", "a-0", "b-0"]
        assert Code.PDF_PARENT_TREE not in {diagnostic.code for diagnostic in pdf_diagnostics(pdf)}


def test_blank_pages_have_the_size_of_the_page_before_and_a_running_head() -> None:
    data = _bound((_sheet("a", 1, size=240), 2), (_sheet("b"), 1))
    assert _widths(data) == [240, 240, 200]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert "/Running" in pdf.pages[1].obj.Resources.XObject and "/StructParents" not in pdf.pages[1].obj


def test_a_sheet_without_structure_or_links_is_bound() -> None:
    with pikepdf.open(io.BytesIO(_bound((_sheet("a", tagged=False), 1), (_sheet("b"), 1)))) as pdf:
        assert len(pdf.pages) == 2 and len(pdf.Root.StructTreeRoot.K[0].K) == 1
        assert pdf.check_pdf_syntax() == []


@pytest.mark.parametrize("heads", [2, 4])
def test_each_page_has_its_running_head(heads: int) -> None:
    with pytest.raises((ValueError, StopIteration)):
        _bound((_sheet("a", 3), 3), heads=heads)


def test_the_bytes_are_the_same_each_time() -> None:
    assert _bound((_sheet("a", 2), 2)) == _bound((_sheet("a", 2), 2))


def test_nothing_is_kept_of_a_sheet_but_numbers_and_names() -> None:
    sheet = _sheet("a", 40, links=("bind:b",) * 40)
    with Binder(THEME) as binder:
        binder.append(sheet, sheet.pages)
        tracemalloc.start()
        size = binder._file._size
        for _ in range(20):
            binder.append(sheet, sheet.pages)
        kept = tracemalloc.get_traced_memory()[0] - (binder._file._size - size)
        tracemalloc.stop()
    assert kept < 20 * 80 * 500  # bytes of a page or a link, of which qpdf would hold several thousand


def test_a_sheet_is_bound_at_once_and_its_files_are_dropped() -> None:
    events: list[Any] = []
    brief = GrowingBrief(EDITION, Settings(THEME, MOMENT, report=events.append), {}, sheets=3)
    sheets = [_sheet("opening"), _sheet("a", 2, links=("b",)), _sheet("b")]
    with brief:
        left = [brief.take(index, sheet) for index, sheet in enumerate(sheets)]
        assert [(sheet.name, len(sheet.files)) for sheet in left] == [("opening", 1), ("a", 0), ("b", 0)]
        assert [(event.stage, event.name) for event in events] == [("binding", "a"), ("binding", "b")]
        data = brief.finish(left[0], 1, list(_heads(4)), [OutlineEntry("A", "a")], ["ua-1"])
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == 4 and {str(name) for name in list(pdf.Root.Names.Dests.Names)[::2]} == {"a", "b", "opening"}
    with pytest.raises(ValueError):
        brief.take(1, sheets[1])  # the file is closed


def test_a_brief_that_is_never_finished_leaves_no_file_open() -> None:
    with GrowingBrief(EDITION, Settings(THEME, MOMENT), {}, sheets=2) as brief:
        assert brief.take(0, _sheet("opening")).files
    assert "_binder" not in brief.__dict__  # nothing was begun

"""Citation libraries: BibTeX, CSL-JSON and RIS become items of CSL; a bad entry costs one entry, with its line."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.input.libraries.dates import date_of, impossible_date, month_of
from publisher.input.libraries.entries import LibraryFile
from publisher.input.libraries.latex import text_of
from publisher.input.libraries.library import by_key, conflicts, read_library
from publisher.input.libraries.title_case import sentence_case
from publisher.model.codes import Code
from publisher.model.diagnostics import PublisherError
from publisher.model.libraries import plain
from publisher.text.csl.markup_text import markup_xhtml
from publisher.text.source_exports import export
from publisher.text.standard_style import standard_style


def bib(text: str) -> LibraryFile:
    return read_library("refs.bib", text.encode(), "refs.bib")


def item(text: str) -> dict[str, Any]:
    (entry,) = bib(text).entries
    values: dict[str, Any] = json.loads(entry.item)
    return values


def test_an_entry_of_biblatex_has_its_fields_under_their_names_in_csl() -> None:
    found = item(
        """@article{lock, author = {Berg, Anna}, title = {Locks}, journaltitle = {Freight Review}, volume = 3, number = {2},
        pages = {12--34}, date = {2020-05-12},
        urldate = {2026-03-17}, url = {https://harbor.example/a\\_b}, doi = {10.1000/lock}}"""
    )
    assert found == {
        "id": "lock", "type": "article-journal", "author": [{"family": "Berg", "given": "Anna"}], "title": "Locks",
        "container-title": "Freight Review", "volume": "3", "issue": "2", "page": "12–34", "DOI": "10.1000/lock",
        "issued": {"date-parts": [[2020, 5, 12]]}, "accessed": {"date-parts": [[2026, 3, 17]]}, "URL": "https://harbor.example/a_b",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Berg, Anna", {"family": "Berg", "given": "Anna"}),
        ("Anna van der Berg", {"family": "Berg", "given": "Anna", "dropping-particle": "van der"}),
        ("van der Berg, Jr, Anna", {"family": "Berg", "given": "Anna", "dropping-particle": "van der", "suffix": "Jr"}),
        ("{Port Authority and Sons}", {"literal": "Port Authority and Sons"}),
        ("{\\'E}mile Zola", {"family": "Zola", "given": "Émile"}),
        ("family=Berg, given=Anna, prefix=van", {"family": "Berg", "given": "Anna", "dropping-particle": "van"}),
    ],
)
def test_names(name: str, expected: dict[str, str]) -> None:
    assert item(f"@book{{a, author = {{{name}}}}}")["author"] == [expected]


def test_useprefix_makes_particles_a_part_of_the_name() -> None:
    found = item("@book{a, author = {Anna van Berg}, options = {useprefix=true}}")
    assert found["author"] == [{"family": "Berg", "given": "Anna", "non-dropping-particle": "van"}]


def test_a_name_behind_and_may_begin_with_a_command() -> None:
    found = item(r"@book{a, author = {M{\"u}ller, J{\'o}zef and \O{}stergaard, {\AA}sa and {Barge and Lock} AND \'Elan, C}}")
    assert [name.get("family") or name["literal"] for name in found["author"]] == [
        "Müller",
        "Østergaard",
        "Barge and Lock",
        "Élan",
    ]


def test_several_names_and_others() -> None:
    assert len(item("@book{a, author = {Anna Berg and Lind Umer and others}}")["author"]) == 2


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('"Upper " # {Lock} # name', "Upper LockHarbor Press"),
        ("{On \\emph{barges}, caf{\\'e}}", "On <i>barges</i>, café"),
        ("{{NASA} barges}", '<span class="nocase">NASA</span> barges'),
        ("{H$_2$O --- a study~of \\& water}", "H<sub>2</sub>O — a study\u00a0of & water"),
        ("{``Locks''}", "“Locks”"),
        (r'"M\"uller and the gate"', "Müller and the gate"),
        (r"{Rents rose 5 % in \emph{all} ports, 10\% more}", "Rents rose 5 % in <i>all</i> ports, 10% more"),
        (r"{Of $10^{-3}$ and $a_{i}^2$}", "Of 10<sup>-3</sup> and a<sub>i</sub><sup>2</sup>"),
        (r"{Of $\frac{a_1}{b}$ locks}", "Of a_1/b locks"),
        (r"{\LaTeX{} and \href{https://a.example/}{barges}, \foreignlanguage{german}{Schleusen}}", "LaTeX and barges, Schleusen"),
    ],
)
def test_texts_of_bibtex(value: str, expected: str) -> None:
    found = bib(f"@string{{name = {{Harbor Press}}}}\n@book{{a, title = {value}, langid = {{german}}}}").entries[0]
    assert json.loads(found.item)["title"] == expected


def test_an_english_title_keeps_only_the_capitals_in_braces() -> None:
    title = item("@book{a, title = {The Upper Lock of {Upland}: A History}}")["title"]
    assert title == 'The upper lock of <span class="nocase">Upland</span>: A history'


def test_a_title_in_sentence_case_stays() -> None:
    assert sentence_case("The upper lock at Upland and the NATO port") == "The upper lock at Upland and the NATO port"


def test_a_single_letter_is_a_name_unless_it_is_an_article() -> None:
    assert sentence_case("The Gates of A Port and Their Pier B") == "The gates of a port and their pier B"


@given(st.text(max_size=60))
def test_sentence_case_changes_only_the_case(title: str) -> None:
    assert sentence_case(title).casefold() == title.casefold() or len(sentence_case(title)) != len(title)


def test_an_entry_takes_over_fields_of_crossref_and_xdata() -> None:
    library = bib(
        """@inproceedings{talk, title = {Locks}, crossref = {proc}, xdata = {house}}
        @xdata{house, publisher = {Harbor Press}}
        @proceedings{proc, title = {Proceedings}, editor = {A. Cee}, date = {2020}}"""
    )
    found = json.loads(by_key(library.entries)["talk"].item)
    assert (found["container-title"], found["publisher"]) == ("Proceedings", "Harbor Press")
    assert found["issued"] == {"date-parts": [[2020]]}
    assert "house" not in by_key(library.entries)


def test_entries_that_name_each_other_in_a_circle_are_read() -> None:
    assert len(bib("@book{a, crossref = {b}}\n@book{b, crossref = {a}, title = {x}}").entries) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020", {"date-parts": [[2020]]}),
        ("2020-05", {"date-parts": [[2020, 5]]}),
        ("2020-05-12/2020-06-01", {"date-parts": [[2020, 5, 12], [2020, 6, 1]]}),
        ("2020~", {"date-parts": [[2020]], "circa": True}),
        ("2020-21", {"date-parts": [[2020]], "season": 1}),
        ("2020-00-00", {"date-parts": [[2020]]}),
        ("-0044", {"date-parts": [[-44]]}),
        ("in press", {"literal": "in press"}),
        ("2020/..", {"date-parts": [[2020]]}),
    ],
)
def test_dates(text: str, expected: dict[str, Any]) -> None:
    assert date_of(text) == expected
    assert impossible_date(date_of(text)) == ""


@pytest.mark.parametrize("text", ["2020-13-01", "2020-02-30", "2021-02-29", "2020-05-12/2020-13"])
def test_impossible_dates(text: str) -> None:
    assert "does not exist" in impossible_date(date_of(text))


@given(st.text(max_size=20))
def test_any_text_is_some_date(text: str) -> None:
    assert isinstance(date_of(text), dict)


@pytest.mark.parametrize(("text", "number"), [("may", "05"), ("December", "12"), ("3", "03"), ("spring", "")])
def test_months(text: str, number: str) -> None:
    assert month_of(text) == number


def test_month_and_day_of_old_bibtex() -> None:
    assert item("@misc{a, year = 2020, month = may, day = 3}")["issued"] == {"date-parts": [[2020, 5, 3]]}


def test_a_bad_entry_costs_one_entry_and_has_its_line_and_key() -> None:
    library = bib("@book{good, title = {a}}\n\n@book{bad, title = {x\n@book{other, title = {b}}\n")
    assert [entry.key for entry in library.entries] == ["good", "other"]
    (problem,) = library.diagnostics
    assert (problem.code, problem.location.line if problem.location else 0) == (Code.LIBRARY_ENTRY, 3)
    assert "the entry bad is left out: unexpected block start" in problem.message


def test_a_field_that_is_given_twice_is_named() -> None:
    library = bib("@book{good, title = {a}}\n@book{twice, title = {a}, title = {b}}")
    assert "twice is left out: duplicate field keys on entry: 'title'" in library.diagnostics[0].message


def test_a_library_of_bad_entries_alone_is_an_error() -> None:
    with pytest.raises(PublisherError, match=r"refs\.bib:1: error: .*\[library\]"):
        bib("@book{bad, title = {x\n")


def test_lines_and_faults_of_entries() -> None:
    library = bib(
        "\n@book{a, date = {2020-13-45}}\n@book{b, url = {htp:/harbor}}\n@misc{c, url = {https://harbor.example/x?y#z}}"
    )
    assert [(entry.line, bool(entry.faults)) for entry in library.entries] == [(2, True), (3, True), (4, False)]
    assert "the date '2020-13-45' does not exist" in library.entries[0].faults[0]
    assert "'htp:/harbor' is no address" in library.entries[1].faults[0]


def test_a_fault_is_an_error_only_of_an_entry_that_is_cited() -> None:
    (entry,) = bib("@book{a, date = {2020-13-45}}").entries
    assert [fault.code for fault in entry.diagnostics("aid")] == [Code.LIBRARY_VALUE]
    assert [fault.code for fault in entry.diagnostics()] == [Code.LIBRARY_VALUE_UNUSED]


def test_csl_json_stays_as_it_is_with_its_lines() -> None:
    text = '[\n{"id": "a", "type": "book", "title": "Locks <i>x</i>"},\n{"id": 7, "type": "book"}]'
    library = read_library("refs.json", text.encode(), "refs.json")
    assert [(entry.key, entry.line) for entry in library.entries] == [("a", 2), ("7", 3)]
    assert json.loads(library.entries[0].item) == {"id": "a", "type": "book", "title": "Locks <i>x</i>"}
    assert library.entries[0].source.title == "Locks x"


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"author": "Anna Berg"}, "author: 'Anna Berg' is no list of names"),
        ({"author": [{"family": ["Berg"]}]}, "author: \"[{'family': ['Berg']}]\" is no list of names"),
        ({"editor": [None]}, "editor: '[None]' is no list of names"),
        ({"title": ["Locks"]}, "title: \"['Locks']\" is no text"),
        ({"title": True}, "title: 'True' is no text"),
        ({"type": {"a": 1}}, "type: \"{'a': 1}\" is no text"),
        ({"issued": "2020-01-01"}, "issued: '2020-01-01' is no date of CSL-JSON"),
        ({"issued": {"date-parts": "2020"}}, "issued: \"{'date-parts': '2020'}\" is no date of CSL-JSON"),
        ({"issued": {"date-parts": [2020]}}, "issued: \"{'date-parts': [2020]}\" is no date of CSL-JSON"),
        ({"issued": {"date-parts": [[2020, None]]}}, "issued: \"{'date-parts': [[2020, None]]}\" is no date of CSL-JSON"),
        ({"issued": {"raw": [2020]}}, "issued: \"{'raw': [2020]}\" is no date of CSL-JSON"),
    ],
)
def test_a_value_of_a_wrong_kind_is_a_fault_and_left_out(values: dict[str, Any], fault: str) -> None:
    (entry,) = read_library("refs.json", json.dumps([{"id": "a", **values}]).encode(), "refs.json").entries
    assert entry.faults == (fault,)
    assert json.loads(entry.item) == {"id": "a"}


def test_numbers_are_texts_and_what_programs_keep_for_themselves_is_no_fault() -> None:
    item = {
        "id": "a",
        "volume": 3,
        "DOI": 5,
        "custom": {"x": [1]},
        "author": [{"family": "Berg", "multi": {}, "comma-suffix": True}],
    }
    (entry,) = read_library("refs.json", json.dumps([item]).encode(), "refs.json").entries
    assert not entry.faults
    assert json.loads(entry.item) == {
        "id": "a", "volume": "3", "DOI": "5", "author": [{"family": "Berg", "comma-suffix": True}]
    }  # fmt: skip


def test_addresses_of_a_library_are_without_tracking_parameters() -> None:
    assert item("@online{a, url = {https://harbor.example/x?utm_source=mail&id=4}}")["URL"] == "https://harbor.example/x?id=4"


@pytest.mark.parametrize("text", ["{", "3", '{"a": 1}', "[" * 100_000])
def test_json_that_is_no_library_is_an_error(text: str) -> None:
    with pytest.raises(PublisherError, match=r"refs\.json.*\[library\]"):
        read_library("refs.json", text.encode(), "refs.json")


def test_an_item_without_an_id_costs_that_item() -> None:
    library = read_library("refs.json", b'[{"id": "a"}, {"type": "book"}, {"id": true}]', "refs.json")
    assert [problem.message for problem in library.diagnostics] == [
        "entry 2 is left out: it has no id", "entry 3 is left out: it has no id"
    ]  # fmt: skip


RIS = """TY  - JOUR
ID  - lock
AU  - Berg, Anna, Jr
A1  - Port Authority
TI  - Locks
T2  - Freight Review
PY  - 2020/05/12/
SP  - 12
EP  - 34
VL  - 3
IS  - 2
DO  - 10.1000/lock
UR  - https://harbor.example/
ER  -
"""


def test_a_record_of_ris() -> None:
    (entry,) = read_library("a.ris", RIS.encode(), "a.ris").entries
    assert json.loads(entry.item) == {
        "id": "lock", "type": "article-journal", "title": "Locks", "container-title": "Freight Review", "page": "12–34",
        "author": [{"family": "Berg", "given": "Anna", "suffix": "Jr"}, {"literal": "Port Authority"}],
        "volume": "3", "issue": "2",
        "issued": {"date-parts": [[2020, 5, 12]]}, "DOI": "10.1000/lock", "URL": "https://harbor.example/",
    }  # fmt: skip


@pytest.mark.parametrize(("last", "pages"), [("EP  - 5\n", "5"), ("EP  - 9\n", "5–9"), ("", "5")])
def test_pages_of_ris(last: str, pages: str) -> None:
    (entry,) = read_library("a.ris", f"TY  - JOUR\nID  - a\nSP  - 5\n{last}ER  - \n".encode(), "a.ris").entries
    assert json.loads(entry.item)["page"] == pages


def test_a_date_of_ris_may_have_parts_of_one_digit() -> None:
    (entry,) = read_library("a.ris", b"TY  - JOUR\nID  - a\nDA  - 2020/5/3/\nER  - \n", "a.ris").entries
    assert json.loads(entry.item)["issued"] == {"date-parts": [[2020, 5, 3]]}


def test_the_citation_key_goes_before_an_id_of_a_program() -> None:
    (entry,) = read_library("refs.json", b'[{"id": "users/1/items/2", "citation-key": "lock"}]', "refs.json").entries
    assert entry.key == "lock"


def test_a_record_of_ris_without_an_end_is_read_and_named() -> None:
    library = read_library("a.ris", f"{RIS}\nTY  - BOOK\nID  - b\nTI  - Barges\n".encode(), "a.ris")
    assert [(entry.key, entry.line) for entry in library.entries] == [("lock", 1), ("b", 16)]
    assert "the record b has no end" in library.diagnostics[0].message


def test_a_record_of_ris_without_a_key_costs_that_record() -> None:
    library = read_library("a.ris", f"{RIS}TY  - BOOK\nTI  - Barges\nER  - \n".encode(), "a.ris")
    assert str(library.diagnostics[0]).startswith("a.ris:15: warning: a record is left out: it has no key")


@pytest.mark.parametrize(
    ("name", "data"), [("a.ris", b"no record"), ("a.xml", b"<a/>"), ("a.bib", b"no entry"), ("a.bib", b"\x00\x01\x02" * 9)]
)
def test_what_is_no_library_is_an_error(name: str, data: bytes) -> None:
    with pytest.raises(PublisherError, match=r"\[library\]"):
        read_library(name, data, name)


def test_two_libraries_that_disagree_are_named_with_their_lines() -> None:
    first = bib("@book{a, title = {x}}\n@book{b, title = {y}}")
    second = read_library("b.json", b'[{"id": "a", "type": "book"}]', "b.json")
    (problem,) = conflicts((*first.entries, *second.entries))
    assert str(problem).startswith("b.json:1: error: a is another work than in refs.bib:1 [library-conflict]")
    assert not conflicts((*first.entries, *first.entries))


@given(st.text(alphabet=st.sampled_from("ab{}\\$\"'~#% \n,=@-^_&"), max_size=40))
def test_no_text_of_tex_ends_a_build(text: str) -> None:
    assert isinstance(text_of(text, protects_case=True), str)


@given(st.text(alphabet=st.sampled_from('ab{}\\"#,=@ \n()'), max_size=60))
def test_no_bibtex_ends_with_a_traceback(text: str) -> None:
    try:
        bib(f"@book{{ok, title = {{x}}}}\n{text}")
    except PublisherError as problem:
        assert problem.diagnostics


def test_an_entry_that_is_exported_is_the_same_entry_again() -> None:
    library = bib(
        """@article{lock, author = {van der Berg, Jr, Anna and {Port Authority}}, title = {{On \\emph{locks} & the {NATO} gate}},
        journaltitle = {Freight Review}, volume = {3}, pages = {12--34}, date = {2020-05-12}, doi = {10.1000/lock},
        url = {https://harbor.example/a_b}, langid = {german}}"""
    )
    again = bib(export([entry.source for entry in library.entries], "bibtex"))
    first, second = (json.loads(found.entries[0].item) for found in (library, again))
    assert plain(second.pop("title")) == plain(first.pop("title")) == "On locks & the NATO gate"
    assert second == first


@pytest.mark.parametrize("form", ["bibtex", "csv"])
@pytest.mark.parametrize(
    "date", ["2020", "2020-05", "2020-05-12", "2019-05/2019-07", "1850~", "2020-21", "0800", "-0044", "c. 1850", "n.d."]
)
def test_every_date_is_exported(date: str, form: str) -> None:
    (entry,) = bib(f"@book{{lock, title = {{{{Locks}}}}, date = {{{date}}}, isbn = {{978-1}}}}").entries
    written = export([entry.source], form)
    assert date in written
    if form == "bibtex":
        assert bib(written).entries[0].item == entry.item


def test_a_date_in_words_and_a_number_are_exported_to_ris() -> None:
    (entry,) = bib("@book{lock, title = {{Locks}}, date = {c. 1850}, isbn = {978-1}}").entries
    (again,) = read_library("refs.ris", export([entry.source], "ris").encode(), "refs.ris").entries
    assert json.loads(again.item) == json.loads(entry.item) | {"title": "Locks"}


@pytest.mark.parametrize(("parts", "day"), [([2020, 0, 0], "2020"), (["2020", "5", ""], "2020-05"), (["2020", "", "7"], "2020")])
def test_a_part_of_a_date_that_is_not_known_is_not_exported(parts: list[object], day: str) -> None:
    item = json.dumps([{"id": "a", "issued": {"date-parts": [parts]}}])
    (entry,) = read_library("refs.json", item.encode(), "refs.json").entries
    assert (entry.faults, f"date = {{{day}}}" in export([entry.source], "bibtex")) == ((), True)


def test_a_sign_alone_is_no_date() -> None:
    (entry,) = read_library("refs.json", b'[{"id": "a", "issued": {"date-parts": [["-"]]}}]', "refs.json").entries
    assert entry.faults == ("issued: \"['-']\" is no date",)


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("<i>Locks</i>", r"\emph{Locks}"),
        ("</i>Locks<i>", "Locks"),
        ("<i>Lo<b>ck</i>s</b>", "Locks"),
        ("<i/>Locks</i>", "Locks"),
        ("<b-x>Locks</b-x>", "<b-x>Locks</b-x>"),
    ],
)
def test_markup_that_does_not_match_up_is_no_command_of_tex(title: str, written: str) -> None:
    (entry,) = read_library("refs.json", json.dumps([{"id": "a", "title": title}]).encode(), "refs.json").entries
    assert f"title = {{{{{written}}}}}" in export([entry.source], "bibtex")


@pytest.mark.parametrize(
    ("title", "html"),
    [
        ("<i>Locks</i> & <sc>Co</sc>", "<i>Locks</i> &amp; Co"),
        ("<i>Locks", "&lt;i&gt;Locks"),
        ("<i>Lo<b>ck</i>s</b>", "&lt;i&gt;Lo&lt;b&gt;ck&lt;/i&gt;s&lt;/b&gt;"),
    ],
)
def test_markup_of_an_entry_is_markup_where_it_matches_up(title: str, html: str) -> None:
    assert markup_xhtml(title) == html


def test_markup_of_an_entry_is_no_text_in_ris() -> None:
    (entry,) = bib("@book{a, title = {On \\emph{locks} of {Upland}}}").entries
    assert "TI  - On locks of Upland" in export([entry.source], "ris")


@pytest.mark.parametrize(
    ("parts", "kept", "fault"),
    [
        ([["2020", "05", ""]], [[2020, 5]], ""),
        ([["+2020"]], [[2020]], ""),
        ([["", ""]], None, ""),
        ([[2020, 13, 45]], [[2020, 13, 45]], "issued: the date 2020-13-45 does not exist"),
        ([[2020, 1e30]], None, "issued: '[2020, 1e+30]' is no date"),
        ([["²"]], None, "issued: \"['²']\" is no date"),
    ],
)
def test_parts_of_a_date_are_numbers_and_others_are_named_and_left_out(parts: Any, kept: Any, fault: str) -> None:
    text = json.dumps([{"id": "lock", "type": "book", "title": "Locks", "issued": {"date-parts": parts}}])
    (entry,) = read_library("a.json", text.encode(), "a.json").entries
    assert (json.loads(entry.item).get("issued", {}).get("date-parts"), ", ".join(entry.faults)) == (kept, fault)
    assert export([entry.source], "bibtex") and standard_style(entry.source, "en")


def test_half_of_a_pair_of_surrogates_is_a_mark_and_a_whole_one_its_character() -> None:
    text = r'[{"id": "a\ud800", "title": "\ud83d\udea2 \udc00"}]'
    (entry,) = read_library("a.json", text.encode(), "a.json").entries
    assert (entry.key, entry.source.title) == ("a\ufffd", "\U0001f6a2 \ufffd")


def test_a_number_that_python_does_not_read_is_an_error() -> None:
    with pytest.raises(PublisherError, match="a number is too long"):
        read_library("a.json", b'[{"id": %s}]' % (b"9" * 5000), "a.json")


def test_a_name_of_a_text_that_is_given_twice_is_a_warning() -> None:
    library = bib("@string{h = {Port}}\n@string{h = {Quay}}\n@book{a, publisher = h, title = {x}}\n")
    assert "the entry h is left out: duplicate entry key 'h'" in str(library.diagnostics[0])
    assert json.loads(library.entries[0].item)["publisher"] == "Port"


def test_works_with_one_key_have_keys_of_their_own_in_bibtex() -> None:
    sources = [bib(f"@book{{a, title = {{{title}}}}}").entries[0].source for title in ("Locks", "Barges", "Gates")]
    assert [line.split("{")[1] for line in export(sources, "bibtex").splitlines() if line[:1] == "@"] == ["a,", "a-2,", "a-3,"]

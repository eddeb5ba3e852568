"""Messages: a table of all codes with its page of docs, one line for many of a kind, a summary of each build."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from publisher.checks import reference
from publisher.cli.console import counts, grouped, show, tell
from publisher.model.codes import Code, Severity
from publisher.model.diagnostics import Diagnostic, Location
from publisher.model.limits import Limits
from tests.conftest import ROOT, Run


@pytest.mark.parametrize(
    ("page", "name"),
    [
        (reference.diagnostics_page, "diagnostics.md"),
        (reference.pdf_rules_page, "pdf-rules.md"),
        (reference.epub_rules_page, "epub-rules.md"),
    ],
)
def test_the_pages_of_docs_are_those_of_the_tables(page: Callable[[], str], name: str, request: pytest.FixtureRequest) -> None:
    path = ROOT / "docs" / name
    if request.config.getoption("--update"):
        path.write_text(page(), "utf-8")
    assert path.read_text("utf-8") == page(), "run pytest --update and read the change"


def test_every_code_is_used_and_every_entry_is_complete() -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py") if path.name != "codes.py")
    for code in Code:
        assert f"Code.{code.name}" in source, f"nothing reports {code}"
        for text in (code.meaning, code.remedy):
            assert text[0].isupper() or text[0] == "`" or text.startswith("docutils"), code
            assert text.endswith("."), code
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code), code
        assert code.example and not code.example.endswith("."), code


def test_no_message_has_a_code_of_its_own() -> None:
    """Codes are members of the table, never strings."""
    values = "|".join(re.escape(code) for code in Code if "-" in code)
    for path in (ROOT / "src").rglob("*.py"):
        if path.name not in ("codes.py", "reference.py"):
            for line in path.read_text("utf-8").splitlines():
                assert not re.search(rf"(Diagnostic|report|error|Refused)\(.*[\"'](?:{values})[\"']", line), (
                    f"{path.name}: {line}"
                )


@pytest.mark.parametrize(
    "name", [*map(str, Code), "ua-13-004", "a-6.8", "kobo-cover", "epubcheck-RSC-005", "ace-image-alt", "[cache]"]
)
def test_explain_knows_every_code(name: str, publisher: Callable[..., Run]) -> None:
    run = publisher("explain", name)
    assert run.code == 0 and "what to do: " in run.out


def test_explain_names_the_nearest_code(publisher: Callable[..., Run]) -> None:
    run = publisher("explain", "link-brokn")
    assert run.code == 2 and "unknown code 'link-brokn'; did you mean 'link-broken'?" in run.err
    assert "words-lost" in publisher("explain").out


def warning(line: int, message: str = "the link #x leads nowhere", file: str = "a.html") -> Diagnostic:
    return Diagnostic(Code.LINK_BROKEN, message, Location(file, line), "correct it")


def test_messages_of_one_code_and_file_are_one_line_with_the_first_three_places() -> None:
    (message,) = grouped([warning(number) for number in (3, 5, 9, 12)])
    assert str(message).splitlines() == [
        "a.html:3: warning: the link #x leads nowhere (and 3 more; lines 3, 5, 9, …) [link-broken]",
        "  hint: correct it (-v lists all)",
    ]


def test_errors_and_other_files_stay_apart_and_without_lines_the_messages_are_joined() -> None:
    errors = [Diagnostic(Code.KEY_UNKNOWN, f"unknown key {key!r}", Location("p.toml", 1)) for key in "ab"]
    assert grouped([*errors, warning(1), warning(1, file="b.html")]) == [*errors, warning(1), warning(1, file="b.html")]
    joined = grouped([warning(0, "one thing"), warning(0, "another thing")])
    assert [str(message).partition("\n")[0] for message in joined] == ["a.html: warning: one thing; another thing [link-broken]"]
    many = grouped([warning(0, f"thing {number}") for number in range(9)])
    assert "thing 0; thing 1; thing 2 (and 6 more)" in str(many[0])


def test_a_build_ends_with_a_summary_and_v_lists_every_message(
    edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    page = "# A\n\nWords [one](#x) and [two](#y) and [a source](https://example.org/s).\n\n![](gone.png)\n"
    edition({"a.md": page, "b.md": "# B\n\nMore words.\n"})
    run = publisher("build", "a.md", "b.md", "-o", "x.epub")
    assert run.out.splitlines()[-1] == "2 articles, 11 words, 1 source; 3 warnings (link-broken 2, image-missing 1)"
    assert run.err.count("[link-broken]") == 1
    assert publisher("build", "a.md", "b.md", "-o", "x.epub", "-v").err.count("[link-broken]") == 2
    assert publisher("build", "a.md", "b.md", "-o", "x.epub", "--log-format", "json").err.count('"link-broken"') == 2


def test_a_message_that_quotes_a_stranger_commands_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    text = "\x1b]0;title\x07 image\x9b2J\nfake.md: error: x"
    show([Diagnostic(Code.LINK_BROKEN, text, Location("a\x1b[2K.md", 3), text)], "text", verbose=True)
    tell(text, "text")
    captured = capsys.readouterr()
    assert not {char for char in captured.out + captured.err if (char < " " and char != "\n") or "\x7f" <= char <= "\x9f"}
    assert captured.err.count("\n") == 2 and captured.out.count("\n") == 1 and "fake.md: error: x" in captured.out


def test_counts_are_of_warnings_by_code() -> None:
    note = Diagnostic(Code.CACHE, "x")
    assert counts([note]) == "" and counts([warning(1), note]) == "; 1 warning (link-broken 1)"
    assert Code.CACHE.severity is Severity.NOTE


def test_the_reference_lists_every_limit(request: pytest.FixtureRequest) -> None:
    """`[limits]` in docs/reference.md is made from the table in model/limits.py."""
    from dataclasses import fields

    rows = "\n".join(f"| `{limit.name}` | {limit.default:,} | {limit.metadata['meaning']} |" for limit in fields(Limits))
    path = ROOT / "docs" / "reference.md"
    text = path.read_text("utf-8")
    start, end = text.index("| key | default | limit of |"), text.index("\n\n", text.index("| key | default | limit of |"))
    table = f"| key | default | limit of |\n| --- | ---: | --- |\n{rows}"
    if request.config.getoption("--update"):
        path.write_text(text[:start] + table + text[end:], "utf-8")
        text = path.read_text("utf-8")
    assert table in text, "run pytest --update and read the change"

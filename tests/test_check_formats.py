"""`publisher check --format`: SARIF, JUnit XML, annotations of GitHub and JSON, on standard output, complete on errors too."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from jsonschema import Draft202012Validator

from publisher.checks.reports import REPORTS
from publisher.checks.reports.findings import CheckedFile, Findings
from publisher.model.codes import Code, Severity
from publisher.model.diagnostics import Diagnostic, Exit, Location
from tests.conftest import Run, log_lines

Edition = Callable[..., Path]
Publisher = Callable[..., Run]

MANIFEST = '[edition]\ntitle = "Brief"\n[[section]]\narticles = ["a.md", "Öl & Gas.md", "gone.md"]\n[outputs."b.epub"]\n'
FILES = {
    "publisher.toml": MANIFEST,
    "a.md": "# Gate\n\nThe gate opens.\n",
    "Öl & Gas.md": "# Oil\n\nSee [the dam](#dam) and ![map](map.png).\n",
}
TEXT = {"type": "object", "properties": {"text": {"type": "string", "minLength": 1}}, "required": ["text"]}
# What SARIF 2.1.0 requires of the objects that a report has (sections 3.13, 3.14, 3.19, 3.27, 3.29, 3.30, 3.4, 3.49).
SARIF = {
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/run"}},
    },
    "$defs": {
        "run": {
            "required": ["tool", "results"],
            "additionalProperties": False,
            "properties": {
                "tool": {"required": ["driver"], "properties": {"driver": {"$ref": "#/$defs/driver"}}},
                "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                "invocations": {"items": {"required": ["executionSuccessful"], "properties": {"exitCode": {"type": "integer"}}}},
                "results": {"type": "array", "items": {"$ref": "#/$defs/result"}},
            },
        },
        "driver": {
            "required": ["name", "version", "rules"],
            "properties": {"rules": {"type": "array", "uniqueItems": True, "items": {"$ref": "#/$defs/rule"}}},
        },
        "rule": {
            "required": ["id", "shortDescription", "help", "defaultConfiguration"],
            "additionalProperties": False,
            "properties": {
                "id": {"type": "string"},
                "shortDescription": TEXT,
                "help": TEXT,
                "defaultConfiguration": {"properties": {"level": {"$ref": "#/$defs/level"}}},
            },
        },
        "level": {"enum": ["none", "note", "warning", "error"]},
        "result": {
            "required": ["ruleId", "ruleIndex", "level", "message"],
            "additionalProperties": False,
            "properties": {
                "ruleId": {"type": "string"},
                "ruleIndex": {"type": "integer", "minimum": 0},
                "level": {"$ref": "#/$defs/level"},
                "message": TEXT,
                "locations": {"items": {"properties": {"physicalLocation": {"$ref": "#/$defs/place"}}}},
            },
        },
        "place": {
            "required": ["artifactLocation"],
            "additionalProperties": False,
            "properties": {
                "artifactLocation": {"required": ["uri"], "properties": {"uri": {"type": "string", "pattern": "^[!-~]+$"}}},
                "region": {
                    "required": ["startLine"],
                    "properties": {
                        "startLine": {"type": "integer", "minimum": 1},
                        "startColumn": {"type": "integer", "minimum": 1},
                    },
                },
            },
        },
    },
}


def checked(form: str, text: str) -> Any:
    """A report of a format as plain values, held to what the format asks."""
    if form == "sarif":
        Draft202012Validator(SARIF).validate(json.loads(text))
    return json.loads(text) if form in ("sarif", "json") else fromstring(text) if form == "junit" else text.splitlines()


def findings(*diagnostics: Diagnostic, exit_code: Exit = Exit.INPUT, strict: bool = False) -> Findings:
    files = (CheckedFile("p.toml", True), CheckedFile("a.md", True, 1234), CheckedFile("b.md", False))
    return Findings("p.toml", files, diagnostics, exit_code, strict)


ERROR = Diagnostic(Code.KEY_UNKNOWN, "unknown key 'titel'", Location("p.toml", 2, 5), "did you mean 'title'?")
WARNING = Diagnostic(Code.LINK_BROKEN, "the link #x leads nowhere", Location("a.md", 3))
NOTE = Diagnostic(Code.CACHE, "the cache cannot be written")


def test_sarif_has_rules_with_help_and_places_relative_to_the_working_folder(edition: Edition) -> None:
    home = edition({})
    outside = Diagnostic(Code.PDF_RULE, "no title", Location("/elsewhere/b c.pdf"), rule="ua-06-003")
    inside = Diagnostic(Code.LINK_BROKEN, "gone", Location(f"{home}/in/Öl: 50%.md", 7))
    report = checked("sarif", REPORTS["sarif"](findings(ERROR, WARNING, NOTE, outside, inside)))
    (run,) = report["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["key-unknown", "link-broken", "cache", "ua-06-003"]
    assert rules[0]["help"]["text"] == Code.KEY_UNKNOWN.remedy and rules[3]["shortDescription"]["text"].startswith("PDF/UA-1: ")
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert [result["level"] for result in run["results"]] == ["error", "warning", "note", "error", "warning"]
    first, second, third, fourth, fifth = run["results"]
    assert first["message"]["text"] == "unknown key 'titel'\ndid you mean 'title'?"
    place = first["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "p.toml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 2, "startColumn": 5},
    }
    assert second["locations"][0]["physicalLocation"]["region"] == {"startLine": 3} and "locations" not in third
    assert fourth["locations"][0]["physicalLocation"] == {"artifactLocation": {"uri": "file:///elsewhere/b%20c.pdf"}}
    uri = fifth["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "in/%C3%96l%3A%2050%25.md"


def test_a_code_of_another_checker_has_the_entry_of_the_checker(edition: Edition) -> None:
    edition({})
    foreign = Diagnostic(Code.EPUBCHECK, "x", Location("b.epub"), rule="epubcheck-RSC-005", own_severity=Severity.ERROR)
    (rule,) = checked("sarif", REPORTS["sarif"](findings(foreign)))["runs"][0]["tool"]["driver"]["rules"]
    assert rule["id"] == "epubcheck-RSC-005" and rule["help"]["text"] == Code.EPUBCHECK.remedy


def cases(root: Element) -> dict[str, tuple[str, ...]]:
    return {str(case.get("name")): tuple(child.tag for child in case) for case in root.iter("testcase")}


def test_a_test_case_passes_only_if_its_file_was_read_and_has_no_error() -> None:
    root = checked("junit", REPORTS["junit"](findings(ERROR, WARNING, NOTE)))
    assert cases(root) == {"p.toml": ("failure", "system-out"), "a.md": ("system-out",), "b.md": ("error",)}
    suite = root[0]
    for element in (root, suite):
        assert (element.get("tests"), element.get("failures"), element.get("errors")) == ("3", "1", "1")
    failure = next(root.iter("failure"))
    assert failure.get("message") == "unknown key 'titel'" and failure.text and "hint: did you mean" in failure.text
    assert [case.get("time") for case in root.iter("testcase")] == ["0.000", "1.234", "0.000"]


def test_under_strict_a_warning_is_a_failure() -> None:
    root = checked("junit", REPORTS["junit"](findings(WARNING, WARNING, exit_code=Exit.STRICT, strict=True)))
    assert cases(root)["a.md"] == ("failure",)
    assert next(root.iter("failure")).get("message") == "the link #x leads nowhere (and 1 more)"


def test_a_message_with_any_character_leaves_the_xml_well_formed() -> None:
    odd = Diagnostic(Code.LINK_BROKEN, "a\x00\x1b]0;<b>&\ud800 ]]>", Location("odd\x07 & <x>.md"))
    assert len(cases(checked("junit", REPORTS["junit"](findings(odd))))) == 4


@pytest.mark.parametrize(
    ("diagnostic", "line"),
    [
        (ERROR, "::error file=p.toml,line=2,col=5,title=key-unknown::unknown key 'titel'%0Adid you mean 'title'?"),
        (WARNING, "::warning file=a.md,line=3,title=link-broken::the link #x leads nowhere"),
        (NOTE, "::notice title=cache::the cache cannot be written"),
        (
            Diagnostic(Code.LINK_BROKEN, "100 %, a: b\r\nc", Location("a,b:c%\n.md")),
            "::warning file=a%2Cb%3Ac%25%0A.md,title=link-broken::100 %25, a: b%0D%0Ac",
        ),
    ],
)
def test_annotations_are_escaped(diagnostic: Diagnostic, line: str) -> None:
    assert checked("github", REPORTS["github"](findings(diagnostic))) == [line]


def test_errors_come_first_among_annotations() -> None:
    lines = checked("github", REPORTS["github"](findings(NOTE, WARNING, ERROR)))
    assert [line.split()[0] for line in lines] == ["::error", "::warning", "::notice"]


@pytest.mark.parametrize("form", REPORTS)
def test_the_report_of_an_edition_with_errors_is_complete(form: str, edition: Edition, publisher: Publisher) -> None:
    edition(FILES)
    run = publisher("check", "--format", form)
    report = checked(form, run.out)
    assert run.code == 1 and not run.err
    match form:
        case "sarif":
            found = [(result["ruleId"], result["level"]) for result in report["runs"][0]["results"]]
            assert ("file-missing", "error") in found and ("link-broken", "warning") in found
            assert report["runs"][0]["invocations"][0]["exitCode"] == 1
        case "junit":
            assert cases(report) == {
                "publisher.toml": ("failure",),
                "a.md": (),
                "Öl & Gas.md": ("system-out",),
                "gone.md": ("error",),
            }
        case "json":
            assert report["exit_code"] == 1 and {"path": "gone.md", "read": False} in report["files"]
            assert {"path": "a.md", "read": True} in report["files"] and len(report["messages"]) >= 3
        case "github":
            assert report[0].startswith("::error file=publisher.toml,line=4,title=file-missing::file not found: gone.md")


@pytest.mark.parametrize("form", REPORTS)
def test_a_manifest_that_cannot_be_read_has_a_report_too(form: str, edition: Edition, publisher: Publisher) -> None:
    edition({"publisher.toml": "[edition\n"})
    run = publisher("check", "--format", form)
    assert run.code == 1 and "toml" in run.out and checked(form, run.out) and not run.err


def test_an_edition_without_errors_passes_and_the_summary_is_on_stderr(edition: Edition, publisher: Publisher) -> None:
    edition({"a.md": FILES["a.md"]})
    run = publisher("check", "a.md", "--format", "junit")
    assert run.code == 0 and cases(checked("junit", run.out)) == {"a.md": ()}
    assert run.err == "no problems found: 1 article, 1 page, 4 words\n"
    assert publisher("check", "a.md", "--format", "sarif", "-q").err == ""


def test_refused_warnings_are_in_the_report(edition: Edition, publisher: Publisher) -> None:
    edition({"a.md": "# A\n\n![alt](none.png)\n"})
    run = publisher("check", "a.md", "--strict", "--format", "junit")
    assert run.code == 3 and cases(checked("junit", run.out)) == {"a.md": ("failure",)}


def test_finished_files_are_test_cases_and_all_of_them_are_checked(edition: Edition, publisher: Publisher) -> None:
    edition({"a.md": FILES["a.md"], "broken.pdf": "no PDF"})
    publisher("build", "a.md", "-o", "a.pdf")
    run = publisher("check", "gone.pdf", "broken.pdf", "a.pdf", "--format", "junit")
    assert run.code == 1 and cases(checked("junit", run.out)) == {
        "gone.pdf": ("failure",),
        "broken.pdf": ("failure",),
        "a.pdf": (),
    }
    run = publisher("check", "gone.pdf", "broken.pdf")
    assert run.code == 1 and "gone.pdf: error: file not found" in run.err and "broken.pdf: error: this PDF" in run.err


def test_messages_of_one_code_are_one_annotation_unless_all_are_wanted(edition: Edition, publisher: Publisher) -> None:
    edition({"a.md": "# A\n\n[a](#x)\n\n[b](#y)\n"})
    assert publisher("check", "a.md", "--format", "github").out.count("::warning") == 1
    assert publisher("check", "a.md", "--format", "github", "-v").out.count("::warning") == 2


def test_a_report_and_lines_of_json_go_together(edition: Edition, publisher: Publisher) -> None:
    edition(FILES)
    run = publisher("check", "--format", "sarif", "--log-format", "json")
    codes = [line["code"] for line in log_lines(run.err, 1) if line["event"] == "message"]
    assert codes == [result["ruleId"] for result in checked("sarif", run.out)["runs"][0]["results"]]


def test_the_ledger_is_no_report(edition: Edition, publisher: Publisher) -> None:
    edition({"a.md": FILES["a.md"]})
    assert publisher("check", "a.md", "--ledger", "--format", "junit").code == 2

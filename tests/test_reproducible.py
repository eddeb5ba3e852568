"""The same bytes, whatever the time zone, locale, umask, hash seed, number of processes, cache, folder and clock are."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from itertools import combinations
from pathlib import Path

import pikepdf
import pytest

from publisher.build.build import make
from publisher.build.plan import plan
from publisher.checks.validate import pdf_diagnostics
from publisher.model.media_types import media_type_of
from tests.conftest import ROOT, SAMPLE
from tests.many_articles import write_articles

_LATER = 2_240_000_000  # a day of 2040
# What `python -m publisher` does, under another clock.
_UNDER_ANOTHER_CLOCK = f"""
import time_machine
time_machine.travel({_LATER}, tick=True).start()
from publisher.__main__ import run
run()
"""


@dataclass(frozen=True)
class Place:
    """The surroundings of a build. `cache` is none, cold or warm; `manifest` how the command line names it."""

    zone: str
    locale: str
    umask: int
    seed: str
    jobs: int
    cache: str
    checkout: str
    manifest: str
    clock: str


# Of each two columns every pair of values is in a row (`test_every_pair_of_values_is_built`).
PLACES = (
    Place("UTC", "C", 0o022, "0", 1, "none", "here", "folder", "now"),
    Place("Asia/Kathmandu", "C.UTF-8", 0o077, "4242", 2, "cold", "there", "folder", "later"),
    Place("America/St_Johns", "tr_TR.UTF-8", 0o022, "4242", 2, "warm", "here", "relative", "now"),
    Place("UTC", "tr_TR.UTF-8", 0o077, "0", 1, "warm", "there", "absolute", "later"),
    Place("America/St_Johns", "C.UTF-8", 0o077, "0", 1, "none", "there", "relative", "now"),
    Place("Asia/Kathmandu", "C", 0o022, "4242", 1, "cold", "here", "absolute", "now"),
    Place("UTC", "C", 0o022, "0", 2, "cold", "there", "relative", "later"),
    Place("UTC", "C.UTF-8", 0o022, "4242", 2, "none", "here", "absolute", "later"),
    Place("America/St_Johns", "C", 0o077, "0", 1, "warm", "here", "folder", "later"),
    Place("Asia/Kathmandu", "tr_TR.UTF-8", 0o022, "0", 1, "none", "here", "folder", "now"),
    Place("Asia/Kathmandu", "C.UTF-8", 0o022, "0", 1, "warm", "here", "relative", "now"),
    Place("America/St_Johns", "tr_TR.UTF-8", 0o022, "0", 1, "cold", "here", "absolute", "now"),
)


def test_every_pair_of_values_is_built() -> None:
    values = [sorted({getattr(place, column.name) for place in PLACES}, key=str) for column in fields(Place)]
    for (first, left), (second, right) in combinations(enumerate(values), 2):
        built = {(astuple(place)[first], astuple(place)[second]) for place in PLACES}
        assert built == {(one, other) for one in left for other in right}


class Checkouts:
    """An edition in two folders: the files of the second were written in another order and at other times."""

    def __init__(self, home: Path, edition: Path) -> None:
        self.folders = {"here": home / "here" / "edition", "there": home / "there" / "de la Écluse" / "edition"}
        shutil.copytree(edition, self.folders["here"])
        for path in sorted((path for path in edition.rglob("*") if path.is_file()), reverse=True):
            copy = self.folders["there"] / path.relative_to(edition)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
            os.utime(copy, (1_000_000_000, 1_000_000_000))
        self._home = home

    def hashes(self, number: int, place: Place) -> tuple[str, ...]:
        """The SHA-256 of each output of a build by the command in a process of its own."""
        home, edition = self._home, self.folders[place.checkout]
        folder, named = {
            "folder": (edition, "."),
            "relative": (edition.parent, "edition/publisher.toml"),
            "absolute": (home, str(edition / "publisher.toml")),
        }[place.manifest]
        outputs = [home / f"{number}{suffix}" for suffix in (".pdf", ".epub")]
        folder_of_cache = home / (f"{number}" if place.cache == "cold" else "warm")
        cache = ["--no-cache"] if place.cache == "none" else ["--cache", str(folder_of_cache)]
        program = ["-m", "publisher"] if place.clock == "now" else ["-c", _UNDER_ANOTHER_CLOCK]
        command = [sys.executable, *program, "build", named, "-j", str(place.jobs), *cache]
        environment = {
            "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), "HOME": str(home), "TZ": place.zone,
            "LC_ALL": place.locale, "LANG": place.locale, "PYTHONHASHSEED": place.seed,
        }  # fmt: skip
        named_outputs = [part for path in outputs for part in ("-o", str(path))]
        done = subprocess.run(
            [*command, *named_outputs], cwd=folder, env=environment, umask=place.umask, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return tuple(hashlib.sha256(path.read_bytes()).hexdigest() for path in outputs)


@pytest.mark.slow
def test_twelve_builds_of_the_sample_have_the_same_bytes(tmp_path: Path) -> None:
    sample = Checkouts(tmp_path, SAMPLE)
    assert len({sample.hashes(number, place) for number, place in enumerate(PLACES)}) == 1


@pytest.mark.slow
def test_twelve_builds_of_forty_articles_have_the_same_bytes(tmp_path: Path) -> None:
    write_articles(tmp_path / "locks", 40)
    edition = Checkouts(tmp_path, tmp_path / "locks")
    assert len({edition.hashes(number, place) for number, place in enumerate(PLACES)}) == 1


def differences(one: Path, other: Path) -> subprocess.CompletedProcess[str]:
    """What diffoscope says of two folders; exit code 0: nothing differs, 1: something does."""
    found = shutil.which("diffoscope", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("diffoscope is missing on CI")
        pytest.skip("diffoscope is not installed")
    command = [found, "--exclude-directory-metadata=yes", str(one), str(other)]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"})


@pytest.mark.slow
def test_diffoscope_finds_two_rebuilds_identical_and_a_changed_word(tmp_path: Path) -> None:
    sample = Checkouts(tmp_path, SAMPLE)
    for number, place in ((0, PLACES[0]), (1, PLACES[1])):
        sample.hashes(number, place)
        (tmp_path / f"outputs-{number}").mkdir()
        for suffix in (".pdf", ".epub"):
            (tmp_path / f"{number}{suffix}").rename(tmp_path / f"outputs-{number}" / f"sample{suffix}")
    identical = differences(tmp_path / "outputs-0", tmp_path / "outputs-1")
    assert (identical.returncode, identical.stdout) == (0, ""), identical.stderr
    with zipfile.ZipFile(tmp_path / "outputs-1" / "sample.epub", "a") as book:
        book.writestr("EPUB/added.txt", "barge")
    changed = differences(tmp_path / "outputs-0", tmp_path / "outputs-1")
    assert changed.returncode == 1 and "EPUB/added.txt" in changed.stdout and "sample.pdf" not in changed.stdout


# Undated editions


def built(*names: str) -> list[bytes]:
    return [output.data for output in make(plan([Path()], [Path(name) for name in names])).outputs.values()]


def strings_of_dates(pdf: pikepdf.Pdf) -> Iterator[str]:
    """The keys of dates in dictionaries of a PDF, each with the type of the dictionary."""
    for item in pdf.objects:
        for container in (item, getattr(item, "Params", None)) if isinstance(item, pikepdf.Dictionary | pikepdf.Stream) else ():
            if container is not None:
                yield from (f"{key} {container[key]}" for key in container.keys() if key.endswith("Date"))


@pytest.mark.parametrize("variant", ["pdf/ua-1+a-3a", "pdf/ua-1"])
def test_an_undated_edition_states_no_date(variant: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.chdir(tmp_path)
    write_articles(tmp_path / "locks", 3)
    monkeypatch.chdir(tmp_path / "locks")
    with Path("publisher.toml").open("a") as manifest:
        manifest.write(f'[outputs."x.pdf"]\nvariant = "{variant}"\n')
    pdf, epub = built("x.pdf", "x.epub")
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert not [key for key in file.docinfo.keys() if "Date" in key]
        assert not re.findall(rb"\w+:\w*Date\b", file.Root.Metadata.read_bytes())
        attached = {"/ModDate D:20000101000000+00'00'"} if variant.endswith("a-3a") else set()
        assert set(strings_of_dates(file)) == attached  # PDF/A-3 asks for it in what is attached
        assert list(pdf_diagnostics(file)) == []
    with zipfile.ZipFile(io.BytesIO(epub)) as book:
        package = book.read("EPUB/content.opf").decode()
        assert '<meta property="dcterms:modified">2000-01-01T00:00:00Z</meta>' in package and "dc:date" not in package
        assert not any("2000" in book.read(name).decode() for name in book.namelist() if name.endswith(".xhtml"))


def test_a_stated_time_is_in_all_places_that_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    write_articles(tmp_path / "locks", 2)
    monkeypatch.chdir(tmp_path / "locks")
    pdf, epub = built("x.pdf", "x.epub")
    with pikepdf.open(io.BytesIO(pdf)) as file, file.open_metadata() as metadata:
        assert file.docinfo.CreationDate == file.docinfo.ModDate == "D:20260101000000+00'00'"
        assert metadata["xmp:CreateDate"] == metadata["xmp:ModifyDate"] == "2026-01-01T00:00:00Z"
    with zipfile.ZipFile(io.BytesIO(epub)) as book:
        assert "2026-01-01T00:00:00Z" in book.read("EPUB/content.opf").decode()


# The machine


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.toml", "application/toml"),
        ("a.xhtml", "application/xhtml+xml"),
        ("A.PNG", "image/png"),
        ("a.xyz", "none"),
        ("a", "none"),
    ],
)
def test_the_type_of_a_file_does_not_depend_on_the_tables_of_the_system(
    name: str, media_type: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    table = tmp_path / "mime.types"
    table.write_text("text/x-other toml xhtml png xyz\n")
    code = f"import mimetypes; mimetypes.init([{str(table)!r}]); assert mimetypes.guess_type('a.toml')[0] == 'text/x-other'\n"
    code += f"from publisher.model.media_types import media_type_of; print(media_type_of({name!r}, 'none'))"
    known = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=known)
    assert done.stdout.strip() == media_type == media_type_of(name, "none")


def test_the_manifests_attached_to_a_volume_do_not_tell_where_it_was_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in ("mon", "tue/late"):
        (tmp_path / "week" / day).mkdir(parents=True)
        (tmp_path / "week" / day / "publisher.toml").write_text(
            f'[edition]\ntitle = "Lock {day}"\n[[section]]\narticles = ["a.md"]\n'
        )
    manifests = [Path("week/mon/publisher.toml"), Path("week/tue/late")]
    monkeypatch.chdir(tmp_path)
    relative = plan(manifests, []).manifest
    assert relative.startswith("# mon/publisher.toml\n[edition]") and "\n# tue/late/publisher.toml\n[edition]" in relative
    assert plan([tmp_path / path for path in manifests], []).manifest == relative
    monkeypatch.chdir(tmp_path / "week" / "mon")
    assert plan([Path("publisher.toml"), Path("../tue/late")], []).manifest == relative

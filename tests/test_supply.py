"""The supply chain: a hash for every package, no bound or pin below the fix of an advisory, all in docs/dependencies.md.

Each check gives the faults in a folder. The project has none, and a copy in which one thing is changed has that one.
"""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from babel import Locale
from fontTools.ttLib import TTFont
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.conftest import ROOT

PAGE = "docs/dependencies.md"
LOCK = "tests/reading/package-lock.json"
PIN = re.compile(r"([a-z0-9][a-z0-9._-]*)==(\S+)(?: ; .+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")
SHIPPED = ("src/publisher/text/csl", "src/publisher/writers/pdf/hyphenation", "styles")
OURS = {".py", ".pyc", ".css", ".j2", ".toml", ".svg", ".md", ".txt"}


class Advisory(NamedTuple):
    package: str
    fixed: Version
    names: str


def rows(root: Path, *headings: str) -> list[list[str]]:
    """The rows of the tables under some headings of the page, cell by cell, without their heads."""
    _, *parts = re.split(r"^## (.+)$", (root / PAGE).read_text("utf-8"), flags=re.MULTILINE)
    sections = dict(zip(parts[::2], parts[1::2], strict=True))
    lines = [line for heading in headings for line in sections[heading].splitlines() if line.startswith("| ")]
    tables = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in tables if row[0] not in ("package", "extra", "data", "---")]


def licenses(root: Path) -> dict[str, str]:
    """The license of each package that has a row: its last cell."""
    found = {}
    for row in rows(root, "Always installed", "Extras", "For tests and development"):
        cell = row[1] if row[0].startswith("`") else row[0]
        found |= {canonicalize_name(name): row[-1] for name in re.findall(r"[A-Za-z0-9][\w/-]*", cell)}
    return found


def advisories(root: Path) -> list[Advisory]:
    return [Advisory(row[0], Version(row[1]), row[2]) for row in rows(root, "Known advisories")]


def requirements(root: Path) -> list[Requirement]:
    """What the wheel asks for, always and by its extras."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    return [Requirement(line) for line in lines]


def pins(root: Path) -> list[tuple[str, str, Version]]:
    """File, package and version of every pin."""
    found = []
    for path in sorted((root / "requirements").glob("*.txt")):
        matches = [PIN.fullmatch(line) for line in path.read_text("utf-8").splitlines()]
        found += [(path.name, match[1], Version(match[2])) for match in matches if match]
    return found


def of_bounds(root: Path) -> list[str]:
    """Every package with an advisory has a lower bound, wherever it is asked for, and none is below the fix."""
    asked = [(canonicalize_name(each.name), each) for each in requirements(root)]
    faults = []
    for package, fixed, names in advisories(root):
        mine = [each for name, each in asked if name == package]
        if not mine:
            faults.append(f"{package} has no bound: {names}")
        for each in mine:
            lowest = max((Version(part.version) for part in each.specifier if part.operator == ">="), default=Version("0"))
            if lowest < fixed:
                faults.append(f"{each} may be older than {fixed}: {names}")
    return faults


def of_pins(root: Path) -> list[str]:
    """Every package with an advisory is pinned, and no pin is below the fix."""
    found = pins(root)
    faults = []
    for package, fixed, names in advisories(root):
        mine = [(file, version) for file, name, version in found if name == package]
        faults += [] if mine else [f"{package} is not pinned: {names}"]
        faults += [f"{file}: {package} {version} is older than {fixed}: {names}" for file, version in mine if version < fixed]
    return faults


def of_ids(root: Path) -> list[str]:
    name = re.compile(r"CVE-\d{4}-\d{4,}|GHSA(-[23456789cfghjmpqrvwx]{4}){3}|RUSTSEC-\d{4}-\d{4}|PYSEC-\d{4}-\d+")
    return [f"no id: {part}" for _, _, names in advisories(root) for part in names.split(", ") if not name.fullmatch(part)]


def of_hashes(root: Path) -> list[str]:
    """A pinned file holds pins, each with hashes, and comments: no address, no option, nothing that is fetched unseen."""
    faults = []
    for path in sorted((root / "requirements").glob("*.txt")):
        pinned = ""  # the package whose hashes come next
        for line in [*path.read_text("utf-8").splitlines(), ""]:
            if HASH.fullmatch(line):
                pinned = ""
                continue
            if pinned:
                faults.append(f"{path.name}: {pinned} has no hash")
            match = PIN.fullmatch(line)
            pinned = match[1] if match else ""
            if line and not match and not line.startswith("    # "):
                faults.append(f"{path.name}: not a pin: {line}")
    return faults


def of_addresses(root: Path) -> list[str]:
    """No pinned file names a host: each package is installed from the index of the user."""
    texts = {path.name: path.read_text("utf-8") for path in sorted((root / "requirements").iterdir())}
    locked = json.loads((root / LOCK).read_text("utf-8"))["packages"]
    texts |= {name: json.dumps({key: entry[key] for key in entry if key != "funding"}) for name, entry in locked.items()}
    return [f"{name}: {found}" for name, text in texts.items() for found in re.findall(r"\S*://\S*|\"resolved\"", text)]


def of_lock(root: Path) -> list[str]:
    """Every package from npm has a hash. Those that are asked for are asked for in the version of the lock, and have a row."""
    locked = json.loads((root / LOCK).read_text("utf-8"))["packages"]
    asked = json.loads((root / "tests/reading/package.json").read_text("utf-8"))["dependencies"]
    faults = [f"{name} has no hash" for name, entry in locked.items() if name and "sha512-" not in entry.get("integrity", "")]
    for name, version in asked.items():
        entry = locked.get(f"node_modules/{name}", {})
        if entry.get("version") != version:
            faults.append(f"{name} {version} is not in the lock")
        elif licenses(root).get(canonicalize_name(name.lstrip("@"))) != entry["license"]:
            faults.append(f"{name} has no row with the license {entry['license']}")
    return faults


def of_page(root: Path) -> list[str]:
    """Every package that is asked for has a row with its license."""
    named = licenses(root)
    return [
        f"{each.name} has no row with a license" for each in requirements(root) if not named.get(canonicalize_name(each.name))
    ]


def of_shipped(root: Path) -> list[str]:
    """Every file of others that is shipped has a row with its place and license; fonts and patterns are also named."""
    shipped = rows(root, "Fonts, patterns and libraries")
    faults = []
    for path in sorted(path for folder in SHIPPED for path in (root / folder).rglob("*") if path.is_file()):
        place = path.relative_to(root)
        mine = [(data, license) for data, where, license in shipped if place.is_relative_to(where.strip("`"))]
        if (
            path.suffix not in OURS
            and path.name != "bridge.js"
            and not any(license and about(path, data) for data, license in mine)
        ):
            faults.append(f"{place} has no row with a license")
    return faults


def about(path: Path, data: str) -> bool:
    """Whether a cell names a file: the family of a font, the language of patterns. Other files are known by their place."""
    if path.suffix == ".ttf":
        names = TTFont(path, lazy=True)["name"]
        family = (names.getDebugName(16) or names.getDebugName(1)).replace(" ", "")
        return any(family.startswith(name.replace(" ", "")) for name in data.split(", "))
    if path.suffix == ".dic":
        return f"hyphenation of {Locale(path.stem.removeprefix('hyph_')).english_name}" in data
    return path.suffix in (".js", ".csl", ".xml")


CHECKS = (of_bounds, of_pins, of_ids, of_hashes, of_addresses, of_lock, of_page, of_shipped)


@pytest.mark.parametrize("check", CHECKS)
def test_the_supply_chain_has_no_fault(check: Callable[[Path], list[str]]) -> None:
    assert check(ROOT) == []


def test_the_checks_see_what_they_are_for() -> None:
    assert len(advisories(ROOT)) > 50 and len(requirements(ROOT)) > 60
    assert {file for file, _, _ in pins(ROOT)} == {"run.txt", "release.txt", "test.txt", "bench.txt"} and len(pins(ROOT)) > 200


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """All that the checks read: copies of what the tests change, links to what is shipped."""
    for folder in SHIPPED:
        shutil.copytree(ROOT / folder, tmp_path / folder, copy_function=lambda source, target: Path(target).symlink_to(source))
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    for file in ("pyproject.toml", PAGE, LOCK, "tests/reading/package.json"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, tmp_path / file)
    return tmp_path


@pytest.mark.parametrize(
    ("check", "file", "pattern", "instead", "fault"),
    [
        (of_bounds, "pyproject.toml", '"pillow>=12.3"', '"pillow>=12.2"', "pillow>=12.2 may be older than 12.3.0"),
        (of_bounds, "pyproject.toml", '"lxml>=6.1.1"', '"lxml<7"', "lxml<7 may be older than 6.1.1"),
        (of_bounds, "pyproject.toml", '    "h11>=0.16",\n', "", "h11 has no bound: CVE-2025-43859"),
        (of_bounds, "pyproject.toml", r'(?<=dask = \[)"distributed>=2026.1.1"', '"distributed"', "distributed may be older"),
        (of_bounds, PAGE, r"\| nh3 \| 0.3.7 \|", "| nh3 | 99.0 |", "nh3>=0.3.7 may be older than 99.0"),
        (of_pins, "requirements/run.txt", r"\nidna==\S+", "\nidna==3.14", "run.txt: idna 3.14 is older than 3.15"),
        (of_pins, "requirements/test.txt", r"\ntornado==\S+", "\ntornado==6.5.8", "test.txt: tornado 6.5.8 is older than 6.6"),
        (of_pins, PAGE, r"\| mammoth \| 1.11.0 \|", "| mammmoth | 1.11.0 |", "mammmoth is not pinned"),
        (of_ids, PAGE, "CVE-2025-27516", "CVE-2516", "no id: CVE-2516"),
        (
            of_hashes,
            "requirements/run.txt",
            r"(?<=\nh11==0.16.0 \\\n)(    --hash=\S+(?: \\)?\n)+",
            "",
            "run.txt: h11 has no hash",
        ),
        (of_hashes, "requirements/bench.txt", r"--hash=sha256:[0-9a-f]{4}", "--hash=sha256:", "bench.txt: not a pin:     --hash"),
        (of_hashes, "requirements/bench.txt", r"--hash=sha256:", "--hash=md5:", "bench.txt: ada-url has no hash"),
        (of_hashes, "requirements/run.txt", r"\nh11==0.16.0 \\", "\nh11==0.16.0", "run.txt: not a pin: h11==0.16.0"),
        (of_hashes, "requirements/run.txt", r"\Z", "harbor @ file:/harbor.whl\n", "run.txt: not a pin: harbor @"),
        (of_hashes, "requirements/test.txt", r"\A", "--index-url=harbor.example\n", "test.txt: not a pin: --index-url"),
        (of_addresses, "requirements/build.in", r"\A", "--index-url=https://harbor.example/simple\n", "build.in: --index-url"),
        (of_addresses, LOCK, r'"integrity"', '"resolved": "//harbor.example", "integrity"', 'code-frame: "resolved"'),
        (of_lock, LOCK, r'"integrity": "sha512-', '"integrity": "', "node_modules/@babel/code-frame has no hash"),
        (of_lock, LOCK, r'"integrity": "[^"]+",', "", "node_modules/@babel/code-frame has no hash"),
        (of_lock, "tests/reading/package.json", '"foliate-js": "1.0.1"', '"foliate-js": "^1.0.1"', "foliate-js ^1.0.1 is not in"),
        (of_lock, PAGE, r"\| foliate-js ", "| leaflet-js ", "foliate-js has no row"),
        (
            of_lock,
            PAGE,
            r"(?<=\| drives Chromium \|) Apache-2.0",
            " MIT",
            "puppeteer-core has no row with the license Apache",
        ),
        (of_page, PAGE, r"\| mammoth \| reads", "| mammut | reads", "mammoth has no row with a license"),
        (of_page, PAGE, r"(?<=\| reads Word files \|) BSD-2-Clause", "", "mammoth has no row with a license"),
        (of_page, PAGE, r"\| `outlook` \| extract-msg", "| `outlook` | extract", "extract-msg has no row with a license"),
        (of_page, PAGE, r"\| anyio \| httpx", "| any | httpx", "anyio has no row with a license"),
        (of_shipped, PAGE, "Noto Serif Hebrew", "Noto Serif Greek", "NotoSerifHebrew-Regular.ttf has no row with a license"),
        (
            of_shipped,
            PAGE,
            r"(?<=`styles/brief/fallback` \|) Apache-2.0",
            "",
            "DroidSansFallbackFull.ttf has no row with a license",
        ),
        (of_shipped, PAGE, "hyphenation of Finnish", "hyphenation of Danish", "hyph_fi.dic has no row with a license"),
        (of_shipped, PAGE, "csl/citeproc.js", "csl/citations.js", "csl/citeproc.js has no row with a license"),
        (of_shipped, PAGE, r"(?<=csl/styles` \|) CC BY-SA 3.0", "", ".csl has no row with a license"),
        (of_shipped, PAGE, "csl/locales", "csl/places", ".xml has no row with a license"),
    ],
)
def test_each_fault_is_noticed(
    check: Callable[[Path], list[str]], file: str, pattern: str, instead: str, fault: str, copy: Path
) -> None:
    text = (copy / file).read_text("utf-8")
    changed = re.sub(pattern, lambda _: instead, text)
    assert changed != text and not check(copy)
    (copy / file).write_text(changed, "utf-8")
    assert any(fault in found for found in check(copy)), check(copy)


@pytest.mark.parametrize("name", ["hyph_da.dic", "harbor.woff2", "harbor.js"])
def test_shipped_data_without_a_row_is_noticed(name: str, copy: Path) -> None:
    (copy / "src/publisher/text/csl" / name).write_text("lock\n")
    assert of_shipped(copy) == [f"src/publisher/text/csl/{name} has no row with a license"]

"""The bill of materials: valid by the schema of CycloneDX, complete, and the same bytes for the same components."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from publisher import __version__
from publisher.release.bom import EmbeddedFont, NativeLibrary, bom
from publisher.release.native_libraries import dotted, native_libraries
from publisher.store.fingerprints import distributions, requirements

LIBRARIES = (
    NativeLibrary("Pango", "1.50.12"),
    NativeLibrary("HarfBuzz", "6.0.0"),
    NativeLibrary("HarfBuzz", "12.1", "uharfbuzz"),
)
FONTS = (EmbeddedFont("Source Serif 4", "4.005", "ab" * 32), EmbeddedFont("Lock Signs"))


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(bom(LIBRARIES, FONTS))
    return read


def component(document: dict[str, Any], reference: str) -> dict[str, Any]:
    (found,) = [entry for entry in document["components"] if entry["bom-ref"] == reference]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("moment", [None, datetime.datetime(2026, 3, 17, tzinfo=datetime.UTC)])
def test_it_is_valid_by_the_schema(moment: datetime.datetime | None) -> None:
    text = bom(LIBRARIES, FONTS, moment).decode()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert json.loads(text)["metadata"].get("timestamp") == (moment and "2026-03-17T00:00:00+00:00")


def test_a_broken_bill_is_not_valid(document: dict[str, Any]) -> None:
    broken = json.dumps({**document, "components": [{"name": "a"}]})
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(broken) is not None


def test_it_has_each_installed_distribution_with_purl_and_license(document: dict[str, Any]) -> None:
    assert document["metadata"]["component"]["purl"] == f"pkg:pypi/publisher-toolchain@{__version__}"
    installed = [line.replace("=", "@") for line in distributions() if not line.endswith("=missing")]
    purls = {entry.get("purl") for entry in document["components"]} | {document["metadata"]["component"]["purl"]}
    assert {f"pkg:pypi/{name}" for name in installed} <= purls
    packages = [entry for entry in document["components"] if entry.get("purl", "").startswith("pkg:pypi")]
    without = [entry["name"] for entry in packages if "licenses" not in entry]
    assert without == []
    (lxml,) = [entry for entry in document["components"] if entry["name"] == "lxml"]
    assert lxml["licenses"] == [{"license": {"id": "BSD-3-Clause"}}]


def test_it_has_libraries_and_fonts(document: dict[str, Any]) -> None:
    assert component(document, "pkg:generic/pango@1.50.12")["properties"] == [{"name": "publisher:carrier", "value": "system"}]
    assert component(document, "pkg:generic/harfbuzz@12.1#uharfbuzz")["version"] == "12.1"
    serif = component(document, f"font:Source Serif 4:4.005:{'ab' * 32}")
    assert serif["type"] == "file" and serif["hashes"] == [{"alg": "SHA-256", "content": "ab" * 32}]
    assert "version" not in component(document, "font:Lock Signs::")


def test_it_says_what_requires_what(document: dict[str, Any]) -> None:
    edges = {entry["ref"].partition("@")[0]: entry.get("dependsOn", []) for entry in document["dependencies"]}
    names = {reference.partition("@")[0] for reference in edges["pkg:pypi/weasyprint"]}
    assert {"pkg:pypi/pydyf", "pkg:pypi/tinycss2", "pkg:pypi/fonttools"} <= names
    assert set(requirements()["weasyprint"]) >= {"pydyf", "tinycss2"}
    assert "pkg:generic/pango@1.50.12" in edges["pkg:pypi/publisher-toolchain"]


def test_the_same_components_give_the_same_bytes_in_whatever_order() -> None:
    first = bom(LIBRARIES, FONTS)
    assert bom(reversed(LIBRARIES), reversed(FONTS)) == first
    assert json.loads(bom(LIBRARIES[:1], FONTS))["serialNumber"] != json.loads(first)["serialNumber"]
    assert json.loads(first)["serialNumber"].startswith("urn:uuid:")


def test_the_libraries_of_this_machine_have_versions() -> None:
    found = {(library.name, library.carrier): library.version for library in native_libraries()}
    assert found["Pango", ""].count(".") == 2 and found["zlib", ""][:2] == "1."
    assert {("qpdf", "pikepdf"), ("PDFium", "pypdfium2"), ("libxml2", "lxml"), ("HarfBuzz", "uharfbuzz")} <= set(found)


@pytest.mark.parametrize(
    ("version", "written"), [("15012", "1.50.12"), ("21401", "2.14.1"), ("6.0.0", "6.0.0"), ("1.2.13", "1.2.13")]
)
def test_a_version_as_people_write_it(version: str, written: str) -> None:
    assert dotted(version) == written

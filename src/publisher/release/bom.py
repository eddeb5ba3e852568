"""The bill of materials of a release, in CycloneDX 1.6: what publisher was made of when it made the outputs.

It has the installed packages with their licenses, the native libraries, and the fonts that are embedded. The same components give
the same bytes: the serial number is made from the content, and there is no time but that of the edition.
"""

from __future__ import annotations

import datetime
import hashlib
import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import License
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

from publisher.store.fingerprints import DISTRIBUTION, requirements

_NIL = uuid.UUID(int=0)  # RFC 9562, 5.9
_SHORT = 100  # characters: a longer `License` is the text of a license, not its name
_CLASSIFIER = re.compile(r"License :: (?:OSI Approved :: )?(.+)")


@dataclass(frozen=True)
class NativeLibrary:
    """A library that is no Python package. `carrier` is the package that holds it; empty: it is the system's."""

    name: str
    version: str
    carrier: str = ""

    @property
    def label(self) -> str:
        """Its name, with that of the package that holds it."""
        return f"{self.name} ({self.carrier})" if self.carrier else self.name


@dataclass(frozen=True)
class EmbeddedFont:
    """A font of which outputs have a subset. `sha256` is of the whole file, in hex; it and the version may be unknown (empty)."""

    name: str
    version: str = ""
    sha256: str = ""


def bom(
    libraries: Iterable[NativeLibrary],
    fonts: Iterable[EmbeddedFont] = (),
    moment: datetime.datetime | None = None,
    top: str = DISTRIBUTION,
) -> bytes:
    """The bill of materials as JSON, in UTF-8, of the distribution `top`, what it requires, and the other components.

    `moment` is the time that the bill states, in UTC; None states none. Distributions that are not installed are left out.
    """
    graph = requirements(top)
    packages = {name: package for name in graph if (package := _package(name, top))}
    document = Bom(serial_number=_NIL)
    document.metadata.timestamp = moment  # type: ignore[assignment]  # None leaves it out, and its default is the clock
    document.metadata.component = packages.pop(top)
    others = [*map(_library, libraries), *map(_font, fonts)]
    document.components.update([*packages.values(), *others])
    for name, component in packages.items():
        document.register_dependency(component, [packages[other] for other in graph[name] if other in packages])
    direct = [packages[name] for name in graph[top] if name in packages]
    document.register_dependency(document.metadata.component, [*direct, *others])
    content = _json(document)
    document.serial_number = uuid.uuid5(uuid.NAMESPACE_URL, hashlib.sha256(content.encode()).hexdigest())
    return f"{_json(document)}\n".encode()


def _json(document: Bom) -> str:
    return make_outputter(document, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=1)


def _package(name: str, top: str) -> Component | None:
    """An installed distribution; None where it is not installed."""
    try:
        head = metadata(name)
    except PackageNotFoundError:
        return None
    version = str(head["Version"])
    address = PackageURL("pypi", None, name, version)
    return Component(
        name=name,
        version=version,
        type=ComponentType.APPLICATION if name == top else ComponentType.LIBRARY,
        bom_ref=str(address),
        purl=address,
        description=_value(head, "Summary") or None,
        licenses=tuple(_licenses(head)),
    )


def _licenses(head: PackageMetadata) -> Iterator[License]:
    """What a package states of its license: the expression (PEP 639), else the short name, else the classifiers."""
    factory = LicenseFactory()
    stated = _value(head, "License-Expression") or _value(head, "License")
    if stated and len(stated) < _SHORT and "\n" not in stated:
        yield factory.make_from_string(stated)
        return
    for classifier in head.get_all("Classifier") or ():
        if match := _CLASSIFIER.fullmatch(classifier):
            yield factory.make_with_name(match[1])


def _value(head: PackageMetadata, key: str) -> str:
    return str(head[key]) if key in head else ""


def _library(library: NativeLibrary) -> Component:
    address = PackageURL("generic", None, library.name.lower(), library.version)
    return Component(
        name=library.name,
        version=library.version,
        type=ComponentType.LIBRARY,
        bom_ref=f"{address}#{library.carrier}" if library.carrier else str(address),
        purl=address,
        properties=[Property(name="publisher:carrier", value=library.carrier or "system")],
    )


def _font(font: EmbeddedFont) -> Component:
    hashes: Sequence[HashType] = [HashType(alg=HashAlgorithm.SHA_256, content=font.sha256)] if font.sha256 else []
    return Component(
        name=font.name,
        version=font.version or None,
        type=ComponentType.FILE,
        bom_ref=f"font:{font.name}:{font.version}:{font.sha256}",
        hashes=hashes,
    )

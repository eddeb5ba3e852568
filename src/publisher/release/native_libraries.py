"""The native libraries that shape an output, with their versions: those of the system, and those that packages carry."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.release.bom import NativeLibrary
from publisher.store import fingerprints

_SYSTEM = {"zlib": "zlib", "pango_version": "Pango", "hb_version_string": "HarfBuzz", "FcGetVersion": "Fontconfig"}
_OF_PILLOW = {"zlib_ng": "zlib-ng", "libjpeg_turbo": "libjpeg-turbo", "freetype2": "FreeType", "littlecms2": "Little CMS"}


def native_libraries() -> tuple[NativeLibrary, ...]:
    """Each library that is there, sorted by name; its version as people write it, such as `1.50.12`."""
    found = (library for library in (*_of_system(), *_of_packages()) if library.version)
    return tuple(sorted(found, key=lambda library: (library.name.lower(), library.carrier)))


def _of_system() -> Iterator[NativeLibrary]:
    for line in fingerprints.native_libraries():
        function, _, version = line.partition("=")
        if version != "unknown":
            yield NativeLibrary(_SYSTEM[function], dotted(version))


def dotted(version: str) -> str:
    """`10203` as `1.2.3`: Pango and Fontconfig tell their versions as 10,000 · major + 100 · minor + micro."""
    if not version.isdigit():
        return version
    number = int(version)
    return f"{number // 10_000}.{number // 100 % 100}.{number % 100}"


def _of_packages() -> Iterator[NativeLibrary]:
    import lxml.etree
    import pikepdf
    import pypdfium2.version
    import uharfbuzz
    from PIL import features

    for feature, name in _OF_PILLOW.items():
        yield NativeLibrary(name, str(features.version(feature) or ""), "pillow")
    yield NativeLibrary("qpdf", pikepdf.__libqpdf_version__, "pikepdf")
    yield NativeLibrary("PDFium", str(pypdfium2.version.PDFIUM_INFO.version), "pypdfium2")
    yield NativeLibrary("libxml2", ".".join(map(str, lxml.etree.LIBXML_VERSION)), "lxml")
    yield NativeLibrary("HarfBuzz", uharfbuzz.version_string(), "uharfbuzz")

"""The declarations of C functions that WeasyPrint and this package call, as cffi has them when it has parsed them.

cffi parses C in Python: in a process that sets a page that is half of what the import of WeasyPrint takes. The table beside this
module is what it makes of the same text ("out-of-line", cffi.readthedocs.io, "ABI mode"); it has no address and no size, so it
is the same on every machine. `pytest tests/test_native_declarations.py --update` writes it (docs/upstream/declarations.md).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cffi
from _cffi_backend import FFI

TABLE = Path(__file__).with_name("native_declarations.json")


class _ParsedFFI(FFI):  # type: ignore[misc]
    """An FFI that knows all declarations: `texts` are the hashes of those that it is asked to parse."""

    texts: frozenset[str] = frozenset()

    def cdef(self, text: str) -> None:
        """Nothing: the declarations are known. Raises CDefError for others."""
        if digest(text.encode()) not in self.texts:
            raise cffi.CDefError("the table of declarations is not of this text: write it anew (native_declarations.py)")


@contextmanager
def declarations_known() -> Iterator[None]:
    """While it lasts, a new FFI knows the declarations, if they are of the WeasyPrint and the cffi that are installed."""
    parse, parsed = cffi.FFI, parsed_ffi()
    if parsed is not None:
        cffi.FFI = lambda: parsed
    try:
        yield
    finally:
        cffi.FFI = parse


def parsed_ffi() -> Any:
    """The FFI of the table; None where WeasyPrint declares something else, or the table is of another format."""
    table = json.loads(TABLE.read_text("utf-8"))
    try:
        if digest(engine_file().read_bytes()) != table["engine"]:
            return None
        parsed = _ParsedFFI("publisher", **{name: _from_json(value) for name, value in table["fields"].items()})
    except (OSError, ImportError):
        return None
    parsed.texts = frozenset(table["texts"])
    return parsed


def engine_file() -> Path:
    """The module of WeasyPrint that declares functions. Raises OSError if it is not there."""
    spec = find_spec("weasyprint")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("weasyprint")
    return Path(spec.origin).parent / "text" / "ffi.py"


def digest(data: bytes) -> str:
    """64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def as_json(value: Any) -> Any:
    """A field of the table as JSON has it: a byte is the character of its number."""
    if isinstance(value, tuple):
        return list(map(as_json, value))
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _from_json(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(_from_json, value))
    return value.encode("latin-1") if isinstance(value, str) else value

"""What cffi makes of the declarations of C functions is in the package; it is used only where they are the same."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import cffi
import pytest
from cffi import recompiler

from publisher.writers.pdf import native_declarations
from publisher.writers.pdf.native_declarations import TABLE, as_json, digest, engine_file, parsed_ffi
from tests.conftest import SAMPLE

_OURS = ("font_configuration", "shaped_text", "text_layouts")
_MODULES = ("weasyprint.text.ffi", *(f"publisher.writers.pdf.{name}" for name in _OURS))
_TEXTS = f"""
import cffi, importlib, json
texts, parse = [], cffi.FFI.cdef
cffi.FFI.cdef = lambda self, text: texts.append(text) or parse(self, text)
for name in {_MODULES}:
    importlib.import_module(name)
print(json.dumps(texts))
"""
_BUILD = """
import sys
{before}
from publisher.cli import main
assert main(["build", {sample!r}, "--no-cache", "-j", "1", "-q", "-o", sys.argv[1]]) == 0
from weasyprint.text.ffi import ffi
print(type(ffi).__name__)
"""


def printed(script: str, *arguments: str) -> str:
    result = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout


def table(folder: Path) -> str:
    """The table of what is declared now."""
    texts = json.loads(printed(_TEXTS))
    ffi = cffi.FFI()
    for text in texts:
        ffi.cdef(text)
    ffi.set_source("publisher", None)
    recompiler.make_py_source(ffi, "publisher", str(folder / "table.py"))
    call = next(node for node in ast.walk(ast.parse((folder / "table.py").read_text())) if isinstance(node, ast.Call))
    fields = {str(keyword.arg): as_json(ast.literal_eval(keyword.value)) for keyword in call.keywords}
    hashes = sorted(digest(text.encode()) for text in texts)
    values = {"engine": digest(engine_file().read_bytes()), "texts": hashes, "fields": fields}
    return json.dumps(values, indent=1, sort_keys=True) + "\n"


def test_the_table_is_what_cffi_makes_of_the_declarations(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update"):
        TABLE.write_text(table(tmp_path))
    assert TABLE.read_text("utf-8") == table(tmp_path), "run pytest --update and read the change"


def test_pages_are_the_same_with_the_table_and_with_parsed_declarations(tmp_path: Path) -> None:
    for name, before in (("_ParsedFFI", ""), ("FFI", "import weasyprint.text.ffi")):
        assert printed(_BUILD.format(before=before, sample=str(SAMPLE)), str(tmp_path / f"{name}.pdf")) == f"{name}\n"
    assert (tmp_path / "FFI.pdf").read_bytes() == (tmp_path / "_ParsedFFI.pdf").read_bytes()


def test_the_table_is_not_used_for_another_engine_or_another_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert parsed_ffi() is not None
    values = json.loads(TABLE.read_text("utf-8"))
    monkeypatch.setattr(native_declarations, "TABLE", tmp_path / "table.json")
    for other in ({**values, "engine": ""}, {**values, "fields": {**values["fields"], "_version": 1}}):
        (tmp_path / "table.json").write_text(json.dumps(other))
        assert parsed_ffi() is None
    monkeypatch.undo()
    monkeypatch.setattr(native_declarations, "find_spec", lambda name: None)
    assert parsed_ffi() is None


def test_a_declaration_that_is_not_in_the_table_is_refused() -> None:
    with pytest.raises(cffi.CDefError, match="write it anew"):
        parsed_ffi().cdef("int no_function_of_any_library (void);")

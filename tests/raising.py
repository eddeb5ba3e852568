"""An exception in one function of ours, for one article: in a subprocess, so that workers raise it too.

`environment(folder, at)` is an environment for it. `at` is `MODULE:FUNCTION`, which raises IndexError where its first
value has the word sluice.
"""

from __future__ import annotations

import os
from pathlib import Path

_HOOK = """
import importlib.abc, importlib.util, os, sys
module, name = os.environ["RAISE_AT"].split(":")

class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, fullname, path, target=None):
        if fullname != module:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        execute = spec.loader.exec_module

        def changed(loaded):
            execute(loaded)
            function = getattr(loaded, name)

            def raising(value, *others, **options):
                if "sluice" in str(value):
                    raise IndexError("no such lock")
                return function(value, *others, **options)

            setattr(loaded, name, raising)

        spec.loader.exec_module = changed
        return spec

sys.meta_path.insert(0, Finder())
"""


def environment(folder: Path, at: str) -> dict[str, str]:
    hooks = folder / "hooks"
    hooks.mkdir()
    (hooks / "sitecustomize.py").write_text(_HOOK)
    path = os.pathsep.join(filter(None, [str(hooks), os.environ.get("PYTHONPATH", "")]))
    return {**os.environ, "PYTHONPATH": path, "RAISE_AT": at}

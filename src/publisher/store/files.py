"""Writing files so that nobody ever sees half of one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


def write_aside(path: Path, data: bytes) -> Path:
    """`data` in a temporary file beside `path`, with the mode an ordinary new file would have."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
    umask = os.umask(0)
    os.umask(umask)
    Path(name).chmod(0o666 & ~umask)
    return Path(name)


def write_all(outputs: Mapping[Path, bytes]) -> None:
    """Writes every output aside first and then renames: all of them are new, or, on an error, all are old.

    Raises OSError where a file cannot be written; the files set aside are removed then.
    """
    aside: dict[Path, Path] = {}
    try:
        for path, data in outputs.items():
            aside[path] = write_aside(path, data)
        for path, temporary in aside.items():
            temporary.replace(path)
    finally:
        for temporary in aside.values():
            temporary.unlink(missing_ok=True)

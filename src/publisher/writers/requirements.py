"""What must be on the machine to typeset: WeasyPrint's native libraries. Both outputs need them: the cover is typeset too."""

from __future__ import annotations

import sys

from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Exit, PublisherError
from publisher.model.plugins import load
from publisher.store.fingerprints import native_libraries

_HINT = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
_HINTS = {"darwin": "brew install pango", "linux": f"{_HINT}, or your system's packages of Pango"}


def install_hint() -> str:
    """How to install the native libraries on this system."""
    return _HINTS.get(sys.platform, _HINTS["linux"])


def require_engine() -> None:
    """Raises PublisherError (exit code 4) where Pango is not installed.

    The engine itself, which takes half a second to import, is asked only where the library is not found under its usual names.
    """
    if "pango_version=unknown" not in native_libraries():
        return
    try:
        load("publisher.writers.pdf.engine:render")
    except OSError:
        missing = Diagnostic(Code.COMPONENT_MISSING, "Pango is not installed", None, install_hint())
        raise PublisherError(missing, exit_code=Exit.MISSING_COMPONENT) from None

"""The formats of outputs whose content `verify` and `diff` can compare; those of other packages are compared by their bytes."""

from __future__ import annotations

PDF, EPUB = ".pdf", ".epub"
COMPARABLE = (PDF, EPUB)

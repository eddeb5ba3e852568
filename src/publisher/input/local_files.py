"""Addresses in a page that are files beside the manuscript."""

from __future__ import annotations

import re
from urllib.parse import unquote

from publisher.input.manuscript import Manuscript
from publisher.model.addresses import scheme_of


def is_beside(manuscript: Manuscript, address: str) -> bool:
    """Whether a relative address names a file that lies beside the manuscript."""
    path = re.split(r"[?#]", address)[0]
    if not path or scheme_of(address) or path.startswith("/"):
        return False
    data, _ = manuscript.look(unquote(path))
    return data is not None

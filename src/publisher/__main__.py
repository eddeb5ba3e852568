"""`python -m publisher`, and what the `publisher` command calls."""

from __future__ import annotations

import os
import sys

from publisher.cli import main
from publisher.model.diagnostics import Exit


def run() -> None:
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    if code == Exit.INTERRUPTED:
        os._exit(code)  # at once: an ordinary exit would wait for the queues of a pool that has been killed
    raise SystemExit(code)


if __name__ == "__main__":
    run()

"""`python -m publisher`, and what the `publisher` command calls."""

from __future__ import annotations

from publisher.cli import main


def run() -> None:
    raise SystemExit(main())


if __name__ == "__main__":
    run()

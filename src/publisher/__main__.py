"""`python -m publisher`, and what the `publisher` command calls."""

from __future__ import annotations

import os
import signal
import sys

_INTERRUPTED = 130  # diagnostics.Exit.INTERRUPTED, before anything is imported


def run() -> None:
    """Runs the command line and exits, in a process that its parent watches."""
    from publisher.build.watch import under_watch

    raise SystemExit(under_watch(_command))


def _command() -> int:
    """The exit code of the command line. Ctrl-C ends it without a traceback from the first import to the last flush."""
    signal.signal(signal.SIGINT, _interrupt)
    try:
        from publisher.cli import main

        code = main()
    except KeyboardInterrupt:
        print("interrupted; nothing was written", file=sys.stderr)
        code = _INTERRUPTED
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdout.flush()
    sys.stderr.flush()
    if code == _INTERRUPTED:
        os._exit(code)  # at once: an ordinary exit would wait for the queues of a pool whose workers were ended
    return code


def _interrupt(*_: object) -> None:
    """Ctrl-C, once: the terminal sends it to this process, and its parent sends it on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    run()

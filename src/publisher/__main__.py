"""`python -m publisher`, and what the `publisher` command calls."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
import threading
from time import monotonic
from typing import NoReturn

_COLLECTION = 100_000  # new objects until cyclic garbage is looked for: most objects of a command stay until it ends
_INTERRUPTED = 130  # diagnostics.Exit.INTERRUPTED, before anything is imported


def run() -> None:
    """Runs the command line and exits, in a process that its parent watches."""
    from publisher.build.watch import under_watch
    from publisher.model.frame_space import with_frame_space

    raise SystemExit(under_watch(lambda: with_frame_space(_command)))


def _command() -> int:
    """The exit code of the command. Ctrl-C and SIGTERM end it without a traceback, from the first import to the last flush."""
    start = monotonic()
    gc.set_threshold(_COLLECTION)
    try:
        from publisher.build.interrupts import INTERRUPTS, interrupt_once

        for number in INTERRUPTS:
            if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
                signal.signal(number, interrupt_once)
        from publisher.model.garbage import search_postponed
        from publisher.model.lazy_modules import load_lazily
        from publisher.model.record_methods import compile_when_called

        load_lazily()
        compile_when_called()
        os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # they are looked for in every installed distribution
        with search_postponed():
            from publisher.cli import main

        code = main(start=start)
    except KeyboardInterrupt:
        from publisher.cli.console import end_interrupted

        code = end_interrupted()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    sys.stdout.flush()
    sys.stderr.flush()
    if code == _INTERRUPTED:
        from publisher.store.scratch import remove

        remove()
        os._exit(code)  # at once: an ordinary exit would wait for the queues of a pool whose workers were ended
    if threading.active_count() == 1:
        _end(code)
    return code


def _end(code: int) -> NoReturn:
    """Ends the process without taking its objects apart one after the other, a tenth of the time of a small build."""
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    run()

"""The process that runs citeproc-js in mini-racer: a list of requests (JSON) on its input, a list of answers on its output.

It is a process of its own because the engine reserves more address space than limits allow. It imports nothing of publisher.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import NoReturn, TextIO

_FOLDER = Path(__file__).parent


def main() -> None:
    """Answers the requests; an error of the style or of the data ends the process with its words on the error output.

    The argument is a number of seconds of CPU time, after which the process ends: a broken style may run forever.
    """
    from py_mini_racer import JSEvalException, MiniRacer

    _limit_time(int(sys.argv[1]))
    context = MiniRacer()
    context.eval("var module = {};")
    for name in ("citeproc.js", "bridge.js"):
        context.eval((_FOLDER / name).read_text("utf-8"))
    try:
        answers = [context.call("run", json.dumps(request)) for request in json.load(sys.stdin)]
    except JSEvalException as problem:
        _end(sys.stderr, str(problem).strip(), 1)
    else:
        _end(sys.stdout, f"[{','.join(answers)}]", 0)


def _end(file: TextIO, text: str, code: int) -> NoReturn:
    """Writes a text and ends the process at once: taking the engine down in order may wait forever, and takes time."""
    file.write(text)
    file.flush()
    os._exit(code)


def _limit_time(seconds: int) -> None:
    with suppress(ImportError):  # a system without limits
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


if __name__ == "__main__":
    main()

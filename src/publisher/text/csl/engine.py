"""The process that runs citeproc-js in mini-racer: a list of requests (JSON) on its input, a list of answers on its output.

It is a process of its own because the engine reserves more address space than limits allow. It imports nothing of publisher.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

_FOLDER = Path(__file__).parent


def main() -> None:
    """Answers the requests; an error of the style or of the data ends the process with its words on the error output."""
    from py_mini_racer import JSEvalException, MiniRacer

    context = MiniRacer()
    context.eval("var module = {};")
    for name in ("citeproc.js", "bridge.js"):
        context.eval((_FOLDER / name).read_text("utf-8"))
    try:
        answers = [context.call("run", json.dumps(request)) for request in json.load(sys.stdin)]
    except JSEvalException as problem:
        sys.exit(str(problem).strip())
    sys.stdout.write(f"[{','.join(answers)}]")


if __name__ == "__main__":
    main()

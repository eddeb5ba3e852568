"""Ctrl-C or SIGTERM, or the end of a process, at an exact instant: when a process of a build imports a certain module.

`environment(folder, at)` is an environment for a subprocess in which that happens once. `at` is `PROCESS:MODULE`, where
PROCESS is `main`, `fork` (of the command), or `server` (that which workers fork from, and the workers). With `kill-` before it,
the process that imports is killed.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

_HOOK = """
import os, signal, sys
process, module = os.environ["INTERRUPT_AT"].split(":")
mark = os.environ["INTERRUPT_MARK"]
is_server = any("forkserver" in part for part in sys.orig_argv)

def own():
    parent = getattr(sys.modules.get("multiprocessing.process"), "_parent_process", None)
    return "server" if is_server else "fork" if parent else "main"

def hook(event, arguments):
    if event == "import" and arguments[0] == module and own() == process.removeprefix("kill-"):
        try:
            os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return
        if process.startswith("kill-"):
            os.kill(os.getpid(), signal.SIGKILL)
        if os.environ["INTERRUPT_BY"] == str(int(signal.SIGINT)):
            os.killpg(os.getpgid(0), signal.SIGINT)
        else:  # who stops a service sends it to the first process only
            os.kill(os.getsid(0), int(os.environ["INTERRUPT_BY"]))

if is_server == process.endswith("server") and not any("resource_tracker" in part for part in sys.orig_argv):
    sys.addaudithook(hook)
"""


def environment(folder: Path, at: str, by: signal.Signals = signal.SIGINT) -> dict[str, str]:
    """The environment; the file `folder/mark` exists afterwards if the instant came."""
    hooks = folder / "hooks"
    hooks.mkdir()
    (hooks / "sitecustomize.py").write_text(_HOOK)
    path = os.pathsep.join(filter(None, [str(hooks), os.environ.get("PYTHONPATH", "")]))
    return {
        **os.environ,
        "PYTHONPATH": path,
        "INTERRUPT_AT": at,
        "INTERRUPT_BY": str(int(by)),
        "INTERRUPT_MARK": str(folder / "mark"),
    }

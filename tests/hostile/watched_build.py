"""Runs the command line under an audit hook and writes as JSON what it opened and what it tried to reach.

usage: python watched_build.py REPORT ARGUMENT...
Connections and other programs are refused, so that nothing can hide behind a success. The typesetting engine is imported before:
to find its libraries, cffi runs ldconfig and a linker.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

REFUSED = (
    "socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.sendto",
    "subprocess.Popen", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system", "pty.spawn",
    "urllib.Request", "http.client.connect", "ftplib.connect", "smtplib.connect", "webbrowser.open",
)  # fmt: skip
opened: set[str] = set()
reached: list[str] = []


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
        opened.add(os.path.normpath(Path.cwd() / os.fsdecode(arguments[0])))
    elif event in REFUSED:
        reached.append(f"{event} {arguments!r}"[:200])
        raise PermissionError(f"refused: {event}")


if __name__ == "__main__":
    import publisher.writers.pdf.engine  # noqa: F401
    from publisher.cli import main

    sys.addaudithook(watch)
    code = main(sys.argv[2:])
    seen, tried = sorted(opened), list(reached)
    Path(sys.argv[1]).write_text(json.dumps({"code": int(code), "opened": seen, "reached": tried}))

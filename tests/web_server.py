"""A server on this machine for the tests: pages by path, with the requests and their headers that it was sent."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

RSS, HTML = "application/rss+xml", "text/html; charset=utf-8"


@dataclass
class Site:
    """`pages` are media type and content by path (with query), `headers` go with every page; `{home}` is the address.

    In place of a media type, `redirect` and `moved` lead to another path, for now or for ever.
    """

    home: str = ""
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)  # path, Authorization


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.requests.append((self.path, self.headers.get("Authorization", "")))
            kind, content = site.pages.get(self.path, ("text/plain", ""))
            if kind in ("redirect", "moved"):
                self._send(302 if kind == "redirect" else 301, b"", {"Location": content})
            elif not content:
                self._send(404, b"", {})
            elif self.headers.get("If-None-Match") == f'"{len(content)}"':
                self._send(304, b"", {})
            else:
                data = content.replace("{home}", site.home).encode()
                self._send(200, data, {"Content-Type": kind, "ETag": f'"{len(content)}"', **site.headers})

        def _send(self, status: int, data: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(data)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    site.home = f"http://127.0.0.1:{server.server_address[1]}"
    yield site
    server.shutdown()
    server.server_close()

"""Servers on this machine for the tests: pages by path, with the requests and their headers that they were sent; and a proxy."""

from __future__ import annotations

import datetime
import ipaddress
import select
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

RSS, HTML = "application/rss+xml", "text/html; charset=utf-8"


@dataclass
class Site:
    """`pages` are media type and content by path (with query), `headers` go with every page; `{home}` is the address.

    In place of a media type, `redirect` and `moved` lead to another path, for now or for ever. In a content, `{sent}` stands for
    the Authorization header of the request. Only who sends `password` in that header gets the pages of `private`.
    """

    home: str = ""
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)  # path, Authorization
    private: tuple[str, ...] = ()
    password: str = ""
    port: int = 0


@contextmanager
def serving(site: Site, tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sent = self.headers.get("Authorization", "")
            path = urlsplit(self.path)._replace(scheme="", netloc="").geturl()  # a proxy is asked with the whole address
            site.requests.append((path, sent))
            kind, content = site.pages.get(path, ("text/plain", ""))
            if kind in ("redirect", "moved"):
                self._send(302 if kind == "redirect" else 301, b"", {"Location": content.replace("{home}", site.home)})
            elif path in site.private and sent != site.password:
                self._send(401, b"", {})
            elif not content:
                self._send(404, b"", {})
            elif self.headers.get("If-None-Match") == f'"{len(content)}"':
                self._send(304, b"", {})
            else:
                data = content.replace("{home}", site.home).replace("{sent}", sent).encode()
                headers = {name: value.replace("{sent}", sent) for name, value in site.headers.items()}
                self._send(200, data, {"Content-Type": kind, "ETag": f'"{len(content)}"', **headers})

        def _send(self, status: int, data: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(data)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            pass

    with _running(Handler, tls) as site.port:
        site.home = site.home or f"http{'s' if tls else ''}://127.0.0.1:{site.port}"
        yield site


@contextmanager
def _running(handler: type[BaseHTTPRequestHandler], tls: ssl.SSLContext | None = None) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@dataclass
class ProxyServer:
    """A proxy that leads every request to one port of this machine; `requests` have the line and the two authorizations."""

    port: int = 0
    requests: list[tuple[str, str, str]] = field(default_factory=list)
    password: str = ""  # the Proxy-Authorization that it asks for


@contextmanager
def proxying(target: int) -> Iterator[ProxyServer]:
    proxy = ProxyServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if not self._is_welcome():
                return
            with socket.create_connection(("127.0.0.1", target)) as site:
                lines = [
                    f"GET {self.path} HTTP/1.1",
                    *(f"{k}: {v}" for k, v in self.headers.items()),
                    "Connection: close",
                    "",
                    "",
                ]
                site.sendall("\r\n".join(lines).encode())
                while data := site.recv(65_536):
                    self.wfile.write(data)
            self.close_connection = True

        def do_CONNECT(self) -> None:
            if not self._is_welcome():
                return
            with socket.create_connection(("127.0.0.1", target)) as site:
                self.send_response(200)
                self.end_headers()
                ends = {self.connection: site, site: self.connection}
                while True:
                    for end in select.select(list(ends), [], [])[0]:
                        data = end.recv(65_536)
                        if not data:
                            self.close_connection = True
                            return
                        ends[end].sendall(data)

        def _is_welcome(self) -> bool:
            sent = self.headers.get("Proxy-Authorization", "")
            proxy.requests.append((f"{self.command} {self.path}", sent, self.headers.get("Authorization", "")))
            if sent != proxy.password:
                self.send_response(407)
                self.send_header("Content-Length", "0")
                self.end_headers()
            return sent == proxy.password

        def log_message(self, *_: Any) -> None:
            pass

    with _running(Handler) as proxy.port:
        yield proxy


def certificate(folder: Path, *hosts: str) -> tuple[ssl.SSLContext, Path]:
    """A server's context with a certificate for hosts, and the file that trusts it (SSL_CERT_FILE)."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    names: list[x509.GeneralName] = [
        x509.IPAddress(ipaddress.ip_address(host)) if host[0].isdigit() else x509.DNSName(host) for host in hosts
    ]
    day = datetime.timedelta(days=1)
    now = datetime.datetime.now(datetime.UTC)
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = built.serial_number(1).not_valid_before(now - day).not_valid_after(now + day)
    built = built.add_extension(x509.SubjectAlternativeName(names), critical=False)
    built = built.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    pem = built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "trusted.pem").write_bytes(pem)
    (folder / "server.pem").write_bytes(private + pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context, folder / "trusted.pem"

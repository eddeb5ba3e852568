"""How requests reach the network: through httpcore, connected to exactly the address that was checked.

The address is checked twice, before connecting and on the connection itself, so that a name which changes its answer (DNS
rebinding) gains nothing, and a change in a library cannot switch the check off unnoticed.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx

from publisher.model.codes import Code

_CONNECTIONS = 20
_FAILURES = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    httpcore.ProxyError,
)


class Refused(Exception):
    """Why an address was not fetched, in a few words; `code` as in messages."""

    def __init__(self, reason: str, code: Code) -> None:
        super().__init__(reason)
        self.code = code


def is_public(address: str) -> bool:
    """Whether an IP address is public: global (RFC 6890), and so is an IPv4 address that an IPv6 address contains."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in ipaddress.ip_network("64:ff9b::/96"):  # NAT64
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None and not inner.is_global:
            return False
    return ip.is_global and not ip.is_multicast


class _Backend(httpcore.NetworkBackend):
    """Connects to exactly the IP address that was checked."""

    def __init__(self, allow_private: bool) -> None:
        self._backend = httpcore.SyncBackend()
        self._allow_private = allow_private

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            ips = {str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
        except (OSError, UnicodeError):
            raise Refused(f"host not found: {host}", Code.FETCH_HOST) from None
        private = sorted(ip for ip in ips if not is_public(ip))
        if private and not self._allow_private:
            name = host if host == private[0] else f"{host} ({private[0]})"
            raise Refused(f"{name} is not a public address", Code.FETCH_PRIVATE)
        return self._backend.connect_tcp(sorted(ips)[0], port, timeout, local_address, socket_options)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class Transport(httpx.BaseTransport):
    """An httpx transport over a pool of httpcore whose connections our backend makes."""

    def __init__(self, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._connections = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(), max_connections=_CONNECTIONS, network_backend=_Backend(allow_private)
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = httpcore.URL(
            scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
        )
        with _as_httpx_errors():
            response = self._connections.handle_request(
                httpcore.Request(
                    request.method, url, headers=request.headers.raw, content=request.stream, extensions=request.extensions
                )
            )
            self._check_peer(response)
        return httpx.Response(response.status, headers=response.headers, stream=_Stream(response), extensions=response.extensions)

    def _check_peer(self, response: httpcore.Response) -> None:
        """Refuses an answer that comes from another address than one that may be asked, or from none that is known."""
        stream = response.extensions.get("network_stream")
        peer = stream.get_extra_info("server_addr") if stream is not None else None
        if not self._allow_private and not (peer and is_public(str(peer[0]))):
            response.close()
            address = peer[0] if peer else "an unknown address"
            raise Refused(f"the answer comes from {address}, not a public address", Code.FETCH_PRIVATE)

    def close(self) -> None:
        self._connections.close()


class _Stream(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        with _as_httpx_errors():
            yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


@contextmanager
def _as_httpx_errors() -> Iterator[None]:
    """Errors of httpcore as those of httpx, which have the same names."""
    try:
        yield
    except _FAILURES as problem:
        raise getattr(httpx, type(problem).__name__, httpx.TransportError)(str(problem)) from problem

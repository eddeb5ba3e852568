"""How requests reach the network: through httpcore, connected to exactly the address that was checked.

The address is checked twice, before connecting and on the connection itself, so that a name which changes its answer (DNS
rebinding) gains nothing, and a change in a library cannot switch the check off unnoticed.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx

from publisher.fetching.proxies import Proxies, Proxy, check_host
from publisher.fetching.refusals import Refused, is_public
from publisher.model.codes import Code

_CONNECTIONS = 20
_FAILURES = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    httpcore.ProxyError,
)


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
    """An httpx transport over pools of httpcore: a pool whose connections our backend makes, and a pool for each proxy.

    A proxy is the user's own: its address may be private. What is asked through it is checked by `proxies.check_host`.
    """

    def __init__(self, allow_private: bool, proxies: Proxies | None = None) -> None:
        self._allow_private = allow_private
        self._proxies = proxies or Proxies({})
        context = ssl.create_default_context()
        self._direct = httpcore.ConnectionPool(
            ssl_context=context, max_connections=_CONNECTIONS, network_backend=_Backend(allow_private)
        )
        self._pools = {proxy.variable: _pool(proxy, context) for proxy in self._proxies.by_scheme.values()}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        proxy = self._proxies.of(request.url.scheme, request.url.raw_host.decode("ascii"), request.url.port)
        if proxy is not None and not self._allow_private:
            check_host(request.url.raw_host.decode("ascii"))
        url = httpcore.URL(
            scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
        )
        with _as_httpx_errors(proxy):
            response = (self._pools[proxy.variable] if proxy else self._direct).handle_request(
                httpcore.Request(
                    request.method, url, headers=request.headers.raw, content=request.stream, extensions=request.extensions
                )
            )
            if proxy is None:
                self._check_peer(response)
        stream = _Stream(response, proxy)
        return httpx.Response(response.status, headers=response.headers, stream=stream, extensions=response.extensions)

    def _check_peer(self, response: httpcore.Response) -> None:
        """Refuses an answer that comes from another address than one that may be asked, or from none that is known."""
        stream = response.extensions.get("network_stream")
        peer = stream.get_extra_info("server_addr") if stream is not None else None
        if not self._allow_private and not (peer and is_public(str(peer[0]))):
            response.close()
            address = peer[0] if peer else "an unknown address"
            raise Refused(f"the answer comes from {address}, not a public address", Code.FETCH_PRIVATE)

    def close(self) -> None:
        for pool in (self._direct, *self._pools.values()):
            pool.close()


def _pool(proxy: Proxy, context: ssl.SSLContext) -> httpcore.HTTPProxy:
    proxy_context = ssl.create_default_context() if proxy.url.scheme == b"https" else None
    return httpcore.HTTPProxy(
        proxy.url, proxy.auth, ssl_context=context, proxy_ssl_context=proxy_context, max_connections=_CONNECTIONS
    )


class _Stream(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response, proxy: Proxy | None) -> None:
        self._response, self._proxy = response, proxy

    def __iter__(self) -> Iterator[bytes]:
        with _as_httpx_errors(self._proxy):
            yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


@contextmanager
def _as_httpx_errors(proxy: Proxy | None) -> Iterator[None]:
    """Errors of httpcore as those of httpx, which have the same names; their text is the proxy, if there is one between."""
    try:
        yield
    except _FAILURES as problem:
        kind = getattr(httpx, type(problem).__name__, httpx.TransportError)
        raise kind(f"through the proxy of {proxy.variable}" if proxy else "") from problem

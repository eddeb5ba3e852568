"""Requests with bounds: public addresses only, redirects one by one, sizes and times limited, busy servers waited for.

The address that is checked is the one that is connected to, at every redirect again, so that a name which changes its answer
(DNS rebinding) gains nothing. Numbers in odd bases reach the check as what the resolver makes of them.
"""

from __future__ import annotations

import email.utils
import ipaddress
import random
import socket
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx

from publisher import __version__
from publisher.model.codes import Code

AGENT = f"publisher-toolchain/{__version__}"
REDIRECTS = 10
_BUSY = {429, 502, 503, 504}


class Refused(Exception):
    """Why an address was not fetched, in a few words; `code` as in messages."""

    def __init__(self, why: str, code: Code) -> None:
        super().__init__(why)
        self.code = code


@dataclass(frozen=True)
class Bounds:
    """What a request may cost: seconds in all and to connect, bytes of an answer, tries, the longest wait for a busy server."""

    seconds: float = 60.0
    connect: float = 10.0
    megabytes: int = 32
    tries: int = 3
    wait: float = 30.0
    allow_private: bool = False


@dataclass(frozen=True)
class Answer:
    """What came back: where from in the end, status, headers in lower case, bytes."""

    url: str
    status: int
    headers: dict[str, str]
    data: bytes = field(repr=False)
    wanted: str = ""

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public network's: global, and so is what an IPv6 one carries of IPv4 (RFC 6890)."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is None and found in ipaddress.ip_network("64:ff9b::/96"):  # NAT64
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None and not inner.is_global:
            return False
    return found.is_global and not found.is_multicast


class _Backend(httpcore.NetworkBackend):
    """Connects to the very address that was checked."""

    def __init__(self, allow_private: bool) -> None:
        self._plain = httpcore.SyncBackend()
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
            found = {str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
        except (OSError, UnicodeError):
            raise Refused(f"there is no host {host}", Code.FETCH_HOST) from None
        private = sorted(one for one in found if not is_public(one))
        if private and not self._allow_private:
            raise Refused(f"{host} is {private[0]}, no public address", Code.FETCH_PRIVATE)
        return self._plain.connect_tcp(sorted(found)[0], port, timeout, local_address, socket_options)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class _Transport(httpx.HTTPTransport):
    def __init__(self, allow_private: bool) -> None:
        super().__init__()
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(), max_connections=20, network_backend=_Backend(allow_private)
        )


class Net:
    """A client for one run; its connections are shared by threads."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self._client = httpx.Client(
            transport=_Transport(bounds.allow_private),
            timeout=httpx.Timeout(bounds.connect, connect=bounds.connect),
            headers={"user-agent": AGENT, "accept-encoding": "gzip, deflate"},
            trust_env=False,
        )

    def close(self) -> None:
        self._client.close()

    def get(self, url: str, known: dict[str, str] | None = None) -> Answer:
        """The answer for an address; `known` are headers of a conditional request. Raises Refused."""
        for attempt in range(1, self.bounds.tries + 1):
            try:
                answer = self._followed(url, known or {})
            except httpx.InvalidURL:
                raise Refused("not an address", Code.FETCH_ADDRESS) from None
            except httpx.TransportError as problem:
                if attempt == self.bounds.tries:
                    raise Refused(f"no answer: {type(problem).__name__}", Code.FETCH_FAILED) from None
                wait = 0.5 * 2**attempt
            else:
                if answer.status not in _BUSY or attempt == self.bounds.tries:
                    return answer
                wait = _asked_to_wait(answer) or 0.5 * 2**attempt
                if wait > self.bounds.wait:
                    raise Refused(
                        f"status {answer.status}: asked to wait {wait:.0f} s, {self.bounds.wait:.0f} is the limit",
                        Code.FETCH_BUSY,
                    )
            time.sleep(wait * random.uniform(0.8, 1.2))
        raise Refused("no answer", Code.FETCH_FAILED)

    def _followed(self, url: str, known: dict[str, str]) -> Answer:
        wanted, seen = url, set()
        deadline = time.monotonic() + self.bounds.seconds
        for _ in range(REDIRECTS + 1):
            if url in seen:
                raise Refused("the redirects go in a circle", Code.FETCH_REDIRECTS)
            seen.add(url)
            _check(url)
            answer = self._asked(url, known, deadline)
            target = answer.headers.get("location")
            if answer.status not in (301, 302, 303, 307, 308) or not target:
                return Answer(answer.url, answer.status, answer.headers, answer.data, wanted)
            url = urljoin(url, target)
        raise Refused(f"more than {REDIRECTS} redirects", Code.FETCH_REDIRECTS)

    def _asked(self, url: str, known: dict[str, str], deadline: float) -> Answer:
        limit, parts, size = self.bounds.megabytes * 1_000_000, [], 0
        with self._client.stream("GET", url, headers=known) as response:
            headers = {key.lower(): value for key, value in response.headers.items()}
            if int(headers.get("content-length", "0") if headers.get("content-length", "0").isdigit() else 0) > limit:
                raise Refused(f"larger than {self.bounds.megabytes} MB", Code.FETCH_SIZE)
            try:
                for chunk in response.iter_bytes():
                    parts.append(chunk)
                    size += len(chunk)
                    if size > limit:
                        raise Refused(f"larger than {self.bounds.megabytes} MB unpacked", Code.FETCH_SIZE)
                    if time.monotonic() > deadline:
                        raise Refused(f"not finished in {self.bounds.seconds:.0f} s", Code.FETCH_SLOW)
            except httpx.DecodingError:
                raise Refused("its compression is broken", Code.FETCH_FAILED) from None
        return Answer(url, response.status_code, headers, b"".join(parts))


def _check(url: str) -> None:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise Refused("not an address", Code.FETCH_ADDRESS) from None
    if parts.scheme not in ("http", "https") or not host:
        raise Refused("only http and https addresses are fetched", Code.FETCH_ADDRESS)


def _asked_to_wait(answer: Answer) -> float:
    """The seconds in Retry-After, a number or a date (RFC 9110, 10.2.3); 0 where it says nothing."""
    said = answer.headers.get("retry-after", "").strip()
    if said.isdigit():
        return float(said)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(said).timestamp() - time.time())
    except (ValueError, TypeError, IndexError):
        return 0.0

"""Requests with limits: public addresses only, redirects checked one by one, sizes and times limited, retries for busy servers.

Each connection, also after a redirect, is made to the same IP address that was checked. A host name that resolves to another
address the second time (DNS rebinding) is therefore harmless. Unusual notations, such as octal numbers, are resolved before
the check.
"""

from __future__ import annotations

import email.utils
import logging
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

import httpx

from publisher import __version__
from publisher.fetching.credentials import Credentials
from publisher.fetching.proxies import Proxies
from publisher.fetching.refusals import Refused
from publisher.fetching.transport import Transport
from publisher.model.addresses import join_address
from publisher.model.codes import Code

AGENT = f"publisher-toolchain/{__version__}"
REDIRECTS = 10
NOBODY = Credentials()
_BUSY = {429, 502, 503, 504}


@dataclass(frozen=True)
class Bounds:
    """The limits of a request: seconds in total and to connect, MB of an answer, tries, seconds to wait for a busy server."""

    seconds: float = 60.0
    connect: float = 10.0
    megabytes: int = 32
    tries: int = 3
    wait: float = 30.0
    allow_private: bool = False


@dataclass(frozen=True)
class Answer:
    """An answer: final address, status, headers (names in lower case), bytes; `wanted` is the requested address.

    `sent` are the passwords and tokens that went with the request.
    """

    url: str
    status: int
    headers: dict[str, str]
    data: bytes = field(repr=False)
    wanted: str = ""
    moved: bool = False  # permanently: every redirect on the way says so
    sent: tuple[str, ...] = field(default=(), repr=False)

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Net:
    """An HTTP client for one run; threads share its connections."""

    def __init__(self, bounds: Bounds, credentials: Credentials = NOBODY, proxies: Proxies | None = None) -> None:
        self.bounds, self._credentials = bounds, credentials
        for library in ("httpx", "httpcore"):  # below warnings they log whole addresses and headers, which may hold secrets
            logging.getLogger(library).setLevel(logging.WARNING)
        self._client = httpx.Client(
            transport=Transport(bounds.allow_private, proxies),
            timeout=httpx.Timeout(bounds.connect, connect=bounds.connect),
            headers={"user-agent": AGENT, "accept-encoding": "gzip, deflate"},
            trust_env=False,
        )

    def close(self) -> None:
        self._client.close()

    def get(self, url: str, conditions: dict[str, str] | None = None) -> Answer:
        """The answer for an address; `conditions` has the headers of a conditional request. Raises Refused."""
        for attempt in range(1, self.bounds.tries + 1):
            try:
                answer = self._follow_redirects(url, conditions or {})
            except httpx.InvalidURL:
                raise Refused("not a valid address", Code.FETCH_ADDRESS) from None
            except httpx.TransportError as problem:
                if attempt == self.bounds.tries:
                    raise Refused(
                        " ".join(["no answer:", type(problem).__name__, *problem.args]).rstrip(), Code.FETCH_FAILED
                    ) from None
                wait = 0.5 * 2**attempt
            else:
                if answer.status not in _BUSY or attempt == self.bounds.tries:
                    return answer
                wait = _retry_after(answer) or 0.5 * 2**attempt
                if wait > self.bounds.wait:
                    raise Refused(
                        f"status {answer.status}: asked to wait {wait:.0f} s, the limit is {self.bounds.wait:.0f}",
                        Code.FETCH_BUSY,
                    )
            time.sleep(wait * random.uniform(1.0, 1.2))
        raise Refused("no answer", Code.FETCH_FAILED)

    def _follow_redirects(self, url: str, conditions: dict[str, str]) -> Answer:
        wanted, seen, moved, sent = url, set(), True, tuple[str, ...]()
        deadline = time.monotonic() + self.bounds.seconds
        for _ in range(REDIRECTS + 1):
            if url in seen:
                raise Refused("the redirects form a circle", Code.FETCH_REDIRECTS)
            seen.add(url)
            check_address(url)
            headers = self._credentials.headers_for(url, wanted)
            sent = (*sent, *headers.values())
            answer = self._request(url, {**conditions, **headers}, deadline)
            target = answer.headers.get("location")
            if answer.status not in (301, 302, 303, 307, 308) or not target:
                return replace(answer, wanted=wanted, moved=moved and url != wanted, sent=sent)
            moved = moved and answer.status in (301, 308)
            url = join_address(url, target)
        raise Refused(f"more than {REDIRECTS} redirects", Code.FETCH_REDIRECTS)

    def _request(self, url: str, sent_headers: Mapping[str, str], deadline: float) -> Answer:
        limit, parts, size = self.bounds.megabytes * 1_000_000, [], 0
        with self._client.stream("GET", url, headers=sent_headers) as response:
            headers = {key.lower(): value for key, value in response.headers.items()}
            if int(headers.get("content-length", "0") if headers.get("content-length", "0").isdigit() else 0) > limit:
                raise Refused(f"larger than {self.bounds.megabytes} MB", Code.FETCH_SIZE)
            try:
                for chunk in response.iter_bytes():
                    parts.append(chunk)
                    size += len(chunk)
                    if size > limit:
                        raise Refused(f"larger than {self.bounds.megabytes} MB when decompressed", Code.FETCH_SIZE)
                    if time.monotonic() > deadline:
                        raise Refused(f"not finished in {self.bounds.seconds:.0f} s", Code.FETCH_SLOW)
            except httpx.DecodingError:
                raise Refused("the compressed data is damaged", Code.FETCH_FAILED) from None
        return Answer(url, response.status_code, headers, b"".join(parts))


def check_address(url: str) -> None:
    """Raises Refused if an address is malformed, or is not of the web."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise Refused("not a valid address", Code.FETCH_ADDRESS) from None
    if parts.scheme not in ("http", "https") or not host:
        raise Refused("only http and https addresses are fetched", Code.FETCH_ADDRESS)


def _retry_after(answer: Answer) -> float:
    """The seconds to wait by the Retry-After header, a number or a date (RFC 9110, 10.2.3); 0 without a valid header."""
    value = answer.headers.get("retry-after", "").strip()
    if value.isdigit():
        return float(value)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError, IndexError):
        return 0.0

"""Passwords and tokens of sites, which the environment names: a netrc file, and a file with headers.

They are sent only to the host for which they are, and only if the user named an address of that host: a page that some feed leads
to cannot ask for them. The manifest has none, since it is passed on.
"""

from __future__ import annotations

import base64
import ipaddress
import netrc
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx

from publisher.fetching.refusals import is_public
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Exit, Location, PublisherError

NETRC, HEADERS = "NETRC", "PUBLISHER_FETCH_HEADERS"
_HOST, _NAME, _VALUE = r"[^\s:/@]+|\[[\da-fA-F:.]+\]", r"[!#$%&'*+.^_`|~\w-]+", r"[!-~](?:[ -~]*[!-~])?"
_LINE = re.compile(rf"(?P<host>{_HOST})\s+(?P<name>{_NAME}):\s*(?P<value>{_VALUE})", re.ASCII)
_OURS = frozenset({"host", "connection", "content-length", "transfer-encoding", "te", "trailer", "upgrade", "accept-encoding"})


@dataclass(frozen=True)
class Credentials:
    """The headers that go to each host, by its name in lower case; only `hosts` get theirs.

    With `allow_private`, they also go to this machine and to private IP addresses without TLS.
    """

    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    hosts: frozenset[str] = frozenset()
    allow_private: bool = False

    def only_for(self, addresses: Iterable[str], *, allow_private: bool) -> Credentials:
        """The same for the hosts of these addresses."""
        return replace(self, hosts=frozenset(_origin(address)[1] for address in addresses), allow_private=allow_private)

    def headers_for(self, url: str, wanted: str) -> Mapping[str, str]:
        """The headers for a request that began with the address `wanted`. After a redirect to another origin there are none."""
        scheme, host, _ = origin = _origin(url)
        is_safe = scheme == "https" or (self.allow_private and _is_private(host))
        return self.headers.get(host, {}) if host in self.hosts and is_safe and origin == _origin(wanted) else {}


def credentials_of_environment() -> Credentials:
    """What the files say that the environment names; ~/.netrc need not be there. Raises PublisherError (exit 2)."""
    headers: dict[str, dict[str, str]] = {}
    for host, value in _netrc_values().items():
        headers[host] = {"authorization": value}
    if name := os.environ.get(HEADERS):
        for host, header, value in _header_lines(name):
            headers.setdefault(host, {})[header] = value
    return Credentials(headers)


def _netrc_values() -> dict[str, str]:
    """The Authorization header of each machine. An entry `default` is for no host in particular: it is not used."""
    named = os.environ.get(NETRC)
    try:
        path = Path(named) if named else Path.home() / ".netrc"
        entries = netrc.netrc(str(path)).hosts
    except netrc.NetrcParseError as problem:  # its message may quote a password
        place = Location(str(path), problem.lineno or 0)
        raise _unusable(
            "not a valid netrc file", place, "write `machine HOST login NAME password WORD`; NETRC=/dev/null uses none"
        ) from None
    except (FileNotFoundError, RuntimeError) as problem:  # RuntimeError: there is no home
        if not named:
            return {}
        raise _unusable(f"{NETRC} names a file that cannot be read: {_reason(problem)}", None, _UNSET.format(NETRC)) from None
    except (OSError, UnicodeError, ValueError) as problem:
        raise _unusable(
            f"cannot be read: {_reason(problem)}", Location(str(path)), "correct its permissions; NETRC=/dev/null uses none"
        ) from None
    return {host.lower(): _basic(login, password or "") for host, (login, _, password) in entries.items() if host != "default"}


def _basic(login: str, password: str) -> str:
    """The header of Basic authentication (RFC 7617)."""
    return f"Basic {base64.b64encode(f'{login}:{password}'.encode()).decode()}"


_UNSET = "name a file that can be read, or unset {}"


def _header_lines(name: str) -> list[tuple[str, str, str]]:
    """Host, header and value of each line. Raises PublisherError with every line that is wrong, and quotes none."""
    try:
        text = Path(name).expanduser().read_text("utf-8")
    except (OSError, UnicodeError, ValueError, RuntimeError) as problem:
        raise _unusable(f"{HEADERS} names a file that cannot be read: {_reason(problem)}", None, _UNSET.format(HEADERS)) from None
    found, wrong = [], []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        if match and match["name"].lower() not in _OURS:
            found.append((match["host"].strip("[]").lower(), match["name"].lower(), match["value"]))
        else:
            wrong.append(number)
    if wrong:
        hint = "write `HOST HEADER: VALUE`, such as `example.org Authorization: Bearer WORD`"
        raise PublisherError(
            *(Diagnostic(Code.VARIABLE, "not a host and a header", Location(name, number), hint) for number in wrong),
            exit_code=Exit.USAGE,
        )
    return found


def _unusable(message: str, place: Location | None, hint: str) -> PublisherError:
    return PublisherError(Diagnostic(Code.VARIABLE, message, place, hint), exit_code=Exit.USAGE)


def _reason(problem: Exception) -> str:
    return getattr(problem, "strerror", None) or type(problem).__name__


def _origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port (RFC 6454), as the request is made; the port is None where it is that of the scheme."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError):
        return "", "", None
    return parsed.scheme, parsed.raw_host.decode("ascii").lower(), parsed.port


def _is_private(host: str) -> bool:
    """Whether a host is this machine, or an IP address that is not public. A name may have another address the next time."""
    if host == "localhost":
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return not is_public(host)

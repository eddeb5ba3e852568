"""The proxies that the environment names (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY), and what is asked through them.

A proxy makes the connection, so the address that it connects to cannot be checked on it. What is known of the host is checked
before: its name, and the addresses that it has for this machine. A host that has none here is asked: the proxy may know it.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies_environment, proxy_bypass

import ada_url
import httpcore

from publisher.fetching.refusals import Refused, is_public
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Exit, PublisherError

_PORTS = {"http": 80, "https": 443}
# Names that lead to this machine or to the local network: RFC 6761, 6762, 8375, and what ICANN reserved for private use.
_PRIVATE_NAMES = ("localhost", "local", "internal", "home.arpa")


@dataclass(frozen=True)
class Proxy:
    """A proxy, with user name and password if it asks for them; `variable` names it in messages."""

    url: httpcore.URL
    variable: str
    auth: tuple[bytes, bytes] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Proxies:
    """The proxy for each scheme of addresses."""

    by_scheme: Mapping[str, Proxy]

    def of(self, scheme: str, host: str, port: int | None) -> Proxy | None:
        """The proxy for a host; None if it is asked directly (NO_PROXY)."""
        proxy = self.by_scheme.get(scheme)
        return None if proxy is None or proxy_bypass(f"{host}:{port or _PORTS[scheme]}") else proxy


def proxies_of_environment() -> Proxies:
    """The proxies that the environment names. Raises PublisherError (exit 2) for a variable that names none that can be used."""
    variables = getproxies_environment()
    found, faults = {}, []
    for scheme in _PORTS:
        key = scheme if scheme in variables else "all"
        if key in variables:
            proxy = _proxy(variables[key], f"{key.upper()}_PROXY")
            if proxy is None:
                message = f"{key.upper()}_PROXY does not name an http or https proxy"
                faults.append(Diagnostic(Code.VARIABLE, message, hint="name a proxy (http://HOST:PORT), or unset it"))
            else:
                found[scheme] = proxy
    if faults:
        raise PublisherError(*dict.fromkeys(faults), exit_code=Exit.USAGE)
    return Proxies(found)


def _proxy(address: str, variable: str) -> Proxy | None:
    """The proxy at an address, which may lack its scheme; None if it is none that is known here."""
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not host or not host.isascii():
        return None
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    auth = (user.encode(), password.encode()) if user or password else None
    return Proxy(httpcore.URL(scheme=parts.scheme, host=host, port=port or _PORTS[parts.scheme], target="/"), variable, auth)


def check_host(host: str) -> None:
    """Raises Refused for a host that is private by its name, by its number, or by an address that it has for this machine."""
    name = _plain_host(host)
    try:
        addresses = {str(ipaddress.ip_address(name.partition("%")[0]))}
    except ValueError:
        if "." not in name or any(f".{name}".endswith(f".{private}") for private in _PRIVATE_NAMES):
            raise Refused(f"{host} is a name of a private network", Code.FETCH_PRIVATE) from None
        addresses = _addresses(name)
    if private := sorted(address for address in addresses if not is_public(address)):
        shown = host if host == private[0] else f"{host} ({private[0]})"
        raise Refused(f"{shown} is not a public address", Code.FETCH_PRIVATE)


def _plain_host(host: str) -> str:
    """A host as browsers read it (URL Standard): octal, hexadecimal and short numbers are IP addresses."""
    try:
        parsed = ada_url.parse_url(f"http://[{host}]/" if ":" in host else f"http://{host}/")
    except ValueError:
        return host.lower().rstrip(".")
    return str(parsed["hostname"]).strip("[]").rstrip(".")


def _addresses(name: str) -> set[str]:
    try:
        return {str(info[4][0]) for info in socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        return set()

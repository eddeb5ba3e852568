"""Addresses as strangers write them, and the one list of schemes that an output may have.

A malformed address (`https://[x`) is an address that leads nowhere, never an exception.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

OUTSIDE_SCHEMES = frozenset({"http", "https"})
LINK_SCHEMES = OUTSIDE_SCHEMES | {"mailto", "tel"}  # whatever else an address says, no output has it
_HOST = re.compile(r"[\w.-]+|\[[\da-f:.]+\]")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_IGNORED = re.compile(r"^[\x00-\x20]+|[\x00-\x20]+$|[\t\n\r]+")  # by browsers (WHATWG URL, 4.4)
_PLAIN = "%/:=&?~+!$,;'@()*"  # what is not escaped in paths, queries and fragments
_MAIL_FIELDS = frozenset({"subject", "body", "to", "cc", "bcc"})  # others may attach files of the reader (RFC 6068, 4)


def scheme_of(address: str) -> str:
    """The scheme of an address as a browser reads it, in lower case; empty if it has none."""
    match = _SCHEME.match(_IGNORED.sub("", address))
    return match[1].lower() if match else ""


def outside_address(address: str) -> str:
    """The address of another site, with characters escaped (RFC 3986, 2.1); empty if it is not such an address."""
    try:
        parts = urlsplit(_IGNORED.sub("", address))
        host, port = parts.hostname or "", parts.port
        if parts.scheme.lower() not in OUTSIDE_SCHEMES or not _HOST.fullmatch(host):
            return ""
        name = parts.netloc if host.isascii() else host.encode("idna").decode()
    except ValueError:
        return ""
    netloc = name if port is None or name == parts.netloc else f"{name}:{port}"
    path, query, fragment = (quote(part, safe=_PLAIN) for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, quote(netloc, safe="%:@[].~"), path, query, fragment))


def written_address(address: str) -> str:
    """The address in the form in which an output has it; empty if no output may have it (LINK_SCHEMES)."""
    scheme = scheme_of(address)
    if scheme in OUTSIDE_SCHEMES:
        return outside_address(address)
    rest = _IGNORED.sub("", address).partition(":")[2]
    if not rest or scheme not in LINK_SCHEMES:
        return ""
    fields = [field.partition("=")[0].lower() for field in rest.partition("?")[2].split("&") if field]
    return f"{scheme}:{quote(rest, safe=_PLAIN)}" if _MAIL_FIELDS.issuperset(fields) else ""


def join_address(base: str, address: str) -> str:
    """`address` resolved against `base` (RFC 3986, 5); unchanged if one of them is malformed."""
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def host_of(address: str) -> str:
    """The host of an address with its port; empty if it has none or is malformed."""
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""

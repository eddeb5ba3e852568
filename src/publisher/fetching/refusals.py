"""Why an address is not fetched, and which IP addresses are public."""

from __future__ import annotations

import ipaddress

from publisher.model.codes import Code

ASKS_FOR_PASSWORD = "if it asks for a password, give it in a netrc file (docs/formats.md, “Passwords and tokens of sites”)"


class Refused(Exception):
    """Why an address was not fetched, in a few words; `code` and `hint` as in messages."""

    def __init__(self, reason: str, code: Code, hint: str = "") -> None:
        super().__init__(reason)
        self.code, self.hint = code, hint


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

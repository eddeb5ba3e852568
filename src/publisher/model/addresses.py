"""Addresses as strangers write them: a malformed one (`https://[x`) is an address that leads nowhere, never an exception."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit


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

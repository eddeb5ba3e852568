"""The addresses of feeds in a manifest: which may stand there, and on which line each does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from pydantic_core import PydanticCustomError

from publisher.input.toml_lines import line_of
from publisher.model.addresses import outside_address
from publisher.model.public_addresses import secrets_of, text_without_secrets

_NETRC = "put them into a netrc file (docs/formats.md, “Passwords and tokens of sites”)"


def checked_feed_address(value: str) -> str:
    """The address of a feed as it was written. Raises PydanticCustomError if it cannot be fetched, or names a user."""
    try:
        parts = urlsplit(value)
        scheme, names_user = parts.scheme.lower(), parts.username is not None or "@" in parts.netloc
    except ValueError:
        scheme, names_user = "", False
    if names_user and scheme in ("http", "https"):
        raise PydanticCustomError("feed_address", "must not have a user name or a password", {"hint": _NETRC})
    if not outside_address(value):
        raise PydanticCustomError("feed_address", "must be an http or https address (https://…)")
    return value


def public_manifest(text: str, feeds: Iterable[str]) -> str:
    """The text of a manifest as it may be passed on: without the tokens of its feeds, also where TOML escapes characters."""
    public = text_without_secrets(text)
    for secret in (secret for address in feeds for secret in secrets_of(address)):
        public = public.replace(secret, "")
    return public


def line_of_entry(text: str, path: Sequence[str | int], value: str) -> int:
    """The line on which an entry of the list at `path` stands, in which `value` is written; else the line of the list."""
    start = line_of(text, path)
    quoted = (f'"{value}"', f"'{value}'")
    lines = enumerate(text.split("\n")[start - 1 :], start)
    return next((number for number, line in lines if any(form in line for form in quoted)), start)

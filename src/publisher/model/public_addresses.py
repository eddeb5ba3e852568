"""The form of an address that is written down or shown: without what only its owner may know, a password or a token.

What is secret is said by the table in `secret_parameters`. A malformed address is no exception: it is no less secret.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote, unquote_plus

from publisher.model.secret_parameters import secrets_among

_SPECIAL = re.compile(r"[?#@;]")  # without one of these an address has no secrets
_AUTHORITY = re.compile(r"(?P<start>https?:[/\\]*|[a-z][a-z0-9+.-]*://|//)(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_NO_PORT = re.compile(r"(?!\[)[^:]*:(?!\d*$)")  # a colon in a host that stands before no port
_PATH_PARAMETER = re.compile(r";(?P<name>[^;/=]+)=(?P<value>[^;/]*)")
_SEPARATOR = re.compile("(&amp;|[&;])")
_IN_TEXT = re.compile(r"(?:[a-z][a-z0-9+.-]{0,30}:)?//[^\s<>\"']+|/[^\s<>\"'?]{0,2000}\?[^\s<>\"']+", re.IGNORECASE)
_LONGEST_KEPT = 1_000  # characters of an address whose public form is kept: a source is made many times
_MOST_NESTED = 3  # addresses in parameters of addresses


def without_secrets(address: str) -> str:
    """An address as it may be shown: without user name and password, and without the parameters that are secrets.

    The rest is as it was, character by character, and an address without secrets is the same.
    """
    if not _SPECIAL.search(address) or address[:5].lower() == "data:":
        return address
    return _known_public(address) if len(address) <= _LONGEST_KEPT else _public(address, [], _MOST_NESTED)


@lru_cache(maxsize=4096)
def _known_public(address: str) -> str:
    return _public(address, [], _MOST_NESTED)


def secrets_of(address: str) -> list[str]:
    """What `without_secrets` leaves out, as the address has it: `anna:sesame`, `token=7f`."""
    secrets: list[str] = []
    _public(address, secrets, _MOST_NESTED)
    return secrets


def text_without_secrets(text: str) -> str:
    """A text in which the addresses are without secrets."""
    return _IN_TEXT.sub(lambda match: without_secrets(match[0]), text)


def _public(address: str, secrets: list[str], nested: int) -> str:
    """An address without secrets, which are added to `secrets`."""
    place, fragment_mark, fragment = _without_user(address, secrets).partition("#")
    path, query_mark, query = place.partition("?")
    path = _PATH_PARAMETER.sub(lambda match: _public_path_parameter(match, secrets), path)
    route, route_mark, parameters = fragment.rpartition("?")  # a page that is one program has its own addresses in the fragment
    fragment = route + _marked(route_mark, parameters, secrets, nested)
    end = fragment_mark + fragment if fragment or address.endswith("#") else ""
    return path + _marked(query_mark, query, secrets, nested) + end


def _without_user(address: str, secrets: list[str]) -> str:
    match = _AUTHORITY.match(address)
    if match is None or "@" not in match["rest"]:
        return address
    rest = match["rest"]
    authority = re.split(r"[/\\?#]", rest, maxsplit=1)[0]
    if "@" not in authority and not _NO_PORT.match(authority):
        return address
    # A password may have the characters that end a host; the address is then malformed, and no less secret.
    end = (authority if "@" in authority else rest).rindex("@")
    secrets.append(rest[:end])
    return match["start"] + rest[end + 1 :]


def _public_path_parameter(match: re.Match[str], secrets: list[str]) -> str:
    if not secrets_among([(match["name"], match["value"])])[0]:
        return match[0]
    secrets.append(match[0][1:])
    return ""


def _marked(mark: str, query: str, secrets: list[str], nested: int) -> str:
    """A query without secrets behind its mark; nothing where nothing is left of it."""
    public = _public_parameters(query, secrets, nested)
    return mark + public if public or not query else ""


def _public_parameters(query: str, secrets: list[str], nested: int) -> str:
    """A query without secret parameters; an address in a parameter is without secrets too."""
    pieces = _SEPARATOR.split(query)  # parameters and, between them, separators
    pairs = [piece.partition("=") for piece in pieces[::2]]
    are_secret = secrets_among([(unquote_plus(name), unquote_plus(value)) for name, _, value in pairs])
    public = ""
    for number, (piece, is_secret) in enumerate(zip(pieces[::2], are_secret, strict=True)):
        if is_secret:
            secrets.append(piece)
        else:
            public += (pieces[2 * number - 1] if public else "") + _public_parameter(piece, secrets, nested)
    return public


def _public_parameter(piece: str, secrets: list[str], nested: int) -> str:
    name, equals, value = piece.partition("=")
    inner = unquote(value)
    if "//" not in inner:
        return piece
    public = _public(inner, secrets, nested - 1) if nested else ""
    if public == inner:
        return piece
    return name + equals + (quote(public, safe="") if inner != value else public)

"""The table of parameters, in addresses and in headers, whose values only their owner may know: tokens, keys, passwords.

The names are shell patterns. Case does not count, nor do the characters `-`, `_`, `.`, `[` and `]`: `X-Amz-Date` is `xamzdate`.
docs/formats.md lists them for users.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import translate

ALWAYS = (
    "*token", "*secret", "*password", "passwd", "pwd", "passphrase", "passcode", "otp", "auth", "authorization", "bearer", "jwt",
    "credentials", "*credential", "sig", "hmac", "*signature", "*apikey", "*accesskey", "*authkey", "*privatekey", "appkey",
    "clientkey", "feedkey", "licensekey", "rsskey", "userkey", "*sessionid", "oauth*", "xamz*", "xgoog*", "awsaccesskeyid",
    "googleaccessid", "keypairid",
)  # fmt: skip
UNLESS_PLAIN = ("key", "pass")
IF_RANDOM = ("code", "hash", "session", "sid", "ticket")
BESIDE_OTHERS = ("account", "email", "expires", "login", "policy", "uid", "user", "userid", "username")

_LONGEST_PLAIN = 100  # characters
# Words in lower case, with a small number behind them or none, or a number of at most 8 digits: `harbor-news`, `page2`, `17`.
_PLAIN = re.compile(r"(?:[A-Za-z][a-z]{0,14}[-_. +])*[A-Za-z][a-z]{0,14}(?:\d{1,2}|[-_. +]\d{1,4})?|\d{1,8}")
_SECRET_WORD = re.compile(r"secret|token|pass|key|private", re.IGNORECASE)
# 16 letters and digits in a row, both of them, or a UUID.
_RANDOM = re.compile(r"(?=[a-z]{0,15}\d)(?=\d{0,15}[a-z])[a-z\d]{16}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}", re.IGNORECASE)
_IGNORED = re.compile(r"[-_.\[\]]")


def _names(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(translate, patterns)))


_ALWAYS, _UNLESS_PLAIN, _IF_RANDOM, _BESIDE_OTHERS = map(_names, (ALWAYS, UNLESS_PLAIN, IF_RANDOM, BESIDE_OTHERS))


def is_secret_name(name: str) -> bool:
    """Whether what stands under a name is a secret, whatever it is."""
    return bool(_ALWAYS.match(_plain_name(name)))


def secrets_among(parameters: Sequence[tuple[str, str]]) -> list[bool]:
    """For each pair of a name and a value whether the value is a secret. `user` and the like are, if another one is."""
    found = [bool(value) and _is_secret(_plain_name(name), value) for name, value in parameters]
    if not any(found):
        return found
    return [
        is_secret or bool(_BESIDE_OTHERS.match(_plain_name(name))) for is_secret, (name, _) in zip(found, parameters, strict=True)
    ]


def _is_secret(name: str, value: str) -> bool:
    if _UNLESS_PLAIN.match(name):
        return len(value) > _LONGEST_PLAIN or not _PLAIN.fullmatch(value) or bool(_SECRET_WORD.search(value))
    return bool(_ALWAYS.match(name) or (_IF_RANDOM.match(name) and _RANDOM.search(value)))


def _plain_name(name: str) -> str:
    return _IGNORED.sub("", name.lower())

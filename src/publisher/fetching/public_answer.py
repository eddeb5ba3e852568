"""An answer as it may be written down: without cookies, and without the tokens and passwords of the address that was asked."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from urllib.parse import unquote

from publisher.fetching.net import Answer
from publisher.model.public_addresses import secrets_of, text_without_secrets, without_secrets
from publisher.model.secret_parameters import is_secret_name

_SECRET_HEADERS = frozenset({"set-cookie", "set-cookie2", "cookie", "authentication-info", "proxy-authentication-info"})
_ADDRESS_HEADERS = frozenset({"location", "content-location"})
_BINARY = (b"%PDF-", b"PK\x03\x04")
_HEAD = 4096  # bytes
_LONG = 12  # characters; a longer secret is removed wherever it stands
# Before the first parameter of an address and between two, also escaped for HTML, for JSON and for another address.
_MARK = "(?:[?#]|%3[Ff])"
_SEPARATOR = r"(?:&amp;|&#38;|&(?![a-zA-Z]+;|#)|;|\\u0026|%26)"


def public_answer(answer: Answer) -> Answer:
    """The answer with public addresses, headers and text."""
    return replace(
        answer,
        url=without_secrets(answer.url),
        wanted=without_secrets(answer.wanted),
        headers={name: _public_header(name, value, answer) for name, value in answer.headers.items() if not _is_secret(name)},
        data=public_data(answer.data, answer),
    )


def public_data(data: bytes, answer: Answer) -> bytes:
    """Bytes of an answer in which its server repeats the address, such as a feed that names itself, or what it was sent.

    Other bytes are the same.
    """
    secrets = dict.fromkeys([*secrets_of(answer.wanted), *secrets_of(answer.url)])
    if not (secrets or answer.sent) or data.startswith(_BINARY) or b"\0" in data[:_HEAD]:
        return data
    parameters = [secret.partition("=") for secret in secrets if "=" in secret]
    users = [secret for secret in secrets if "=" not in secret]
    if parameters:
        pairs = "|".join(f"{_forms(name)}(?:=|%3[Dd]){_forms(value)}" for name, _, value in parameters)
        pairs = f"(?:{pairs})"
        pattern = rf"({_MARK}|{_SEPARATOR}|(?<![\w-])){pairs}(?:{_SEPARATOR}{pairs})*(?:({_SEPARATOR})|(?![\w%-]))"
        data = re.sub(pattern.encode(), _without_parameters, data)
    whole = [rf"(?<=/){_forms(user)}@" for user in users]
    values = [*(value for _, _, value in parameters), *(user.partition(":")[2] for user in users), *_words_sent(answer)]
    whole += [_forms(value) for value in values if len(value) >= _LONG]
    return re.sub("|".join(whole).encode(), b"", data) if whole else data


def _words_sent(answer: Answer) -> Iterator[str]:
    """The passwords and tokens in the headers that were sent: their words, and what Basic authentication encodes."""
    for word in (word for value in answer.sent for word in value.split()):
        yield word
        with suppress(ValueError):
            yield from base64.b64decode(word, validate=True).decode().partition(":")[::2]


def _without_parameters(match: re.Match[bytes]) -> bytes:
    """What stays of an address: `?` if other parameters follow, or what parts them from those before."""
    before, after = match[1], match[2] or b""
    if re.fullmatch(_MARK.encode(), before):
        return before if after else b""
    return after


def _is_secret(header: str) -> bool:
    return header in _SECRET_HEADERS or is_secret_name(header)


def _public_header(name: str, value: str, answer: Answer) -> str:
    public = without_secrets(value) if name in _ADDRESS_HEADERS else text_without_secrets(value)
    return public_data(public.encode(), answer).decode()


def _forms(text: str) -> str:
    forms = dict.fromkeys((text, unquote(text)))
    return f"(?:{'|'.join(map(re.escape, forms))})"

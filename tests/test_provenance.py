"""Statements of how a release was made, and their signed envelopes."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from publisher.model.codes import Code
from publisher.model.diagnostics import Exit, PublisherError
from publisher.release.envelope import IN_TOTO, _pae, key_id, opened, sign
from publisher.release.provenance import DigestedFile, Provenance, statement

OUTPUTS = (DigestedFile("brief.pdf", "a1" * 32), DigestedFile("brief.epub", "b2" * 32))
INPUTS = (DigestedFile("lock.md", "c3" * 32), DigestedFile("images/gauge.png", "d4" * 32))
PROVENANCE = Provenance(
    OUTPUTS,
    {"manifest": "publisher.toml", "profile": "", "options": ["--strict"], "date": "2026-03-17"},
    INPUTS,
    {"theme": "brief"},
    {"publisher": "0.1.0", "Pango": "1.50.12"},
)


# Statements


def test_a_statement_has_the_fields_of_in_toto_and_of_slsa() -> None:
    assert json.loads(statement(PROVENANCE)) == {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [
            {"name": "brief.epub", "digest": {"sha256": "b2" * 32}},
            {"name": "brief.pdf", "digest": {"sha256": "a1" * 32}},
        ],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": "tag:publisher.invalid,2026:build:1",
                "externalParameters": {
                    "manifest": "publisher.toml",
                    "profile": "",
                    "options": ["--strict"],
                    "date": "2026-03-17",
                },
                "internalParameters": {"theme": "brief"},
                "resolvedDependencies": [
                    {"name": "images/gauge.png", "digest": {"sha256": "d4" * 32}},
                    {"name": "lock.md", "digest": {"sha256": "c3" * 32}},
                ],
            },
            "runDetails": {
                "builder": {"id": "tag:publisher.invalid,2026:builder:1", "version": {"publisher": "0.1.0", "Pango": "1.50.12"}}
            },
        },
    }


def test_the_same_release_has_the_same_statement() -> None:
    other = Provenance(
        OUTPUTS[::-1],
        dict(reversed(PROVENANCE.external.items())),
        INPUTS[::-1],
        PROVENANCE.internal,
        dict(reversed(PROVENANCE.versions.items())),
    )
    assert statement(other) == statement(PROVENANCE)


def test_a_statement_about_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="one output"):
        statement(Provenance((), {}))


# Envelopes


def private_pem(key: Any, password: bytes = b"") -> bytes:
    form = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, form))


def public_pem(key: Any) -> bytes:
    form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return bytes(key.public_key().public_bytes(*form))


ED25519 = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEYS: dict[str, Callable[[], Any]] = {
    "ed25519": lambda: ED25519,
    "p-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "p-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "p-521": lambda: ec.generate_private_key(ec.SECP521R1()),
}


def test_what_is_signed_is_the_type_with_the_content() -> None:
    """The example of the specification (protocol.md, Test Vectors), and lengths of bytes, not of letters."""
    assert _pae("http://example.com/HelloWorld", b"hello world") == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    assert _pae("", "ü".encode()) == b"DSSEv1 0  2 \xc3\xbc"


@pytest.mark.parametrize("name", KEYS)
def test_an_envelope_opens_with_the_key_of_its_signer(name: str) -> None:
    key, payload = KEYS[name](), statement(PROVENANCE)
    envelope = sign(payload, private_pem(key))
    assert opened(envelope, public_pem(key)) == payload
    parts = json.loads(envelope)
    assert parts["payloadType"] == "application/vnd.in-toto+json" and base64.b64decode(parts["payload"]) == payload
    (signature,) = parts["signatures"]
    assert signature["keyid"] == key_id(public_pem(key)) and len(signature["keyid"]) == 64


def test_an_ed25519_envelope_is_the_same_each_time() -> None:
    assert sign(b"lock", private_pem(ED25519)) == sign(b"lock", private_pem(ED25519))


def changed(envelope: bytes, **parts: Any) -> bytes:
    return json.dumps({**json.loads(envelope), **parts}).encode()


SEALED = sign(b"seven barges", private_pem(ED25519))
FAULTY = {
    "another content": changed(SEALED, payload=base64.b64encode(b"nine barges").decode()),
    "another type": changed(SEALED, payloadType="text/plain"),
    "no signature": changed(SEALED, signatures=[]),
    "another signature": changed(SEALED, signatures=[{"sig": base64.b64encode(bytes(64)).decode()}]),
    "a short signature": changed(SEALED, signatures=[{"sig": "AAAA"}]),
    "no base64": changed(SEALED, payload="***"),
    "no JSON": b"{",
    "a list": b"[]",
    "no parts": b"{}",
    "a number of signatures": changed(SEALED, signatures=7),
}


@pytest.mark.parametrize("name", FAULTY)
def test_an_envelope_that_was_changed_does_not_open(name: str) -> None:
    with pytest.raises(PublisherError) as raised:
        opened(FAULTY[name], public_pem(ED25519))
    assert raised.value.exit_code is Exit.DIFFERENT and raised.value.diagnostics[0].code is Code.SIGNATURE


@pytest.mark.parametrize("position", range(len(b"seven barges")))
def test_each_byte_of_the_content_is_signed(position: int) -> None:
    payload = bytearray(b"seven barges")
    payload[position] ^= 1
    with pytest.raises(PublisherError):
        opened(changed(SEALED, payload=base64.b64encode(payload).decode()), public_pem(ED25519))


def test_an_envelope_of_another_signer_does_not_open() -> None:
    with pytest.raises(PublisherError) as raised:
        opened(SEALED, public_pem(KEYS["p-256"]()))
    assert raised.value.exit_code is Exit.DIFFERENT


def test_a_signed_content_of_another_type_does_not_open() -> None:
    with pytest.raises(PublisherError, match="type text/plain, not application/vnd"):
        opened(sign(b"x", private_pem(ED25519), "text/plain"), public_pem(ED25519), IN_TOTO)


def test_one_signature_of_several_is_enough() -> None:
    other = json.loads(sign(b"seven barges", private_pem(KEYS["p-256"]())))["signatures"]
    both = changed(SEALED, signatures=[*other, *json.loads(SEALED)["signatures"]])
    assert opened(both, public_pem(ED25519)) == b"seven barges"


@pytest.mark.parametrize(
    ("pem", "message"),
    [
        (b"", "cannot be read"),
        (public_pem(ED25519), "cannot be read"),
        (private_pem(ED25519, b"secret"), "has a passphrase"),
        (private_pem(rsa.generate_private_key(65_537, 2_048)), "neither of Ed25519 nor of ECDSA"),
    ],
)
def test_a_key_that_cannot_sign_is_an_error_with_a_hint(pem: bytes, message: str) -> None:
    with pytest.raises(PublisherError, match=message) as raised:
        sign(b"x", pem)
    (found,) = raised.value.diagnostics
    assert found.code is Code.SIGNING_KEY and "PEM" in found.hint and raised.value.exit_code is Exit.INPUT


@pytest.mark.parametrize("pem", [b"", b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", private_pem(ED25519)])
def test_a_public_key_that_cannot_be_read_is_an_error_with_a_hint(pem: bytes) -> None:
    with pytest.raises(PublisherError, match="the public key cannot be read") as raised:
        opened(SEALED, pem)
    assert raised.value.diagnostics[0].code is Code.SIGNING_KEY


@pytest.mark.parametrize("operation", ["sign", "open"])
def test_without_the_library_it_is_exit_4(operation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    private, public = private_pem(ED25519), public_pem(ED25519)
    for name in ("cryptography", "cryptography.exceptions", "cryptography.hazmat.primitives"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(PublisherError, match="needs the library cryptography") as raised:
        sign(b"x", private) if operation == "sign" else opened(SEALED, public)
    assert raised.value.exit_code is Exit.MISSING_COMPONENT and "publisher-toolchain[sign]" in raised.value.diagnostics[0].hint

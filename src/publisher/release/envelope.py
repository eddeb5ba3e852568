"""Signed statements: the envelope of DSSE 1.0.2 (Dead Simple Signing Envelope), with a key of Ed25519 or ECDSA.

What is signed is the type of the content with the content (the pre-authentication encoding, PAE): neither can be exchanged.
"""

from __future__ import annotations

import base64
import hashlib
import json
from types import ModuleType
from typing import Any

from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Exit, PublisherError

IN_TOTO = "application/vnd.in-toto+json"
_HINT_KEY = "give a private key of Ed25519 or ECDSA (P-256, P-384, P-521) in PEM, without a passphrase"
_HINT_PUBLIC = "give the public key of the signer, of Ed25519 or ECDSA, in PEM"


def sign(payload: bytes, key: bytes, payload_type: str = IN_TOTO) -> bytes:
    """The envelope of `payload` as JSON, signed with a private key in PEM.

    An ECDSA signature has a random part, so two envelopes differ; those of Ed25519 are the same. Raises PublisherError for a key
    that cannot be used, with exit code 4 if the library `cryptography` is not installed.
    """
    private = _private_key(key)
    signed = _pae(payload_type, payload)
    kind = _kind(private)
    signature = private.sign(signed) if kind == "ed25519" else private.sign(signed, _ecdsa(private.curve.key_size))
    envelope = {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": payload_type,
        "signatures": [{"keyid": key_id(_public_pem(private)), "sig": base64.b64encode(signature).decode()}],
    }
    return (json.dumps(envelope, indent=1, sort_keys=True) + "\n").encode()


def opened(envelope: bytes, public: bytes, payload_type: str = IN_TOTO) -> bytes:
    """The payload of an envelope that the owner of a public key (PEM) has signed.

    Raises PublisherError (exit code 5) where no signature is of this key, or the content or its type was changed.
    """
    key = _public_key(public)
    try:
        parts = json.loads(envelope)
        payload = _decoded(parts["payload"])
        signed = _pae(str(parts["payloadType"]), payload)
        signatures = [_decoded(signature["sig"]) for signature in parts["signatures"]]
    except (ValueError, KeyError, TypeError) as problem:
        raise _invalid(f"the envelope cannot be read: {problem}") from None
    if not any(_is_valid(key, signature, signed) for signature in signatures):
        raise _invalid("no signature of the envelope is of this key, or its content was changed")
    if parts["payloadType"] != payload_type:
        raise _invalid(f"the content is of the type {parts['payloadType']}, not {payload_type}")
    return payload


def payload_of(envelope: bytes) -> bytes:
    """The payload of an envelope, whoever has signed it; empty if it cannot be read."""
    try:
        return _decoded(json.loads(envelope)["payload"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return b""


def key_id(public: bytes) -> str:
    """What an envelope calls a key: the SHA-256 of the public key as DER (SubjectPublicKeyInfo, RFC 5280), in hex."""
    serialization = _library("serialization")
    key = serialization.load_pem_public_key(public)
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def _pae(payload_type: str, payload: bytes) -> bytes:
    """The pre-authentication encoding (DSSE, protocol.md): lengths are of bytes, in decimal digits."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def _decoded(text: Any) -> bytes:
    """Base64 of either alphabet, which envelopes may have."""
    return base64.b64decode(str(text).replace("-", "+").replace("_", "/"), validate=True)


def _library(name: str) -> ModuleType:
    """A module of `cryptography.hazmat.primitives`. Raises PublisherError (exit code 4) if it is not installed."""
    try:
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec, ed25519
    except ImportError:
        hint = "pip install 'publisher-toolchain[sign]'"
        raise PublisherError(Diagnostic(Code.COMPONENT_MISSING, "signing needs the library cryptography", hint=hint)) from None
    return {"hashes": hashes, "serialization": serialization, "ec": ec, "ed25519": ed25519}[name]


def _private_key(pem: bytes) -> Any:
    serialization = _library("serialization")
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except TypeError:  # what the library raises for a key with a passphrase
        raise _unusable("the private key has a passphrase", _HINT_KEY) from None
    except (ValueError, UnsupportedAlgorithm):
        raise _unusable("the private key cannot be read", _HINT_KEY) from None
    _kind(key)
    return key


def _public_key(pem: bytes) -> Any:
    serialization = _library("serialization")
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        key = serialization.load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        raise _unusable("the public key cannot be read", _HINT_PUBLIC) from None
    _kind(key)
    return key


def _public_pem(private: Any) -> bytes:
    serialization = _library("serialization")
    form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return bytes(private.public_key().public_bytes(*form))


def _kind(key: Any) -> str:
    """`ed25519` or `ecdsa`. Raises PublisherError for other keys."""
    ed25519, ec = _library("ed25519"), _library("ec")
    if isinstance(key, ed25519.Ed25519PrivateKey | ed25519.Ed25519PublicKey):
        return "ed25519"
    if isinstance(key, ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey):
        return "ecdsa"
    raise _unusable("the key is neither of Ed25519 nor of ECDSA", _HINT_KEY)


def _ecdsa(bits: int) -> Any:
    """ECDSA with the hash as long as the curve (FIPS 186-5, 6.4; RFC 7518, 3.4)."""
    hashes = _library("hashes")
    digest = hashes.SHA256() if bits <= 256 else hashes.SHA384() if bits <= 384 else hashes.SHA512()
    return _library("ec").ECDSA(digest)


def _is_valid(key: Any, signature: bytes, signed: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature

    try:
        key.verify(signature, signed) if _kind(key) == "ed25519" else key.verify(signature, signed, _ecdsa(key.curve.key_size))
    except InvalidSignature:
        return False
    return True


def _unusable(message: str, hint: str) -> PublisherError:
    return PublisherError(Diagnostic(Code.SIGNING_KEY, message, hint=hint))


def _invalid(message: str) -> PublisherError:
    hint = "do not trust the release; ask its publisher for the key, and get the files again"
    return PublisherError(Diagnostic(Code.SIGNATURE, message, hint=hint), exit_code=Exit.DIFFERENT)

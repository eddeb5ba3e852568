"""The signature of a release: `SHA256SUMS.sig`, by which the list of hashes, and with it every file, is somebody's."""

from __future__ import annotations

import base64
import binascii
import os
import re
from dataclasses import replace
from pathlib import Path

from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Exit, Location, PublisherError
from publisher.release.accompanying import SIGNATURE, SUMS
from publisher.release.signature import verified_signer
from publisher.store.regular_files import read_regular

_ARMOR = re.compile(rb"-----BEGIN SSH SIGNATURE-----\n((?:[A-Za-z0-9+/=]+\n)+)-----END SSH SIGNATURE-----\n")
_LARGEST = 16_000_000  # bytes


def signature_findings(folder: Path, signers: Path | None, done: list[str]) -> list[Diagnostic]:
    """What is wrong with the signature of a release; who has signed is added to `done`.

    An unsigned release is wrong where a file of allowed `signers` is given. Raises PublisherError where that file is missing,
    or a program is (exit code 4).
    """
    place = Location(str(folder / SIGNATURE))
    if not os.path.lexists(folder / SIGNATURE):
        if signers is None:
            return []
        return [Diagnostic(Code.SIGNATURE, "the release is not signed", place, "ask its publisher for a signed release")]
    try:
        signature, sums = (read_regular(folder / name, _LARGEST, links=False) for name in (SIGNATURE, SUMS))
        if not _is_armored(signature):
            return [Diagnostic(Code.SIGNATURE, "the signature is not as ssh-keygen writes it", place, "get the release again")]
        signer = verified_signer(sums, signature, signers)
    except OSError as problem:
        return [Diagnostic(Code.SIGNATURE, f"the signature cannot be checked: {problem.strerror}", place)]
    except PublisherError as problem:
        if problem.exit_code is not Exit.DIFFERENT:
            raise
        return [replace(found, location=place) for found in problem.diagnostics]
    done.append(f"signed by {signer.identity} ({signer.key})" if signer.identity else f"signed with the key {signer.key}")
    if signer.identity:
        return []
    message = f"the signature is valid for these files, and who has the key is not known: {signer.key}"
    return [Diagnostic(Code.NOT_VERIFIED, message, place, "name a file of allowed signers with --signers FILE")]


def _is_armored(signature: bytes) -> bool:
    """Whether a signature is armored as OpenSSH does it (PROTOCOL.sshsig). Its own reader takes other spaces and bits, too."""
    match = _ARMOR.fullmatch(signature)
    if not match:
        return False
    body = match[1].replace(b"\n", b"")
    try:
        return base64.b64encode(base64.b64decode(body, validate=True)) == body
    except binascii.Error:
        return False

"""Signatures of `SHA256SUMS` by `ssh-keygen -Y`: with a key that people have, and without a service.

The namespace keeps a signature of a release from being taken for any other, such as of a Git commit (OpenSSH, PROTOCOL.sshsig).
Nothing here waits for somebody to type: a key with a passphrase must be in an agent.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from publisher.model import disk
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Exit, Location, PublisherError

NAMESPACE = "publisher-release"
_PROGRAM = "ssh-keygen"
_SECONDS = 120  # for an agent that asks somebody before it signs
_GOOD = re.compile(r'^Good "[^"]*" signature (?:for (?P<identity>\S+) )?with (?P<key>.+ SHA256:\S+)\s*$', re.MULTILINE)
_UNTRUSTED = "do not trust the release; ask its publisher for the key, and get the files again"


@dataclass(frozen=True)
class Signer:
    """Who has signed: the identity that the file of allowed signers gives the key (empty: no such file), and the key."""

    identity: str
    key: str


def ssh_signature(data: bytes, key: Path) -> bytes:
    """The signature of `data`, armored. `key` is a private key, or a public key whose private key an agent has.

    Raises PublisherError where the key cannot be used, with exit code 4 if ssh-keygen is not installed.
    """
    _require(key, "the signing key", "correct the path; ssh-keygen -t ed25519 makes a key")
    done = _run(["sign", "-f", str(key)], data)
    if done.returncode or not done.stdout.startswith(b"-----BEGIN SSH SIGNATURE-----"):
        raise _unusable(key, _words(done))
    return done.stdout


def verified_signer(data: bytes, signature: bytes, allowed: Path | None = None, identity: str = "") -> Signer:
    """Who has signed `data`.

    `allowed` is a file of allowed signers (ssh-keygen(1)); the signer must be in it and, if `identity` is given, be that signer.
    Without the file the signature alone is checked: it shows that nothing has changed since, not who signed.
    Raises PublisherError (exit code 5) if the signature is not valid, is of somebody else, or is of other data.
    """
    if allowed is not None:
        _require(allowed, "the file of allowed signers", "correct the path; ssh-keygen(1) describes it under ALLOWED SIGNERS")
    with _file_of(signature) as path:
        if allowed is None:
            done = _run(["check-novalidate", "-s", path], data)
        else:
            identity = identity or _principal(path, allowed)
            done = _run(["verify", "-f", str(allowed), "-I", identity, "-s", path], data)
    good = _GOOD.search(done.stdout.decode("utf-8", "replace"))
    if done.returncode or not good:
        whose = f" of {identity}" if identity else ""
        raise _invalid(f"the signature{whose} is not valid: {_words(done)}")
    return Signer(good["identity"] or "", good["key"])


def _principal(signature: str, allowed: Path) -> str:
    """The first identity that the key of a signature has among the allowed signers."""
    done = _run(["find-principals", "-s", signature, "-f", str(allowed)], b"")
    names = done.stdout.decode("utf-8", "replace").splitlines()
    if done.returncode or not names:
        raise _invalid(f"none of the signers in {allowed} has signed: {_words(done)}")
    return names[0].partition(",")[0]  # a line of the file may have several


def _run(arguments: Sequence[str], data: bytes) -> subprocess.CompletedProcess[bytes]:
    """ssh-keygen in a session without a terminal. Raises PublisherError if it is not installed, or waits for ever."""
    operation, *options = arguments
    namespace = [] if operation == "find-principals" else ["-n", NAMESPACE]
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "SSH_ASKPASS")}
    environment |= {"LC_ALL": "C", "SSH_ASKPASS_REQUIRE": "never"}
    try:
        return subprocess.run(
            [_PROGRAM, "-Y", operation, *namespace, *options],
            input=data, capture_output=True, env=environment, start_new_session=True, timeout=_SECONDS,
        )  # fmt: skip
    except FileNotFoundError:
        hint = "install OpenSSH: apt-get install openssh-client, or brew install openssh"
        raise PublisherError(Diagnostic(Code.COMPONENT_MISSING, f"{_PROGRAM} is not installed", hint=hint)) from None
    except OSError as problem:
        raise PublisherError(Diagnostic(Code.COMPONENT_MISSING, f"{_PROGRAM} cannot be run: {problem.strerror}")) from None
    except subprocess.TimeoutExpired:
        message = f"{_PROGRAM} did not answer in {_SECONDS} seconds"
        hint = "if the agent asks somebody before it signs, answer in time, or use another key"
        raise PublisherError(Diagnostic(Code.SIGNING_KEY, message, hint=hint)) from None


@contextmanager
def _file_of(signature: bytes) -> Iterator[str]:
    with disk.temporary_files(), tempfile.NamedTemporaryFile(suffix=".sig") as file:
        file.write(signature)
        file.flush()
        yield file.name


def _words(done: subprocess.CompletedProcess[bytes]) -> str:
    """What the program says, on one line, without its frames and what it is doing."""
    lines = [line.strip() for line in (done.stderr + done.stdout).decode("utf-8", "replace").splitlines()]
    kept = (line for line in lines if line and not line.startswith(("@", "Signing data", "Could not verify")))
    return "; ".join(line.removeprefix("Enter passphrase: ").removesuffix(".") for line in kept)


def _require(path: Path, what: str, hint: str) -> None:
    if not path.is_file():
        raise PublisherError(Diagnostic(Code.FILE_MISSING, f"{what} is not there: {path}", hint=hint))


def _unusable(key: Path, words: str) -> PublisherError:
    if "passphrase" in words:
        message, hint = f"the key {key} has a passphrase, and no agent has it", f"give it to ssh-agent: ssh-add {key}"
    elif "too open" in words:
        message, hint = f"others can read the key {key}, so ssh-keygen refuses it", f"chmod 600 {key}"
    else:
        message, hint = f"the key {key} cannot be used: {words}", "name a private key of ssh-keygen"
    return PublisherError(Diagnostic(Code.SIGNING_KEY, message, Location(str(key)), hint))


def _invalid(message: str) -> PublisherError:
    return PublisherError(Diagnostic(Code.SIGNATURE, message, hint=_UNTRUSTED), exit_code=Exit.DIFFERENT)

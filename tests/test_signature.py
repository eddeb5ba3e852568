"""Signatures of a release by ssh-keygen, with keys that the tests make."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher.model.codes import Code
from publisher.model.diagnostics import Exit, PublisherError
from publisher.release.signature import Signer, ssh_signature, verified_signer

SUMS = b"a1b2  brief.pdf\nc3d4  brief.epub\n"


def make_key(path: Path, passphrase: str = "", kind: str = "ed25519") -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-C", "", "-f", path], check=True)
    return path


def allow(path: Path, **keys: Path) -> Path:
    """A file of allowed signers with the public key of each name."""
    lines = [
        f'{name}@example.org namespaces="publisher-release" {key.with_suffix(".pub").read_text()}' for name, key in keys.items()
    ]
    path.write_text("".join(lines))
    return path


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an agent, and with a program that would ask for passphrases."""
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    monkeypatch.setenv("DISPLAY", ":99")
    monkeypatch.setenv("SSH_ASKPASS", "/bin/false")


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return make_key(tmp_path / "key")


def faults(raised: pytest.ExceptionInfo[PublisherError], code: Code, exit_code: Exit) -> str:
    """The message of the only error; its code and the exit code are those expected, and it has a hint."""
    (found,) = raised.value.diagnostics
    assert (found.code, raised.value.exit_code) == (code, exit_code) and found.hint
    return found.message


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_a_signature_names_its_signer(kind: str, tmp_path: Path) -> None:
    key = make_key(tmp_path / "desk", kind=kind)
    signature = ssh_signature(SUMS, key)
    signer = verified_signer(SUMS, signature, allow(tmp_path / "allowed", desk=key))
    fingerprint = subprocess.run(["ssh-keygen", "-l", "-f", key], capture_output=True, text=True, check=True).stdout.split()[1]
    assert signer == Signer("desk@example.org", f"{kind.upper()} key {fingerprint}")
    assert verified_signer(SUMS, signature) == Signer("", signer.key)


def test_a_key_of_several_signers_is_known_by_the_first(key: Path, tmp_path: Path) -> None:
    allowed = tmp_path / "allowed"
    allowed.write_text(f"desk@example.org,night@example.org {key.with_suffix('.pub').read_text()}")
    signature = ssh_signature(SUMS, key)
    assert verified_signer(SUMS, signature, allowed).identity == "desk@example.org"
    assert verified_signer(SUMS, signature, allowed, "night@example.org").identity == "night@example.org"


def test_a_signature_is_what_the_command_checks(key: Path, tmp_path: Path) -> None:
    (tmp_path / "SHA256SUMS.sig").write_bytes(ssh_signature(SUMS, key))
    command = ["ssh-keygen", "-Y", "check-novalidate", "-n", "publisher-release", "-s", "SHA256SUMS.sig"]
    assert subprocess.run(command, input=SUMS, cwd=tmp_path, check=False).returncode == 0


def test_a_file_that_was_changed_is_noticed(key: Path, tmp_path: Path) -> None:
    signature, allowed = ssh_signature(SUMS, key), allow(tmp_path / "allowed", desk=key)
    for position in range(0, len(SUMS), 5):
        changed = SUMS[:position] + bytes([SUMS[position] ^ 1]) + SUMS[position + 1 :]
        for trusted in (None, allowed):
            with pytest.raises(PublisherError, match="is not valid") as raised:
                verified_signer(changed, signature, trusted)
            assert "incorrect signature" in faults(raised, Code.SIGNATURE, Exit.DIFFERENT)


@pytest.mark.parametrize(
    "signature", [b"", b"no signature", b"-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n"]
)
def test_what_is_no_signature_is_not_valid(signature: bytes, key: Path, tmp_path: Path) -> None:
    for trusted in (None, allow(tmp_path / "allowed", desk=key)):
        with pytest.raises(PublisherError) as raised:
            verified_signer(SUMS, signature, trusted)
        faults(raised, Code.SIGNATURE, Exit.DIFFERENT)


def test_a_signer_who_is_not_among_those_allowed_is_refused(key: Path, tmp_path: Path) -> None:
    allowed = allow(tmp_path / "allowed", other=make_key(tmp_path / "other"))
    with pytest.raises(PublisherError, match="none of the signers") as raised:
        verified_signer(SUMS, ssh_signature(SUMS, key), allowed)
    faults(raised, Code.SIGNATURE, Exit.DIFFERENT)


def test_a_signer_who_is_allowed_but_not_the_one_expected_is_refused(key: Path, tmp_path: Path) -> None:
    allowed = allow(tmp_path / "allowed", desk=key, other=make_key(tmp_path / "other"))
    signature = ssh_signature(SUMS, key)
    assert verified_signer(SUMS, signature, allowed, "desk@example.org").identity == "desk@example.org"
    with pytest.raises(PublisherError, match=re.escape("the signature of other@example.org is not valid")) as raised:
        verified_signer(SUMS, signature, allowed, "other@example.org")
    faults(raised, Code.SIGNATURE, Exit.DIFFERENT)


def test_a_signature_for_another_purpose_is_refused(key: Path) -> None:
    command = ["ssh-keygen", "-Y", "sign", "-n", "git", "-f", str(key)]
    signature = subprocess.run(command, input=SUMS, capture_output=True, check=True).stdout
    with pytest.raises(PublisherError) as raised:
        verified_signer(SUMS, signature)
    faults(raised, Code.SIGNATURE, Exit.DIFFERENT)


def test_a_key_with_a_passphrase_is_an_error_and_asks_nobody(tmp_path: Path) -> None:
    key = make_key(tmp_path / "key", "three barges")
    with pytest.raises(PublisherError) as raised:
        ssh_signature(SUMS, key)
    assert faults(raised, Code.SIGNING_KEY, Exit.INPUT) == f"the key {key} has a passphrase, and no agent has it"
    assert raised.value.diagnostics[0].hint == f"give it to ssh-agent: ssh-add {key}"


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An agent of OpenSSH, for this test."""
    shown = subprocess.run(["ssh-agent", "-s", "-a", tmp_path / "a"], capture_output=True, text=True, check=True).stdout
    values = dict(re.findall(r"(SSH_\w+)=([^;]+);", shown))
    monkeypatch.setenv("SSH_AUTH_SOCK", values["SSH_AUTH_SOCK"])
    yield
    os.kill(int(values["SSH_AGENT_PID"]), 15)


def test_a_key_that_an_agent_has_signs_though_it_has_a_passphrase(tmp_path: Path, agent: None) -> None:
    key = make_key(tmp_path / "key", "three barges")
    (tmp_path / "ask").write_text("#!/bin/sh\necho three barges\n")
    (tmp_path / "ask").chmod(0o700)
    environment = {**os.environ, "SSH_ASKPASS": str(tmp_path / "ask"), "SSH_ASKPASS_REQUIRE": "force"}
    subprocess.run(["ssh-add", "-q", key], check=True, env=environment, stdin=subprocess.DEVNULL)
    for named in (key, key.with_suffix(".pub")):
        assert verified_signer(SUMS, ssh_signature(SUMS, named)).key.startswith("ED25519 key")


def test_a_key_that_others_can_read_is_an_error(key: Path) -> None:
    key.chmod(0o644)
    key.with_suffix(".pub").unlink()
    with pytest.raises(PublisherError) as raised:
        ssh_signature(SUMS, key)
    assert "others can read the key" in faults(raised, Code.SIGNING_KEY, Exit.INPUT)


def test_what_is_no_key_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("no key\n")
    (tmp_path / "key").chmod(0o600)
    with pytest.raises(PublisherError) as raised:
        ssh_signature(SUMS, tmp_path / "key")
    assert "cannot be used" in faults(raised, Code.SIGNING_KEY, Exit.INPUT)


def test_a_key_or_a_file_of_signers_that_is_missing_is_an_error(key: Path, tmp_path: Path) -> None:
    with pytest.raises(PublisherError, match="the signing key is not there") as raised:
        ssh_signature(SUMS, tmp_path / "none")
    faults(raised, Code.FILE_MISSING, Exit.INPUT)
    with pytest.raises(PublisherError, match="the file of allowed signers is not there") as raised:
        verified_signer(SUMS, ssh_signature(SUMS, key), tmp_path / "none")
    faults(raised, Code.FILE_MISSING, Exit.INPUT)


def test_without_ssh_keygen_it_is_exit_4(key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signature = ssh_signature(SUMS, key)
    monkeypatch.setenv("PATH", str(tmp_path))
    for use in (lambda: ssh_signature(SUMS, key), lambda: verified_signer(SUMS, signature)):
        with pytest.raises(PublisherError, match="ssh-keygen is not installed") as raised:
            use()
        faults(raised, Code.COMPONENT_MISSING, Exit.MISSING_COMPONENT)


def test_an_agent_that_never_answers_ends_with_an_error(key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def wait(command: list[str], **options: float) -> None:
        raise subprocess.TimeoutExpired(command, options["timeout"])

    monkeypatch.setattr(subprocess, "run", wait)
    with pytest.raises(PublisherError, match="did not answer in 120 seconds") as raised:
        ssh_signature(SUMS, key)
    faults(raised, Code.SIGNING_KEY, Exit.INPUT)

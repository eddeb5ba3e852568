"""What fuzzing found stays mended, and its promises fail where they are broken."""

from __future__ import annotations

import random

import pytest

from publisher.build import ingest
from publisher.model.article import Article
from publisher.model.faults import contain_faults
from publisher.model.markup import parse
from tests.fuzz import mutation, targets
from tests.fuzz.kinds import FINDINGS


@pytest.mark.parametrize("target", targets.TARGETS)
def test_what_was_found_and_every_seed_is_read_or_refused(target: str) -> None:
    found = [path.read_bytes() for path in sorted((FINDINGS / target).glob("*"))]
    inputs = [*found, *targets.seeds(target)]
    assert inputs
    for data in inputs:
        targets.run(target, data)


@pytest.mark.parametrize(
    "html", ["<script>1</script>", '<p onclick="x">a</p>', '<p><a href="javascript:x">a</a></p>', "<p><iframe></iframe></p>"]
)
def test_a_sanitizer_that_lets_something_active_through_is_found(monkeypatch: pytest.MonkeyPatch, html: str) -> None:
    targets.sanitize("", html.encode())
    monkeypatch.setattr(targets, "parse", lambda text: parse("").__class__(f"<article>{text}</article>", "lxml"))
    with pytest.raises(AssertionError):
        targets.sanitize("", html.encode())


def test_an_exception_that_is_no_refusal_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> tuple[Article, ...]:
        raise IndexError

    monkeypatch.setattr(ingest, "_read", fail)
    with pytest.raises(IndexError):
        targets.read_file(".md", b"# Lock\n\nThe lock opens.\n")


def test_a_fault_that_the_net_caught_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        with contain_faults("it was read", None):
            raise IndexError

    monkeypatch.setattr(targets, "load_sidecar", fail)
    with pytest.raises(IndexError):
        targets.read_sidecar("", b"")


def test_a_mutation_with_a_lone_surrogate_gives_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The words for mutations are those of our modules, and some of these name such characters."""
    monkeypatch.setattr(mutation, "names_of", lambda target: ("\ud800", "\udfff"))
    results = [mutation.mutated("sanitizer", b"<p a='b'>lock \xff</p>", 1_000, random.Random(seed)) for seed in range(300)]
    assert any(b"?" in result for result in results) and all(isinstance(result, bytes) for result in results)

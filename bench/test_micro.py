"""Micro-benchmarks of our own front end: each pass, and the binder. `make bench` runs them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from publisher.build.build import assemble, make
from publisher.build.ingest import articles_of
from publisher.build.plan import plan
from publisher.input.manuscript import Manuscript
from publisher.passes.pipeline import PASSES
from publisher.readers import html
from publisher.store.cache import Cache
from publisher.writers import themes
from publisher.writers.pdf import bind
from publisher.writers.pdf.bind import Binder

SAMPLE = Path(__file__).parents[1] / "manuscripts" / "sample-brief"
_BLOCK = '<p>Some words of a <a href="https://example.org/{n}">paragraph</a>, "quoted".</p><ul><li>One</li></ul><h2>H</h2>'
PAGE = (
    "<html><body><article><h1>Title</h1>" + "".join(_BLOCK.format(n=n) for n in range(150)) + "</article></body></html>"
).encode()


def _manuscript() -> Manuscript:
    return Manuscript(Path("page.html"), PAGE, "page.html")


@pytest.mark.parametrize("index", range(len(PASSES)), ids=[one.__module__.rpartition(".")[2] for one in PASSES])
def test_pass(index: int, benchmark: Callable[..., Any]) -> None:
    def before() -> tuple[tuple[Any, Manuscript], dict[str, Any]]:
        manuscript = _manuscript()
        article = html.read(manuscript)[0]
        for apply in PASSES[:index]:
            article = apply(article, manuscript)
        return (article, manuscript), {}

    assert benchmark.pedantic(PASSES[index], setup=before, rounds=15).root.get_text()  # type: ignore[attr-defined]


def test_reading_and_normalizing(benchmark: Callable[..., Any]) -> None:
    assert benchmark(lambda: articles_of(_manuscript()))


def test_binding(benchmark: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    appended: list[Any] = []
    finished: list[Any] = []

    class Recorder(Binder):
        def append(self, *values: Any, **options: Any) -> None:
            appended.append((values, options))
            super().append(*values, **options)

        def finish(self, *values: Any) -> bytes:
            finished.append(values)
            return super().finish(*values)

    monkeypatch.setattr(bind, "Binder", Recorder)
    make(plan([SAMPLE], [tmp_path / "x.pdf"]), cache=Cache(tmp_path / "cache"))

    def bound() -> bytes:
        with Binder(themes.load()) as binder:
            for values, options in appended:
                binder.append(*values, **options)
            return binder.finish(*finished[0])

    with pikepdf.open(io.BytesIO(benchmark(bound))) as document:
        assert len(document.pages) > 10


def test_writing_the_collection(benchmark: Callable[..., Any], tmp_path: Path) -> None:
    edition, _ = assemble(plan([SAMPLE], []))
    from publisher.build.build import moment_of
    from publisher.writers import epub
    from publisher.writers.contract import Settings

    settings = Settings(themes.load("brief"), moment_of(edition), cache=Cache(tmp_path))
    assert benchmark(lambda: epub.write(edition, settings)).data

"""The modules of the tasks of workers: the server that workers fork from imports them once, and knows how long that took."""

from __future__ import annotations

from importlib import import_module

from publisher.model.events import Stopwatch

_watch = Stopwatch()
for _name in (
    "writers.pdf.engine",
    "writers.pdf.sheet_cache",
    "passes.pipeline",
    "text.plain_text",
    "build.ingest",
    "ledger.report",
):
    import_module(f"publisher.{_name}")
SPAN = _watch.span()

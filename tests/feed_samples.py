"""Feeds for the tests, and what an edition makes of them."""

from __future__ import annotations

from pathlib import Path

from publisher.build.build import assemble
from publisher.build.plan import plan
from publisher.model.edition import Entry

WORDS = "The gate at the upper lock opened at seven, and the first barges of the spring went through without a stop."


def entry(number: int = 1, words: str = WORDS, **values: str) -> str:
    """An entry of a feed with the guid `urn:gate:NUMBER` and the address `https://harbor.example/NUMBER`."""
    known = {"guid": f"urn:gate:{number}", "title": f"Gate {number}", "link": f"https://harbor.example/{number}"} | values
    data = "".join(f"<{key}>{value}</{key}>" for key, value in known.items() if value)
    return f"<item>{data}<description>{words}</description></item>"


def rss(*entries: str, title: str = "Harbor Review") -> str:
    return f"<rss version='2.0'><channel><title>{title}</title>{''.join(entries)}</channel></rss>"


def stories_in(*inputs: str) -> list[Entry]:
    return list(assemble(plan([Path(name) for name in inputs], []))[0].entries)

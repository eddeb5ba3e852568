"""How much of an article is found in cluttered pages, and how fast, ours beside trafilatura and readability-lxml in one run.

usage: extraction.py PAGES [PAGES …]

PAGES is a folder of `NAME/source.html` with `NAME/expected.html`: words as a bag, lower-cased, F1 a page, mean and median; or a
folder of `NAME.html.gz` with one `ground-truth.json` (`{NAME: {"articleBody": …}}`): runs of four words, F1 of mean precision and
mean recall, as the article-extraction-benchmark has it;
or the same with `{NAME: {"text": …, "type": …}}`: words as a bag, mean and median F1 by kind of page. CPU is milliseconds a page.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import lxml.html

from publisher.build.ingest import articles_of
from publisher.input.manuscript import Manuscript
from publisher.text.plain_text import text_of

Extract = Callable[[str, bytes], str]


def ours(name: str, data: bytes) -> str:
    (article,) = articles_of(Manuscript(Path(f"{name}.html"), data, name))
    return text_of(article, body_only=True)


def trafilatura(_: str, data: bytes) -> str:
    import trafilatura

    return trafilatura.extract(data, include_comments=False, favor_precision=True) or ""


def readability(_: str, data: bytes) -> str:
    from readability import Document

    return str(lxml.html.fromstring(Document(data.decode("utf-8", "replace")).summary()).text_content())


LETTER = "[\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]"  # of scripts that are written without spaces
EXTRACTORS: dict[str, Extract] = {
    "publisher": ours,
    "trafilatura, precision": trafilatura,
    "readability-lxml": readability,
}


def bag(text: str) -> Counter[str]:
    return Counter(re.findall(rf"{LETTER}|(?:(?!{LETTER})\w)+", text.lower()))


def runs(text: str, length: int = 4) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[at : at + length]) for at in range(max(1, len(words) - length + 1)) if words[at : at + length])


def shares(wanted: Counter[Any], found: Counter[Any]) -> tuple[float, float]:
    """Precision and recall."""
    hit = sum((wanted & found).values())
    return hit / (sum(found.values()) or 1), hit / (sum(wanted.values()) or 1)


def f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def pages_with_trees(folder: Path) -> tuple[dict[str, bytes], Callable[[dict[str, str]], str], str]:
    """The pages of a folder, what scores texts found in them, and the columns of the scores."""
    pages = {page.parent.name: page.with_name("source.html").read_bytes() for page in sorted(folder.glob("*/expected.html"))}

    def score(texts: dict[str, str]) -> str:
        scores = []
        for name, text in texts.items():
            wanted = " ".join(lxml.html.fromstring((folder / name / "expected.html").read_text("utf-8")).itertext())
            scores.append(f1(*shares(bag(wanted), bag(text))))
        return f"{statistics.mean(scores):.4f} | {statistics.median(scores):.4f}"

    return pages, score, "mean | median"


def pages_with_texts(folder: Path) -> tuple[dict[str, bytes], Callable[[dict[str, str]], str], str]:
    """As pages_with_trees, for a folder with one file of texts."""
    truth = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    pages = {name: gzip.decompress((folder / f"{name}.html.gz").read_bytes()) for name in truth}

    def score(texts: dict[str, str]) -> str:
        pairs = [shares(runs(truth[name]["articleBody"]), runs(text)) for name, text in texts.items()]
        precision, recall = (statistics.mean(column) for column in zip(*pairs, strict=True))
        return f"{f1(precision, recall):.4f} | {precision:.4f} | {recall:.4f}"

    return pages, score, "F1 | precision | recall"


def pages_of_kinds(folder: Path) -> tuple[dict[str, bytes], Callable[[dict[str, str]], str], str]:
    """As pages_with_texts, for pages of several kinds (articles, threads of forums …)."""
    truth = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    pages = {name: gzip.decompress((folder / f"{name}.html.gz").read_bytes()) for name in truth}
    kinds = sorted({page["type"] for page in truth.values()})

    def score(texts: dict[str, str]) -> str:
        columns = []
        for kind in kinds:
            names = [name for name in texts if truth[name]["type"] == kind]
            scores = [f1(*shares(words(truth[name]["text"]), words(texts[name]))) for name in names]
            columns.append(f"{statistics.mean(scores):.4f} | {statistics.median(scores):.4f}" if scores else "- | -")
        return " | ".join(columns)

    return pages, score, " | ".join(f"{kind}: mean | median" for kind in kinds)


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


def table(folder: Path) -> Sequence[str]:
    truth = folder / "ground-truth.json"
    is_of_kinds = truth.is_file() and any("type" in page for page in json.loads(truth.read_text("utf-8")).values())
    source = pages_of_kinds if is_of_kinds else pages_with_texts if truth.is_file() else pages_with_trees
    pages, score, columns = source(folder)
    rows = [f"{folder.name}, {len(pages)} pages", f"| extractor | {columns} | CPU ms a page |"]
    rows.append("|" + " --- |" * (columns.count("|") + 3))
    for name, extract in EXTRACTORS.items():
        first = next(iter(pages))
        extract(first, pages[first])  # imports are not counted
        begin = time.process_time()
        texts = {page: extract(page, data) for page, data in pages.items()}
        spent = (time.process_time() - begin) / len(pages)
        rows.append(f"| {name} | {score(texts)} | {spent * 1000:.0f} |")
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    folders = parser.parse_args().folders
    logging.disable(logging.CRITICAL)
    for folder in folders:
        print("\n".join(table(folder)), end="\n\n", flush=True)


if __name__ == "__main__":
    main()

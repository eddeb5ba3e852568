"""How much of an article is found in cluttered pages, and how fast, ours beside trafilatura and readability-lxml in one run.

usage: extraction.py PAGES [PAGES …]    each a folder of `NAME/source.html` with `NAME/expected.html`
Words as a bag, lower-cased: the mean and the median of F1 over the pages, and milliseconds of CPU a page.
"""

from __future__ import annotations

import argparse
import logging
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import lxml.html

from publisher.intake import articles_of
from publisher.manuscript import Manuscript
from publisher.reading import text_of


def ours(path: Path) -> str:
    (article,) = articles_of(Manuscript(path, path.read_bytes(), path.name))
    return text_of(article, body_only=True)


def trafilatura(path: Path) -> str:
    import trafilatura

    return trafilatura.extract(path.read_text("utf-8", "replace"), include_comments=False, favor_precision=True) or ""


def readability(path: Path) -> str:
    from readability import Document

    return str(lxml.html.fromstring(Document(path.read_text("utf-8", "replace")).summary()).text_content())


def bag(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


def score(wanted: Counter[str], found: Counter[str]) -> float:
    hit = sum((wanted & found).values())
    return 2 * hit / (sum(wanted.values()) + sum(found.values())) if hit else 0.0


def measured(name: str, extract: Callable[[Path], str], pages: list[Path]) -> str:
    scores, begin = [], time.process_time()
    texts = [extract(page / "source.html") for page in pages]
    spent = (time.process_time() - begin) / len(pages)
    for page, text in zip(pages, texts, strict=True):
        wanted = " ".join(lxml.html.fromstring((page / "expected.html").read_text("utf-8")).itertext())
        scores.append(score(bag(wanted), bag(text)))
    return f"| {name} | {statistics.mean(scores):.4f} | {statistics.median(scores):.4f} | {spent * 1000:.0f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    pages = [page.parent for folder in parser.parse_args().folders for page in sorted(folder.glob("*/expected.html"))]
    logging.disable(logging.CRITICAL)
    print("| extractor | mean | median | CPU ms a page |\n| --- | ---: | ---: | ---: |")
    for name, extract in (("publisher", ours), ("trafilatura, precision", trafilatura), ("readability-lxml", readability)):
        extract(pages[0] / "source.html")  # imports are not counted
        print(measured(name, extract, pages), flush=True)


if __name__ == "__main__":
    main()

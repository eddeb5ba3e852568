"""The ledger on a collection of files: what is unaccounted, its cost, and how `article-small` divides pages with known articles.

usage: python bench/ledger.py                       the golden cases, and the collections of ../shared where they are
       python bench/ledger.py --small               shares and F1 of web pages whose article is known, in two halves
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from publisher.build.ingest import articles_of
from publisher.input.manuscript import Manuscript
from publisher.ledger.account import Account
from publisher.ledger.report import SMALL_SHARE, account_for
from publisher.model.diagnostics import PublisherError
from publisher.text.plain_text import text_of

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
WORD = re.compile(r"\w+")


def manuscripts() -> Iterator[Manuscript]:
    """The golden cases of the tests, and the files of ../shared."""
    sys.path.insert(0, str(ROOT))
    from tests.test_readers import CASES, packed

    for case in CASES:
        data = packed(case) if case.is_dir() else case.read_bytes()
        yield Manuscript(case, data, f"{case.parent.name}/{case.name}")
    folders = [*sorted((SHARED / "corpus").glob("*")), *sorted((SHARED / "cases").glob("*"))]
    for path in (path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()):
        if path.name in ("README.md", "want.txt", "ground-truth.json"):
            continue
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        yield Manuscript(path.with_suffix("") if path.suffix == ".gz" else path, data, str(path.relative_to(SHARED)))


def unaccounted() -> None:
    """Prints each manuscript with words or images that are unaccounted, and the CPU time of the ledger beside that of reading."""
    count, bad, reading, counting = 0, 0, 0.0, 0.0
    for manuscript in manuscripts():
        start = time.process_time()
        try:
            articles = articles_of(manuscript)
        except PublisherError:
            continue
        between = time.process_time()
        account = account_for(manuscript, articles) if articles else None
        reading, counting = reading + between - start, counting + time.process_time() - between
        if account is None:
            continue
        count += 1
        if account.open_words or account.lost_images:
            bad += 1
            print(f"{manuscript.label}: {account.open_words} words, {account.lost_images} images: {account.lost}")
    print(f"{count} manuscripts, {bad} with words or images unaccounted; CPU: reading {reading:.1f} s, ledger {counting:.1f} s")


def known_pages() -> Iterator[tuple[str, Manuscript, str]]:
    """Name, page and the text of its article as people marked it."""
    import lxml.html

    for name in ("news-pages", "pages-2025"):
        truth = json.loads((SHARED / "corpus" / name / "ground-truth.json").read_text("utf-8"))
        for page, values in truth.items():
            path = SHARED / "corpus" / name / f"{page}.html.gz"
            if path.exists():
                text = values.get("articleBody") or values.get("text") or ""
                yield f"{name}/{page}", Manuscript(path.with_suffix(""), gzip.decompress(path.read_bytes()), path.name), text
    for folder in sorted((SHARED / "corpus" / "web-pages").glob("*/")):
        expected = lxml.html.fromstring((folder / "expected.html").read_text("utf-8"))
        data = (folder / "source.html").read_bytes()
        yield f"web-pages/{folder.name}", Manuscript(folder / "source.html", data, folder.name), " ".join(expected.itertext())


def f1(text: str, truth: str) -> float:
    """The F1 of two texts as bags of words."""
    found, wanted = Counter(WORD.findall(text.lower())), Counter(WORD.findall(truth.lower()))
    return 2 * (found & wanted).total() / max(1, found.total() + wanted.total())


def small() -> None:
    """Prints, for each half of the pages, how many of the wrong and of the right articles the bound catches."""
    rows: list[tuple[int, str, float, float]] = []
    for name, manuscript, truth in known_pages():
        try:
            articles = articles_of(manuscript)
        except PublisherError:
            continue
        account = account_for(manuscript, articles)
        assert account is not None
        half = int(hashlib.sha256(name.encode()).hexdigest(), 16) % 2
        rows.append((half, name, small_share(account), f1(text_of(articles[0]), truth)))
    for half in (0, 1):
        part = [row for row in rows if row[0] == half]
        wrong, right = [row for row in part if row[3] < 0.2], [row for row in part if row[3] >= 0.8]
        caught, warned = ([row for row in rows if row[2] < SMALL_SHARE] for rows in (wrong, right))
        print(f"half {half}: {len(part)} pages; F1 < .2: {len(caught)} of {len(wrong)} caught")
        print(f"  F1 >= .8: {len(warned)} of {len(right)} warned of")
        ends = max((row[2] for row in wrong), default=0.0), min((row[2] for row in right), default=1.0)
        print(f"  largest share with F1 < .2: {ends[0]:.3f}; smallest with F1 >= .8: {ends[1]:.3f}; middle {sum(ends) / 2:.3f}")
        for _, name, share, score in sorted(wrong + warned, key=lambda row: row[2]):
            print(f"  {name}: share {share:.2f}, F1 {score:.2f}")


def small_share(account: Account) -> float:
    return account.kept_prose / account.prose if account.prose else 1.0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true")
    small() if parser.parse_args().small else unaccounted()

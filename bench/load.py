"""Builds large editions and articles at a quarter of a size and at the whole size, and says what an item took in each.

usage: python bench/load.py [--only "TEXT;TEXT…"] [--share N] [--report FILE]

An item is an article, a page's worth of words, a note, a link, an image or a section. CPU seconds are those of the command and
all that it started and waited for (wait4); megabytes are the most resident of any of its processes. `--share 10` takes a tenth of
each size. Growth is the CPU time that an item of the second three quarters took, divided by that of one of the first quarter:
1 is linear. Exit code 1 if a build ends with an exit code other than 0 or 1.
"""

from __future__ import annotations

import argparse
import base64
import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from process_use import use_of

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
_WORDS_OF_A_PAGE = 420


@dataclass(frozen=True)
class Load:
    """What is built: `write` makes the input of so many items in a folder and gives the arguments of `publisher build`."""

    items: int
    write: Callable[[Path, int], list[str]]


@dataclass(frozen=True)
class Ending:
    name: str
    items: int
    code: int
    cpu: float
    megabytes: float
    message: str


def _edition(output: str) -> Callable[[Path, int], list[str]]:
    def write(folder: Path, count: int) -> list[str]:
        for number in range(count):
            link = f"[notice {number}](https://harbor.example/notices/{number})"
            Path(folder, f"{number:05}.md").write_text(
                f"# Notice {number} of the harbor office\n\n{_words(60, number)} {link}.\n"
            )
        return [".", "-o", output]

    return write


def _article(name: str, text: Callable[[int], str], *limits: str) -> Callable[[Path, int], list[str]]:
    def write(folder: Path, count: int) -> list[str]:
        Path(folder, name).write_text(text(count))
        manifest = f'[edition]\ntitle = "Load"\n[[section]]\narticles = ["{name}"]\n[limits]\n' + "\n".join(limits)
        Path(folder, "publisher.toml").write_text(manifest)
        return ["-o", "a.pdf", "-o", "a.epub"]

    return write


def _words(count: int, start: int = 0) -> str:
    names = ["barge", "lock", "gate", "harbor", "ferry", "keeper", "water", "tide", "quay", "signal", "winter", "upland"]
    return " ".join(names[(start + place * place) % len(names)] for place in range(count)).capitalize() + "."


def _pages(count: int) -> str:
    return "# Pages\n\n" + "\n\n".join(_words(_WORDS_OF_A_PAGE // 6, number) for number in range(count * 6))


def _notes(count: int) -> str:
    calls = "\n\n".join(f"{_words(12, number)}[^{number}]" for number in range(count))
    return f"# Notes\n\n{calls}\n\n" + "\n\n".join(f"[^{number}]: Note {number} of the keeper." for number in range(count))


def _links(count: int) -> str:
    return "# Links\n\n" + "\n\n".join(
        " ".join(f"[barge {number}](https://harbor.example/{number})" for number in range(start, min(start + 10, count)))
        for start in range(0, count, 10)
    )


def _links_of_a_paragraph(count: int) -> str:
    links = " ".join(f'<a href="https://harbor.example/{number}">barge</a>' for number in range(count))
    return f"<article><h1>Links</h1><p>{links}</p></article>"


def _images(count: int) -> str:
    from tests.bombs import png

    image = base64.b64encode(png(40, 20)).decode()
    return "# Images\n\n" + "\n\n".join(f"![Gate {number}](data:image/png;base64,{image})" for number in range(count))


def _sections(folder: Path, count: int) -> list[str]:
    rows = []
    for number in range(count):
        Path(folder, f"{number}.md").write_text(f"# Notice {number}\n\n{_words(60, number)}\n")
        rows.append(f'[[section]]\ntitle = "Section {number}"\narticles = ["{number}.md"]')
    Path(folder, "publisher.toml").write_text('[edition]\ntitle = "Load"\n' + "\n".join(rows))
    return ["-o", "a.pdf", "-o", "a.epub"]


def _table(count: int) -> str:
    rows = "".join(f"<tr><td>{number}</td><td>barge</td><td>lock</td></tr>" for number in range(count))
    return f"<article><h1>Table</h1><table><tr><th>No.</th><th>What</th><th>Where</th></tr>{rows}</table></article>"


def _feed(folder: Path, count: int) -> list[str]:
    from tests.file_samples import rss

    items = "".join(
        f"<item><title>Lock {number}</title><guid>{number}</guid><link>https://harbor.example/{number}</link>"
        f"<description>A barge at lock {number}.</description></item>"
        for number in range(count)
    )
    Path(folder, "a.xml").write_bytes(rss(items))
    return ["a.xml", "-o", "a.pdf", "-o", "a.epub"]


_PATIENT = ("seconds = 600", "typeset_seconds = 3000", "resident_megabytes = 4000", "notes = 100000", "references = 200000")
LOADS = {
    "articles, PDF": Load(3_000, _edition("a.pdf")),
    "articles, EPUB": Load(10_000, _edition("a.epub")),
    "items of a feed": Load(2_000, _feed),
    "pages of an article": Load(1_000, _article("a.md", _pages, "typeset_seconds = 600", "resident_megabytes = 2000")),
    "notes of an article": Load(20_000, _article("a.md", _notes, *_PATIENT)),
    "links of an article": Load(20_000, _article("a.md", _links, *_PATIENT)),
    "links of a paragraph": Load(3_000, _article("a.html", _links_of_a_paragraph, *_PATIENT)),
    "images": Load(2_000, _article("a.md", _images, *_PATIENT)),
    "sections": Load(300, _sections),
    "rows of a table": Load(4_000, _article("a.html", _table, *_PATIENT)),
}


def ending(name: str, items: int) -> Ending:
    """How the build of so many items ends."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = LOADS[name].write(Path(folder), items)
        command = [sys.executable, "-m", "publisher", "build", *arguments, "--no-cache", "-j", "1"]
        used = use_of(command, Path(folder))
    pages = next((line for line in used.lines if " page" in line), used.lines[-1])
    shown = next((line for line in used.lines if "error" in line), pages)
    return Ending(name, items, used.code, used.cpu, used.megabytes, shown[:160])


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="")
    parser.add_argument("--share", type=int, default=1)
    parser.add_argument("--report", type=Path)
    options = parser.parse_args()
    endings = []
    for name in [name for name in LOADS if any(text in name for text in options.only.split(";"))]:
        items = LOADS[name].items // options.share
        few, many = ending(name, items // 4), ending(name, items)
        endings += [few, many]
        growth = (many.cpu - few.cpu) / (many.items - few.items) / (few.cpu / few.items)
        for row in (few, many):
            each = f"{1000 * row.cpu / row.items:7.1f} ms each"
            print(
                f"{row.code:4} {row.items:6} {name}: {row.cpu:7.2f} s, {each}, {row.megabytes:5.0f} MB  {row.message}", flush=True
            )
        print(f"     growth {growth:.2f}", flush=True)
    if not endings:
        print(f"no load has a name with {options.only!r}", file=sys.stderr)
    if options.report:
        options.report.write_text(json.dumps([asdict(row) for row in endings], indent=1))
    return 0 if endings and all(row.code in (0, 1) for row in endings) else 1


if __name__ == "__main__":
    sys.exit(main())

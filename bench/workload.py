"""The project's own workload, of the shape of the real one: articles of web length with links, lists, tables and code.

Writes FOLDER/articles/aNNN.html, FOLDER/publisher.toml (a PDF and an EPUB), FOLDER/peer.html (the same in one file, its links
as page-bottom notes) and FOLDER/peer-pandoc.html. The words are invented and come from a fixed seed.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

_SYLLABLES = ["ba", "den", "for", "gal", "hin", "jor", "kel", "lum", "mar", "nes", "or", "pra", "quin", "ros", "sal", "tem", "ul"]
_STYLE = """html{font:11pt/1.4 serif}body{margin:0}h1{font-size:20pt;string-set:head content(text);bookmark-level:1}
p{text-align:justify;hyphens:auto;margin:0 0 7pt}table{border-collapse:collapse;font-size:9pt}pre{white-space:pre-wrap}
@page{size:A4;margin:20mm 20mm 22mm;@bottom-center{content:counter(page)}@top-right{content:string(head);font-size:8pt}}
.article{break-before:page}.fn{float:footnote;font-size:8.5pt}nav a::after{content:leader('.') target-counter(attr(href),page)}"""


def _words(chance: random.Random, count: int) -> str:
    words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(count)]
    return " ".join(words).capitalize()


def _paragraph(chance: random.Random, link: str) -> str:
    sentences = [f"{_words(chance, chance.randint(6, 24))}." for _ in range(chance.randint(2, 6))]
    anchor = f' {_words(chance, 2)} <a href="{link}">{_words(chance, 3)}</a>.' if link else ""
    return f"<p>{' '.join(sentences)}{anchor}</p>"


def _article(number: int) -> tuple[str, str]:
    """Title and body; one in six is three times as long."""
    chance = random.Random(number)
    count = chance.randint(8, 30) * (3 if number % 6 == 0 else 1)
    linked = set(chance.sample(range(count), 4))
    blocks = []
    for index in range(count):
        link = f"https://example.org/{number}/{index}" if index in linked else ""
        blocks.append(_paragraph(chance, link))
        if index % 7 == 3:
            blocks.append(f"<h2>{_words(chance, 4)}</h2>")
        if index % 11 == 5:
            blocks.append("<ul>" + "".join(f"<li>{_words(chance, 9)}</li>" for _ in range(4)) + "</ul>")
        if index % 17 == 9:
            row = "".join(f"<td>{chance.randint(1, 9999)}</td>" for _ in range(4))
            blocks.append(f"<table><tbody>{f'<tr>{row}</tr>' * 6}</tbody></table>")
        if index % 23 == 12:
            blocks.append(f"<pre><code>{_words(chance, 12)}</code></pre>")
    return _words(chance, 6), "".join(blocks)


def _noted(body: str) -> str:
    import re

    return re.sub(r'<a href="([^"]*)">([^<]*)</a>', r'<a href="\1">\2</a><span class="fn">\2. \1</span>', body)


def make(folder: Path, count: int) -> None:
    """Writes a workload of `count` articles into `folder`."""
    (folder / "articles").mkdir(parents=True, exist_ok=True)
    names, peer, pandoc, contents = [], [], [], []
    for number in range(count):
        title, body = _article(number)
        key = f"a{number:03}"
        head = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head><body><article>'
        (folder / "articles" / f"{key}.html").write_text(f"{head}<h1>{title}</h1>{body}</article></body></html>", "utf-8")
        names.append(f"articles/{key}.html")
        peer.append(f'<section class="article"><h1 id="{key}">{title}</h1>{_noted(body)}</section>')
        pandoc.append(f"<h1>{title}</h1>{body}")
        contents.append(f'<p><a href="#{key}">{title}</a></p>')
    top = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Workload {count}</title><style>'
    peers = f"<nav>{''.join(contents)}</nav>{''.join(peer)}"
    (folder / "peer.html").write_text(f"{top}{_STYLE}</style></head><body>{peers}</body></html>", "utf-8")
    (folder / "peer-pandoc.html").write_text(f"{top}</style></head><body>{''.join(pandoc)}</body></html>", "utf-8")
    (folder / "publisher.toml").write_text(
        f'[edition]\ntitle = "Workload {count}"\ndate = 2022-05-10\n\n[[section]]\ntitle = "All"\n'
        f'articles = {json.dumps(names)}\n\n[outputs."dist/brief.pdf"]\n\n[outputs."dist/collection.epub"]\n',
        "utf-8",
    )

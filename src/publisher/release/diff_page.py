"""A difference as one self-contained page of HTML: no script, no address that a browser would fetch.

Marks are never a color alone: removed words are struck through and have a word before them that screen readers say (WCAG 2.2,
1.4.1), so have added ones.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from html import escape

from publisher.release.diff import Article, ArticleChange, Difference
from publisher.release.diff_report import change_of, move_of, shortened
from publisher.release.page_images import PageImages, PagePair
from publisher.release.word_diff import Paragraph, Piece

_CSS = """
:root { color-scheme: light; }
body { margin: 0 auto; padding: 1.5rem; max-width: 84rem; color: #1a1a1a; background: #fff; }
body { font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; }
.name { white-space: nowrap; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; padding-top: .5rem; border-top: 2px solid #1a1a1a; }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .25rem; }
table { border-collapse: collapse; }
th, td { text-align: start; vertical-align: top; padding: .25rem 1.25rem .25rem 0; border-bottom: 1px solid #767676; }
p, li { max-width: 48rem; }
.quiet { color: #4d4d4d; }
.change { border-inline-start: 4px solid #767676; padding-inline-start: .75rem; margin: .5rem 0; }
ins { background: #dff3e4; color: #00401f; text-decoration: underline; text-decoration-thickness: 2px; }
del { background: #fbe3e6; color: #7a0016; text-decoration: line-through; }
.pages { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
figure { margin: 0; }
figure img { display: block; width: 100%; height: auto; border: 1px solid #767676; }
figcaption { margin-bottom: .25rem; }
.none { border: 1px dashed #767676; padding: 2rem 1rem; }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media print { .pages { break-inside: avoid; } }
"""
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_KINDS = {"changed": "Changed", "added": "Added", "removed": "Removed", "moved": "Moved in the article"}


def as_page(found: Difference, pages: PageImages | None) -> str:
    """The page. `pages` are the images of pages; None where the sides have none."""
    title = f"Differences: {found.old.label} → {found.new.label}"
    names = " → ".join(f'<span class="name">{escape(side.label)}</span>' for side in (found.old, found.new))
    body = [f"<h1>Differences: {names}</h1>"]
    body += _summary(found) if found else ["<p>Nothing differs.</p>"]
    for heading, lines in (
        ("Articles", _articles(found)),
        ("Pages", _moved(found)),
        ("Page images", _images(pages)),
        ("Sources", _sources(found)),
        ("Checks", _list(found.checks)),
        ("Engine", _list(found.engine)),
    ):
        if content := list(lines):
            body += [f"<h2>{heading}</h2>", *content]
    head = (
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title><style>{_CSS}</style>'
    )
    text = "\n".join(body)
    return f'<!DOCTYPE html>\n<html lang="en">\n<head>{head}</head>\n<body>\n<main>\n{text}\n</main>\n</body>\n</html>\n'


def _summary(found: Difference) -> list[str]:
    sides = [(side.label, len(side.articles), side.pages, len(side.sources)) for side in (found.old, found.new)]
    rows = "".join(
        f'<tr><th scope="row">{what}</th><td>{escape(label)}</td><td>{articles}</td><td>{pages}</td><td>{sources}</td></tr>'
        for what, (label, articles, pages, sources) in zip(("Old", "New"), sides, strict=True)
    )
    columns = "".join(f'<th scope="col">{name}</th>' for name in ("Name", "Articles", "Pages", "Sources"))
    table = f"<table><thead><tr><td></td>{columns}</tr></thead><tbody>{rows}</tbody></table>"
    changes = f"{len(found.added)} added, {len(found.removed)} removed, {len(found.changed)} changed, {found.unchanged} unchanged"
    return [table, f"<p>Articles: {changes}.</p>", *_list(found.facts)]


def _list(lines: Sequence[str]) -> list[str]:
    return ["<ul>", *(f"<li>{escape(line)}</li>" for line in lines), "</ul>"] if lines else []


def _articles(found: Difference) -> Iterator[str]:
    for article in found.added:
        yield from _whole(article, "Added")
    for article in found.removed:
        yield from _whole(article, "Removed")
    for row in found.changed:
        yield f"<h3>Changed: {escape(row.new.title)}</h3>"
        yield f'<p class="quiet">{escape(change_of(row))}</p>'
        if row.old.title != row.new.title:
            titles = Piece("removed", row.old.title), Piece("added", row.new.title)
            yield f"<p>Title: {' '.join(_piece(piece, 0, 1) for piece in titles)}</p>"
        yield from (_paragraph(paragraph, row) for paragraph in row.paragraphs)


def _whole(article: Article, what: str) -> Iterator[str]:
    where = f", page {escape(article.start)}" if article.start else ""
    yield f"<h3>{what}: {escape(article.title)}</h3>"
    yield f'<p class="quiet">{article.words:,} words{where}</p>'


def _paragraph(paragraph: Paragraph, row: ArticleChange) -> str:
    last = len(paragraph.pieces) - 1
    pieces = " ".join(_piece(piece, number, last) for number, piece in enumerate(paragraph.pieces))
    language = row.new.language or row.old.language
    lang = f' lang="{escape(language)}"' if language else ""
    kind = "" if paragraph.kind in ("changed", "added", "removed") else f'<span class="quiet">{_KINDS[paragraph.kind]}: </span>'
    return f'<p class="change">{kind}<span{lang} dir="auto">{pieces}</span></p>'


def _piece(piece: Piece, number: int, last: int) -> str:
    if piece.mark == "same":
        return escape(shortened(piece.text, at_start=number == 0 != last, at_end=number == last, in_middle=0 < number < last))
    tag = "ins" if piece.mark == "added" else "del"
    return f"<{tag}>{_spoken(piece.mark)}{escape(piece.text)}</{tag}>"


def _spoken(mark: str) -> str:
    """A word for those who do not see the mark."""
    return f'<span class="spoken" lang="en">{mark}: </span>'


def _moved(found: Difference) -> Iterator[str]:
    if found.old.pages != found.new.pages:
        yield f"<p>{found.old.pages} pages are {found.new.pages} now.</p>"
    yield from _list([f"{row.new.title}: {move_of(row)}" for row in found.moved])


def _images(pages: PageImages | None) -> Iterator[str]:
    if pages is None or not (pages.different or pages.same):
        return
    left_out = pages.different - len(pages.pairs)
    are = "is" if left_out == 1 else "are"
    more = f" The first {len(pages.pairs)} are shown, {left_out} {are} left out (--pages)." if left_out else ""
    counts = f"{_look(pages.different)} different, {_look(pages.same)} the same"
    yield f"<p>{counts}.{more} Regions that differ are framed.</p>"
    for pair in pages.pairs:
        yield f"<h3>{_pair_name(pair)}</h3>"
        yield f'<div class="pages">{_figure(pair, 0)}{_figure(pair, 1)}</div>'


def _look(count: int) -> str:
    return f"{count} page looks" if count == 1 else f"{count} pages look"


def _pair_name(pair: PagePair) -> str:
    if not pair.old:
        return f"Page {pair.new} is new"
    if not pair.new:
        return f"Page {pair.old} is gone"
    return f"Page {pair.old}" if pair.old == pair.new else f"Page {pair.old}, now page {pair.new}"


def _figure(pair: PagePair, side: int) -> str:
    what, number = (("Old", pair.old), ("New", pair.new))[side]
    if not number:
        return f'<p class="none">{what}: there is no such page.</p>'
    regions = f"; {pair.regions} {'region differs' if pair.regions == 1 else 'regions differ'}" if pair.regions else ""
    data = base64.b64encode(pair.images[side]).decode()
    alt = f"{what} page {number}{regions}; the words that changed are listed under Articles"
    image = f'<img alt="{alt}" src="data:image/png;base64,{data}">'
    return f"<figure><figcaption>{what}: page {number}{regions}</figcaption>{image}</figure>"


def _sources(found: Difference) -> Iterator[str]:
    groups = (
        ("Gained", [escape(new) for _, old, new in found.sources if not old]),
        ("Lost", [escape(old) for _, old, new in found.sources if not new]),
        ("Changed", [f"{escape(old)} → {escape(new)}" for _, old, new in found.sources if old and new]),
    )
    for name, rows in groups:
        if rows:
            yield f"<h3>{name}</h3>"
            yield "<ul>" + "".join(f"<li>{row}</li>" for row in rows) + "</ul>"

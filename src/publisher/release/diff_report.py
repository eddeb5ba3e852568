"""A difference as text for a terminal, and as JSON with keys that stay."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from publisher.release.diff import Article, ArticleChange, Difference
from publisher.release.word_diff import Paragraph, Piece

_CONTEXT = 6  # words that are shown around a change
_MARKS = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
_SIGNS = {"changed": "~", "added": "+", "removed": "-", "moved": ">"}


def as_text(found: Difference) -> str:
    """A report as people read it on a terminal; removed words are [-so-], added words {+so+}."""
    return "\n".join(_text(found)) + "\n"


def _text(found: Difference) -> Iterator[str]:
    yield f"{found.old.label} → {found.new.label}"
    if not found:
        yield "nothing differs"
        return
    yield from (f"  {line}" for line in found.facts)
    counts = [(len(found.added), "added"), (len(found.removed), "removed"), (len(found.changed), "changed")]
    yield ""
    yield "Articles: " + ", ".join(f"{count} {what}" for count, what in (*counts, (found.unchanged, "unchanged")))
    yield from (f"  + {_described(article)}" for article in found.added)
    yield from (f"  - {_described(article)}" for article in found.removed)
    for row in found.changed:
        yield f"  ~ {row.new.title} ({change_of(row)})"
        if row.old.title != row.new.title:
            yield f"      title: {row.old.title} → {row.new.title}"
        yield from (f"      {_SIGNS[paragraph.kind]} {_line(paragraph)}" for paragraph in row.paragraphs)
    if found.moved or found.old.pages != found.new.pages:
        yield ""
        yield f"Pages: {found.old.pages}" + (f" → {found.new.pages}" if found.old.pages != found.new.pages else "")
        yield from (f"  {row.new.title}: {move_of(row)}" for row in found.moved)
    yield from _source_lines(found)
    for name, lines in (("Checks", found.checks), ("Engine", found.engine)):
        if lines:
            yield ""
            yield f"{name}:"
            yield from (f"  {line}" for line in lines)


def _described(article: Article) -> str:
    where = f", page {article.start}" if article.start else ""
    return f"{article.title} ({article.words:,} words{where})"


def change_of(row: ArticleChange) -> str:
    """`12 words added, 3 removed`."""
    if not row.paragraphs:
        return "words unchanged; title, images, links or other markup changed"
    parts = [f"{row.added:,} words added" if row.added != 1 else "1 word added", f"{row.removed:,} removed"]
    moved = sum(paragraph.kind == "moved" for paragraph in row.paragraphs)
    return ", ".join(parts) + (f", {moved} moved in the article" if moved else "")


def move_of(row: ArticleChange) -> str:
    """`page 3 → 4`, and the section where that is another."""
    parts = [f"page {row.old.start or 'none'} → {row.new.start or 'none'}"] if row.old.start != row.new.start else []
    if row.old.section != row.new.section:
        parts.append(f"section {row.old.section or 'none'} → {row.new.section or 'none'}")
    return ", ".join(parts)


def _line(paragraph: Paragraph) -> str:
    if paragraph.kind == "moved":
        return f"moved: {shortened(paragraph.pieces[0].text, at_end=True)}"
    return " ".join(_piece(piece, number, len(paragraph.pieces)) for number, piece in enumerate(paragraph.pieces))


def _piece(piece: Piece, number: int, count: int) -> str:
    before, after = _MARKS[piece.mark]
    text = piece.text
    if piece.mark == "same":
        text = shortened(text, at_start=number == 0, at_end=number == count - 1, in_middle=0 < number < count - 1)
    return f"{before}{text}{after}"


def shortened(text: str, *, at_start: bool = False, at_end: bool = False, in_middle: bool = False) -> str:
    """Unchanged words: those next to a change, which is behind them at the start, and before them at the end."""
    words = text.split()
    if in_middle:
        return text if len(words) <= 2 * _CONTEXT else " ".join([*words[:_CONTEXT], "…", *words[-_CONTEXT:]])
    if at_start and len(words) > _CONTEXT:
        return " ".join(["…", *words[-_CONTEXT:]])
    if at_end and len(words) > _CONTEXT:
        return " ".join([*words[:_CONTEXT], "…"])
    return text


def _source_lines(found: Difference) -> Iterator[str]:
    if not found.sources:
        return
    gained = sum(not old for _, old, _ in found.sources)
    lost = sum(not new for _, _, new in found.sources)
    yield ""
    yield f"Sources: {gained} gained, {lost} lost, {len(found.sources) - gained - lost} changed"
    for _, old, new in found.sources:
        yield f"  ~ {old} → {new}" if old and new else f"  + {new}" if new else f"  - {old}"


def as_json(found: Difference) -> str:
    """The report as JSON: the same keys each time, also where nothing differs."""
    values = {
        "old": _side(found, "old"),
        "new": _side(found, "new"),
        "different": bool(found),
        "articles": {
            "added": [_article(article) for article in found.added],
            "removed": [_article(article) for article in found.removed],
            "changed": [_change(row) for row in found.changed],
            "unchanged": found.unchanged,
        },
        "moved": [
            {"slug": row.new.slug, "pages": [row.old.start, row.new.start], "sections": [row.old.section, row.new.section]}
            for row in found.moved
        ],
        "sources": {
            "gained": [{"id": name, "words": new} for name, old, new in found.sources if not old],
            "lost": [{"id": name, "words": old} for name, old, new in found.sources if not new],
            "changed": [{"id": name, "old": old, "new": new} for name, old, new in found.sources if old and new],
        },
        "facts": list(found.facts),
        "checks": list(found.checks),
        "engine": list(found.engine),
    }
    return json.dumps(values, ensure_ascii=False, indent=1) + "\n"


def _side(found: Difference, name: str) -> dict[str, Any]:
    side = getattr(found, name)
    return {"name": side.label, "articles": len(side.articles), "pages": side.pages, "sources": len(side.sources)}


def _article(article: Article) -> dict[str, Any]:
    return {"slug": article.slug, "title": article.title, "words": article.words, "page": article.start}


def _change(row: ArticleChange) -> dict[str, Any]:
    paragraphs = [
        {"kind": paragraph.kind, "pieces": [{"mark": piece.mark, "text": piece.text} for piece in paragraph.pieces]}
        for paragraph in row.paragraphs
    ]
    words = {"words_added": row.added, "words_removed": row.removed}
    titles = {"title": row.new.title, "old_title": row.old.title}
    return {"slug": row.new.slug, "old_slug": row.old.slug, **titles, **words, "paragraphs": paragraphs}

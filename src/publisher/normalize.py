"""The passes, in order: what makes an article of whatever format the same kind of thing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from publisher.article import Article
from publisher.manuscript import Manuscript
from publisher.markup import words
from publisher.passes import frame, highlight, images, links, notes, sanitize, structure, tables, typography

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")

PASSES: tuple[Callable[[Article, Manuscript], Article], ...] = (
    notes.apply,
    highlight.apply,
    sanitize.apply,
    structure.apply,
    tables.apply,
    images.apply,
    links.apply,
    typography.apply,
    frame.apply,
)


def normalize(article: Article, manuscript: Manuscript, lang: str = "en") -> Article:
    """The normalized article; what the passes complain of is in `manuscript.complaints`.

    `lang` is the edition's language, for an article that names none (BCP 47).
    """
    named = manuscript.given.lang or article.metadata.lang.replace("_", "-")
    spoken = named if _LANGUAGE.fullmatch(named) else lang
    article = replace(article, metadata=replace(article.metadata, lang=spoken))
    for apply in PASSES:
        article = apply(article, manuscript)
    header = article.root.find("header")
    standfirst = header.find_all("p", class_="standfirst") if header else []
    title = words(article.root.find("h1"))
    return replace(article, metadata=replace(article.metadata, title=title, subtitle=" ".join(map(words, standfirst))))

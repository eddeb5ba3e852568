"""The passes, in order: what makes an article of whatever format the same kind of thing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import words
from publisher.model.metadata import Origin
from publisher.passes import article_parts, highlight, images, links, notes, sanitize, structure, tables, typography
from publisher.text.language_detection import language_of, same_language

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
    article_parts.apply,
)


def normalize(article: Article, manuscript: Manuscript, lang: str = "en") -> Article:
    """The normalized article; what the passes report is in `manuscript.diagnostics`.

    `lang` is the edition's language (BCP 47), for an article that names none and whose words do not tell another.
    """
    article = _with_language(article, manuscript, lang)
    for apply in PASSES:
        article = apply(article, manuscript)
    header = article.root.find("header")
    standfirst = header.find_all("p", class_="standfirst") if header else []
    title = words(article.root.find("h1"))
    return replace(article, metadata=replace(article.metadata, title=title, subtitle=" ".join(map(words, standfirst))))


def _with_language(article: Article, manuscript: Manuscript, lang: str) -> Article:
    named = manuscript.given.lang or article.metadata.lang.replace("_", "-")
    if _LANGUAGE.fullmatch(named):
        return replace(article, metadata=replace(article.metadata, lang=named))
    guess, likely = language_of(words(article.root))
    if not guess or same_language(guess, lang):
        return replace(article, metadata=replace(article.metadata, lang=lang))
    hint = "say lang in the manifest, a sidecar or the front matter where it is wrong"
    manuscript.report(Code.METADATA_GUESSED, f"lang: {guess}, a guess from its words", hint=hint)
    origin = Origin("lang", "its words", round(likely, 2), guess=True)
    return replace(article, metadata=replace(article.metadata, lang=guess), origins=(*article.origins, origin))

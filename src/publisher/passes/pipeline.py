"""The passes in order. They give articles of all input formats the same structure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import classes, first_tag, tags, words
from publisher.model.metadata import Origin
from publisher.passes import (
    alerts,
    article_parts,
    boxes,
    characters,
    citations,
    extent,
    highlight,
    icons,
    images,
    links,
    notes,
    orders,
    sanitize,
    structure,
    tables,
    typography,
)
from publisher.text.language_detection import is_plainly, language_of, same_language

_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_REGION = re.compile(r"[A-Za-z]{2}|\d{3}")

PASSES: tuple[Callable[[Article, Manuscript], Article], ...] = (
    characters.apply,
    icons.apply,
    orders.apply,
    notes.apply,
    highlight.apply,
    sanitize.apply,
    alerts.apply,
    boxes.apply,
    structure.apply,
    tables.apply,
    images.apply,
    citations.apply,
    links.apply,
    extent.apply,
    typography.apply,
    article_parts.apply,
)


def normalize(article: Article, manuscript: Manuscript, lang: str = "en") -> Article:
    """The normalized article; the diagnostics of the passes are in `manuscript.diagnostics`.

    `lang` is the edition's language (BCP 47). It is used if the article names no language and its words show no other.
    """
    article = _with_language(article, manuscript, lang)
    for apply in PASSES:
        article = apply(article, manuscript)
    header = first_tag(article.root, ("header",))
    paragraphs = tags(header, ("p",)) if header is not None else []
    standfirst = [paragraph for paragraph in paragraphs if "standfirst" in classes(paragraph)]
    title = words(first_tag(article.root, ("h1",)))
    return replace(article, metadata=replace(article.metadata, title=title, subtitle=" ".join(map(words, standfirst))))


def _in_the_region_of(lang: str, stated: str) -> str:
    """A stated language, in the region of the edition where it names none of its own: `en` has British dates in `en-GB`."""
    language, _, region = lang.partition("-")
    return lang if stated.lower() == language.lower() and _REGION.fullmatch(region) else stated


def _with_language(article: Article, manuscript: Manuscript, lang: str) -> Article:
    stated_language = manuscript.given.lang or _in_the_region_of(lang, article.metadata.lang.replace("_", "-"))
    if _LANGUAGE_TAG.fullmatch(stated_language):
        return replace(article, metadata=replace(article.metadata, lang=stated_language))
    text = words(article.root)
    guess, probability = ("", 0.0) if is_plainly(text, lang) else language_of(text)
    if not guess or same_language(guess, lang):
        return replace(article, metadata=replace(article.metadata, lang=lang))
    hint = "if it is wrong, give lang in the manifest, a sidecar or the front matter"
    manuscript.report(Code.METADATA_GUESSED, f"lang: {guess}, guessed from its words", hint=hint)
    origin = Origin("lang", "its words", round(probability, 2), guess=True)
    return replace(article, metadata=replace(article.metadata, lang=guess), origins=(*article.origins, origin))

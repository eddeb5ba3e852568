"""Detects the language of a text from its words. Works only if the extra `languages` is installed."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

_MIN_WORDS = 40  # words (or letters, in scripts without spaces) that a text must have
_MAX_CHARACTERS = 4000  # only these first characters are classified: more do not change the result
_MIN_PROBABILITY = 0.95
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]|[^\W\d_]+")
# Frequent words: a quarter to a third of a text in their language.
_FREQUENT_WORDS = {
    "de": "aber als am auch auf aus bei bis das dass dem der des die durch eine einem einen einer eines er für hat ich im ist "
    "mit nach nicht noch oder sich sie sind sowie und unter vom von vor war waren werden wie wird wurde wurden zu zum zur über",
    "en": "about after also and are as at been but by for from had has have his if into is it its more not of on or she than "
    "that the their them there these they this to was were what when where which who will with would you",
    "fr": "au aux avec ce ces cette comme dans depuis des dont du elle elles entre est et eux il ils je leur leurs les mais ne "
    "nous ont ou par pas plus pour qu que qui sa sans selon ses son sont sous sur une vous étaient était été",
}
_PLAIN_SHARE = 0.2  # of all words; texts in other languages have less than a tenth
# Languages that a page of text does not distinguish. Between these the language that the user gave counts.
_RELATED_LANGUAGES = ({"no", "nb", "nn"}, {"bs", "hr", "sr", "sh"}, {"id", "ms"}, {"zh", "wuu", "yue"})


def language_of(text: str) -> tuple[str, float]:
    """The language of a text (BCP 47, primary subtag) and its probability; empty and 0 if it is not sure enough."""
    if sum(1 for _ in _WORD.finditer(text)) < _MIN_WORDS or (model := _model()) is None:
        return "", 0.0
    language, probability = model.classify(text[:_MAX_CHARACTERS])
    return (str(language), float(probability)) if probability >= _MIN_PROBABILITY and language != "zxx" else ("", 0.0)


def is_plainly(text: str, tag: str) -> bool:
    """Whether the frequent words of a text already show that it is in the language of a tag: the model need not be loaded."""
    frequent = frozenset(_FREQUENT_WORDS.get(tag.partition("-")[0].lower(), "").split())
    found = [match[0].lower() in frequent for match in _WORD.finditer(text[:_MAX_CHARACTERS])]
    return len(found) >= _MIN_WORDS and sum(found) >= _PLAIN_SHARE * len(found)


def same_language(tag: str, other_tag: str) -> bool:
    """Whether two tags name the same language, or two languages that detection does not distinguish."""
    language, other_language = (name.partition("-")[0].lower() for name in (tag, other_tag))
    return language == other_language or any(language in group and other_language in group for group in _RELATED_LANGUAGES)


@cache
def _model() -> Any:
    """The model of py3langid, loaded once in a process (about half a second); None if it is not installed."""
    try:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier
    except ImportError:
        return None
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

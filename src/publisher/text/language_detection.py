"""The language of a text that does not say it, from its words; only where the extra `languages` is installed."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

_LEAST = 40  # words, or letters of scripts that are written without spaces
_MOST = 4000  # characters looked at: more say nothing new
_SURE = 0.95
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]|[^\W\d_]+")
# Which nobody can tell apart by a page of text, and which a user has told apart already.
_KIN = ({"no", "nb", "nn"}, {"bs", "hr", "sr", "sh"}, {"id", "ms"}, {"zh", "wuu", "yue"})


def language_of(text: str) -> tuple[str, float]:
    """The language of a text (BCP 47, primary subtag) and how likely it is; empty and 0 where it cannot be told."""
    model = _model()
    if model is None or sum(1 for _ in _WORD.finditer(text)) < _LEAST:
        return "", 0.0
    language, likely = model.classify(text[:_MOST])
    return (str(language), float(likely)) if likely >= _SURE and language != "zxx" else ("", 0.0)


def same_language(one: str, other: str) -> bool:
    """Whether two tags name one language, or two that a guess does not tell apart."""
    first, second = (tag.partition("-")[0].lower() for tag in (one, other))
    return first == second or any(first in kin and second in kin for kin in _KIN)


@cache
def _model() -> Any:
    """py3langid's model, loaded once a process (about half a second); None where it is not installed."""
    try:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier
    except ImportError:
        return None
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

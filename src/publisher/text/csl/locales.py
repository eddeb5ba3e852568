"""The locales of CSL that are shipped: the languages in which publisher prints its own words, and their variants."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "locales"
# The variant that a language without a region means.
_MAIN = {
    "en": "en-US", "de": "de-DE", "fr": "fr-FR", "es": "es-ES", "it": "it-IT", "pt": "pt-BR", "nl": "nl-NL", "pl": "pl-PL",
    "tr": "tr-TR", "uk": "uk-UA", "ar": "ar", "he": "he-IL", "zh": "zh-CN", "ja": "ja-JP",
}  # fmt: skip
_ALIASES = {"zh-hant": "zh-TW", "zh-hk": "zh-TW", "zh-hans": "zh-CN", "en-au": "en-GB", "en-ie": "en-GB", "en-nz": "en-GB"}
DEFAULT = "en-US"


def locale_of(lang: str) -> str:
    """The locale for a language (BCP 47): of its region, else the main one of the language, else `en-US`."""
    tag = lang.replace("_", "-")
    base = tag.split("-")[0].lower()
    known = {name.lower(): name for name in names()}
    return known.get(_ALIASES.get(tag.lower(), tag).lower()) or _MAIN.get(base, DEFAULT)


@cache
def names() -> tuple[str, ...]:
    return tuple(sorted(path.stem.removeprefix("locales-") for path in _FOLDER.glob("locales-*.xml")))


@cache
def text_of(name: str) -> str:
    """The XML of a locale that is shipped."""
    return (_FOLDER / f"locales-{name}.xml").read_text("utf-8")

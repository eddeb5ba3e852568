"""What differs by language: quotation marks, direction, dates, and the few words the tool itself prints."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from publisher.text.terms import KEYS, TERMS

_RTL = {"ar", "he", "fa", "ur", "yi", "ps", "sd", "ckb", "dv"}

# Opening and closing, outer then inner (CLDR delimiters; French and Swiss spacing by their own typographic codes).
_NNBSP = "\u202f"
QUOTES: dict[str, tuple[str, str, str, str]] = {
    "en": ("“", "”", "‘", "’"),
    "de": ("„", "“", "‚", "‘"),
    "de-ch": ("«", "»", "‹", "›"),
    "fr": ("«" + _NNBSP, _NNBSP + "»", "“", "”"),
    "fr-ch": ("«" + _NNBSP, _NNBSP + "»", "‹" + _NNBSP, _NNBSP + "›"),
    "es": ("«", "»", "“", "”"),
    "it": ("«", "»", "“", "”"),
    "pt": ("“", "”", "‘", "’"),
    "pt-pt": ("«", "»", "“", "”"),
    "nl": ("‘", "’", "“", "”"),
    "sv": ("”", "”", "’", "’"),
    "fi": ("”", "”", "’", "’"),
    "da": ("“", "”", "‘", "’"),
    "no": ("«", "»", "‘", "’"),
    "nb": ("«", "»", "‘", "’"),
    "pl": ("„", "”", "«", "»"),
    "cs": ("„", "“", "‚", "‘"),
    "sk": ("„", "“", "‚", "‘"),
    "hu": ("„", "”", "»", "«"),
    "ro": ("„", "”", "«", "»"),
    "bg": ("„", "“", "‘", "’"),
    "ru": ("«", "»", "„", "“"),
    "uk": ("«", "»", "„", "“"),
    "el": ("«", "»", "“", "”"),
    "tr": ("“", "”", "‘", "’"),
    "ar": ("«", "»", "“", "”"),
    "fa": ("«", "»", "“", "”"),
    "he": ("”", "”", "’", "’"),
    "zh": ("“", "”", "‘", "’"),
    "zh-tw": ("「", "」", "『", "』"),
    "zh-hk": ("「", "」", "『", "』"),
    "ja": ("「", "」", "『", "』"),
    "ko": ("“", "”", "‘", "’"),
    "ka": ("„", "“", "‚", "‘"),
    "hr": ("„", "”", "‚", "’"),
    "sr": ("„", "“", "‚", "‘"),
    "sl": ("„", "“", "‚", "‘"),
    "lt": ("„", "“", "‚", "‘"),
    "et": ("„", "“", "‚", "‘"),
    "id": ("“", "”", "‘", "’"),
    "hi": ("“", "”", "‘", "’"),
}
# Languages that set a dash between spaces as an en dash; English of America closes it up as an em dash.
EN_DASH = {"de", "fr", "it", "nl", "sv", "fi", "da", "nb", "no", "pl", "cs", "sk", "hu", "tr", "pt", "ro", "hr", "sl", "he", "ar"}
# The two of a long dash, as Chinese sets it; it stands without spaces.
WIDE_DASH = {"zh", "ja"}
# Spaces that may not break, by what they stand before (Imprimerie nationale, Lexique: French; Switzerland: narrow ones all).
THIN_SPACED = {"fr": ((";!?»", "\u202f"), (":", "\u00a0")), "fr-ch": ((";!?:»", "\u202f"),)}
# Languages in which a dash may not begin a line: the space before it does not break (Ukrainian and Russian practice).
DASH_BOUND = {"uk", "ru", "be", "bg"}


def _lookup(table: Mapping[str, object], lang: str) -> str:
    lang = lang.lower().replace("_", "-")
    return lang if lang in table else lang.split("-")[0]


def quotes(lang: str) -> tuple[str, str, str, str]:
    """Outer and inner quotation marks; English ones where the language is not in the table."""
    return QUOTES.get(_lookup(QUOTES, lang), QUOTES["en"])


def spaces(lang: str) -> tuple[tuple[str, str], ...]:
    """Marks, and the space that stands before each of them, in a language that sets one."""
    return THIN_SPACED.get(_lookup(THIN_SPACED, lang), ())


def words_for(lang: str) -> dict[str, str]:
    """The words the tool prints, in `lang`, or in English."""
    return dict(zip(KEYS, TERMS.get(_lookup(TERMS, lang), TERMS["en"]), strict=True))


# Packages of fonts as Debian calls them, by the first and last code point that they are for.
_PACKAGES = (
    (0x2E80, 0x9FFF, "fonts-noto-cjk"),
    (0xAC00, 0xD7FF, "fonts-noto-cjk"),
    (0xF900, 0xFAFF, "fonts-noto-cjk"),
    (0x20000, 0x3FFFF, "fonts-noto-cjk-extra"),
    (0x1F000, 0x1FAFF, "fonts-noto-color-emoji"),
    (0xE000, 0xF8FF, "the font it was made for (a private character)"),
    (0x10000, 0x1FFFF, "fonts-noto-extra"),
)


def font_package(char: str) -> str:
    """The package, as Debian and Ubuntu call it, that has a font for a character."""
    return next((name for first, last, name in _PACKAGES if first <= ord(char) <= last), "fonts-noto-core")


def direction(lang: str) -> str:
    """`rtl` or `ltr`."""
    return "rtl" if lang.lower().split("-")[0] in _RTL else "ltr"


def long_date(date: datetime.date | None, lang: str, *, weekday: bool = False) -> str:
    """A date written out as the language has it; empty without a date."""
    if date is None:
        return ""
    from babel import Locale, UnknownLocaleError
    from babel.dates import format_date

    try:
        locale = Locale.parse(lang.replace("-", "_")) if lang else Locale("en")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    return format_date(date, "full" if weekday else "long", locale=locale)

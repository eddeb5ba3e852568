"""What depends on the language: quotation marks, direction, dates, and the words that publisher itself prints."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from publisher.text.terms import KEYS, TERMS

if TYPE_CHECKING:
    from babel import Locale

_RIGHT_TO_LEFT = {"ar", "he", "fa", "ur", "yi", "ps", "sd", "ckb", "dv"}

# Opening and closing marks, first outer, then inner (CLDR delimiters; French and Swiss spaces by their typographic codes).
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
# Languages that use an en dash between spaces. The others use an em dash between spaces.
EN_DASH = {"de", "fr", "it", "nl", "sv", "fi", "da", "nb", "no", "pl", "cs", "sk", "hu", "tr", "pt", "ro", "hr", "sl", "he", "ar"}
# Languages with a dash of double width, without spaces around it.
WIDE_DASH = {"zh", "ja"}
# No-break spaces and the marks they stand before (French: Imprimerie nationale, Lexique; Switzerland: only narrow ones).
THIN_SPACED = {"fr": ((";!?»", "\u202f"), (":", "\u00a0")), "fr-ch": ((";!?:»", "\u202f"),)}
# Languages in which a dash must not begin a line: a no-break space stands before it (Ukrainian and Russian practice).
DASH_BOUND = {"uk", "ru", "be", "bg"}


def _table_key(table: Mapping[str, object], lang: str) -> str:
    lang = lang.lower().replace("_", "-")
    return lang if lang in table else lang.split("-")[0]


def quotes(lang: str) -> tuple[str, str, str, str]:
    """Outer and inner quotation marks; the English ones if the language is not in the table."""
    return QUOTES.get(_table_key(QUOTES, lang), QUOTES["en"])


def spaces(lang: str) -> tuple[tuple[str, str], ...]:
    """Marks and the space that the language sets before each of them; empty for most languages."""
    return THIN_SPACED.get(_table_key(THIN_SPACED, lang), ())


def words_for(lang: str) -> dict[str, str]:
    """The words that publisher prints, in `lang` or else in English."""
    return dict(zip(KEYS, TERMS.get(_table_key(TERMS, lang), TERMS["en"]), strict=True))


def direction(lang: str) -> str:
    """`rtl` or `ltr`."""
    return "rtl" if lang.lower().split("-")[0] in _RIGHT_TO_LEFT else "ltr"


def long_date(date: datetime.date | None, lang: str, *, weekday: bool = False) -> str:
    """A date in the long form of the language; empty without a date."""
    if date is None:
        return ""
    from babel.dates import format_date

    return format_date(date, "full" if weekday else "long", locale=locale_of(lang))


def month_and_year(year: int, month: int, lang: str) -> str:
    """A month of a year in the long form of the language."""
    from babel.dates import format_skeleton

    return format_skeleton("yMMMM", datetime.datetime(year, month, 1), locale=locale_of(lang))


def list_of(names: Sequence[str], lang: str) -> str:
    """Names joined as in a sentence of the language: `A, B and C`."""
    from babel.lists import format_list

    return format_list(names, locale=locale_of(lang))


def locale_of(lang: str) -> Locale:
    """The locale of a language as Babel knows it; English where it does not."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(lang.replace("-", "_")) if lang else Locale("en")
    except (UnknownLocaleError, ValueError):
        return Locale("en")

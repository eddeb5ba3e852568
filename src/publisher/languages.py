"""What differs by language: quotation marks, direction, dates, and the few words the tool itself prints."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

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
}
# Languages that set a dash between spaces as an en dash; English of America closes it up as an em dash.
EN_DASH = {"de", "fr", "es", "it", "nl", "sv", "fi", "da", "nb", "no", "pl", "cs", "sk", "hu", "tr", "pt", "ro"}

_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "contents": "In this brief",
        "toc": "Contents",
        "sources": "Sources",
        "notes": "Notes",
        "by": "By {}",
        "accessed": "Accessed {}",
        "archived": "Archived at {}",
        "folio": "{} / {}",
        "cover": "Cover",
        "title": "Title page",
        "colophon": "Colophon",
        "back": "Back to the text",
        "start": "Start of text",
        "note": "Note {}",
        "cited": "Cited in",
        "figure": "Picture",
        "made": "Set with publisher {}",
    },
    "de": {
        "contents": "In dieser Ausgabe",
        "toc": "Inhalt",
        "sources": "Quellen",
        "notes": "Anmerkungen",
        "by": "Von {}",
        "accessed": "Abgerufen am {}",
        "archived": "Archiviert unter {}",
        "folio": "{} / {}",
        "cover": "Umschlag",
        "title": "Titelseite",
        "colophon": "Impressum",
        "back": "Zurück zum Text",
        "start": "Textbeginn",
        "note": "Anmerkung {}",
        "cited": "Zitiert in",
        "figure": "Bild",
        "made": "Gesetzt mit publisher {}",
    },
    "fr": {
        "contents": "Au sommaire",
        "toc": "Sommaire",
        "sources": "Sources",
        "notes": "Notes",
        "by": "Par {}",
        "accessed": "Consulté le {}",
        "archived": "Archivé à {}",
        "folio": "{} / {}",
        "cover": "Couverture",
        "title": "Page de titre",
        "colophon": "Colophon",
        "back": "Retour au texte",
        "start": "Début du texte",
        "note": "Note {}",
        "cited": "Cité dans",
        "figure": "Image",
        "made": "Composé avec publisher {}",
    },
    "es": {
        "contents": "En este número",
        "toc": "Índice",
        "sources": "Fuentes",
        "notes": "Notas",
        "by": "Por {}",
        "accessed": "Consultado el {}",
        "archived": "Archivado en {}",
        "folio": "{} / {}",
        "cover": "Cubierta",
        "title": "Portada",
        "colophon": "Colofón",
        "back": "Volver al texto",
        "start": "Inicio del texto",
        "note": "Nota {}",
        "cited": "Citado en",
        "figure": "Imagen",
        "made": "Compuesto con publisher {}",
    },
    "tr": {
        "contents": "Bu sayıda",
        "toc": "İçindekiler",
        "sources": "Kaynaklar",
        "notes": "Notlar",
        "by": "{}",
        "accessed": "Erişim: {}",
        "archived": "Arşiv: {}",
        "folio": "{} / {}",
        "cover": "Kapak",
        "title": "Başlık sayfası",
        "colophon": "Künye",
        "back": "Metne dön",
        "start": "Metnin başı",
        "note": "Not {}",
        "cited": "Anıldığı yer",
        "figure": "Resim",
        "made": "publisher {} ile dizildi",
    },
    "uk": {
        "contents": "У цьому випуску",
        "toc": "Зміст",
        "sources": "Джерела",
        "notes": "Примітки",
        "by": "{}",
        "accessed": "Дата звернення: {}",
        "archived": "Архів: {}",
        "folio": "{} / {}",
        "cover": "Обкладинка",
        "title": "Титульна сторінка",
        "colophon": "Вихідні дані",
        "back": "Назад до тексту",
        "start": "Початок тексту",
        "note": "Примітка {}",
        "cited": "Цитовано в",
        "figure": "Зображення",
        "made": "Зверстано в publisher {}",
    },
}


def _lookup(table: Mapping[str, object], lang: str) -> str:
    lang = lang.lower().replace("_", "-")
    return lang if lang in table else lang.split("-")[0]


def quotes(lang: str) -> tuple[str, str, str, str]:
    """Outer and inner quotation marks; English ones where the language is not in the table."""
    return QUOTES.get(_lookup(QUOTES, lang), QUOTES["en"])


def words_for(lang: str) -> dict[str, str]:
    """The words the tool prints, in `lang`, or in English."""
    return _WORDS.get(_lookup(_WORDS, lang), _WORDS["en"])


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

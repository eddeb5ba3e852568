"""What locators are called: the terms of all locales that are shipped, as their authors may type them, and as we print them."""

from __future__ import annotations

from functools import cache

from lxml import etree

from publisher.text.csl import locales

PAGE = "page"
# The kinds of locators (CSL 1.0.2, appendix IV).
LABELS = frozenset(
    ["act", "appendix", "article-locator", "book", "canon", "chapter", "column", "elocation", "equation", "figure", "folio",
     "issue", "line", "note", "opus", "page", "paragraph", "part", "rule", "scene", "section", "sub-verbo", "supplement", "surah",
     "table", "timestamp", "title-locator", "verse", "version", "volume"]
)  # fmt: skip
# What English citations have beside the terms of the locale.
_ENGLISH = {
    "ch": "chapter", "chap": "chapter", "chaps": "chapter", "sect": "section", "sects": "section", "art": "article-locator",
    "arts": "article-locator", "n": "note", "nn": "note", "l": "line", "ll": "line", "pt": "part", "pts": "part", "bk": "book",
    "bks": "book", "s.v": "sub-verbo", "s.vv": "sub-verbo", "app": "appendix", "vv": "verse", "v": "verse",
    "pg": "page", "pgs": "page",
}  # fmt: skip


def label_of(term: str) -> str:
    """The kind of locator that a term names in any of the languages, with or without a period; empty if it names none."""
    return _labels().get(_folded(term), "")


@cache
def _labels() -> dict[str, str]:
    """The kinds by their terms; where languages differ, English is right, then the others in the order of their names."""
    labels = dict(_ENGLISH)
    for name in sorted(locales.names(), key=lambda name: (not name.startswith("en"), name)):
        for (label, _, _), term in _terms(name).items():
            labels.setdefault(_folded(term), label)
    return labels


def _folded(term: str) -> str:
    return term.strip().rstrip(".").casefold()


@cache
def _terms(locale: str) -> dict[tuple[str, str, bool], str]:
    """The terms of a locale by kind, form and whether they are plural."""
    root = etree.fromstring(locales.text_of(locale).encode())
    found: dict[tuple[str, str, bool], str] = {}
    for term in root.iter("{*}term"):
        if term.get("name") in LABELS:
            form = str(term.get("form") or "long")
            for number in ("single", "multiple"):
                text = term.findtext(f"{{*}}{number}") or ""
                if text.strip():
                    found[(str(term.get("name")), form, number == "multiple")] = text.strip()
    return found


def locator_text(label: str, locator: str, lang: str) -> str:
    """A locator with the short term of its kind, such as `pp. 12–14`; the locator alone if the kind has no term."""
    terms = _terms(locales.locale_of(lang))
    is_plural = any(mark in locator for mark in "–-,&")
    forms = (terms.get((label, form, is_plural)) for form in ("short", "long"))
    term = next((term for term in forms if term), "")
    return f"{term} {locator}" if term else locator

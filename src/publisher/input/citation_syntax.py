"""Citations as pandoc's Markdown writes them: `[see @key, p. 12; @other]`, `@key`, `@key [p. 12]`, `[-@key]`, `@{odd key}`."""

from __future__ import annotations

import re
from dataclasses import replace

from publisher.model.clusters import CitedItem, Cluster
from publisher.text.csl.locator_terms import PAGE, label_of

_RESERVED = ("fig:", "tbl:", "sec:", "eq:")  # prefixes of cross-references
# A key begins with a letter, a digit or a low line; marks stand only inside it (pandoc's manual, "Citation syntax").
_BARE_KEY = r"\w(?:\w|[:.#$%&\-+?<>~/](?=\w))*"
KEY = re.compile(rf"(?P<minus>-)?@(?:\{{(?P<braced>[^{{}}\s]+)\}}|(?P<bare>{_BARE_KEY}))")
_BEFORE_KEY = re.compile(r"(?:^|[\s(\[{\"'“‘„«‹;,/–—-])$")
_NUMBER = r"(?:[A-Za-z]{0,2}\d[\w]*(?:[.:]\w+)*|[ivxlcdmIVXLCDM]+\b)"
_NUMBERS = re.compile(
    rf"{_NUMBER}(?:\s*[-–—]{{1,3}}\s*{_NUMBER})?(?:\s*(?:,|&)\s*(?=\S*\d){_NUMBER}(?:\s*[-–—]{{1,3}}\s*{_NUMBER})?)*"
)
_LABEL = re.compile(r"(?P<label>§§?|¶¶?|[^\W\d_]+(?:\.[^\W\d_]+)*\.?)\s*")
_EMPHASIS = ((re.compile(r"\*\*(.+?)\*\*|__(.+?)__"), "b"), (re.compile(r"\*(.+?)\*|\b_(.+?)_\b"), "i"))
_DASHES = re.compile(r"\s*-{1,3}\s*|\s*[–—]\s*")


def is_reserved(key: str) -> bool:
    """Whether a key belongs to a cross-reference, to an image or a section."""
    return key.startswith(_RESERVED)


def cluster_of(inner: str, text: str, line: int = 0) -> Cluster | None:
    """The cluster in brackets; None if a part names no key, or a reserved one. `text` is what was typed."""
    items = [_item(part) for part in _parts(inner)]
    found = [item for item in items if item is not None]
    if not found or len(found) < len(items) or any(is_reserved(item.key) for item in found):
        return None
    return Cluster(tuple(found), text, line=line)


def named_cluster(match: re.Match[str], bracket: str | None, text: str, line: int = 0) -> Cluster | None:
    """The cluster of a key in the sentence and of what stands in brackets behind it; None if both do not fit together."""
    item = CitedItem(_key(match), suppress_author=bool(match["minus"]))
    items = [item]
    if bracket is not None:
        first, *rest = _parts(bracket)
        if KEY.search(first):
            return None
        label, locator, suffix = _locator(first, is_alone=True)
        items = [replace(item, label=label, locator=locator, suffix=_markup(suffix))]
        others = [_item(part) for part in rest]
        if any(other is None for other in others):
            return None
        items += [other for other in others if other is not None]
    return Cluster(tuple(items), text, author_in_text=not item.suppress_author, line=line)


def _parts(inner: str) -> list[str]:
    """What semicolons part, outside brackets and braces."""
    parts, depth, start = [], 0, 0
    for place, char in enumerate(inner):
        depth += (char in "[{(") - (char in "]})")
        if char == ";" and depth <= 0:
            parts.append(inner[start:place])
            start = place + 1
    return [*parts, inner[start:]]


def _item(part: str) -> CitedItem | None:
    """One part of a cluster: a prefix, a key, a locator, a suffix."""
    part = " ".join(part.split())
    match = next((match for match in KEY.finditer(part) if _BEFORE_KEY.search(part[: match.start()])), None)
    if match is None:
        return None
    label, locator, suffix = _locator(part[match.end() :])
    prefix = _markup(part[: match.start()].strip())
    return CitedItem(_key(match), prefix, label, locator, _markup(suffix), bool(match["minus"]))


def _key(match: re.Match[str]) -> str:
    return match["braced"] or match["bare"]


def _locator(rest: str, is_alone: bool = False) -> tuple[str, str, str]:
    """Label, locator and suffix of what stands behind a key: `, pp. 33-35, and passim`, `{p. x, y} and more`."""
    text = rest.strip()
    has_comma = text.startswith(",")
    text = text[1:].lstrip() if has_comma else text
    if text.startswith("{") and "}" in text:
        inner, _, suffix = text[1:].partition("}")
        label, locator, more = _numbered(inner.strip(), may_be_bare=True)
        if inner.strip() and not locator:
            label, locator, more = PAGE, inner.strip(), ""
        return (label, _DASHES.sub("–", f"{locator}{more}"), suffix) if inner.strip() else ("", "", suffix)
    label, locator, suffix = _numbered(text, may_be_bare=has_comma or is_alone or text[:1].isdigit())
    if locator:
        return label, locator, suffix
    return "", "", (", " if has_comma else "") + text if text else ""


def _numbered(text: str, may_be_bare: bool) -> tuple[str, str, str]:
    """A label with its numbers, or numbers alone, which are pages; all empty, but for the text, if it does not begin so."""
    match = _LABEL.match(text)
    label = label_of(match["label"]) if match else ""
    numbers = _NUMBERS.match(text, match.end()) if match and label else None
    if numbers is None and may_be_bare and text[:1].isdigit():
        label, numbers = PAGE, _NUMBERS.match(text)
    if numbers is None:
        return "", "", text
    return label, _DASHES.sub("–", numbers[0]), text[numbers.end() :]


def _markup(text: str) -> str:
    """Emphasis of Markdown as CSL has it."""
    for pattern, element in _EMPHASIS:
        text = pattern.sub(rf"<{element}>\1\2</{element}>", text)
    return text

"""The first pass: tree and metadata lose control characters and double encoding, and that is reported once a file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from bs4.element import NavigableString

from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.markup import nodes, tags
from publisher.model.metadata import Metadata
from publisher.model.sources import Source
from publisher.text.characters import clean, forbidden_in
from publisher.text.encodings import without_double_encoding


@dataclass
class _Cleaner:
    """Cleans texts; keeps the forbidden characters it found, and the texts it repaired as they were and as they are."""

    forbidden: list[str] = field(default_factory=list)
    repaired: list[tuple[str, str]] = field(default_factory=list)

    def cleaned(self, text: str) -> str:
        if text.isascii() and text.isprintable():
            return text
        readable = without_double_encoding(text)
        if readable != text:
            self.repaired.append((text, readable))
        cleaned = clean(readable)
        if cleaned != readable:
            self.forbidden += forbidden_in(readable)
        return cleaned

    def line(self, text: str) -> str:
        """The same for a text that stands on one line."""
        cleaned = self.cleaned(text)
        return text if cleaned == text and "\n" not in text else " ".join(cleaned.split())

    def record(self, record: Metadata | Source) -> dict[str, Any]:
        """The fields of a record that change."""
        changed: dict[str, Any] = {}
        for name, value in vars(record).items():
            if isinstance(value, Source):
                changed[name] = replace(value, **self.record(value))
            elif isinstance(value, str):
                changed[name] = self.line(value)
            elif isinstance(value, tuple):
                changed[name] = tuple(self.line(part) if isinstance(part, str) else part for part in value)
        return changed


def apply(article: Article, manuscript: Manuscript) -> Article:
    """The article without characters that cannot stand in XML or are no characters."""
    cleaner = _Cleaner()
    texts = [node for node in nodes(article.root) if isinstance(node, NavigableString)]
    for text in (text for text in texts if not (text.isascii() and text.isprintable())):
        if (cleaned := cleaner.cleaned(str(text))) != text:
            text.replace_with(NavigableString(cleaned))
    for tag in tags(article.root):
        for name, value in tag.attrs.items():
            if isinstance(value, str) and not value.startswith("data:") and (cleaned := cleaner.line(value)) != value:
                tag[name] = cleaned
    metadata = replace(article.metadata, **cleaner.record(article.metadata))
    for before, after in cleaner.repaired:
        manuscript.report_double_encoding(before, after)
    manuscript.report_characters(cleaner.forbidden)
    return replace(article, metadata=metadata)

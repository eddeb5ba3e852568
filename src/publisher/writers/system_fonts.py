"""The warnings for fonts of the machine that a page is set in: no other machine needs to have the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic
from publisher.model.edition import Entry
from publisher.writers.contract import Places
from publisher.writers.missing_characters import context_of, descriptions, text_of_entry

_HINT = "for the same pages on every machine, add a font that has them to the theme, or name it in fallback.css"
_HINT_NAMED = "for the same pages on every machine, put the font into the theme and declare it with @font-face"


@dataclass(frozen=True)
class SystemFont:
    """A font of the machine: its family, its version as the file states it (empty if it does not), what is set in it.

    `characters` are sorted, without spaces.
    """

    family: str
    version: str
    characters: str

    @property
    def name(self) -> str:
        """Family and version, as messages and records have it."""
        return f"{self.family} ({self.version})" if self.version else self.family


def merged_fonts(fonts: Iterable[SystemFont]) -> tuple[SystemFont, ...]:
    """Each font once, sorted, with the characters of all."""
    characters: dict[tuple[str, str], set[str]] = {}
    for font in fonts:
        characters.setdefault((font.family, font.version), set()).update(font.characters)
    return tuple(SystemFont(*key, "".join(sorted(characters[key]))) for key in sorted(characters))


def system_font_diagnostics(fonts: Iterable[SystemFont], entries: Iterable[Entry], place: Places) -> Iterator[Diagnostic]:
    """A warning for each font and article. A font that letters of ASCII are set in is named by the theme: it has no place."""
    texts = {entry.slug: text_of_entry(entry) for entry in entries}
    for font in fonts:
        if any(char.isascii() and char.isalpha() for char in font.characters):
            message = f"text is set in {font.name}, a font of this machine, which the theme names and does not have"
            yield Diagnostic(Code.FONT_SYSTEM, message, hint=_HINT_NAMED)
            continue
        rest = set(font.characters)
        for slug, text in texts.items():
            if found := [char for char in dict.fromkeys(text) if char in font.characters]:
                rest.difference_update(found)
                words = f"{_message(font, found)}: “…{context_of(text, found[0])}…”"
                yield Diagnostic(Code.FONT_SYSTEM, words, place(slug, found[0]), _HINT, slugs=(slug,))
        if rest:
            yield Diagnostic(Code.FONT_SYSTEM, _message(font, sorted(rest)), hint=_HINT)


def _message(font: SystemFont, characters: list[str]) -> str:
    return f"no font of the theme has {descriptions(characters)}; set in {font.name}, a font of this machine"

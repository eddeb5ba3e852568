"""A manuscript: the bytes that came in, what is given for them from outside, and the one door to the files beside them.

Whatever a reader or a pass opens or reports goes through here, so a build knows what it depended on.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from publisher.input.folders import folders_of, place_in
from publisher.input.named_files import Refusal, read_named
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.model.limits import Limits
from publisher.model.metadata import Metadata
from publisher.model.parts import Removal
from publisher.model.public_addresses import without_secrets
from publisher.text.characters import clean, forbidden_in, without_frames
from publisher.text.encodings import decoded, without_double_encoding

_CHARACTERS_PER_NUL = 200  # in text; with more, a file is binary
_LONGEST_EXAMPLE = 30  # characters
_LONGEST_NAME = 80  # characters of a file's name or an address in a message
_LEAST_REST = 4  # characters of an address behind its scheme by which its line is found where the scheme is written otherwise
_SEARCHED = 1_000_000_000  # bytes looked through for the lines of messages, about a second; later messages name only the file


@dataclass
class _Places:
    """Where texts were found in the source: for each the last occurrence, its offset and line. `left` are bytes to search."""

    found: dict[bytes, tuple[int, int, int]] = field(default_factory=dict)
    left: int = _SEARCHED


@dataclass(frozen=True)
class Manuscript:
    """`label` is the path as messages name it; `given` is what manifest and sidecar say of the article.

    `since` and `most` are which of several articles are wanted: those dated that day or later, the first so many of them.
    `cites` says whether the edition has a citation library, so that `@key` in Markdown is a citation.
    It may name files in its own folder and in `folders` (folders.folders_of). `opened` has the bytes of those that were asked
    for, None where there are none; `refused` says why some may not be read, `reported` which of these have a message.
    `removed` collects what is taken out where no article is at hand.
    """

    path: Path
    data: bytes
    label: str
    given: Metadata = Metadata()
    limits: Limits = Limits()
    since: datetime.date | None = None
    most: int | None = None
    folders: tuple[str, ...] = ()
    cites: bool = False
    diagnostics: list[Diagnostic] = field(default_factory=list, compare=False)
    opened: dict[str, bytes | None] = field(default_factory=dict, compare=False)
    refused: dict[str, Refusal] = field(default_factory=dict, compare=False)
    reported: set[str] = field(default_factory=set, compare=False)
    removed: list[Removal] = field(default_factory=list, compare=False)

    def report(self, code: Code, message: str, *, line: int = 0, hint: str = "") -> None:
        """Adds a diagnostic at `line` (from 1; 0: the file as a whole); the build goes on."""
        self.diagnostics.append(Diagnostic(code, message, Location(self.label, line), hint))

    def error(self, code: Code, message: str, *, line: int = 0, hint: str = "") -> PublisherError:
        """The error to raise where the manuscript cannot be read."""
        return PublisherError(Diagnostic(code, message, Location(self.label, line), hint))

    def too_large(self) -> PublisherError:
        """The error to raise where the manuscript has more bytes than the limit."""
        hint = "raise megabytes under [limits] in the manifest"
        return self.error(Code.LIMIT, f"larger than {self.limits.megabytes} MB", hint=hint)

    def remove(self, rule: str, words: str, place: str = "", images: int = 0) -> None:
        """Records what is taken out, unless there is nothing in it."""
        self.record(Removal(rule, words, place, images))

    def record(self, *removals: Removal) -> None:
        """Keeps the records that have words or images."""
        self.removed.extend(removal for removal in removals if removal.images or removal.words.strip())

    def open(self, name: str, written: str = "") -> bytes | None:
        """The bytes of a file named relative to the manuscript; None where there is none that can be read.

        A file that may not be read is reported once, at the line where its name stands, or what is `written` in its place.
        """
        data, refusal = self.look(name)
        if refusal and name not in self.reported:
            self.reported.add(name)
            shown = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
            line = self.line_of(written or name)
            self.report(Code.PATH_REFUSED, f"{shown} is not read: {refusal.reason}", line=line, hint=refusal.hint)
        return data

    def look(self, name: str) -> tuple[bytes | None, Refusal | None]:
        """As `open`, but what is refused is not reported."""
        if name not in self.opened:
            found = read_named(self._folders, self._folder, name, self.limits.megabytes)
            if isinstance(found, Refusal):
                self.refused[name] = found
            self.opened[name] = None if isinstance(found, Refusal) else found
        return self.opened[name], self.refused.get(name)

    def place_of(self, name: str) -> Path | None:
        """Where a file named relative to the manuscript would be, links resolved; None if that is in none of its folders."""
        try:
            place = place_in(self._folders, self._folder, name)
        except ValueError:  # a NUL byte in the name
            return None
        return Path(place) if place else None

    @cached_property
    def _folder(self) -> str:
        return os.path.realpath(self.path.parent)

    @cached_property
    def _folders(self) -> tuple[str, ...]:
        return (*folders_of([self.path.parent]), *self.folders)

    def report_address(self, address: str, *, line: int = 0, file: str = "") -> None:
        """Reports an address that no output may have (model/addresses.py). The line, if not given, is looked for."""
        line = line or (0 if file else self.line_of_address(address))
        shown = without_secrets(" ".join(address.split()))
        message = f"the address {shown[:_LONGEST_NAME]} is left out: only http, https, mailto and tel may stand in an output"
        hint = "give a whole address (https://…), or none"
        self.diagnostics.append(Diagnostic(Code.ADDRESS_REFUSED, message, Location(file or self.label, line), hint))

    def text(self) -> str:
        """The characters, without controls and double encoding; what was guessed or repaired is reported, once.

        Raises PublisherError where the encoding cannot be recognized, or there are no words.
        """
        return self._text

    def typed(self) -> str:
        """As `text`, but with the control characters, which frame the transmissions of a news agency."""
        return self._typed

    @cached_property
    def _typed(self) -> str:
        typed = self._decoded().removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        readable = without_double_encoding(typed)
        self.report_double_encoding(typed, readable)
        return readable

    @cached_property
    def _text(self) -> str:
        self.report_characters(forbidden_in(without_frames(self._typed)))
        text = clean(self._typed)
        if not text.strip("\ufeff\ufffd \t\n"):
            raise self.error(Code.MANUSCRIPT_EMPTY, "the manuscript is empty", hint="remove it from the manifest, or add text")
        return text

    def report_characters(self, forbidden: Sequence[str]) -> None:
        """Reports characters that were removed, or replaced by U+FFFD: once for the whole file, with the line of the first."""
        if not forbidden or any(diagnostic.code is Code.CHARACTERS for diagnostic in self.diagnostics):
            return
        first, count = forbidden[0], len(forbidden)
        names = f"the control character U+{ord(first):04X}" + (f" and {count - 1} more" if count > 1 else "")
        line = self.line_of(first) if ord(first) < 0xD800 else 0
        self.report(
            Code.CHARACTERS, f"removed {names}", line=line, hint="ask the sender for a correct file, if words are missing there"
        )

    def report_double_encoding(self, before: str, after: str) -> None:
        """Reports text that was encoded twice and is repaired: once for the whole file, with the first example."""
        if before == after or any(diagnostic.code is Code.DOUBLE_ENCODING for diagnostic in self.diagnostics):
            return
        pairs = zip(before.split("\n"), after.split("\n"), strict=False)
        line, wrong, right = next((number, *pair) for number, pair in enumerate(pairs, 1) if pair[0] != pair[1])
        words = ((word, repaired) for word, repaired in zip(wrong.split(), right.split(), strict=False) if word != repaired)
        example = " is now ".join(text[:_LONGEST_EXAMPLE] for text in next(words, (wrong.strip(), right.strip())))
        self.report(Code.DOUBLE_ENCODING, f"text that was encoded twice is repaired: {example}", line=line)

    def line_of(self, snippet: str, occurrence: int = 1) -> int:
        """The 1-based line on which `snippet` stands for the `occurrence`-th time in the source; 0 where it does not.

        Trees carry no positions (bs4 over lxml has none), so messages find theirs by this scan. It is 0 in archives, which
        have no lines, and where a gigabyte was looked through for earlier messages.
        """
        needle, places = snippet.encode(), self._places
        if not needle or self.data.startswith(b"PK\x03\x04"):
            return 0
        count, start, line = places.found.get(needle, (0, -1, 1))
        if count > occurrence:
            count, start, line = 0, -1, 1
        while count < occurrence:
            if places.left <= 0:
                return 0
            before, start = max(start, 0), self.data.find(needle, start + 1)
            places.left -= (len(self.data) if start < 0 else start) - before
            if start < 0:
                return 0
            count, line = count + 1, line + self.data.count(b"\n", before, start)
        places.found[needle] = (count, start, line)
        return line

    def line_of_address(self, address: str) -> int:
        """The line of an address, however it is written in the source; of its end, if its scheme is written in another way."""
        rest = address.partition(":")[2]
        forms = (address, address.replace("&", "&amp;"), unquote(address), address.replace("/", "\\/"))
        lines = (self.line_of(form) for form in (*forms, *([rest] if len(rest) >= _LEAST_REST else [])))
        return next(filter(None, lines), 0)

    @cached_property
    def _places(self) -> _Places:
        return _Places()

    def line_at(self, place: int) -> int:
        """The 1-based line of the byte at `place`."""
        return self.data.count(b"\n", 0, place) + 1

    def _decoded(self) -> str:
        text = self.decoded(self.data)
        if text.count("\x00") * _CHARACTERS_PER_NUL > len(text):
            raise self._binary()
        return text

    def decoded(self, data: bytes, label: str = "", name: str = "") -> str:
        """The characters of bytes from this manuscript, as `text.encodings.decoded` has them; what had to be guessed is reported.

        `label` is the encoding declared for the bytes, `name` what a message calls them where they are a part of the manuscript.
        Raises PublisherError if no encoding fits.
        """
        result = decoded(data, label)
        if result is None:
            raise self._binary()
        of_part = f" in {name}" if name else ""
        if result.guessed:
            self.report(Code.ENCODING_GUESSED, f"read as {result.encoding}{of_part}, a guess", hint="save the file as UTF-8")
        if result.invalid:
            line = self.line_at(result.place) if data is self.data else 0
            bytes_are = "1 byte is" if result.invalid == 1 else f"{result.invalid:,} bytes are"
            self.report(
                Code.ENCODING_REPAIRED,
                f"{bytes_are} not {result.encoding.upper()}, as the rest is{of_part}; each is shown as \ufffd",
                line=line,
                hint="ask the sender for a correct file",
            )
        return result.text

    def _binary(self) -> PublisherError:
        message = "not text: neither UTF-8 nor another encoding that can be recognized"
        return self.error(Code.ENCODING, message, hint="save the file as UTF-8")

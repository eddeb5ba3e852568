"""A manuscript: the bytes that came in, what is given for them from outside, and the one door to the files beside them.

Whatever a reader or a pass opens or reports goes through here, so a build knows what it depended on.
"""

from __future__ import annotations

import codecs
import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.model.limits import Limits
from publisher.model.metadata import Metadata
from publisher.text.characters import clean, forbidden_in
from publisher.text.encodings import guess_encoding

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)

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
    """

    path: Path
    data: bytes
    label: str
    given: Metadata = Metadata()
    limits: Limits = Limits()
    since: datetime.date | None = None
    most: int | None = None
    diagnostics: list[Diagnostic] = field(default_factory=list, compare=False)
    opened: dict[str, bytes | None] = field(default_factory=dict, compare=False)
    places: _Places = field(default_factory=_Places, compare=False, repr=False)

    def report(self, code: Code, message: str, *, line: int = 0, hint: str = "") -> None:
        """Adds a diagnostic at `line` (from 1; 0: the file as a whole); the build goes on."""
        self.diagnostics.append(Diagnostic(code, message, Location(self.label, line), hint))

    def error(self, code: Code, message: str, *, line: int = 0, hint: str = "") -> PublisherError:
        """The error to raise where the manuscript cannot be read."""
        return PublisherError(Diagnostic(code, message, Location(self.label, line), hint))

    def open(self, relative: str) -> bytes | None:
        """The bytes of a file named relative to the manuscript; None where there is none that can be read."""
        if relative not in self.opened:
            try:
                self.opened[relative] = (self.path.parent / relative).read_bytes()
            except (OSError, ValueError):  # ValueError: a NUL byte in the name
                self.opened[relative] = None
        return self.opened[relative]

    def text(self) -> str:
        """The characters, by the byte-order mark, else as UTF-8, else by a `<meta>` charset, else by a guess, which is reported.

        Raises PublisherError where the encoding cannot be recognized, or there are no words.
        """
        decoded = self._decoded().replace("\r\n", "\n").replace("\r", "\n")
        self.report_characters(forbidden_in(decoded))
        text = clean(decoded)
        if not text.strip("\ufeff \t\n\x00"):
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

    def line_of(self, snippet: str, occurrence: int = 1) -> int:
        """The 1-based line on which `snippet` stands for the `occurrence`-th time in the source; 0 where it does not.

        Trees carry no positions (bs4 over lxml has none), so messages find theirs by this scan. It is 0 also where a gigabyte was
        looked through for earlier messages.
        """
        needle, places = snippet.encode(), self.places
        if not needle:
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

    def _decoded(self) -> str:
        for mark, encoding in _BOMS:
            if self.data.startswith(mark):
                return self._decode(encoding)
        try:
            text = self.data.decode("utf-8")
        except UnicodeDecodeError:
            return self._guessed()
        if "\x00" in text:
            raise self._binary()
        return text

    def _decode(self, encoding: str) -> str:
        try:
            return self.data.decode(encoding)
        except UnicodeDecodeError as problem:
            line = self.data.count(b"\n", 0, problem.start) + 1
            message = f"the byte-order mark says {encoding}, but the bytes are not"
            raise self.error(Code.ENCODING, message, line=line, hint="save the file as UTF-8") from None

    def _guessed(self) -> str:
        declared = _META_CHARSET.search(self.data[:4096])
        if declared:
            try:
                return self.data.decode(declared[1].decode("ascii"))
            except (LookupError, UnicodeDecodeError):
                pass
        text, encoding = guess_encoding(self.data)
        if not text or "\x00" in text:
            raise self._binary()
        self.report(Code.ENCODING_GUESSED, f"read as {encoding}, a guess", hint="save the file as UTF-8")
        return text

    def _binary(self) -> PublisherError:
        message = "not text: neither UTF-8 nor another encoding that can be recognized"
        return self.error(Code.ENCODING, message, hint="save the file as UTF-8")

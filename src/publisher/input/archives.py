"""Zip archives that came in as manuscripts (docx, odt, epub): opened within limits, read by name."""

from __future__ import annotations

import io
import zipfile
import zlib

from publisher.input.manuscript import Manuscript
from publisher.model.codes import Code

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # what Office wraps an encrypted document in, and what it wrote before 2007
_ENCRYPTED = 0x1  # the first general purpose bit (APPNOTE 4.4.4)
_FREE = 1_000_000  # bytes below which no ratio is suspicious


class Archive:
    """The files of a zip by name. Raises PublisherError where it is broken, encrypted, or larger than the limits."""

    def __init__(self, manuscript: Manuscript) -> None:
        self._manuscript = manuscript
        if manuscript.data.startswith(_OLE):
            raise manuscript.error(
                Code.ENCRYPTED,
                "an encrypted document, or one in the format from before 2007",
                hint="open it and save it without a password",
            )
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(manuscript.data))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            raise self._broken() from None
        self._check(self._zip.infolist())

    def _check(self, entries: list[zipfile.ZipInfo]) -> None:
        limits, error = self._manuscript.limits, self._manuscript.error
        hint = "raise it under [limits] in the manifest if the file is to be trusted"
        size, packed = sum(one.file_size for one in entries), max(1, len(self._manuscript.data))
        if any(one.flag_bits & _ENCRYPTED for one in entries):
            raise error(Code.ENCRYPTED, "the archive is encrypted", hint="save it without a password")
        if len(entries) > limits.files:
            raise error(Code.LIMIT, f"{len(entries)} files in the archive, {limits.files} is the limit", hint=hint)
        if size > limits.unpacked_megabytes * 1_000_000:
            raise error(
                Code.LIMIT,
                f"the archive unpacks to {size / 1_000_000:.0f} MB, {limits.unpacked_megabytes} is the limit",
                hint=hint,
            )
        if size > _FREE and size > limits.ratio * packed:
            raise error(
                Code.LIMIT, f"the archive unpacks to {size // packed} times its size, {limits.ratio} is the limit", hint=hint
            )

    @property
    def names(self) -> list[str]:
        return self._zip.namelist()

    def has(self, name: str) -> bool:
        return name in self._zip.NameToInfo

    def read(self, name: str) -> bytes:
        """The bytes of a file. Raises PublisherError where it is not there or broken."""
        try:
            with self._zip.open(name) as file:
                return file.read(self._zip.getinfo(name).file_size + 1)
        except KeyError:
            raise self._manuscript.error(Code.ARCHIVE_BROKEN, f"{name} is not in the archive") from None
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
            raise self._broken(name) from None

    def _broken(self, name: str = "") -> Exception:
        where = f"{name} in the archive is broken" if name else "not an archive that can be read: it is broken or cut off"
        return self._manuscript.error(Code.ARCHIVE_BROKEN, where, hint="get the file again")

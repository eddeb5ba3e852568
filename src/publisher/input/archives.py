"""Manuscripts that are zip archives (docx, odt, epub): opened within limits, their files read by name."""

from __future__ import annotations

import io
import zipfile
import zlib

from publisher.input.manuscript import Manuscript
from publisher.model.codes import Code

_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of encrypted Office documents, and of all before 2007
_ENCRYPTED_FLAG = 0x1  # the first general purpose bit (APPNOTE 4.4.4)
_MIN_SIZE_FOR_RATIO = 1_000_000  # bytes: in smaller archives the ratio of compression is not checked


class Archive:
    """The files of a zip archive by name. Raises PublisherError if it is broken, encrypted, or larger than the limits."""

    def __init__(self, manuscript: Manuscript) -> None:
        self._manuscript = manuscript
        if manuscript.data.startswith(_OLE_SIGNATURE):
            raise manuscript.error(
                Code.ENCRYPTED,
                "the document is encrypted, or in an Office format from before 2007",
                hint="save it without a password, in a current format",
            )
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(manuscript.data))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            raise self._broken_error() from None
        self._check_limits(self._zip.infolist())

    def _check_limits(self, entries: list[zipfile.ZipInfo]) -> None:
        limits, error = self._manuscript.limits, self._manuscript.error
        hint = "if you trust the file, raise the limit under [limits] in the manifest"
        size, packed = sum(entry.file_size for entry in entries), max(1, len(self._manuscript.data))
        if any(entry.flag_bits & _ENCRYPTED_FLAG for entry in entries):
            raise error(Code.ENCRYPTED, "the archive is encrypted", hint="save it without a password")
        if len(entries) > limits.files:
            raise error(Code.LIMIT, f"the archive has {len(entries)} files; {limits.files} is the limit", hint=hint)
        if size > limits.unpacked_megabytes * 1_000_000:
            raise error(
                Code.LIMIT,
                f"the archive unpacks to {size / 1_000_000:.0f} MB; {limits.unpacked_megabytes} is the limit",
                hint=hint,
            )
        if size > _MIN_SIZE_FOR_RATIO and size > limits.ratio * packed:
            raise error(
                Code.LIMIT, f"the archive unpacks to {size // packed} times its size; {limits.ratio} is the limit", hint=hint
            )

    @property
    def names(self) -> list[str]:
        return self._zip.namelist()

    def has(self, name: str) -> bool:
        return name in self._zip.NameToInfo

    def read(self, name: str) -> bytes:
        """The bytes of a file in the archive. Raises PublisherError if it is missing or broken."""
        try:
            with self._zip.open(name) as file:
                return file.read(self._zip.getinfo(name).file_size + 1)
        except KeyError:
            raise self._manuscript.error(Code.ARCHIVE_BROKEN, f"file not found in the archive: {name}") from None
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
            raise self._broken_error(name) from None

    def _broken_error(self, name: str = "") -> Exception:
        message = f"{name} in the archive is broken" if name else "not a zip archive: the file is cut off or is something else"
        return self._manuscript.error(Code.ARCHIVE_BROKEN, message, hint="copy or export the file again")

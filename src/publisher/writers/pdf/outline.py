"""The outline of a file, which readers show as bookmarks (ISO 32000-1, 12.3.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from publisher.writers.pdf.growing_file import GrowingFile


@dataclass(frozen=True)
class OutlineEntry:
    """A line of the outline. `anchor`, its destination, is an anchor of a sheet."""

    title: str
    anchor: str
    children: tuple[OutlineEntry, ...] = ()


def add_outline(file: GrowingFile, entries: Sequence[OutlineEntry], destinations: Mapping[bytes, bytes]) -> int:
    """Writes an outline whose entries are closed; gives its number. Entries without one of the `destinations` are left out."""
    number = file.reserve()
    file.add(b"<< /Type /Outlines%s >>" % _kids(file, entries, destinations, number, closed=False), number)
    return number


def _kids(
    file: GrowingFile, entries: Sequence[OutlineEntry], destinations: Mapping[bytes, bytes], parent: int, *, closed: bool = True
) -> bytes:
    """Writes the items of a level; gives what the item above says of them. The number of items that are hidden is negative."""
    from pikepdf import String  # not for the cover of an e-book

    placed = [(entry, destinations[place]) for entry in entries if (place := bytes(String(entry.anchor))) in destinations]
    numbers = [file.reserve() for _ in placed]
    for index, (entry, destination) in enumerate(placed):
        previous = b" /Prev %d 0 R" % numbers[index - 1] if index else b""
        following = b" /Next %d 0 R" % numbers[index + 1] if index + 1 < len(numbers) else b""
        below = _kids(file, entry.children, destinations, numbers[index])
        file.add(
            b"<< /Title %s /Parent %d 0 R%s%s /Dest %s%s >>"
            % (String(entry.title).unparse(), parent, previous, following, destination, below),
            numbers[index],
        )
    count = -len(numbers) if closed else len(numbers)
    return b" /First %d 0 R /Last %d 0 R /Count %d" % (numbers[0], numbers[-1], count) if numbers else b""

"""The feeds that a manifest lists: what `publisher fetch` is to ask for, and what it captured of them so far."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from publisher.build.feed_addresses import line_of_entry
from publisher.build.manifest import ListedFeed, Manifest
from publisher.build.manifest_file import load
from publisher.input.captures import CAPTURE_INDEX, CAPTURED_FEEDS, captures_in
from publisher.input.folders import folders_of
from publisher.input.formats import FEEDS
from publisher.input.named_files import read_named
from publisher.input.sniffing import kind_of
from publisher.model import disk
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location
from publisher.model.limits import Limits
from publisher.model.public_addresses import without_secrets


@dataclass(frozen=True)
class FeedPlace:
    """A feed of a manifest, and where it stands there."""

    feed: ListedFeed
    place: Location


@dataclass(frozen=True)
class CapturedFeed:
    """The file that was captured of a feed; None, with a warning, where there is none."""

    file: Path | None
    diagnostics: tuple[Diagnostic, ...] = ()


def feeds_in(manifest: Manifest, text: str, label: str) -> tuple[tuple[FeedPlace, ...], ...]:
    """The feeds of each section of a manifest, whose text is `text`."""
    return tuple(
        tuple(
            FeedPlace(feed, Location(label, line_of_entry(text, ("section", number, "feeds"), feed.url)))
            for feed in section.feeds
        )
        for number, section in enumerate(manifest.section)
    )


def feeds_of(path: Path, profile: str | None = None, date: str | None = None) -> tuple[FeedPlace, ...]:
    """All feeds of the manifest at `path`, in order, with a profile and for a day. Raises PublisherError as `load` does."""
    loaded = load(path, str(path), profile, date)
    return tuple(feed for feeds in feeds_in(loaded.manifest, loaded.text, str(path)) for feed in feeds)


def captured_feeds(folder: Path, feeds: Sequence[FeedPlace], label: str) -> list[CapturedFeed]:
    """What was captured of each feed, in the folder beside the manifest, which is in `folder`.

    Only plain files of that folder are taken, whatever the index says.
    """
    if not feeds:
        return []
    captured = folder / CAPTURED_FEEDS
    if captured.is_dir():
        disk.mend([captured / CAPTURE_INDEX])
    index = _look(captured, CAPTURE_INDEX)
    captures = captures_in(index)
    return [_captured(captured, captures.file_of(entry.feed.url), entry, label) for entry in feeds]


def _captured(folder: Path, name: str, entry: FeedPlace, label: str) -> CapturedFeed:
    data = _look(folder, name) if name and PurePath(name).name == name else None
    if data is not None and kind_of(name, data) in FEEDS:
        return CapturedFeed(folder / name)
    shown = without_secrets(entry.feed.url)
    reason = f"was not captured yet: there is none of it in {folder}" if data is None else f"is no feed: {folder / name}"
    hint = f"run `publisher fetch {label}`"
    return CapturedFeed(None, (Diagnostic(Code.FEED_NOT_CAPTURED, f"{shown} {reason}", entry.place, hint),))


def _look(folder: Path, name: str) -> bytes | None:
    found = read_named(folders_of([folder]), os.path.realpath(folder), name, Limits().megabytes)
    return found if isinstance(found, bytes) else None

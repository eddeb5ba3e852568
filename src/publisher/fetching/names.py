"""The names of captured files: made of their address, the same each time, or chosen with `--as`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePath

from slugify import slugify

from publisher.input.captures import Captures, address_key, digits_of
from publisher.input.formats import UNREADABLE, readable
from publisher.model.public_addresses import without_secrets

_LONGEST = 100  # characters
_FORBIDDEN = re.compile(r'[/\\:*?"<>|]')
_WITHOUT_WORDS = re.compile(r"[\s.]*")
# What the folder has under these names: the manifest, the index of captures. Windows has devices under the others.
_RESERVED = re.compile(r"publisher|fetched|con|prn|aux|nul|(?:com|lpt)\d", re.IGNORECASE)


@dataclass(frozen=True)
class Name:
    """A name of a captured file; without a suffix it gets that of its format, and where its suffix is that of another format.

    If `is_chosen`, such a file is refused instead: the user expects it under this name.
    """

    stem: str
    suffix: str = ""
    is_chosen: bool = False


def stem_of(url: str) -> str:
    """A file name (without suffix) for an address: words of its path, and six hash digits that make it unique."""
    host, *path = re.split(r"[?#]", without_secrets(url).partition("//")[2])[0].split("/")
    last_part = next(filter(None, reversed(path)), re.sub(r":\d*$", "", host))
    words = slugify(re.sub(r"\.\w{1,5}$", "", last_part), max_length=50, word_boundary=True) or "page"
    return f"{words}-{digits_of(url)}"


def name_of(text: str) -> Name:
    """The name that a user gives. Raises ValueError with the reason where a file cannot have it."""
    path = PurePath(text)
    suffix = path.suffix if path.suffix.lower() in (*readable(), *UNREADABLE) else ""
    stem = text.removesuffix(suffix)
    if _WITHOUT_WORDS.fullmatch(stem):
        raise ValueError("the name is empty")
    if _FORBIDDEN.search(text) or not text.isprintable():
        raise ValueError('a name has no / \\ : * ? " < > | and no control characters')
    if text != text.strip() or text.startswith(".") or text.endswith("."):
        raise ValueError("a name does not start with a dot or a space, or end with one")
    if len(text) > _LONGEST:
        raise ValueError(f"a name has at most {_LONGEST} characters")
    if path.suffix.lower() == ".toml":
        raise ValueError("a .toml file describes a manuscript; the suffix may be left out")
    if _RESERVED.fullmatch(stem.partition(".")[0]):
        raise ValueError(f"{stem} is reserved")
    return Name(stem, suffix, is_chosen=True)


def name_for(url: str, chosen: Name | None, captures: Captures) -> Name:
    """The name of the file for an address: the chosen one, else the one it has in the folder, else one made of the address."""
    file = PurePath(_file_of(url, captures))
    try:
        name_of(file.name)
    except ValueError:  # there is none, or publisher did not write the index
        return chosen or Name(stem_of(url))
    is_other = chosen is not None and (chosen.stem != file.stem or chosen.suffix not in ("", file.suffix))
    return chosen if chosen is not None and is_other else Name(file.stem, file.suffix)


def conflict(url: str, chosen: Name, captures: Captures, into: Path) -> str:
    """The file of the folder that a capture would replace, or share its sidecar with; empty if there is none.

    The files that were captured from this address under this name are to be replaced.
    """
    own, name = PurePath(_file_of(url, captures)), name_for(url, chosen, captures)
    ours = {own.name, f"{own.stem}.toml"} if own.name == f"{name.stem}{name.suffix or own.suffix}" else set()
    names = sorted(path.name for path in into.iterdir() if path.is_file()) if into.is_dir() else []
    return next((file for file in names if file not in ours and PurePath(file).stem.lower() == name.stem.lower()), "")


def _file_of(url: str, captures: Captures) -> str:
    return str(captures.records.get(address_key(url), {}).get("file") or "")

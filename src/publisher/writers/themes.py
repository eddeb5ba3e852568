"""Themes: folders with CSS for the page and the e-book, templates and fonts. Files that a theme lacks come from its parent."""

from __future__ import annotations

import hashlib
import os
import tomllib
import traceback
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_type_hints

from publisher.input.toml_lines import line_of
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.model.papers import Paper
from publisher.store import file_digests, scratch
from publisher.store.files import write_all

if TYPE_CHECKING:
    import jinja2

DEFAULT = "brief"
_UTF_8 = "save it as UTF-8"


@dataclass(frozen=True)
class ThemeSettings:
    """The keys of theme.toml other than `extends`; keys that it leaves out have the parent's values.

    `flow` controls which articles can follow each other on a page: auto (all), article (none), section (all of a section).
    `recto` starts every sheet on a right-hand page. `under`: with at most this many articles, the first one starts below the
    contents. `news`: items of at most this many words, several in a row, are set as news. `paper` is the paper size if the
    manifest names none. `head` is the maximum number of characters of a headline in a running head. A sheet whose last page
    would hold a few lines is set again with so many percent less leading (`tight_leading`), space between blocks
    (`tight_spacing`) and height of images (`tight_images`), and with these bounds of hyphenation (`tight_hyphens`).
    """

    label: str = ""
    flow: Literal["auto", "article", "section"] = "auto"
    paper: Paper = "A4"
    recto: bool = False
    under: int = 100_000
    news: int = 0
    tight_leading: int = 2
    tight_spacing: int = 40
    tight_images: int = 10
    tight_hyphens: str = "5 2 2"
    head: int = 54


@dataclass(frozen=True)
class Theme:
    """A theme with its parents. `folders` has its own folder first, then its parents'; the first file of a name is used."""

    name: str
    folders: tuple[Path, ...]
    settings: ThemeSettings = ThemeSettings()
    digest: str = ""

    @property
    def own_folders(self) -> tuple[Path, ...]:
        """The folders that are not shipped."""
        return tuple(folder for folder in self.folders if folder.parent != shipped())

    def path(self, name: str) -> Path | None:
        """The file `name` of this theme or of the nearest parent that has it; None if none has it."""
        return next((folder / name for folder in self.folders if (folder / name).is_file()), None)

    def paths(self, name: str) -> list[Path]:
        """The files `name` of all parents and this theme, the most distant parent's first: later files add to earlier ones."""
        return [folder / name for folder in reversed(self.folders) if (folder / name).is_file()]

    def read(self, name: str) -> str:
        """The text of a file of the theme. Raises PublisherError if it is missing."""
        path = self.path(name)
        if path is None:
            raise PublisherError(
                Diagnostic(
                    Code.THEME_FILE, f"the theme {self.name} has no {name}", hint="add the file, or extend a theme that has it"
                )
            )
        return text_of(path)

    def image(self, name: str) -> Path | None:
        """The image that a style sheet or a template names by its path in the theme; None if no folder of the theme has it."""
        found = self.path(name)
        if found is None:
            return None
        place = found.resolve()
        return place if any(place.is_relative_to(folder.resolve()) for folder in self.folders) else None

    def missing_image(self, name: str) -> Diagnostic:
        """The error that a theme has no image of this name, with the place where it is named, as far as that is found."""
        place = None
        for folder in self.folders:
            for path in (*sorted(folder.glob("templates/*.j2")), *sorted(folder.glob("*.css"))):
                text = path.read_text("utf-8", "replace")
                if place is None and name in text:
                    place = Location(str(path), text.count("\n", 0, text.index(name)) + 1)
        hint = "put the image into the folder of the theme; its path is relative to that folder"
        return Diagnostic(Code.THEME_FILE, f"the theme {self.name} has no image {name}", place, hint)

    def fonts(self) -> tuple[Path, ...]:
        """The font files, sorted by name; the theme's own replace inherited ones of the same name."""
        files = {path.name: path for folder in reversed(self.folders) for path in sorted((folder / "fonts").glob("*.[tow]*f*"))}
        return tuple(files[name] for name in sorted(files))

    def font_names(self) -> tuple[str, ...]:
        """The paths in the theme of all its TrueType files, including the fallback fonts."""
        names = {path.relative_to(folder).as_posix() for folder in self.folders for path in folder.glob("*/*.ttf")}
        return tuple(sorted(names))

    def __reduce__(self) -> Any:
        """Pickles a shipped theme by its name and a user's theme with its files, so that it can be sent to another machine."""
        own = self.own_folders
        files = [
            {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()} for folder in own
        ]
        names = [folder.name for folder in self.folders if folder.parent == shipped()]
        return _rebuild, (self.name, [str(folder) for folder in own], files, names, self.settings, self.digest)

    def prepare(self, *templates: str) -> None:
        """Compiles templates that will be rendered. Their faults are reported then."""
        import jinja2

        for template in templates:
            with suppress(jinja2.TemplateError, UnicodeDecodeError):
                _environment(self.folders).get_template(template)

    def render(self, template: str, **values: Any) -> str:
        """A rendered template of the theme. Raises PublisherError with file and line for a fault in the template."""
        import jinja2

        try:
            return _environment(self.folders).get_template(template).render(values)
        except jinja2.TemplateSyntaxError as problem:
            location = Location(str(problem.filename or template), problem.lineno)
            raise PublisherError(Diagnostic(Code.THEME_TEMPLATE, f"template: {problem.message}", location)) from None
        except jinja2.TemplateNotFound as problem:
            raise PublisherError(Diagnostic(Code.THEME_FILE, f"the theme {self.name} has no template {problem}")) from None
        except UnicodeDecodeError:
            raise PublisherError(Diagnostic(Code.THEME_TEMPLATE, f"template {template} is not UTF-8", hint=_UTF_8)) from None
        except jinja2.UndefinedError as problem:
            raise PublisherError(Diagnostic(Code.THEME_TEMPLATE, f"template {template}: {problem}")) from None
        except Exception as problem:
            lines = [frame for frame in traceback.extract_tb(problem.__traceback__) if frame.filename.endswith(".j2")]
            if not lines or Path(lines[-1].filename).is_relative_to(shipped()):
                raise
            message, place = f"template: {type(problem).__name__}: {problem}", Location(lines[-1].filename, lines[-1].lineno or 0)
            raise PublisherError(Diagnostic(Code.THEME_TEMPLATE, message, place)) from problem


@cache
def _temporary_folder(folder: str, digest: str) -> Path:
    return scratch.folder() / "themes" / digest / Path(folder).name


def _rebuild(
    name: str, own: list[str], files: list[dict[str, bytes]], shipped_names: list[str], settings: ThemeSettings, digest: str
) -> Theme:
    folders = []
    for folder, contents in zip(own, files, strict=True):
        local = Path(folder)
        if not local.is_dir():  # on another machine
            local = _temporary_folder(folder, digest)
            for relative, data in contents.items():
                if not (local / relative).exists():
                    write_all({local / relative: data})
        folders.append(local)
    return Theme(name, (*folders, *(shipped() / shipped_name for shipped_name in shipped_names)), settings, digest)


@cache
def _environment(folders: tuple[Path, ...]) -> jinja2.Environment:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [
                jinja2.FileSystemLoader([folder / "templates" for folder in folders]),
                # so that a template can extend its parent's template of the same name: {% extends "brief/sheet.xhtml.j2" %}
                jinja2.PrefixLoader({folder.name: jinja2.FileSystemLoader(folder / "templates") for folder in folders}),
            ]
        ),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def text_of(path: Path) -> str:
    """The text of a style sheet of a theme. Raises PublisherError where it is not UTF-8."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as problem:
        line = problem.object.count(b"\n", 0, problem.start) + 1
        raise PublisherError(Diagnostic(Code.THEME_CSS, "not UTF-8", Location(str(path), line), _UTF_8)) from None


def shipped() -> Path:
    """The folder of the themes that come with the package, installed or in a checkout."""
    packaged = Path(__file__).parents[1] / "styles"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "styles"


def load(name: str = DEFAULT, beside: Path | None = None) -> Theme:
    """The theme `name`: a path (`./mine`), a folder in `styles/` beside the manifest, or a shipped theme.

    Raises PublisherError if it is not found or its theme.toml has a fault.
    """
    theme = _load(name, beside, ())
    return replace(theme, digest=digest_of(theme.folders))


def _load(name: str, beside: Path | None, children: tuple[Path, ...]) -> Theme:
    """A theme with its parents; `children` are the folders that extend it, directly or through others."""
    folder = _folder(name, beside)
    if folder in children:
        place = Location(str(children[-1] / "theme.toml"))
        raise PublisherError(Diagnostic(Code.THEME_CIRCLE, f"the theme {name} extends itself", place))
    settings = _settings(folder)
    parent = settings.pop("extends", DEFAULT if folder != shipped() / DEFAULT else "")
    above = _load(parent, folder.parent, (*children, folder)) if parent else Theme("", ())
    own_settings = replace(above.settings, **{"label": folder.name, **settings})
    return Theme(folder.name, (folder, *above.folders), own_settings)


def digest_of(folders: tuple[Path, ...]) -> str:
    """A hash of every file of a theme and its parents, 64 hex digits."""
    digest = hashlib.sha256()
    for folder in folders:
        for place, path, status in sorted(_files(folder)):
            digest.update(f"{'/'.join(place)}\0".encode() + file_digests.digest_of(path, status))
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[tuple[tuple[str, ...], str, os.stat_result]]:
    """The files below a folder: the parts of the path in it, the path, the status. Links to folders are not followed."""
    waiting: list[tuple[tuple[str, ...], str]] = [((), str(folder))]
    while waiting:
        place, path = waiting.pop()
        with suppress(PermissionError), os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(((*place, entry.name), entry.path))
                elif entry.is_file():
                    yield (*place, entry.name), entry.path, entry.stat()


def file_digest(path: Path) -> bytes:
    """The SHA-256 of a file of a theme, 32 bytes."""
    return file_digests.digest_of(str(path), path.stat())


def _folder(name: str, beside: Path | None) -> Path:
    places = [shipped() / name]
    if beside is not None:
        by_name = [*filter(_is_styled, [beside / name]), shipped() / name, beside / name]
        places = [beside / name] if name[:1] == "." else [beside / "styles" / name, *by_name]
    for place in places:
        if place.is_dir():
            return place.resolve()
    names = ", ".join(sorted(path.name for path in shipped().iterdir() if (path / "theme.toml").is_file()))
    raise PublisherError(
        Diagnostic(Code.THEME_UNKNOWN, f"theme {name!r} not found", hint=f"use one of {names}, or the path of a folder (./mine)")
    )


def _is_styled(folder: Path) -> bool:
    """Whether a folder beside a manifest is certainly a theme: it may have the name of a shipped theme and hold manuscripts."""
    return (folder / "theme.toml").is_file() or any(folder.glob("*.css")) or (folder / "templates").is_dir()


def _settings(folder: Path) -> dict[str, Any]:
    path = folder / "theme.toml"
    if not path.is_file():
        return {}
    try:
        text = path.read_text("utf-8")
        settings = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise PublisherError(
            Diagnostic(Code.THEME_SETTINGS, f"theme.toml is not valid TOML: {problem}", Location(str(path)))
        ) from None
    diagnostics = [
        Diagnostic(Code.THEME_SETTINGS, message, Location(str(path), line_of(text, (key,))), _keys_hint())
        for key, value in settings.items()
        if (message := _value_fault(key, value))
    ]
    if diagnostics:
        raise PublisherError(*diagnostics)
    return settings


def _keys_hint() -> str:
    """The keys of theme.toml, with the values of those that have a choice."""
    keys = ["extends"]
    for name, kind in get_type_hints(ThemeSettings).items():
        choices = " | ".join(f'"{choice}"' for choice in get_args(kind))
        keys.append(f"{name} = {choices}" if choices else name)
    return f"use these keys: {', '.join(keys)}"


def _value_fault(key: str, value: Any) -> str:
    """The message for an unknown key or a wrong value in theme.toml; empty if the key is correct."""
    types = {"extends": str, **get_type_hints(ThemeSettings)}
    if key not in types:
        return f"unknown key {key!r}"
    choices = get_args(types[key])
    valid = value in choices if choices else type(value) is types[key]
    return "" if valid else f"{key} is {value!r}, which is not allowed"

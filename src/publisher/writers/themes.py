"""Themes: a folder with CSS for the page and the e-book, templates and fonts. What a theme lacks, its parent has."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_type_hints

from publisher.input.toml_lines import line_of
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.store.files import write_all

if TYPE_CHECKING:
    import jinja2

DEFAULT = "brief"


@dataclass(frozen=True)
class ThemeSettings:
    """What theme.toml says beside `extends`; what it leaves out is as in the parent.

    `flow` is what shares a sheet: auto (short articles run on), article (none), section (all of one). `recto` begins every
    sheet on a right-hand page. `under` is the number of articles up to which the first stands under the contents.
    `paper` is the paper where the manifest names none. `head` is the most characters of a headline in a running head.
    """

    label: str = ""
    flow: Literal["auto", "article", "section"] = "auto"
    paper: Literal["A4", "A5", "Letter"] = "A4"
    recto: bool = False
    under: int = 12
    head: int = 54


@dataclass(frozen=True)
class Theme:
    """`folders` are the theme's own and then its parents'; a file is the first one of its name."""

    name: str
    folders: tuple[Path, ...]
    settings: ThemeSettings = ThemeSettings()

    def path(self, name: str) -> Path | None:
        """The file `name` of this theme or the nearest parent's; None where none has it."""
        return next((folder / name for folder in self.folders if (folder / name).is_file()), None)

    def paths(self, name: str) -> list[Path]:
        """The files `name` of this theme and all its parents, the furthest parent's first: they add to one another."""
        return [folder / name for folder in reversed(self.folders) if (folder / name).is_file()]

    def read(self, name: str) -> str:
        """The text of a file of the theme. Raises PublisherError where it is missing."""
        path = self.path(name)
        if path is None:
            raise PublisherError(
                Diagnostic(Code.THEME_FILE, f"the theme {self.name} has no {name}", hint="extend a theme that has it")
            )
        return path.read_text("utf-8")

    def fonts(self) -> tuple[Path, ...]:
        """The font files, by name, own before inherited."""
        found = {path.name: path for folder in reversed(self.folders) for path in sorted((folder / "fonts").glob("*.[tow]*f*"))}
        return tuple(found[name] for name in sorted(found))

    def font_names(self) -> tuple[str, ...]:
        """The paths in the theme of all its TrueType files, the fallback faces too."""
        found = {path.relative_to(folder).as_posix() for folder in self.folders for path in folder.glob("*/*.ttf")}
        return tuple(sorted(found))

    @cached_property
    def digest(self) -> str:
        """A hash of every file of the theme and its parents, 64 hex digits."""
        digest = hashlib.sha256()
        for folder in self.folders:
            for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                digest.update(f"{path.relative_to(folder)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()

    def __reduce__(self) -> Any:
        """A shipped theme crosses to another machine by its name, a user's with its files."""
        own = [folder for folder in self.folders if folder.parent != shipped()]
        files = [
            {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()} for folder in own
        ]
        names = [folder.name for folder in self.folders if folder.parent == shipped()]
        return _unpacked, (self.name, [str(folder) for folder in own], files, names, self.settings)

    def render(self, template: str, **values: Any) -> str:
        """A template of the theme, filled; raises PublisherError with file and line for what is wrong in it."""
        import jinja2

        try:
            return _environment(self.folders).get_template(template).render(values)
        except jinja2.TemplateSyntaxError as problem:
            where = Location(str(problem.filename or template), problem.lineno)
            raise PublisherError(Diagnostic(Code.THEME_TEMPLATE, f"template: {problem.message}", where)) from None
        except jinja2.TemplateNotFound as problem:
            raise PublisherError(Diagnostic(Code.THEME_FILE, f"the theme {self.name} has no template {problem}")) from None
        except jinja2.UndefinedError as problem:
            raise PublisherError(Diagnostic(Code.THEME_TEMPLATE, f"template {template}: {problem}")) from None


@cache
def _temporary(folder: str) -> Path:
    import tempfile

    return Path(tempfile.mkdtemp(prefix=f"publisher-{Path(folder).name}-"))


def _unpacked(
    name: str, own: list[str], files: list[dict[str, bytes]], shipped_names: list[str], settings: ThemeSettings
) -> Theme:
    folders = []
    for folder, contents in zip(own, files, strict=True):
        here = Path(folder)
        if not here.is_dir():  # another machine
            here = _temporary(folder)
            for relative, data in contents.items():
                if not (here / relative).exists():
                    write_all({here / relative: data})
        folders.append(here)
    return Theme(name, (*folders, *(shipped() / one for one in shipped_names)), settings)


@cache
def _environment(folders: tuple[Path, ...]) -> jinja2.Environment:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [
                jinja2.FileSystemLoader([folder / "templates" for folder in folders]),
                # so that a template can extend its parent's of the same name: {% extends "brief/sheet.xhtml.j2" %}
                jinja2.PrefixLoader({folder.name: jinja2.FileSystemLoader(folder / "templates") for folder in folders}),
            ]
        ),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def shipped() -> Path:
    """The folder of the themes that come with the package, installed or in a checkout."""
    inside = Path(__file__).parents[1] / "styles"
    return inside if inside.is_dir() else Path(__file__).parents[3] / "styles"


def load(name: str = DEFAULT, beside: Path | None = None) -> Theme:
    """The theme `name`: a path (`./mine`), a folder in `styles/` beside the manifest, or one of the shipped.

    Raises PublisherError where there is none, or its theme.toml is wrong.
    """
    folder = _folder(name, beside)
    settings = _settings(folder)
    parent = settings.pop("extends", DEFAULT if folder != shipped() / DEFAULT else "")
    above = load(parent, folder.parent) if parent else Theme("", ())
    if folder in above.folders:
        raise PublisherError(
            Diagnostic(Code.THEME_CIRCLE, f"the theme {name} extends itself", Location(str(folder / "theme.toml")))
        )
    return Theme(folder.name, (folder, *above.folders), replace(above.settings, **{"label": folder.name, **settings}))


def _folder(name: str, beside: Path | None) -> Path:
    places = [shipped() / name]
    if beside is not None:
        places = [beside / "styles" / name, beside / name, *places] if name[:1] != "." else [beside / name]
    for place in places:
        if place.is_dir() and ((place / "theme.toml").is_file() or (place / "page.css").is_file()):
            return place.resolve()
    known = ", ".join(sorted(path.name for path in shipped().iterdir() if (path / "theme.toml").is_file()))
    raise PublisherError(
        Diagnostic(Code.THEME_UNKNOWN, f"there is no theme {name!r}", hint=f"the themes are: {known}; or give ./a-folder")
    )


def _settings(folder: Path) -> dict[str, Any]:
    path = folder / "theme.toml"
    if not path.is_file():
        return {}
    try:
        text = path.read_text("utf-8")
        settings = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise PublisherError(
            Diagnostic(Code.THEME_SETTINGS, f"theme.toml does not parse: {problem}", Location(str(path)))
        ) from None
    wrong = [
        Diagnostic(Code.THEME_SETTINGS, what, Location(str(path), line_of(text, (key,))), _KEYS)
        for key, value in settings.items()
        if (what := _wrong(key, value))
    ]
    if wrong:
        raise PublisherError(*wrong)
    return settings


_KEYS = 'keys: label, extends, flow = "auto" | "article" | "section", paper = "A4" | "A5" | "Letter", recto, under, head'


def _wrong(key: str, value: Any) -> str:
    """What is wrong with a key of theme.toml; empty where nothing is."""
    hints = {"extends": str, **get_type_hints(ThemeSettings)}
    if key not in hints:
        return f"unknown key {key!r}"
    choices = get_args(hints[key])
    fits = value in choices if choices else type(value) is hints[key]
    return "" if fits else f"{key} is {value!r}"

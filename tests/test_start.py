"""A command starts and ends quickly: nothing is loaded or taken apart that a build of an article does not need."""

from __future__ import annotations

import gc
import hashlib
import inspect
import resource
import subprocess
import sys
import weakref
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
import tinycss2

from publisher.model.frame_space import with_frame_space
from publisher.model.garbage import collect_if_many, search_postponed
from publisher.writers import css_rules, themes

ARTICLE = "# Ferry to Dunmarrow\n\nThe ferry leaves the upper quay at six, and carries carts on market days only.\n"
_LATE = [
    *("importlib.metadata._adapters", "soupsieve.css_parser", "chardet.universaldetector", "fontTools.subset.cff"),
    "fontTools.ttLib.tables.otTables",
    "PIL._imagingcms",
]


def python(script: str, folder: Path) -> str:
    result = subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_a_build_loads_nothing_that_only_other_builds_use(tmp_path: Path) -> None:
    (tmp_path / "ferry.md").write_text(ARTICLE)
    build = "['build', '--no-cache', 'ferry.md', '-o', 'a.pdf', '-o', 'a.epub']"
    script = (
        "import sys\nfrom publisher.model.lazy_modules import load_lazily\nload_lazily()\n"
        f"from publisher.cli import main\nassert main({build}) == 0\nprint([name for name in {_LATE} if name in sys.modules])"
    )
    assert python(script, tmp_path).splitlines()[-1] == "[]"


def test_an_e_book_alone_is_made_without_what_binds_a_pdf(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(ARTICLE)
    build = ["build", "a.md", "-o", "a.epub", "--no-cache", "-q"]
    script = f"from publisher.cli import main\nassert main({build}) == 0\nimport sys\nprint('pikepdf' in sys.modules)"
    assert python(script, tmp_path).splitlines()[-1] == "False"


def test_what_is_loaded_late_is_all_there_when_it_is_used(tmp_path: Path) -> None:
    script = """
from publisher.model.lazy_modules import load_lazily
load_lazily(), load_lazily()
import sys
assert sum(type(finder).__name__ == "_Finder" for finder in sys.meta_path) == 1
from bs4 import BeautifulSoup
print(BeautifulSoup("<p><b>six</b></p>", "html.parser").select_one("p > b").string)
from bs4.dammit import EncodingDetector
import chardet
print(chardet.detect("Fähre".encode("utf-8-sig"))["encoding"])
from fontTools.varLib.instancer import instantiateVariableFont
assert "fontTools.ttLib.tables.otTables" not in sys.modules
try:
    instantiateVariableFont({}, {})
except ValueError as problem:
    print(problem)
import fontTools.varLib.instancer as instancer
print(instancer.NormalizedAxisRange.__name__, hasattr(instancer, "what_it_never_had"))
from publisher.text.link_words import title_in
print(title_in("The_upper_lock", "https://locks.example/"))
from PIL.ImageCms import ImageCmsProfile, createProfile
print(type(ImageCmsProfile(createProfile("sRGB"))).__name__)
import ftfy
assert "wcwidth" not in {module.partition(".")[0] for module in sys.modules if module != "wcwidth"}
print(ftfy.fix_encoding("FÃ¤hre"), ftfy.formatting.wcwidth("渡"))
"""
    assert python(script, tmp_path).split() == [
        "six",
        "UTF-8-SIG",
        *["Missing", "required", "table", "fvar"],
        "NormalizedAxisRange",
        "False",
        "The_upper_lock",
        "ImageCmsProfile",
        "Fähre",
        "2",
    ]
    other = (
        "from publisher.model.lazy_modules import load_lazily\nload_lazily()\nimport fontTools.varLib.instancer as instancer\n"
    )
    assert python(f"{other}print(instancer.OverlapMode.__name__)", tmp_path) == "OverlapMode\n"


def test_a_command_ends_with_what_was_registered_for_its_end_and_takes_no_object_apart(tmp_path: Path) -> None:
    script = (
        "import atexit, sys\nfrom publisher.__main__ import run\n"
        "class Ended:\n    def __del__(self): print('taken apart')\n"
        "ended = Ended()\natexit.register(print, 'last words')\nsys.argv = ['publisher', 'explain', 'note-moved']\nrun()"
    )
    printed = python(script, tmp_path)
    assert "note-moved" in printed and printed.endswith("last words\n") and "taken apart" not in printed


_RECORDS = """
import dataclasses, sys
__name__ = "publisher.ferries"
sys.modules[__name__] = sys.modules["__main__"]
from publisher.model.record_methods import compile_when_called
{begin}

def of(kind, **options):
    @dataclasses.dataclass(frozen=True, **options)
    class Ferry(kind):
        name: str
        carts: tuple[int, ...] = ()
        inner: object = dataclasses.field(default=None, repr=False, compare=False)
    return Ferry
def tried(work):
    try:
        return work()
    except Exception as problem:
        return type(problem).__name__, str(problem)
for kind in (object, of(object)):
    for options in ({{}}, {{"slots": True}}, {{"order": True}}, {{"eq": False}}):
        Ferry = of(kind, **options)
        ferry, other = Ferry("quay", (1, 2)), Ferry("quay", (1, 2), "another")
        Smaller = type("Smaller", (Ferry,), {{}})
        for _ in range(2):
            print(ferry == other, ferry == Ferry("upper"), ferry == Smaller("quay", (1, 2)), ferry == 1, ferry != other)
            print(options.get("eq", True) and hash(ferry) == hash(other) == hash(("quay", (1, 2))), repr(Smaller("quay")))
            print(ferry, dataclasses.replace(ferry, name="upper"))
            print(tried(lambda: ferry < Ferry("upper")), tried(lambda: ferry <= 1))
            print(tried(lambda: setattr(ferry, "name", "x")), tried(lambda: delattr(ferry, "carts")))
            print(tried(lambda: setattr(Smaller("x"), "what", 1)), tried(lambda: setattr(Smaller("x"), "name", 1)))
        print([vars(Ferry)[name].__qualname__ for name in ("__setattr__", "__delattr__", "__init__")])
@dataclasses.dataclass
class Boat:
    self: str
    options: dict = dataclasses.field(default_factory=dict)
    seats: dataclasses.InitVar[int] = 0
    def __post_init__(self, seats):
        self.options["seats"] = seats
class Raft(Boat):
    def __init__(self):
        super().__init__(self="raft", seats=2)
for _ in range(2):
    print(tried(lambda: Boat()), tried(lambda: Boat("a", b=1)), Boat("a", {{}}, 3), Boat(self="b"), Raft(), Boat("c").options)
looped = of(object)("loop")
object.__setattr__(looped, "carts", looped)
print(looped)
"""


def test_methods_of_records_that_are_compiled_late_are_those_of_dataclasses(tmp_path: Path) -> None:
    late = python(_RECORDS.format(begin="compile_when_called(), compile_when_called()"), tmp_path)
    assert late == python(_RECORDS.format(begin=""), tmp_path)
    assert "cannot assign to field" in late and "..." in late


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="dataclasses compile the methods of a class at once")
def test_of_a_record_only_what_is_called_is_compiled(tmp_path: Path) -> None:
    script = """
import dataclasses
compiled, plain = [], dataclasses._create_fn
dataclasses._create_fn = lambda name, *rest, **options: compiled.append(name) or plain(name, *rest, **options)
from publisher.model.record_methods import compile_when_called
compile_when_called()
compiled.clear()
__name__ = "publisher.ferries"
Ferry = dataclasses.dataclass(frozen=True)(type("Ferry", (), {"__annotations__": {"name": str}, "__module__": "__main__"}))
print(*compiled)
repr(Ferry("quay")), repr(Ferry("upper")), Ferry("quay") == Ferry("quay"), Ferry("quay") == Ferry("upper")
print(*compiled)
"""
    assert python(script, tmp_path).splitlines() == ["", "__init__ __repr__ __eq__"]


def test_records_of_other_packages_keep_their_signatures(tmp_path: Path) -> None:
    script = """
import dataclasses, inspect
from publisher.model.record_methods import compile_when_called
compile_when_called()
@dataclasses.dataclass
class Boat:
    name: str
    seats: int = 2
print(inspect.signature(Boat), Boat.__doc__, sep="|")
"""
    assert python(script, tmp_path) == "(name: str, seats: int = 2) -> None|Boat(name: str, seats: int = 2)\n"


class _Cycle:
    def __init__(self) -> None:
        self.own = self


@pytest.mark.parametrize("enabled", [True, False])
def test_objects_of_an_import_are_old_at_once_and_garbage_among_them_is_still_found(enabled: bool) -> None:
    was, generation = gc.isenabled(), gc.get_threshold()
    try:
        gc.set_threshold(10)
        (gc.enable if enabled else gc.disable)()
        with search_postponed():
            assert not gc.isenabled()
            cycles = weakref.WeakSet(_Cycle() for _ in range(100))
            assert len(cycles) == 100
        assert gc.isenabled() == enabled and not gc.get_objects(0)[5:]
        gc.collect(0)
        assert len(cycles) == 100  # only the oldest generation has them
        gc.collect()
        assert not cycles and gc.get_freeze_count() == 0
    finally:
        gc.set_threshold(*generation)
        (gc.enable if was else gc.disable)()


def test_a_style_sheet_is_divided_into_rules_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from publisher.writers.pdf import engine

    counted: Counter[str] = Counter()
    original = tinycss2.parse_stylesheet

    def parse(css: str, *arguments: bool, **options: bool) -> object:
        counted[css] += 1
        return original(css, *arguments, **options)

    (tmp_path / "theme.toml").write_text('label = "Ferry"\n')
    (tmp_path / "custom.css").write_text("/* quay */ .article-title { color: /* deep */ #123456; }\n@page { margin: 21mm }\n")
    theme = themes.load(str(tmp_path), tmp_path)
    css_rules.rules_of.cache_clear()
    monkeypatch.setattr(tinycss2, "parse_stylesheet", parse)
    document = engine.render("<html><body><h1 class='article-title'>Ferry</h1></body></html>", theme, "A4", {}, "page.css")
    assert len(document.pages) == 1 and counted and set(counted.values()) == {1}
    assert any("deep" in css for css in counted)


def test_the_digest_of_a_theme_is_that_of_all_its_files_in_order(tmp_path: Path) -> None:
    from hashlib import sha256

    for name in ("b.css", "a/z.css", "a.css", ".hidden", "templates/x.j2"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"of {name}")
    (tmp_path / "dangling").symlink_to("nowhere")
    expected = sha256()
    for path in sorted(path for path in tmp_path.rglob("*") if path.is_file()):
        expected.update(f"{path.relative_to(tmp_path)}\0".encode() + sha256(path.read_bytes()).digest())
    assert themes.digest_of((tmp_path,)) == expected.hexdigest()
    (tmp_path / "a" / "z.css").write_text("of another")
    assert themes.digest_of((tmp_path,)) != expected.hexdigest()


def _new_pages(depth: int) -> int:
    """The pages of memory that were mapped while something was called 200 times, so many calls deep."""
    if depth:
        return _new_pages(depth - 1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(200):
        _leaf(1)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def _leaf(number: int) -> int:
    return number


def test_no_memory_is_mapped_and_unmapped_for_each_call_at_any_depth() -> None:
    assert with_frame_space(lambda: max(map(_new_pages, range(300)))) < 150
    with pytest.raises(ZeroDivisionError):
        with_frame_space(lambda: 1 // 0)


def test_the_source_of_a_function_is_that_of_inspect() -> None:
    from weasyprint.css import StyleFor, get_all_computed_styles, preprocess_stylesheet  # none of them is changed by a patch
    from weasyprint.layout.flex import flex_layout

    from publisher.writers.pdf.function_source import source_of

    for function in (preprocess_stylesheet, get_all_computed_styles, flex_layout):
        assert source_of(function) == inspect.getsource(function)
    assert source_of(StyleFor.__init__) == inspect.getsource(StyleFor.__init__)


def test_no_font_of_a_theme_is_read_and_hashed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    from publisher.writers.pdf import written_fonts

    theme = themes.load()
    written_fonts._files.cache_clear()
    monkeypatch.setattr(hashlib, "file_digest", lambda *arguments: pytest.fail("hashed again"))
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail("read again"))
    assert set(written_fonts._files(theme).names.values()) == set(theme.font_names())


def test_of_the_fonts_of_a_configuration_only_those_are_read_that_may_be_embedded(tmp_path: Path) -> None:
    from publisher.writers.pdf.font_configuration import loaded_fonts

    (tmp_path / "a").write_bytes(b"quay")
    (tmp_path / "b").write_bytes(b"ferry")
    assert loaded_fonts(SimpleNamespace(_folder=str(tmp_path)), {5, 6}) == [b"ferry"]
    assert loaded_fonts(SimpleNamespace(_folder=None), {5}) == []


class _Knot:
    """It leads to itself, so only a search for garbage removes it."""

    def __init__(self) -> None:
        self.own = self


def test_garbage_is_looked_for_where_very_many_objects_are_new() -> None:
    gc.collect()
    gc.disable()
    try:
        few = [weakref.ref(_Knot()) for _ in range(10)]
        collect_if_many()
        assert all(knot() for knot in few)
        many = [weakref.ref(_Knot()) for _ in range(450_000)]
        collect_if_many()
        assert not any(knot() for knot in (*few, *many))
    finally:
        gc.enable()

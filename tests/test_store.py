"""What is kept between builds: files that run no code; an entry of the wrong shape is a miss; every upgrade makes work anew."""

from __future__ import annotations

import ast
import datetime
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.build.build import make
from publisher.build.ingest import Entries, ReadRecord
from publisher.build.plan import plan
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.model.edition import Entry
from publisher.model.metadata import Metadata
from publisher.model.parts import Citation, Resource
from publisher.model.sources import Source
from publisher.store import cache as cache_module
from publisher.store import file_digests, fingerprints
from publisher.store.cache import Cache
from publisher.store.codec import WrongShape, decode, encode
from publisher.store.kept import kept, kept_each, save
from publisher.writers.contract import Output
from publisher.writers.page_breaks import PageBreak, PageStart
from publisher.writers.pdf import sheet_cache
from tests.conftest import ROOT

_TEXT = st.text(max_size=2_000)
_DAY = st.none() | st.dates()
_SOURCE = st.builds(Source, publication=_TEXT, title=_TEXT, authors=st.lists(_TEXT, max_size=2).map(tuple), url=_TEXT, date=_DAY)
_ENTRY = st.builds(
    Entry,
    slug=_TEXT,
    metadata=st.builds(Metadata, title=_TEXT, date=_DAY, source=_SOURCE),
    xhtml=_TEXT,
    word_count=st.integers(0, 10**9),
    resources=st.lists(st.builds(Resource, name=_TEXT, media_type=_TEXT, data=st.binary(max_size=3_000)), max_size=2).map(tuple),
    citations=st.lists(st.builds(Citation, note=st.integers(0, 99), source=_SOURCE), max_size=2).map(tuple),
)


@given(st.lists(_ENTRY, max_size=3).map(tuple))
def test_articles_come_out_of_the_cache_as_they_went_in(entries: tuple[Entry, ...]) -> None:
    assert decode(encode(Entries(entries)), Entries) == Entries(entries)


def test_a_kept_output_is_a_json_head_and_then_the_bytes_as_they_are() -> None:
    diagnostic = Diagnostic(Code.LINK_BROKEN, "a link", Location("a.md", 3), "a hint")
    output = Output(b"%PDF-1.7 " * 400, (diagnostic,), 2, {"a": "1"}, (PageBreak("1", PageStart("a:1", -1)),))
    stored = encode(output)
    assert output.data in stored and json.loads(stored[24 : stored.index(b"%PDF")])["pages"] == 2
    assert decode(stored, Output) == output


def test_a_record_has_a_value_for_each_article_or_is_a_miss() -> None:
    cited = {
        "sources": ((),),
        "cited": ((),),
        "addresses": ((),),
        "publications": ("",),
        "known": (0,),
        "dates": (None,),
        "digests": ("",),
    }
    whole = ReadRecord({}, names=("a",), words=(7,), titles=("A",), holds=(None,), **cited)
    stored = encode(whole)
    assert decode(stored, ReadRecord) == whole
    with pytest.raises(WrongShape):
        decode(stored.replace(b'"words": [7]', b'"words": [ ]'), ReadRecord)


def test_an_entry_under_another_name_is_a_miss(tmp_path: Path) -> None:
    cache, names = Cache(tmp_path), [entry_of(name) for name in "ab"]
    save(cache, digest("a"), Output(b"x"))
    (tmp_path / names[1][:2]).mkdir(exist_ok=True)
    (tmp_path / names[0][:2] / names[0][2:]).rename(tmp_path / names[1][:2] / names[1][2:])
    assert cache.get(names[1]) is None


def test_articles_that_are_fewer_than_the_record_says_are_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.md").write_text("# A\n\nWords of the article.\n")
    cache, article = Cache(tmp_path / "cache"), plan([Path("a.md")], [Path("x.epub")])
    wanted = make(article, cache=cache).outputs[Path("x.epub")].data
    for path in [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]:
        key, content = path.parent.name + path.name, path.read_bytes()[32:]
        if b'"entries"' in content:
            cache.put(key, encode(Entries(())))
        elif b"PK\3\4" in content:
            path.unlink()  # the output itself
    assert make(article, cache=cache).outputs[Path("x.epub")].data == wanted


def test_a_pipe_in_the_cache_is_a_miss(tmp_path: Path) -> None:
    (tmp_path / "ab").mkdir()
    os.mkfifo(tmp_path / "ab" / ("ab" * 31))
    assert Cache(tmp_path).get("ab" * 32) is None


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"anything",
        b"\xff" * 64,
        encode(ReadRecord({})),
        encode(Output(b"x"))[:-1][:20],
        encode({"data": 7}),
        encode({"data": {"\0part": 9}}),
        encode([]),
    ],
)
def test_an_entry_of_the_wrong_shape_is_a_miss(stored: bytes, tmp_path: Path) -> None:
    with pytest.raises(WrongShape):
        decode(stored, Output)
    cache = Cache(tmp_path)
    cache.put(fingerprints.cache_key("ab" * 32), stored)
    assert kept(cache, "ab" * 32, Output, lambda: Output(b"made")) == Output(b"made")
    assert kept(cache, "ab" * 32, Output, lambda: Output(b"again")) == Output(b"made")


def test_nothing_unpickles_what_a_folder_holds() -> None:
    """A shared cache folder must not run code."""
    for path in (ROOT / "src").rglob("*.py"):
        names = {
            alias.name.partition(".")[0]
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in ([ast.alias(node.module or "")] if isinstance(node, ast.ImportFrom) else node.names)
        }
        assert not names & {"pickle", "marshal", "shelve", "dill", "cloudpickle"}, path


def test_of_several_jobs_only_the_missing_are_done_and_a_failure_is_not_kept(tmp_path: Path) -> None:
    cache, done = Cache(tmp_path), []

    def step(jobs: object) -> object:
        for job in jobs:  # type: ignore[attr-defined]
            done.append(job)
            yield "failed" if job == "b" else Output(job.encode())

    jobs = {digest(name): name for name in "abc"}
    first = kept_each(cache, jobs, Output, step)  # type: ignore[arg-type]
    assert list(first.values()).count("failed") == 1 and done == ["a", "b", "c"]
    kept_each(cache, jobs, Output, step)  # type: ignore[arg-type]
    assert done == ["a", "b", "c", "b"]
    kept_each(cache, jobs, Output, step, valid=lambda job, output: job != "c")  # type: ignore[arg-type]
    assert done[4:] == ["b", "c"]


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def entry_of(name: str) -> str:
    return fingerprints.cache_key(digest(name))


def test_what_was_used_longest_ago_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path)
    for number, name in enumerate("abc"):
        save(cache, digest(name), Output(b"x" * 1_000))
        os.utime(tmp_path / entry_of(name)[:2] / entry_of(name)[2:], (number, number))
    size = (tmp_path / entry_of("a")[:2] / entry_of("a")[2:]).stat().st_size
    (tmp_path / "notes.txt").write_text("not an entry")
    monkeypatch.setattr(cache_module, "LIMIT", 2 * size)
    cache.prune()
    assert [cache.get(entry_of(name)) is not None for name in "abc"] == [False, True, True]
    assert (tmp_path / "notes.txt").exists()


def test_a_build_that_puts_nothing_into_a_cache_does_not_look_through_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(Cache(tmp_path), digest("a"), Output(b"x" * 1_000))
    monkeypatch.setattr(cache_module, "LIMIT", 1)
    cache = Cache(tmp_path)
    cache.prune()
    assert cache.size()[0] == 1
    save(cache, digest("b"), Output(b""))
    cache.prune()
    assert cache.size() == (0, 0)


def test_without_a_cache_nobody_asks_for_the_versions_of_libraries(
    edition: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, asked = edition({"a.md": "# A\n\nWords.\n"}), []
    monkeypatch.setattr(fingerprints, "versions", lambda: asked.append("versions") or "")
    outputs = [make(plan([home / "a.md"], [Path("x.epub")]), cache=cache).outputs for cache in (None, Cache(home / "cache"))]
    assert outputs[0] == outputs[1] and asked
    asked.clear()
    make(plan([home / "a.md"], [Path("x.epub")]))
    assert not asked


def test_the_fingerprint_has_every_library_that_our_metadata_reaches() -> None:
    known = dict(line.split("=") for line in fingerprints.distributions())
    assert {"weasyprint", "lxml", "tinyhtml5", "fonttools", "markupsafe", "h11", "lxml-html-clean", "py3langid"} <= known.keys()
    assert not {"pytest", "ruff", "mypy", "hypothesis"} & known.keys()
    assert all(version for version in known.values())
    native = dict(line.split("=") for line in fingerprints.native_libraries())
    assert set(native) == {"zlib", "pango_version", "hb_version_string", "FcGetVersion"} and "unknown" not in native.values()


MANIFEST = """
[edition]
title = "T"
date = 2026-03-17

[[section]]
articles = [{{ path = "feed.xml", since = {since} }}]

[sources]
notes = "{notes}"

[outputs."x.pdf"]
theme = "./mine"
paper = "{paper}"
[outputs."x.epub"]
theme = "./mine"
"""
FEED = """<rss version="2.0"><channel><title>F</title>
<item><title>Old</title><link>https://example.org/1</link><pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate>
<description>&lt;p&gt;Words of the old story, with a &lt;a href="https://example.org/x"&gt;link&lt;/a&gt;.&lt;/p&gt;</description></item>
<item><title>New</title><link>https://example.org/2</link><pubDate>Mon, 16 Mar 2026 10:00:00 GMT</pubDate>
<description>&lt;p&gt;Words of the new story.&lt;/p&gt;</description></item></channel></rss>"""


@pytest.mark.slow
def test_cached_equals_clean_whatever_changed(edition: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """One change at a time within one cache, and back again: each build gives the bytes of a build without a cache."""
    home = edition({"feed.xml": FEED, "mine/theme.toml": "", "mine/custom.css": "p { color: #111111 }"})
    cache = Cache(home / "cache")
    settings = {"since": "2026-01-01", "notes": "auto", "paper": "A5"}
    seen = set()

    def check(name: str) -> None:
        (home / "publisher.toml").write_text(MANIFEST.format(**settings))
        outputs, clean = (make(plan([home], []), cache=used).outputs for used in (cache, None))
        assert [output.data for output in outputs.values()] == [output.data for output in clean.values()], name
        seen.add(hashlib.sha256(b"".join(output.data for output in clean.values())).hexdigest())

    check("first")
    for key, value in (("paper", "A4"), ("notes", "end"), ("since", "2026-03-10")):
        before, settings[key] = settings[key], value
        check(key)
        settings[key] = before
    (home / "mine" / "custom.css").write_text("p { color: #222222 }")
    check("theme file")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    check("SOURCE_DATE_EPOCH")
    assert len(seen) == 6


@pytest.mark.slow
def test_a_book_that_was_kept_without_a_pdf_is_another_with_it(edition: Callable[..., Path]) -> None:
    home = edition({"a.md": "# A\n\nWords.\n"})
    cache, book = Cache(home / "cache"), Path("x.epub")
    alone, paged = (
        make(plan([home / "a.md"], [book, *others]), cache=cache).outputs[book].data for others in ([], [Path("x.pdf")])
    )
    assert alone != paged == make(plan([home / "a.md"], [book, Path("x.pdf")])).outputs[book].data


@pytest.mark.slow
@pytest.mark.parametrize("name", ["distributions", "native_libraries", "font_folders", "own_files"])
def test_another_version_of_a_library_makes_everything_anew(
    name: str, edition: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = edition({"a.md": "# A\n\nWords.\n"})
    cache = Cache(home / "cache")
    make(plan([home / "a.md"], [Path("x.epub")]), cache=cache)
    before = set((home / "cache").glob("??/*"))
    own = getattr(fingerprints, name)()
    monkeypatch.setattr(fingerprints, name, lambda: [*own, "other=1"] if isinstance(own, list) else own + "x")
    fingerprints.versions.cache_clear()
    try:
        make(plan([home / "a.md"], [Path("x.epub")]), cache=cache)
    finally:
        fingerprints.versions.cache_clear()
    assert len(set((home / "cache").glob("??/*"))) == 2 * len(before)


def test_a_day_is_kept_as_a_day() -> None:
    entry = Entry("", Metadata(date=datetime.date(2026, 3, 17)), "<article/>", 1)
    assert decode(encode(Entries((entry,))), Entries).entries[0].metadata.date == datetime.date(2026, 3, 17)


def test_a_sheet_with_an_error_is_made_again_the_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error may be the machine's, such as a full disk for temporary files."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.md").write_text("# A\n\nWords of the article.\n")
    cache, article = Cache(tmp_path / "cache"), plan([Path("a.md")], [Path("x.pdf")])

    def refuse(_: object) -> NoReturn:
        raise PublisherError(Diagnostic(Code.TEMPORARY_FILES, "cannot write temporary files"))

    with monkeypatch.context() as full, pytest.raises(PublisherError):
        full.setattr(sheet_cache, "typeset", refuse)
        make(article, cache=cache)
    assert make(article, cache=cache).outputs[Path("x.pdf")].pages == 1


def test_what_is_installed_is_found_as_importlib_finds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib.machinery import PathFinder
    from importlib.metadata import MetadataPathFinder, distributions

    from publisher.store.metadata_folders import metadata_folders, normalized

    folder = tmp_path / "Upper_Quay.Tools-1.2.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: Upper.Quay-Tools\nVersion: 1.2\nRequires-Dist: lxml\n\nWords.\n"
    )
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path), str(tmp_path / "nowhere")])
    finders = [finder for finder in sys.meta_path if finder is PathFinder or not hasattr(finder, "find_distributions")]
    monkeypatch.setattr(sys, "meta_path", finders)  # a library of another test may have put its own in the place of Python's
    monkeypatch.setattr(PathFinder, "find_distributions", MetadataPathFinder.find_distributions, raising=False)
    metadata_folders.cache_clear(), fingerprints._header.cache_clear()
    found = metadata_folders()
    assert found is not None and found["upper-quay-tools"] == str(folder)
    assert found.keys() == {normalized(distribution.name) for distribution in distributions()}
    by_folder = fingerprints.distributions("upper-quay-tools")
    assert any(line.startswith("lxml=") for line in by_folder) and "upper-quay-tools=1.2" in by_folder
    (tmp_path / "Ferry.egg-info").mkdir()
    metadata_folders.cache_clear(), fingerprints._header.cache_clear()
    assert metadata_folders() is None and fingerprints.distributions("upper-quay-tools") == by_folder
    monkeypatch.undo()
    metadata_folders.cache_clear(), fingerprints._header.cache_clear()


@pytest.mark.parametrize("form", ["dist-info", "egg-info"])
def test_an_added_format_is_found_in_whatever_form_its_package_is_installed(form: str, tmp_path: Path) -> None:
    folder = tmp_path / f"shout-1.0.{form}"
    folder.mkdir()
    (folder / ("METADATA" if form == "dist-info" else "PKG-INFO")).write_text(
        "Metadata-Version: 2.1\nName: shout\nVersion: 1.0\n"
    )
    (folder / "entry_points.txt").write_text("[publisher.readers]\n.shout = shout:read\n")
    script = (
        "from publisher.model.plugins import plugged, plugin_versions; print(plugged('publisher.readers'), plugin_versions())"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([*sys.path, str(tmp_path)])}
    printed = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True).stdout
    assert printed == "{'.shout': 'shout:read'} ('shout:read=1.0',)\n"


def test_a_large_file_is_hashed_once_for_each_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache, large, small, hashed = Cache(tmp_path / "cache"), tmp_path / "large.ttf", tmp_path / "small.css", list[str]()
    original = hashlib.file_digest
    monkeypatch.setattr(hashlib, "file_digest", lambda file, name: hashed.append(Path(file.name).name) or original(file, name))
    large.write_bytes(b"ferry" * 100_000)
    small.write_bytes(b"quay")

    def in_a_new_process(kept: Cache | None = cache) -> list[str]:
        file_digests._digest_of_state.cache_clear()
        file_digests.keep_digests(kept)
        hashed.clear()
        for path in (large, small, large):
            assert file_digests.digest_of(str(path), path.stat()) == hashlib.sha256(path.read_bytes()).digest()
        return list(hashed)

    assert in_a_new_process() == ["large.ttf", "small.css"]
    assert in_a_new_process() == ["small.css"] and cache.size()[0] == 1
    before = large.stat()
    large.write_bytes(b"carts" * 100_000)
    os.utime(large, ns=(before.st_atime_ns, before.st_mtime_ns))  # its size and its date are as before
    assert in_a_new_process() == ["large.ttf", "small.css"]
    assert in_a_new_process(None) == ["large.ttf", "small.css"]


def test_the_state_of_our_files_is_path_size_and_time_of_each(tmp_path: Path) -> None:
    for name, size in (("a.py", 3), ("inner/b.py", 5), ("inner/c.txt", 7)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"#" * size)
        os.utime(tmp_path / name, ns=(size, size * 1_000))
    assert sorted(fingerprints._files_of_python(str(tmp_path))) == [("a.py", 3, 3_000), ("inner/b.py", 5, 5_000)]

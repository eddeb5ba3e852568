"""Files that manuscripts name: regular files in the folders of the edition, and nothing else."""

from __future__ import annotations

import io
import os
import socket
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from publisher.build.manuscripts import load_manuscript
from publisher.build.plan import plan
from publisher.build.planned import PlannedArticle
from publisher.input.folders import folders_of, place_in
from publisher.input.manuscript import Manuscript
from publisher.model.codes import Code
from publisher.model.diagnostics import PublisherError
from publisher.store.regular_files import IrregularFile, LargeFile, read_regular
from tests.conftest import Run

Edition, Command = Callable[..., Path], Callable[..., Run]
ARTICLE = "# The lock\n\nThe gate at the upper lock opened at seven.\n\n![A plan of the lock]({})\n"


def png(red: int = 2) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), (red, 0, 0)).save(buffer, "PNG")
    return buffer.getvalue()


def pictures(book: Path) -> list[str]:
    with zipfile.ZipFile(book) as archive:
        return [name for name in archive.namelist() if "/images/" in name and "cover" not in name]


def codes(manuscript: Manuscript) -> list[Code]:
    return [diagnostic.code for diagnostic in manuscript.diagnostics]


def test_folders_are_absolute_and_none_is_inside_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a/b", "a-b", "c"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "link").symlink_to("c")
    names = folders_of([Path("a/b"), Path("a"), Path("a-b"), Path("link")])
    assert names == tuple(str(tmp_path / name) for name in ("a-b", "a", "c", "link"))


@given(parts=st.lists(st.sampled_from(["..", ".", "a", "b", "link", "out", ""]), max_size=6), is_absolute=st.booleans())
def test_no_name_leads_out_of_the_folders(parts: list[str], is_absolute: bool, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.getbasetemp() / "leading"
    if not home.is_dir():
        (home / "in" / "a" / "b").mkdir(parents=True)
        (home / "out").mkdir()
        (home / "in" / "link").symlink_to(home / "out")
        (home / "in" / "a" / "link").symlink_to("../../..")
    base = home / "in"
    name = (f"{base}/" if is_absolute else "") + "/".join(parts)
    place = place_in(folders_of([base]), str(base), name)
    assert place == "" or (place == os.path.realpath(base / name) and Path(place).is_relative_to(base))


def test_outside_of_the_folders_nothing_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    monkeypatch.setattr(os.path, "realpath", lambda path, **_: looked.append(str(path)) or str(path))
    for name in ("../x.png", "/net/host/x.png", "a/../../x.png", "//host/x.png"):
        assert place_in((str(tmp_path),), str(tmp_path), name) == ""
    assert looked == []


@pytest.mark.parametrize("kind", ["pipe", "device", "socket"])
def test_what_is_no_regular_file_is_never_opened(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "odd"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        monkeypatch.chdir(tmp_path)  # the name of a socket must be short
        socket.socket(socket.AF_UNIX).bind("odd")
    else:
        path = Path("/dev/zero")
    monkeypatch.setattr(os, "open", lambda *_: pytest.fail("opened"))
    with pytest.raises(IrregularFile, match=kind):
        read_regular(path, 100)


def test_a_file_that_becomes_a_pipe_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"x")
    os.mkfifo(tmp_path / "pipe")
    opened = os.open
    monkeypatch.setattr(os, "open", lambda _, flags: opened(tmp_path / "pipe", flags))
    with pytest.raises(IrregularFile, match="a pipe"):
        read_regular(tmp_path / "a", 100)


def test_a_file_is_read_up_to_the_limit_and_not_above(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    assert read_regular(path, 5) == b"12345"
    with pytest.raises(LargeFile):
        read_regular(path, 4)
    with pytest.raises(IsADirectoryError):
        read_regular(tmp_path, 5)


def test_a_file_that_states_no_size_is_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    monkeypatch.setattr(os, "fstat", lambda _: os.stat_result([stat.S_IFREG, *[0] * 9]))
    assert read_regular(tmp_path / "a", 5) == b"12345"
    with pytest.raises(LargeFile):
        read_regular(tmp_path / "a", 4)


def test_a_name_that_is_refused_is_reported_once_with_its_line(tmp_path: Path) -> None:
    text = ARTICLE.format("../out.png") + "\n![Again](../out.png)\n"
    manuscript = Manuscript(tmp_path / "a.md", text.encode(), "a.md")
    assert manuscript.open("../out.png") is None and manuscript.open("../out.png") is None
    (found,) = manuscript.diagnostics
    assert found.code is Code.PATH_REFUSED and found.location is not None and found.location.line == 5
    assert "../out.png is not read: it is outside" in found.message and "--allow" in found.hint
    assert manuscript.open("nothing.png") is None and manuscript.open("a\0b") is None and manuscript.place_of("a\0b") is None
    assert len(manuscript.diagnostics) == 1


def test_an_image_is_read_from_the_folders_of_manifest_and_manuscripts_and_from_those_that_are_allowed(
    edition: Edition, publisher: Command
) -> None:
    manifest = '[edition]\ntitle = "T"\n[[section]]\narticles = ["a.md", "../wire/b.md"]\n{}'
    files: dict[str, str | bytes] = {
        "home/publisher.toml": manifest.format(""),
        "home/a.md": ARTICLE.format("../wire/one.png"),
        "wire/b.md": ARTICLE.format("../home/two.png") + "\n![A chart](../pictures/three.png)\n",
        "wire/one.png": png(),
        "home/two.png": png(3),
        "pictures/three.png": png(4),
    }
    home = edition(files)
    run = publisher("build", "home", "-o", "x.epub")
    assert run.code == 0 and run.err.count("path-refused") == 1 and "wire/b.md:7: warning: ../pictures/three.png" in run.err
    assert len(pictures(home / "x.epub")) == 2
    allowed = publisher("build", "home", "-o", "x.epub", "--allow", "pictures")  # from the cache, and still right
    assert "path-refused" not in allowed.err and len(pictures(home / "x.epub")) == 3
    assert "path-refused" in publisher("build", "home", "-o", "x.epub").err
    (home / "home" / "publisher.toml").write_text(manifest.format('[inputs]\nallow = ["../pictures"]\n'))
    assert "path-refused" not in publisher("check", "home").err
    assert "path-refused" not in publisher("tree", "wire/b.md", "--allow", "pictures", "--allow", "home").err


def test_a_folder_that_is_allowed_must_exist(edition: Edition, publisher: Command) -> None:
    manifest = '[edition]\ntitle = "T"\n\n[inputs]\nallow = ["../pictures"]\n'
    edition({"home/publisher.toml": manifest, "home/a.md": ARTICLE.format("x.png")})
    run = publisher("build", "home")
    assert run.code == 1 and "home/publisher.toml:5: error: inputs.allow: ../pictures is not a folder [value]" in run.err
    assert publisher("build", "home/a.md", "--allow", "nothing").code == 2


def test_a_folder_by_a_link_is_the_folder_that_it_leads_to(edition: Edition, publisher: Command) -> None:
    home = edition({"real/a.md": ARTICLE.format("one.png"), "real/one.png": png()})
    (home / "link").symlink_to("real")
    (home / "real" / "b.md").write_text(ARTICLE.format(home / "link" / "one.png"))  # an absolute path through the link
    assert "path-refused" not in publisher("build", "link", "-o", "x.epub").err
    assert len(pictures(home / "x.epub")) == 1


def test_a_manuscript_that_is_a_link_is_read_if_it_is_named_and_refused_if_it_was_found(
    edition: Edition, publisher: Command
) -> None:
    home = edition({"away/a.md": ARTICLE.format("one.png"), "home/b.md": "# B\n\n[The lock](a.md) and more words.\n"})
    (home / "home" / "a.md").symlink_to("../away/a.md")
    run = publisher("build", "home", "-o", "x.epub")
    assert run.code == 1 and "home/a.md is a link to a file outside the folder [file-unreadable]" in run.err
    assert publisher("build", "home", "-o", "x.epub", "--allow", "away").code == 0
    manifest = '[edition]\ntitle = "T"\n[[section]]\narticles = ["a.md", "b.md"]\n'
    (home / "home" / "publisher.toml").write_text(manifest)
    run = publisher("build", "home", "-o", "x.epub")
    assert run.code == 0 and "link-broken" not in run.err and "path-refused" not in run.err


def test_a_sidecar_that_leads_away_is_not_read(edition: Edition, publisher: Command) -> None:
    home = edition({"a.md": "# A\n\nWords of the article.\n", "b.md": "# B\n\nWords of the other.\n"})
    (home.parent / "away.toml").write_text('author = "Somebody Else"\n')
    (home / "a.toml").symlink_to("../away.toml")
    os.mkfifo(home / "b.toml")
    run = publisher("tree", "a.md", "b.md")
    assert run.code == 0 and "Somebody" not in run.out
    assert "a.md: warning: a.toml is not read: it is outside" in run.err and "b.toml is not read: it is a pipe" in run.err


def test_what_is_refused_of_a_sidecar_is_known_to_the_cache(edition: Edition, publisher: Command) -> None:
    home = edition({"a.md": "# A\n\nWords of the article.\n"})
    assert "path-refused" not in publisher("build", "a.md", "-o", "x.epub").err
    os.mkfifo(home / "a.toml")
    assert "path-refused" in publisher("build", "a.md", "-o", "x.epub").err
    (home / "a.toml").unlink()
    assert "path-refused" not in publisher("build", "a.md", "-o", "x.epub").err


@pytest.mark.parametrize("name", ["pipe.md", "pipe.xml", "folder.xml", "folder.md"])
def test_a_pipe_in_a_folder_is_an_error_and_a_folder_no_manuscript(name: str, edition: Edition, publisher: Command) -> None:
    home = edition({"f/a.md": "# A\n\nWords.\n"})
    if name.startswith("pipe"):
        os.mkfifo(home / "f" / name)
    else:
        (home / "f" / name).mkdir()
    run = publisher("build", "f", "-o", "x.epub")
    assert run.code == (0 if name.startswith("folder") else 1)
    assert run.code == 0 or f"{name} cannot be read: " in run.err


def test_a_manifest_that_is_a_pipe_is_an_error(edition: Edition, publisher: Command) -> None:
    home = edition({})
    os.mkfifo(home / "x.toml")
    run = publisher("build", "x.toml")
    assert run.code == 1 and "x.toml: error: cannot be read: it is a pipe [file-unreadable]" in run.err


def test_a_manuscript_above_the_limit_is_not_read(edition: Edition) -> None:
    home = edition({"a.md": "# A\n\nWords.\n"})
    with (home / "a.md").open("ab") as file:
        file.truncate(65_000_000)
    with pytest.raises(PublisherError, match="larger than 64 MB"):
        load_manuscript(PlannedArticle(Path("a.md")))


def test_a_link_out_of_the_folders_is_not_followed(edition: Edition, publisher: Command) -> None:
    home = edition({"f/a.md": "# A\n\nGo [out](../b.md), [home](/about) and [on](c.md).\n", "f/c.md": "# C\n\nWords.\n"})
    (home / "b.md").write_text("# B\n\nSecret words.\n")
    run = publisher("build", "f", "-o", "x.epub")
    assert "f/a.md:3: warning: the link ../b.md is not followed: it is outside the folders of this edition" in run.err
    assert "the link /about leads nowhere; its words are kept [link-broken]" in run.err
    assert "../b.md" in publisher("build", "f", "-o", "x.epub", "--allow", ".", "-v").err  # it is no article of the edition
    assert plan([Path("f")], []).folders == (str(home / "f"),)


CAPTURED = '{{"https://harbor.example/x": {{"file": "x.html", "source": {{"title": "{}", "archived": "{}"}}}}}}'


@pytest.mark.parametrize("kind", ["link", "pipe", "link in the folder of sources"])
def test_an_index_of_captures_that_leads_away_is_not_read(kind: str, edition: Edition, publisher: Command) -> None:
    home = edition({"f/a.md": "# A\n\nSee [it](https://harbor.example/x) there.\n", "away.json": CAPTURED.format("Velundra", "")})
    index = home / "f" / ("sources" if "sources" in kind else "") / "fetched.json"
    index.parent.mkdir(exist_ok=True)
    if kind == "pipe":
        os.mkfifo(index)
    else:
        index.symlink_to(home / "away.json")
    run = publisher("build", "f", "-o", "x.epub", "--no-cache")
    assert run.code == 0 and "fetched.json is not read: it is " in run.err and "[path-refused]" in run.err
    with zipfile.ZipFile(home / "x.epub") as book:
        assert not any(b"Velundra" in book.read(name) for name in book.namelist())


def test_an_address_in_an_index_of_captures_is_judged_as_all_others(edition: Edition, publisher: Command) -> None:
    index = CAPTURED.format("Velundra", "javascript:steal()")
    home = edition({"f/a.md": "# A\n\nSee [it](https://harbor.example/x) there.\n", "f/fetched.json": index})
    assert publisher("build", "f", "-o", "x.epub", "--no-cache").code == 0
    with zipfile.ZipFile(home / "x.epub") as book:
        text = b"".join(book.read(name) for name in book.namelist())
    assert b"Velundra" in text and b"steal" not in text


def test_a_library_that_is_a_pipe_is_an_error(edition: Edition, publisher: Command) -> None:
    home = edition({"a.md": "# A\n\nWords.\n", "publisher.toml": '[edition]\ntitle = "T"\n[sources]\nbibliography = "x.bib"\n'})
    os.mkfifo(home / "x.bib")
    run = publisher("check")
    assert run.code == 1 and "x.bib cannot be read: it is a pipe [file-unreadable]" in run.err

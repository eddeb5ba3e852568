"""Verifying releases: every change is found and its file named, also where the hashes fit; and editions made again."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from publisher.build.history import History, PastRelease, Story
from publisher.release import engine, rebuild, verify
from publisher.release.accompanying import provenance_of, sums
from publisher.release.provenance import statement
from publisher.release.verify import Request
from tests.conftest import SAMPLE, Run
from tests.reader_samples import PROSE
from tests.test_release import UNCHECKED, names_in, tree

Write = Callable[..., Path]
Publisher = Callable[..., Run]

MANIFEST = """[edition]
title = "Harbor brief, {date}"
date = 2026-03-17

[[section]]
title = "Locks"
articles = ["gate.md", "lamp.md"]

[outputs."dist/brief.pdf"]
theme = "mine"
[outputs."dist/collection.epub"]
"""
GATE = f"# Gate opens\n\n{PROSE} See [the office](https://example.org/office).\n\n## Hours\n\n{PROSE}\n"
LAMP = f"# Lamp is lit\n\n{PROSE}\n\nThe keeper climbs the stairs at dusk, and again at dawn.\n"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with a release in `dist`, and a theme of its own."""
    from publisher.cli import main

    home = tmp_path_factory.mktemp("original")
    (home / "mine").mkdir()
    (home / "mine" / "theme.toml").write_text('extends = "brief"\n')
    for name, text in (("publisher.toml", MANIFEST), ("gate.md", GATE), ("lamp.md", LAMP)):
        (home / name).write_text(text)
    before = Path.cwd()
    os.chdir(home)
    try:
        assert main(["release", *UNCHECKED, "--no-cache"]) == 0
    finally:
        os.chdir(before)
    return home


@pytest.fixture
def checkout(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A second checkout with the release, at another path, and the working directory somewhere else."""
    home = tmp_path / "elsewhere" / "again"
    shutil.copytree(original, home, symlinks=True)
    monkeypatch.chdir(tmp_path)
    return home


@pytest.fixture
def folder(checkout: Path) -> Path:
    return checkout / "dist" / "harbor-brief-2026-03-17"


def sealed(folder: Path) -> None:
    """Writes SHA256SUMS again, as somebody would who changes files together with their hashes."""
    record = json.loads((folder / "release.json").read_text())
    for row in record["outputs"]:
        data = (folder / row["path"]).read_bytes()
        row.update(sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))
    write_record(folder, record)


def write_record(folder: Path, record: dict[str, Any]) -> None:
    (folder / "release.json").write_text(json.dumps(record))
    (folder / "provenance.intoto.json").write_bytes(statement(provenance_of(record)))
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "SHA256SUMS"}
    (folder / "SHA256SUMS").write_bytes(sums(files))


def recorded(folder: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads((folder / "release.json").read_text())
    return values


# Hashes


def test_a_release_as_it_was_made_is_verified(folder: Path, publisher: Publisher) -> None:
    before = tree(folder)
    run = publisher("verify", folder)
    assert run.code == 0 and "8 files with their hashes" in run.out
    assert "collection.epub was not checked by EPUBCheck" in run.err
    assert publisher("verify", folder.parent / "latest").code == 0 and tree(folder) == before


@pytest.mark.parametrize("seed", range(100))
def test_a_flipped_byte_is_found_and_its_file_named(original: Path, seed: int) -> None:
    """100 flips spread over all files of a folder, the small ones as often as the large ones."""
    source = original / "dist" / "harbor-brief-2026-03-17"
    folder = original.parent / f"flipped-{seed}"
    shutil.copytree(source, folder)
    chance = random.Random(seed)
    name = sorted(names_in(folder))[seed % len(names_in(folder))]
    data = bytearray((folder / name).read_bytes())
    at = chance.randrange(len(data))
    data[at] ^= chance.randrange(1, 256)
    (folder / name).write_bytes(data)
    result = verify.verify(folder)
    assert verify.exit_code([result]) == 5
    named = {str(row.location.file) for row in result.diagnostics if row.location and str(row.severity) == "error"}
    assert named == {str(folder / name)}, f"byte {at} of {name}: {result.diagnostics}"
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("change", "code", "named"),
    [
        (lambda folder: (folder / "notes.txt").touch(), "file-added", "notes.txt"),
        (lambda folder: (folder / "a").mkdir(), "file-added", "a"),
        (lambda folder: (folder / "cover.png").unlink(), "file-lost", "cover.png"),
        (lambda folder: (folder / "SHA256SUMS").unlink(), "file-lost", "SHA256SUMS"),
        (lambda folder: (folder / "brief.pdf").rename(folder / "other.pdf"), "file-changed", "other.pdf"),
        (lambda folder: (folder / "cover.png").write_bytes(b""), "file-changed", "cover.png"),
        (lambda folder: _linked(folder / "cover.png"), "file-changed", "cover.png"),
        (lambda folder: _piped(folder / "cover.png"), "file-changed", "cover.png"),
        (lambda folder: _edited(folder, "brief.pdf", "b.pdf"), "sums-changed", "SHA256SUMS"),
        (lambda folder: _edited(folder, "\n", "\r\n"), "sums-changed", "SHA256SUMS"),
        (lambda folder: _edited(folder, "  cover.png", "  ../cover.png"), "sums-changed", "SHA256SUMS"),
        (lambda folder: _edited(folder, _first_hash(folder), _first_hash(folder).upper()), "sums-changed", "SHA256SUMS"),
        (lambda folder: _edited(folder, _first_hash(folder), "0" * 64), "sums-changed", "SHA256SUMS"),
        (lambda folder: (folder / "SHA256SUMS").write_bytes(b""), "sums-changed", "SHA256SUMS"),
        (lambda folder: _turned(folder / "SHA256SUMS"), "sums-changed", "SHA256SUMS"),
    ],
)
def test_every_other_change_of_the_folder_is_found(
    folder: Path, change: Callable[[Path], object], code: str, named: str, publisher: Publisher
) -> None:
    change(folder)
    run = publisher("verify", folder)
    assert run.code == 5
    assert re.search(rf"{re.escape(str(folder / named))}(:\d+)?: error: .*\[{code}\]", run.err), run.err


def _linked(path: Path) -> None:
    other = path.parents[2] / path.name
    path.rename(other)
    path.symlink_to(other)


def _piped(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _edited(folder: Path, old: str, new: str) -> None:
    path = folder / "SHA256SUMS"
    path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))


def _first_hash(folder: Path) -> str:
    """The hash of brief.pdf, which release.json repeats."""
    return hashlib.sha256((folder / "brief.pdf").read_bytes()).hexdigest()


def _turned(path: Path) -> None:
    path.write_text("".join(reversed(path.read_text().splitlines(keepends=True))))


def test_all_differences_are_named(folder: Path, publisher: Publisher) -> None:
    for name in ("brief.pdf", "sources.csl.json"):
        (folder / name).write_bytes(b"%PDF-1.7\n")
    (folder / "added.txt").touch()
    run = publisher("verify", folder)
    assert run.code == 5 and run.out.endswith(": 3 differences\n")
    assert publisher("verify", folder / "nothing", folder).code == 5
    assert all(name in run.err for name in ("brief.pdf", "sources.csl.json", "added.txt"))


def test_what_is_no_release_is_an_error_of_the_input(tmp_path: Path, publisher: Publisher) -> None:
    (tmp_path / "a.txt").touch()
    assert publisher("verify", tmp_path).code == 1
    assert publisher("verify", tmp_path / "a.txt").code == 1
    assert publisher("verify", tmp_path / "gone").code == 1
    (tmp_path / "a.pdf").write_bytes(b"no PDF")
    assert publisher("verify", tmp_path / "a.pdf").code == 1
    assert publisher("verify").code == 2
    run = publisher("verify", tmp_path / "a.pdf", tmp_path / "gone")
    assert run.code == 1 and run.err.count("error: ") == 2 and run.out.count(": it could not be verified") == 2
    assert publisher("verify", tmp_path, "--manifest", "x").code == 2


def test_a_withdrawn_release_is_a_warning_with_its_reason(checkout: Path, folder: Path, publisher: Publisher) -> None:
    publisher("release", checkout, "--withdraw", "2026-03-17", "--reason", "wrong map")
    run = publisher("verify", folder)
    assert run.code == 0 and "warning: the release 2026-03-17 is withdrawn: wrong map [release-withdrawn]" in run.err
    (folder / "WITHDRAWN.json").write_text((folder / "WITHDRAWN.json").read_text().replace("map", "cap"))
    run = publisher("verify", folder)
    assert run.code == 5 and "WITHDRAWN.json has another reason" in run.err
    (folder / "WITHDRAWN.json").write_text("{}")
    assert publisher("verify", folder).code == 5


# What was changed together with its hashes


@pytest.mark.parametrize(
    ("keys", "value", "words"),
    [
        (("outputs", 0, "pages"), 9, "release.json says 9 pages, and brief.pdf has 1"),
        (("outputs", 0, "starts", "lamp"), "4", "lamp begins on page 4"),
        (("totals", "pages"), 9, "says 9 pages in all"),
        (("totals", "articles"), 3, "says 3 articles in all, and lists 2"),
        (("totals", "sources"), 3, "says 3 sources, and sources.csl.json has 1"),
        (("edition", "title"), "Another", "has the title “Another”"),
        (("edition", "language"), "fr", "has the language “fr”"),
        (("edition", "identifier"), "urn:x", "has the identifier “urn:x”"),
        (("articles", 0, "title"), "Gate shut", "“Gate shut” as the title of gate"),
        (("articles", 0, "slug"), "door", "has the article door, which is not in brief.pdf"),
        (("ledger", "kept"), 1, "do not add up"),
        (("checks", 0, "warnings"), 2, "found 2 warnings in brief.pdf, and they find 0"),
        (("checks", 0, "checker"), "Nobody", "has no check of brief.pdf by publisher's rules"),
        (("checks", 0, "output"), "x.pdf", "a check of x.pdf by publisher's rules, which is no output"),
        (("outputs", 0, "bytes"), 1, "says 1 bytes"),
        (("outputs", 0, "sha256"), "0" * 64, "has another hash of brief.pdf"),
        (("slug",), 1, "is not valid at $.slug"),
        (("format",), 2, "has the format 2"),
    ],
)
def test_a_record_that_was_changed_with_its_hash_is_found(
    folder: Path, keys: tuple[str | int, ...], value: object, words: str, publisher: Publisher
) -> None:
    record: Any = recorded(folder)
    place = record
    for key in keys[:-1]:
        place = place[key]
    assert place[keys[-1]] != value
    place[keys[-1]] = value
    write_record(folder, record)
    run = publisher("verify", folder)
    assert run.code == 5 and words in run.err, run.err


def test_a_source_that_was_changed_with_its_hash_is_found(folder: Path, publisher: Publisher) -> None:
    items = json.loads((folder / "sources.csl.json").read_text())
    items[0]["title"] = "Another office"
    (folder / "sources.csl.json").write_text(json.dumps(items))
    sealed(folder)
    run = publisher("verify", folder)
    assert run.code == 5 and f"the source {items[0]['id']} is not the same in sources.csl.json" in run.err
    (folder / "sources.csl.json").write_text("[]")
    sealed(folder)
    assert "have different sources" in publisher("verify", folder).err


def test_a_cover_that_was_changed_with_its_hash_is_found(folder: Path, publisher: Publisher) -> None:
    Image.new("RGB", (600, 800), "red").save(folder / "cover.png")
    sealed(folder)
    run = publisher("verify", folder)
    assert run.code == 5 and "cover.png is not the cover of the outputs" in run.err


def test_an_article_attached_to_the_pdf_that_was_changed_is_found(folder: Path, publisher: Publisher) -> None:
    changed_attachment(folder / "brief.pdf", "lamp.xhtml", "again at dawn", "never again")
    sealed(folder)
    run = publisher("verify", folder)
    assert run.code == 5 and "collection.epub: error: words of lamp differ" in run.err
    run = publisher("verify", folder / "brief.pdf")
    assert run.code == 5 and "the words of lamp are not all on the pages: “The keeper climbs the stairs" in run.err


def changed_attachment(path: Path, name: str, old: str, new: str) -> None:
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        data = pdf.attachments[name].get_file().read_bytes()
        assert old.encode() in data
        pdf.attachments[name].obj.EF.F.write(data.replace(old.encode(), new.encode()))
        pdf.save(path)


# Files by themselves


def test_a_file_of_a_release_is_verified_by_its_line(folder: Path, publisher: Publisher) -> None:
    run = publisher("verify", folder / "brief.pdf", folder / "collection.epub", folder / "cover.png")
    assert run.code == 0 and "the hash of brief.pdf in the list of its release; the words of 2 attached articles" in run.out
    assert "the words of collection.epub cannot be compared" in run.err
    (folder / "cover.png").write_bytes(b"")
    assert publisher("verify", folder / "brief.pdf").code == 0
    assert publisher("verify", folder / "cover.png").code == 5


def test_a_pdf_by_itself_is_compared_with_what_is_attached_to_it(folder: Path, tmp_path: Path, publisher: Publisher) -> None:
    alone = Path(shutil.copy(folder / "brief.pdf", tmp_path))
    run = publisher("verify", alone)
    assert run.code == 0 and "brief.pdf lies in no release folder" in run.err
    assert "the words of 2 attached articles on the pages; the list of 1 source" in run.out
    changed_attachment(alone, "lamp.xhtml", "The keeper climbs the stairs at dusk, and again at dawn.", "")
    run = publisher("verify", alone)
    assert run.code == 5 and "page 1 has words that are in no attached article: “The keeper climbs" in run.err
    changed_attachment(alone, "sources.csl.json", "example.org/office", "example.org/elsewhere")
    changed_attachment(alone, "sources.csl.json", "The office", "Another place")
    assert "has another title and address on the pages" in publisher("verify", alone).err


def test_a_pdf_by_itself_is_made_again_from_what_is_attached_to_it(folder: Path, tmp_path: Path, publisher: Publisher) -> None:
    alone = Path(shutil.copy(folder / "brief.pdf", tmp_path))
    run = publisher("verify", alone, "--rebuild")
    assert run.code == 0 and "2 articles made again with the same words and headings" in run.out
    assert "without its images" in run.err and "it names the theme mine, which is not attached" in run.err


def test_a_book_by_itself_has_its_contents_compared(folder: Path, tmp_path: Path, publisher: Publisher) -> None:
    alone = Path(shutil.copy(folder / "collection.epub", tmp_path))
    assert publisher("verify", alone).code == 0
    changed_member(alone, "EPUB/nav.xhtml", "Lamp is lit", "Lamp is out")
    run = publisher("verify", alone)
    assert run.code == 5 and "the chapter lamp has the headline “Lamp is lit”, and “Lamp is out” in the contents" in run.err
    changed_member(alone, "EPUB/nav.xhtml", "#page_1", "#page_9")
    assert "leads to title.xhtml#page_9, where no page begins" in publisher("verify", alone).err


def test_a_damaged_file_is_different_or_refused_and_no_error_of_ours(folder: Path, tmp_path: Path) -> None:
    """Bytes of the objects of a PDF, uncompressed, are exchanged: names, numbers, references, attached files."""
    plain, damaged = tmp_path / "plain.pdf", tmp_path / "damaged.pdf"
    with pikepdf.open(folder / "brief.pdf") as pdf:
        level, mode = pikepdf.StreamDecodeLevel.generalized, pikepdf.ObjectStreamMode.disable
        pdf.save(plain, compress_streams=False, stream_decode_level=level, object_stream_mode=mode)
    chance = random.Random(20)
    outcomes = set()
    for _ in range(60):
        data = bytearray(plain.read_bytes())
        for _ in range(10):
            data[chance.randrange(len(data))] = chance.randrange(256)
        damaged.write_bytes(data)
        (result,) = verify.verify_each([damaged])
        outcomes.add(verify.exit_code([result]))
    assert outcomes <= {0, 1, 5} and len(outcomes) > 1


def changed_member(path: Path, name: str, old: str, new: str) -> None:
    import zipfile

    with zipfile.ZipFile(path) as book:
        members = [(info, book.read(info)) for info in book.infolist()]
    with zipfile.ZipFile(path, "w") as book:
        for info, data in members:
            book.writestr(info, data.replace(old.encode(), new.encode()) if info.filename == name else data)


# Made again


@pytest.mark.parametrize("cache", ["--no-cache", "--cache=kept"])
def test_a_second_checkout_makes_the_same_bytes_again(checkout: Path, folder: Path, cache: str, publisher: Publisher) -> None:
    before = tree(checkout)
    run = publisher("verify", folder, "--rebuild", cache)
    assert run.code == 0 and "brief.pdf and collection.epub made again with the same bytes" in run.out
    assert tree(checkout) == before


def test_the_manifest_may_be_in_another_checkout(checkout: Path, folder: Path, tmp_path: Path, publisher: Publisher) -> None:
    away = tmp_path / "download"
    shutil.copytree(folder, away)
    run = publisher("verify", away, "--rebuild", "--no-cache")
    assert run.code == 5 and "the manifest of the release is missing" in run.err
    shutil.rmtree(checkout / "dist")
    assert publisher("verify", away, "--rebuild", "--no-cache", "--manifest", checkout / "publisher.toml").code == 0


def test_changed_inputs_are_named_and_where_the_outputs_differ(checkout: Path, folder: Path, publisher: Publisher) -> None:
    (checkout / "lamp.md").write_text(LAMP.replace("at dawn", "at noon"))
    run = publisher("verify", folder, "--rebuild", "--no-cache")
    assert run.code == 5
    assert "lamp.md: error: the input lamp.md is not the file that the release was made of [input-differs]" in run.err
    assert "gate.md" not in run.err
    assert (
        "brief.pdf: error: made again, it differs from page 1 on (content, article lamp); the first object that differs is "
        in run.err
    )
    assert re.search(
        r"collection.epub: error: made again, it differs first in the member EPUB/.*EPUB/lamp.xhtml, line \d+: “.*dawn", run.err
    )
    assert "release.json: error: its articles differ from what the edition has that was made again" in run.err


def test_a_missing_input_is_named(checkout: Path, folder: Path, publisher: Publisher) -> None:
    (checkout / "lamp.md").unlink()
    run = publisher("verify", folder, "--rebuild", "--no-cache")
    assert run.code == 5 and "the input lamp.md is missing" in run.err and run.out.endswith(": 1 difference\n")


def test_a_changed_theme_and_a_changed_manifest_are_named(checkout: Path, folder: Path, publisher: Publisher) -> None:
    (checkout / "mine" / "theme.toml").write_text('extends = "report"\n')
    run = publisher("verify", folder, "--rebuild", "--no-cache")
    assert run.code == 5 and "the theme mine of brief.pdf is not that of the release" in run.err
    (checkout / "publisher.toml").write_text(MANIFEST.replace("Locks", "Sluices"))
    run = publisher("verify", folder, "--rebuild", "--no-cache")
    assert "the manifest is not that of the release [input-differs]" in run.err


def test_an_input_that_is_new_is_named(checkout: Path, publisher: Publisher) -> None:
    (checkout / "publisher.toml").write_text(MANIFEST.replace('"lamp.md"', '"l*.md"'))
    assert publisher("release", checkout, *UNCHECKED, "--version", "2").code == 0
    (checkout / "lock.md").write_text(LAMP.replace("Lamp", "Lock"))
    run = publisher("verify", checkout / "dist" / "harbor-brief-2", "--rebuild")
    assert run.code == 5 and "lock.md goes into the edition now, and was no input of the release" in run.err


def test_another_engine_compares_words_pages_and_structure(
    checkout: Path, folder: Path, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = engine.current()
    monkeypatch.setattr(engine, "current", lambda: now | {"weasyprint": "99.0"})
    run = publisher("verify", folder, "--rebuild")
    assert run.code == 0 and f"other engine: weasyprint {now['weasyprint']} → 99.0; the bytes were compared" in run.err
    with pikepdf.open(folder / "brief.pdf", allow_overwriting_input=True) as pdf:
        pdf.save(folder / "brief.pdf")
    sealed(folder)
    run = publisher("verify", folder, "--rebuild")
    assert run.code == 0, run.err
    assert "brief.pdf made again by another engine with the same words, pages and structure" in run.out
    (checkout / "lamp.md").write_text(LAMP.replace("at dawn", "at noon"))
    run = publisher("verify", folder, "--rebuild")
    assert run.code == 5 and "made again by another engine, the words of “Lamp is lit” differ: “dawn.” is “noon.” now" in run.err
    assert "the words of lamp differ: “dawn.” is “noon.” now" in run.err


def test_a_daily_release_is_made_again_with_what_was_published_before_it(edition: Write, publisher: Publisher) -> None:
    manifest = MANIFEST.replace("date = 2026-03-17", 'number = "next"\nsince = "last"').replace('theme = "mine"', "")
    manifest = manifest.replace('"Harbor brief, {date}"', '"Harbor brief no. {number}"').replace('"gate.md", "lamp.md"', '"*.md"')
    home = edition({"publisher.toml": manifest, "gate.md": GATE})
    publisher("release", *UNCHECKED, "--date", "2026-03-17")
    (home / "lamp.md").write_text(LAMP)
    publisher("release", *UNCHECKED, "--date", "2026-03-18")
    (home / "lock.md").write_text(LAMP.replace("Lamp is lit", "Lock is shut").replace("stairs", "ladder"))
    publisher("release", *UNCHECKED, "--date", "2026-03-19")
    for name in ("harbor-brief-no-2026-03-17", "harbor-brief-no-2026-03-18", "harbor-brief-no-2026-03-19"):
        record = recorded(home / "dist" / name)
        assert len(record["articles"]) == 1
    run = publisher("verify", home / "dist" / "harbor-brief-no-2026-03-19", "--rebuild")
    assert run.code == 0, run.err


def test_a_release_that_was_withdrawn_later_still_counts_for_the_next(tmp_path: Path) -> None:
    def past(version: str, story: str, withdrawn: str = "") -> PastRelease:
        return PastRelease(version, f"a-{version}", stories=(Story((story,)),), withdrawn=withdrawn)

    history = History((past("1", "gate", "wrong"), past("2", "lamp", "wrong"), past("3", "lamp")))
    (tmp_path / "a.history.json").write_bytes(history.data())
    record = {
        "slug": "a", "version": "3", "date": {"value": ""}, "edition": {"number": None},
        "articles": [{"known_by": ["lamp"], "title": "Lamp", "slug": "lamp", "words_sha256": ""}],
    }  # fmt: skip
    (tmp_path / "a-3").mkdir()
    as_then = rebuild._history(tmp_path / "a-3", record)
    assert [story.known_by for story in as_then.stories("3")] == [("gate",)]


# Signatures


@pytest.fixture
def signed(checkout: Path, publisher: Publisher) -> Path:
    """The folder of a signed release; beside the manifest are `key`, and `signers`, who may sign."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", checkout / "key"], check=True)
    (checkout / "signers").write_text(f"desk@example.org {(checkout / 'key.pub').read_text()}")
    assert publisher("release", checkout, *UNCHECKED, "--version", "signed", "--sign", checkout / "key").code == 0
    return checkout / "dist" / "harbor-brief-signed"


def test_a_signature_is_verified_with_the_signers_that_are_named(checkout: Path, signed: Path, publisher: Publisher) -> None:
    run = publisher("verify", signed)
    assert run.code == 0 and "who has the key is not known" in run.err
    run = publisher("verify", signed, "--signers", checkout / "signers")
    assert run.code == 0 and "signed by desk@example.org (ED25519 key SHA256:" in run.out
    (checkout / "signers").write_text("")
    assert publisher("verify", signed, "--signers", checkout / "signers").code == 5
    assert publisher("verify", signed, "--signers", checkout / "gone").code == 1


def test_a_flipped_byte_in_a_signature_or_in_what_is_signed_is_found(signed: Path) -> None:
    chance = random.Random(20)
    for name in ("SHA256SUMS.sig", "SHA256SUMS"):
        whole = (signed / name).read_bytes()
        for at in [0, len(whole) - 1, *(chance.randrange(len(whole)) for _ in range(10))]:
            data = bytearray(whole)
            data[at] ^= chance.randrange(1, 256)
            (signed / name).write_bytes(data)
            result = verify.verify(signed)
            assert verify.exit_code([result]) == 5, f"byte {at} of {name}"
            assert any(row.location and row.location.file == str(signed / name) for row in result.diagnostics)
        (signed / name).write_bytes(whole)


def test_a_request_that_asks_for_signers_needs_a_signature(folder: Path) -> None:
    result = verify.verify(folder, Request(signers=folder / "signers"))
    assert verify.exit_code([result]) == 5 and any("is not signed" in row.message for row in result.diagnostics)


@pytest.mark.slow
def test_the_sample_brief_is_made_again_in_a_second_checkout(
    tmp_path: Path, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("first", "second"):
        shutil.copytree(SAMPLE, tmp_path / name / "manuscripts" / SAMPLE.name)
    manuscript = tmp_path / "first" / "manuscripts" / SAMPLE.name
    assert publisher("release", manuscript, *UNCHECKED, "--no-cache").code == 0
    shutil.copytree(tmp_path / "first" / "dist", tmp_path / "second" / "dist", symlinks=True)
    monkeypatch.chdir(tmp_path / "second")
    run = publisher("verify", "dist/latest", "--rebuild", "--no-cache")
    assert run.code == 0 and "sample-brief.pdf and sample-brief.epub made again with the same bytes" in run.out
    assert publisher("verify", "dist/latest/sample-brief.pdf", "--rebuild", "--no-cache").code == 0

"""Releases: what stands in the folder, what stops one, and that a killed one leaves the old folder or the new one."""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import jsonschema
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image

from publisher.build.build import Report, make
from publisher.build.plan import Plan, plan
from publisher.checks import validate, validators
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, PublisherError
from publisher.release import folders, release
from publisher.release.envelope import opened
from publisher.release.record import schema
from publisher.release.release import Wish, make_releases
from publisher.release.signature import verified_signer
from publisher.store.exchange import exchange
from tests.conftest import Run
from tests.faulting import Disk, counted, in_child, killing, refusing
from tests.reader_samples import PROSE

Write = Callable[..., Path]
Publisher = Callable[..., Run]

UNCHECKED = ("--skip-check", "epubcheck", "--skip-check", "ace")
ALL_SKIPPED = frozenset({"epubcheck", "ace"})
MANIFEST = """[edition]
title = "Harbor brief, {date}"
date = 2026-03-17

[[section]]
title = "Locks"
articles = ["gate.md"]

[outputs."dist/brief.pdf"]
[outputs."dist/collection.epub"]
"""
GATE = f"# Gate opens\n\n{PROSE} See [the office](https://example.org/office).\n"


@pytest.fixture
def harbor(edition: Write) -> Path:
    return edition({"publisher.toml": MANIFEST, "gate.md": GATE})


def tree(folder: Path) -> dict[str, str]:
    """Every file and link of a folder with its content."""
    links = {path: str(path.readlink()) for path in folder.rglob("*") if path.is_symlink()}
    files = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}
    return {str(path.relative_to(folder)): content for path, content in sorted((files | links).items())}


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def is_whole(folder: Path) -> bool:
    """Whether a release has exactly the files of its list, with their hashes."""
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    return listed == {name: digest for name, digest in tree(folder).items() if name != "SHA256SUMS"}


def record_of(folder: Path) -> dict[str, object]:
    values: dict[str, object] = json.loads((folder / "release.json").read_text())
    jsonschema.validate(values, schema())
    return values


# What stands in a release


def test_a_release_is_a_folder_that_proves_itself(harbor: Path, publisher: Publisher) -> None:
    run = publisher("release", *UNCHECKED)
    folder = harbor / "dist" / "harbor-brief-2026-03-17"
    assert run.code == 0 and "released dist/harbor-brief-2026-03-17\n" in run.out
    proofs = {"SHA256SUMS", "release.json", "release.schema.json", "bom.cdx.json", "provenance.intoto.json"}
    assert names_in(folder) == {"brief.pdf", "collection.epub", "sources.csl.json", "cover.png", *proofs}
    assert is_whole(folder) and (harbor / "dist" / "latest").readlink() == Path(folder.name)
    assert subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=folder).returncode == 0
    assert json.loads((folder / "sources.csl.json").read_text())[0]["URL"] == "https://example.org/office"
    with Image.open(folder / "cover.png") as cover:
        assert cover.size == (600, 800)


def test_the_record_says_what_went_in_and_what_came_out(harbor: Path, publisher: Publisher) -> None:
    publisher("release", *UNCHECKED)
    folder = harbor / "dist" / "latest"
    values = record_of(folder)
    assert values["version"] == "2026-03-17" and values["date"] == {"value": "2026-03-17", "origin": "manifest", "epoch": ""}
    assert values["inputs"] == [{"path": "gate.md", "sha256": hashlib.sha256(GATE.encode()).hexdigest(), "bytes": len(GATE)}]
    assert values["manifest"] == {"path": "../../publisher.toml", "sha256": hashlib.sha256(MANIFEST.encode()).hexdigest()}
    assert values["totals"] == {"articles": 1, "words": 26, "sources": 1, "pages": 1}
    ledger = values["ledger"]
    assert isinstance(ledger, dict) and ledger["unaccounted"] == 0 and ledger["words"] == ledger["kept"] > 0
    outputs = {row["path"]: row for row in values["outputs"]}  # type: ignore[attr-defined]
    assert outputs["brief.pdf"]["sha256"] == hashlib.sha256((folder / "brief.pdf").read_bytes()).hexdigest()
    assert values["diagnostics"] == [] and {row["result"] for row in values["checks"]} == {"passed", "skipped"}  # type: ignore[attr-defined]


def test_the_stated_time_and_the_index_of_captures_are_recorded(
    harbor: Path, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    (harbor / "fetched.json").write_text("{}\n")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert publisher("release", *UNCHECKED).code == 0
    folder = harbor / "dist" / "latest"
    values = record_of(folder)
    assert values["date"] == {"value": "2026-03-17", "origin": "manifest", "epoch": "1700000000"}
    assert [row["path"] for row in values["inputs"]] == ["fetched.json", "gate.md"]  # type: ignore[attr-defined]
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert publisher("verify", folder, "--rebuild").code == 0
    (harbor / "fetched.json").write_text("{ }\n")
    assert publisher("verify", folder, "--rebuild").code == 5


def test_the_provenance_names_outputs_and_inputs_and_the_bill_the_fonts(harbor: Path, publisher: Publisher) -> None:
    publisher("release", *UNCHECKED)
    folder = harbor / "dist" / "latest"
    made_of = json.loads((folder / "provenance.intoto.json").read_text())
    hashes = {row["name"]: row["digest"]["sha256"] for row in made_of["subject"]}
    files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("brief.pdf", "collection.epub")}
    assert hashes == files
    definition = made_of["predicate"]["buildDefinition"]
    assert [row["name"] for row in definition["resolvedDependencies"]] == ["../../publisher.toml", "gate.md"]
    assert definition["externalParameters"]["date"] == "2026-03-17"
    names = {row["name"] for row in json.loads((folder / "bom.cdx.json").read_text())["components"]}
    assert {"weasyprint", "Pango", "Label"} <= names  # a font of the theme has the name of its role


def test_hashes_and_provenance_may_be_signed(harbor: Path, publisher: Publisher) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "ssh"], check=True)
    private = ec.generate_private_key(ec.SECP256R1())
    pem, none = serialization.Encoding.PEM, serialization.NoEncryption()
    (harbor / "key.pem").write_bytes(private.private_bytes(pem, serialization.PrivateFormat.PKCS8, none))
    options = ("--sign", "ssh", "--attest", "key.pem")
    assert publisher("release", *UNCHECKED, *options).code == 0
    folder = harbor / "dist" / "latest"
    hashes = (folder / "SHA256SUMS").read_bytes()
    assert verified_signer(hashes, (folder / "SHA256SUMS.sig").read_bytes()).key.startswith("ED25519 key SHA256:")
    public = private.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
    signed = opened((folder / "provenance.dsse.json").read_bytes(), public)
    assert signed == (folder / "provenance.intoto.json").read_bytes()
    assert "unchanged: " in publisher("release", *UNCHECKED, *options).out  # though ECDSA signs differently each time
    run = publisher("release", *UNCHECKED, "--date", "2026-03-18", "--attest", "gone.pem")
    assert run.code == 1 and "gone.pem: error: the key cannot be read: No such file" in run.err
    assert publisher("release", *UNCHECKED, "--date", "2026-03-18", "--sign", "gone").code == 1
    assert names_in(harbor / "dist") == {"harbor-brief-2026-03-17", "harbor-brief.history.json", "latest"}


def test_the_same_release_again_changes_nothing_and_another_content_is_refused(harbor: Path, publisher: Publisher) -> None:
    publisher("release", *UNCHECKED)
    before = tree(harbor / "dist")
    assert publisher("release", *UNCHECKED).out.startswith("unchanged: dist/harbor-brief-2026-03-17\n")
    (harbor / "gate.md").write_text(GATE.replace("opens", "closes"))
    run = publisher("release", *UNCHECKED)
    assert run.code == 1 and "the release 2026-03-17 is there, and its content differs [release-exists]" in run.err
    assert tree(harbor / "dist") == before
    assert publisher("release", *UNCHECKED, "--replace").out.startswith("replaced dist/")
    assert is_whole(harbor / "dist" / "latest") and tree(harbor / "dist") != before


def test_latest_is_the_newest_and_retention_keeps_the_history(harbor: Path, publisher: Publisher) -> None:
    (harbor / "publisher.toml").write_text(MANIFEST + "[release]\nkeep = 2\n")
    for day in (17, 18, 19):
        assert publisher("release", *UNCHECKED, "--date", f"2026-03-{day}").code == 0
    dist = harbor / "dist"
    names = {"harbor-brief-2026-03-18", "harbor-brief-2026-03-19", "harbor-brief.history.json", "latest"}
    assert names_in(dist) == names
    assert (dist / "latest").readlink() == Path("harbor-brief-2026-03-19")
    versions = [row["version"] for row in json.loads((dist / "harbor-brief.history.json").read_text())["releases"]]
    assert versions == ["2026-03-17", "2026-03-18", "2026-03-19"]


def test_a_withdrawn_release_stays_and_is_the_latest_no_more(harbor: Path, publisher: Publisher) -> None:
    for day in (17, 18):
        publisher("release", *UNCHECKED, "--date", f"2026-03-{day}")
    run = publisher("release", "--withdraw", "2026-03-18", "--reason", "wrong map")
    dist = harbor / "dist"
    assert run.code == 0 and run.out == "withdrawn dist/harbor-brief-2026-03-18: wrong map\n"
    assert (dist / "latest").readlink() == Path("harbor-brief-2026-03-17")
    assert json.loads((dist / "harbor-brief-2026-03-18" / "WITHDRAWN.json").read_text())["reason"] == "wrong map"
    publisher("release", "--withdraw", "2026-03-17", "--reason", "wrong, too")
    assert not (dist / "latest").is_symlink()
    run = publisher("release", "--withdraw", "2026-03-16", "--reason", "x")
    assert run.code == 1 and "the releases are: 2026-03-18, 2026-03-17" in run.err
    assert publisher("release", "--withdraw", "2026-03-17").code == 2


def test_no_profile_stands_in_the_folder_of_another(harbor: Path, publisher: Publisher) -> None:
    (harbor / "secret.md").write_text(f"# Secret\n\n{PROSE}\n")
    extra = '[profile.internal]\nsection = [{ title = "Inside", articles = ["gate.md", "secret.md"] }]\n'
    (harbor / "publisher.toml").write_text(MANIFEST + extra)
    assert publisher("release", *UNCHECKED, "--profile", "default", "--profile", "internal").code == 0
    dist = harbor / "dist"
    public, internal = dist / "harbor-brief-2026-03-17", dist / "harbor-brief-internal-2026-03-17"
    assert (dist / "latest").readlink() == Path(public.name) and (dist / "latest-internal").readlink() == Path(internal.name)
    import pikepdf

    with pikepdf.open(public / "brief.pdf") as pdf:
        attached = b"".join(spec.get_file().read_bytes() for spec in pdf.attachments.values())
    with pikepdf.open(internal / "brief.pdf") as pdf:
        assert "secret.md" in pdf.attachments["publisher.toml"].get_file().read_bytes().decode()
    texts = attached + b"".join((public / name).read_bytes() for name in ("release.json", "sources.csl.json"))
    assert b"ecret" not in texts and b"internal" not in texts and b"Gate opens" in texts
    assert [row["path"] for row in record_of(internal)["inputs"]] == ["gate.md", "secret.md"]  # type: ignore[attr-defined]


def test_what_an_agency_holds_back_is_in_no_record(harbor: Path, publisher: Publisher) -> None:
    (harbor / "kill.txt").write_text(f"KILL: do not use\n\nSluice story\n\n{PROSE}\n")
    (harbor / "publisher.toml").write_text(MANIFEST.replace('["gate.md"]', '["gate.md", "*.txt"]'))
    assert publisher("release", *UNCHECKED).code == 0
    text = (harbor / "dist" / "latest" / "release.json").read_text()
    assert "luice" not in text and "kill.txt" not in text


# Versions


def git(folder: Path, *arguments: str) -> None:
    names = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *names, *arguments], check=True, capture_output=True)


def test_a_version_may_be_the_tag_of_the_commit(harbor: Path, publisher: Publisher) -> None:
    (harbor / "publisher.toml").write_text(MANIFEST + '[release]\nversion = "git"\n')
    run = publisher("release", *UNCHECKED)
    assert run.code == 1 and "the commit that is checked out has no tag [version]" in run.err
    git(harbor, "init", "-q")
    git(harbor, "add", ".")
    git(harbor, "commit", "-qm", "a")
    assert publisher("release", *UNCHECKED).code == 1
    git(harbor, "tag", "brief/1.2")
    assert "released dist/harbor-brief-brief-1.2\n" in publisher("release", *UNCHECKED).out
    (harbor / "gate.md").write_text(GATE + "More.\n")
    run = publisher("release", *UNCHECKED)
    assert run.code == 1 and "files differ from the commit of the tag brief/1.2: gate.md" in run.err
    assert publisher("release", *UNCHECKED, "--allow-dirty", "--replace").code == 0


def test_a_release_needs_a_manifest(edition: Write, publisher: Publisher) -> None:
    home = edition({"gate.md": GATE})
    for name in ("gate.md", "."):
        run = publisher("release", name, "--version", "1")
        assert run.code == 2 and f"a release is of a manifest: {name} is none" in run.err
    assert list(home.iterdir()) == [home / "gate.md"]


def test_without_day_and_version_there_is_no_release(harbor: Path, publisher: Publisher) -> None:
    (harbor / "publisher.toml").write_text(MANIFEST.replace("date = 2026-03-17\n", "").replace(", {date}", ""))
    run = publisher("release", *UNCHECKED)
    assert run.code == 1 and "the release has no version, and the edition no day [version]" in run.err
    assert not list((harbor / "dist").iterdir())
    assert publisher("release", *UNCHECKED, "--version", "1.0").code == 0
    assert publisher("release", *UNCHECKED, "--version", "../x").code == 2
    assert publisher("release", *UNCHECKED, "--version", "1" * 81).code == 2
    (harbor / "gate.md").write_text(f"---\ndate: 2026-03-02\n---\n{GATE}")
    assert "released dist/harbor-brief-2026-03-02\n" in publisher("release", *UNCHECKED).out  # the day of the newest article


# What stops a release


def test_a_checker_that_is_missing_ends_with_its_own_code(
    harbor: Path, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validators, "ACE", ("no-such-program",))
    run = publisher("release", "--skip-check", "epubcheck")
    assert run.code == 4 and "Ace is not installed" in run.err and not list((harbor / "dist").iterdir())
    assert publisher("release", *UNCHECKED).code == 0
    skipped = [row for row in record_of(harbor / "dist" / "latest")["checks"] if row["result"] == "skipped"]  # type: ignore[attr-defined]
    assert [row["checker"] for row in skipped] == ["EPUBCheck", "Ace"]


def test_a_failed_check_stops_the_release_with_the_reason_first(
    harbor: Path, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher("release", *UNCHECKED)
    before = tree(harbor / "dist")
    broken = lambda path: iter([Diagnostic(Code.EPUBCHECK, "nav.xhtml:1: broken", None, rule="epubcheck-RSC-005")])  # noqa: E731
    monkeypatch.setitem(validate.CHECKERS, "epubcheck", broken)
    run = publisher("release", "--skip-check", "ace", "--date", "2026-03-18")
    assert run.code == 1 and run.err.startswith("error: nav.xhtml:1: broken [epubcheck-RSC-005]") and run.out == ""
    assert tree(harbor / "dist") == before


def test_warnings_stop_a_strict_release(harbor: Path, publisher: Publisher) -> None:
    (harbor / "gate.md").write_text(GATE + "\n![Gate](gone.png)\n")
    assert publisher("release", *UNCHECKED, "--strict").code == 3 and not list((harbor / "dist").iterdir())
    assert publisher("release", *UNCHECKED).code == 0


def test_no_news_is_no_release(harbor: Path, publisher: Publisher) -> None:
    (harbor / "publisher.toml").write_text(MANIFEST.replace("date = 2026-03-17\n", 'date = 2026-03-17\nsince = "last"\n'))
    assert publisher("release", *UNCHECKED).code == 0
    before = tree(harbor / "dist")
    run = publisher("release", *UNCHECKED, "--date", "2026-03-18")
    assert run.code == 0 and "nothing new to publish" in run.out and tree(harbor / "dist") == before
    assert publisher("release", *UNCHECKED, "--date", "2026-03-18", "--fail-if-empty").code == 7


def test_what_is_no_link_stands_in_the_way_of_latest(harbor: Path, publisher: Publisher) -> None:
    for make_other in (Path.mkdir, Path.touch):
        dist = harbor / "dist"
        dist.mkdir(exist_ok=True)
        make_other(dist / "latest")
        run = publisher("release", *UNCHECKED)
        assert run.code == 1 and "latest is no link that publisher made" in run.err and names_in(dist) == {"latest"}
        shutil.rmtree(dist)


def test_a_file_in_place_of_the_folder_of_releases_is_named(harbor: Path, publisher: Publisher) -> None:
    (harbor / "dist").touch()
    run = publisher("release", *UNCHECKED)
    assert run.code == 1 and "dist is no folder, and releases stand in a folder" in run.err


def test_a_withdrawal_needs_no_day(harbor: Path, publisher: Publisher) -> None:
    text = MANIFEST.replace("date = 2026-03-17\n", "").replace('"gate.md"', '"gate.md", "wire/{date}/*.txt"')
    (harbor / "publisher.toml").write_text(f'{text}[release]\nversion = "{{date}}"\n')
    assert publisher("release", *UNCHECKED, "--date", "2026-03-17").code == 0
    assert publisher("release", "--withdraw", "2026-03-17", "--reason", "wrong map").code == 0
    assert not (harbor / "dist" / "latest").is_symlink()


def test_the_pdf_of_a_daily_edition_is_made_again_with_its_own_manifest(harbor: Path, publisher: Publisher) -> None:
    text = MANIFEST.replace("date = 2026-03-17\n", "").replace('brief.pdf"]', 'brief.pdf"]\ntheme = "report"')
    (harbor / "publisher.toml").write_text(text)
    assert publisher("release", *UNCHECKED, "--date", "2026-03-17").code == 0
    run = publisher("verify", harbor / "dist" / "latest" / "brief.pdf", "--rebuild")
    assert run.code == 0 and "cannot be used here" not in run.err and "made again" in run.out


def test_an_output_has_a_name_that_can_be_printed(harbor: Path, publisher: Publisher) -> None:
    (harbor / "publisher.toml").write_text(MANIFEST + '[outputs."a\\nb.epub"]\n')
    run = publisher("release", *UNCHECKED)
    assert run.code == 1 and "the output's name has a line break" in run.err


def test_outputs_of_the_same_name_are_an_error(harbor: Path, publisher: Publisher) -> None:
    (harbor / "publisher.toml").write_text(MANIFEST + '[outputs."other/brief.pdf"]\n')
    run = publisher("release", *UNCHECKED)
    assert run.code == 1 and "have the same name, and a release is a single folder" in run.err


# Kills and full disks


def released(harbor: Path, day: str, report: Report | None = None, *, replace: bool = False) -> Report:
    """A release in this process of a build that was made before; the checks of others do not run."""
    made: list[Report] = []

    def make_once(planned: Plan) -> Report:
        made.append(report or make(planned))
        return made[0]

    make_releases(
        lambda profile: plan([harbor], [], date=day), [None], make_once, Wish(skipped=ALL_SKIPPED, replace=replace), None
    )
    return made[0]


def spread(total: int, points: int) -> list[int]:
    """Numbers from 1 to `total`, evenly spread."""
    return sorted({1 + index * (total - 1) // (points - 1) for index in range(points)})


def calls(work: Callable[[], object]) -> int:
    with counted(Disk()) as disk:
        work()
    return disk.count


def restored(start: Path, home: Path) -> None:
    """Brings the folder of releases back to what it was."""
    shutil.rmtree(home / "dist")
    shutil.copytree(start, home / "dist", symlinks=True)


@pytest.mark.slow
@pytest.mark.parametrize(("day", "replace"), [("2026-03-18", False), ("2026-03-17", True)], ids=["new", "replaced"])
def test_a_killed_or_refused_release_is_the_old_folder_or_the_new(harbor: Path, day: str, replace: bool, tmp_path: Path) -> None:
    """60 kills and 20 full disks, spread over all calls to the disk; afterwards the next run is right, and nothing is stray."""
    (harbor / "publisher.toml").write_text(MANIFEST + "[release]\nkeep = 1\n")
    released(harbor, "2026-03-17")
    dist, start, end = harbor / "dist", tmp_path / "start", tmp_path / "end"
    shutil.copytree(dist, start, symlinks=True)
    (harbor / "gate.md").write_text(GATE.replace("opens", "closes"))
    report = make(plan([harbor], [], date=day))
    work = partial(released, harbor, day, report, replace=replace)
    work()  # what a process does once is done
    restored(start, harbor)
    total = calls(work)
    shutil.copytree(dist, end, symlinks=True)
    wanted, before = tree(end), tree(start)
    assert total > 60 and wanted != before
    outcomes, kills = set(), 0
    for at in spread(total, 60):
        restored(start, harbor)
        kills += in_child(lambda at=at: _with(killing(at), work)) == -9
        outcomes.add(_seen(dist, before, wanted, f"killed at call {at}"))
        work()
        assert tree(dist) == wanted, f"after a kill at call {at}"
    assert kills >= 59  # at the last call it may be over
    for at in spread(total, 20):
        restored(start, harbor)
        with suppress(PublisherError):  # old folders that cannot be removed stop no release
            _with(refusing(errno.ENOSPC, at, once=False), work)
        outcomes.add(_seen(dist, before, wanted, f"disk full from call {at} on"))
        work()
        assert tree(dist) == wanted, f"after a full disk at call {at}"
    assert outcomes == {"old", "new"}


def _with(disk: Disk, work: Callable[[], object]) -> None:
    with counted(disk):
        work()


def _seen(dist: Path, before: dict[str, str], wanted: dict[str, str], when: str) -> str:
    """Whether who looks sees the old release or the new one, each whole."""
    shown = [path for path in dist.iterdir() if not path.name.startswith(".") and path.is_dir() and not path.is_symlink()]
    assert shown and all(is_whole(folder) for folder in shown), when
    latest = (dist / "latest").resolve()
    assert latest in shown, when
    content = {f"{latest.name}/{name}": digest for name, digest in tree(latest).items()}
    states = [name for name, files in (("old", before), ("new", wanted)) if content.items() <= files.items()]
    assert states, when
    return states[0]


def test_a_full_disk_is_reported_with_the_folder(harbor: Path) -> None:
    report = make(plan([harbor], []))
    with counted(refusing(errno.ENOSPC, 20, once=False)), pytest.raises(PublisherError) as refused:
        released(harbor, "2026-03-17", report)
    (fault,) = refused.value.diagnostics
    assert fault.code is Code.OUTPUT_UNWRITABLE and "No space left on device" in fault.message
    assert fault.location and "dist" in fault.location.file
    assert all(name.startswith(".publisher-release-") for name in names_in(harbor / "dist"))  # the next run removes it


def test_folders_change_places_in_one_step(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    assert exchange(tmp_path / "a", tmp_path / "b"), "this system can do it"
    assert (tmp_path / "a" / "b").exists() and (tmp_path / "b" / "a").exists()
    assert not exchange(tmp_path / "a", tmp_path / "gone")


def test_where_the_system_cannot_exchange_folders_a_kill_in_between_is_mended(
    harbor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "exchange", lambda *_: False)
    released(harbor, "2026-03-17")
    old = tree(harbor / "dist")
    (harbor / "gate.md").write_text(GATE.replace("opens", "closes"))
    (harbor / "dist" / "harbor-brief-2026-03-17").rename(harbor / "dist" / ".publisher-release-old-harbor-brief-2026-03-17")
    folders.mend(harbor / "dist", "harbor-brief", "latest")
    assert tree(harbor / "dist") == old
    released(harbor, "2026-03-17", replace=True)
    assert is_whole(harbor / "dist" / "latest") and tree(harbor / "dist") != old
    assert names_in(harbor / "dist") == {"harbor-brief-2026-03-17", "harbor-brief.history.json", "latest"}


def test_an_interrupt_while_the_release_is_written_leaves_nothing(harbor: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(release, "record", interrupt)
    with pytest.raises(KeyboardInterrupt):
        released(harbor, "2026-03-17")
    assert not list((harbor / "dist").iterdir())


@pytest.mark.slow
def test_every_checker_looks_at_the_sample_brief(ace: None, publisher: Publisher, tmp_path: Path) -> None:
    from tests.conftest import SAMPLE

    home = tmp_path / "sample"
    shutil.copytree(SAMPLE, home, ignore=shutil.ignore_patterns("dist"))
    text = (home / "publisher.toml").read_text()
    (home / "publisher.toml").write_text(text.replace('folder = "../../dist"', 'folder = "dist"'))
    run = publisher("release", home)
    assert run.code == 0, run.err
    (folder,) = [path for path in (home / "dist").iterdir() if path.is_dir() and not path.is_symlink()]
    assert {row["checker"] for row in record_of(folder)["checks"]} == {"publisher's rules", "EPUBCheck", "Ace"}  # type: ignore[attr-defined]
    assert is_whole(folder)

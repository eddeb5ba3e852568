"""The opening is laid out for its length, and drawn when its page numbers are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from publisher.build.build import assemble, moment_of
from publisher.build.plan import plan
from publisher.model.diagnostics import PublisherError
from publisher.writers import themes
from publisher.writers.contract import Failure, Settings
from publisher.writers.formats import writer_for
from publisher.writers.pdf.job import Job
from publisher.writers.pdf.sheet import Sheet
from publisher.writers.pdf.typeset import typeset
from tests.conftest import SAMPLE

pytestmark = pytest.mark.slow

Edition = Callable[..., Path]


def jobs_of(folder: Path) -> tuple[list[Job], bytes]:
    """The sheets that are typeset for a brief, in order, and its bytes."""
    jobs: list[Job] = []

    def mapper(step: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Any]:
        for item in items:
            jobs.extend([item] if isinstance(item, Job) else [])
            yield step(item)

    edition, _ = assemble(plan([folder], []))
    output = writer_for(Path("x.pdf"))(edition, Settings(themes.load(), moment_of(edition), mapper=mapper))
    return jobs, output.data


def test_the_opening_is_laid_out_for_its_length_and_then_drawn_once() -> None:
    jobs, data = jobs_of(SAMPLE)
    openings = [job.measured for job in jobs if job.kind == "opening"]
    assert openings == [True, False] and data.startswith(b"%PDF")


def test_an_opening_without_page_numbers_is_drawn_at_once(edition: Edition) -> None:
    home = edition({"in/a.md": "# Gate opens\n\nThe gate at the weir opens on Monday.\n"})
    jobs, _ = jobs_of(home / "in")
    assert [(job.kind, job.measured) for job in jobs] == [("opening", False)]


def test_a_measured_sheet_has_the_places_of_the_drawn_sheet_and_nothing_else() -> None:
    jobs, _ = jobs_of(SAMPLE)
    drawn = typeset(replace(jobs[-1], measured=False))
    measured = typeset(replace(jobs[-1], measured=True))
    assert measured.files == () and drawn.files and jobs[-1].fingerprint != replace(jobs[-1], measured=True).fingerprint
    places = (drawn.name, drawn.pages, drawn.anchors, drawn.blank, drawn.turned, drawn.page_starts)
    assert measured == Sheet(*places[:1], (), *places[1:3], blank=places[3], turned=places[4], page_starts=places[5])


def test_a_length_that_changes_with_the_page_numbers_is_measured_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was measured first: the pages are those of the opening that is drawn."""
    from publisher.writers import pdf

    _, data = jobs_of(SAMPLE)
    render = pdf.render_all

    def wrong(jobs: Sequence[Any], settings: Settings, *take: Any) -> list[Sheet]:
        first, *others = render(jobs, settings, *take)
        if isinstance(jobs[0], Job) and jobs[0].measured:
            first = replace(first, anchors={name: (page, height + 1) for name, (page, height) in first.anchors.items()})
        return [first, *others]

    monkeypatch.setattr(pdf, "render_all", wrong)
    jobs, again = jobs_of(SAMPLE)
    assert again == data and [job.measured for job in jobs if job.kind == "opening"] == [True, False]


@pytest.mark.parametrize("opening_fails", [False, True])
def test_errors_of_the_opening_are_reported_with_those_of_other_sheets(opening_fails: bool, tmp_path: Path) -> None:
    """Also an error that only drawing finds, after the opening was measured."""

    def mapper(step: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Any]:
        for item in items:
            draws_opening = isinstance(item, Job) and item.kind == "opening" and not item.measured
            fails = "clinic-boats" in getattr(item, "slugs", ()) or (opening_fails and draws_opening)
            yield Failure("was lost") if fails else step(item)

    (tmp_path / "theme.toml").write_text('flow = "article"\n')
    edition, _ = assemble(plan([SAMPLE], []))
    settings = Settings(themes.load(str(tmp_path)), moment_of(edition), mapper=mapper)
    with pytest.raises(PublisherError) as raised:
        writer_for(Path("x.pdf"))(edition, settings)
    first = next(entry.slug for entry in edition.entries)
    lost = [f"typesetting {first} was lost"] if opening_fails else []
    assert [diagnostic.message for diagnostic in raised.value.diagnostics] == [*lost, "typesetting clinic-boats was lost"]

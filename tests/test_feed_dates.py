"""The dates of feeds: one example for each form."""

from __future__ import annotations

import datetime

import pytest

from publisher.text.feed_dates import feed_day, is_day_first, is_no_date


@pytest.mark.parametrize(
    "text",
    [
        "Tue, 17 Mar 2026 08:00:00 GMT",
        "Tue, 17 Mar 26 08:00:00 +0200",
        "Tue, Mar 17 2026 08:00:00 +0000",
        "Mar 17, 2026 5:12 PM",
        "Tue Mar 17 08:00:00 2026",
        "17-Mar-2026",
        "2026-03-17",
        "2026-03-17T23:30:00-05:00",
        "2026-03-17 08:00",
        "20260317",
        "2026031708",
        "20260317080000",
        "2026/3/17",
        "1773736200",
        "1773736200.5",
        "1773736200123",
        "1773736200123456",
        "17.03.2026",
        "17.3.26 08:00",
        "Di, 17.03.2026 - 08:00",
        "17/03/2026",
        "03/17/2026",
        "17-03-2026",
        "Di, 17 Mrz 2026 08:00:00 +0100",
        "Di, 17 März 2026 08:00:00 +0100",
        "Dienstag, 17. Maerz 2026",
        "mar., 17 mars 2026 08:00:00 +0100",
        "martes, 17 de marzo de 2026",
        "mar, 17 mar 2026",
        "17 março 2026",
        "17 marco 2026",
        "din, 17 mrt. 2026",
        "17 marca 2026",
        "17 Mart 2026 Salı",
        "вт, 17 березня 2026",
        "الثلاثاء 17 مارس 2026",
        "יום שלישי, 17 במרץ 2026",
        "2026年3月17日",
        "2026년 3월 17일",
    ],
)
def test_the_day_of_a_date(text: str) -> None:
    assert feed_day(text) == datetime.date(2026, 3, 17)


@pytest.mark.parametrize(
    "text",
    [
        *("", "yesterday", "31 Feb 2026", "2026-02-31", "31.02.2026", "March 2026", "2026", "12345", "99999999999999999999"),
        *("Tue, 17 Mar 08:00:00", "0001-01-01T00:00:00Z", "0000-00-00", "17 Floréal 2026", "17731231", "45/45/2026", "7/7/7777"),
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert feed_day(text) is None and feed_day(text, day_first=True) is None


@pytest.mark.parametrize(
    ("day_first", "day"), [(True, datetime.date(2026, 4, 3)), (False, datetime.date(2026, 3, 4)), (None, None)]
)
def test_a_date_that_may_be_one_of_two_days(day_first: bool | None, day: datetime.date | None) -> None:
    assert feed_day("03/04/2026", day_first=day_first) == feed_day("3-4-2026 08:00", day_first=day_first) == day
    assert feed_day("03.04.2026", day_first=day_first) == datetime.date(2026, 4, 3)
    assert feed_day("04/04/2026", day_first=day_first) == datetime.date(2026, 4, 4)


@pytest.mark.parametrize(
    ("texts", "lang", "expected"),
    [
        (["03/04/2026", "17/03/2026"], "", True),
        (["03/04/2026", "03/17/2026"], "", False),
        (["03/17/2026", "17/03/2026"], "de", None),
        (["03/04/2026", "17.03.2026", "soon"], "", None),
        ([], "de", True),
        ([], "fr-CA", True),
        ([], "en-GB", True),
        ([], "en_us", False),
        ([], "en", None),
        ([], "ja", None),
    ],
)
def test_whether_the_day_stands_first(texts: list[str], lang: str, expected: bool | None) -> None:
    assert is_day_first(texts, lang) is expected


def test_a_month_name_of_two_languages_means_that_of_the_feed() -> None:
    assert feed_day("17 listopada 2026", "pl") == datetime.date(2026, 11, 17)
    assert feed_day("17. listopada 2026", "hr") == datetime.date(2026, 10, 17)
    assert feed_day("17 mars 2026", "xx-unknown") == datetime.date(2026, 3, 17)


def test_what_programs_write_for_no_date() -> None:
    assert all(map(is_no_date, ["", "0", "0000-00-00 00:00:00", "0001-01-01T00:00:00Z"]))
    assert not any(map(is_no_date, ["soon", "31 Feb 2026", "2026"]))

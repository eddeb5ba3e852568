"""Threads of forums: each post with its author and time, in order; and pages that only look like threads."""

from __future__ import annotations

from pathlib import Path

import pytest

from publisher.build.ingest import accounted_articles, articles_of
from publisher.extraction.threads import find_posts
from publisher.input.html_pages import page_of
from publisher.input.manuscript import Manuscript
from publisher.model.markup import words
from publisher.text.plain_text import text_of
from tests.no_threads import NO_THREADS
from tests.thread_samples import PROGRAMS, QUOTED, sample

TEXTS = (
    "The gate of our mill sluice sticks at high water since the spring flood. The rack climbs two teeth and then slips back. "
    "Has anybody here dealt with worn racks on a wooden gate?",
    "That sounds like the pinion, not the rack. Grease it first and count the teeth that are left before you order parts.",
    "I wrote down the levels with a small script for a week: for hour in range(24): print(hour, level(hour)) "
    "The gate only sticks above two metres.",
    "Thanks, it was the pinion indeed!",
)
CHROME = (
    "stitch in time",
    "Senior",
    "Reply",
    "Last edited",
    "Moderator Tom",
    "Joined",
    "likes this",
    "241",
    "Log in",
    "Upvote",
    "Share",
    "Wheel will not turn",
)


def manuscript(page: str) -> Manuscript:
    return Manuscript(Path("a.html"), page.encode(), "a.html")


def posts_of(page: str) -> list[tuple[str, str]]:
    source = manuscript(page)
    return [(post.author, post.time) for post in find_posts(page_of(source, source.text()))]


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_post_has_its_author_time_and_text(program: str) -> None:
    thread = sample(program)
    articles, account = accounted_articles(manuscript(thread.page))
    assert account is not None
    text = " ".join(text_of(articles[0], body_only=True).split())
    places = []
    for (author, time), post in zip(thread.heads, TEXTS, strict=True):
        assert f"{author}, {time} " in text
        assert text.count(post) == 1
        places += [text.index(f"{author}, {time}"), text.index(post)]
    assert places == sorted(places), "in their order, each head before its text"
    assert text.count(QUOTED) == 2, "in the first post and quoted in the second"
    assert [words for words in CHROME if words in text] == []
    assert (account.open_words, account.lost_images) == (0, 0)


@pytest.mark.parametrize("kind", NO_THREADS)
def test_other_pages_are_no_threads(kind: str) -> None:
    assert posts_of(NO_THREADS[kind]) == []


def test_a_post_without_an_author_and_one_that_repeats_another_stay() -> None:
    names = ["ada", "", "cole", "dora"]
    texts = [
        "The rack of the sluice sticks whenever the water is low.",
        "Mine sticks too, and I am a guest on this board today.",
        "Grease the pinion twice a year and it will never stick again.",
        "The rack of the sluice sticks whenever the water is low.",
    ]
    posts = "".join(
        f'<div class="post"><div class="author"><a class="username" href="/u/{name}">{name}</a></div>'
        f'<time datetime="2026-03-1{number}T09:00">x</time><div class="content"><p>{text}</p></div></div>'
        for number, (name, text) in enumerate(zip(names, texts, strict=True))
    )
    page = f"<html><head><title>Rack sticks</title></head><body><nav><a href='/'>Home</a></nav>{posts}</body></html>"
    (article,) = articles_of(Manuscript(Path("a.html"), page.encode(), "a.html"))
    heads = [words(head) for head in article.root.find_all("p", class_="post")]
    assert heads == ["ada, 2026-03-10 09:00", "2026-03-11 09:00", "cole, 2026-03-12 09:00", "dora, 2026-03-13 09:00"]
    assert words(article.root).count(texts[0]) == 2 and texts[1] in words(article.root)

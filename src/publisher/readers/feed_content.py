"""The text of an entry of a feed: one of its contents, and the summary if it says something else."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from publisher.input.html_elements import words_of
from publisher.input.html_pages import fragment_markup
from publisher.input.manuscript import Manuscript
from publisher.input.snippets import paragraph_markup
from publisher.model.codes import Code
from publisher.model.markup import parse, root_of, xhtml
from publisher.readers import markdown
from publisher.text.feed_dates import feed_day

_LEAST_CONTENT = 20  # words; content with fewer is not preferred to a long summary
_MOST_NEW = 0.3  # share of its words that another form of a text does not have in common with it
_START = 6  # words with which a summary that repeats the content begins in it
_ABOUT_AS_LONG = 0.8
_MARKED_UP = ("html", "markdown")  # types of contents that are preferred to others of about the same length
_MARKDOWN_TYPE = re.compile(r"text/(?:x-|vnd\.daringfireball\.)?markdown")


def content_and_summary(manuscript: Manuscript, entry: Any, base: str, media_texts: set[str]) -> tuple[str, str]:
    """The content, and the summary if it has other words; both as HTML.

    Of contents that are forms of one text, one is used, and what the others have besides is recorded. Contents with other words
    stand one behind the other. A summary that is only the beginning of the content is recorded.
    """
    contents = [
        content
        for content in entry.get("content", ())
        if (content.get("value") or "").strip()
        and not str(content.get("type", "")).startswith("image")
        and " ".join(content["value"].split()) not in media_texts
    ]
    contents = _best_first(contents)
    texts = [_detail_markup(manuscript, content, base) for content in contents]
    detail = entry.get("summary_detail", {})
    summary = _detail_markup(manuscript, detail, base) if (detail.get("value") or "").strip() else ""
    if not texts:
        return summary, ""
    body, known = _joined(manuscript, texts)
    if len(known) < _LEAST_CONTENT and len(words_of(text_of(summary))) > 3 * len(known):
        return summary, body  # the content is only a teaser
    return body, "" if _is_repeated(manuscript, text_of(summary), body, known) else summary


def _best_first(contents: list[Any]) -> list[Any]:
    """The contents by length; before all others the first with markup that is about as long as the longest."""
    ordered = sorted(contents, key=lambda content: len(content["value"]), reverse=True)
    long = [content for content in ordered if len(content["value"]) > _ABOUT_AS_LONG * len(ordered[0]["value"])]
    best = next((content for kind in _MARKED_UP for content in long if kind in str(content.get("type"))), None)
    return ordered if best is None else [best, *(content for content in ordered if content is not best)]


def _joined(manuscript: Manuscript, texts: list[str]) -> tuple[str, set[str]]:
    """The first text and those behind it that have other words, and all these words."""
    body, known = texts[0], set(words_of(text_of(texts[0])))
    for other in texts[1:]:
        words = words_of(text_of(other))
        new_words = [word for word in words if word not in known]
        if len(new_words) > _MOST_NEW * len(words):
            body += other
            known |= set(words)
        elif new_words:
            manuscript.remove("another form of the content", " ".join(new_words))
    return body, known


def _is_repeated(manuscript: Manuscript, summary: str, body: str, known: set[str]) -> bool:
    """Whether a summary says what the content says; what it has besides, such as "Read more", is recorded then."""
    words = words_of(summary)
    new_words = [word for word in words if word not in known]
    if not new_words:
        return True
    start = " ".join(words[:_START])
    is_start = len(words) > _START and f" {start} " in f" {' '.join(words_of(text_of(body)))} "
    if not is_start or len(new_words) > _MOST_NEW * len(words):
        return False
    manuscript.remove("summary that the content repeats", " ".join(new_words))
    return True


def _detail_markup(manuscript: Manuscript, detail: Any, url: str) -> str:
    value, kind = str(detail.get("value") or ""), str(detail.get("type") or "")
    if _MARKDOWN_TYPE.match(kind):
        (found,) = markdown.read(replace(manuscript, data=value.encode()))
        return fragment_markup(manuscript, xhtml(found.root), str(detail.get("base") or "") or url)
    if kind == "text/plain" or ("<" not in value and "&" not in value):
        return paragraph_markup(value)
    return fragment_markup(manuscript, value, str(detail.get("base") or "") or url)


def text_of(html: str) -> str:
    """The text of a piece of HTML, with spaces between blocks."""
    return root_of(parse(html)).get_text(" ") if html else ""


def report_date(manuscript: Manuscript, title: str, text: str) -> None:
    """Reports the date of an entry that is not understood or may be one of two days."""
    fault = "may be one of two days" if feed_day(text, day_first=True) else "is not understood"
    message = f"the date of the entry “{title[:60]}” {fault}: {text.strip()[:60]}"
    hint = "the article has no date; the feed should have dates such as 2026-03-17"
    manuscript.report(Code.FEED_BROKEN, message, line=manuscript.line_of(text), hint=hint)

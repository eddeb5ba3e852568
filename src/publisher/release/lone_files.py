"""Verifying a PDF or an EPUB by itself: what the file says in two places must be the same in both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Exit, Location
from publisher.release.contents import BookContents, PdfContents, contents_of
from publisher.release.page_words import PageWords, added_words, bare, missing_words
from publisher.release.pdf_text import structure_of

_HINT = "the file was changed, or is not of publisher: get it again"


@dataclass(frozen=True)
class Verified:
    """What is wrong with a release or a file, and what was verified, each as words for a line.

    `failure` is the exit code if it could not be verified at all.
    """

    path: Path
    diagnostics: tuple[Diagnostic, ...]
    done: tuple[str, ...]
    failure: Exit = Exit.DONE


def verify_file(path: Path) -> Verified:
    """What a PDF or an EPUB says in two places. Raises PublisherError where it cannot be read."""
    contents = contents_of(path)
    if isinstance(contents, PdfContents):
        return _verify_pdf(contents)
    assert isinstance(contents, BookContents)
    return _verify_book(contents)


def _verify_pdf(pdf: PdfContents) -> Verified:
    place = Location(str(pdf.path))
    if not pdf.articles:
        message = f"{pdf.path.name} has no attached articles, so its words cannot be compared"
        hint = "a PDF of the variant pdf/ua-1+a-3a has them"
        return Verified(pdf.path, (Diagnostic(Code.NOT_VERIFIED, message, place, hint),), ())
    found, done = list[Diagnostic](), list[str]()
    pages = PageWords(structure_of(pdf.path))
    for slug, words in missing_words(pages, pdf.articles):
        message = f"the words of {slug} are not all on the pages: “{words}” is in the attached article alone"
        found.append(_difference(message, place, slug))
    for page, words in added_words(pages, pdf.articles, {pdf.language, "en"}):
        where = f"page {page} has words" if page else "the pages have words"
        found.append(_difference(f"{where} that are in no attached article: “{words}”", place))
    found += _sources(pdf, pages, place)
    if not found:
        done.append(f"the words of {counted(len(pdf.articles), 'attached article')} on the pages")
        if pdf.items is not None:
            done.append(f"the list of {counted(len(pdf.items), 'source')}")
    return Verified(pdf.path, tuple(found), tuple(done))


def counted(count: int, noun: str) -> str:
    """`1 source`, `2 sources`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _difference(message: str, place: Location, *slugs: str) -> Diagnostic:
    return Diagnostic(Code.CONTENT_DIFFERS, message, place, _HINT, slugs=slugs)


def _sources(pdf: PdfContents, pages: PageWords, place: Location) -> Iterator[Diagnostic]:
    """The attached CSL-JSON against the list of sources on the pages: each source once, with its title or its address."""
    if pdf.items is None:
        return
    attached = {str(item.get("id")): item for item in pdf.items if isinstance(item, dict)}
    if pdf.sources:
        for identifier in sorted(attached.keys() - set(pdf.sources)):
            yield _difference(f"the source {identifier} is attached, and is not in the list of sources", place)
        for identifier in sorted(set(pdf.sources) - attached.keys()):
            yield _difference(f"the source {identifier} is in the list of sources, and is not attached", place)
    text = pages.texts[1]
    for identifier, item in attached.items():
        names = list(filter(None, map(bare, _names(item))))
        if names and not any(name in text for name in names):
            yield _difference(
                f"the source {identifier} has another title and address on the pages than in the attached list", place
            )


def _names(item: dict[str, Any]) -> Iterator[str]:
    """By what a source is found in a list: its title, else its address, its DOI, or its words."""
    title = str(item.get("title") or "")
    if title:
        yield title
        return
    yield str(item.get("URL") or "").partition("://")[2]
    yield str(item.get("DOI") or "")
    yield str(item.get("container-title") or "")


def _verify_book(book: BookContents) -> Verified:
    """An EPUB: its navigation against its spine, its page list against its page breaks."""
    place = Location(str(book.path))
    found = list[Diagnostic]()
    for slug in book.articles:
        if slug not in book.titles:
            found.append(_difference(f"the chapter {slug} is not in the table of contents", place, slug))
        elif slug in book.headlines and book.headlines[slug] != book.titles[slug]:
            message = f"the chapter {slug} has the headline “{book.headlines[slug]}”, and “{book.titles[slug]}” in the contents"
            found.append(_difference(message, place, slug))
    for label, target in book.page_targets.items():
        if target not in book.breaks:
            found.append(_difference(f"page {label} of the page list leads to {target}, where no page begins", place))
    done = () if found else ("its contents, chapters and page list agree",)
    message = f"the words of {book.path.name} cannot be compared: an EPUB has them once"
    found.append(Diagnostic(Code.NOT_VERIFIED, message, place, "verify the folder of its release, if you have it"))
    return Verified(book.path, tuple(found), done)

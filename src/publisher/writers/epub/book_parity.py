"""Compares the finished chapters of a book with their articles (parity.py): words and links, in the order of the article.

What differs in a chapter: page breaks, the heading of the notes, the number of a note and the arrow behind it (both link back to
its reference) are not in the tree; a table with a caption is in a figure; a formula is MathML; a link to another article names
its file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic
from publisher.model.edition import Entry
from publisher.model.faults import fault_of
from publisher.model.markup import xml_root
from publisher.writers.epub.pagelist import XHTML
from publisher.writers.parity import (
    Content,
    Link,
    WordDifference,
    content_of,
    differing_parts,
    link_difference,
    parity_diagnostics,
    plain,
    surplus,
    word_difference,
)


def book_diagnostics(entries: Sequence[Entry], files: Mapping[str, str]) -> Iterator[Diagnostic]:
    """An error for each chapter that is not well-formed, and for each whose words or links are not those of its article.

    `files` are the files of the spine, by their names.
    """
    compared: dict[str, _Comparison] = {}
    for entry in entries:
        try:
            compared[entry.slug] = _comparison(entry, _chapter(xml_root(files[entry.slug].encode())))
        except etree.XMLSyntaxError as problem:
            yield chapter_diagnostic(entry.slug, problem)
        except Exception as problem:
            work = f"the chapter {entry.slug} was compared with its article"
            yield fault_of(problem).diagnostic(work, None, (entry.slug,))
    ids = {slug: comparison.ids for slug, comparison in compared.items()}
    for slug, comparison in compared.items():
        lost = (
            link_difference(link.words, f"leads to {link.target}, which is not in the book")
            for link in comparison.inner
            if not _is_there(link.target, slug, ids, files)
        )
        yield from parity_diagnostics(slug, "EPUB", comparison.words, [*comparison.links, *lost])


@dataclass(frozen=True)
class _Comparison:
    """What differs in a chapter, its ids, and its links within the book. Trees are not kept: a book may have 10,000 chapters."""

    words: list[WordDifference]
    links: list[str]
    ids: frozenset[str]
    inner: list[Link]


def _comparison(entry: Entry, chapter: etree._Element) -> _Comparison:
    article, content = content_of(xml_root(entry.xhtml), _is_generated), content_of(chapter, _is_generated)
    links = [*_link_differences(article, content), *_notes_without_way_back(chapter, article)]
    inner = [link for block in content.blocks for link in block.links if ":" not in link.target.partition("#")[0]]
    return _Comparison(list(_word_differences(article, content)), links, content.ids, inner)


def chapter_diagnostic(slug: str, problem: etree.XMLSyntaxError) -> Diagnostic:
    message = f"the chapter {slug} is not well-formed: {problem}"
    return Diagnostic(Code.CHAPTER, message, hint="report it with the manuscript", slugs=(slug,))


def _chapter(root: etree._Element) -> etree._Element:
    """The element of a file that holds its article; a theme may put more around it."""
    return next((element for element in root.iter(f"{{{XHTML}}}section") if element.get("role") == "doc-chapter"), root)


def _is_generated(element: etree._Element) -> bool:
    role, css_class = element.get("role"), element.get("class")
    is_way_back = role == "doc-backlink" and css_class in ("number", "backlink")
    return is_way_back or role == "doc-pagebreak" or css_class == "notes-title"


def _word_differences(article: Content, chapter: Content) -> Iterator[WordDifference]:
    texts = [[text for block in content.blocks if (text := block.typed).strip()] for content in (article, chapter)]
    if _are_same(*texts):
        return
    wanted, found = differing_parts(*(list(filter(None, map(plain, block_texts))) for block_texts in texts))
    if len(wanted) == len(found):
        yield from (word_difference(*pair) for pair in zip(wanted, found, strict=True) if pair[0] != pair[1])
    else:
        yield word_difference(" ".join(wanted), " ".join(found))


def _are_same(texts: Sequence[str], others: Sequence[str]) -> bool:
    """Whether texts are the same but for white space; it is folded only where they differ, since that takes longest."""
    pairs = zip(texts, others, strict=False)
    return len(texts) == len(others) and all(text == other or plain(text) == plain(other) for text, other in pairs)


def _link_differences(article: Content, chapter: Content) -> Iterator[str]:
    wanted = [(link.words, _address(link)) for block in article.blocks for link in block.links]
    found = [(link.words, link.target) for block in chapter.blocks for link in block.links]
    extra = list(surplus(found, wanted))
    missing = list(surplus(wanted, found))
    elsewhere, elsewhere_wanted = dict(extra), dict(missing)
    for words, target in missing:
        leads = f"leads to {elsewhere[words]}" if words in elsewhere else "is no link"
        yield link_difference(words, f"should lead to {target}, but {leads}")
    for words, target in extra:
        if words not in elsewhere_wanted:
            yield link_difference(words, f"leads to {target}, and is no link of the article")
    if not missing and not extra and wanted != found:
        words, target = next(pair for pair, other in zip(wanted, found, strict=True) if pair != other)
        yield link_difference(words, "stands in another place")


def _address(link: Link) -> str:
    """Where a link of an article leads in the book."""
    if not link.target.startswith("article:"):
        return link.target
    slug, hash_sign, identifier = link.target.removeprefix("article:").partition("#")
    return f"{slug}.xhtml{hash_sign}{identifier}"


def _is_there(target: str, slug: str, ids: Mapping[str, Collection[str]], files: Collection[str]) -> bool:
    """Whether the place in the book that a link of a chapter leads to exists; `ids` are those of each chapter."""
    address, _, identifier = target.partition("#")
    file = address.removesuffix(".xhtml") or slug
    return file in files and (not identifier or file not in ids or identifier in ids[file])


def _notes_without_way_back(chapter: etree._Element, article: Content) -> Iterator[str]:
    backlinks = {link.get("href") for link in chapter.iter(f"{{{XHTML}}}a") if link.get("role") == "doc-backlink"}
    for identifier in sorted(article.ids):
        number = identifier.removeprefix("note-")
        if number != identifier and f"call-{number}" in article.ids and f"#call-{number}" not in backlinks:
            yield f"note {number} has no link back to its reference"

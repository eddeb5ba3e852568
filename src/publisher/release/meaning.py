"""What two outputs mean, whatever engine has set them: words, pages, headings, structure and navigation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from lxml import etree

from publisher.model.markup import xml_root
from publisher.release.comparable import EPUB
from publisher.release.contents import BookContents, Contents, contents_of
from publisher.release.page_words import bare
from publisher.release.pdf_text import Part, structure_of

_Item = TypeVar("_Item")
_HEADINGS = ("H", "H1", "H2", "H3", "H4", "H5", "H6")
_LAYOUT = ("Span", "Div", "Sect")  # types that depend on how lines and columns break


def differences_in_meaning(old: Path, new: Path) -> Iterator[str]:
    """A phrase for each kind of thing in which `new` differs from `old`: the first place of each. Raises PublisherError."""
    before, after = contents_of(old), contents_of(new)
    if len(before.pages) != len(after.pages):
        yield f"it has {len(after.pages)} pages, not {len(before.pages)}"
    if before.titles != after.titles:
        slug = next(slug for slug in {**before.titles, **after.titles} if before.titles.get(slug) != after.titles.get(slug))
        yield f"the title of {slug} is “{after.titles.get(slug, '')}”, not “{before.titles.get(slug, '')}”"
    if before.sources and set(before.sources) != set(after.sources):
        yield "its list of sources has other sources"
    if old.suffix.lower() == EPUB:
        yield from _chapter_differences(before, after)
    else:
        yield from _structure_differences(structure_of(old), structure_of(new))


def headings_of(root: Part) -> list[str]:
    """The headings in reading order, without the numbers of their notes."""
    texts = (part.text(("Reference",)) for part in root.walk() if part.kind in _HEADINGS)
    return [" ".join(text.split()) for text in texts]


def _structure_differences(before: Part, after: Part) -> Iterator[str]:
    pair = _first(headings_of(before), headings_of(after), key=bare)
    if pair is not None:
        yield f"the heading “{pair[0] or ''}” is “{pair[1] or ''}” now"
    old, new = ([part.kind for part in root.walk() if part.kind not in _LAYOUT] for root in (before, after))
    if (kinds := _first(old, new)) is not None:
        yield f"its structure differs: {kinds[0] or 'nothing'} is {kinds[1] or 'nothing'} now"
    articles = [[part for part in root.walk() if part.kind == "Art"] or [root] for root in (before, after)]
    for number in range(max(map(len, articles))):
        words, others = (_words(parts[number]) if number < len(parts) else [] for parts in articles)
        if "".join(map(bare, words)) != "".join(map(bare, others)):
            headings = headings_of(articles[0][number]) if number < len(articles[0]) else []
            pair = _first(words, others, key=bare)
            yield f"the words of “{(headings or [''])[-1] if len(headings) < 2 else headings[0]}” differ: {_named(pair)}"
            return


def _words(part: Part) -> list[str]:
    return part.text().split()


def _named(pair: tuple[str | None, str | None] | None) -> str:
    if pair is None:
        return "they are broken in other places"
    return f"“{pair[0] or ''}” is “{pair[1] or ''}” now"


def _chapter_differences(before: Contents, after: Contents) -> Iterator[str]:
    assert isinstance(before, BookContents) and isinstance(after, BookContents)
    if before.spine != after.spine:
        yield "its files stand in another order"
    if before.pages != after.pages:
        yield "its page list differs"
    for slug, xhtml in before.articles.items():
        old, new = xml_root(xhtml), xml_root(after.articles.get(slug, "<p/>"))
        pair = _first(_text(old).split(), _text(new).split())
        if pair is not None:
            yield f"the words of {slug} differ: {_named(pair)}"
            return
        if (names := _first(_tags(old), _tags(new))) is not None:
            yield f"the structure of {slug} differs: {names[0] or 'nothing'} is {names[1] or 'nothing'} now"
            return


def _text(root: etree._Element) -> str:
    return " ".join("".join(root.itertext()).split())


def _tags(root: etree._Element) -> list[str]:
    return [str(element.tag).rpartition("}")[2] for element in root.iter() if element.get("role") != "doc-pagebreak"]


def _first(
    old: Sequence[_Item], new: Sequence[_Item], key: Callable[[_Item], object] = lambda item: item
) -> tuple[_Item | None, _Item | None] | None:
    """The first pair of items that differ by `key`; None stands for an item that is not there."""
    for number in range(max(len(old), len(new))):
        item = old[number] if number < len(old) else None
        other = new[number] if number < len(new) else None
        if item is None or other is None or key(item) != key(other):
            return item, other
    return None

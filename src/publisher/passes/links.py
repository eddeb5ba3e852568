"""Every outside link gets a note that names its source. A source has one number within the article.

The article's own source stands in a note at the headline. A link inside an author's note has its address written out
behind it. Links to a place in the article stay links. Links to a file beside it are kept, for the edition to resolve. A link
that leads nowhere becomes plain words, with a warning.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import takewhile
from pathlib import PurePosixPath
from urllib.parse import unquote

from bs4 import BeautifulSoup, Tag
from bs4.element import AttributeValueList, NavigableString

from publisher.input.manuscript import Manuscript
from publisher.input.named_files import Refusal
from publisher.model.addresses import OUTSIDE_SCHEMES, scheme_of, without_tracking, written_address
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import Tree, attribute, classes, first_tag, has_words, holds, parent_of, tags
from publisher.model.metadata import Metadata, with_written_addresses
from publisher.model.parts import Citation
from publisher.model.public_addresses import text_without_secrets, without_secrets
from publisher.model.sources import Source
from publisher.passes.link_sources import LinkSources

_LONGEST_SHOWN = 80  # characters of an address in a message


def apply(article: Article, manuscript: Manuscript) -> Article:
    """The article with a note reference after every outside link, an `aside.note.source` for each source, and its citations.

    The citations carry the number 0 until passes.article_parts counts the notes.
    """
    article = _with_written_addresses(article, manuscript)
    root, sources = article.root, dict[str, Source]()
    own_source = _own_source(article.metadata)
    link_sources = LinkSources(article, own_source)
    headline = first_tag(root, ("h1",))
    if own_source and headline is not None:
        sources[own_source.identifier] = own_source
        headline.append(_note_reference(article.tree, own_source))
    for link in tags(root, ("a",)):
        _join_pieces(link)
    ids = {attribute(tag, "id") for tag in tags(root) if tag.get("id")}
    notes = {attribute(tag, "id"): tag for tag in reversed(tags(root, ("aside",)))}  # of two with one id the first
    for link in tags(root, ("a",)):
        if "noteref" in classes(link):
            continue
        if not link.get("href"):
            _remove_empty_link(link)  # an anchor
            continue
        source = _source_of_link(link, ids, manuscript, link_sources)
        if source is not None:
            known = sources.get(source.identifier)
            sources[source.identifier] = known.merged(source) if known else source
            note = parent_of(link, "aside", "note")
            if note is not None:
                link_sources.write_address_out(note, link)
            elif not _is_cited(notes, link, source):
                link.insert_after(_note_reference(article.tree, source))
        if link.parent is not None and not has_words(link) and not holds(link, ("img",)):
            _remove_empty_link(link)
    referenced_ids = {attribute(link, "href")[1:] for link in tags(root, ("a",)) if "noteref" in classes(link)}
    for key in sources:
        if key in referenced_ids:
            note = article.tree.new_tag("aside", attrs={"id": key})
            note["class"] = AttributeValueList(["note", "source"])
            root.append(note)
    return replace(article, citations=tuple(Citation(0, source) for source in sources.values()))


def _with_written_addresses(article: Article, manuscript: Manuscript) -> Article:
    """The article with the addresses of its metadata as outputs may have them. What cannot stay is reported, also of links."""
    metadata, refused = with_written_addresses(article.metadata)
    dropped = article.tree.dropped_links if isinstance(article.tree, Tree) else ()
    for address in dict.fromkeys([*refused, *dropped]):
        manuscript.report_address(address)
    return replace(article, metadata=metadata)


def _own_source(metadata: Metadata) -> Source:
    if not metadata.source and not metadata.url:
        return Source()
    page_source = Source(
        publication=metadata.publisher,
        title=metadata.title,
        authors=metadata.authors,
        url=metadata.url,
        date=metadata.date,
    )
    source = metadata.source.merged(page_source)
    return replace(source, url=without_tracking(source.url))


def _is_cited(notes: dict[str, Tag], link: Tag, source: Source) -> bool:
    """Whether the link already has a reference whose note names the same source, as in an EPUB that is read as a manuscript."""
    reference = link.next_sibling
    if not isinstance(reference, Tag) or "noteref" not in classes(reference):
        return False
    note = notes.get(attribute(reference, "href")[1:])
    links = tags(note, ("a",)) if note is not None else []
    return any(Source(url=attribute(note_link, "href")).identifier == source.identifier for note_link in links)


def _join_pieces(link: Tag) -> None:
    """Joins neighboring links to the same address: text editors often split a link, and it needs only one note reference."""
    while not link.decomposed and link.get("href") and "noteref" not in classes(link):
        sibling = link.next_sibling
        gap = sibling if isinstance(sibling, NavigableString) and not sibling.strip() else None
        next_link = gap.next_sibling if gap is not None else sibling
        if not isinstance(next_link, Tag) or next_link.name != "a" or "noteref" in classes(next_link):
            return
        if next_link.get("href") != link.get("href") or next_link.get("id"):
            return
        if gap is not None:
            link.append(gap.extract())
        link.extend(list(next_link.contents))
        next_link.decompose()


def _remove_empty_link(link: Tag) -> None:
    """Removes a link without words or image: readers cannot follow it. The note reference after it and its id stay."""
    if link.get("id"):
        link.name, link.attrs = "span", {"id": attribute(link, "id")}
    else:
        link.unwrap()


def _note_reference(tree: BeautifulSoup, source: Source) -> Tag:
    reference = tree.new_tag("a", attrs={"class": "noteref", "href": f"#{source.identifier}"})
    reference.string = "*"
    return reference


def _source_of_link(link: Tag, ids: set[str], manuscript: Manuscript, link_sources: LinkSources) -> Source | None:
    """The source that a link names; None if it names none. Removes links that lead nowhere; their words stay."""
    href = attribute(link, "href").strip()
    address = written_address(f"https:{href}" if href.startswith("//") else href)
    if address:
        shown = without_secrets(address)
        if shown != address:
            _hide_secrets(link)
        link["href"] = address = shown
        return link_sources.source_of(link, address) if scheme_of(address) in OUTSIDE_SCHEMES else None
    if href.startswith("#") and href[1:] in ids:
        return None
    if scheme_of(href):
        manuscript.report_address(href)
        link.unwrap()
        return None
    path = unquote(re.split(r"[?#]", href)[0])
    if path and _is_file_beside(path, manuscript):
        return None
    if href and href != "#":
        _report_broken(href, manuscript.refused.get(path), manuscript)
    link.unwrap()
    return None


def _hide_secrets(link: Tag) -> None:
    """Leaves secrets out of the words of a link that are its address."""
    for text in list(link.find_all(string=True)):
        shown = text_without_secrets(str(text))
        if shown != text:
            text.replace_with(NavigableString(shown))


def _report_broken(href: str, refusal: Refusal | None, manuscript: Manuscript) -> None:
    line, shown = manuscript.line_of(href), without_secrets(href)[:_LONGEST_SHOWN]
    if refusal and not href.startswith("/"):  # that is the path of a page on its site
        message = f"the link {shown} is not followed: {refusal.reason}; its words are kept"
        manuscript.report(Code.PATH_REFUSED, message, line=line, hint=refusal.hint)
        return
    hint = "give a whole address (https://…), or the name of an article of this edition"
    manuscript.report(Code.LINK_BROKEN, f"the link {shown} leads nowhere; its words are kept", line=line, hint=hint)


def _is_file_beside(path: str, manuscript: Manuscript) -> bool:
    """Whether the path of a link names a file, or an article in a file that holds several, such as a chapter of an e-book."""
    file = PurePosixPath(path)
    names = [str(name) for name in (file, *file.parents) if name.name]
    if manuscript.path.name in names[1:]:
        return True
    found = (manuscript.look(name) for name in names)
    return any(data is not None for data, refusal in takewhile(lambda look: look[1] is None, found))

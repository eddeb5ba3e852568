"""Every outside link gets a note that names its source: one number for one source within the article.

The article's own source stands in a note at the headline. Links to a place in the article stay links, links to a
file beside it are kept for the edition to resolve, and what leads nowhere becomes plain words with a warning.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import quote, urlsplit, urlunsplit

from bs4 import BeautifulSoup, Tag
from bs4.element import AttributeValueList, NavigableString

from publisher.input.manuscript import Manuscript
from publisher.model import vocabulary
from publisher.model.article import Article, Citation
from publisher.model.codes import Code
from publisher.model.markup import attribute, classes, tags
from publisher.model.metadata import Metadata, Source

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)


def apply(article: Article, manuscript: Manuscript) -> Article:
    """The article with a call behind every outside link, a `aside.note.source` for each source, and its citations.

    The citations carry the number 0 until passes.article_parts counts the notes.
    """
    root, cited = article.root, {}
    own = _own_source(article.metadata)
    headline = root.find("h1")
    if own and isinstance(headline, Tag):
        cited[own.identifier] = own
        headline.append(_call(article.tree, own))
    for link in tags(root, ("a",)):
        _join(link)
    ids = {attribute(tag, "id") for tag in tags(root) if tag.get("id")}
    for link in tags(root, ("a",)):
        if "noteref" in classes(link):
            continue
        if not link.get("href"):
            _unlink(link)  # an anchor
            continue
        source = _source(link, ids, manuscript)
        if source is not None:
            cited.setdefault(source.identifier, source)
            if not link.find_parent("aside", class_="note") and not _is_cited(root, link, source):
                link.insert_after(_call(article.tree, source))
        if link.parent is not None and not link.get_text().strip() and not link.find("img"):
            _unlink(link)
    called = {attribute(link, "href")[1:] for link in tags(root, ("a",)) if "noteref" in classes(link)}
    for key in cited:
        if key in called:
            note = article.tree.new_tag("aside", attrs={"id": key})
            note["class"] = AttributeValueList(["note", "source"])
            root.append(note)
    return replace(article, citations=tuple(Citation(0, source) for source in cited.values()))


def _own_source(metadata: Metadata) -> Source:
    if not metadata.source and not metadata.url:
        return Source()
    known = Source(
        publication=metadata.publisher,
        title=metadata.title,
        authors=metadata.authors,
        url=metadata.url,
        date=metadata.date,
    )
    return metadata.source.merged(known)


def _is_cited(root: Tag, link: Tag, source: Source) -> bool:
    """Whether a call stands behind a link already whose note names the same source, as in a book that was read in."""
    call = link.next_sibling
    if not isinstance(call, Tag) or "noteref" not in classes(call):
        return False
    note = root.find("aside", id=attribute(call, "href")[1:])
    links = tags(note, ("a",)) if isinstance(note, Tag) else []
    return any(Source(url=attribute(one, "href")).identifier == source.identifier for one in links)


def _join(link: Tag) -> None:
    """Editors leave one link in pieces, a letter here and a word there: it is one link, and has one call."""
    while not link.decomposed and link.get("href") and "noteref" not in classes(link):
        between = link.next_sibling
        gap = between if isinstance(between, NavigableString) and not between.strip() else None
        after = gap.next_sibling if gap is not None else between
        if not isinstance(after, Tag) or after.name != "a" or "noteref" in classes(after):
            return
        if after.get("href") != link.get("href") or after.get("id"):
            return
        if gap is not None:
            link.append(gap.extract())
        link.extend(list(after.contents))
        after.decompose()


def _unlink(link: Tag) -> None:
    """A link without a word or a picture cannot be followed: a call behind it says where it led, its id stays."""
    if link.get("id"):
        link.name, link.attrs = "span", {"id": attribute(link, "id")}
    else:
        link.unwrap()


def _call(tree: BeautifulSoup, source: Source) -> Tag:
    call = tree.new_tag("a", attrs={"class": "noteref", "href": f"#{source.identifier}"})
    call.string = "*"
    return call


def _source(link: Tag, ids: set[str], manuscript: Manuscript) -> Source | None:
    """The source a link names, or None where it names none; opens links that lead nowhere."""
    href = attribute(link, "href").strip()
    scheme = _SCHEME.match(href)
    outside = _outside(f"https:{href}" if href.startswith("//") else href)
    if outside:
        link["href"] = outside
        return Source(title=attribute(link, "title"), url=outside)
    if scheme and scheme[1].lower() in vocabulary.LINK_SCHEMES:
        return None
    if href.startswith("#") and href[1:] in ids:
        return None
    if href and not href.startswith("#") and not scheme and _is_beside(href, manuscript):
        return None
    if href and href != "#":
        manuscript.report(
            Code.LINK_BROKEN,
            f"the link {href[:80]} leads nowhere; its words are kept",
            line=manuscript.line_of(href),
            hint="give a whole address (https://…), or the name of an article of this edition",
        )
    link.unwrap()
    return None


def _outside(href: str) -> str:
    """The address of another site, its odd characters escaped (RFC 3986, 2.1); empty where it is none."""
    try:
        parts = urlsplit(href)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in vocabulary.OUTSIDE_SCHEMES or not re.fullmatch(
        r"[\w.-]+|\[[\da-f:.]+\]", parts.hostname or ""
    ):
        return ""
    host = (parts.hostname or "").encode("idna").decode() if not (parts.hostname or "").isascii() else parts.netloc
    netloc = host if port is None or host == parts.netloc else f"{host}:{port}"
    path, query, fragment = (quote(part, safe="%/:=&?~+!$,;'@()*") for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, quote(netloc, safe="%:@[].~"), path, query, fragment))


def _is_beside(href: str, manuscript: Manuscript) -> bool:
    return manuscript.open(re.split(r"[?#]", href)[0]) is not None if re.split(r"[?#]", href)[0] else False

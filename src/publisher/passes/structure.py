"""One headline, heading levels without gaps, blocks and nothing else directly under the article.

After this pass the tree is `article > h1, p.standfirst*, blocks, aside.note*`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePath

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement

from publisher.input.manuscript import Manuscript
from publisher.model import vocabulary
from publisher.model.article import Article, Removal
from publisher.model.codes import Code
from publisher.model.markup import attribute, classes, holds, tags, words
from publisher.model.vocabulary import HEADINGS

_BLOCKS = vocabulary.BLOCKS | vocabulary.TRANSPARENT
_OUTER = _BLOCKS | vocabulary.PARTS
_HOLDERS = vocabulary.TRANSPARENT | {"blockquote", "aside", "figure"}
_EMPTIABLE = {"p", "li", "ul", "ol", "dl", "blockquote", "figure", "figcaption", "caption", *HEADINGS}
_LESSER, _SHORT_CELL = 0.5, 30  # share of a table's words in tables within it; words of a cell of a table that lists things
_NEAR = 4  # blocks in which a repeated headline is still one


def apply(article: Article, manuscript: Manuscript) -> Article:
    """The article with its title and standfirst at the head of the tree and in its metadata."""
    tree, root = article.tree, article.root
    _inlines(tree, root)
    _layout_tables(tree, root)
    _rows(root)
    _lists(tree, root)
    for holder in [root, *tags(root, _HOLDERS)]:
        _wrap_loose(tree, holder)
    for holder in tags(root, vocabulary.TRANSPARENT):
        _hand_down(tree, holder)
        holder.unwrap()
    _flat(root)
    _paragraphs(tree, root)
    _empty(root)
    _attributions(root)
    metadata = manuscript.given.merged(article.metadata)
    headline = _headline(article, manuscript)
    removed = _repeated(root, headline)
    standfirst = _standfirst(article, metadata.subtitle, keep=not manuscript.given.subtitle)
    for block in reversed([headline, *standfirst]):
        root.insert(0, block)
    _levels(root, headline)
    metadata = replace(metadata, title=words(headline), subtitle=" ".join(map(words, standfirst)))
    origins = tuple(one for one in article.origins if not getattr(manuscript.given, one.field))
    return replace(article, metadata=metadata, removed=article.removed + removed, origins=origins)


def _paragraphs(tree: BeautifulSoup, root: Tag) -> None:
    """Two line breaks in a row begin another paragraph, as pages had it before they had paragraphs."""
    for block in tags(root, ("p",)):
        parts = _parts(block)
        for part in parts[:-1]:
            before = tree.new_tag("p")
            before.attrs = {key: value for key, value in block.attrs.items() if key != "id"}
            before.extend(one.extract() for one in part)
            block.insert_before(before)
        kept = {id(one) for one in parts[-1]}
        for one in [child for child in block.children if len(parts) > 1 and id(child) not in kept]:
            one.extract()


def _parts(block: Tag) -> list[list[PageElement]]:
    """What stands in a paragraph between double line breaks; the breaks themselves are in no part."""
    parts: list[list[PageElement]] = [[]]
    run: list[PageElement] = []
    for child in block.children:
        if (isinstance(child, Tag) and child.name == "br") or (run and isinstance(child, NavigableString) and not child.strip()):
            run.append(child)
            continue
        if sum(isinstance(one, Tag) for one in run) > 1:
            parts.append([])
        else:
            parts[-1] += run
        parts[-1].append(child)
        run = []
    return parts


def _hand_down(tree: BeautifulSoup, holder: Tag) -> None:
    """The id of what is opened goes to the first block in it, so that links to a section still find it."""
    first = next((child for child in holder.children if isinstance(child, Tag)), None)
    if first is None or not holder.get("id"):
        return
    if not first.get("id"):
        first["id"] = attribute(holder, "id")
    elif first.name in HEADINGS or first.name == "p":
        first.insert(0, tree.new_tag("span", attrs={"id": attribute(holder, "id")}))


def _wrap_loose(tree: BeautifulSoup, holder: Tag) -> None:
    """Puts runs of text and inline elements that stand among blocks into paragraphs."""
    run: list[PageElement] = []
    for child in [*list(holder.children), None]:
        if child is not None and _is_loose(child):
            run.append(child)
            continue
        shows = any(isinstance(one, Tag) and (one.name == "img" or holds(one, ("img",))) for one in run)
        if any(isinstance(one, Tag) or str(one).strip() for one in run) and not (shows and holder.name == "figure"):
            paragraph = tree.new_tag("p")
            run[0].insert_before(paragraph)
            for one in run:
                paragraph.append(one.extract())
        run = []


def _is_loose(child: PageElement) -> bool:
    if isinstance(child, Tag):
        return child.name not in _BLOCKS and child.name not in vocabulary.PARTS
    return isinstance(child, NavigableString)


def _layout_tables(tree: BeautifulSoup, root: Tag) -> None:
    """A table that holds a table arranges things instead of listing them: its parts only group (Kindle shows no nested ones).

    One that lists things, and holds a small one in a cell, keeps its form, and the rows of the small one are lines of the cell.
    """
    parts = {"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup", "col"}
    for table in tags(root, ("table",)):
        if table.parent is None or not holds(table, ("table",)):
            continue
        if _lists_things(table):
            for nested in tags(table, ("table",)):
                _as_lines(tree, nested)
            continue
        inner = {id(one) for nested in tags(table, ("table",)) for one in (nested, *tags(nested))}
        for part in [one for one in tags(table, parts) if id(one) not in inner]:
            part.name, part.attrs = "div", {}
        table.name, table.attrs = "div", {}


def _as_lines(tree: BeautifulSoup, table: Tag) -> None:
    """Puts a paragraph in place of each row of a table."""
    for row in tags(table, ("tr",)):
        line = tree.new_tag("p")
        for cell in tags(row, ("td", "th")):
            for block in tags(cell, ("p", "div")):
                block.unwrap()
            if line.contents:
                line.append(" · ")
            line.extend(list(cell.contents))
        table.insert_before(line)
    table.decompose()


def _lists_things(table: Tag) -> bool:
    """Whether a table has rows and columns of short cells, and what is nested in them is the lesser part."""
    nested = tags(table, ("table",))
    inner = {id(one) for some in nested for one in tags(some)}
    rows = [
        [cell for cell in tags(row, ("td", "th")) if id(cell) not in inner]
        for row in tags(table, ("tr",))
        if id(row) not in inner
    ]
    cells = [len(words(cell).split()) for row in rows for cell in row]
    small = sum(len(words(one).split()) for one in nested) < _LESSER * sum(cells)
    regular = len(rows) > 1 and len({len(row) for row in rows}) == 1 and len(rows[0]) > 1
    return small and regular and max(cells) <= _SHORT_CELL and all(len(tags(one, ("tr",))) for one in nested)


def _rows(root: Tag) -> None:
    """Parts without their whole (a `li` outside a list, a cell outside a table) become what they can be: open."""
    homes = {
        "li": ("ul", "ol"),
        "dt": ("dl",),
        "dd": ("dl",),
        "tr": ("table", "thead", "tbody", "tfoot"),
        "td": ("tr",),
        "th": ("tr",),
        "figcaption": ("figure",),
        "caption": ("table",),
    }
    for tag in tags(root, homes):
        before = tag.find_previous_sibling(True) if tag.name == "figcaption" else None
        if isinstance(before, Tag) and before.name == "figure" and not before.find("figcaption"):
            before.append(tag.extract())  # a caption that stands behind its figure instead of in it
        if tag.parent is None or tag.parent.name not in homes[tag.name]:
            if tag.parent is not None and tag.parent.name in vocabulary.TRANSPARENT and tag.find_parent(list(homes[tag.name])):
                tag.parent.unwrap()
            else:
                tag.name = "div" if tag.name != "tr" else "section"
                tag.attrs = {}


def _inlines(tree: BeautifulSoup, root: Tag) -> None:
    """Opens inline elements that hold blocks (`a` around a heading, `b` around paragraphs); a link moves into its first block."""
    for tag in reversed(tags(root, vocabulary.INLINES)):
        if not any(isinstance(child, Tag) for child in tag.children):
            continue  # most hold text alone, and a search is dear
        if not holds(tag, _OUTER):
            continue
        if tag.name == "a" and tag.get("href"):
            leaf = next((one for one in tags(tag, {"p", "li", *HEADINGS}) if words(one) and not holds(one, ("a",))), None)
            if leaf is not None:
                link = tree.new_tag("a", attrs={"href": attribute(tag, "href")})
                for child in list(leaf.children):
                    link.append(child.extract())
                leaf.append(link)
        tag.unwrap()


def _lists(tree: BeautifulSoup, root: Tag) -> None:
    """Whatever stands loose in a list becomes an item; a `dl` without terms and definitions in order becomes a `ul`."""
    for holder in tags(root, ("ul", "ol", "dl")):
        parts = ("dt", "dd") if holder.name == "dl" else ("li",)
        for child in list(holder.children):
            if (isinstance(child, Tag) and child.name not in parts) or (isinstance(child, NavigableString) and child.strip()):
                child.wrap(tree.new_tag(parts[-1]))
        items = holder.find_all(parts, recursive=False)
        if holder.name == "dl" and items and (items[0].name != "dt" or items[-1].name != "dd"):
            holder.name = "ul"
            for item in items:
                item.name = "li"


def _flat(root: Tag) -> None:
    """Opens blocks inside paragraphs, headings, terms and code; puts a caption at its figure's end."""
    for holder in tags(root, {"p", "dt", "pre", *HEADINGS}):
        for inner in tags(holder, vocabulary.BLOCKS):
            inner.unwrap()
    for caption in tags(root, ("figcaption",)):
        if caption.parent is not None and caption.parent.find_all("figcaption", recursive=False)[0] is caption:
            caption.parent.append(caption.extract())
        else:
            caption.name = "p"


def _attributions(root: Tag) -> None:
    """The last paragraph of a quotation that begins with a dash says who is quoted."""
    for quote in tags(root, ("blockquote",)):
        paragraphs = [one for one in quote.children if isinstance(one, Tag)]
        if len(paragraphs) > 1 and paragraphs[-1].name == "p" and re.match(r"\s*(—|–|--|―)\s*\w", paragraphs[-1].get_text()):
            paragraphs[-1]["class"] = " ".join([*classes(paragraphs[-1]), "credit"])


def _empty(root: Tag) -> None:
    """Takes out blocks with nothing in them; nothing is lost, so nothing is recorded."""
    for tag in reversed(tags(root, _EMPTIABLE)):
        kept = holds(tag, ("img", "hr", "table"))
        if not kept and not tag.get_text().strip("\u00a0 \t\n"):
            tag.decompose()


def _headline(article: Article, manuscript: Manuscript) -> Tag:
    """The `h1`: what the manifest or sidecar says, else the reader's title, else the first heading, else the file's name."""
    tree, root, given = article.tree, article.root, manuscript.given.title
    first = root.find("h1")
    title = given or article.metadata.title
    if isinstance(first, Tag) and (given or not title or _same(words(first), title)):
        if given and not _same(words(first), given):
            first.string = given
        return first.extract()
    headline = tree.new_tag("h1")
    if not title:
        heading = next(iter(tags(root, HEADINGS)), None)
        if heading is not None:
            heading.name = "h1"
            return heading.extract()
        title = PurePath(manuscript.label).stem.replace("-", " ").replace("_", " ").strip() or "Untitled"
        manuscript.report(
            Code.HEADLINE_MISSING,
            f"no headline: the file's name is used, {title!r}",
            hint='begin with a headline, or give a title in the manifest: { path = "…", title = "…" }',
        )
    headline.string = title
    return headline


def _same(one: str, other: str) -> bool:
    return _folded(one) == _folded(other)


def _folded(text: str) -> str:
    straight = text.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x2013: "-", 0x2014: "-"})
    return " ".join(straight.split()).casefold()


def _repeated(root: Tag, headline: Tag) -> tuple[Removal, ...]:
    blocks = [one for one in root.children if isinstance(one, Tag) and one.name in {"p", *HEADINGS}][:_NEAR]
    for block in blocks:
        if _same(words(block), words(headline)) and not block.find(["img", "a"]):
            block.decompose()
            return (Removal("repeated headline", words(headline)),)
    return ()


def _standfirst(article: Article, text: str, keep: bool) -> list[Tag]:
    found = [tag for tag in tags(article.root, ("p",)) if "standfirst" in classes(tag)]
    taken = [tag.extract() for tag in found]
    if taken and (keep or _same(" ".join(map(words, taken)), text)):
        return taken
    if not text:
        return taken
    standfirst = article.tree.new_tag("p", attrs={"class": "standfirst"})
    standfirst.string = text
    return [standfirst]


def _levels(root: Tag, headline: Tag) -> None:
    """Subheads begin at h2 and never skip a level downward (DESIGN: headings; PDF/UA-1, 7.4.2)."""
    open_levels: list[int] = []  # the levels as typed, from the outermost open one inward
    for heading in tags(root, HEADINGS):
        if heading is headline or heading.find_parent(["aside"], class_="note"):
            continue
        typed = int(heading.name[1])
        while open_levels and open_levels[-1] >= typed:
            open_levels.pop()
        open_levels.append(typed)
        heading.name = f"h{min(len(open_levels) + 1, 6)}"


def heading_id(heading: Tag) -> str:
    """An id for a heading that has none, from its words; empty where they give none."""
    from slugify import slugify

    return attribute(heading, "id") or slugify(words(heading), max_length=40, word_boundary=True)

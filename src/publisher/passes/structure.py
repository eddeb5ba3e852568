"""Sets one headline, heading levels without gaps, and only blocks directly under the article.

After this pass the tree is `article > h1, p.standfirst*, blocks, aside.note*`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import PurePath

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement

from publisher.input.manuscript import Manuscript
from publisher.model import vocabulary
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import attribute, classes, first_tag, holds, parent_of, tags, words
from publisher.model.parts import Removal
from publisher.model.public_addresses import without_secrets
from publisher.model.vocabulary import HEADINGS
from publisher.passes.attributions import mark_attributions, name_footers
from publisher.passes.lists import fix_lists

_BLOCKS = vocabulary.BLOCKS | vocabulary.TRANSPARENT
_BLOCKS_AND_PARTS = _BLOCKS | vocabulary.PARTS
_FLATTENED = vocabulary.BLOCKS | vocabulary.PARTS
_CONTAINERS = vocabulary.TRANSPARENT | {"blockquote", "aside", "figure"}
_REMOVED_IF_EMPTY = {"p", "li", "ul", "ol", "dl", "blockquote", "figure", "figcaption", "caption", *HEADINGS}
_NESTED_SHARE, _SHORT_CELL = 0.5, 30  # for data tables: share of a table's words in nested tables; words in a cell
_REPLACED = "replaced by what the manifest or a sidecar gives"
_BLANKS = "\u00a0 \t\n"
_FIRST_BLOCKS = 4  # number of blocks at the start in which a repeated headline is looked for


def apply(article: Article, manuscript: Manuscript) -> Article:
    """The article with its title and standfirst at the start of the tree and in its metadata."""
    tree, root = article.tree, article.root
    names = {element.name for element in tags(root)}  # what is not there need not be looked for
    if "footer" in names:
        name_footers(root)
    _unwrap_inlines(tree, root)
    if "table" in names:
        _unwrap_layout_tables(tree, root)
    _unwrap_stray_parts(root, names)
    if not names.isdisjoint(("ul", "ol", "dl")):
        fix_lists(tree, root)
    for container in [root, *tags(root, _CONTAINERS)]:
        _wrap_loose_nodes(tree, container)
    for container in tags(root, vocabulary.TRANSPARENT):
        _pass_id_down(tree, container)
        container.unwrap()
    _flatten_blocks(root)
    _split_paragraphs(tree, root)
    _remove_empty_blocks(root)
    if "blockquote" in names:
        mark_attributions(tree, root)
    _record_replaced(article, manuscript)
    metadata = manuscript.given.merged(article.metadata)
    headline = _headline(article, manuscript)
    removals = _remove_repeated_headline(root, headline)
    standfirst = _standfirst(article, manuscript, metadata.subtitle, keep=not manuscript.given.subtitle)
    for block in reversed([headline, *standfirst]):
        root.insert(0, block)
    _set_heading_levels(root, headline)
    metadata = replace(
        metadata,
        title=words(headline),
        subtitle=" ".join(map(words, standfirst)),
        url=without_secrets(metadata.url),
        identity=without_secrets(metadata.identity),
    )
    origins = tuple(origin for origin in article.origins if not getattr(manuscript.given, origin.field))
    return replace(article, metadata=metadata, removed=article.removed + removals, origins=origins)


def _split_paragraphs(tree: BeautifulSoup, root: Tag) -> None:
    """Splits paragraphs at two line breaks in a row, as old web pages separate them."""
    for block in tags(root, ("p",)):
        parts = _paragraph_parts(block)
        for part in parts[:-1]:
            paragraph = tree.new_tag("p")
            paragraph.attrs = {key: value for key, value in block.attrs.items() if key != "id"}
            paragraph.extend(node.extract() for node in part)
            block.insert_before(paragraph)
        last_nodes = {id(node) for node in parts[-1]}
        for node in [child for child in block.children if len(parts) > 1 and id(child) not in last_nodes]:
            node.extract()


def _paragraph_parts(block: Tag) -> list[list[PageElement]]:
    """The parts of a paragraph between double line breaks, without these breaks."""
    parts: list[list[PageElement]] = [[]]
    gap: list[PageElement] = []
    for child in block.children:
        if (isinstance(child, Tag) and child.name == "br") or (gap and isinstance(child, NavigableString) and not child.strip()):
            gap.append(child)
            continue
        if sum(isinstance(node, Tag) for node in gap) > 1:
            parts.append([])
        else:
            parts[-1] += gap
        parts[-1].append(child)
        gap = []
    return parts


def _pass_id_down(tree: BeautifulSoup, container: Tag) -> None:
    """Gives the id of a container to its first block before it is unwrapped, so that links to it still work."""
    first_child = next((child for child in container.children if isinstance(child, Tag)), None)
    if first_child is None or not container.get("id"):
        return
    if not first_child.get("id"):
        first_child["id"] = attribute(container, "id")
    elif first_child.name in HEADINGS or first_child.name == "p":
        first_child.insert(0, tree.new_tag("span", attrs={"id": attribute(container, "id")}))


def _wrap_loose_nodes(tree: BeautifulSoup, container: Tag) -> None:
    """Wraps text and inline elements that stand between blocks in paragraphs."""
    run: list[PageElement] = []
    for child in [*list(container.children), None]:
        if child is not None and _is_loose(child):
            run.append(child)
            continue
        has_image = any(isinstance(node, Tag) and (node.name == "img" or holds(node, ("img",))) for node in run)
        if any(isinstance(node, Tag) or str(node).strip() for node in run) and not (has_image and container.name == "figure"):
            paragraph = tree.new_tag("p")
            run[0].insert_before(paragraph)
            for node in run:
                paragraph.append(node.extract())
        run = []


def _is_loose(child: PageElement) -> bool:
    if isinstance(child, Tag):
        return child.name not in _BLOCKS and child.name not in vocabulary.PARTS
    return isinstance(child, NavigableString)


def _unwrap_layout_tables(tree: BeautifulSoup, root: Tag) -> None:
    """Turns layout tables (tables that hold tables) into groups that are unwrapped later: Kindle shows no nested tables.

    A data table with a small table in a cell stays a table; the rows of the small table become lines of the cell.
    """
    part_names = {"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup", "col"}
    for table in tags(root, ("table",)):
        if table.parent is None or not holds(table, ("table",)):
            continue
        if _is_data_table(table):
            for nested_table in tags(table, ("table",)):
                _replace_by_lines(tree, nested_table)
            continue
        nested_ids = {id(element) for nested_table in tags(table, ("table",)) for element in (nested_table, *tags(nested_table))}
        for part in [element for element in tags(table, part_names) if id(element) not in nested_ids]:
            part.name, part.attrs = "div", {}
        table.name, table.attrs = "div", {}


def _replace_by_lines(tree: BeautifulSoup, table: Tag) -> None:
    """Replaces a table by paragraphs, one for each row."""
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


def _is_data_table(table: Tag) -> bool:
    """Whether a table has regular rows of short cells, and the tables nested in it hold the smaller part of its words."""
    nested_tables = tags(table, ("table",))
    nested_ids = {id(element) for nested_table in nested_tables for element in tags(nested_table)}
    rows = [
        [cell for cell in tags(row, ("td", "th")) if id(cell) not in nested_ids]
        for row in tags(table, ("tr",))
        if id(row) not in nested_ids
    ]
    word_counts = [len(words(cell).split()) for row in rows for cell in row]
    is_small = sum(len(words(nested_table).split()) for nested_table in nested_tables) < _NESTED_SHARE * sum(word_counts)
    is_regular = len(rows) > 1 and len({len(row) for row in rows}) == 1 and len(rows[0]) > 1
    return (
        is_small
        and is_regular
        and max(word_counts) <= _SHORT_CELL
        and all(len(tags(nested_table, ("tr",))) for nested_table in nested_tables)
    )


def _unwrap_stray_parts(root: Tag, names: Collection[str]) -> None:
    """Turns parts outside their parent (a `li` outside a list, a cell outside a table) into groups that are unwrapped later.

    `names` are those of all elements.
    """
    parents = {
        "li": ("ul", "ol"),
        "dt": ("dl",),
        "dd": ("dl",),
        "tr": ("table", "thead", "tbody", "tfoot"),
        "td": ("tr",),
        "th": ("tr",),
        "figcaption": ("figure",),
        "caption": ("table",),
    }
    if not {"ruby", "rt", "rp"}.isdisjoint(names):
        _unwrap_stray_readings(root)
    for tag in tags(root, parents) if not parents.keys().isdisjoint(names) else ():
        previous = tag.find_previous_sibling(True) if tag.name == "figcaption" else None
        if isinstance(previous, Tag) and previous.name == "figure" and not previous.find("figcaption"):
            previous.append(tag.extract())  # a caption after its figure instead of in it
        if tag.parent is None or tag.parent.name not in parents[tag.name]:
            if tag.parent is not None and tag.parent.name in vocabulary.TRANSPARENT and tag.find_parent(list(parents[tag.name])):
                tag.parent.unwrap()
            else:
                tag.name = "div" if tag.name != "tr" else "section"
                tag.attrs = {}


def _unwrap_stray_readings(root: Tag) -> None:
    """Makes text of readings outside of `ruby`, and of a `ruby` that does not begin with a base and end with a reading."""
    for ruby in tags(root, ("ruby",)):
        parts = [child for child in ruby.children if isinstance(child, Tag) or str(child).strip()]
        if not parts or _is_reading(parts[0]) or not _is_reading(parts[-1]):
            ruby.unwrap()
    for reading in tags(root, ("rt", "rp")):
        if reading.parent is not None and reading.parent.name != "ruby":
            reading.unwrap()


def _is_reading(node: PageElement) -> bool:
    return isinstance(node, Tag) and node.name in ("rt", "rp")


def _unwrap_inlines(tree: BeautifulSoup, root: Tag) -> None:
    """Unwraps inline elements around blocks (`a` around a heading, `b` around paragraphs); a link moves into the first block."""
    for tag in reversed(tags(root, vocabulary.INLINES)):
        if not any(isinstance(child, Tag) for child in tag.children):
            continue  # most hold only text, and a search is slow
        if not holds(tag, _BLOCKS_AND_PARTS):
            continue
        if tag.name == "a" and tag.get("href"):
            block = next(
                (element for element in tags(tag, {"p", "li", *HEADINGS}) if words(element) and not holds(element, ("a",))), None
            )
            if block is not None:
                link = tree.new_tag("a", attrs={"href": attribute(tag, "href")})
                for child in list(block.children):
                    link.append(child.extract())
                block.append(link)
        tag.unwrap()


def _flatten_blocks(root: Tag) -> None:
    """Unwraps blocks inside paragraphs, headings, terms and code; moves a caption to the end of its figure."""
    for block in tags(root, {"p", "dt", "pre", *HEADINGS}):
        if not any(isinstance(child, Tag) for child in block.contents):
            continue  # most hold only text
        for inner_block in tags(block, _FLATTENED):
            if inner_block.name in vocabulary.PARTS:
                inner_block.insert_before(" ")
            inner_block.unwrap()
    captioned: set[int] = set()
    for caption in tags(root, ("figcaption",)):
        if caption.parent is None or id(caption.parent) in captioned:
            caption.name = "p"  # a figure has one caption
        else:
            captioned.add(id(caption.parent))
            caption.parent.append(caption.extract())


def _remove_empty_blocks(root: Tag) -> None:
    """Removes empty blocks. No words are lost, so no removal is recorded."""
    for tag in reversed(tags(root, _REMOVED_IF_EMPTY)):
        if any(type(child) is NavigableString and child.strip(_BLANKS) for child in tag.contents):
            continue  # most have text of their own, and a search is slow
        holds_content = holds(tag, ("img", "hr", "table"))
        if not holds_content and not tag.get_text().strip(_BLANKS):
            tag.decompose()


def _headline(article: Article, manuscript: Manuscript) -> Tag:
    """The `h1`: the title of the manifest or sidecar, else the reader's title, else the first heading, else the file's name."""
    tree, root, given_title = article.tree, article.root, manuscript.given.title
    first_heading = first_tag(root, ("h1",))
    title = given_title or article.metadata.title
    if first_heading is not None and (given_title or not title or _is_same_text(words(first_heading), title)):
        if given_title and not _is_same_text(words(first_heading), given_title):
            manuscript.remove(_REPLACED, words(first_heading))
            first_heading.string = given_title
        return first_heading.extract()
    headline = tree.new_tag("h1")
    if not title:
        other_heading = next(iter(tags(root, HEADINGS)), None)
        if other_heading is not None:
            other_heading.name = "h1"
            return other_heading.extract()
        title = PurePath(manuscript.label).stem.replace("-", " ").replace("_", " ").strip() or "Untitled"
        manuscript.report(
            Code.HEADLINE_MISSING,
            f"no headline: the file's name is used, {title!r}",
            hint='add a headline, or give a title in the manifest: { path = "…", title = "…" }',
        )
    headline.string = title
    return headline


def _is_same_text(text: str, other: str) -> bool:
    return _folded_text(text) == _folded_text(other)


def _folded_text(text: str) -> str:
    straight_text = text.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x2013: "-", 0x2014: "-"})
    return " ".join(straight_text.split()).casefold()


def _remove_repeated_headline(root: Tag, headline: Tag) -> tuple[Removal, ...]:
    blocks = [child for child in root.children if isinstance(child, Tag) and child.name in {"p", *HEADINGS}][:_FIRST_BLOCKS]
    title = _folded_text(words(headline))
    for block in blocks:
        if _folded_text(words(block)) == title and not holds(block, ("img", "a")):
            block.decompose()
            return (Removal("repeated headline", words(headline)),)
    return ()


def _record_replaced(article: Article, manuscript: Manuscript) -> None:
    """Records what the reader found and the manifest or a sidecar replaces."""
    given, found = manuscript.given, article.metadata
    if given.title:
        manuscript.remove(_REPLACED, found.title)
    if given.subtitle:
        manuscript.remove(_REPLACED, found.subtitle)
    if given.authors:
        manuscript.remove(_REPLACED, ", ".join(found.authors))


def _standfirst(article: Article, manuscript: Manuscript, text: str, keep: bool) -> list[Tag]:
    paragraphs = [tag for tag in tags(article.root, ("p",)) if "standfirst" in classes(tag)]
    standfirsts = [tag.extract() for tag in paragraphs]
    if standfirsts and (keep or _is_same_text(" ".join(map(words, standfirsts)), text)):
        return standfirsts
    if not text:
        return standfirsts
    for paragraph in standfirsts:
        manuscript.remove(_REPLACED, words(paragraph))
    standfirst = article.tree.new_tag("p", attrs={"class": "standfirst"})
    standfirst.string = text
    return [standfirst]


def _set_heading_levels(root: Tag, headline: Tag) -> None:
    """Sets the levels of subheads: they begin at h2 and no level is skipped (PDF/UA-1, 7.4.2)."""
    outer_levels: list[int] = []  # the typed levels of the headings around this one, outermost first
    for heading in tags(root, HEADINGS):
        if heading is headline or parent_of(heading, "aside", "note") is not None:
            continue
        level = int(heading.name[1])
        while outer_levels and outer_levels[-1] >= level:
            outer_levels.pop()
        outer_levels.append(level)
        heading.name = f"h{min(len(outer_levels) + 1, 6)}"


def heading_id(heading: Tag) -> str:
    """The id of a heading, else one made from its words; empty if they have no usable characters."""
    from slugify import slugify

    return attribute(heading, "id") or slugify(words(heading), max_length=40, word_boundary=True)

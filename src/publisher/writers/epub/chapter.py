"""The body of an article's chapter: links to other chapters, notes with links back to their references.

EPUB 3.3, structural semantics (chapter, noteref, footnote); DPUB-ARIA 1.1 (doc-chapter, doc-noteref, doc-backlink).
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from publisher.model.addresses import outside_address, written_address
from publisher.model.edition import Entry
from publisher.model.markup import xml_root
from publisher.model.sources import Source
from publisher.text.languages import words_for
from publisher.text.mathematics import formula_in
from publisher.writers.epub.pagelist import OPS, Mark, mark_article, mark_other_places
from publisher.writers.note_numbers import raise_numbers
from publisher.writers.table_headers import state_scopes

_MAX_NARROW_COLUMNS = 4  # a table with more columns may be wider than a screen
XML = "http://www.w3.org/XML/1998/namespace"


def chapter_body(entry: Entry, breaks: Sequence[Mark] = (), notes_before: int = 0) -> str:
    """The `body` element of an article's chapter as XHTML, with the page breaks inside the article.

    The numbers of its notes are shown `notes_before` higher than in the article alone.
    """
    root = xml_root(entry.xhtml)
    raise_numbers(root, notes_before)
    mark_article(root, breaks)
    body = etree.Element("body", nsmap={"epub": OPS})
    body.set(f"{{{OPS}}}type", "bodymatter")
    body.append(root)
    root.tag = "section"
    root.set("role", "doc-chapter")
    root.set(f"{{{OPS}}}type", "chapter")
    terms = words_for(entry.metadata.lang)
    for element in root.iter():
        if element.get("lang"):
            element.set(f"{{{XML}}}lang", str(element.get("lang")))
        if element.get("href") is not None:
            _set_address(element, str(element.get("href")))
        if element.get("role") == "doc-noteref" and not _leads_back(element):
            element.set(f"{{{OPS}}}type", "noteref")
    _state_versions(root, entry)
    _insert_formulas(root, entry)
    _mark_tasks(root)
    _prepare_tables(root, entry.metadata.title)
    _link_notes(root, terms, notes_before)
    mark_other_places(body, breaks)
    return str(etree.tostring(body, encoding="unicode"))


def _state_versions(root: etree._Element, entry: Entry) -> None:
    """Gives links to a source with an archived copy its address and day (Robust Links: data-versionurl, data-versiondate)."""
    cited = (citation.source for citation in entry.citations)
    sources = {source.identifier: source for source in cited if outside_address(source.archived)}
    for link in root.iter("a") if sources else ():
        href = str(link.get("href") or "")
        source = sources.get(Source(url=href).identifier) if "://" in href else None
        if source is not None and href != source.archived:
            link.set("data-versionurl", source.archived)
            if source.archived_on:
                link.set("data-versiondate", source.archived_on.isoformat())


def _set_address(link: etree._Element, address: str) -> None:
    """Gives a link the address that it has in the book: of a chapter, of a place in this one, or of another site."""
    slug, _, fragment = address.removeprefix("article:").partition("#")
    if address.startswith("article:"):
        link.set("href", f"{slug}.xhtml" + (f"#{fragment}" if fragment else ""))
    elif not address.startswith("#") and not written_address(address):  # no pass of ours leaves one
        del link.attrib["href"]


def _leads_back(reference: etree._Element) -> bool:
    """Whether a reference inside a note leads to that note or to one before it: Kobo opens no pop-up for it, only a link."""
    note = next((around for around in reference.iterancestors("aside") if around.get("role") == "doc-footnote"), None)
    return note is not None and _number(note.get("id")) >= _number(reference.get("href"))


def _number(identifier: str | None) -> int:
    return int(str(identifier).rpartition("-")[2])


def _insert_formulas(root: etree._Element, entry: Entry) -> None:
    """Replaces the image of each formula by MathML; the image is its alternative (`altimg`)."""
    images = {image.name: image.data for image in entry.resources}
    for image in list(root.iter("img")):
        parent, name = image.getparent(), str(image.get("src"))
        formula = formula_in(images[name]) if "math" in (image.get("class") or "").split() and name in images else None
        if formula is None or parent is None:
            continue
        for key, value in (("alttext", image.get("alt")), ("altimg", name)):
            formula.set(key, str(value))
        formula.tail = image.tail
        parent.replace(image, formula)


def _mark_tasks(root: etree._Element) -> None:
    """Gives a list item with a task box the class `tasked`: it has no bullet, and old readers support no selector for this."""
    for box in root.iter("span"):
        item = next(box.iterancestors("li"), None)
        if item is not None and "task" in (box.get("class") or "").split():
            item.set("class", " ".join(filter(None, (item.get("class"), "tasked"))))


def _prepare_tables(root: etree._Element, title: str) -> None:
    """Gives header cells a scope; puts a wide table into a box that scrolls and can be reached with the keyboard."""
    for table in list(root.iter("table")):
        state_scopes(table)
        caption = table.find("caption")
        label = "".join(caption.itertext()) if caption is not None else title
        if max((len(row) for row in table.iter("tr")), default=0) > _MAX_NARROW_COLUMNS:
            _wrap(table, etree.Element("div", {"class": "scroll", "role": "region", "tabindex": "0", "aria-label": label}))
        if caption is not None:
            _wrap_in_figure(table, caption)


def _wrap(element: etree._Element, box: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.replace(element, box)
    box.tail, element.tail = element.tail, None
    box.append(element)


def _wrap_in_figure(table: etree._Element, caption: etree._Element) -> None:
    """Puts a table with a caption into a figure: MuPDF drops the rows of a table with a `caption` (HTML, 4.9.2 allows both)."""
    box = table.getparent()
    content = box if box is not None and box.get("class") == "scroll" else table
    figure = etree.Element("figure", {"class": "table"})
    _wrap(content, figure)
    caption.tag, caption.tail = "figcaption", "\n"
    figure.insert(0, caption)


def _insert_label(target: etree._Element, label: etree._Element) -> None:
    """Inserts the label at the start of a note, followed by a space; a page break at the start of the note stays before it."""
    break_first = len(target) > 0 and target[0].get("role") == "doc-pagebreak" and not (target.text or "").strip()
    if break_first:
        label.tail, target[0].tail = f" {target[0].tail or ''}", None
    else:
        label.tail, target.text = f" {target.text or ''}", None
    target.insert(1 if break_first else 0, label)


def _link_notes(root: etree._Element, terms: dict[str, str], notes_before: int) -> None:
    section = root.find("section")
    if section is None:
        return
    del section.attrib["role"]
    section.set(f"{{{OPS}}}type", "footnotes")
    heading = etree.Element("h2", {"class": "notes-title", "id": "notes"})
    heading.text, heading.tail = terms["notes"], "\n"
    section.insert(0, heading)
    references = {str(link.get("id")) for link in root.iter("a") if link.get("id")}
    for note in section.findall("aside"):
        number = str(note.get("id")).removeprefix("note-")
        note.tag = "div"  # Apple Books hides an aside: notes would be only in popups, and the list at the end empty
        note.set(f"{{{OPS}}}type", "footnote")
        if f"call-{number}" not in references:
            continue
        label = etree.Element("a", {"class": "number", "href": f"#call-{number}", "role": "doc-backlink"})
        label.text = str(int(number) + notes_before)
        label.set("aria-label", terms["note"].format(label.text))
        first = note[0]
        target = first if first.tag == "p" else note
        _insert_label(target, label)
        back = etree.Element("a", {"class": "backlink", "href": f"#call-{number}", "role": "doc-backlink"})
        back.set("aria-label", terms["back"])
        back.text = "↩"
        last = note[-1] if note[-1].tag == "p" else etree.SubElement(note, "p")
        if len(last):
            last[-1].tail = f"{last[-1].tail or ''} "
        else:
            last.text = f"{last.text or ''} "
        last.append(back)

"""One article as the body of its chapter: links to other chapters made, notes with a way back.

EPUB 3.3, structural semantics (chapter, noteref, footnote); DPUB-ARIA 1.1 (doc-chapter, doc-noteref, doc-backlink).
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from publisher.model.edition import Entry
from publisher.text.languages import words_for
from publisher.text.mathematics import formula_in
from publisher.writers.epub.pagelist import OPS, Mark, mark_article, mark_rest

_NARROW = 4  # columns that any screen shows side by side
XML = "http://www.w3.org/XML/1998/namespace"


def chapter_body(entry: Entry, breaks: Sequence[Mark] = ()) -> str:
    """The `body` of an article's chapter, with the page breaks that fall into it."""
    root = etree.fromstring(entry.xhtml)
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
        href = element.get("href")
        if href is not None and href.startswith("article:"):
            slug, _, fragment = href.removeprefix("article:").partition("#")
            element.set("href", f"{slug}.xhtml" + (f"#{fragment}" if fragment else ""))
        if element.get("role") == "doc-noteref":
            element.set(f"{{{OPS}}}type", "noteref")
    _formulas(root, entry)
    _tasks(root)
    _tables(root, entry.metadata.title)
    _notes(root, terms)
    mark_rest(body, breaks)
    return str(etree.tostring(body, encoding="unicode"))


def _formulas(root: etree._Element, entry: Entry) -> None:
    """MathML in place of the picture of each formula, the picture its alternative (`altimg`)."""
    pictures = {one.name: one.data for one in entry.resources}
    for image in list(root.iter("img")):
        parent, name = image.getparent(), str(image.get("src"))
        formula = formula_in(pictures[name]) if "math" in (image.get("class") or "").split() and name in pictures else None
        if formula is None or parent is None:
            continue
        for key, value in (("alttext", image.get("alt")), ("altimg", name)):
            formula.set(key, str(value))
        formula.tail = image.tail
        parent.replace(image, formula)


def _tasks(root: etree._Element) -> None:
    """An item with a box has no bullet; old readers know no selector that says so."""
    for box in root.iter("span"):
        item = next(box.iterancestors("li"), None)
        if item is not None and "task" in (box.get("class") or "").split():
            item.set("class", " ".join(filter(None, (item.get("class"), "tasked"))))


def _tables(root: etree._Element, title: str) -> None:
    """Heads say what they head; a wide table scrolls in a box of its own, which a keyboard can reach."""
    for table in list(root.iter("table")):
        for head in table.iter("th"):
            if not head.get("scope"):
                row = head.getparent()
                group = row.getparent() if row is not None else None
                head.set("scope", "col" if group is not None and group.tag == "thead" else "row")
        caption = table.find("caption")
        label = "".join(caption.itertext()) if caption is not None else title
        if max((len(row) for row in table.iter("tr")), default=0) > _NARROW:
            _wrap(table, etree.Element("div", {"class": "scroll", "role": "region", "tabindex": "0", "aria-label": label}))
        if caption is not None:
            _figure(table, caption)


def _wrap(element: etree._Element, box: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.replace(element, box)
    box.tail, element.tail = element.tail, None
    box.append(element)


def _figure(table: etree._Element, caption: etree._Element) -> None:
    """A captioned table as a figure: MuPDF drops the rows of a table that has a `caption` (HTML, 4.9.2 allows both)."""
    box = table.getparent()
    held = box if box is not None and box.get("class") == "scroll" else table
    figure = etree.Element("figure", {"class": "table"})
    _wrap(held, figure)
    caption.tag, caption.tail = "figcaption", "\n"
    figure.insert(0, caption)


def _put_first(target: etree._Element, label: etree._Element) -> None:
    """The label at the head of a note, a space behind it; a page break that opens the note stays ahead of it."""
    opens = len(target) > 0 and target[0].get("role") == "doc-pagebreak" and not (target.text or "").strip()
    if opens:
        label.tail, target[0].tail = f" {target[0].tail or ''}", None
    else:
        label.tail, target.text = f" {target.text or ''}", None
    target.insert(1 if opens else 0, label)


def _notes(root: etree._Element, terms: dict[str, str]) -> None:
    section = root.find("section")
    if section is None:
        return
    del section.attrib["role"]
    section.set(f"{{{OPS}}}type", "footnotes")
    heading = etree.Element("h2", {"class": "notes-title", "id": "notes"})
    heading.text, heading.tail = terms["notes"], "\n"
    section.insert(0, heading)
    called = {str(link.get("id")) for link in root.iter("a") if link.get("id")}
    for note in section.findall("aside"):
        number = str(note.get("id")).removeprefix("note-")
        note.tag = "div"  # Apple Books hides an aside: the note would be in its popup alone, the list at the end empty
        note.set(f"{{{OPS}}}type", "footnote")
        if f"call-{number}" not in called:
            continue
        label = etree.Element("a", {"class": "number", "href": f"#call-{number}", "role": "doc-backlink"})
        label.set("aria-label", terms["note"].format(number))
        label.text = number
        first = note[0]
        target = first if first.tag == "p" else note
        _put_first(target, label)
        back = etree.Element("a", {"class": "backlink", "href": f"#call-{number}", "role": "doc-backlink"})
        back.set("aria-label", terms["back"])
        back.text = "↩"
        last = note[-1] if note[-1].tag == "p" else etree.SubElement(note, "p")
        if len(last):
            last[-1].tail = f"{last[-1].tail or ''} "
        else:
            last.text = f"{last.text or ''} "
        last.append(back)

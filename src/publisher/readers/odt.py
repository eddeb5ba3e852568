"""OpenDocument text (ODF 1.2): headings, lists, tables, notes, images, formulas. Comments are left out and reported."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any

from publisher.input.archives import Archive
from publisher.input.manuscript import Manuscript
from publisher.input.snippets import data_uri, formula_image
from publisher.input.svg_measures import pixels
from publisher.input.xml import children_named, first_child, local_name, text_at, xml_of
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import parse
from publisher.model.metadata import Metadata
from publisher.model.parts import Removal
from publisher.text.bylines import day_of, split_names
from publisher.text.linear_formulas import linear_text

_PARAGRAPH_ELEMENTS = {
    "Title": "h1",
    "Quotations": "blockquote",
    "Preformatted": "pre",
    "Caption": "figcaption",
    "Illustration": "figcaption",
}


# Drawn shapes, which may hold paragraphs (ODF 1.2, part 1, 10.3).
_SHAPES = frozenset(
    ["custom-shape", "g", "frame", "rect", "ellipse", "circle", "line", "polyline", "polygon", "path", "connector", "caption"]
)


# Indexes whose page numbers an edition does not have (ODF 1.2, part 1, 8).
_INDEXES = frozenset({"illustration-index", "table-index", "object-index", "alphabetical-index", "user-index"})


@dataclass
class _Document:
    """The state of one conversion: the archive, the styles by name, the notes so far, the number of comments so far."""

    manuscript: Manuscript
    archive: Archive
    styles: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    comments: int = 0


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """One article. Raises PublisherError if the file is broken or encrypted, or has no text."""
    archive = Archive(manuscript)
    if archive.has("META-INF/manifest.xml") and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise manuscript.error(Code.ENCRYPTED, "the document is encrypted", hint="save it without a password")
    document = _Document(manuscript, archive)
    root = xml_of(manuscript, archive.read("content.xml"))
    for source in (xml_of(manuscript, archive.read("styles.xml")) if archive.has("styles.xml") else None, root):
        for style in source.iter() if source is not None else ():
            if local_name(style) in ("style", "list-style"):
                document.styles[_attribute(style, "name")] = style
    _record_headers(document)
    body = first_child(root, "body", "text")
    html = _blocks(document, body) + "".join(document.notes)
    if not text_at(body) and "<img" not in html:
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, "the document has no text")
    if document.comments:
        manuscript.report(
            Code.COMMENTS_LEFT_OUT,
            f"{document.comments} comment{'s' if document.comments > 1 else ''} of the document left out",
        )
    return (Article(_metadata(document), parse(html)),)


def _record_headers(document: _Document) -> None:
    """Records the headers and footers of the pages (ODF 1.2, part 1, 16.10): an edition has its own."""
    if not document.archive.has("styles.xml"):
        return
    for element in xml_of(document.manuscript, document.archive.read("styles.xml")).iter():
        if local_name(element).startswith(("header", "footer")) and local_name(element.getparent()) == "master-page":
            images = sum(local_name(part) == "frame" and bool(children_named(part, "image")) for part in element.iter())
            text = " ".join(filter(None, (text_at(part) for part in element.iter() if local_name(part) in ("p", "h"))))
            if text or images:
                document.manuscript.record(Removal("a header or footer of the pages", text, images=images))


def _is_hidden(document: _Document, element: Any) -> bool:
    """Whether an element or its style is not displayed (ODF 1.2, part 1, 20.335 and 19.164); it is recorded then."""
    style = document.styles.get(_attribute(element, "style-name"))
    properties = children_named(style, "text-properties")
    is_hidden = _attribute(element, "display") == "none" or any(_attribute(part, "display") == "none" for part in properties)
    if is_hidden and (text := text_at(element)):
        document.manuscript.remove("hidden text", text)
    return is_hidden


def _attribute(element: Any, name: str) -> str:
    """An attribute by its local name."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _style_name(document: _Document, element: Any) -> str:
    """The name of an element's style. Of an automatic style (`P1`, `T1`), the name of its parent style."""
    name = _attribute(element, "style-name")
    style = document.styles.get(name)
    parent = _attribute(style, "parent-style-name") if style is not None else ""
    display_name = (_attribute(style, "display-name") if style is not None else "") or name
    return parent if parent and display_name[:1] in "PT" and display_name[1:].isdigit() else display_name


def _count(element: Any, name: str, *, most: int) -> int:
    """The number in an attribute, limited to 1 to `most`; 1 if it has none."""
    value = _attribute(element, name)
    return max(1, min(most, int(value))) if value.isascii() and value.isdigit() else 1


def _blocks(document: _Document, parent: Any) -> str:
    return "\n".join(_block(document, element) for element in parent) if parent is not None else ""


def _block(document: _Document, element: Any) -> str:
    name = local_name(element)
    if name in ("h", "p", "section") and _is_hidden(document, element):
        return ""
    if name == "h":
        level = _count(element, "outline-level", most=6)
        return f"<h{level}>{_inline(document, element)}</h{level}>"
    if name == "p":
        return _paragraph(document, element)
    if name == "list":
        return _list(document, element)
    if name == "table":
        return _table(document, element)
    if name in ("section", "index-body", "text-box", "numbered-paragraph", "bibliography"):
        return _blocks(document, element)
    if name in _SHAPES:
        return _shape(document, element)
    if name == "table-of-content":
        document.manuscript.remove("contents, which the edition has itself", " ".join(element.itertext()))
    elif name in _INDEXES:
        document.manuscript.remove("an index with page numbers", " ".join(element.itertext()))
    return ""  # declarations, tracked changes


def _paragraph(document: _Document, element: Any) -> str:
    style, content = _style_name(document, element), _inline(document, element)
    if "<figure" in content and not text_at(element):
        return content
    tag = next((tag for key, tag in _PARAGRAPH_ELEMENTS.items() if style.startswith(key)), "p")
    if style == "Subtitle":
        return f'<p class="standfirst">{content}</p>'
    return f"<blockquote><p>{content}</p></blockquote>" if tag == "blockquote" else f"<{tag}>{content}</{tag}>"


def _list(document: _Document, element: Any) -> str:
    style = document.styles.get(_attribute(element, "style-name"))
    ordered = style is not None and next(
        (local_name(level) for level in style if local_name(level).startswith("list-level")), ""
    ).endswith("number")
    items = "".join(f"<li>{_blocks(document, item)}</li>" for item in element if local_name(item) in ("list-item", "list-header"))
    return f"<ol>{items}</ol>" if ordered else f"<ul>{items}</ul>"


def _table(document: _Document, element: Any) -> str:
    rows = []
    for row in _rows(element):
        tag = "th" if local_name(row.getparent()) == "table-header-rows" else "td"
        cells = []
        for cell in children_named(row, "table-cell"):
            spans = "".join(
                f' {name}="{escape(value, quote=True)}"'
                for name, key in (("colspan", "number-columns-spanned"), ("rowspan", "number-rows-spanned"))
                if (value := _attribute(cell, key))
            )
            repetitions = _count(cell, "number-columns-repeated", most=50) if text_at(cell) else 1
            cells += [f"<{tag}{spans}>{_blocks(document, cell)}</{tag}>"] * repetitions
        for cell in children_named(row, "covered-table-cell"):
            if text := text_at(cell):
                document.manuscript.remove("in a cell that another cell covers", text)
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(rows)}</table>"


def _rows(parent: Any) -> Iterator[Any]:
    """The rows of a table, not those of tables in its cells."""
    for child in parent:
        if local_name(child) == "table-row":
            yield child
        elif local_name(child) in ("table-rows", "table-header-rows", "table-row-group"):
            yield from _rows(child)


def _inline(document: _Document, element: Any) -> str:
    parts = [escape(element.text or "", quote=False)]
    for inner_element in element:
        parts.append(_inline_element(document, inner_element))
        parts.append(escape(inner_element.tail or "", quote=False))
    return "".join(parts)


def _inline_element(document: _Document, element: Any) -> str:
    name = local_name(element)
    if name == "span":
        return _span(document, element)
    if name == "a":
        return f'<a href="{escape(_attribute(element, "href"), quote=True)}">{_inline(document, element)}</a>'
    if name == "note":
        return _note(document, element)
    if name in _SHAPES:
        return _shape(document, element)
    if name in ("annotation", "annotation-end"):
        document.comments += name == "annotation"
        document.manuscript.remove("a comment", " ".join(text_at(part) for part in element if local_name(part) == "p"))
        return ""
    replacements = {"s": " " * _count(element, "c", most=100) if name == "s" else "", "tab": "\t", "line-break": "<br/>"}
    if name in replacements:
        return replacements[name]
    return _inline(document, element) if name not in ("bookmark", "tracked-changes", "soft-page-break") else ""


def _span(document: _Document, element: Any) -> str:
    content, style = _inline(document, element), document.styles.get(_attribute(element, "style-name"))
    if _is_hidden(document, element):
        return ""
    properties = next((part for part in style if local_name(part) == "text-properties"), None) if style is not None else None
    if properties is None or not content.strip():
        return content
    formats = [
        ("b", _attribute(properties, "font-weight") == "bold"),
        ("i", _attribute(properties, "font-style") == "italic"),
        ("s", _attribute(properties, "text-line-through-style") not in ("", "none")),
        ("sup", _attribute(properties, "text-position").startswith("super")),
        ("sub", _attribute(properties, "text-position").startswith("sub")),
    ]
    for tag, is_set in formats:
        content = f"<{tag}>{content}</{tag}>" if is_set else content
    return content


def _note(document: _Document, element: Any) -> str:
    number = len(document.notes) + 1
    document.notes.append("")  # keeps the place: a note may contain notes
    document.notes[number - 1] = (
        f'<aside class="note" id="odt-{number}">{_blocks(document, first_child(element, "note-body"))}</aside>'
    )
    return f'<a class="noteref" href="#odt-{number}">*</a>'


def _shape(document: _Document, element: Any) -> str:
    """The texts of a drawn shape and of those inside it; an image where the shape is a frame."""
    if local_name(element) == "frame":
        return _frame(document, element)
    return "".join(_block(document, part) for part in element if local_name(part) in (*_SHAPES, "p", "list"))


def _frame(document: _Document, element: Any) -> str:
    alt = ". ".join(dict.fromkeys(filter(None, (text_at(element, "title"), text_at(element, "desc")))))
    embedded, image = first_child(element, "object"), first_child(element, "image")
    if embedded is not None and (formula := _formula(document, _attribute(embedded, "href").removeprefix("./"))):
        return formula
    text_box = first_child(element, "text-box")
    if text_box is not None:  # an image with a caption is in a text box
        return f"<figure>{_blocks(document, text_box).replace('<figure>', '').replace('</figure>', '')}</figure>"
    href = _attribute(image, "href") if image is not None else ""
    if not href:
        return ""
    width, height = (f"{side:.0f}" if (side := pixels(_attribute(element, name))) else "" for name in ("width", "height"))
    attributes = {"alt": alt, "width": width, "height": height}
    markup = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items() if value)
    return f'<figure><img src="{escape(_image_address(document, href))}"{markup}/></figure>'


def _image_address(document: _Document, href: str) -> str:
    """The image as a data URI; the address of an image outside the document; empty if it is missing in the document."""
    name = href.removeprefix("./")
    if document.archive.has(name):
        return data_uri(document.archive.read(name), mimetypes.guess_type(name)[0] or "image/png")
    # An address is relative to the place in the archive, so it leaves the document by `../` (ODF 1.2, part 3, 3.7).
    return href.removeprefix("../") if href.startswith("../") or ":" in href else ""


def _formula(document: _Document, folder: str) -> str:
    name = f"{folder}/content.xml"
    if not document.archive.has(name) or b"MathML" not in (source := document.archive.read(name)):
        return ""
    root = xml_of(document.manuscript, source)
    return formula_image(document.manuscript, source.decode("utf-8", "replace"), linear_text(root) or text_at(root))


def _metadata(document: _Document) -> Metadata:
    if not document.archive.has("meta.xml"):
        return Metadata()
    meta = first_child(xml_of(document.manuscript, document.archive.read("meta.xml")), "meta")
    names = text_at(meta, "initial-creator") or text_at(meta, "creator")
    return Metadata(
        title=text_at(meta, "title"),
        authors=tuple(split_names(names)),
        date=day_of(text_at(meta, "creation-date")),
        lang=text_at(meta, "language"),
        description=text_at(meta, "description"),
    )

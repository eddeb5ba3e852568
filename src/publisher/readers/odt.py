"""OpenDocument text (ODF 1.2): headings, lists, tables, notes, images, formulas. Comments are left out and reported."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any

from publisher.input.archives import Archive
from publisher.input.manuscript import Manuscript
from publisher.input.opendocument_lists import ListForm, has_label, list_forms
from publisher.input.snippets import data_uri, formula_image
from publisher.input.svg_measures import pixels
from publisher.input.xml import attribute, children_named, first_child, local_name, text_at, xml_of
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import parse
from publisher.model.media_types import media_type_of
from publisher.model.metadata import Metadata
from publisher.model.parts import Removal
from publisher.readers.odt_captions import (
    SHAPES,
    beside_each_other,
    figure_with_caption,
    floating,
    in_text_box,
    is_caption,
    own_text,
    style_chain,
    without_floats,
)
from publisher.text.linear_formulas import linear_text
from publisher.text.numbers import whole_number

_PARAGRAPH_ELEMENTS = {
    "Title": "h1",
    "Quotations": "blockquote",
    "Preformatted": "pre",
}


# Indexes whose page numbers an edition does not have (ODF 1.2, part 1, 8).
_IMAGE = re.compile(r"<img\b[^>]*>")
_BLOCK = re.compile(r"<(?:p|figure|ul|ol|table|h\d)\b")
_INDEXES = frozenset({"illustration-index", "table-index", "object-index", "alphabetical-index", "user-index"})


@dataclass
class _Document:
    """The state of one conversion: the archive, the styles by name, the forms of the lists, the notes and comments so far.

    `boxes` is how many text boxes the element that is read stands in.
    """

    manuscript: Manuscript
    archive: Archive
    styles: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    lists: dict[Any, ListForm] = field(default_factory=dict)
    comments: int = 0
    boxes: int = 0


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
                document.styles[attribute(style, "name")] = style
    _record_headers(document)
    body = first_child(root, "body", "text")
    document.lists = list_forms(root, document.styles)
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
    style = document.styles.get(attribute(element, "style-name"))
    properties = children_named(style, "text-properties")
    is_hidden = attribute(element, "display") == "none" or any(attribute(part, "display") == "none" for part in properties)
    if is_hidden and (text := text_at(element)):
        document.manuscript.remove("hidden text", text)
    return is_hidden


def _style_name(document: _Document, element: Any) -> str:
    """The name of an element's style. Of an automatic style (`P1`, `T1`), the name of its parent style."""
    name = attribute(element, "style-name")
    style = document.styles.get(name)
    parent = attribute(style, "parent-style-name") if style is not None else ""
    display_name = (attribute(style, "display-name") if style is not None else "") or name
    return parent if parent and display_name[:1] in "PT" and display_name[1:].isdigit() else display_name


def _count(element: Any, name: str, *, most: int) -> int:
    """The number in an attribute, limited to 1 to `most`; 1 if it has none."""
    return max(1, min(most, whole_number(attribute(element, name), 1)))


def _blocks(document: _Document, parent: Any) -> str:
    return "\n".join(beside_each_other(_block(document, element) for element in parent)) if parent is not None else ""


def _block(document: _Document, element: Any) -> str:
    name = local_name(element)
    if name in ("h", "p", "section") and _is_hidden(document, element):
        return ""
    if name == "h":
        level = _count(element, "outline-level", most=6)
        content, floats = without_floats(_inline(document, element))
        return f"<h{level}{_direction(document, element)}>{content.strip()}</h{level}>{floats}"
    if name == "p":
        return _paragraph(document, element)
    if name == "list":
        return _list(document, element)
    if name == "table":
        return _table(document, element)
    if name in ("section", "index-body", "numbered-paragraph", "bibliography"):
        return _blocks(document, element)
    if name in SHAPES:
        return _shape(document, element)
    if name == "a":
        return _linked(document, element)
    if name == "table-of-content":
        document.manuscript.remove("contents, which the edition has itself", " ".join(element.itertext()))
    elif name in _INDEXES:
        document.manuscript.remove("an index with page numbers", " ".join(element.itertext()))
    return ""  # declarations, tracked changes


def _paragraph(document: _Document, element: Any) -> str:
    content = _inline(document, element)
    is_of_caption = is_caption(style_chain(document.styles, attribute(element, "style-name")), element)
    if (is_of_caption or document.boxes) and (figure := figure_with_caption(content.replace("\0", ""))):
        return figure
    content, floats = without_floats(content)
    has_only_shapes = bool(floats or _BLOCK.search(content)) and not own_text(element).strip()
    if has_only_shapes:
        return f"{content}{floats}"
    block = _block_of_style(_style_name(document, element), content, _direction(document, element), is_of_caption)
    return f"{block}{floats}"


def _block_of_style(style: str, content: str, direction: str, is_of_caption: bool) -> str:
    if style == "Subtitle":
        return f'<p class="standfirst"{direction}>{content}</p>'
    tag = next((tag for key, tag in _PARAGRAPH_ELEMENTS.items() if style.startswith(key)), "p")
    tag = "figcaption" if is_of_caption else tag
    if tag == "blockquote":
        return f"<blockquote><p{direction}>{content}</p></blockquote>"
    return f"<{tag}{direction}>{content}</{tag}>"


def _direction(document: _Document, element: Any) -> str:
    """The attributes of a paragraph that runs from right to left by its style or a parent of it (ODF 1.2, part 1, 20.394)."""
    name, seen = attribute(element, "style-name"), set[str]()
    mode = language = ""
    while name in document.styles and name not in seen and not mode:
        seen.add(name)
        style = document.styles[name]
        mode = next(filter(None, (attribute(part, "writing-mode") for part in children_named(style, "paragraph-properties"))), "")
        texts = children_named(style, "text-properties")
        language = language or next(filter(None, (attribute(part, "language-complex") for part in texts)), "")
        name = attribute(style, "parent-style-name")
    if mode not in ("rl-tb", "rl"):
        return ""
    return f' dir="rtl" lang="{escape(language, quote=True)}"' if language not in ("", "none", "zxx") else ' dir="rtl"'


def _list(document: _Document, element: Any) -> str:
    """A list with its numbers. A header stands before it, and a list in an item without a number in the item before."""
    form = document.lists.get(element, ListForm(False))
    before, items = list[str](), list[str]()
    for item in element:
        content = _blocks(document, item)
        if local_name(item) not in ("list-item", "list-header") or not content:
            continue
        if has_label(item):
            value = f' value="{form.values[item]}"' if item in form.values else ""
            items.append(f"<li{value}>{content}</li>")
        elif items:
            items[-1] = f"{items[-1].removesuffix('</li>')}{content}</li>"
        else:
            before.append(content)
    if not items:
        return "".join(before)
    start = f' start="{form.start}"' if form.start != 1 else ""
    kind = f' type="{form.kind}"' if form.kind else ""
    tag, attributes = ("ol", f"{start}{kind}") if form.is_ordered else ("ul", "")
    return f"{''.join(before)}<{tag}{attributes}>{''.join(items)}</{tag}>"


def _table(document: _Document, element: Any) -> str:
    rows = []
    for row in _rows(element):
        tag = "th" if local_name(row.getparent()) == "table-header-rows" else "td"
        cells = []
        for cell in children_named(row, "table-cell"):
            spans = "".join(
                f' {name}="{escape(value, quote=True)}"'
                for name, key in (("colspan", "number-columns-spanned"), ("rowspan", "number-rows-spanned"))
                if (value := attribute(cell, key))
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
    if name == "a" and any(local_name(part) in SHAPES for part in element):
        return _linked(document, element)
    if name == "a":
        return f'<a href="{escape(attribute(element, "href"), quote=True)}">{_inline(document, element)}</a>'
    if name == "note":
        return _note(document, element)
    if name in SHAPES:
        shape = _shape(document, element)
        return floating(shape) if attribute(element, "anchor-type") in ("paragraph", "char", "page") else shape
    if name in ("annotation", "annotation-end"):
        document.comments += name == "annotation"
        document.manuscript.remove("a comment", " ".join(text_at(part) for part in element if local_name(part) == "p"))
        return ""
    replacements = {"s": " " * _count(element, "c", most=100) if name == "s" else "", "tab": "\t", "line-break": "<br/>"}
    if name in replacements:
        return replacements[name]
    return _inline(document, element) if name not in ("bookmark", "tracked-changes", "soft-page-break") else ""


def _span(document: _Document, element: Any) -> str:
    content, style = _inline(document, element), document.styles.get(attribute(element, "style-name"))
    if _is_hidden(document, element):
        return ""
    properties = next((part for part in style if local_name(part) == "text-properties"), None) if style is not None else None
    if properties is None or not content.strip():
        return content
    formats = [
        ("b", attribute(properties, "font-weight") == "bold"),
        ("i", attribute(properties, "font-style") == "italic"),
        ("s", attribute(properties, "text-line-through-style") not in ("", "none")),
        ("sup", attribute(properties, "text-position").startswith("super")),
        ("sub", attribute(properties, "text-position").startswith("sub")),
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
    for part in element:
        if local_name(part) in ("title", "desc") and text_at(part):
            document.manuscript.remove("what a drawn shape shows", text_at(part))
    return "\n".join(_block(document, part) for part in element if local_name(part) in (*SHAPES, "p", "h", "list", "table", "a"))


def _linked(document: _Document, element: Any) -> str:
    """The shapes in a link (ODF 1.3, 10.4.12), in which each image is linked."""
    href = escape(attribute(element, "href"), quote=True)
    markup = _shape(document, element)
    return _IMAGE.sub(lambda image: f'<a href="{href}">{image[0]}</a>', markup) if href else markup


def _frame(document: _Document, element: Any) -> str:
    alt = ". ".join(dict.fromkeys(filter(None, (text_at(element, "title"), text_at(element, "desc")))))
    embedded, image = first_child(element, "object"), first_child(element, "image")
    if embedded is not None and (formula := _formula(document, attribute(embedded, "href").removeprefix("./"))):
        return formula
    text_box = first_child(element, "text-box")
    if text_box is not None:  # an image with a caption is in a text box
        document.boxes += 1
        blocks = [_block(document, part) for part in text_box]
        document.boxes -= 1
        return in_text_box(blocks)
    href = attribute(image, "href") if image is not None else ""
    if not href:
        return ""
    width, height = (f"{side:.0f}" if (side := pixels(attribute(element, name))) else "" for name in ("width", "height"))
    attributes = {"alt": alt, "width": width, "height": height}
    markup = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items() if value)
    return f'<figure><img src="{escape(_image_address(document, href))}"{markup}/></figure>'


def _image_address(document: _Document, href: str) -> str:
    """The image as a data URI; the address of an image outside the document; empty if it is missing in the document."""
    name = href.removeprefix("./")
    if document.archive.has(name):
        return data_uri(document.archive.read(name), media_type_of(name, "image/png"))
    # An address is relative to the place in the archive, so it leaves the document by `../` (ODF 1.2, part 3, 3.7).
    return href.removeprefix("../") if href.startswith("../") or ":" in href else ""


def _formula(document: _Document, folder: str) -> str:
    name = f"{folder}/content.xml"
    if not document.archive.has(name) or b"MathML" not in (source := document.archive.read(name)):
        return ""
    root = xml_of(document.manuscript, source)
    return formula_image(document.manuscript, source.decode("utf-8", "replace"), linear_text(root) or text_at(root))


def _metadata(document: _Document) -> Metadata:
    """What the properties of the file say of the article. Their author and date are those of a template or program (issue 16)."""
    if not document.archive.has("meta.xml"):
        return Metadata()
    meta = first_child(xml_of(document.manuscript, document.archive.read("meta.xml")), "meta")
    return Metadata(
        title=text_at(meta, "title"),
        lang=text_at(meta, "language"),
        description=text_at(meta, "description"),
    )

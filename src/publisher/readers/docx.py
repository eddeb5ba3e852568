"""Reads Word files with mammoth and a style map.

Formulas are drawn, captions are attached to their figures, and comments are left out and reported.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import lxml.etree
import lxml.html

from publisher.input.archives import Archive
from publisher.input.element_count import check_elements
from publisher.input.html_elements import Element, text_content
from publisher.input.manuscript import Manuscript
from publisher.input.omml import mathml
from publisher.input.snippets import data_uri, formula_image
from publisher.input.word import marks
from publisher.input.word.chunks import insert_chunks
from publisher.input.word.images import prepare_images, set_image_sizes
from publisher.input.word.numbering import mark_numbers, set_list_starts
from publisher.input.word.other_parts import record_other_parts
from publisher.input.xml import local_name, text_at, xml_of
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import parse
from publisher.model.metadata import Metadata
from publisher.model.parts import BYLINE_TO_HEADER
from publisher.text.bylines import date_in, day_of, names_after_by, split_names
from publisher.text.linear_formulas import linear_text

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p.standfirst:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote.pull > p:fresh
p[style-name='Block Text'] => blockquote > p:fresh
p[style-name='Caption'] => figcaption:fresh
p[style-name='caption'] => figcaption:fresh
p[style-name='HTML Preformatted'] => pre:separator('\\n')
p[style-name='Plain Text'] => pre:separator('\\n')
p[style-name='Source Code'] => pre:separator('\\n')
r[style-name='Source Text'] => code
r[style-name='HTML Code'] => code
u => u
strike => s
"""
_PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
_UNSUPPORTED = re.compile(
    rb"oMath|txbxContent|:fldSimple|:bdo|:dir\b|:ruby\b|:br [^>]*type|:vanish|:drawing|:numPr|:altChunk|:vMerge"
)
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_HEADER_WORDS, _HEADER_BLOCKS = 20, 4  # the most words of a headline or byline; the blocks at the start that are searched
_NUMBERING = "word/numbering.xml"


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """One article. Raises PublisherError if the file is broken or encrypted or has no text."""
    archive = Archive(manuscript)
    data, insertions = _prepare(manuscript, archive)
    html = marks.INSERTIONS.sub(lambda match: insertions[int(match[1])], _html(manuscript, data))
    page = lxml.html.document_fromstring(html or "<p></p>")
    body = page.find("body")
    set_list_starts(body)
    set_image_sizes(body)
    if not text_content(body) and body.find(".//img") is None:
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, "the document has no text")
    _attach_captions(body)
    record_other_parts(manuscript, archive)
    header = _extract_header(manuscript, body)
    markup = "".join(lxml.html.tostring(element, encoding="unicode") for element in body)
    return (Article(header.merged(_properties(manuscript, archive, header)), parse(markup)),)


def _html(manuscript: Manuscript, data: bytes) -> str:
    import mammoth

    def attributes(image: Any) -> dict[str, str]:
        try:
            with image.open() as file:
                return {"src": data_uri(file.read(), image.content_type or "image/png")}
        except (KeyError, ValueError):  # an image of an old kind (VML) that is not in the file
            return {"src": ""}

    try:
        result = mammoth.convert_to_html(
            io.BytesIO(data), style_map=_STYLES, convert_image=mammoth.images.img_element(attributes)
        )
    except Exception as problem:  # mammoth raises many kinds for a broken document
        raise manuscript.error(
            Code.WORD,
            f"this Word document cannot be read: {problem}",
            hint="open it in a word processor and save it again as .docx",
        ) from None
    for message in result.messages:
        if message.type == "error":
            manuscript.report(Code.WORD_PARTIAL, f"in the Word document: {message.message}")
    return str(result.value)


def _prepare(manuscript: Manuscript, archive: Archive) -> tuple[bytes, list[str]]:
    """The document in a form that mammoth reads completely, with marks for formulas and missing images; and their markup."""
    insertions: list[str] = []
    changed = {}
    for name in filter(archive.has, _PARTS):
        source = archive.read(name)
        check_elements(manuscript, source, name)
        if _UNSUPPORTED.search(source) or marks.MAY_HOLD_ANY.search(source):
            root = xml_of(manuscript, source)
            _remove_foreign_marks(manuscript, root)
            _convert_unsupported(manuscript, root)
            _record_covered_cells(manuscript, root)
            _extract_formulas(manuscript, root, insertions)
            insert_chunks(manuscript, archive, root, insertions)
            prepare_images(manuscript, archive, name, root, insertions)
            if archive.has(_NUMBERING):
                mark_numbers(root, xml_of(manuscript, archive.read(_NUMBERING)))
            changed[name] = lxml.etree.tostring(root)
    if not changed:
        return manuscript.data, []
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as result:
        for name in archive.names:
            result.writestr(name, changed.get(name) or archive.read(name))
    return buffer.getvalue(), insertions


def _remove_foreign_marks(manuscript: Manuscript, root: Any) -> None:
    found: list[str] = []
    for element in root.iter():
        for name, text in (("text", element.text), ("tail", element.tail)):
            if text and marks.ANY.search(text):
                found += marks.ANY.findall(text)
                setattr(element, name, marks.ANY.sub("", text))
        for key, value in element.attrib.items():
            if marks.ANY.search(value):
                found += marks.ANY.findall(value)
                element.set(key, marks.ANY.sub("", value))
    manuscript.report_characters(found)


def _convert_unsupported(manuscript: Manuscript, root: Any) -> None:
    """Converts what mammoth ignores: simple fields, text directions, ruby texts and page breaks in paragraphs.

    Hidden text is removed; a drawing without an image is left out and reported. A text box without a copy for old programs (VML),
    which is the form that mammoth reads, becomes paragraphs.
    """
    _unpack_text_boxes(root)
    for element in [
        element
        for element in root.iter()
        if local_name(element) in ("fldSimple", "bdo", "dir", "ruby", "br", "vanish", "drawing")
    ]:
        name, parent = local_name(element), element.getparent()
        if name in ("fldSimple", "bdo", "dir"):
            for inner in list(element):
                element.addprevious(inner)
            parent.remove(element)
        elif name == "ruby":
            base, reading = text_at(element, "rubyBase"), text_at(element, "rt")
            text = lxml.etree.SubElement(parent, f"{{{_W}}}t")
            text.text = f"{base} ({reading})" if reading else base
            parent.replace(element, text)
        elif name == "br":
            element.attrib.pop(f"{{{_W}}}type", None)
        elif name == "vanish" and element.get(f"{{{_W}}}val") not in ("0", "false") and local_name(parent) == "rPr":
            run = parent.getparent()
            if local_name(run) == "r" and run.getparent() is not None:
                manuscript.remove("hidden text", text_at(run))
                run.getparent().remove(run)
        elif name == "drawing" and not any(local_name(part) in ("blip", "txbxContent") for part in element.iter()):
            alt = next(
                (part.get("descr") or part.get("title") or "" for part in element.iter() if local_name(part) == "docPr"), ""
            )
            text = f"a chart or drawing of the Word document is left out{f': {alt}' if alt else ''}"
            manuscript.report(Code.EMBEDDED_LEFT_OUT, text, hint="save it as an image and put the image in its place")


def _record_covered_cells(manuscript: Manuscript, root: Any) -> None:
    """Records the text of cells that a cell above covers (`vMerge`; ECMA-376, part 1, 17.4.85), which nobody sees."""
    for element in root.iter(f"{{{_W}}}vMerge"):
        cell = element.getparent().getparent()
        if element.get(f"{{{_W}}}val") != "restart" and local_name(cell) == "tc":
            manuscript.remove("in a cell that another cell covers", text_at(cell))


def _unpack_text_boxes(root: Any) -> None:
    for box in [element for element in root.iter() if local_name(element) == "txbxContent"]:
        around = list(box.iterancestors())
        choice = next((element for element in around if local_name(element) == "AlternateContent"), None)
        copies = [part for part in (choice if choice is not None else ()) if local_name(part) == "Fallback"]
        has_copy = any(local_name(part) == "txbxContent" for copy in copies for part in copy.iter())
        paragraph = next((element for element in around if local_name(element) == "p"), None)
        if not has_copy and paragraph is not None and any(local_name(element) == "drawing" for element in around):
            for block in reversed(list(box)):
                paragraph.addnext(block)


def _extract_formulas(manuscript: Manuscript, root: Any, insertions: list[str]) -> None:
    """Appends the markup of each formula to `insertions`, and puts a mark in its place."""
    for math in [element for element in root.iter() if local_name(element) == "oMath"]:
        parent = math.getparent()
        run = lxml.etree.Element(f"{{{_W}}}r")
        lxml.etree.SubElement(run, f"{{{_W}}}t").text = marks.INSERTION.format(len(insertions))
        run.tail, math.tail = math.tail, None
        markup, is_display = mathml(math), local_name(parent) == "oMathPara"
        words = linear_text(lxml.etree.fromstring(markup))
        insertions.append(formula_image(manuscript, markup, words, display=is_display))
        if local_name(parent) == "oMathPara":
            parent.addprevious(run)
            parent.remove(math)
        else:
            parent.replace(math, run)


def _attach_captions(body: Element) -> None:
    """Attaches each caption to the image before it, else to the table after it, else to the table before it."""
    for caption in list(body.iter("figcaption")):
        before, after = caption.getprevious(), caption.getnext()
        if before is not None and before.tag == "p" and before.find(".//img") is not None and not text_content(before):
            before.tag = "figure"
            for image in before.iter("img"):
                image.set("alt", image.get("alt") or text_content(caption))
            before.append(caption)
        elif after is not None and after.tag == "table":
            caption.tag = "caption"
            after.insert(0, caption)
        elif before is not None and before.tag == "table" and before.find("caption") is None:
            caption.tag = "caption"
            before.insert(0, caption)
        else:
            caption.tag = "p"


def _extract_header(manuscript: Manuscript, body: Element) -> Metadata:
    """Finds headline, byline and date in the first blocks of a document without a title style.

    A bold line is the headline; byline and date are removed from the text.
    """
    first = next(iter(body), None)
    if (
        first is not None
        and first.tag == "p"
        and body.find(".//h1") is None
        and 0 < len(text_content(first).split()) <= _HEADER_WORDS
    ):
        bold = "".join(text_content(strong) for strong in first.iterchildren("strong"))
        first.tag = "h1" if bold and bold.split() == text_content(first).split() and bold[-1] not in ".:;" else "p"
        for strong in list(first.iterchildren("strong")) if first.tag == "h1" else ():
            strong.drop_tag()
    authors: list[str] = []
    date = None
    for block in list(body)[1:_HEADER_BLOCKS]:
        text = text_content(block)
        day, rest = date_in(text)
        if block.tag != "p" or len(text.split()) > _HEADER_WORDS or not text:
            break
        if names := names_after_by(rest):
            authors, date = authors or names, date or day
            manuscript.remove(BYLINE_TO_HEADER, text)
            block.drop_tree()
        elif day and date is None and not re.search(r"[^\W\d_]", rest):
            date = day
            manuscript.remove(BYLINE_TO_HEADER, text)
            block.drop_tree()
    return Metadata(authors=tuple(authors), date=date)


def _properties(manuscript: Manuscript, archive: Archive, header: Metadata) -> Metadata:
    """The properties of the file (docProps/core.xml). They may be those of a template, so each value that is used is reported."""
    if not archive.has("docProps/core.xml"):
        return Metadata()
    core = xml_of(manuscript, archive.read("docProps/core.xml"))
    properties = Metadata(
        authors=tuple(split_names(text_at(core, "creator"))),
        date=day_of(text_at(core, "created")),
        lang=text_at(core, "language"),
        description=text_at(core, "description"),
    )
    for field, value in (("authors", ", ".join(properties.authors)), ("date", properties.date)):
        if value and not getattr(header, field) and not getattr(manuscript.given, field):
            hint = "if it is wrong, give the value in a sidecar or the manifest"
            manuscript.report(Code.METADATA_GUESSED, f"{field}: {value}, guessed from the file's properties", hint=hint)
    return properties

"""Reads Word files with mammoth and a style map.

Formulas are drawn, captions are attached to their figures, and comments are left out and reported.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from html import escape
from typing import Any

import lxml.etree
import lxml.html

from publisher.input.archives import Archive
from publisher.input.element_count import check_elements
from publisher.input.html_elements import Element, text_content
from publisher.input.manuscript import Manuscript
from publisher.input.omml import mathml
from publisher.input.snippets import data_uri, formula_image
from publisher.input.word_parts import record_other_parts
from publisher.input.xml import children_named, first_child, local_name, text_at, xml_of
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import parse
from publisher.model.metadata import Metadata
from publisher.text.bylines import date_in, day_of, names_after_by, split_names

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
_UNSUPPORTED = re.compile(rb"oMath|txbxContent|:fldSimple|:bdo|:dir\b|:ruby\b|:br [^>]*type|:vanish|:drawing|:numPr")
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_EMU = 9525  # English metric units in a CSS pixel (ECMA-376, 20.1.2.1: 914,400 in an inch)
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_IN_HEADER = "byline or date, now in the header"
_HEADER_WORDS, _HEADER_BLOCKS = 20, 4  # the most words of a headline or byline; the blocks at the start that are searched
# Marks are noncharacters, which are for internal use (Unicode 23.7): a document must not hold any, and loses those that it holds.
_INSERTION_MARK = "\ufdd0{}\ufdd1"  # in place of a formula, or of an image that is not in the file
_NUMBERING = "word/numbering.xml"
_NUMBER_MARK = "\ufdd2{}\ufdd3"  # before a list item: its number in Word
_SIZE_MARK = "\ufdd4{}x{}\ufdd5"  # at the end of an alt text: width and height in CSS pixels
_SIZE_MARKS = re.compile("\ufdd4(\\d+)x(\\d+)\ufdd5")
_NUMBER_MARKS = re.compile("\ufdd2(\\d+)\ufdd3")
_INSERTION_MARKS = re.compile("\ufdd0(\\d+)\ufdd1")
_FOREIGN_MARKS = re.compile("[\ufdd0-\ufdd5]")
_MAY_HOLD_MARKS = re.compile(rb"\xef\xb7|&#|\x00")  # as UTF-8, as numeric references, or UTF-16


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """One article. Raises PublisherError if the file is broken or encrypted or has no text."""
    archive = Archive(manuscript)
    data, insertions = _prepare(manuscript, archive)
    html = _INSERTION_MARKS.sub(lambda match: insertions[int(match[1])], _html(manuscript, data))
    page = lxml.html.document_fromstring(html or "<p></p>")
    body = page.find("body")
    _set_list_starts(body)
    _set_image_sizes(body)
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
        if _UNSUPPORTED.search(source) or _MAY_HOLD_MARKS.search(source):
            root = xml_of(manuscript, source)
            _remove_foreign_marks(manuscript, root)
            _convert_unsupported(manuscript, root)
            _extract_formulas(manuscript, root, insertions)
            _prepare_images(manuscript, archive, name, root, insertions)
            if archive.has(_NUMBERING):
                _mark_numbers(root, xml_of(manuscript, archive.read(_NUMBERING)))
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
            if text and _FOREIGN_MARKS.search(text):
                found += _FOREIGN_MARKS.findall(text)
                setattr(element, name, _FOREIGN_MARKS.sub("", text))
        for key, value in element.attrib.items():
            if _FOREIGN_MARKS.search(value):
                found += _FOREIGN_MARKS.findall(value)
                element.set(key, _FOREIGN_MARKS.sub("", value))
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


def _mark_numbers(root: Any, numbering: Any) -> None:
    """Puts a mark with the number before each numbered item.

    mammoth starts every list at 1, but a list in Word may continue another.
    """
    definitions = {
        element.get(f"{{{_W}}}abstractNumId"): element for element in numbering if local_name(element) == "abstractNum"
    }
    lists = {element.get(f"{{{_W}}}numId"): element for element in numbering if local_name(element) == "num"}
    counts: dict[tuple[str, int], int] = {}
    started: set[str] = set()
    for paragraph in [element for element in root.iter() if local_name(element) == "p"]:
        properties = first_child(paragraph, "pPr", "numPr")
        number, depth = _value(first_child(properties, "numId")), _count(first_child(properties, "ilvl"), 0)
        definition = _value(first_child(lists.get(number), "abstractNumId"))
        level = next(
            (level for level in children_named(definitions.get(definition), "lvl") if level.get(f"{{{_W}}}ilvl") == str(depth)),
            None,
        )
        if level is None or _value(first_child(level, "numFmt")) == "bullet":
            continue
        overrides = [
            element for element in children_named(lists[number], "lvlOverride") if element.get(f"{{{_W}}}ilvl") == str(depth)
        ]
        first = next((start for element in overrides if (start := _count(first_child(element, "startOverride"), 0))), 0)
        if (definition, depth) not in counts or (first and number not in started):
            counts[definition, depth] = (first or _count(first_child(level, "start"), 1)) - 1
        started.add(number)
        counts[definition, depth] += 1
        for deeper in [key for key in counts if key[0] == definition and key[1] > depth]:
            del counts[deeper]
        run = lxml.etree.Element(f"{{{_W}}}r")
        lxml.etree.SubElement(run, f"{{{_W}}}t").text = _NUMBER_MARK.format(counts[definition, depth])
        properties.getparent().addnext(run)


def _value(element: Any) -> str:
    return str(element.get(f"{{{_W}}}val") or "") if element is not None else ""


def _count(element: Any, default: int) -> int:
    text = _value(element)
    return int(text) if text.isascii() and text.isdigit() else default


def _set_list_starts(body: Element) -> None:
    """Starts each list at the number of its first item, and removes the marks."""
    for numbered_list in body.iter("ol"):
        match = _NUMBER_MARKS.match(text_content(numbered_list))
        if match and match[1] != "1":
            numbered_list.set("start", match[1])
    for element in body.iter():
        element.text = _NUMBER_MARKS.sub("", element.text) if element.text else element.text
        element.tail = _NUMBER_MARKS.sub("", element.tail) if element.tail else element.tail


def _extract_formulas(manuscript: Manuscript, root: Any, insertions: list[str]) -> None:
    """Appends the markup of each formula to `insertions`, and puts a mark in its place."""
    for math in [element for element in root.iter() if local_name(element) == "oMath"]:
        parent = math.getparent()
        run = lxml.etree.Element(f"{{{_W}}}r")
        lxml.etree.SubElement(run, f"{{{_W}}}t").text = _INSERTION_MARK.format(len(insertions))
        run.tail, math.tail = math.tail, None
        insertions.append(formula_image(manuscript, mathml(math), text_at(math), display=local_name(parent) == "oMathPara"))
        if local_name(parent) == "oMathPara":
            parent.addprevious(run)
            parent.remove(math)
        else:
            parent.replace(math, run)


def _prepare_images(manuscript: Manuscript, archive: Archive, part: str, root: Any, insertions: list[str]) -> None:
    """Marks each image with its size in Word, which mammoth does not tell; extracts those that are not in the file.

    mammoth reads no document that lacks an image.
    """
    targets = _targets(manuscript, archive, part)
    for drawing in [element for element in root.iter() if local_name(element) == "drawing"]:
        holder = next(iter(drawing), None)
        blip = first_child(holder, "graphic", "graphicData", "pic", "blipFill", "blip")
        properties = first_child(holder, "docPr")
        if blip is None or properties is None:
            continue
        alt = (properties.get("descr") or "").strip() or properties.get("title") or ""
        target = targets.get(blip.get(f"{{{_R}}}embed") or "", "")
        if target and archive.has(posixpath.normpath(posixpath.join("word", target)).lstrip("/")):
            sides = [_side(first_child(holder, "extent"), name) for name in ("cx", "cy")]
            properties.set("descr", f"{alt}{_SIZE_MARK.format(*sides)}" if all(sides) else alt)
            continue
        address = targets.get(blip.get(f"{{{_R}}}link") or "", "")  # a file outside the document
        text = lxml.etree.Element(f"{{{_W}}}t")
        text.text = _INSERTION_MARK.format(len(insertions))
        insertions.append(f'<img src="{escape(address)}"' + (f' alt="{escape(alt)}">' if alt else ">"))
        drawing.getparent().replace(drawing, text)


def _targets(manuscript: Manuscript, archive: Archive, part: str) -> dict[str, str]:
    """The files that a part of the document refers to, by the ids of its relationships."""
    folder, _, name = part.rpartition("/")
    path = f"{folder}/_rels/{name}.rels"
    relationships = xml_of(manuscript, archive.read(path)) if archive.has(path) else ()
    return {element.get("Id") or "": element.get("Target") or "" for element in relationships}


def _side(extent: Any, name: str) -> int:
    """A side of a drawing in CSS pixels; 0 if it has none."""
    value = (extent.get(name) or "") if extent is not None else ""
    return round(int(value) / _EMU) if value.isascii() and value.isdigit() else 0


def _set_image_sizes(body: Element) -> None:
    """Gives images the sizes that they have in Word, and removes the marks."""
    for image in body.iter("img"):
        if match := _SIZE_MARKS.search(image.get("alt") or ""):
            image.set("width", match[1])
            image.set("height", match[2])
            image.set("alt", _SIZE_MARKS.sub("", image.get("alt")))
            if not image.get("alt"):
                del image.attrib["alt"]


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
            manuscript.remove(_IN_HEADER, text)
            block.drop_tree()
        elif day and date is None and not re.search(r"[^\W\d_]", rest):
            date = day
            manuscript.remove(_IN_HEADER, text)
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

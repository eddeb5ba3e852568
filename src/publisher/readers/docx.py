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
_UNSUPPORTED = re.compile(rb"oMath|:fldSimple|:bdo|:dir\b|:ruby\b|:br [^>]*type|:vanish|:drawing|:numPr")
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_HEADER_WORDS, _HEADER_BLOCKS = 20, 4  # the most words of a headline or byline; the blocks at the start that are searched
_FORMULA_MARK = "\ue000{}\ue001"  # private-use characters: in place of a formula
_NUMBERING = "word/numbering.xml"
_NUMBER_MARK = "\ue002{}\ue003"  # before a list item: its number in Word
_NUMBER_MARKS = re.compile("\ue002(\\d+)\ue003")
_FORMULA_MARKS = re.compile("\ue000(\\d+)\ue001")


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """One article. Raises PublisherError if the file is broken or encrypted or has no text."""
    archive = Archive(manuscript)
    data, formulas = _prepare(manuscript, archive)
    html = _FORMULA_MARKS.sub(lambda match: formulas[int(match[1])], _html(manuscript, data))
    page = lxml.html.document_fromstring(html or "<p></p>")
    body = page.find("body")
    _set_list_starts(body)
    if not text_content(body) and body.find(".//img") is None:
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, "the document has no text")
    _attach_captions(body)
    _report_comments(manuscript, archive)
    header = _extract_header(body)
    markup = "".join(lxml.html.tostring(element, encoding="unicode") for element in body)
    return (Article(header.merged(_properties(manuscript, archive, header)), parse(markup)),)


def _html(manuscript: Manuscript, data: bytes) -> str:
    import mammoth

    def attributes(image: Any) -> dict[str, str]:
        with image.open() as file:
            return {"src": data_uri(file.read(), image.content_type or "image/png")}

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
    """The document in a form that mammoth reads completely, with a mark in place of each formula; and the formulas as markup."""
    formulas: list[str] = []
    changed = {}
    for name in filter(archive.has, _PARTS):
        source = archive.read(name)
        check_elements(manuscript, source, name)
        if _UNSUPPORTED.search(source):
            root = xml_of(manuscript, source)
            _convert_unsupported(manuscript, root)
            _extract_formulas(manuscript, root, formulas)
            if archive.has(_NUMBERING):
                _mark_numbers(root, xml_of(manuscript, archive.read(_NUMBERING)))
            changed[name] = lxml.etree.tostring(root)
    if not changed:
        return manuscript.data, []
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as result:
        for name in archive.names:
            result.writestr(name, changed.get(name) or archive.read(name))
    return buffer.getvalue(), formulas


def _convert_unsupported(manuscript: Manuscript, root: Any) -> None:
    """Converts what mammoth ignores: simple fields, text directions, ruby texts and page breaks in paragraphs.

    Hidden text is removed; a drawing without an image is left out and reported.
    """
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
                run.getparent().remove(run)
        elif name == "drawing" and not any(local_name(part) in ("blip", "txbxContent") for part in element.iter()):
            alt = next(
                (part.get("descr") or part.get("title") or "" for part in element.iter() if local_name(part) == "docPr"), ""
            )
            text = f"a chart or drawing of the Word document is left out{f': {alt}' if alt else ''}"
            manuscript.report(Code.EMBEDDED_LEFT_OUT, text, hint="save it as an image and put the image in its place")


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


def _extract_formulas(manuscript: Manuscript, root: Any, formulas: list[str]) -> None:
    """Appends the markup of each formula to `formulas`, and puts a mark in its place."""
    for math in [element for element in root.iter() if local_name(element) == "oMath"]:
        parent = math.getparent()
        run = lxml.etree.Element(f"{{{_W}}}r")
        lxml.etree.SubElement(run, f"{{{_W}}}t").text = _FORMULA_MARK.format(len(formulas))
        run.tail, math.tail = math.tail, None
        formulas.append(formula_image(manuscript, mathml(math), text_at(math), display=local_name(parent) == "oMathPara"))
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


def _report_comments(manuscript: Manuscript, archive: Archive) -> None:
    if not archive.has("word/comments.xml"):
        return
    count = sum(local_name(element) == "comment" for element in xml_of(manuscript, archive.read("word/comments.xml")))
    if count:
        text = f"{count} comment{'s' if count > 1 else ''} of the document left out"
        manuscript.report(Code.COMMENTS_LEFT_OUT, text)


def _extract_header(body: Element) -> Metadata:
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
            block.drop_tree()
        elif day and date is None and not re.search(r"[^\W\d_]", rest):
            date = day
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

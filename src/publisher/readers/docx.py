"""Word files through mammoth with a style map of ours; Office math drawn, captions at their figures, comments out with a note."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import lxml.etree
import lxml.html

from publisher.input.archives import Archive
from publisher.input.html_elements import Element, text_content
from publisher.input.manuscript import Manuscript
from publisher.input.omml import mathml
from publisher.input.snippets import data_uri, formula_image
from publisher.input.xml import child, children, local_name, text_at, xml_of
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
_UNREAD = re.compile(rb"oMath|:fldSimple|:bdo|:dir\b|:ruby\b|:br [^>]*type|:vanish|:drawing|:numPr")
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_HEADLINE, _NEAR = 20, 4  # words of a headline or a byline, blocks among which it is looked for
_HOLE = "\ue000{}\ue001"  # private characters: where a formula was taken out
_NUMBERING = "word/numbering.xml"
_MARK = "\ue002{}\ue003"  # before an item: its number in Word
_MARKS = re.compile("\ue002(\\d+)\ue003")
_HOLES = re.compile("\ue000(\\d+)\ue001")


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """One article. Raises PublisherError where the file is broken, encrypted, or holds no words."""
    archive = Archive(manuscript)
    data, formulas = _prepared(manuscript, archive)
    html = _HOLES.sub(lambda found: formulas[int(found[1])], _converted(manuscript, data))
    page = lxml.html.document_fromstring(html or "<p></p>")
    body = page.find("body")
    _start_lists(body)
    if not text_content(body) and body.find(".//img") is None:
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, "the document holds no text")
    _captions(body)
    _complain_of_comments(manuscript, archive)
    seen = _header(body)
    markup = "".join(lxml.html.tostring(one, encoding="unicode") for one in body)
    return (Article(seen.merged(_properties(manuscript, archive, seen)), parse(markup)),)


def _converted(manuscript: Manuscript, data: bytes) -> str:
    import mammoth

    def written(image: Any) -> dict[str, str]:
        with image.open() as file:
            return {"src": data_uri(file.read(), image.content_type or "image/png")}

    try:
        result = mammoth.convert_to_html(io.BytesIO(data), style_map=_STYLES, convert_image=mammoth.images.img_element(written))
    except Exception as problem:  # it raises whatever its parts raise on a broken document
        raise manuscript.error(
            Code.WORD, f"not a Word document that can be read: {problem}", hint="open it in Word and save it again"
        ) from None
    for message in result.messages:
        if message.type == "error":
            manuscript.report(Code.WORD, f"in the Word document: {message.message}")
    return str(result.value)


def _prepared(manuscript: Manuscript, archive: Archive) -> tuple[bytes, list[str]]:
    """The document as mammoth reads it whole, a mark in place of each formula, and the formulas as markup."""
    drawn: list[str] = []
    changed = {}
    for name in _PARTS:
        source = archive.read(name) if archive.has(name) else b""
        if _UNREAD.search(source):
            root = xml_of(manuscript, source)
            _open_fields(manuscript, root)
            _take_out_formulas(manuscript, root, drawn)
            if archive.has(_NUMBERING):
                _number(root, xml_of(manuscript, archive.read(_NUMBERING)))
            changed[name] = lxml.etree.tostring(root)
    if not changed:
        return manuscript.data, []
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name in archive.names:
            made.writestr(name, changed.get(name) or archive.read(name))
    return buffer.getvalue(), drawn


def _open_fields(manuscript: Manuscript, root: Any) -> None:
    """What mammoth passes over: simple fields, directions, readings, page breaks within a paragraph; hidden text goes."""
    for element in [
        one for one in root.iter() if local_name(one) in ("fldSimple", "bdo", "dir", "ruby", "br", "vanish", "drawing")
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
        elif name == "drawing" and not any(local_name(one) in ("blip", "txbxContent") for one in element.iter()):
            told = next((one.get("descr") or one.get("title") or "" for one in element.iter() if local_name(one) == "docPr"), "")
            what = f"a chart or drawing of the Word document is left out{f': {told}' if told else ''}"
            manuscript.report(Code.EMBEDDED_LEFT_OUT, what, hint="save it as a picture and put that in its place")


def _number(root: Any, numbering: Any) -> None:
    """Puts a mark with its number before each numbered item: mammoth begins every list at 1, Word goes on where it left off."""
    kinds = {one.get(f"{{{_W}}}abstractNumId"): one for one in numbering if local_name(one) == "abstractNum"}
    lists = {one.get(f"{{{_W}}}numId"): one for one in numbering if local_name(one) == "num"}
    counts: dict[tuple[str, int], int] = {}
    begun: set[str] = set()
    for paragraph in [one for one in root.iter() if local_name(one) == "p"]:
        own = child(paragraph, "pPr", "numPr")
        number, depth = _value(child(own, "numId")), _count(child(own, "ilvl"), 0)
        kind = _value(child(lists.get(number), "abstractNumId"))
        level = next((one for one in children(kinds.get(kind), "lvl") if one.get(f"{{{_W}}}ilvl") == str(depth)), None)
        if level is None or _value(child(level, "numFmt")) == "bullet":
            continue
        again = [one for one in children(lists[number], "lvlOverride") if one.get(f"{{{_W}}}ilvl") == str(depth)]
        first = next((start for one in again if (start := _count(child(one, "startOverride"), 0))), 0)
        if (kind, depth) not in counts or (first and number not in begun):
            counts[kind, depth] = (first or _count(child(level, "start"), 1)) - 1
        begun.add(number)
        counts[kind, depth] += 1
        for deeper in [key for key in counts if key[0] == kind and key[1] > depth]:
            del counts[deeper]
        run = lxml.etree.Element(f"{{{_W}}}r")
        lxml.etree.SubElement(run, f"{{{_W}}}t").text = _MARK.format(counts[kind, depth])
        own.getparent().addnext(run)


def _value(element: Any) -> str:
    return str(element.get(f"{{{_W}}}val") or "") if element is not None else ""


def _count(element: Any, default: int) -> int:
    text = _value(element)
    return int(text) if text.isascii() and text.isdigit() else default


def _start_lists(body: Element) -> None:
    """Lists begin at the number of their first item; the marks go."""
    for listing in body.iter("ol"):
        first = _MARKS.match(text_content(listing))
        if first and first[1] != "1":
            listing.set("start", first[1])
    for element in body.iter():
        element.text = _MARKS.sub("", element.text) if element.text else element.text
        element.tail = _MARKS.sub("", element.tail) if element.tail else element.tail


def _take_out_formulas(manuscript: Manuscript, root: Any, drawn: list[str]) -> None:
    for math in [one for one in root.iter() if local_name(one) == "oMath"]:
        parent = math.getparent()
        run = lxml.etree.Element(f"{{{_W}}}r")
        lxml.etree.SubElement(run, f"{{{_W}}}t").text = _HOLE.format(len(drawn))
        run.tail, math.tail = math.tail, None
        drawn.append(formula_image(manuscript, mathml(math), text_at(math), display=local_name(parent) == "oMathPara"))
        if local_name(parent) == "oMathPara":
            parent.addprevious(run)
            parent.remove(math)
        else:
            parent.replace(math, run)


def _captions(body: Element) -> None:
    """A caption goes to the picture or the table in front of it, else to the table behind it."""
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


def _complain_of_comments(manuscript: Manuscript, archive: Archive) -> None:
    if not archive.has("word/comments.xml"):
        return
    count = sum(local_name(one) == "comment" for one in xml_of(manuscript, archive.read("word/comments.xml")))
    if count:
        what = f"{count} comment{'s' if count > 1 else ''} of the Word document left out"
        manuscript.report(Code.COMMENTS_LEFT_OUT, what)


def _header(body: Element) -> Metadata:
    """What the first lines say without a style that says so: a line all bold is the headline, lines under it byline and day."""
    first = next(iter(body), None)
    if (
        first is not None
        and first.tag == "p"
        and body.find(".//h1") is None
        and 0 < len(text_content(first).split()) <= _HEADLINE
    ):
        bold = "".join(text_content(one) for one in first.iterchildren("strong"))
        first.tag = "h1" if bold and bold.split() == text_content(first).split() and bold[-1] not in ".:;" else "p"
        for strong in list(first.iterchildren("strong")) if first.tag == "h1" else ():
            strong.drop_tag()
    authors: list[str] = []
    written = None
    for block in list(body)[1:_NEAR]:
        text = text_content(block)
        day, rest = date_in(text)
        if block.tag != "p" or len(text.split()) > _HEADLINE or not text:
            break
        if names := names_after_by(rest):
            authors, written = authors or names, written or day
            block.drop_tree()
        elif day and written is None and not re.search(r"[^\W\d_]", rest):
            written = day
            block.drop_tree()
    return Metadata(authors=tuple(authors), date=written)


def _properties(manuscript: Manuscript, archive: Archive, seen: Metadata) -> Metadata:
    """The file's own properties (docProps/core.xml); they are often those of a template, and what of them is used is said."""
    if not archive.has("docProps/core.xml"):
        return Metadata()
    core = xml_of(manuscript, archive.read("docProps/core.xml"))
    found = Metadata(
        authors=tuple(split_names(text_at(core, "creator"))),
        date=day_of(text_at(core, "created")),
        lang=text_at(core, "language"),
        description=text_at(core, "description"),
    )
    for field, value in (("authors", ", ".join(found.authors)), ("date", found.date)):
        if value and not getattr(seen, field) and not getattr(manuscript.given, field):
            hint = "say it in the manifest or a sidecar where it is wrong"
            manuscript.report(Code.METADATA_GUESSED, f"{field}: {value}, a guess from the file's properties", hint=hint)
    return found

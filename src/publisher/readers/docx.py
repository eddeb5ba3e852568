"""Word files through mammoth with a style map of ours; Office math drawn, captions at their figures, comments out with a note."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import lxml.etree
import lxml.html

from publisher.archives import Archive
from publisher.article import Article
from publisher.bylines import day_of, split_names
from publisher.diagnostics import Severity
from publisher.extraction.leaves import Element, text_of
from publisher.fragments import data_uri, local, said, xml_of
from publisher.manuscript import Manuscript
from publisher.markup import parse
from publisher.mathematics import Unreadable, from_mathml
from publisher.metadata import Metadata
from publisher.omml import mathml

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
_DOCUMENT = "word/document.xml"
_HOLE = "\ue000{}\ue001"  # private characters: where a formula was taken out
_HOLES = re.compile("\ue000(\\d+)\ue001")


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """One article. Raises PublisherError where the file is broken, encrypted, or holds no words."""
    archive = Archive(manuscript)
    data, formulas = _without_formulas(manuscript, archive)
    html = _HOLES.sub(lambda found: formulas[int(found[1])], _converted(manuscript, data))
    page = lxml.html.document_fromstring(html or "<p></p>")
    body = page.find("body")
    if not text_of(body) and body.find(".//img") is None:
        raise manuscript.refuse("the document holds no text", "manuscript-empty")
    _captions(body)
    _complain_of_comments(manuscript, archive)
    markup = "".join(lxml.html.tostring(one, encoding="unicode") for one in body)
    return (Article(_metadata(manuscript, archive), parse(markup)),)


def _converted(manuscript: Manuscript, data: bytes) -> str:
    import mammoth

    def written(image: Any) -> dict[str, str]:
        with image.open() as file:
            return {"src": data_uri(file.read(), image.content_type or "image/png")}

    try:
        result = mammoth.convert_to_html(io.BytesIO(data), style_map=_STYLES, convert_image=mammoth.images.img_element(written))
    except Exception as problem:  # it raises whatever its parts raise on a broken document
        raise manuscript.refuse(
            f"not a Word document that can be read: {problem}", "docx", hint="open it in Word and save it again"
        ) from None
    for message in result.messages:
        if message.type == "error":
            manuscript.complain(Severity.WARNING, f"in the Word document: {message.message}", "docx")
    return str(result.value)


def _without_formulas(manuscript: Manuscript, archive: Archive) -> tuple[bytes, list[str]]:
    """The document with a mark in place of each formula, which mammoth would drop, and the formulas as markup."""
    source = archive.read(_DOCUMENT)
    if b"oMath" not in source:
        return manuscript.data, []
    root = xml_of(manuscript, source)
    drawn: list[str] = []
    space = root.nsmap.get("w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main")
    for formula in [one for one in root.iter() if local(one) == "oMath"]:
        parent = formula.getparent()
        run = lxml.etree.Element(f"{{{space}}}r")
        lxml.etree.SubElement(run, f"{{{space}}}t").text = _HOLE.format(len(drawn))
        run.tail, formula.tail = formula.tail, None
        drawn.append(_drawn(manuscript, formula, local(parent) == "oMathPara"))
        if local(parent) == "oMathPara":
            parent.addprevious(run)
            parent.remove(formula)
        else:
            parent.replace(formula, run)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name in archive.names:
            made.writestr(name, lxml.etree.tostring(root) if name == _DOCUMENT else archive.read(name))
    return buffer.getvalue(), drawn


def _drawn(manuscript: Manuscript, formula: Any, display: bool) -> str:
    from html import escape

    alt = said(formula)
    try:
        return from_mathml(mathml(formula), alt, display)
    except Unreadable as problem:
        manuscript.complain(
            Severity.WARNING, f"a formula cannot be drawn: {problem}", "math-unreadable", hint="its words are kept"
        )
        return escape(alt)


def _captions(body: Element) -> None:
    """A caption goes to the picture or the table in front of it, else to the table behind it."""
    for caption in list(body.iter("figcaption")):
        before, after = caption.getprevious(), caption.getnext()
        if before is not None and before.tag == "p" and before.find(".//img") is not None and not text_of(before):
            before.tag = "figure"
            for image in before.iter("img"):
                image.set("alt", image.get("alt") or text_of(caption))
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
    count = sum(local(one) == "comment" for one in xml_of(manuscript, archive.read("word/comments.xml")))
    if count:
        what = f"{count} comment{'s' if count > 1 else ''} of the Word document left out"
        manuscript.complain(Severity.NOTE, what, "comments-left-out")


def _metadata(manuscript: Manuscript, archive: Archive) -> Metadata:
    """The document's own properties (docProps/core.xml); its title in the text, if it has one, goes before."""
    if not archive.has("docProps/core.xml"):
        return Metadata()
    core = xml_of(manuscript, archive.read("docProps/core.xml"))
    author = said(core, "creator")
    return Metadata(
        authors=tuple(split_names(author)),
        date=day_of(said(core, "created")),
        lang=said(core, "language"),
        description=said(core, "description"),
    )

"""The vocabulary of a normalized article: all elements, attributes, classes and roles that it may have.

An article is `article > header, div.body, section.notes?`. Readers and authors may use the elements of
ELEMENTS inside the body and the classes of AUTHOR_CLASSES; passes add the rest. docs/reference.md
describes this table in prose.
"""

from __future__ import annotations

from functools import cache

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
BLOCKS = HEADINGS | {"p", "ul", "ol", "dl", "blockquote", "pre", "table", "figure", "hr", "aside"}
INLINES = frozenset(
    [
        "a",
        "em",
        "strong",
        "b",
        "i",
        "u",
        "s",
        "del",
        "ins",
        "sub",
        "sup",
        "small",
        "mark",
        "abbr",
        "cite",
        "dfn",
        "q",
        "code",
        "kbd",
        "samp",
        "var",
        "span",
        "br",
        "wbr",
        "img",
        "bdi",
        "ruby",
        "rt",
        "rp",
    ]
)
PARTS = frozenset(["li", "dt", "dd", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "td", "th", "figcaption"])
ELEMENTS = BLOCKS | INLINES | PARTS

COMMON_ATTRIBUTES = frozenset({"id", "class", "lang", "dir", "title"})
ATTRIBUTES: dict[str, frozenset[str]] = {
    "a": frozenset({"href", "role"}),
    "aside": frozenset({"role"}),
    "span": frozenset({"role", "aria-label"}),
    "img": frozenset({"src", "alt", "width", "height"}),
    "ol": frozenset({"start", "reversed", "type"}),
    "li": frozenset({"value"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan", "scope"}),
    "col": frozenset({"span"}),
    "colgroup": frozenset({"span"}),
}

# Classes that authors may use, and their meaning. Other classes are removed.
AUTHOR_CLASSES = {
    "key": "key figures, beside the text or in a box",
    "summary": "the article in a few sentences, in a box",
    "changed": "what changed since the last edition",
    "auto": "of such a box: the edition fills it, from its last release",
    "pull": "a pull quote",
    "credit": "who reported, edited or photographed",
    "standfirst": "the sentence under the headline",
    "byline": "who wrote it",
    "dateline": "where and when it was filed",
    "end": "aligned to the end: numbers in tables",
    "center": "centered: cells in tables",
    "lead": "the first paragraph, set apart",
}
# Kinds of boxes whose title publisher sets in the language of the article; each is a term of text/terms.py.
ALERTS = ("note", "tip", "important", "warning", "caution")
# Classes that passes add.
HOUSE_CLASSES = {
    "alert": "a box that its author marked as one of ALERTS",
    "messages": "a box of key messages: sentences, where others have figures",
    **{f"alert-{kind}": f"the kind of such a box: {kind}" for kind in ALERTS},
    "alert-title": "its title, in words",
    "noteref": "a link to a note: the number in the text",
    "parting": "the comma between two such links side by side",
    "note": "a note, in section.notes",
    "backlink": "the link from a note back to its reference",
    "source": "a note that names a source (every outside link, and the article's own)",
    "compact": "notes that are grouped by site: an article with very many links",
    "site": "the name of a site, above its notes",
    "missing-image": "a placeholder with the alt text of an image that could not be read",
    "sized": "an image whose author set its size",
    "player": "a link in place of a video or audio on another site",
    "post": "the line with author and time of a post in a thread",
    "task": "an item of a task list",
    "done": "a task that is done",
    "math": "a formula, drawn; its alt text is the formula as one line of text",
    "display": "a formula on a line of its own",
    "cites": "a note that cites entries of a citation library",
    "cluster": "a citation as its author typed it; each becomes a note, or a place in a note",
    "small-caps": "small capitals, in a citation",
    "normal-caps": "no small capitals, within small capitals",
    "upright": "not italic, within italics",
    "normal-weight": "not bold, within bold",
    "underline": "underlined, in a citation",
    "code-keyword": "a keyword, in code whose language is named",
    "code-name": "the name of a function, class or attribute",
    "code-string": "a string",
    "code-number": "a number",
    "code-comment": "a comment",
}
CLASSES = AUTHOR_CLASSES.keys() | HOUSE_CLASSES.keys()

# Elements of other vocabularies and their replacements.
RENAMED = {
    "strike": "s",
    "tt": "code",
    "big": "span",
    "center": "div",
    "font": "span",
    "acronym": "abbr",
    "listing": "pre",
    "xmp": "pre",
    "dir": "ul",
    "menu": "ul",
    "time": "span",
    "bdo": "span",
    "details": "div",
    "summary": "p",
}
# Elements that only group: they are unwrapped, their content stays.
TRANSPARENT = frozenset(
    ["div", "section", "article", "main", "header", "footer", "nav", "form", "fieldset", "address", "hgroup", "picture", "center"]
)
# Elements whose content is not part of the article: they are removed with it.
DROPPED = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "iframe",
        "object",
        "embed",
        "video",
        "audio",
        "canvas",
        "svg",
        "math",
        "button",
        "select",
        "input",
        "textarea",
    ]
)


@cache
def allowed_attributes(tag: str) -> frozenset[str]:
    """The attributes that `tag` may carry in a normalized article."""
    return COMMON_ATTRIBUTES | ATTRIBUTES.get(tag, frozenset())

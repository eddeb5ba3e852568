"""What citeproc-js writes, through our own door into our vocabulary: emphasis, small capitals, links that may break."""

from __future__ import annotations

import re

from publisher.model.markup import attribute, parse, root_of, tags, xhtml
from publisher.text.standard_style import breakable

# Spans of citeproc-js by their style, and our classes; other styles say that nothing is special.
_SPAN = re.compile(r'<span style="([^"]*)">')
_CLASSES = {
    "font-variant:small-caps;": "small-caps",
    "font-variant:normal;": "normal-caps",
    "font-style:normal;": "upright",
    "font-weight:normal;": "normal-weight",
    "text-decoration:underline;": "underline",
}
_LABEL = re.compile(r'\s*<div class="csl-left-margin">(.*?)</div>', re.DOTALL)
_BLOCK = re.compile(r'\s*<div class="csl-(?:block|indent)">\s*(.*?)\s*</div>\s*', re.DOTALL)
_DIVISION = re.compile(r"</?div[^>]*>")
_SPACES = re.compile(r"[ \t\n]+")


def inline(html: str) -> str:
    """Inline XHTML of what citeproc-js writes for one place; sanitized as all markup that comes in."""
    classed = _SPAN.sub(lambda match: f'<span class="{_CLASSES[match[1]]}">' if match[1] in _CLASSES else "<span>", html)
    if "<" not in classed and "&" not in classed:
        return classed
    root = root_of(parse(classed))
    for link in tags(root, ("a",)):
        text = link.get_text()
        if attribute(link, "href") and text:
            link.clear()
            for node in list(root_of(parse(breakable(text))).children):
                link.append(node.extract())
        elif not attribute(link, "href"):
            link.unwrap()
    for span in tags(root, ("span",)):
        if not span.attrs:
            span.unwrap()
    return xhtml(root.contents)


def entry(html: str) -> tuple[str, str]:
    """An entry of the bibliography as its label, such as `[1]`, and its text, both inline XHTML."""
    match = _LABEL.search(html)
    label = inline(match[1].strip()) if match else ""
    rest = html[match.end() :] if match else html
    text = _DIVISION.sub("", _BLOCK.sub(r"<br>\1", rest)).strip()
    return label, inline(_SPACES.sub(" ", text).removeprefix("<br>").strip())

"""Colors code whose language is named: the text stays the same, `span`s mark the kinds of tokens (Pygments)."""

from __future__ import annotations

import re

from bs4 import Tag
from bs4.element import NavigableString

from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.markup import attribute, tags

_LANGUAGE = re.compile(r"(?:^|\s)(?:language|lang|highlight-source|brush:?)[- ]([\w+#.-]+)")
# Token kinds of Pygments and our classes (vocabulary.py). The first kind that fits is used.
_TOKEN_CLASSES = (
    ("Comment", "code-comment"),
    ("Literal.String", "code-string"),
    ("Literal.Number", "code-number"),
    ("Keyword", "code-keyword"),
    ("Operator.Word", "code-keyword"),
    ("Name.Function", "code-name"),
    ("Name.Class", "code-name"),
    ("Name.Tag", "code-keyword"),
    ("Name.Attribute", "code-name"),
    ("Generic.Inserted", "code-string"),
    ("Generic.Deleted", "code-comment"),
)


def apply(article: Article, manuscript: Manuscript) -> Article:
    """The article with `span`s in every `pre` that names a language known to Pygments."""
    for block in tags(article.root, ("pre",)):
        code = next((child for child in block.children if isinstance(child, Tag) and child.name == "code"), block)
        match = _LANGUAGE.search(f"{attribute(code, 'class')} {attribute(block, 'class')}")
        if match and not any(isinstance(child, Tag) for child in code.children):
            _color(article, code, match[1])
    return article


def _color(article: Article, code: Tag, language: str) -> None:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language.lower(), stripnl=False, ensurenl=False)
    except ClassNotFound:
        return
    text = code.get_text()
    tokens = list(lexer.get_tokens(text))
    if "".join(value for _, value in tokens) != text:  # a lexer that changes its input (line ends, tabs)
        return
    code.clear()
    for token, value in tokens:
        token_name = str(token).removeprefix("Token.")
        css_class = next((name for kind, name in _TOKEN_CLASSES if token_name.startswith(kind)), "")
        if css_class and value.strip():
            span = article.tree.new_tag("span", attrs={"class": css_class})
            span.string = value
            code.append(span)
        else:
            code.append(NavigableString(value))
    code.smooth()

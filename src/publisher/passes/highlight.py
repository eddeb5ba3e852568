"""Code whose language is named is colored: the words stay, spans say what each is (Pygments)."""

from __future__ import annotations

import re

from bs4 import Tag
from bs4.element import NavigableString

from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.markup import attribute, tags

_LANGUAGE = re.compile(r"(?:^|\s)(?:language|lang|highlight-source|brush:?)[- ]([\w+#.-]+)")
# Pygments' kinds of token, the first that fits, and our classes (vocabulary.py).
_KINDS = (
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
    """The article with `span`s in every `pre` that names a language which Pygments knows."""
    for block in tags(article.root, ("pre",)):
        code = next((one for one in block.children if isinstance(one, Tag) and one.name == "code"), block)
        named = _LANGUAGE.search(f"{attribute(code, 'class')} {attribute(block, 'class')}")
        if named and not any(isinstance(child, Tag) for child in code.children):
            _color(article, code, named[1])
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
        name = str(token).removeprefix("Token.")
        kind = next((ours for theirs, ours in _KINDS if name.startswith(theirs)), "")
        if kind and value.strip():
            span = article.tree.new_tag("span", attrs={"class": kind})
            span.string = value
            code.append(span)
        else:
            code.append(NavigableString(value))
    code.smooth()

"""The classes by which pages name the parts of a listing, and the language of its code.

Of Prism, highlight.js, Pygments, Rouge, Shiki, SyntaxHighlighter, Crayon, Chroma, GitHub, GitLab, and site generators with them.
"""

from __future__ import annotations

import re

from publisher.input.html_elements import Element


def _names(*names: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|[\s_-])(?:{'|'.join(names)})(?=$|[\s_-])", re.IGNORECASE)


NUMBERS = _names(
    "linenos?",
    "lineno(?:div|table)?",
    r"line-?numbers?(?:-(?:rows|wrapper))?",
    r"linenumber\w*",
    "ln(?:-num)?",
    "lnt",
    "gutter",
    "blob-num",
    r"hljs-ln-n\w*",
    "rouge-gutter",
    "gl",
    "crayon-nums",
)
CODE_CELL = _names("blob-code", "code", "hljs-ln-code", "rouge-code", "crayon-code", "line_content")
CONTROLS = _names(
    "toolbar",
    r"copy\w*",
    r"clipboard\w*",
    r"\w*copybtn",
    "btn",
    "buttons?",
    r"buttonGroup\w*",
    r"code-?(?:block-?)?(?:header|actions?|lang\w*|toolbar|info)",
    "crayon-(?:info|plain-wrap)",
    "lang(?:uage)?",
)
TITLE = _names(r"(?:code-?(?:block-?)?)?(?:title|caption|file-?name)\w*", r"codeBlockTitle\w*")
HEADER = _names("code-?header")
LABEL = _names(r"lang(?:uage)?", r"code-?(?:block-?)?lang\w*", "toolbar-item")
COPY = _names("copy", "copybtn", r"clipboard\w*", r"copy-?(?:to-?clipboard|code|button|btn)(?:-button)?")
LINE = _names("line", "code-?line", "view-line", "token-line", "cl", "row", "ec-line", "crayon-line", "cm-line", "ace_line")
_NOT_LANGUAGES = (
    r"(?!(?:text|plain\w*|default|none|toolbar|source|wrapper|container|table|block|body|inner|lines?|nohighlight|auto|hljs|highlight"
    r"|nogutter|shiki|syntax\w*|chroma|line-numbers\S*|code\S*|notranslate|ie|numberLines|js-\S*|tab-size)(?=[\s;]|$))"
)
_LANGUAGE = re.compile(
    r"(?:^|\s)(?:highlight-source-|highlight-|language-|lang-|type-|brush:\s*)" + _NOT_LANGUAGES + r"(\w[\w+#.-]*)"
    r"|(?:^|\s)(?:hljs|sourceCode|syntaxhighlighter|highlight|prettyprint)(?:\s+nogutter)?\s+"
    + _NOT_LANGUAGES
    + r"(\w[\w+#.]*)(?=\s|$)"
)
_ONLY_NUMBERS = re.compile(r"[\d\s+\-.…]*")
_LANGUAGE_ATTRIBUTES = ("data-lang", "data-language", "data-code-lang", "data-canonical-lang", "data-enlighter-language")


def has_only_numbers(element: Element) -> bool:
    """Whether an element has no other text than numbers, plus and minus signs; or no text."""
    return _ONLY_NUMBERS.fullmatch("".join(element.itertext())) is not None


def language_of(*elements: Element) -> str:
    """The language of a listing by the classes and attributes of `elements`, the first that names it; empty if none does."""
    for element in elements:
        if match := _LANGUAGE.search(f"{element.get('class') or ''} {element.get('data-syntaxhighlighter-params') or ''}"):
            return str(match[1] or match[2])
        for name in _LANGUAGE_ATTRIBUTES:
            if re.fullmatch(r"\w[\w+#.-]*", element.get(name) or ""):
                return str(element.get(name))
    return ""

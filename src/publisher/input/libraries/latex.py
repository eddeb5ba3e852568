"""The notation of texts in BibTeX: accents and other commands become characters, font commands the markup of CSL."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

_ELEMENTS = {
    "emph": "i", "textit": "i", "textsl": "i", "mkbibemph": "i", "textbf": "b", "mkbibbold": "b", "textsuperscript": "sup",
    "textsubscript": "sub", "mkbibsuperscript": "sup", "mkbibsubscript": "sub",
}  # fmt: skip
_LAST_ONLY = frozenset({"href", "foreignlanguage"})  # what stands before their last argument is no text
_TRANSPARENT = frozenset({"text", "textrm", "textsf", "texttt", "textnormal", "mbox", "url", "path", "uppercase"} | _LAST_ONLY)
_QUOTES = frozenset({"enquote", "mkbibquote"})
_SIGNS = {
    "TeX": "TeX", "LaTeX": "LaTeX", "BibTeX": "BibTeX", "textgreater": ">", "slash": "/", "textslash": "/",
}  # fmt: skip
_SPECIALS = {"~": "\u00a0", "--": "–", "---": "—", "``": "“", "''": "”", "&": "&", "#": "#"}
_MARKS = re.compile(r"[\\{}$~]|--|``|''")
_BARE_PERCENT = re.compile(r"(?<!\\)%")  # begins a comment in TeX; in a library it is a sign that was not escaped
_SCRIPT = re.compile(r"([\^_])\s*(\{[^{}]*\}|\\[a-zA-Z]+|[^\s{}\\])")
_SCRIPTS = {"^": "sup", "_": "sub"}
_SPACES = re.compile(r"[ \t\r\n]+")
_NOCASE = '<span class="nocase">'
_PART_OF_WORD = re.compile(rf"(\w*){_NOCASE}([^<]*)</span>(\w*)")  # {W}eirs: a style may raise the first letter behind the span


def text_of(value: str, protects_case: bool = False) -> str:
    """A field of BibTeX as text of CSL. With `protects_case`, what stands in braces keeps its case in all styles (`nocase`)."""
    value = _SPACES.sub(" ", value).strip()
    if not _MARKS.search(value):
        return value
    from pylatexenc.latexwalker import LatexWalker

    nodes = LatexWalker(_BARE_PERCENT.sub(r"\%", value), latex_context=_context(), tolerant_parsing=True).get_latex_nodes()[0]
    text = _PART_OF_WORD.sub(lambda match: f"{_NOCASE}{match[1]}{match[2]}{match[3]}</span>", _written(nodes, protects_case))
    return _SPACES.sub(" ", text).strip(" ")


def verbatim(value: str) -> str:
    """An address or identifier: escapes of TeX are undone, all else stays."""
    value = re.sub(r"\\(?:url|path)\s*\{(.*)\}", r"\1", value.strip())
    return re.sub(r"\\([_%&#$~{}])", r"\1", value).replace("{", "").replace("}", "").replace("\\", "").strip()


@cache
def _context() -> Any:
    from pylatexenc.latexwalker import get_default_latex_context_db
    from pylatexenc.macrospec import std_macro

    context = get_default_latex_context_db()
    names = [name for name in (*_ELEMENTS, *_QUOTES, "uppercase") if name.startswith("mkbib") or name in ("enquote", "uppercase")]
    macros = [std_macro(name, False, 1) for name in names] + [std_macro(name, False, 2) for name in sorted(_LAST_ONLY)]
    context.add_context_category("bibliography", macros=macros, prepend=True)
    return context


def _written(nodes: list[Any], protects_case: bool) -> str:
    return "".join(_node(node, protects_case) for node in nodes if node is not None)


def _node(node: Any, protects_case: bool) -> str:
    kind = type(node).__name__
    if kind == "LatexCharsNode":
        return str(node.chars)
    if kind == "LatexGroupNode":
        return _group(node, protects_case)
    if kind == "LatexSpecialsNode":
        return _SPECIALS.get(node.specials_chars, str(node.specials_chars))
    if kind == "LatexMathNode":
        return _math(node)
    if kind == "LatexMacroNode":
        return _macro(node, protects_case)
    return ""


def _group(node: Any, protects_case: bool) -> str:
    """A group in braces. One that begins with a command is a letter with an accent (BibTeX), and protects nothing."""
    nodes = node.nodelist
    is_command = bool(nodes) and type(nodes[0]).__name__ == "LatexMacroNode"
    inner = _written(nodes, False)
    return f"{_NOCASE}{inner}</span>" if protects_case and not is_command and inner.strip() else inner


def _macro(node: Any, protects_case: bool) -> str:
    arguments = [argument for argument in (node.nodeargd.argnlist if node.nodeargd else []) or [] if argument is not None]
    name = node.macroname
    inner = _unbraced(arguments[-1:], protects_case)
    if name in _ELEMENTS:
        return f"<{_ELEMENTS[name]}>{inner}</{_ELEMENTS[name]}>"
    if name in ("textsc", "mkbibacro"):
        return f'<span style="font-variant:small-caps;">{inner}</span>'
    if name in _QUOTES:
        return f"“{inner}”"
    if name in _TRANSPARENT:
        return inner
    if name in _SIGNS:
        return _SIGNS[name]
    from pylatexenc.latex2text import LatexNodes2Text

    text = str(LatexNodes2Text(keep_comments=False).node_to_text(node))
    return text if text or not inner else inner


def _unbraced(nodes: list[Any], protects_case: bool) -> str:
    """Arguments of a command without their braces, which protect nothing."""
    return "".join(
        _written(node.nodelist, protects_case) if type(node).__name__ == "LatexGroupNode" else _node(node, protects_case)
        for node in nodes
    )


def _math(node: Any) -> str:
    """A formula as text; what is raised or lowered is `<sup>` and `<sub>`."""
    from pylatexenc.latex2text import LatexNodes2Text

    formula = str(node.latex_verbatim()).strip("$")
    pieces = _SCRIPT.split(formula)  # texts, and between them a mark and what it raises or lowers
    if any(piece.count("{") != piece.count("}") for piece in pieces):  # a script inside an argument, such as that of a fraction
        pieces = [formula]
    texts = [str(LatexNodes2Text().latex_to_text(f"${piece}$")).strip() if piece.strip() else "" for piece in pieces]
    scripts = zip(pieces[1::3], texts[2::3], texts[3::3], strict=True)
    return texts[0] + "".join(f"<{_SCRIPTS[mark]}>{script}</{_SCRIPTS[mark]}>{text}" for mark, script, text in scripts)

"""Markdown: CommonMark with GFM tables, strikethrough, task lists and bare links; footnotes, definition lists, attributes,
fenced boxes (`::: key`), TeX math, front matter.

Footnotes leave here in the tree's own form (`a.noteref`, `aside.note`), uncalled ones too, so that nothing is lost.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, MutableMapping, Sequence
from functools import cache
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from publisher.input.html_pages import link_players
from publisher.input.manuscript import Manuscript
from publisher.model import vocabulary
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import parse
from publisher.model.metadata import Metadata, from_mapping
from publisher.text.mathematics import Unreadable, from_tex

_NESTING = 200  # markdown-it drops what nests deeper than its limit, and its default is 20 (FIELD_NOTES)
_ATTRIBUTES = re.compile(r"\s*\{((?:[#.][\w-]+\s*)+)\}\s*$")
_CALL = re.compile(r"\[\^([^\]\s]+)\](?!:)")


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """One article; the front matter is its metadata.

    Raises PublisherError where there is no text in it.
    """
    text = manuscript.text()
    env: dict[str, Any] = {}
    tokens = _parser().parse(text, env)
    metadata = _front_matter(manuscript, tokens)
    for token in tokens:
        for one in (token, *(token.children or ())):
            if one.type in ("html_block", "html_inline"):
                one.content = link_players(manuscript, one.content, token.map[0] + 1 if token.map else 0)
    html = _parser().renderer.render(tokens, _parser().options, env) + _inline_notes(env)
    for formula, why in env.get("unreadable", {}).items():
        line = manuscript.line_of(formula.strip()[:80])
        hint = "it stands as typed; formulas are TeX between dollar signs, and \\$ is a dollar sign"
        manuscript.report(Code.MATH_UNREADABLE, f"a formula cannot be drawn: {why}", line=line, hint=hint)
    _complain_of_calls(manuscript, tokens)
    return (Article(metadata, parse(html)),)


@cache
def _parser() -> MarkdownIt:
    from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin
    from mdit_py_plugins.container import container_plugin
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.front_matter import front_matter_plugin
    from mdit_py_plugins.tasklists import tasklists_plugin

    parser = MarkdownIt("commonmark", {"maxNesting": _NESTING, "html": True, "linkify": True}, renderer_cls=_Renderer)
    parser.enable(["table", "strikethrough", "linkify"])
    allowed = parser.validateLink
    parser.validateLink = lambda url: url.startswith("data:image/svg+xml") or allowed(url)  # type: ignore[method-assign]
    assert parser.linkify is not None
    parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False})
    parser.use(front_matter_plugin).use(footnote_plugin).use(deflist_plugin).use(tasklists_plugin)
    parser.use(attrs_plugin, spans=True).use(attrs_block_plugin)
    parser.use(container_plugin, name="box", validate=lambda info, _: bool(_box_class(info)), render=_box)
    parser.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False, allow_blank_lines=False)
    parser.core.ruler.push("heading_attributes", _heading_attributes)
    parser.disable("footnote_tail")  # it would drop the notes that nobody calls
    for rule, render in (
        ("footnote_ref", _note_call),
        ("footnote_reference_open", _note_open),
        ("footnote_reference_close", _note_close),
        ("math_inline", _formula),
        ("math_block", _formula),
        ("image", _picture),
    ):
        parser.add_render_rule(rule, render)  # notes in the form of the tree, instead of the plugin's
    return parser


def _heading_attributes(state: Any) -> None:
    """`# Heading {#id .class}`, as pandoc has it."""
    for opening, inline in itertools.pairwise(state.tokens):
        last = inline.children[-1] if opening.type == "heading_open" and inline.children else None
        found = _ATTRIBUTES.search(last.content) if last is not None and last.type == "text" else None
        if last is not None and found:
            last.content = last.content[: found.start()]
            for one in found[1].split():
                if one[0] == "#":
                    opening.attrSet("id", one[1:])
                else:
                    opening.attrJoin("class", one[1:])


class _Renderer(RendererHTML):
    """Task boxes as classes; table alignment as classes instead of styles."""

    def td_open(self, tokens: list[Token], index: int, *_: Any) -> str:
        token = tokens[index]
        side = {"text-align:right": "end", "text-align:center": "center"}.get(str(token.attrs.get("style", "")))
        return f'<{token.tag} class="{side}">' if side else f"<{token.tag}>"

    th_open = td_open

    def html_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        content = tokens[idx].content
        if content.startswith('<input class="task-list-item-checkbox"'):
            return f'<span class="task{" done" if "checked" in content else ""}">{"☑" if "checked" in content else "☐"}</span>'
        return content


def _box_class(info: str) -> str:
    """The class that a fence names, `::: key` or `::: {.key}`; empty where it is none that an author may use."""
    name = info.strip().removeprefix("{.").removesuffix("}").strip()
    return name if name in vocabulary.AUTHOR_CLASSES else ""


def _box(_: Any, tokens: list[Token], index: int, *__: Any) -> str:
    opened = (
        one for one in reversed(tokens[: index + 1]) if one.type == "container_box_open" and one.level == tokens[index].level
    )
    opening = next(opened)
    element = "blockquote" if _box_class(opening.info) == "pull" else "aside"
    return f'<{element} class="{_box_class(opening.info)}">\n' if tokens[index].nesting == 1 else f"</{element}>\n"


def _formula(_: Any, tokens: list[Token], index: int, __: Any, env: MutableMapping[str, Any]) -> str:
    token, display = tokens[index], tokens[index].type == "math_block"
    try:
        image = from_tex(token.content, display)
    except Unreadable as problem:
        env.setdefault("unreadable", {})[token.content] = str(problem)
        return escape(f"{token.markup}{token.content}{token.markup}")
    return f"<p>{image}</p>\n" if display else image


def _picture(renderer: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
    """An image; without an alt text it has no alt, as in HTML: an empty one would say that it shows nothing."""
    token = tokens[index]
    alt = renderer.renderInlineAsText(token.children, options, env) if token.children else ""
    token.attrs = {name: value for name, value in token.attrs.items() if name != "alt" or alt} | ({"alt": alt} if alt else {})
    return renderer.renderToken(tokens, index, options, env)


def _note_call(_: Any, tokens: list[Token], index: int, *__: Any) -> str:
    return f'<a class="noteref" href="#{_key(tokens[index].meta)}">*</a>'


def _note_open(_: Any, tokens: list[Token], index: int, *__: Any) -> str:
    return f'<aside class="note" id="{_key(tokens[index].meta)}">'


def _note_close(*_: Any) -> str:
    return "</aside>\n"


def _key(meta: dict[str, Any]) -> str:
    return escape(f"fn-{meta['label']}" if meta.get("label") else f"fni-{meta['id']}", quote=True)


def _inline_notes(env: dict[str, Any]) -> str:
    """The notes written in the text, `^[like this]`; the plugin keeps them aside until its tail rule runs."""
    listed = env.get("footnotes", {}).get("list", {})
    parser, parts = _parser(), []
    renderer = parser.renderer
    assert isinstance(renderer, RendererHTML)
    for number, entry in sorted(listed.items()):
        if "tokens" in entry:
            content = renderer.renderInline(entry["tokens"], parser.options, env)
            parts.append(f'<aside class="note" id="fni-{number}"><p>{content}</p></aside>')
    return "\n".join(parts)


def _front_matter(manuscript: Manuscript, tokens: list[Token]) -> Metadata:
    if not tokens or tokens[0].type != "front_matter":
        return Metadata()
    import yaml

    source = tokens[0].content
    try:
        values = yaml.safe_load(source) or {}
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        what = getattr(problem, "problem", None) or "not YAML"
        raise manuscript.error(
            Code.FRONT_MATTER,
            f"the front matter does not parse: {what}",
            line=(mark.line + 2) if mark else 1,
            hint="quote values that hold a colon, a bracket or a quotation mark",
        ) from None
    except ValueError as wrong_value:  # a date such as 2022-13-45
        raise manuscript.error(Code.FRONT_MATTER, f"the front matter does not parse: {wrong_value}", line=1) from None
    if not isinstance(values, dict):
        raise manuscript.error(Code.FRONT_MATTER, "the front matter is not a table of keys and values", line=1)
    metadata, wrong = from_mapping(values)
    for key, why in wrong.items():
        line = manuscript.line_of(f"\n{key}:")
        manuscript.report(Code.FRONT_MATTER_VALUE, f"{key} in the front matter is left out: {why}", line=line + 1 if line else 1)
    return metadata


def _complain_of_calls(manuscript: Manuscript, tokens: Iterable[Token]) -> None:
    """A call without a note is not a call in Markdown: it stays as typed, and is said."""
    for token in tokens:
        for child in token.children or []:
            for label in _CALL.findall(child.content) if child.type == "text" else []:
                manuscript.report(
                    Code.NOTE_MISSING,
                    f"the note [^{label}] is called but not there; kept as typed",
                    line=manuscript.line_of(f"[^{label}]"),
                    hint=f"add a line that begins with [^{label}]: or take the call out",
                )

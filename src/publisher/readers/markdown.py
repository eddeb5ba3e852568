"""Markdown: CommonMark with GFM tables, strikethrough, task lists and bare links; footnotes, definition lists, attributes,
fenced boxes (`::: key`), TeX math, front matter, citations.

Footnotes get the form that they have in the tree (`a.noteref`, `aside.note`). Those without a reference are kept too.
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

from publisher.input.extent import check_elements
from publisher.input.html_pages import link_players
from publisher.input.manuscript import Manuscript
from publisher.model import vocabulary
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import parse
from publisher.model.metadata import Metadata, field_of, from_mapping
from publisher.readers.bare_links import BareLinks
from publisher.readers.markdown_citations import CITES, citation_plugin, clusters_of, library_of
from publisher.readers.markdown_rules import mark_alerts, set_captions, table_with_long_rows
from publisher.readers.markdown_standfirst import mark_standfirst
from publisher.text.mathematics import FormulaError, from_tex

_NESTING = 200  # markdown-it drops what is nested deeper than its limit; the default is 20
_CONTAINERS = ("blockquote_open", "list_item_open", "dd_open", "container_box_open", "footnote_reference_open")
_ATTRIBUTES = re.compile(r"\s*\{((?:[#.][\w-]+\s*)+)\}\s*$")
_NOTE_REFERENCE = re.compile(r"\[\^([^\]\s]+)\](?!:)")


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """One article; the front matter is its metadata.

    Raises PublisherError if it has no text or if its front matter is broken.
    """
    text = manuscript.text()
    check_elements(manuscript, text)
    env: dict[str, Any] = {CITES: manuscript.cites}
    tokens = _parser().parse(f"{text}\n", env)  # the rule of boxes fails on a lone > at the very end
    _check_nesting(manuscript, tokens)
    for rule, mark in env.get("marks", ()):
        manuscript.remove(rule, mark)
    values = _front_matter(manuscript, tokens)
    metadata = _metadata(manuscript, values)
    if not (metadata.subtitle or manuscript.given.subtitle):
        mark_standfirst(tokens)
    clusters, library = clusters_of(manuscript, env, tokens), library_of(manuscript, values)
    for token in tokens:
        for part in (token, *(token.children or ())):
            if part.type in ("html_block", "html_inline"):
                part.content = link_players(manuscript, part.content, token.map[0] + 1 if token.map else 0)
    html = _parser().renderer.render(tokens, _parser().options, env) + _inline_notes(env)
    for formula, reason in env.get("unreadable", {}).items():
        line = manuscript.line_of(formula.strip()[:80])
        hint = "correct its TeX, or write \\$ for a dollar sign; until then it is shown as typed"
        manuscript.report(Code.MATH_UNREADABLE, f"a formula cannot be drawn: {reason}", line=line, hint=hint)
    _report_missing_notes(manuscript, tokens)
    return (Article(metadata, parse(html), clusters=clusters, library=library),)


def _check_nesting(manuscript: Manuscript, tokens: Iterable[Token]) -> None:
    """Raises PublisherError if quotations, lists or boxes are so deep that the parser dropped what stands in them."""
    for token in tokens:
        if token.nesting == 1 and token.level >= _NESTING - 1 and token.type.endswith(_CONTAINERS):
            what = f"quotations, lists and boxes nested {_NESTING} deep; {_NESTING - 1} is the limit"
            hint = "make them less deep: quotations within quotations, lists within lists"
            raise manuscript.error(Code.LIMIT, what, line=token.map[0] + 1 if token.map else 0, hint=hint)


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
    parser.block.ruler.at("table", table_with_long_rows, {"alt": ["paragraph", "reference"]})
    parser.validateLink = lambda url: True  # type: ignore[method-assign] # markup.parse holds the list, and names what it drops
    parser.linkify = BareLinks()
    parser.use(citation_plugin).use(front_matter_plugin).use(footnote_plugin).use(deflist_plugin).use(tasklists_plugin)
    parser.use(attrs_plugin, spans=True).use(attrs_block_plugin)
    parser.use(container_plugin, name="box", validate=lambda info, _: bool(_box_class(info)), render=_render_box)
    parser.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False, allow_blank_lines=False)
    parser.core.ruler.push("heading_attributes", _heading_attributes)
    parser.core.ruler.push("alerts", mark_alerts)
    parser.core.ruler.push("captions", set_captions)
    parser.disable("footnote_tail")  # it would drop the footnotes that have no reference
    for rule, render in (
        ("footnote_ref", _render_note_reference),
        ("footnote_reference_open", _render_note_start),
        ("footnote_reference_close", _render_note_end),
        ("math_inline", _render_formula),
        ("math_block", _render_formula),
        ("image", _render_image),
    ):
        parser.add_render_rule(rule, render)  # footnotes in the form of the tree instead of the plugin's form
    return parser


def _heading_attributes(state: Any) -> None:
    """Reads `# Heading {#id .class}`, as pandoc does."""
    for opening, inline in itertools.pairwise(state.tokens):
        last = inline.children[-1] if opening.type == "heading_open" and inline.children else None
        match = _ATTRIBUTES.search(last.content) if last is not None and last.type == "text" else None
        if last is not None and match:
            last.content = last.content[: match.start()]
            for attribute in match[1].split():
                if attribute[0] == "#":
                    opening.attrSet("id", attribute[1:])
                else:
                    opening.attrJoin("class", attribute[1:])


class _Renderer(RendererHTML):
    """Task boxes as classes; table alignment as classes instead of styles."""

    def td_open(self, tokens: list[Token], index: int, *_: Any) -> str:
        token = tokens[index]
        alignment = {"text-align:right": "end", "text-align:center": "center"}.get(str(token.attrs.get("style", "")))
        return f'<{token.tag} class="{alignment}">' if alignment else f"<{token.tag}>"

    th_open = td_open

    def html_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        content = tokens[idx].content
        if content.startswith('<input class="task-list-item-checkbox"'):
            return f'<span class="task{" done" if "checked" in content else ""}">{"☑" if "checked" in content else "☐"}</span>'
        return content


def _box_class(info: str) -> str:
    """The class that a fence names, `::: key` or `::: {.key}`; empty if it is not one of the classes for authors.

    `::: changed auto` names two.
    """
    names = [name.removeprefix(".") for name in info.strip().removeprefix("{").removesuffix("}").split()]
    if names == ["changed", "auto"]:
        return " ".join(names)
    return names[0] if len(names) == 1 and names[0] in vocabulary.AUTHOR_CLASSES and names != ["auto"] else ""


def _render_box(_: Any, tokens: list[Token], index: int, *__: Any) -> str:
    places = range(index, -1, -1)
    opening = next(tokens[place] for place in places if _opens_box(tokens[place], tokens[index].level))
    element = "blockquote" if _box_class(opening.info) == "pull" else "aside"
    return f'<{element} class="{_box_class(opening.info)}">\n' if tokens[index].nesting == 1 else f"</{element}>\n"


def _opens_box(token: Token, level: int) -> bool:
    return token.type == "container_box_open" and token.level == level


def _render_formula(_: Any, tokens: list[Token], index: int, __: Any, env: MutableMapping[str, Any]) -> str:
    token, display = tokens[index], tokens[index].type == "math_block"
    try:
        image = from_tex(token.content, display)
    except FormulaError as problem:
        env.setdefault("unreadable", {})[token.content] = str(problem)
        return escape(f"{token.markup}{token.content}{token.markup}")
    return f"<p>{image}</p>\n" if display else image


def _render_image(
    renderer: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    """An image. Without an alt text it has no `alt`: an empty one would mean that the image is only decoration (HTML)."""
    token = tokens[index]
    alt = renderer.renderInlineAsText(token.children, options, env) if token.children else ""
    token.attrs = {name: value for name, value in token.attrs.items() if name != "alt" or alt} | ({"alt": alt} if alt else {})
    return renderer.renderToken(tokens, index, options, env)


def _render_note_reference(_: Any, tokens: list[Token], index: int, *__: Any) -> str:
    return f'<a class="noteref" href="#{_note_id(tokens[index].meta)}">*</a>'


def _render_note_start(_: Any, tokens: list[Token], index: int, *__: Any) -> str:
    return f'<aside class="note" id="{_note_id(tokens[index].meta)}">'


def _render_note_end(*_: Any) -> str:
    return "</aside>\n"


def _note_id(meta: dict[str, Any]) -> str:
    return escape(f"fn-{meta['label']}" if meta.get("label") else f"fni-{meta['id']}", quote=True)


def _inline_notes(env: dict[str, Any]) -> str:
    """The footnotes written within the text, `^[like this]`; the plugin stores them in `env` for its tail rule."""
    notes = env.get("footnotes", {}).get("list", {})
    parser, parts = _parser(), []
    renderer = parser.renderer
    assert isinstance(renderer, RendererHTML)
    for number, note in sorted(notes.items()):
        if "tokens" in note:
            content = renderer.renderInline(note["tokens"], parser.options, env)
            parts.append(f'<aside class="note" id="fni-{number}"><p>{content}</p></aside>')
    return "\n".join(parts)


def _front_matter(manuscript: Manuscript, tokens: list[Token]) -> dict[Any, Any]:
    """The values of the front matter; empty without one. Raises PublisherError if it is broken."""
    if not tokens or tokens[0].type != "front_matter":
        return {}
    import yaml

    source = tokens[0].content
    try:
        values = yaml.safe_load(source) or {}
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        reason = getattr(problem, "problem", None) or "it cannot be parsed"
        raise manuscript.error(
            Code.FRONT_MATTER,
            f"the front matter is not valid YAML: {reason}",
            line=(mark.line + 2) if mark else 1,
            hint="put values with a colon, a bracket or a quotation mark in quotation marks",
        ) from None
    except ValueError as problem:  # a date such as 2022-13-45
        raise manuscript.error(Code.FRONT_MATTER, f"the front matter is not valid YAML: {problem}", line=1) from None
    if not isinstance(values, dict):
        raise manuscript.error(Code.FRONT_MATTER, "the front matter is not a table of keys and values", line=1)
    return values


def _metadata(manuscript: Manuscript, values: dict[Any, Any]) -> Metadata:
    metadata, reasons = from_mapping(values)
    for key, value in values.items():
        if field_of(str(key)) in (
            "",
            "description",
            "summary",
            "hold",
        ):  # a description stands in the metadata alone, a summary on the front page
            manuscript.remove("front matter that is not printed", f"{key}: {value}", "front matter")
    for key, reason in reasons.items():
        line = manuscript.line_of(f"\n{key}:")
        manuscript.report(
            Code.FRONT_MATTER_VALUE, f"{key} in the front matter is ignored: {reason}", line=line + 1 if line else 1
        )
    return metadata


def _report_missing_notes(manuscript: Manuscript, tokens: Iterable[Token]) -> None:
    """Reports the footnote references that have no footnote. In Markdown they are plain text, and they stay as typed."""
    for token in tokens:
        for child in token.children or []:
            for label in _NOTE_REFERENCE.findall(child.content) if child.type == "text" else []:
                manuscript.report(
                    Code.NOTE_MISSING,
                    f"no footnote for the reference [^{label}]; kept as typed",
                    line=manuscript.line_of(f"[^{label}]"),
                    hint=f"add a line that begins with [^{label}]: or remove the reference",
                )

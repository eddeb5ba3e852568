"""Citations in Markdown, in pandoc's syntax: an inline rule of markdown-it, and the library that the front matter names.

They are citations only where there is a library: `@name` is a word elsewhere. Each stands in the markup as `span.cluster`, and
its cluster in `env["clusters"]`, in the order of their numbers.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from dataclasses import replace
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, image
from markdown_it.token import Token

from publisher.input.citation_syntax import KEY, cluster_of, is_reserved, named_cluster
from publisher.input.libraries.library import by_key, conflicts, read_library
from publisher.input.manuscript import Manuscript
from publisher.model.clusters import Cluster
from publisher.model.codes import Code
from publisher.model.diagnostics import PublisherError
from publisher.model.libraries import LibraryEntry

CITES = "cites"  # in env: whether there is a library
_IN_IMAGE = "in_image"  # in env: whether the alt text of an image is read
_BIBLIOGRAPHY = re.compile(r"^bibliography\s*:", re.MULTILINE)
_MAY_STAND_BEFORE = re.compile(r"[\s*(\[{\"'“‘„«‹—–…-]$")
_LONGEST = 2_000  # characters of a citation in brackets


def citation_plugin(parser: MarkdownIt) -> None:
    parser.core.ruler.after("block", "citation_switch", _switch_on)
    parser.inline.ruler.before("link", "citation", _citation)
    parser.inline.ruler.at("image", _image)
    parser.core.ruler.after("inline", "citation_lines", _set_lines)
    parser.add_render_rule("citation", _render)


def _switch_on(state: StateCore) -> None:
    """Front matter that names a library makes keys of a manuscript citations."""
    first = state.tokens[0] if state.tokens else None
    if first is not None and first.type == "front_matter" and _BIBLIOGRAPHY.search(first.content):
        state.env[CITES] = True


def _image(state: StateInline, silent: bool) -> bool:
    """An image; its alt text is no place for citations: keys in it are words."""
    before = state.env.get(_IN_IMAGE, False)
    state.env[_IN_IMAGE] = True
    found = image(state, silent)
    state.env[_IN_IMAGE] = before
    return found


def _citation(state: StateInline, silent: bool) -> bool:
    if not state.env.get(CITES) or state.env.get(_IN_IMAGE) or state.linkLevel > 0 or state.src[state.pos] not in "[@-":
        return False
    if silent and state.src[state.pos] == "[":  # the end of a link is looked for, whose words may have brackets
        return False
    found = _in_brackets(state) if state.src[state.pos] == "[" else _in_sentence(state)
    if found is None:
        return False
    cluster, end = found
    if not silent:
        token = state.push("citation", "", 0)
        clusters = state.env.setdefault("clusters", [])
        token.content = cluster.text
        token.meta = {"number": len(clusters), "lines": state.src.count("\n", 0, state.pos)}
        clusters.append(cluster)
    state.pos = end
    return True


def _in_brackets(state: StateInline) -> tuple[Cluster, int] | None:
    end = _closing(state.src, state.pos, state.posMax)
    if end < 0 or "@" not in state.src[state.pos : end] or _is_link(state, end + 1):
        return None
    inner = state.src[state.pos + 1 : end]
    if inner.startswith("^") or normalizeReference(inner) in state.env.get("references", {}):
        return None
    cluster = cluster_of(inner, state.src[state.pos : end + 1])
    return (cluster, end + 1) if cluster else None


def _is_link(state: StateInline, behind: int) -> bool:
    """Whether what stands behind a bracket makes a link of it: an address, or the name of an address (`[words][name]`)."""
    if state.src[behind : behind + 1] != "[":
        return state.src[behind : behind + 1] == "("
    end = _closing(state.src, behind, state.posMax)
    return end >= 0 and normalizeReference(state.src[behind + 1 : end]) in state.env.get("references", {})


def _in_sentence(state: StateInline) -> tuple[Cluster, int] | None:
    match = KEY.match(state.src, state.pos, state.posMax)
    before = state.src[: state.pos][-1:]
    if match is None or (before and not _MAY_STAND_BEFORE.match(before)) or is_reserved(match["braced"] or match["bare"]):
        return None
    end = match.end()
    start = end + 1 if state.src[end : end + 2] == " [" else end if state.src[end : end + 1] == "[" else -1
    closing = _closing(state.src, start, state.posMax) if start >= 0 else -1
    if closing >= 0 and state.src[start + 1] != "^" and not _is_link(state, closing + 1):
        cluster = named_cluster(match, state.src[start + 1 : closing], state.src[state.pos : closing + 1])
        if cluster:
            return cluster, closing + 1
    cluster = named_cluster(match, None, match[0])
    return (cluster, end) if cluster else None


def _closing(text: str, start: int, last: int) -> int:
    """The place of the bracket that closes the one at `start`; -1 if there is none near."""
    depth = 0
    for place in range(start, min(last, start + _LONGEST)):
        if text[place] == "\\":
            continue
        depth += (text[place] == "[") - (text[place] == "]")
        if depth == 0:
            return place
    return -1


def _set_lines(state: StateCore) -> None:
    """Gives each cluster the line on which it stands."""
    clusters: list[Cluster] = state.env.get("clusters", [])
    for block in state.tokens if clusters else ():
        for token in block.children or ():
            if token.type == "citation" and block.map:
                token.meta["line"] = block.map[0] + 1 + token.meta["lines"]


def _render(_: Any, tokens: list[Token], index: int, *__: Any) -> str:
    return (
        f'<span class="cluster" id="cluster-{tokens[index].meta["number"]}">{escape(tokens[index].content, quote=False)}</span>'
    )


def clusters_of(manuscript: Manuscript, env: MutableMapping[str, Any], tokens: list[Token]) -> tuple[Cluster, ...]:
    """The clusters of a manuscript with their lines, by their numbers."""
    lines = {
        token.meta["number"]: token.meta.get("line", 0)
        for block in tokens
        for token in block.children or ()
        if token.type == "citation"
    }
    return tuple(
        replace(cluster, line=lines.get(number) or manuscript.line_of(cluster.text))
        for number, cluster in enumerate(env.get("clusters", ()))
    )


def library_of(manuscript: Manuscript, values: dict[Any, Any]) -> tuple[LibraryEntry, ...]:
    """The entries of the libraries that the front matter names, each once. Raises PublisherError if one cannot be read."""
    named = values.get("bibliography") or []
    names = [str(name) for name in (named if isinstance(named, list) else [named])]
    entries: list[LibraryEntry] = []
    for name in names:
        data = manuscript.open(name)
        if data is None:
            line = manuscript.line_of("bibliography:")
            hint = "paths are relative to the manuscript"
            raise manuscript.error(Code.FILE_MISSING, f"file not found: {name}", line=line, hint=hint)
        found = read_library(name, data, _label(manuscript, name))
        entries += found.entries
        manuscript.diagnostics.extend(found.diagnostics)
    problems = conflicts(entries)
    if problems:
        raise PublisherError(*problems)
    return tuple(by_key(entries).values())


def _label(manuscript: Manuscript, name: str) -> str:
    """The path of a file beside the manuscript, as messages name it."""
    folder = manuscript.label.rpartition("/")[0]
    return f"{folder}/{name}" if folder else name

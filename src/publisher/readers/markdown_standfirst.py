"""The standfirst of a Markdown text: the paragraph right behind the headline that is wholly in italics.

Other things are in italics there too: editor's notes, bylines, credits, verse. They stay where they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token

from publisher.text.bylines import names_after_by

_LEAST, _MOST = 4, 60  # words of a standfirst
_PLAIN = frozenset(
    {"text", "softbreak", "em_open", "em_close", "strong_open", "strong_close", "code_inline", "s_open", "s_close"}
)
_BODY = ("paragraph_open", "heading_open", "bullet_list_open", "ordered_list_open", "blockquote_open", "fence", "table_open")
_LABEL = re.compile(r"(?:[\w’'.]+,?[ \u00a0]){0,2}[\w’'.]+[ \u00a0]?:\s")  # "Note: …", "Editor's note: …"
_OF_THE_EDITORS = re.compile(
    r"(?:this|the following|an earlier version of this) (?:article|story|post|piece|text|essay|interview|report|page|column)"
    r"|(?:originally|first|previously) (?:published|appeared)|(?:translated|adapted|excerpted|reprinted|updated|posted|written) "
    r"|last updated|editor’?'?s’? note|reporting by|with reporting"
    r"|diese[rs]? (?:artikel|text|beitrag|interview)|zuerst (?:erschienen|veröffentlicht)|anmerkung der redaktion|aus dem \w+ von"
    r"|(?:cet article|ce texte|cette tribune)|note de la rédaction|traduit|initialement publié"
    r"|(?:este artículo|este texto)|nota de[l ]|traducid[oa]|publicado originalmente",
    re.IGNORECASE,
)


def mark_standfirst(tokens: Sequence[Token]) -> None:
    """Gives the paragraph behind the first headline the class `standfirst`, without its emphasis, if it is a standfirst."""
    start = 1 if tokens and tokens[0].type == "front_matter" else 0
    if [token.type for token in tokens[start : start + 2]] != ["heading_open", "inline"] or tokens[start].tag != "h1":
        return
    paragraph = tokens[start + 3 : start + 6]
    body = tokens[start + 6 : start + 8]
    if not body or body[0].type not in _BODY or not _is_in_italics(paragraph) or _is_in_italics(body):
        return
    inline = paragraph[1]
    if _is_standfirst("".join(" " if token.type == "softbreak" else token.content for token in inline.children or ())):
        paragraph[0].attrJoin("class", "standfirst")
        inline.children = (inline.children or [])[1:-1]


def _is_in_italics(block: Sequence[Token]) -> bool:
    """Whether a block is a paragraph that holds one emphasis and nothing else: no links, images, notes and lines of verse."""
    if len(block) < 2 or block[0].type != "paragraph_open":
        return False
    children = block[1].children or []
    if len(children) < 3 or children[0].type != "em_open" or any(token.type not in _PLAIN for token in children):
        return False
    depth = 0
    for token in children[:-1]:
        depth += token.nesting
        if depth == 0:
            return False
    return children[-1].type == "em_close"


def _is_standfirst(text: str) -> bool:
    words = text.split()
    return (
        _LEAST <= len(words) <= _MOST
        and not text.startswith(("(", "["))
        and not _LABEL.match(text)
        and not _OF_THE_EDITORS.match(text)
        and not names_after_by(text)
    )

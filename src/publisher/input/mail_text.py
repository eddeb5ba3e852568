"""Plain text of mails as markup: lines that are joined again (format=flowed, RFC 3676), quotes by their marks, the signature."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from itertools import groupby
from typing import NamedTuple

_QUOTE = re.compile(r"(?:>[ \t]?)+")
_FLOWED_QUOTE = re.compile(r">[> ]*>|>")
_SIGNATURE = "-- "  # the line above it (RFC 3676, 4.3)
_LONGEST_SIGNATURE = 12  # lines; what is longer is text
_DEEPEST = 8  # quotes in quotes; more marks mean nothing more
_UUENCODED = re.compile(r"(?m)^begin [0-7]{3,4} (?P<name>\S.*)\n(?:[ -`]{1,62}\n)*(?:[ `]?\n)?end[ \t]*$")
_YENC = re.compile(r"(?m)^=ybegin .*?name=(?P<name>.*)\n(?:(?!=ybegin |=yend).*\n)*=yend.*$")
_ENRICHED_PARAMETER = re.compile(r"<param>[^<]*</param>", re.IGNORECASE)
_ENRICHED_COMMAND = re.compile(r"(?<!<)</?[A-Za-z][\w-]*>")


class _Line(NamedTuple):
    depth: int  # of the quote that it stands in
    text: str


def plain_markup(text: str, *, flowed: bool = False, delete_spaces: bool = False) -> str:
    """Plain text as paragraphs; `flowed` and `delete_spaces` are the parameters `format=flowed` and `delsp=yes` of its type.

    In fixed text, paragraphs stand between blank lines; without any blank line every line is a paragraph, as in other formats.
    """
    lines, signature = _parted(text.strip("\n").split("\n"))
    flowed = flowed and any(line.endswith(" ") for line in lines)  # some programs declare it and write fixed lines
    parsed = _joined(lines, delete_spaces) if flowed else [_fixed_line(line) for line in lines]
    every_line = not flowed and not any(not line.text.strip() for line in parsed)
    markup = _quotes(parsed, 0, flowed, every_line)
    return markup + (f"<hr/>{_paragraph(signature, keep_lines=True)}" if signature else "")


def _parted(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines of the text and those of the signature, if there is one at its end."""
    marks = [number for number, line in enumerate(lines) if line == _SIGNATURE]
    if not marks or not 1 < len(lines) - marks[-1] <= _LONGEST_SIGNATURE + 1:
        return lines, []
    return lines[: marks[-1]], [line for line in lines[marks[-1] + 1 :] if line.strip()]


def _fixed_line(line: str) -> _Line:
    match = _QUOTE.match(line)
    return _Line(min(match[0].count(">"), _DEEPEST), line[match.end() :]) if match else _Line(0, line)


def _joined(lines: Iterable[str], delete_spaces: bool) -> list[_Line]:
    """The lines as they were typed: one that ends with a space goes on in the next one of the same quote."""
    joined: list[_Line] = []
    goes_on = False
    for line in lines:
        match = _FLOWED_QUOTE.match(line)
        depth = min(match[0].count(">"), _DEEPEST) if match else 0
        content = (line[match.end() :] if match else line).removeprefix(" ")
        ends_open = content.endswith(" ") and content != _SIGNATURE
        piece = content[:-1] if ends_open and delete_spaces else content
        if goes_on and joined[-1].depth == depth:
            joined[-1] = _Line(depth, joined[-1].text + piece)
        else:
            joined.append(_Line(depth, piece))
        goes_on = ends_open
    return joined


def _quotes(lines: Iterable[_Line], depth: int, flowed: bool, every_line: bool) -> str:
    """The markup of lines that stand in `depth` quotes; those that stand in more become a `blockquote`."""
    pieces = []
    for is_deeper, group in groupby(lines, key=lambda line: line.depth > depth):
        if is_deeper:
            pieces.append(f"<blockquote>{_quotes(group, depth + 1, flowed, False)}</blockquote>")
        else:
            pieces += _paragraphs([line.text for line in group], flowed, every_line)
    return "\n".join(pieces)


def _paragraphs(lines: list[str], flowed: bool, every_line: bool) -> list[str]:
    if every_line:
        return [_paragraph([line], keep_lines=False) for line in lines]
    groups = groupby(lines, key=lambda line: bool(line.strip()))
    return [_paragraph(list(group), keep_lines=flowed) for has_words, group in groups if has_words]


def _paragraph(lines: list[str], *, keep_lines: bool) -> str:
    words = [escape(" ".join(line.split())) for line in lines]
    return f"<p>{('<br/>' if keep_lines else ' ').join(words)}</p>"


def without_encoded_files(text: str) -> tuple[str, dict[str, str]]:
    """The text without files that stand in it as letters (uuencode, yEnc), and these letters by the names of the files."""
    files = {match["name"].strip(): match[0] for pattern in (_UUENCODED, _YENC) for match in pattern.finditer(text)}
    return _YENC.sub("", _UUENCODED.sub("", text)), files


def without_enriched_commands(text: str) -> str:
    """Text of the type text/enriched (RFC 1896) or text/richtext without its commands."""
    return _ENRICHED_COMMAND.sub("", _ENRICHED_PARAMETER.sub("", text)).replace("<<", "<")

"""The transmissions in a text file: for each the lines of its head and end, and its text without the marks of the wire.

A transmission is framed by control characters (IPTC 7901: SOH head STX text ETX date EOT), or is recognized by its lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from publisher.readers import wire_lines
from publisher.readers.wire_mail import without_mail_headers
from publisher.text.characters import clean

_FRAME = re.compile(r"\x01(?P<head>[^\x01-\x03]*)\x02(?P<text>[^\x01-\x03]*)\x03?(?P<end>[^\x01]*)")
_LONGEST_END = 30  # words behind ETX; more are text
_MARKED_LINES = 12  # lines with words at the top in which `=` ends a line of the head
_CARET = re.compile(r"\s*\^\s?(?=[^\W_]|[\"“‘'<(])")  # ANPA 1312: a line of the head, or a line in bold


@dataclass
class Transmission:
    """The lines of head and end, which are not of the story, and the text between; `subject` is of a forwarded mail."""

    text: str
    head: list[str] = field(default_factory=list)
    end: list[str] = field(default_factory=list)
    mail_headers: list[str] = field(default_factory=list)
    subject: str = ""


def transmissions(typed: str) -> list[Transmission]:
    """The transmissions in a text with its control characters; lines without a text belong to the transmission beside them."""
    found, position = list[Transmission](), 0
    for match in _FRAME.finditer(typed):
        found += _unframed(clean(typed[position : match.start()]))
        found.append(_framed(*map(clean, match.group("head", "text", "end"))))
        position = match.end()
    found += _unframed(clean(typed[position:]))
    return _with_text(found)


def _with_text(found: list[Transmission]) -> list[Transmission]:
    whole, waiting = list[Transmission](), list[str]()
    for transmission in found:
        if transmission.text.strip():
            transmission.head[:0] = waiting
            whole.append(transmission)
            waiting = []
        elif whole:
            whole[-1].end += transmission.head + transmission.end
        else:
            waiting += transmission.head + transmission.end
    return whole or [Transmission("\n\n".join(waiting))]


def _framed(head: str, text: str, end: str) -> Transmission:
    end_lines = _lines(end)
    if len(end.split()) > _LONGEST_END:
        text, end_lines = f"{text}\n\n{end}", []
    transmission = _peeled(text, is_in_head=True)
    return Transmission(
        transmission.text,
        [*_lines(head), *transmission.head],
        [*transmission.end, *end_lines],
        transmission.mail_headers,
        transmission.subject,
    )


def _unframed(text: str) -> Iterator[Transmission]:
    """The parts of a text that begin with the first line of a head (IPTC 7901), and what stands before them."""
    part: list[str] = []
    for line in text.split("\n"):
        if wire_lines.SOURCE.match(line.strip()) and part:
            yield _peeled("\n".join(part))
            part = []
        part.append(line)
    yield _peeled("\n".join(part))


def _lines(text: str) -> list[str]:
    return [_bare(line) for line in text.split("\n") if _bare(line)]


def _bare(line: str) -> str:
    """A line without white space and the marks of ANPA 1312."""
    return line.strip().lstrip("^").rstrip("<=").strip()


def _peeled(text: str, *, is_in_head: bool = False) -> Transmission:
    """A text without the lines above and below its story; unchanged if there would be nothing left of it."""
    lines, mail_headers, subject = without_mail_headers(text.split("\n"))
    end = _peel_end(lines)
    head = _peel_head(lines, is_in_head)
    left = without_marks("\n".join(lines))
    if not left.strip():
        return Transmission(text)
    return Transmission(left, head, end, mail_headers, subject)


def _peel_head(lines: list[str], is_in_head: bool) -> list[str]:
    head, first = list[str](), 0
    while first < len(lines):
        line = _bare(lines[first])
        is_source = bool(wire_lines.SOURCE.match(line) or wire_lines.SIGN_OFF.match(line)) or _is_level(lines, first)
        is_in_head = is_in_head or is_source
        if line and not is_source and not _is_head_line(line, is_in_head):
            break
        head += [line] if line else []
        first += 1
    del lines[:first]
    time = wire_lines.REUTERS_TIME.match(lines[0].strip()) if lines else None
    if time:
        head.append(time[0].strip())
        lines[0] = lines[0].strip()[time.end() :]
    return head


def _is_level(lines: list[str], number: int) -> bool:
    """Whether a line is the service level of ANPA 1312, with its priority and category or a slug under it."""
    if number + 1 == len(lines) or not wire_lines.LEVEL.match(_bare(lines[number])):
        return False
    below = _bare(lines[number + 1])
    return bool(wire_lines.PRIORITY.match(below) or wire_lines.SLUG.match(below))


def _is_head_line(line: str, is_in_head: bool) -> bool:
    patterns = [wire_lines.SLUG, wire_lines.TAKE, wire_lines.RELEASE, wire_lines.LABELED_KEYWORDS, wire_lines.LENGTH]
    if is_in_head:
        patterns += [wire_lines.PRIORITY, wire_lines.KEYWORDS, wire_lines.VERSION, wire_lines.IMAGE_NOTE]
    return any(pattern.match(line) for pattern in patterns)


def _peel_end(lines: list[str]) -> list[str]:
    """Removes the sign-off below the story, and an end mark that stands directly under its last line."""
    end: list[str] = []
    while lines:
        line, above = _bare(lines[-1]), lines[-2].strip() if len(lines) > 1 else ""
        is_sign_off = any(
            pattern.match(line) for pattern in (wire_lines.SIGN_OFF, wire_lines.CONTACT, wire_lines.LABELED_KEYWORDS)
        )
        if line and not is_sign_off and not (wire_lines.END.match(line) and _ends_sentence(above)):
            return end
        end[:0] = [line] if line else []
        del lines[-1]
    return end


def _ends_sentence(line: str) -> bool:
    return line.rstrip("”\"’')»] ").endswith((".", "!", "?", "…"))


def _is_ended(line: str) -> bool:
    """Whether a line ends with a single `=`, behind words."""
    words = line.rstrip()[:-1].rstrip()
    return line.rstrip().endswith("=") and not words.endswith("=") and any(map(str.isalnum, words))


def without_marks(text: str) -> str:
    """The text without `^` before and `<` or `=` behind lines, which then are blocks of their own (ANPA 1312, dpa)."""
    lines, words_above, result = text.split("\n"), 0, list[str]()
    has_carets = any(map(_CARET.match, lines))
    for number, line in enumerate(lines):
        words_above += bool(line.strip())
        is_marked = words_above <= _MARKED_LINES and _is_ended(line)
        if has_carets and _CARET.match(line):
            is_marked = is_marked or not _goes_on(lines[number : number + 4])
            result += ["", _CARET.sub("", line)]
        else:
            result.append(line)
        if is_marked or (has_carets and line.rstrip().endswith("<")):
            result[-1:] = [result[-1].rstrip().rstrip("=<").rstrip(), ""]
    return "\n".join(result)


def _goes_on(lines: list[str]) -> bool:
    """Whether a line with a caret goes on in those below it, the last of which ends with `<`."""
    for line in lines:
        if line.rstrip().endswith(("<", "=")):
            return True
        if not line.strip() or (line is not lines[0] and (_CARET.match(line) or line[0].isspace())):
            break
    return False

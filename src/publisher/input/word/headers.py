"""Headers and footers of the pages (ECMA-376, part 1, 17.10): what they add to the text stands at its end.

Left out and recorded are page numbers, dates, the file's name, what repeats the text, and what no page shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import PurePath
from typing import Any

from publisher.input.archives import Archive
from publisher.input.manuscript import Manuscript
from publisher.input.word.elements import is_on, value, w
from publisher.input.word.fields import results_of_fields
from publisher.input.word.hidden import remove_hidden_text
from publisher.input.word.parts import names_of, read_part, targets_of
from publisher.input.xml import children_named, first_child, local_name
from publisher.text.bylines import date_in
from publisher.text.word_count import counted_words

_NUMBER, _DATE, _FILE = "number of a page", "date in a header or footer", "the file's name"
_LEFT_OUT_FIELDS = {
    **dict.fromkeys(["PAGE", "NUMPAGES", "SECTIONPAGES", "PAGEREF"], _NUMBER),
    **dict.fromkeys(["DATE", "TIME", "CREATEDATE", "SAVEDATE", "PRINTDATE"], _DATE),
    **dict.fromkeys(["FILENAME", "FILESIZE"], _FILE),
}
_PAGE_NUMBER = re.compile(  # with the words for page and for "of" in the languages of the terms
    r"(?:pages?|p a g e|p\.|pg\.?|seiten?|s\.|página|pág\.?|pagina|pag\.?|sida|side|sivu|strona|str\.?|strana|стр\.?|сторінка"
    r"|страница|sayfa|oldal|halaman|σελίδα)?"
    r"[\s\d–—|/()\[\].-]*(?:(?:of|von|de|sur|di|van|av|af|z|ze|из|з|/)[\s\d–—|/()\[\].-]*)?",
    re.IGNORECASE,
)
_GAP = re.compile(r"(\t+|\s{4,}|\s+[|–—·•](?=\s|$))")
_HIDING = (w("del"), w("moveFrom"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": " ", "cr": " ", "noBreakHyphen": "\u2011"}
_FEW_WORDS = 2  # repeat only a whole block: in a longer text they may stand by chance


@dataclass(frozen=True)
class HeaderLine:
    """A line that a header or footer adds: its markup, and its texts between gaps."""

    markup: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class _Run:
    """A text in a header with the address of its link, and the rule by which it is left out: it is the result of a field."""

    text: str
    address: str = ""
    rule: str = ""


def header_lines(manuscript: Manuscript, archive: Archive, blocks: Iterable[str]) -> list[HeaderLine]:
    """The lines of headers, then of footers, that `blocks`, the texts of the document, do not have. All others are recorded."""
    shown, known = _shown_parts(manuscript, archive), _Known(manuscript, blocks)
    lines: list[HeaderLine] = []
    for kind in ("header", "footer"):
        for name in names_of(archive, kind):
            root = read_part(manuscript, archive, name)
            remove_hidden_text(manuscript, root)
            images = sum(local_name(element) in ("blip", "imagedata") for element in root.iter())
            manuscript.remove(f"an image in a {kind} of the pages", "", name, images)
            addresses = targets_of(manuscript, archive, name, "/hyperlink")
            rules = {text: _LEFT_OUT_FIELDS[field] for field, text in results_of_fields(root) if field in _LEFT_OUT_FIELDS}
            for paragraph in root.iter(w("p")):
                runs = list(_runs(paragraph, addresses, rules))
                if name not in shown:
                    manuscript.remove(f"a {kind} that no page has", "".join(run.text for run in runs), name)
                elif (line := _line(manuscript, known, runs)).texts:
                    lines.append(line)
    return lines


class _Known:
    """What a header may repeat: the blocks of the document, the file's name, and lines of other headers."""

    def __init__(self, manuscript: Manuscript, blocks: Iterable[str]) -> None:
        texts = [f" {' '.join(counted_words(block))} " for block in blocks]
        self._blocks, self._long = set(texts), "|".join(texts)
        name = PurePath(manuscript.path.name)
        self._names = {name.name.casefold(), name.stem.casefold()}
        self._lines: set[str] = set()

    def rule_for(self, text: str) -> str:
        """Why a text is left out; empty for a text that is new, which is known from then on."""
        words = counted_words(text)
        line = f" {' '.join(words)} "
        day, rest = date_in(text)
        if _PAGE_NUMBER.fullmatch(text.strip()):
            return _NUMBER
        if PurePath(text.strip().replace("\\", "/")).name.casefold() in self._names:
            return _FILE
        if day is not None and not re.search(r"[^\W\d_]", rest):
            return _DATE
        if line in self._blocks or (len(words) > _FEW_WORDS and line in self._long):
            return "header or footer that repeats the text"
        if line in self._lines:
            return "header or footer that repeats another"
        self._lines.add(line)
        return ""


def _line(manuscript: Manuscript, known: _Known, runs: list[_Run]) -> HeaderLine:
    """What a paragraph has between its gaps, without page numbers, dates and repeated texts."""
    markup, texts, is_behind_text = "", list[str](), False
    for gap, part in _parts(runs):
        words = "".join(run.text for run in part if not run.rule)
        rules = [run.rule for run in part if run.rule]
        rule = known.rule_for(words) if not rules or not _PAGE_NUMBER.fullmatch(words.strip()) else rules[0]
        for run in part:
            if rule or run.rule:
                manuscript.remove(rule or run.rule, run.text)
        if not rule:
            gap = f"{gap} " if gap.strip() and is_behind_text else " · "
            markup += (gap if markup else "") + "".join(_markup(run) for run in part if not run.rule).strip()
            texts.append(" ".join(words.split()))
        is_behind_text = not rule
    return HeaderLine(f"<p>{markup}</p>", tuple(texts))


def _parts(runs: list[_Run]) -> list[tuple[str, list[_Run]]]:
    """The runs between tabs, wide gaps and dashes, each group with the gap before it."""
    parts: list[tuple[str, list[_Run]]] = [("", [])]
    for run in runs:
        for number, piece in enumerate(_GAP.split(run.text)):
            if number % 2:
                parts.append((piece, []))
            elif piece:
                parts[-1][1].append(_Run(piece, run.address, run.rule))
    return [(gap, part) for gap, part in parts if any(run.text.strip() for run in part)]


def _markup(run: _Run) -> str:
    text = escape(run.text, quote=False)
    return f'<a href="{escape(run.address)}">{text}</a>' if run.address else text


def _runs(paragraph: Any, addresses: dict[str, str], rules: dict[Any, str]) -> Iterator[_Run]:
    """The texts of a paragraph without those of paragraphs inside it (text boxes), and the texts of watermarks."""
    for element in paragraph:
        name = local_name(element)
        if not name or element.tag in _HIDING or name in ("p", "pPr", "rPr"):
            continue
        if name == "t":
            yield _Run(element.text or "", _address(element, addresses), rules.get(element, ""))
        elif name in _CHARACTERS:
            yield _Run(_CHARACTERS[name])
        elif name == "textpath":
            yield _Run(f"\t{element.get('string') or ''}\t")
        else:
            yield from _runs(element, addresses, rules)


def _address(element: Any, addresses: dict[str, str]) -> str:
    link = next(element.iterancestors(w("hyperlink")), None)
    key = next((text for name, text in link.attrib.items() if name.endswith("}id")), "") if link is not None else ""
    return addresses.get(key, "")


def _shown_parts(manuscript: Manuscript, archive: Archive) -> set[str]:
    """The headers and footers that a section names and that its pages have (17.10.1 to 17.10.6)."""
    shown: set[str] = set()
    has_even = any(
        is_on(first_child(read_part(manuscript, archive, name), "evenAndOddHeaders")) for name in names_of(archive, "settings")
    )
    for name in names_of(archive, "document"):
        targets = targets_of(manuscript, archive, name)
        for section in read_part(manuscript, archive, name).iter(w("sectPr")):
            has_first = is_on(first_child(section, "titlePg"))
            for reference in [*children_named(section, "headerReference"), *children_named(section, "footerReference")]:
                kind = value(reference, "type")
                key = next((text for attribute, text in reference.attrib.items() if attribute.endswith("}id")), "")
                if (kind != "even" or has_even) and (kind != "first" or has_first):
                    shown.add(targets.get(key, ""))
    return shown

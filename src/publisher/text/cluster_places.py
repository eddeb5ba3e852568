"""The places of citations in a normalized article: found, filled with what a style makes of them, and renumbered notes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree

from publisher.model.addresses import OUTSIDE_SCHEMES, scheme_of
from publisher.model.edition import Entry
from publisher.model.markup import xml_root
from publisher.model.sources import Source

_PARTING = "parting"  # the class of a comma between two references
_OWN_NOTE = "cites"  # the class of a note that holds nothing but a citation
_AFTER = re.compile(r"[.,;:!?…]+[”’»“)\]]*|[”’»)\]]+[.,;:!?…]+")
# Languages in which the reference to a note stands before the mark that ends a sentence.
_BEFORE_MARKS = frozenset({"fr", "es", "it", "pl", "pt", "uk"})
_SPACE = " \t\n\u00a0\u202f"
_OPENING = "([{“„«‘‚—–"
_SENTENCE_END = re.compile(r"[.!?…:;][”’»“)\]]*\s+(?=[^\W\d_]|$)")
_PERIOD = re.compile(r"\.([”’»“]?)(?:</\w+>)*$")  # of a citation, behind it or inside its quotation marks
# Words that point to a source, in the languages in which publisher prints its own; two more may follow ("see, for example,").
_SIGNAL = re.compile(
    r"(?:see|cf|compare|but see|in|siehe|vgl|vergleiche|voir|véase|ver|vedi|cfr|zie|zob|por|veja|bkz|див|пор)\b[.,]?"
    r"(?:\s+\w+[.,]?){0,2}",
    re.IGNORECASE,
)
_NOTE_ID = re.compile(r"note-(\d+)")


@dataclass(frozen=True)
class Place:
    """Where a cluster stands: its number, that of the note around it, and whether the note is its own."""

    cluster: int
    note: int
    is_own: bool


@dataclass(frozen=True)
class Written:
    """What stands for a cluster, as inline XHTML. `name` is the author in the sentence, for a cluster in the text."""

    html: str
    name: str = ""


def places_of(xhtml: str) -> list[Place]:
    """The places in the order of the notes."""
    root = xml_root(xhtml)
    return [Place(int(span.get("data-cluster")), number, _is_own(note)) for number, note in _notes(root) for span in _spans(note)]


def links_of(xhtml: str) -> dict[str, int]:
    """The numbers of the notes that name the source of a link, by its identifier."""
    places = ((number, note.find("p[@data-source]")) for number, note in _notes(xml_root(xhtml)))
    return {place.get("data-source"): number for number, place in places if place is not None}


def mentions_of(xhtml: str) -> list[str | int]:
    """What the notes mention, in order: identifiers of sources that are linked, numbers of clusters."""
    found: list[str | int] = []
    for element in (element for _, note in _notes(xml_root(xhtml)) for element in note.iter("p", "span", "a")):
        if element.get("data-source"):
            found.append(element.get("data-source"))
        elif element.get("data-cluster"):
            found.append(int(element.get("data-cluster")))
        elif scheme_of(address := element.get("href") or "") in OUTSIDE_SCHEMES:
            found.append(Source(url=address).identifier)
    return found


def note_numbers(xhtml: str) -> dict[int, int]:
    """The number of the note in which each cluster stands."""
    return {place.cluster: place.note for place in places_of(xhtml)}


def _notes(root: Any) -> Iterator[tuple[int, Any]]:
    for note in root.iterfind("section/aside"):
        match = _NOTE_ID.fullmatch(note.get("id") or "")
        if match:
            yield int(match[1]), note


def _is_own(note: Any) -> bool:
    return _OWN_NOTE in (note.get("class") or "").split()


def _spans(element: Any) -> list[Any]:
    return [span for span in element.iter("span") if span.get("data-cluster")]


def filled(entry: Entry, written: Mapping[int, Written], *, in_text: bool) -> Entry:
    """The entry with every place filled. With `in_text`, the note of a cluster goes, and the cluster stands in the sentence.

    The remaining notes are then numbered anew, in the article and in its citations.
    """
    root = xml_root(entry.xhtml)
    before = _word_count(root)
    _join_references(root)
    references: dict[str, list[Any]] = {}
    for link in root.iter("a"):
        if "noteref" in (link.get("class") or "").split():
            references.setdefault((link.get("href") or "")[1:], []).append(link)
    removed: set[int] = set()
    for number, note in list(_notes(root)):
        spans = _spans(note)
        if not spans:
            continue
        if not _is_own(note):
            for span in spans:
                _fill_in_note(span, written[int(span.get("data-cluster"))], in_text=in_text)
            continue
        content = written[int(spans[0].get("data-cluster"))]
        for link in references.get(f"note-{number}", []):
            _set_reference(link, content, entry.metadata.lang, in_text=in_text)
        if in_text:
            removed.add(number)
            note.getparent().remove(note)
        else:
            _replace(spans[0], content.html)
    numbers = _renumber(root, removed) if removed else {}
    _part_references(root)
    xhtml = etree.tostring(root, encoding="unicode")
    words = entry.word_count + _word_count(root) - before
    return _renumbered(replace(entry, xhtml=xhtml, word_count=words, clusters=()), numbers, removed)


def _is_reference(element: Any) -> bool:
    return element is not None and element.tag == "a" and "noteref" in (element.get("class") or "").split()


def _join_references(root: Any) -> None:
    """Removes the commas between references side by side: which of them stay references, and where, is not known yet."""
    for comma in [span for span in root.iter("span") if span.get("class") == _PARTING]:
        _replace(comma, "")


def _part_references(root: Any) -> None:
    """Puts a comma between references side by side, as passes.article_parts does."""
    for link in [link for link in root.iter("a") if _is_reference(link)]:
        if not (link.tail or "").strip(_SPACE) and _is_reference(link.getnext()):
            comma = etree.Element("span", {"class": _PARTING})
            comma.text, link.tail = ",", None
            link.addnext(comma)


def _first_of_run(link: Any) -> Any:
    """The first of the references that stand directly before a reference, or itself."""
    while _is_reference(previous := link.getprevious()) and not (previous.tail or "").strip(_SPACE):
        link = previous
    return link


def _word_count(root: Any) -> int:
    return len("".join(root.itertext()).split())


def _fill_in_note(span: Any, content: Written, *, in_text: bool) -> None:
    """Fills a place in an author's note: its sentence goes on, so the period of a style does not end it.

    In a style of notes a citation names its author, in others the sentence does. What a style of notes writes behind words of
    the author's own stands in brackets, unless they only point to it (`See also`) or the citation is a part of the sentence.
    """
    html = f"{content.name} {content.html}".rstrip() if in_text and content.name else content.html
    before = _sentence_before(span)
    in_brackets = not in_text and not content.name and before and not _SIGNAL.fullmatch(before)
    if in_brackets or (span.tail or "").strip() or span.getnext() is not None:
        html = _without_period(span, html)
    _replace(span, f"({html})" if in_brackets else html)


def _without_period(span: Any, html: str) -> str:
    """A citation without its last period. A comma behind it goes where the style has that period: inside the quotation marks."""
    match = _PERIOD.search(html)
    if match is None:
        return html
    comma = ""
    if match[1] and (span.tail or "").startswith(","):
        comma, span.tail = ",", span.tail[1:]
    return f"{html[: match.start()]}{comma}{match[0][1:]}"


def _sentence_before(span: Any) -> str:
    """The words of its sentence that stand directly before an element in its paragraph."""
    parts: list[str] = []
    for previous in span.itersiblings(preceding=True):
        parts += [previous.tail or "", "".join(previous.itertext())]
    text = (span.getparent().text or "") + "".join(reversed(parts))
    return _SENTENCE_END.split(text)[-1].strip()


def _set_reference(link: Any, content: Written, lang: str, *, in_text: bool) -> None:
    """Puts the author's name before a reference; the reference behind the marks of the sentence, or the cluster in its place."""
    is_raised = not in_text or not content.html or content.html.startswith("<sup>")
    if is_raised and not content.name:
        _edit_before(link, lambda text: text.rstrip(_SPACE))
    elif content.name:
        name = content.name if is_raised else f"{content.name} "
        _insert_before(link, name)
    elif (text := _text_before(link)) and text[-1] not in _SPACE + _OPENING:
        _edit_before(link, lambda text: f"{text} ")
    if is_raised and not content.name and lang.split("-")[0].lower() not in _BEFORE_MARKS:
        match = _AFTER.match(link.tail or "")
        if match:
            tail = str(link.tail)
            link.tail = tail[match.end() :]
            _edit_before(_first_of_run(link), lambda text: text + match[0])
    if in_text:
        _replace(link, content.html)


def _text_before(element: Any) -> str:
    previous = element.getprevious()
    return (previous.tail if previous is not None else element.getparent().text) or ""


def _edit_before(element: Any, edit: Callable[[str], str]) -> None:
    """Changes the text directly before an element."""
    previous = element.getprevious()
    if previous is not None:
        previous.tail = edit(previous.tail or "")
    else:
        element.getparent().text = edit(element.getparent().text or "")


def _insert_before(element: Any, html: str) -> None:
    """Inserts inline XHTML before an element."""
    marker = etree.Element("span")
    element.addprevious(marker)
    _replace(marker, html)


def _replace(element: Any, html: str) -> None:
    """Puts inline XHTML in place of an element; what stands behind the element stays."""
    fragment = xml_root(f"<span>{html}</span>")
    tail = element.tail or ""
    element.tail = None
    children = list(fragment)
    _edit_before(element, lambda text: text + (fragment.text or ""))
    for child in children:
        element.addprevious(child)
    last = children[-1] if children else None
    if last is not None:
        last.tail = (last.tail or "") + tail
        element.getparent().remove(element)
    else:
        _edit_before(element, lambda text: text + tail)
        element.getparent().remove(element)


def _renumber(root: Any, removed: set[int]) -> dict[int, int]:
    """Numbers the notes that remain from 1. Returns their new numbers by the old ones."""
    section = root.find("section")
    notes = list(_notes(root))
    numbers = {old: new for new, (old, _) in enumerate(notes, 1)}
    for old, note in notes:
        note.set("id", f"note-{numbers[old]}")
    for link in root.iter("a"):
        match = re.fullmatch(r"#note-(\d+)", link.get("href") or "")
        if match and int(match[1]) in numbers:
            new = numbers[int(match[1])]
            link.set("href", f"#note-{new}")
            if "noteref" in (link.get("class") or "").split():
                link.text = str(new)
                if link.get("id"):
                    link.set("id", f"call-{new}")
    if section is not None and not notes:
        root.remove(section)
    return numbers


def _renumbered(entry: Entry, numbers: Mapping[int, int], removed: set[int]) -> Entry:
    if not removed:
        return entry
    citations = tuple(replace(citation, note=numbers.get(citation.note, 0)) for citation in entry.citations)
    new_ids = {}
    for old, new in entry.new_ids.items():
        match = _NOTE_ID.fullmatch(new)
        if match is None:
            new_ids[old] = new
        elif int(match[1]) in numbers:
            new_ids[old] = f"note-{numbers[int(match[1])]}"
    return replace(entry, citations=tuple(dict.fromkeys(citations)), new_ids=new_ids)

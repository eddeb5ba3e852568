"""Citations that programs put into Word documents: fields of Zotero, Mendeley and Word, and content controls of Mendeley Cite.

Each becomes a cluster, with what the page shows of it as its text; the lists that the programs made of them are removed and
recorded, for the edition has its own. What the document knows of the works cited is its library.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from html import escape
from typing import Any

from publisher.input.archives import Archive
from publisher.input.libraries.entries import entry_of
from publisher.input.manuscript import Manuscript
from publisher.input.word import marks
from publisher.input.word.bibliography import read_bibliography
from publisher.input.word.elements import text_run, value, w
from publisher.input.word.fields import Field, fields_of, is_deleted, take_texts
from publisher.input.xml import first_child
from publisher.model.clusters import CitedItem, Cluster
from publisher.model.codes import Code
from publisher.model.libraries import LibraryEntry

BIBLIOGRAPHY = "a list of works cited, which the edition makes itself"
_CSL_FIELD = re.compile(r"ADDIN (?:ZOTERO_ITEM )?CSL_CITATION\b(.*)", re.DOTALL)
_LIST_FIELD = re.compile(r"ADDIN (?:ZOTERO_BIBL|Mendeley Bibliography)\b|BIBLIOGRAPHY\b")
_WORD_FIELD = re.compile(r"CITATION\s")
_TOKEN = re.compile(r'\\(?P<switch>[A-Za-z])|["“”](?P<quoted>[^"“”]*)["“”]|(?P<word>[^\s\\]+)')
_CONTROL, _LIST_CONTROL = "MENDELEY_CITATION_v3_", "MENDELEY_BIBLIOGRAPHY"
_HEADING = re.compile(
    r"references|bibliography|works cited|literature(?: cited)?|literatur(?:verzeichnis)?|quellen(?:verzeichnis)?|bibliographie|"
    r"références|bibliografía|referencias|bibliografia|riferimenti|referências|literatuur|bibliografie|kaynakça|література",
    re.IGNORECASE,
)
_LABELS = {"sub verbo": "sub-verbo", "article": "article-locator", "title": "title-locator"}


@dataclass
class WordCitations:
    """The clusters of a document in the order of its parts, and the entries that it has itself by their keys."""

    clusters: list[Cluster] = field(default_factory=list)
    entries: dict[str, LibraryEntry] = field(default_factory=dict)
    has_sources: bool = False  # whether the sources that Word keeps are among the entries


def take_citations(manuscript: Manuscript, archive: Archive, root: Any, insertions: list[str], found: WordCitations) -> None:
    """Puts a mark in place of each citation of a part, its markup into `insertions`, and its cluster into `found`."""
    for simple in list(root.iter(w("fldSimple"))):
        cluster = _cluster(manuscript, archive, value(simple, "instr").strip(), _text(simple), found)
        if cluster is not None:
            simple.addprevious(_mark(cluster, insertions, found))
            simple.getparent().remove(simple)
    for complex_field in fields_of(root):
        _take_field(manuscript, archive, complex_field, insertions, found)
    for control in list(root.iter(w("sdt"))):
        _take_control(manuscript, control, insertions, found)


def _take_field(
    manuscript: Manuscript, archive: Archive, found_field: Field, insertions: list[str], found: WordCitations
) -> None:
    if found_field.end is None or found_field.separate is None or is_deleted(found_field.begin):
        return
    instruction = found_field.instruction
    if _LIST_FIELD.match(instruction):
        _remove_heading(manuscript, next(found_field.begin.iterancestors(w("p")), None))
        manuscript.remove(BIBLIOGRAPHY, take_texts(found_field.shown))
        return
    text = "".join(element.text or "" for element in found_field.shown)
    cluster = _cluster(manuscript, archive, instruction, text, found)
    if cluster is not None:
        found_field.begin.getparent().addprevious(_mark(cluster, insertions, found))
        take_texts(found_field.shown)


def _take_control(manuscript: Manuscript, control: Any, insertions: list[str], found: WordCitations) -> None:
    """A content control of Mendeley Cite: its tag is a citation in base64, or marks the list of works."""
    tag, content = value(first_child(control, "sdtPr", "tag")), first_child(control, "sdtContent")
    if content is None or not tag.startswith((_CONTROL, _LIST_CONTROL)):
        return
    if tag.startswith(_LIST_CONTROL):
        _remove_heading(manuscript, control)
        manuscript.remove(BIBLIOGRAPHY, _text(content))
        control.getparent().remove(control)
        return
    encoded = tag.removeprefix(_CONTROL)
    try:
        source = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True).decode("utf-8")
    except ValueError:  # no base64, or no UTF-8 in it
        source = ""
    cluster = _csl_cluster(manuscript, source, _text(content), found)
    if cluster is not None:
        holder = next(iter(content.iter(w("p"))), content)
        for element in [element for element in holder if element.tag != w("pPr")]:
            holder.remove(element)
        holder.append(_mark(cluster, insertions, found))


def _cluster(manuscript: Manuscript, archive: Archive, instruction: str, text: str, found: WordCitations) -> Cluster | None:
    """The cluster of a field; None if the field is no citation, or one that cannot be read."""
    match = _CSL_FIELD.match(instruction)
    if match:
        return _csl_cluster(manuscript, match[1], text, found)
    if _WORD_FIELD.match(instruction):
        if not found.has_sources:
            found.has_sources = True
            found.entries = {entry.key: entry for entry in read_bibliography(manuscript, archive)} | found.entries
        cluster = _word_cluster(instruction, text)
        if cluster is not None and (manuscript.cites or all(key in found.entries for key in cluster.keys)):
            return cluster
        _report(manuscript, text)
    return None


def _csl_cluster(manuscript: Manuscript, source: str, text: str, found: WordCitations) -> Cluster | None:
    """A citation as JSON, which Zotero and Mendeley have in common."""
    try:
        rows = json.loads(source)["citationItems"]
        items = [_csl_item(manuscript, row, found) for row in rows]
    except (ValueError, KeyError, TypeError, AttributeError):
        _report(manuscript, text)
        return None
    if not items:
        _report(manuscript, text)
        return None
    return Cluster(tuple(items), text)


def _csl_item(manuscript: Manuscript, row: dict[str, Any], found: WordCitations) -> CitedItem:
    item = row["itemData"]
    uris = row.get("uris") or row.get("uri") or [str(row.get("id") or item["id"])]
    uri = uris[0] if isinstance(uris, list) else uris
    key = str(item.get("citation-key") or uri.rstrip("/").rpartition("/")[2].rpartition("uuid=")[2])
    found.entries.setdefault(key, entry_of(key, item, manuscript.label))
    locator = str(row.get("locator") or "")
    label = str(row.get("label") or "page") if locator else ""
    return CitedItem(
        key,
        str(row.get("prefix") or "").strip(),
        _LABELS.get(label, label),
        locator,
        str(row.get("suffix") or "").rstrip(),
        bool(row.get("suppress-author")),
    )


def _word_cluster(instruction: str, text: str) -> Cluster | None:
    """A CITATION field (ECMA-376, part 1, 17.16.5.8): a tag, then switches with values; `\\m` begins another source."""
    rows: list[dict[str, str]] = []
    switch = "m"
    for token in list(_TOKEN.finditer(instruction))[1:]:
        if token["switch"]:
            switch = token["switch"].lower()
            if switch in "nty" and rows:
                rows[-1][switch], switch = "on", ""
            continue
        typed = token["quoted"] if token["quoted"] is not None else token["word"]
        if switch == "m":
            rows.append({"m": typed})
        elif rows and switch:
            rows[-1].setdefault(switch, typed)
        switch = "m" if not rows else ""
    items = [_word_item(row) for row in rows]
    return Cluster(tuple(items), text) if items else None


def _word_item(row: dict[str, str]) -> CitedItem:
    page, volume = row.get("p", ""), row.get("v", "")
    label = "page" if page else "volume" if volume else ""
    suffix = row.get("s", "")
    return CitedItem(row["m"], row.get("f", "").strip(), label, page or volume, suffix.rstrip(), "n" in row)


def _mark(cluster: Cluster, insertions: list[str], found: WordCitations) -> Any:
    """The run that stands for a cluster while mammoth reads the document."""
    run = text_run(marks.INSERTION.format(len(insertions)))
    number = len(found.clusters)
    insertions.append(f'<span class="cluster" id="cluster-{number}">{escape(cluster.text, quote=False)}</span>')
    found.clusters.append(cluster)
    return run


def _remove_heading(manuscript: Manuscript, block: Any) -> None:
    """Removes and records the heading directly before a list of works."""
    before = block.getprevious() if block is not None else None
    if before is None or before.tag != w("p"):
        return
    text = _text(before).strip()
    if _HEADING.fullmatch(text.rstrip(":")):
        manuscript.remove(BIBLIOGRAPHY, text)
        before.getparent().remove(before)


def _text(element: Any) -> str:
    return "".join(text.text or "" for text in element.iter(w("t")))


def _report(manuscript: Manuscript, text: str) -> None:
    hint = "update the citations with the program that made them, and save the document again"
    message = f"the data of a citation in the Word document cannot be read; its words are kept: {text[:60]}"
    manuscript.report(Code.WORD_PARTIAL, message, hint=hint)

"""Folios and running heads: drawn when the page counts are known, from the theme's own margin boxes, as artifacts.

An empty document with one page for each page of the brief renders just those boxes (`running.css`), so that an
article that grows by a page does not touch the sheets behind it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace

from publisher.store.fingerprints import fingerprint
from publisher.text.languages import direction
from publisher.writers.pdf.typeset import Sheet, page_sheets
from publisher.writers.themes import Theme


@dataclass(frozen=True)
class RunningHead:
    """What the margins of one page say.

    `kind` is `first`, `part` (it opens a section), `opens` (an article begins at its top), `text`,
    `turned` (the page lies on its side) or `blank`.
    """

    kind: str
    edition: str
    head: str
    folio: str


@dataclass(frozen=True)
class RunningJob:
    theme: Theme
    paper: str
    lang: str
    heads: tuple[RunningHead, ...]
    name: str = "running"

    @property
    def fingerprint(self) -> str:
        """The same only where what is drawn is the same."""
        return fingerprint("running", self.theme.digest, self.paper, self.lang, self.heads)

    @property
    def words(self) -> int:
        """How much there is to set, about."""
        return 40 * len(self.heads)


def shortened(text: str, most: int) -> str:
    """A headline cut after a word, a wide character counted as two.

    CSS could cut it (`text-overflow`), but the sign it puts there carries the words that are not shown into the file's text.
    """
    width = 0
    for at, char in enumerate(text):
        width += 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if width > most:
            kept = text[:at].rpartition(" ")[0] if " " in text[:at] else text[: at - 1]
            return kept.rstrip(" ,;:–—-") + "…"
    return text


def draw_running_heads(job: RunningJob) -> Sheet:
    """As many pages as there are heads, nothing on them but the margin boxes."""
    from publisher.writers.pdf import engine

    heads = [replace(one, head=shortened(one.head, job.theme.settings.head)) for one in job.heads]
    xhtml = job.theme.render("running.xhtml.j2", lang=job.lang, heads=heads)
    mirrored = ("running-rtl.css",) if direction(job.lang) == "rtl" else ()
    with engine.logged_warnings(), engine.gc_disabled():
        document = engine.render(xhtml, job.theme, job.paper, {}, *page_sheets(job.lang), "running.css", *mirrored)
        pdf, faces = engine.write_pdf_without_fonts(document, job.theme, pdf_identifier=b"running")
        return Sheet(job.name, pdf, len(document.pages), {}, faces=faces)

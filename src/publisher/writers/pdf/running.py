"""Page numbers and running heads: drawn from the theme's margin boxes when the page counts are known, as artifacts.

They are rendered as an empty document with one page for each page of the brief, which has only these boxes
(`running.css`). So an article that grows by a page does not change the sheets behind it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace

from publisher.store.fingerprints import fingerprint
from publisher.text.languages import direction
from publisher.writers.pdf.layout import page_style_sheets
from publisher.writers.pdf.sheet import Sheet, SheetFile
from publisher.writers.themes import Theme


@dataclass(frozen=True)
class RunningHead:
    """The text in the margins of one page.

    `kind` is `first`, `part` (a section begins on the page), `opens` (an article begins at its top), `text`,
    `turned` (the page is in landscape) or `blank`.
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
        """A key for the cache: equal only for jobs that draw the same pages."""
        return fingerprint("running", self.theme.digest, self.paper, self.lang, self.heads)

    @property
    def words(self) -> int:
        """The approximate size of the job, as a number of words."""
        return 40 * len(self.heads)


def shortened(text: str, limit: int) -> str:
    """A headline cut after a word; a wide character counts as two.

    CSS could cut it (`text-overflow`), but then the hidden words would still be in the text of the PDF.
    """
    width = 0
    for index, char in enumerate(text):
        width += 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if width > limit:
            beginning = text[:index].rpartition(" ")[0] if " " in text[:index] else text[: index - 1]
            return beginning.rstrip(" ,;:–—-") + "…"
    return text


def draw_running_heads(job: RunningJob) -> Sheet:
    """One page for each running head, with only the margin boxes on it."""
    from publisher.writers.pdf import engine
    from publisher.writers.pdf.written_fonts import write_without_fonts

    heads = [replace(entry, head=shortened(entry.head, job.theme.settings.head)) for entry in job.heads]
    xhtml = job.theme.render("running.xhtml.j2", lang=job.lang, heads=heads)
    rtl_styles = ("running-rtl.css",) if direction(job.lang) == "rtl" else ()
    with engine.logged_warnings(), engine.gc_disabled():
        document = engine.render(xhtml, job.theme, job.paper, {}, *page_style_sheets(job.lang), "running.css", *rtl_styles)
        written = write_without_fonts(document, job.theme, pdf_identifier=b"running")
        missing = engine.characters_without_glyph(xhtml, job.theme)
        return Sheet(
            job.name,
            (SheetFile(written.data, written.faces),),
            len(document.pages),
            {},
            missing=missing,
            system_fonts=written.system_fonts,
        )

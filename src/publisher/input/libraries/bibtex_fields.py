"""The types and fields of BibTeX and BibLaTeX and what they are in CSL (biblatex manual 3.14, 2.1 and 2.2)."""

from __future__ import annotations

# fmt: off
TYPES = {
    "article": "article-journal", "periodical": "article-journal", "suppperiodical": "article-journal",
    "book": "book", "mvbook": "book", "booklet": "pamphlet", "collection": "book", "mvcollection": "book", "proceedings": "book",
    "mvproceedings": "book", "reference": "book", "mvreference": "book", "manual": "book",
    "inbook": "chapter", "incollection": "chapter", "bookinbook": "chapter", "suppbook": "chapter", "suppcollection": "chapter",
    "inreference": "entry-encyclopedia", "inproceedings": "paper-conference", "conference": "paper-conference",
    "mastersthesis": "thesis", "phdthesis": "thesis", "thesis": "thesis", "techreport": "report", "report": "report",
    "online": "webpage", "electronic": "webpage", "www": "webpage", "unpublished": "manuscript", "misc": "document",
    "dataset": "dataset", "software": "software", "patent": "patent", "map": "map", "audio": "song", "music": "song",
    "video": "motion_picture", "movie": "motion_picture", "image": "graphic", "artwork": "graphic", "performance": "performance",
    "letter": "personal_communication", "legislation": "legislation", "legal": "treaty", "jurisdiction": "legal_case",
    "standard": "standard", "review": "review", "newsarticle": "article-newspaper",
}
# By `entrysubtype`, of the type that is named.
SUBTYPES = {
    ("article", "magazine"): "article-magazine", ("article", "newspaper"): "article-newspaper",
    ("misc", "software"): "software", ("misc", "webpage"): "webpage",
}
# Texts, under their names in CSL; of several the first that has a value.
TEXTS = {
    "title-short": ("shorttitle",), "publisher": ("publisher", "institution", "school", "organization"),
    "publisher-place": ("location", "address"), "edition": ("edition",), "volume": ("volume",), "number-of-volumes": ("volumes",),
    "issue": ("issue",), "chapter-number": ("chapter",), "collection-number": (), "genre": (), "number": (),
    "event-title": ("eventtitle",), "event-place": ("venue",), "note": ("note", "addendum"), "abstract": ("abstract",),
    "annote": ("annotation", "annote"), "keyword": ("keywords",),
    "version": ("version",), "medium": (), "archive": ("eprinttype",),
    "number-of-pages": ("pagetotal",), "status": ("pubstate",), "language": ("langid", "hyphenation"), "section": ("part",),
    "call-number": ("library",), "dimensions": ("dimensions",),
}
VERBATIM = {"URL": ("url",), "DOI": ("doi",), "ISBN": ("isbn",), "ISSN": ("issn",), "PMID": ("pmid",), "PMCID": ("pmcid",)}
NAMES = {
    "author": "author", "editor": "editor", "translator": "translator", "container-author": "bookauthor", "director": "director",
    "original-author": "origauthor", "composer": "composer", "illustrator": "illustrator", "recipient": "recipient",
}
DATES = {"accessed": "urldate", "event-date": "eventdate", "original-date": "origdate"}
EDITOR_TYPES = {"compiler": "compiler", "director": "director", "organizer": "organizer", "producer": "producer"}
GENRES = {
    "phdthesis": "PhD diss.", "mastersthesis": "Master’s thesis", "techreport": "Technical report", "phdthes": "PhD diss.",
    "mathesis": "Master’s thesis", "techrep": "Technical report", "resreport": "Research report",
    "candthesis": "Candidate thesis",
}
LANGUAGES = {
    "american": "en-US", "english": "en-US", "usenglish": "en-US", "british": "en-GB", "ukenglish": "en-GB", "canadian": "en-CA",
    "australian": "en-AU", "german": "de-DE", "ngerman": "de-DE", "austrian": "de-AT", "naustrian": "de-AT",
    "swissgerman": "de-CH",
    "french": "fr-FR", "francais": "fr-FR", "spanish": "es-ES", "italian": "it-IT", "portuguese": "pt-PT", "brazilian": "pt-BR",
    "brazil": "pt-BR", "dutch": "nl-NL", "polish": "pl-PL", "turkish": "tr-TR", "ukrainian": "uk-UA", "russian": "ru-RU",
    "arabic": "ar", "hebrew": "he-IL", "chinese": "zh-CN", "japanese": "ja-JP", "czech": "cs-CZ", "danish": "da-DK",
    "swedish": "sv-SE", "finnish": "fi-FI", "greek": "el-GR", "hungarian": "hu-HU", "norsk": "nb-NO", "latin": "la",
}
# Fields that an entry takes over from the one that it names with `crossref`, under another name (biblatex manual, appendix B).
INHERITED = {
    "booktitle": ("title", "maintitle"), "booksubtitle": ("subtitle",), "booktitleaddon": ("titleaddon",),
    "bookauthor": ("author",),
}
NOT_INHERITED = frozenset(
    {"title", "subtitle", "titleaddon", "shorttitle", "author", "crossref", "xref", "xdata", "label", "keywords", "ids",
     "options", "entryset", "execute", "presort", "sortkey", "related", "relatedtype", "abstract", "annotation", "indextitle"}
)
# fmt: on
EPRINTS = {
    "arxiv": "https://arxiv.org/abs/{}",
    "pubmed": "https://pubmed.ncbi.nlm.nih.gov/{}/",
    "jstor": "https://www.jstor.org/stable/{}",
    "hdl": "https://hdl.handle.net/{}",
}

"""publisher.toml, and the sidecar beside a manuscript, as typed models."""

from __future__ import annotations

import datetime
from dataclasses import fields, replace
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, create_model, field_validator

from publisher.build.edition_day import zone_of
from publisher.build.feed_addresses import checked_feed_address
from publisher.build.planned import PlannedOutput
from publisher.build.release_table import ReleaseTable
from publisher.build.since import ALL, LAST
from publisher.build.theme_table import Table as _Table
from publisher.build.theme_table import ThemeTable
from publisher.model.addresses import outside_address
from publisher.model.edition import Certifier, Imprint
from publisher.model.limits import Limits
from publisher.model.metadata import Hold, Metadata
from publisher.model.papers import Paper
from publisher.model.sources import Source
from publisher.text.citation_styles import DEFAULT_STYLE

Day = datetime.date


def _since(value: Any) -> Any:
    """A day, LAST or ALL. Other words are days by now (placeholders.written_out)."""
    if value in (LAST, ALL) or type(value) is datetime.date:
        return value
    raise ValueError('must be a day such as 2022-05-10, or "last", "all", "yesterday" or "today"')


Since = Annotated[Any, BeforeValidator(_since)]


class SourceTable(_Table):
    """`source = { … }`: where an article first appeared."""

    publication: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    url: str = ""
    date: Day | None = None
    accessed: Day | None = None
    archived: str = ""
    archived_date: Day | None = None
    doi: str = ""
    license: str = ""
    descriptor: str = ""  # what kind of source it is, and how good (ICS 206-01)
    credibility: str = ""
    ai_use: str = ""  # what in it was written by a machine


class ArticleTable(_Table):
    """What a sidecar may say of its manuscript, and the manifest of an article."""

    title: str = ""
    subtitle: str = ""
    author: str = ""
    authors: tuple[str, ...] = ()
    date: Day | None = None
    lang: str = ""
    description: str = ""
    summary: str = ""  # for the front page
    publisher: str = ""
    rights: str = ""
    url: str = ""
    slug: str = Field(default="", pattern=r"^([a-z0-9]+(-[a-z0-9]+)*)?$")
    hold: bool | None = None  # true: must not be published; false: may be, whatever the copy says
    source: SourceTable = SourceTable()

    def metadata(self) -> Metadata:
        values = self.model_dump(exclude={"author", "path", "source", "since", "most", "hold"})
        values["authors"] = self.authors or ((self.author,) if self.author else ())
        hold = None if self.hold is None else Hold("on hold", released=not self.hold)
        return Metadata(**values, hold=hold, source=Source(**self.source.model_dump()))


class ListedArticle(ArticleTable):
    """An entry of `articles`: a path, a folder or a pattern, and what is given for it here.

    Of it only the articles `since` then are taken, at most `most` of them.
    """

    path: str
    since: Since | None = None
    most: int | None = Field(default=None, ge=1)


class ListedFeed(ArticleTable):
    """An entry of `feeds`: an address, which `publisher fetch` asks, and what is given here for the articles of the feed.

    `since` and `most` are as in ListedArticle.
    """

    url: str
    since: Since | None = None
    most: int | None = Field(default=None, ge=1)

    @field_validator("url")
    @classmethod
    def _feed_address(cls, value: str) -> str:
        return checked_feed_address(value)

    def metadata(self) -> Metadata:
        """What is given for the articles; the address is that of the feed, not theirs."""
        return replace(super().metadata(), url="")


class SectionTable(_Table):
    """`[[section]]`: `since`, `sort` and `most` choose among all its articles, in this order."""

    title: str = ""
    articles: tuple[ListedArticle, ...] = ()
    feeds: tuple[ListedFeed, ...] = ()
    since: Since | None = None
    sort: Literal["listed", "newest", "oldest", "title"] = "listed"
    most: int | None = Field(default=None, ge=1)

    @field_validator("articles", "feeds", mode="before")
    @classmethod
    def _entries(cls, value: Any, info: ValidationInfo) -> Any:
        if not isinstance(value, list):
            return value
        key = "path" if info.field_name == "articles" else "url"
        return tuple({key: entry} if isinstance(entry, str) else entry for entry in value)


class CertifierTable(_Table):
    """`[edition.certifier]`: who says that the book is accessible."""

    name: str = Field(min_length=1)
    credential: str = ""
    report: str = ""

    @field_validator("report")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not outside_address(value):
            raise ValueError("must be a whole address (https://…)")
        return outside_address(value)


class EditionTable(_Table):
    """`[edition]`: the imprint."""

    title: str = Field(min_length=1)
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    language: str = Field(default="en", pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    date: Day | None = None
    timezone: str = "UTC"
    since: Since | None = None  # for all sections that do not say otherwise
    identifier: str = ""
    publisher: str = ""
    rights: str = ""
    description: str = ""
    lead: str = ""  # a few sentences above the contents
    keywords: tuple[str, ...] = ()
    series: str = ""
    number: int | None = Field(default=None, ge=1)  # in the series
    certifier: CertifierTable | None = None
    logo: str = ""  # the path of an image
    cover_image: str = ""  # likewise
    contact: str = ""  # lines of the colophon
    about: str = ""
    on_error: Literal["stop", "skip"] = "stop"  # skip: articles with errors are left out, the rest is published

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        zone_of(value)
        return value


def _limit_fields() -> dict[str, Any]:
    """The fields of Limits as pydantic's: type, default and bounds."""
    return {
        limit.name: (int, Field(default=limit.default, ge=limit.metadata["least"], le=limit.metadata["most"]))
        for limit in fields(Limits)
    }


# `[limits]`: what is left out is as in Limits.
LimitsTable: Any = create_model("LimitsTable", __base__=_Table, **_limit_fields())


class SourcesTable(_Table):
    notes: Literal["foot", "end", "auto"] = "auto"
    style: str = DEFAULT_STYLE  # a name in the table of citation styles, of a style of CSL that is shipped, or a path (.csl)
    bibliography: tuple[str, ...] = ()  # citation libraries

    @field_validator("bibliography", mode="before")
    @classmethod
    def _paths(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    numbering: Literal["article", "edition"] = "article"  # where notes begin with 1
    list: Literal["article", "name", "none"] = "article"  # the order of the list of sources


class InputsTable(_Table):
    allow: tuple[str, ...] = ()  # more folders whose files manuscripts may name


class OutputTable(_Table):
    theme: str = ""  # that of `[theme]`, else brief
    paper: Paper | None = None  # that of `[theme]`, else the theme's
    variant: Literal["pdf/ua-1+a-3a", "pdf/ua-1"] = "pdf/ua-1+a-3a"
    pages: str = ""  # the PDF, another output, whose page numbers an e-book carries

    def planned(self) -> PlannedOutput:
        return PlannedOutput(**self.model_dump())


class Manifest(_Table):
    """One edition; paths as written, relative to the manifest."""

    edition: EditionTable
    section: tuple[SectionTable, ...] = ()
    sources: SourcesTable = SourcesTable()
    inputs: InputsTable = InputsTable()
    theme: ThemeTable = ThemeTable()
    limits: LimitsTable = LimitsTable()
    outputs: dict[str, OutputTable] = Field(default_factory=dict)
    release: ReleaseTable = ReleaseTable()
    profile: dict[str, dict[str, Any]] = Field(default_factory=dict, exclude=True)

    def imprint(self) -> Imprint:
        """The imprint without its images, which are files."""
        values = self.edition.model_dump(exclude={"on_error", "logo", "cover_image", "timezone", "since"})
        certifier = values.pop("certifier")
        return Imprint(**values, certifier=Certifier(**certifier) if certifier else None)

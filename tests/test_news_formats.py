"""NITF, NewsML-G2 and ninjs: one example for each rule."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from publisher.build.ingest import articles_of
from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.markup import xhtml
from publisher.model.metadata import Metadata
from tests.reader_samples import PROSE, article, rules


def nitf(head: str = "", body_head: str = "", content: str = f"<p>{PROSE}</p>", attributes: str = "") -> Metadata:
    body = f"<body><body.head>{body_head}</body.head><body.content>{content}</body.content></body>"
    return article("a.xml", f"<nitf {attributes}><head>{head}</head>{body}</nitf>").metadata


def test_what_a_story_in_nitf_says_of_itself() -> None:
    head = '<title>Head</title><docdata><date.issue norm="20260312"/><doc.copyright year="2026" holder="Wire"/></docdata>'
    names = "<byline><person>Mara Ennis</person><person>Pim Dole</person> by both</byline>"
    found = nitf(
        head,
        f"<hedline><hl1>Gate</hl1></hedline>{names}<distributor>D <org>Wire</org>"
        "</distributor><dateline>LOCK</dateline><abstract>Barges.</abstract>",
        attributes='xml:lang="de"',
    )
    assert (found.title, found.authors, str(found.date), found.dateline) == (
        "Gate",
        ("Mara Ennis", "Pim Dole"),
        "2026-03-12",
        "LOCK",
    )
    assert (found.lang, found.description, found.publisher, found.rights) == ("de", "Barges.", "Wire", "© 2026 Wire")
    assert (found.source.publication, found.source.title, found.source.authors) == ("Wire", "Gate", ("Mara Ennis", "Pim Dole"))
    found = nitf(head, "<byline>By Mara Ennis<byttl>Writer</byttl></byline><distributor>Wire</distributor><rights>All</rights>")
    assert (found.title, found.authors, found.publisher) == ("Head", ("Mara Ennis",), "Wire")
    assert nitf("", "<headline><hl1>Old</hl1></headline><rights>All</rights>").title == "Old"
    assert nitf("<docdata><doc.copyright year='2026'/></docdata>", "<rights>All</rights>").rights == "All"
    assert nitf("<docdata><doc.copyright holder='Wire'/></docdata>", "<rights>All</rights>").rights == "© Wire"
    assert not nitf("", "<hedline><hl1>Gate</hl1></hedline>").source


def newsml(item_meta: str = "", content_meta: str = "", rights: str = "", content: str = "", attributes: str = "") -> Metadata:
    content = content or f'<inlineData contenttype="text/plain">{PROSE}</inlineData>'
    parts = f"<rightsInfo>{rights}</rightsInfo><itemMeta>{item_meta}</itemMeta><contentMeta>{content_meta}</contentMeta>"
    return article("a.xml", f"<newsItem {attributes}>{parts}<contentSet>{content}</contentSet></newsItem>").metadata


def test_what_an_item_in_newsml_says_of_itself() -> None:
    rights = (
        "<copyrightHolder><name>Holder</name></copyrightHolder><copyrightNotice>"
        "© Wire</copyrightNotice><usageTerms>For readers.</usageTerms>"
    )
    meta = (
        "<headline>Gate</headline><headline>Early</headline><creator><name>Mara Ennis</name></creator><creator>Pim Dole</creator>"
    )
    meta += (
        "<located><name>Upper Lock</name></located><language tag='fr'/>"
        "<description>Barges.</description><description>Mills.</description>"
    )
    dates = (
        "<provider><name>Wire</name></provider><firstCreated>"
        "2026-03-11T08:00:00Z</firstCreated><versionCreated>2026-03-12</versionCreated>"
    )
    found = newsml(dates, meta + "<contentCreated>2026-03-10</contentCreated>", rights)
    assert (found.title, found.subtitle, found.authors, str(found.date)) == (
        "Gate",
        "Early",
        ("Mara Ennis", "Pim Dole"),
        "2026-03-11",
    )
    assert (found.dateline, found.lang, found.description, found.publisher) == ("Upper Lock", "fr", "Barges.", "Wire")
    assert found.rights == "© Wire For readers." and found.source.title == "Gate" and found.source.publication == "Wire"
    found = newsml(
        "<versionCreated>2026-03-12</versionCreated><title>Item</title>",
        "<slugline>slug</slugline><contentCreated>2026-03-10</contentCreated>",
        rights,
        attributes='xml:lang="de"',
    )
    assert (found.title, str(found.date), found.publisher, found.lang) == ("Item", "2026-03-10", "Holder", "de")
    found = newsml("<versionCreated>2026-03-12</versionCreated>", "<slugline>slug</slugline>")
    assert (found.title, str(found.date)) == ("slug", "2026-03-12") and not found.source


@pytest.mark.parametrize("status", ["usable", "Usable", ""])
def test_a_usable_item_is_no_message(status: str) -> None:
    for name, text in {
        "a.xml": f"<newsItem><itemMeta><pubStatus qcode='stat:{status}'/>"
        "</itemMeta><contentMeta><headline>G</headline></contentMeta></newsItem>",
        "a.json": json.dumps({"uri": "x", "headline": "Gate", "body_text": PROSE, "pubstatus": status, "embargoed": ""}),
    }.items():
        manuscript = Manuscript(Path(name), text.encode(), name)
        assert articles_of(manuscript) and not manuscript.diagnostics


def ninjs(**item: object) -> Article:
    return article("a.json", json.dumps({"uri": "urn:x", "body_text": PROSE, **item}))


def test_what_an_item_in_ninjs_says_of_itself() -> None:
    found = ninjs(
        uri="https://example.org/7",
        headlines=[{"role": "sub", "value": "Sub"}, {"role": "text", "value": "Gate"}],
        by="By Mara Ennis",
        firstcreated="2026-03-11",
        versioncreated="2026-03-12",
        located="Upper Lock",
        language="de",
        copyrightholder="Wire",
        copyrightnotice="© Wire",
        usageterms="For readers.",
    )
    data = found.metadata
    assert (data.title, data.authors, str(data.date), data.dateline, data.lang) == (
        "Gate",
        ("Mara Ennis",),
        "2026-03-11",
        "Upper Lock",
        "de",
    )
    assert (data.publisher, data.rights, data.url, data.source.url) == (
        "Wire",
        "© Wire For readers.",
        "https://example.org/7",
        "https://example.org/7",
    )
    assert rules(found) == {"Sub": "another headline"}
    assert ninjs(headlines=[{"role": "sub", "value": "Sub"}]).metadata.title == "Sub"
    assert ninjs(title="T", slugline="S").metadata.title == "T" and ninjs(slugline="S").metadata.title == "S"
    assert ninjs(headline="H", copyrightholder="Wire").metadata.rights == "Wire"
    assert str(ninjs(headline="H", versioncreated="2026-03-12", contentcreated="2026-03-13").metadata.date) == "2026-03-12"
    assert str(ninjs(headline="H", contentcreated="2026-03-13").metadata.date) == "2026-03-13"
    assert not ninjs(headline="H").metadata.source and ninjs(headline="H").metadata.url == ""


@pytest.mark.parametrize(
    "names",
    [
        ("main", "hires"),
        ("hires", "high"),
        ("high", "original"),
        ("original", "preview"),
        ("preview", "small"),
        ("small", "thumbnail"),
        ("thumbnail", "x"),
    ],
)
def test_the_best_rendition_of_an_image(names: tuple[str, str]) -> None:
    for renditions in (
        {name: {"href": f"{name}.png"} for name in reversed(names)},
        [{"title": name.upper(), "href": f"{name}.png"} for name in reversed(names)],
    ):
        manuscript = Manuscript(
            Path("a.json"),
            json.dumps({"uri": "x", "headline": "Gate", "type": "picture", "renditions": renditions}).encode(),
            "a.json",
        )
        articles_of(manuscript)
        assert [diagnostic.message for diagnostic in manuscript.diagnostics] == [f"image not found: {names[0]}.png"]


def newsml1(component: str, item: str = "", **attributes: str) -> list[Article]:
    listed = "".join(f' {name}="{value}"' for name, value in attributes.items())
    text = f'<NewsML Version="1.2"><NewsItem{listed}>{item}<NewsComponent>{component}</NewsComponent></NewsItem></NewsML>'
    return list(articles_of(Manuscript(Path("a.xml"), text.encode(), "a.xml")))


def content(text: str, item: str = "") -> str:
    return f"<ContentItem>{item}<DataContent>{text}</DataContent></ContentItem>"


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        (PROSE, f"<p>{PROSE}</p>"),
        (f"{PROSE}\n\nIt was so.", "<p>It was so.</p>"),
        (f"<p>{PROSE}</p>", f"<p>{PROSE}</p>"),
        (f'<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{PROSE}</p></body></html>', f"<p>{PROSE}</p>"),
        (f"<![CDATA[<p>{PROSE}</p>]]>", f"<p>{PROSE}</p>"),
        (f"&lt;p&gt;{PROSE}&lt;/p&gt;", f"<p>{PROSE}</p>"),
        (f"<nitf><body><body.content><p>{PROSE}</p></body.content></body></nitf>", f"<p>{PROSE}</p>"),
        ("<levels><level>Upper 2.10</level></levels>", "<li>Upper 2.10</li>"),
    ],
)
def test_texts_in_newsml_1(text: str, markup: str) -> None:
    (found,) = newsml1(f"<NewsLines><HeadLine>Gate</HeadLine></NewsLines>{content(text)}")
    assert markup in xhtml(found.root) and found.metadata.title == "Gate"


def test_what_an_item_in_newsml_1_says_of_itself() -> None:
    item = (
        "<Identification><NewsIdentifier><DateId>20260311</DateId><PublicIdentifier>urn:k:7</PublicIdentifier></NewsIdentifier>"
        "<NameLabel>lock</NameLabel></Identification><NewsManagement><Status FormalName='Embargoed'/>"
        "<Instruction>Check the hour.</Instruction></NewsManagement>"
    )
    parties = "<Provider><Party FormalName='Wire'/></Provider><Creator><Party FormalName='Mara Ennis'/></Creator>"
    metadata = f"<AdministrativeMetadata>{parties}</AdministrativeMetadata>"
    language = "<DescriptiveMetadata><Language FormalName='de'/></DescriptiveMetadata>"
    lines = "<NewsLines><HeadLine>Gate</HeadLine><CopyrightLine>© Wire</CopyrightLine><RightsLine>All</RightsLine></NewsLines>"
    (found,) = newsml1(f"{lines}{metadata}{language}{content(PROSE)}", item)
    data = found.metadata
    assert (data.authors, str(data.date), data.publisher, data.lang) == (("Mara Ennis",), "2026-03-11", "Wire", "de")
    assert (data.rights, data.identity, data.slugline) == ("© Wire All", "urn:k:7", "lock")
    assert data.advisories == ("Check the hour.",) and data.hold is not None and data.hold.reason == "embargoed"
    (found,) = newsml1(metadata.replace("Wire", "4711").replace("Mara Ennis", "desk") + content(PROSE))
    assert (found.metadata.publisher, found.metadata.authors) == ("", ())


def test_a_photo_of_newsml_1_that_cannot_be_decoded_has_a_placeholder() -> None:
    photo = (
        "<NewsComponent><ContentItem><MediaType FormalName='Photo'/><Encoding Notation='Base64'><DataContent>A</DataContent>"
        "</Encoding></ContentItem></NewsComponent>"
    )
    text = f"<NewsComponent>{content(PROSE)}</NewsComponent>"
    (found,) = newsml1(f"<NewsLines><HeadLine>Gate</HeadLine></NewsLines>{text}{photo}")
    assert "missing-image" in xhtml(found.root) and PROSE in xhtml(found.root)


def test_each_headline_with_a_text_is_a_story_of_newsml_1() -> None:
    stories = [
        f"<NewsComponent><NewsLines><HeadLine>{name}</HeadLine></NewsLines>{content(f'{name}. {PROSE}')}</NewsComponent>"
        for name in ("Gate", "Mill")
    ]
    assert [found.metadata.title for found in newsml1("".join(stories))] == ["Gate", "Mill"]
    both = f"<NewsLines><HeadLine>River</HeadLine></NewsLines><NewsComponent>{content('One.')}</NewsComponent>"
    (found,) = newsml1(f"{both}<NewsComponent>{content('Two.')}</NewsComponent>")
    assert "<p>One.</p>" in xhtml(found.root) and "<p>Two.</p>" in xhtml(found.root)


@pytest.mark.parametrize(
    ("dateline", "written"),
    [
        ("<location>Lock</location><story.date norm='20260317'>20260317T0800Z</story.date>", "Lock, March 17, 2026"),
        ("<location>Lock</location><story.date norm='20260317'/>", "Lock, March 17, 2026"),
        ("<location>Lock</location>, <story.date norm='20260317'>March 17</story.date>", "Lock, March 17"),
        ("LOCK, Kalyra, <story.date>17 March</story.date> (KWS)", "LOCK, Kalyra, 17 March (KWS)"),
        ("<location><city>Lock</city><country>Kalyra</country></location>", "Lock, Kalyra"),
        ("LOCK", "LOCK"),
    ],
)
def test_the_dateline_of_nitf_has_a_written_date(dateline: str, written: str) -> None:
    assert nitf("", f"<dateline>{dateline}</dateline>").dateline == written

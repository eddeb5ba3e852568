"""Wire copy: one example for each rule."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest

from publisher.build.ingest import articles_of
from publisher.input.manuscript import Manuscript
from publisher.model.markup import xhtml
from tests.reader_samples import PROSE, SECOND, article, listed, rules, wire


@pytest.mark.parametrize(
    "slug",
    [
        "BC-LOCK-Gate",
        "LOCK-GATE/ (UPDATE 2)",
        "a1-lock-gate, 2nd Ld",
        "a1-lock-gate, 4th Ld",
        "LOCK Ld-Writethru",
        "bc-lock-gate",
        "BC-KY--Lock-Gate, 1st Ld-Writethru,0240",
        "AM-Lock-Gate, Bjt",
        "Lock-gate-spring",
    ],
)
def test_a_slug_above_the_headline_is_recorded_as_one(slug: str) -> None:
    found = wire(slug, "Gate opens early", PROSE, SECOND)
    assert found.metadata.title == "Gate opens early" and rules(found) == {slug: "slug"}


@pytest.mark.parametrize("take", ["2nd take of the gate", "3 take", "take 2", "ZCZC KWS0012"])
def test_the_number_of_a_take_is_recorded_as_a_slug(take: str) -> None:
    assert rules(wire(take, "Gate opens early", PROSE, SECOND)) == {take: "slug"}


def test_a_headline_with_a_hyphen_is_no_slug() -> None:
    assert wire("Spring-opening of the gate", PROSE, SECOND).metadata.title == "Spring-opening of the gate"


@pytest.mark.parametrize(
    "end",
    [
        *(
            "-30-",
            "— 30 —",
            "30",
            "-0-",
            "ENDS",
            "Ends",
            "END",
            "(END)",
            "-ends-",
            "- ENDS -",
            "*** Ends ***",
            "// ends",
            "[END]",
        ),
        *("ENDE", "(Ende)", "FIN", "- fin -", "##", "###", "# # #", "NNNN", "MORE", "(MORE)", "--MORE--", "(more)", "[END]"),
        *("me/pd", "me/pd/il"),
    ],
)
def test_a_mark_at_the_end_is_recorded_as_one(end: str) -> None:
    found = wire("Gate opens early", PROSE, SECOND, end)
    assert rules(found) == {end: "end mark"} and end not in xhtml(found.root)


@pytest.mark.parametrize("end", ["-ends-", "- ENDS -", "###", "# # #", "-30-", "(more)"])
def test_a_mark_above_notes_of_a_press_office_is_no_text(end: str) -> None:
    found = wire("Gate opens early", PROSE, f"{SECOND}\n{end}", "Contact: Mara Ennis, press office")
    assert rules(found) == {end: "end mark"} and "<p>Contact: Mara Ennis" in xhtml(found.root)


@pytest.mark.parametrize("line", ["end", "The end", "fin", "more", "We want more", "km/h of", "30 gates", "- more barges"])
def test_words_that_are_no_end_mark(line: str) -> None:
    assert not rules(wire("Gate opens early", PROSE, SECOND, line))


@pytest.mark.parametrize("start", ["Reporting", "Additional reporting", "Writing", "Editing", "Compiled"])
def test_credits_in_parentheses_end_a_story(start: str) -> None:
    credit = f"({start} by Mara Ennis)"
    assert f'<p class="credit">{credit}</p>' in xhtml(wire("Gate opens early", PROSE, SECOND, credit, "###").root)


@pytest.mark.parametrize(
    "line",
    [
        "Pim Dole contributed to this report.",
        "Pim Dole reported from Port Kalyra.",
        "Pim Dole was reporting from Port Kalyra",
        "Writing by Pim Dole",
        "Editing by Pim Dole",
        "Reporting by Pim Dole",
        "Staff writer Pim Dole was at the lock.",
        "Staff reporters were at the lock.",
        "Staff journalist Pim Dole was at the lock.",
    ],
)
def test_lines_under_the_last_rule_are_credits(line: str) -> None:
    found = wire("Gate opens early", PROSE, SECOND, "___", line, line)
    assert xhtml(found.root).count(f'<p class="credit">{line}</p>') == 2 and rules(found) == {"___": "rule above the credits"}


def test_a_rule_before_prose_stays_a_rule() -> None:
    for rule in ("___", "* * *", "****"):
        tree = xhtml(wire("Gate opens early", PROSE, rule, SECOND).root)
        assert "<hr/>" in tree and "credit" not in tree


@pytest.mark.parametrize(
    "line",
    [
        "Notizblock",
        "## Notizblock",
        "This part is not for publication",
        "Nicht zur Veröffentlichung bestimmt",
        "Avis de fin de service",
    ],
)
def test_what_is_not_for_publication_is_removed_to_the_end(line: str) -> None:
    found = wire("Gate opens early", PROSE, SECOND, line, "Call the desk.", "* * *")
    assert set(rules(found).values()) == {"to editors, not for publication"} and "desk" not in xhtml(found.root)
    assert "Call the desk." in rules(found)


@pytest.mark.parametrize(
    ("word", "code"),
    [
        *((word, "embargo") for word in ("EMBARGO", "EMBARGOED until 6", "SPERRFRIST 6.00")),
        *((word, "not-usable") for word in ("WITHDRAWN", "HOLD", "HOLD: legal", "HOLD FOR THE DESK", "KILL", "KILLED - wrong")),
        *((word, "advisory") for word in ("CORRECTION", "CORRECTS hour", "CORRECTED", "EDS: new", "Eds: new", "EDITORS: new")),
        *(
            (word, "advisory")
            for word in ("ATTENTION EDITORS", "ATTENTION - new", "BERICHTIGUNG", "RECTIFICATIF", "ADVISORY: new")
        ),
        *((word, "advisory") for word in ("URGENT", "FLASH", "BULLETIN", "FLASH!")),
    ],
)
def test_a_line_to_editors_is_a_message_and_metadata(word: str, code: str) -> None:
    text = "\n\n".join([word, "Gate opens early", PROSE, SECOND])
    manuscript = Manuscript(Path("a.txt"), text.encode(), "a.txt")
    (found,) = articles_of(manuscript)
    assert found.metadata.advisories == (word,) and found.metadata.title == "Gate opens early"
    assert [(diagnostic.code.value, diagnostic.location.line) for diagnostic in manuscript.diagnostics] == [(code, 1)]


@pytest.mark.parametrize(
    "line", ["Hold the gate", "HOLD your horses", "KILLED, he said", "URGENT repairs at the weir", "EDSEL park opens"]
)
def test_a_headline_that_begins_like_a_line_to_editors(line: str) -> None:
    found = wire(line, PROSE, SECOND)
    assert found.metadata.advisories == (("KILLED, he said",) if line.startswith("KILLED") else ())


def test_lines_to_editors_also_stand_under_the_headline() -> None:
    found = wire("Gate opens early", "Eds: adds the hour", "CORRECTS HOUR", "By Mara Ennis", PROSE, SECOND)
    assert set(found.metadata.advisories) == {"Eds: adds the hour", "CORRECTS HOUR"} and found.metadata.authors == ("Mara Ennis",)


@pytest.mark.parametrize("by", listed("By BY Par Von Por Di Door Av Af Autor Autor: Yazan Yazan: Автор Автор: Від От"))
def test_the_byline_of_wire_copy(by: str) -> None:
    found = wire("Gate opens early", f"{by} Mara Ennis", PROSE, SECOND)
    assert found.metadata.authors == ("Mara Ennis",) and rules(found) == {f"{by} Mara Ennis": "byline, now in the header"}


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        *((f"By Mara Ennis {word} Pim Dole", ("Mara Ennis", "Pim Dole")) for word in listed("and et und y e &")),
        ("By Mara Ennis, Pim Dole and Ivo Lange", ("Mara Ennis", "Pim Dole", "Ivo Lange")),
        ("By MARA ENNIS", ("Mara Ennis",)),
        ("By M.J. DOLE", ("M.J. DOLE",)),
        ("By MARA MCENNIS", ("MARA MCENNIS",)),
        *((f"By Mara {word} Ennis", (f"Mara {word} Ennis",)) for word in ("de", "van", "von")),
        ("By Mara of Kalyra", ()),
        (f"By {'Mara ' * 13}", ()),
        ("By mara", ()),
    ],
)
def test_who_is_in_the_byline_of_wire_copy(line: str, authors: tuple[str, ...]) -> None:
    assert wire("Gate opens early", line, PROSE, SECOND).metadata.authors == authors


@pytest.mark.parametrize("last", ["Press", "News", "Agency", "Service", "Writer", "Writers", "Correspondent"])
def test_whom_the_author_writes_for_goes_with_the_byline(last: str) -> None:
    found = wire("Gate opens early", "By Mara Ennis", f"Kalyra River {last}", PROSE, SECOND)
    assert rules(found)[f"Kalyra River {last}"] == "who the author writes for"


def test_a_head_without_blank_lines_is_taken_apart() -> None:
    found = wire(f"Gate opens early\nBy Mara Ennis\nKalyra Press\nUPPER LOCK (KWS) — {PROSE}", SECOND, SECOND)
    assert (found.metadata.title, found.metadata.authors) == ("Gate opens early", ("Mara Ennis",))
    assert "Kalyra Press" in rules(found) and found.metadata.dateline == "UPPER LOCK (KWS)"
    found = wire(f"Gate opens early\nUPPER LOCK (KWS) — {PROSE}", SECOND, SECOND)
    assert found.metadata.title == "Gate opens early" and found.metadata.dateline == "UPPER LOCK (KWS)"


@pytest.mark.parametrize(
    ("start", "dateline"),
    [
        ("UPPER LOCK (KWS) — ", "UPPER LOCK (KWS)"),
        ("UPPER LOCK, Kalyra — ", "UPPER LOCK, Kalyra"),
        ("UPPER LOCK, March 12 (KWS) - ", "UPPER LOCK, March 12 (KWS)"),
        ("HAUTE-ÉCLUSE – ", "HAUTE-ÉCLUSE"),
        ("VAL D'ECLUSE -- ", "VAL D'ECLUSE"),
        ("ST. KALYRA — ", "ST. KALYRA"),
        ("UPPER LOCK/BRIDGE, Nov 3 (Reuters) - ", "UPPER LOCK/BRIDGE, Nov 3 (Reuters)"),
        ("Nov 3 (Reuters) - ", "Nov 3 (Reuters)"),
        ("UPPER LOCK (AP) _ ", "UPPER LOCK (AP)"),
        ("UPPER LOCK, 3 mar (EFE).- ", "UPPER LOCK, 3 mar (EFE)"),
        ("UPPER LOCK (dpa) - ", "UPPER LOCK (dpa)"),
        ("Upper Lock (dpa/tmn) – ", "Upper Lock (dpa/tmn)"),
        ("Upper Lock am Wehr (dpa-AFX) - ", "Upper Lock am Wehr (dpa-AFX)"),
        ("St. Kalyra (sda) - ", "St. Kalyra (sda)"),
        ("Upper Lock, 3 mars 2026 (AFP) - ", "Upper Lock, 3 mars 2026 (AFP)"),
        ("Upper Lock, March 3 (Xinhua) -- ", "Upper Lock, March 3 (Xinhua)"),
        ("(ANSA) - UPPER LOCK, 3 MAR - ", "(ANSA) - UPPER LOCK, 3 MAR"),
        ("Upper Lock (KWS) - ", ""),
        ("Upper Lock — ", ""),
        ("U — ", ""),
        ("UPPER LOCK ", ""),
    ],
)
def test_the_dateline_of_wire_copy(start: str, dateline: str) -> None:
    found = wire("Gate opens early", start + PROSE, SECOND)
    assert found.metadata.dateline == dateline
    assert ('<span class="dateline">' in xhtml(found.root)) is bool(dateline)


@pytest.mark.parametrize(
    ("line", "is_subheading"),
    [
        ("What the keepers say", True),
        ("Who opens the gate?", True),
        ("Price up 7%", True),
        ("1934 and after", True),
        ("The keepers (of the lock)", True),
        ("What the keepers say.", False),
        ("What the keepers say:", False),
        ("what the keepers say", False),
        ("“What the keepers say”", False),
        ("- What the keepers say", False),
        ("What the keepers say of the gate that was hung in the year before", False),
        ("What the keepers\nsay", False),
    ],
)
def test_a_line_between_prose_is_a_subheading_if_it_looks_like_one(line: str, is_subheading: bool) -> None:
    tree = xhtml(wire("Gate opens early", PROSE, line, SECOND, PROSE).root)
    assert ("<h2" in tree) is is_subheading


def test_a_subheading_needs_prose_on_both_sides() -> None:
    assert "<h2" not in xhtml(wire("Gate opens early", "One barge", "What the keepers say", SECOND, PROSE).root)
    assert "<h2" not in xhtml(wire("Gate opens early", PROSE, "What the keepers say", "One barge", PROSE).root)
    assert "<h2" not in xhtml(
        wire("Gate opens early", PROSE, "What the keepers of the lock say", "It was so at the time.", PROSE).root
    )
    assert ">What they say</h2>" in xhtml(wire("Gate opens early", PROSE, "- What they say -", SECOND).root)


@pytest.mark.parametrize(
    ("block", "markup"),
    [
        *((f"{mark} one\n{mark} two", "<ul><li>one</li><li>two</li></ul>") for mark in "*•·‣▪-"),
        ("* one", "<ul><li>one</li></ul>"),
        ("1. one\n2) two", "<ol><li>one</li><li>two</li></ol>"),
        ("3. one\n4. two", '<ol start="3"><li>one</li><li>two</li></ol>'),
        ("1. one\n3. two", "<p>1. one 3. two</p>"),
        ("1. one.", "<p>1. one.</p>"),
        ("As follows:\n* one\n* two", "<p>As follows:</p>\n<ul><li>one</li><li>two</li></ul>"),
        ("As follows:\n* one", "<p>As follows: * one</p>"),
        ("* one\n  more\n* two", "<ul><li>one more</li><li>two</li></ul>"),
        ("* one\nmore\n* two", "<p>* one more * two</p>"),
    ],
)
def test_lists_of_wire_copy(block: str, markup: str) -> None:
    assert markup in xhtml(wire("Gate opens early", PROSE, block, SECOND).root)


@pytest.mark.parametrize(
    ("block", "columns"),
    [
        ("Lock      Level\nUpper     2.10\nBridge    1.75", 2),
        ("Lock\tLevel\nUpper\t2.10\nBridge\t1.75", 2),
        ("          Level\nUpper     2.10\nBridge    1.75", 2),
        ("Lock      Level\n=====     =====\nUpper     2.10\nBridge    1.75", 2),
        ("Lock      Level\nUpper     2.10", 0),
        ("Lock      Level\nUpper     high\nBridge    low", 0),
        ("Lock      Level\nUpper     2.10\nBridge    1.75    x", 0),
        ("Lock\nUpper 2.10\nBridge 1.75", 0),
    ],
)
def test_tables_of_wire_copy(block: str, columns: int) -> None:
    tree = xhtml(wire("Gate opens early", PROSE, block, SECOND).root)
    assert tree.count("<tr>") == (3 if columns else 0) and tree.count("2.10") <= 1 and "=====</td>" not in tree


def test_a_headline_that_stands_twice_has_a_standfirst_between() -> None:
    found = wire("Gate opens early", "Barges pass at seven", "Gate Opens Early", PROSE, SECOND)
    assert found.metadata.subtitle == "Barges pass at seven" and rules(found) == {"Gate Opens Early": "repeated headline"}


@pytest.mark.parametrize("line", ["Gate opens early.", "Gate opens early:", "Gate opens early;", " ".join(["gate"] * 41)])
def test_a_line_that_is_no_headline(line: str) -> None:
    manuscript = Manuscript(Path("upper-lock_gate.txt"), f"{line}\n\n{PROSE}\n\n{SECOND}".encode(), "upper-lock_gate.txt")
    assert articles_of(manuscript)[0].metadata.title == "upper lock gate"


def test_several_stories_of_a_file_end_with_marks() -> None:
    story = ["Gate opens early", PROSE, SECOND, "###"]
    text = "\n\n".join([*story, "BC-MILL-Space", "2nd take", "Mill buys space", PROSE, SECOND, "###", "Only a line."])
    found = articles_of(Manuscript(Path("a.txt"), text.encode(), "a.txt"))
    assert [story.metadata.title for story in found] == ["Gate opens early", "Mill buys space"]


def test_a_text_of_lines_and_one_with_indents_are_paragraphs() -> None:
    assert xhtml(wire(f"Gate opens early\n{PROSE}\n{SECOND}").root).count("<p>") == 2
    indented = f"Gate opens early\n\n  {PROSE}\n  {SECOND}\nmore of it\n\n{PROSE}"
    assert xhtml(wire(indented).root).count("<p>") == 3
    assert f"{SECOND} more of it</p>" in xhtml(wire(indented).root)


def test_words_before_the_first_indented_paragraph_of_a_block_stay() -> None:
    text = f"Lock opens\n\nPORT KALYRA -- {PROSE}\n   {SECOND}\n   The keepers wrote it down.\n\nThe mill paid.\n"
    body = xhtml(article("a.txt", text).root)
    assert "first barges of the spring" in body and "By noon the queue" in body and "wrote it down" in body


def shown(text: str) -> tuple[str, list[tuple[str, str]], str]:
    """Headline and slug, removals, and body of wire copy."""
    found = article("a.txt", text)
    removals = [(removal.rule, removal.words) for removal in found.removed]
    return f"{found.metadata.title} | {found.metadata.slugline}", removals, xhtml(found.root).partition("</header>")[2]


@pytest.mark.parametrize(
    ("head", "slugline", "removals"),
    [
        ("eca062 4 i 211 ccccb dpa 061\nLock-gate/\n", "Lock-gate/", {"head of the transmission", "slug"}),
        ("KWS0123 3 I 0210 KWS /AFP-AB12\nlock-gate-spring\n", "lock-gate-spring", {"head of the transmission", "slug"}),
        ("ZCZC KWS012\n", "ZCZC KWS012", {"slug"}),
        ("a0211\nr i\nBC-Lock-Gate,0450\n", "BC-Lock-Gate,0450", {"head of the transmission", "slug"}),
        ("AFP 171234 GMT MAR 26\nlock-gate (lead)\n", "lock-gate (lead)", {"head of the transmission", "slug"}),
        ("Slug: lock-gate\nWords: 450\n", "lock-gate", {"head of the transmission", "slug"}),
        ("Keywords: LOCK/GATE\n450 words\n", "LOCK/GATE", {"head of the transmission", "slug"}),
        ("Stichworte: Schleuse, Tor\n", "Schleuse, Tor", {"slug"}),
        ("12:34 17Mar26 RTRS-", "", {"head of the transmission"}),
        ("RTRS-", "", {"head of the transmission"}),
    ],
)
def test_the_head_of_a_transmission_is_no_text(head: str, slugline: str, removals: set[str]) -> None:
    title, removed, body = shown(f"{head}Gate opens early =\n\n   {PROSE}\n\n   {SECOND}\n")
    assert title == f"Gate opens early | {slugline}" and {rule for rule, _ in removed} == removals
    assert body.count("<p>") == 2 and "=" not in re.sub("<[^>]*>", "", body)


@pytest.mark.parametrize("line", ["Lock-gate opens", "Gate (lead role)", "b1234", "Reuters", "AP photos of the lock were sold."])
def test_headlines_that_are_no_head_of_a_transmission(line: str) -> None:
    text = line if line.endswith(".") else f"{line}\n\n{PROSE}"
    assert line.rstrip(".") in xhtml(article("a.txt", f"{text}\n\n{SECOND}\n").root)


@pytest.mark.parametrize(
    "line",
    [
        "171234 Mar 26",
        "171234 GMT Mar 26",
        "AFP 171234 GMT MAR 26",
        "AP-NY-03-17-26 1234EDT",
        "AP-WS-03-17-2026 1234EST<",
        "dpa me pd n1 xy",
        "dpa/lnw me pd 171234 Mrz 26",
        "REUTERS",
        "Reuters 1234 170326 GMT",
        "((mara@example.org; +44 20 5550 0101))",
    ],
)
def test_the_sign_off_of_an_agency_is_no_text(line: str) -> None:
    _, removed, body = shown(f"Gate opens early\n\n{PROSE}\n\n{SECOND}\n{line}\n")
    assert removed == [("sign-off of the agency", line.rstrip("<"))] and body.count("<p>") == 2
    assert line.rstrip("<") not in body


@pytest.mark.parametrize("line", ["AP-NY is a code.", "dpa says so.", "171234 barges passed in Mar 26."])
def test_last_lines_that_are_no_sign_off(line: str) -> None:
    assert line in shown(f"Gate opens early\n\n{PROSE}\n\n{SECOND}\n{line}\n")[2]


def test_controls_that_frame_a_transmission_are_no_damage() -> None:
    framed = f"\x01kws0123 4 i 96\r\nLock-gate/\r\n\x02Gate opens early =\r\n\r\n   {PROSE}\r\n\x03171234 Mar 26\r\n\x04"
    for text, codes in ((framed, []), (framed.replace("GATE", "GA\x07TE").replace("seven", "se\x07ven"), ["control-characters"])):
        manuscript = Manuscript(Path("a.txt"), text.encode(), "a.txt")
        (found,) = articles_of(manuscript)
        assert [diagnostic.code.value for diagnostic in manuscript.diagnostics] == codes
        assert (found.metadata.title, found.metadata.slugline) == ("Gate opens early", "Lock-gate/")


def test_text_behind_the_end_of_a_transmission_is_kept() -> None:
    assert SECOND in shown(f"\x01kws0123 4 i 96\n\x02Gate opens early\n\n   {PROSE}\n\x03\n{SECOND} {SECOND}\n")[2]
    assert shown(f"\x01kws0123 4 i 96\n\x02\x03\n\n{PROSE}\n\n{SECOND}\n")[2].count("<p>") == 2


@pytest.mark.parametrize(
    ("line", "day"),
    [
        *(
            (line, None)
            for line in (
                "FOR IMMEDIATE RELEASE",
                "*** Press Release ***",
                "PRESSEMITTEILUNG",
                "Zur sofortigen Veröffentlichung",
                "COMMUNIQUÉ DE PRESSE",
                "PARA PUBLICACIÓN INMEDIATA",
            )
        ),
        ("FOR IMMEDIATE RELEASE: March 17, 2026", "2026-03-17"),
        ("Pressemitteilung – 17. März 2026", "2026-03-17"),
    ],
)
def test_the_line_of_a_press_office_is_no_text(line: str, day: str | None) -> None:
    found = wire(line, "Gate opens early", PROSE, SECOND)
    assert rules(found) == {line: "line of the press office"} and found.metadata.title == "Gate opens early"
    assert found.metadata.date == (datetime.date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    ("blocks", "heading"),
    [
        (["-----", "OPENING HOURS"], "OPENING HOURS"),
        (["-----\nOPENING HOURS\n-----"], "OPENING HOURS"),
        (["=====\nOPENING HOURS"], "OPENING HOURS"),
        (["Opening hours\n-------------"], "Opening hours"),
        (["OPENING HOURS", "___"], "OPENING HOURS"),
        (["-----", "OPENING HOURS ARE LONG."], ""),
    ],
)
def test_a_heading_with_a_rule(blocks: list[str], heading: str) -> None:
    body = xhtml(wire("Gate opens early", PROSE, *blocks, SECOND, PROSE).root)
    assert (f">{heading}</h2>" in body) is bool(heading) and ("<hr/>" in body) is not bool(heading)
    assert not re.search(r"--|==|__", body)


HEADERS = "From: Mara Ennis\nSent: Monday\nTo: Desk\nSubject: FW: Gate opens early\n"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"{HEADERS}\n{PROSE}\n\n{SECOND}", "Gate opens early"),
        (f"{HEADERS}\nBarges pass\n\n{PROSE}\n\n{SECOND}", "Barges pass"),
        (f"Begin forwarded message:\n\n{HEADERS}\n{PROSE}\n\n{SECOND}", "Gate opens early"),
        (f"Barges pass\n\n{PROSE}\n\n-----Original Message-----\n{HEADERS}\n{SECOND}", "Barges pass"),
        (f"De : Mara Ennis\nEnvoyé : lundi\nÀ : Desk\nObjet : TR : Gate opens early\n\n{PROSE}\n\n{SECOND}", "Gate opens early"),
    ],
)
def test_headers_of_a_forwarded_message_are_no_text(text: str, title: str) -> None:
    found, removed, body = shown(text)
    assert found == f"{title} | " and [rule for rule, _ in removed] == ["header of a forwarded message"]
    assert PROSE in body and SECOND in body and "Desk" not in body and "essage" not in body


def test_lines_with_colons_are_no_headers_of_a_message() -> None:
    body = shown(f"Gate opens early\n\nFrom: the upper lock\nTo: the bridge\n\n{PROSE}\n\n{SECOND}")[2]
    assert "From: the upper lock" in body

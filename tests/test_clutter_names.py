"""Each name that counts in a class or id has an example, in a page of its own, that is read otherwise without it."""

from __future__ import annotations

from collections.abc import Mapping

import lxml.html
import pytest

from publisher.extraction import clutter
from publisher.extraction.choice import HEADLINE
from publisher.extraction.figures import make_figures
from publisher.extraction.visible_metadata import byline
from publisher.model.parts import BYLINE_TO_HEADER
from tests.alternatives_samples import Reading, Table, fails_without, patterns, read, rows, stays
from tests.reader_samples import rules

HIDDEN = next(name for name in clutter.CLUTTER.alternatives if "hidden(" in name)
PANEL = r"(?:-\w+)*-?(?:block|content|text|body|inner|box)"
BESIDE = (
    "A zebra stood at the gate of the lock for an hour, and nobody on the quay could say where it had come from, "
    "until the keeper of the mill walked over and led it away."
)


def is_clutter(name: str) -> bool:
    return not stays(f'<div class="{name}"><p>{BESIDE}</p></div>', both=False)


def is_sure_clutter(name: str) -> bool:
    return not stays(f'<div class="{name}"><p>{BESIDE}</p></div>')


def is_byline(name: str) -> bool:
    return rules(read(above=f'<p class="{name}">By Ann Zebra</p>')) == {"The gate": HEADLINE, "By Ann Zebra": BYLINE_TO_HEADER}


def is_standfirst(name: str) -> bool:
    return read(above=f'<div class="{name}">The zebra waits.</div>').metadata.subtitle == "The zebra waits."


def is_unseen(name: str) -> bool:
    return not stays(f'<p>The lock is open <span class="{name}">to a zebra</span> again.</p>')


def is_over_the_page(name: str) -> bool:
    panel = '<button aria-controls="p">More</button><div id="p" hidden>The zebra stood at the gate of the lock.</div>'
    return not stays(f'<div class="{name}">{panel}</div>')


def has_comments(name: str) -> bool:
    body = f'<div class="{name}"><a rel="author">Bo Zebra</a></div><p><a rel="author">Ann Okapi</a></p>'
    parsed = lxml.html.document_fromstring(f"<body>{body}</body>")
    return byline(parsed, parsed.find("body")) == ["Ann Okapi"]


def is_caption(name: str) -> bool:
    parsed = lxml.html.document_fromstring(f'<div><img src="a.jpg"><p class="{name}">The gate</p></div>')
    make_figures(parsed.find("body"))
    return parsed.find(".//figcaption") is not None


def is_credit(name: str) -> bool:
    beside = f'<p class="caption">The gate</p><p class="{name}">Ann Okapi</p>'
    parsed = lxml.html.document_fromstring(f'<div><img src="a.jpg">{beside}</div>')
    make_figures(parsed.find("body"))
    return parsed.find(".//figcaption/span") is not None


def has_facts(name: str) -> bool:
    return stays(f'<aside class="{name}"><p>The zebra has four hooves.</p></aside>', both=False)


def has_film(name: str) -> bool:
    return not stays(f'<div class="{name}"><p class="caption">A zebra at the lock</p></div>', both=False)


def is_ornament(name: str) -> bool:
    return not stays(f'<p>The lock is open.</p><img class="{name}" alt="A zebra" src="zebra.jpg">')


READINGS: dict[str, Reading] = {
    "CLUTTER": is_clutter,
    "SURE_CLUTTER": is_sure_clutter,
    "BYLINE": is_byline,
    "STANDFIRST_NAME": is_standfirst,
    "UNSEEN": is_unseen,
    "OVERLAY": is_over_the_page,
    "COMMENTS": has_comments,
    "CAPTION": is_caption,
    "CREDIT": is_credit,
    "FACTS": has_facts,
    "VIDEO": has_film,
    "ORNAMENT": is_ornament,
}
# By the name of the pattern and by alternative; "/" parts several examples.
SURE: Mapping[str, str] = {
    "cta": "cta / box-cta",
    r"newsletter\w*": "newsletter / newsletters_box / NewsletterForm",
    r"subscri\w+": "subscribe / subscription-box",
    "sign-?up": "signup / sign-up-form",
    r"related(?!-?content)\w*": "related / related-posts / jp-relatedposts / relatedArticles",
    r"promo\w*": "promo / promotion",
    r"disclaimer\w*": "disclaimer / disclaimers",
    "disclosure": "affiliate-disclosure",
    "sharedaddy": "sharedaddy sd-block",
    "hatnote": "hatnote",
    "catlinks": "catlinks",
}
EXAMPLES: Table = {
    "SURE_CLUTTER": SURE,
    "CLUTTER": SURE
    | {
        "share": "share-bar / post_share",
        "sharing": "sd-sharing",
        "social": "social-links",
        r"recommend\w*": "recommended / recommendations-list",
        r"comment(?!ary)\w*": "comment / comments-area",
        "respond": "respond",
        r"sponsor\w*": "sponsor / sponsored-box",
        r"advert\w*": "advert / advertisement-top",
        "ads?": "ad / ads-box",
        "outbrain": "outbrain",
        "taboola": "taboola-below",
        r"breadcrumbs?\w*": "breadcrumb / breadcrumbs / breadcrumbList",
        "toolbar": "page-toolbar",
        "print": "print-link",
        "popular": "popular-posts",
        "trending": "trending-now",
        "most-?read": "mostread / most-read",
        "read-?more": "readmore / read-more",
        r"cookie\w*": "cookie-bar / cookies",
        r"consent\w*": "consent / consentBox",
        "footer": "entry-footer",
        "sidebar": "sidebar-left",
        "rail": "right-rail",
        "nav": "nav-links",
        "navigation": "post-navigation",
        "menu": "main-menu",
        "pagination": "pagination",
        "pager": "pager__items",
        "tags?": "tag-list / tags",
        "topics": "article-topics",
        "author-bio": "author-bio",
        "author-box": "author-box",
        "author-info": "author-info",
        "printfooter": "printfooter",
        "navbox": "navbox",
        "hide": "hide-small",
        HIDDEN: "hidden / hidden-box",
        "modal": "modal-body",
        "login": "login-form",
        r"widget\w*": "widget / widgets-area",
        "overlay": "page-overlay",
        "lightbox": "lightbox",
        "control-bar": "vjs-control-bar",
        "control-panel": "control-panel",
    },
    "BYLINE": {
        "byline": "byline / article-byline",
        "author": "author vcard",
        "dateline": "dateline",
        "timestamp": "post_timestamp",
        "date": "entry-date",
        "meta": "entry-meta",
        "posted": "posted-on",
        "published": "published",
    },
    "STANDFIRST_NAME": {
        "standfirst": "standfirst / article__standfirst",
        "dek": "dek / header__dek",
        "deck": "deck",
        "sub-?head": "subhead / sub-head",
        "sub-?headline": "subheadline / sub-headline",
        "sub-?title": "subtitle / entry-sub-title",
        "subline": "subline",
    },
    "UNSEEN": {
        "sr-only": "sr-only",
        "off-?screen": "offscreen / off-screen",
        r"visually-?hidden\w*": "visually-hidden / visuallyhidden / visually-hiddenText",
        "screen-reader": "screen-reader / screen-reader-text",
        rf"rollover{PANEL}": "rollover-block / rollover-person-block",
        rf"tooltip{PANEL}": "tooltiptext / tooltip-inner / tooltip-top-content",
        rf"popover{PANEL}": "popover-body / popover-box",
        "hover-?card": "hovercard / user-hover-card",
    },
    "OVERLAY": {
        "modal": "modal",
        "overlay": "overlay",
        "lightbox": "lightbox",
        r"pop-?up\w*": "popup / pop-up / popupBox",
        r"cookie\w*": "cookie-bar / cookies",
        r"consent\w*": "consent / consents",
        "dialog": "dialog",
        "drawer": "side-drawer",
        "offcanvas": "offcanvas",
        "splash": "splash-screen",
        r"pre-?loader": "preloader / pre-loader",
    },
    "CAPTION": {"caption": "wp-caption-text / imageCaption"},
    "COMMENTS": {"comments?": "comment / comments-area", r"disqus\w*": "disqus_thread / disqus"},
    "CREDIT": {"credit": "photo-credit", "copyright": "copyright", "attribution": "attribution"},
    "FACTS": {
        r"infobox\w*": "infobox / infobox_v2 / infoboxes",
        r"fact-?box\w*": "factbox / fact-box / factboxes",
        "key-?points": "keypoints / key-points",
        "key-?takeaways": "keytakeaways / key-takeaways",
        "box-?out": "boxout / box-out",
        "pull-?quote": "wp-block-pullquote / pull-quote",
    },
    "VIDEO": {"videos?": "video / videos-list", "player": "film-player"},
    "ORNAMENT": {"avatar": "avatar", "icon": "icon-small", "logo": "site-logo", "emoji": "emoji"},
}


@pytest.mark.parametrize(("pattern", "alternative", "example"), rows(EXAMPLES))
def test_a_page_is_read_otherwise_without_the_name(pattern: str, alternative: str, example: str) -> None:
    assert fails_without(patterns(clutter)[pattern], alternative, READINGS[pattern], example)


def test_every_name_has_an_example() -> None:
    assert {name: sorted(found.alternatives) for name, found in patterns(clutter).items()} == {
        name: sorted(examples) for name, examples in EXAMPLES.items()
    }


@pytest.mark.parametrize("width", ["sm", "md", "lg", "xl", "2xl"])
def test_a_part_that_wide_screens_show_is_no_clutter(width: str) -> None:
    assert not is_clutter(f"hidden {width}:block") and is_clutter(f"hidden {width}:p-4")


@pytest.mark.parametrize("name", ["overflow-hidden", "overflow-x-hidden", "overflow-y-hidden"])
def test_a_part_that_cuts_off_what_is_too_long_is_no_clutter(name: str) -> None:
    assert not is_clutter(name) and is_clutter(f"{name} hidden")


@pytest.mark.parametrize("display", ["block", "flex", "grid", "inline", "table", "contents"])
def test_the_way_in_which_it_is_shown(display: str) -> None:
    assert not is_clutter(f"hidden p-2 md:{display}") and is_clutter(f"md:{display}-x hidden")


@pytest.mark.parametrize(
    "name", ["shareholder", "commentary", "related-content", "relatedcontent", "headline", "navy", "threads"]
)
def test_a_name_counts_only_as_a_whole_part(name: str) -> None:
    assert not is_clutter(name)


@pytest.mark.parametrize(
    ("identifier", "heading", "kept"),
    [
        ("h-a-zebra-in-the-sidebar", "A zebra in the sidebar", True),
        ("a-zebra-in-the-sidebar", "A zebra in the sidebar of the lock", True),
        ("a-zebra-in-the-sidebar", "An okapi at the gate", False),
        ("zebra-sidebar", "Zebra sidebar", False),
    ],
)
def test_an_id_made_of_the_words_of_its_heading_is_no_name_of_clutter(identifier: str, heading: str, kept: bool) -> None:
    assert stays(f'<section id="{identifier}"><h2>{heading}</h2><p>{BESIDE}</p></section>', both=False) is kept

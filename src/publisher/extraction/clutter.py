"""The classes and ids by which pages name what is not the article: share bars, teasers, sign-ups and the like.

The names are common on the web, not special to a site. A name counts if it is a whole part of a class or id (`share-bar`,
`post_share`).
"""

from __future__ import annotations

import re


def _name_pattern(*words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|[\s_-])(?:{'|'.join(words)})(?=$|[\s_-])", re.IGNORECASE)


# Utility classes: hidden on small screens, shown on wide ones (`hidden md:block`).
_SHOWN_ON_WIDE_SCREENS = r"\s(?:.*\s)?(?:sm|md|lg|xl|2xl):(?:block|flex|grid|inline|table|contents)"

CLUTTER = _name_pattern(
    "share",
    "sharing",
    "sharedaddy",
    "social",
    "related(?!-?content)",
    r"related(?:posts|articles?)\w*",
    r"recommend\w*",
    r"promo\w*",
    r"newsletter\w*",
    "signup",
    "sign-up",
    r"subscri\w+",
    r"comment(?!ary)\w*",
    "respond",
    "replies",
    r"sponsor\w*",
    r"advert\w*",
    "ads?",
    "outbrain",
    "taboola",
    r"breadcrumbs?\w*",
    "toolbar",
    "print",
    "popular",
    "trending",
    "most-?read",
    "read-?more",
    "more-(?:stories|news|on)",
    r"cookie\w*",
    r"consent\w*",
    "paywall",
    r"disclaimer\w*",
    "disclosure",
    "footer",
    "sidebar",
    "rail",
    "nav",
    "navigation",
    "menu",
    "pagination",
    "pager",
    "tags?",
    "topics",
    "author-(?:bio|card|box|info)",
    "about-author",
    "bio",
    "hatnote",
    "catlinks",
    "printfooter",
    "editsection",
    "navbox",
    "cta",
    "hide",
    rf"hidden(?!{_SHOWN_ON_WIDE_SCREENS})",
    "modal",
    "login",
    r"donat\w+",
    r"\w*-related-posts",
    r"widget\w*",
    "overlay",
    "lightbox",
    "control-(?:bar|panel)",
)
# Clutter even if both extractors take it.
SURE_CLUTTER = _name_pattern(
    "cta",
    r"newsletter\w*",
    r"subscri\w+",
    "signup",
    "sign-up",
    r"related(?!-?content)\w*",
    r"promo\w*",
    r"disclaimer\w*",
    "disclosure",
    "jp-relatedposts",
    "sharedaddy",
    "hatnote",
    "catlinks",
)
CLUTTER_TAGS = frozenset({"nav", "aside", "footer", "form", "dialog"})
# What the header shows, from the metadata.
BYLINE = _name_pattern(
    "byline", "author", "dateline", "pubdate", "timestamp", "datetime", "date", "meta", "posted", "published", r"reviewedby\w*"
)
STANDFIRST_NAME = _name_pattern(
    "standfirst",
    "dek",
    "deck",
    r"sub-?head(?:line)?",
    "sub-?title",
    "subline",
    "bajada",
    "perex",
    r"\w+__(?:dek|standfirst|subtitle)",
)
# Text for screen readers only, or shown only under the pointer, and not visible on the page. It may stand inside a sentence.
UNSEEN = _name_pattern(
    "sr-only",
    "off-?screen",
    r"visually-?hidden\w*",
    "screen-reader(?:-text)?",
    "mw-editsection",
    r"(?:rollover|tooltip|popover|hover-?card)(?:-\w+)*-?(?:block|content|text|body|inner|box)",
    "hover-?card",
)
# What lies over the page until the reader has answered or closed it.
OVERLAY = _name_pattern(
    "modal", "overlay", "lightbox", r"pop-?up\w*", r"cookie\w*", r"consent\w*", "dialog", "drawer", "offcanvas"
)
CAPTION = re.compile(r"caption", re.IGNORECASE)
COMMENTS = _name_pattern(r"comments?", r"replies", r"disqus\w*")
CREDIT = re.compile(r"credit|copyright|attribution", re.IGNORECASE)
# A box of facts is a part of its article, in whatever element it stands.
FACTS = _name_pattern(
    r"infobox\w*", r"fact-?(?:box|file|sheet)\w*", "key-?(?:facts|points|takeaways)", "box-?out", "explainer", "pull-?quote"
)
VIDEO = _name_pattern(r"videos?", "player")
ORNAMENT = _name_pattern("avatar", "icon", "logo", "emoji", "pixel", "tracker", "spacer", "sprite", "gravatar", r"share\w*")

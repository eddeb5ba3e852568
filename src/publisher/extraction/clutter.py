"""The classes and ids by which pages name what is not the article: share bars, teasers, sign-ups and the like.

Each name is a common word for such a part, or belongs to a program or service that many sites use (then a comment names it).
`tests/test_clutter_names.py` has an example for each. A name counts if it is a whole part of a class or id (`share-bar`,
`post_share`).
"""

from __future__ import annotations

from publisher.extraction.alternatives import Alternatives, names

# Utility classes: hidden on small screens, shown on wide ones (`hidden md:block`).
_SHOWN_ON_WIDE_SCREENS = r"\s(?:.*\s)?(?:sm|md|lg|xl|2xl):(?:block|flex|grid|inline|table|contents)"

# Clutter even if both extractors take it.
SURE_CLUTTER = names(
    "cta",
    r"newsletter\w*",
    r"subscri\w+",
    "sign-?up",
    r"related(?!-?content)\w*",
    r"promo\w*",
    r"disclaimer\w*",
    "disclosure",
    "sharedaddy",  # Jetpack
    "hatnote",  # MediaWiki, like the next
    "catlinks",
)
CLUTTER = names(
    *SURE_CLUTTER.alternatives,
    "share",
    "sharing",  # Jetpack: `sd-sharing`
    "social",
    r"recommend\w*",
    r"comment(?!ary)\w*",
    "respond",  # WordPress: the form for comments
    r"sponsor\w*",
    r"advert\w*",
    "ads?",
    "outbrain",  # services that fill boxes of many sites with teasers, like the next
    "taboola",
    r"breadcrumbs?\w*",
    "toolbar",
    "print",
    "popular",  # WordPress: `popular-posts`
    "trending",
    "most-?read",
    "read-?more",
    r"cookie\w*",
    r"consent\w*",
    "footer",
    "sidebar",
    "rail",
    "nav",
    "navigation",
    "menu",
    "pagination",
    "pager",  # Drupal, Bootstrap
    "tags?",
    "topics",
    "author-bio",  # themes of WordPress, like the next two
    "author-box",
    "author-info",
    "printfooter",  # MediaWiki, like the next
    "navbox",
    "hide",
    rf"(?<!overflow-)(?<!overflow-[xy]-)hidden(?!{_SHOWN_ON_WIDE_SCREENS})",  # `overflow-hidden` only cuts off what is too long
    "modal",
    "login",
    r"widget\w*",
    "overlay",
    "lightbox",
    "control-bar",  # Video.js and other players
    "control-panel",
)
CLUTTER_TAGS = frozenset({"nav", "aside", "footer", "form", "dialog"})
# What the header shows, from the metadata.
BYLINE = names("byline", "author", "dateline", "timestamp", "date", "meta", "posted", "published")
STANDFIRST_NAME = names("standfirst", "dek", "deck", "sub-?head", "sub-?headline", "sub-?title", "subline")
# Text for screen readers only, or shown only under the pointer, and not visible on the page. It may stand inside a sentence.
UNSEEN = names(
    "sr-only",  # Bootstrap, Tailwind
    "off-?screen",
    r"visually-?hidden\w*",  # Drupal, Bootstrap
    "screen-reader",  # WordPress: `screen-reader-text`
    r"rollover(?:-\w+)*-?(?:block|content|text|body|inner|box)",
    r"tooltip(?:-\w+)*-?(?:block|content|text|body|inner|box)",
    r"popover(?:-\w+)*-?(?:block|content|text|body|inner|box)",
    "hover-?card",
)
# What lies over the page until the reader has answered or closed it.
OVERLAY = names(
    "modal",
    "overlay",
    "lightbox",
    r"pop-?up\w*",
    r"cookie\w*",
    r"consent\w*",
    "dialog",
    "drawer",
    "offcanvas",
    "splash",
    r"pre-?loader",
)
CAPTION = Alternatives("caption")
COMMENTS = names("comments?", r"disqus\w*")
CREDIT = Alternatives("credit", "copyright", "attribution")
# A box of facts is a part of its article, in whatever element it stands.
FACTS = names(r"infobox\w*", r"fact-?box\w*", "key-?points", "key-?takeaways", "box-?out", "pull-?quote")
VIDEO = names(r"videos?", "player")
ORNAMENT = names("avatar", "icon", "logo", "emoji")

"""Phrases that sites put around an article, in several languages: labels of buttons and boxes, lines under the article's end.

A phrase counts only if it is a short text as a whole, or the beginning of a line under the article's last paragraph. A paragraph
about newsletters stays. `tests/test_phrases.py` has an example for each.
"""

from __future__ import annotations

import re

from publisher.extraction.alternatives import Alternatives

# A paragraph that asks for a subscription.
SUBSCRIBE = Alternatives(
    "subscribe",
    "sign up",
    "abonnieren",
    "abonnez",
    r"suscr[ií]b\w*",
    "iscriviti",
    "assine",
    "abone ol",
    r"підпи[сш]\w*",
    before=r"\b",
    behind=r"\b",
)
MAILINGS = Alternatives("newsletters?", "inbox", before=r"\b", behind=r"\b")
# A paragraph without links that both extractors take belongs to the article, unless it asks for a subscription explicitly.
MAILING_TERMS = Alternatives("newsletters?", "inbox", "e-?mails?", "updates", before=r"\b", behind=r"\b")
# The whole text of a label, without its punctuation.
LABELS = Alternatives(
    # Advertisements: many countries require the word.
    "ads?",
    "adverts?",
    "advertisements?",
    "sponsored",
    "sponsored content",
    "anzeige",
    "werbung",
    "publicité",
    "publicidad",
    "publicidade",
    "pubblicità",
    "reklama?",
    "реклама",
    "広告",
    "إعلان",
    "פרסומת",
    r"\w+ continues below(?: advertisement)?",
    # Buttons.
    "close",
    "caption",
    "share",
    r"share (?:this|on)(?: [\w-]+){0,3}",
    "tweet",
    "click to tweet",  # plug-ins of WordPress
    "like",
    "like this",  # Jetpack, like the next
    "like loading",
    "teilen",
    "partager",
    "compartir",
    "compartilhar",
    "condividi",
    "paylaş",
    "поділитися",
    "back to top",
    "loading",
    "print",
    "print this page",
    # Readers' comments: WordPress, its translations, Blogger.
    r"(?:\d+ )?comments?",
    "post a comment",
    "leave a comment",
    "leave a reply",
    "reply",
    "kommentare?",
    "commentaires?",
    "comentarios",
    "comentários",
    "commenti",
    # Other articles.
    "continue reading",  # WordPress
    "more",
    "read more",
    "read also",
    r"related(?: \w+)?",
    r"trending(?: \w+)?",
    "most read",
    "most popular",
    "don[’']?t miss",
    "you may also like",
    "you might also like",
    "more from .{2,30}",
    "mehr zum thema",
    "auch interessant",
    "das könnte sie auch interessieren",
    "[àa] lire aussi",
    "sur le même sujet",
    "leia mais",
    "leia também",
    "lee también",
    "te puede interesar",
    "leggi anche",
    "ilgili haberler",
    "читайте також",
    "相关阅读",
    "相关新闻",
    "関連記事",
    # Notices of programs.
    r"powered by \w+",
    r"this \w+ requires javascript",  # Jetpack
    r"please enable javascript\b.{0,80}",
)
_LONGEST_LABEL = 14  # words
# The beginning of a line that stands under an article and is not part of it.
INVITATIONS = Alternatives("follow", "like", "find", "join", behind=" ")
NETWORKS = Alternatives(
    "twitter", "facebook", "instagram", "x", "youtube", "linkedin", "telegram", "whatsapp", before=r"\bon ", behind=r"\b"
)
_TO_NETWORK = 70  # characters from the start of an invitation to the name of the network
CLOSINGS = Alternatives(
    r"(?:have|got) (?:a|any) (?:news )?tips?\b.{0,20}\?",
    r"filed under\b",  # WordPress, like the next five
    r"posted in\b",
    "tags?:",
    "categor(?:y|ies):",
    "comments are closed",
    "schlagwörter:",
    "topics?:",
    "tell us what you think",
    "let us know (?:what you think )?in the comments",
    "comments (?:are|have been) turned off",
    r"listen to .{1,60}\blive\b",
    "mehr zum thema:",
    "lire aussi ?:",
    "leia mais:",
    "leia também:",
    "lea también:",
    "leggi anche:",
    "читайте також:",
)
# The beginning of a line that names photographers or sources, mostly in links.
CREDITS = Alternatives(
    "photos?",
    "images?",
    "pictures?",
    "illustrations?",
    "sources?",
    "via",
    "credits?",
    "fotos?",
    "bild",
    "bildquelle",
    "quellen?",
    "crédits?",
    "fuentes?",
    "fontes?",
    behind=r"\b",
)
_LEADING_SIGNS = re.compile(r"^\W+")
_SHORTCODE = re.compile(r"\[(\w+)\b[^\]]*\](?:.*\[/\1\])?")  # of a content management system that did not replace it


def is_label(text: str, count: int) -> bool:
    """Whether a text of `count` words is only a label of the page around an article."""
    if _SHORTCODE.fullmatch(text):
        return "=" in text
    return count <= _LONGEST_LABEL and bool(LABELS.fullmatch(text.strip(" \t.:…!|»›>→←-–—·•*")))


def is_closing(text: str) -> bool:
    """Whether a text begins like a line under an article."""
    return bool(CLOSINGS.match(text) or (INVITATIONS.match(text) and NETWORKS.search(text[:_TO_NETWORK])))


def is_credit(text: str) -> bool:
    """Whether a text begins like a credit: links in it are names, not teasers."""
    return bool(CREDITS.match(text))


def asks_to_subscribe(text: str, *, plain: bool) -> bool:
    """Whether a paragraph asks for a subscription; `plain`: it has no links and both extractors take it."""
    if plain:
        start = SUBSCRIBE.match(_LEADING_SIGNS.sub("", text))
        return bool(start and MAILING_TERMS.search(text))
    return bool(SUBSCRIBE.search(text) or MAILINGS.search(text))

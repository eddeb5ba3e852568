"""Phrases that sites put around an article, in several languages: labels of buttons and boxes, lines under the article's end.

A phrase counts only if it is a short text as a whole, or the beginning of a line under the article's last paragraph. A paragraph
about newsletters stays.
"""

from __future__ import annotations

import re

# A paragraph that asks for a subscription.
_CALL_TO_SUBSCRIBE = re.compile(
    r"\b(?:subscribe|sign up|newsletters?|inbox|abonnieren|abonnez-vous|suscr[ií]b\w+|iscriviti|assine|abone ol|підпи[сш]\w+)\b",
    re.IGNORECASE,
)
# A paragraph without links that both extractors take belongs to the article, unless it asks for a subscription explicitly.
_EXPLICIT_CALL_TO_SUBSCRIBE = re.compile(
    r"\W*(?:subscribe|sign up|abonnieren|abonnez|suscr[ií]b|iscriviti|assine|abone ol|підпи[сш])\w*\b.*"
    r"\b(?:newsletters?|inbox|e-?mails?|updates|daily|weekly|free)\b",
    re.IGNORECASE | re.DOTALL,
)
# The whole text of a label, without its punctuation.
_LABELS = re.compile(
    r"""(?:
    ad(?:vert(?:isement)?)?s?|sponsored(?:\ content)?|anzeige|werbung|publicit[éèa]|publicidad(?:e)?|pubblicità|reklama?|реклама
    |広告|إعلان|פרסומת
    |(?:story|article)\ continues\ below(?:\ advertisement)?|continue\ reading(?:\ the\ main\ story)?
    |close|caption|toggle\ caption|hide\ caption|enlarge(?:\ this)?(?:\ image)?|view\ (?:gallery|slideshow)|full\ screen
    |share(?:\ (?:this|on)(?:\ [\w-]+){0,3})?|tweet(?:\ this)?|click\ to\ tweet|like(?:\ this)?|like\ loading|teilen|partager
    |compartir|compartilhar|condividi|paylaş|поділитися
    |comments?|(?:\d+\ )?comments?|post\ a\ comment|leave\ a\ (?:comment|reply)|reply
    |kommentare?|commentaires?|comentarios|comentários|commenti
    |related(?:\ (?:news|stories|articles|content|topics|posts|video))?|trending(?:\ news)?|most\ (?:read|popular)|don[’']?t\ miss
    |you\ (?:may|might)\ also\ (?:like|enjoy)|more\ (?:on\ this\ story|stories|from\ .{2,30})|recommended(?:\ for\ you)?
    |other\ people\ are\ reading
    |mehr\ zum\ thema|auch\ interessant|das\ könnte\ sie\ auch\ interessieren|(?:à|a)\ lire\ aussi
    |sur\ le\ même\ sujet|leia\ (?:mais|também)
    |lee\ también|te\ puede\ interesar|leggi\ anche|ilgili\ haberler|читайте\ також|相关(?:阅读|新闻)|関連記事
    |(?:read\ )?(?:more|also|next)|back\ to\ top|loading|正在加载|print(?:\ this)?(?:\ page)?|powered\ by\ \w+
    |(?:this|the)\ \w+\ requires\ javascript|please\ enable\ javascript\b.{0,80}
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_LONGEST_LABEL = 14  # words
# The beginning of a line that stands under an article and is not part of it.
_CLOSINGS = re.compile(
    r"""(?:
    (?:follow|like|find|join)\ .{1,60}\bon\ (?:twitter|facebook|instagram|x|youtube|linkedin|telegram|whatsapp)\b
    |(?:have|got)\ (?:a|any)\ (?:news\ )?(?:tip|story|question)s?\b.{0,20}\?
    |(?:filed|posted)\ (?:under|in)\b|tags?:|topics?:|categor(?:y|ies):
    |tell\ us\ what\ you\ think|let\ us\ know\ (?:what\ you\ think\ )?in\ the\ comments|what\ do\ you\ think\?.{0,60}\bcomments?\b
    |note:\ comments\b|comments\ (?:are|have\ been)\ (?:closed|turned\ off|disabled)
    |(?:your|this)\ comment\b
    |listen\ to\ .{1,60}\b(?:live|podcast)\b
    |mehr\ zum\ thema:|schlagwörter:|lire\ aussi\ ?:|leia\ (?:mais|também):|lea\ también:|leggi\ anche:|читайте\ також:
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# The beginning of a line that names photographers or sources, mostly in links.
_CREDITS = re.compile(
    r"(?:photos?|images?|pictures?|illustrations?|sources?|via|credits?|fotos?|bild(?:er|quelle)?|quellen?|crédits?|fuentes?|fontes?)\b",
    re.IGNORECASE,
)
_SHORTCODE = re.compile(r"\[(\w+)\b[^\]]*\](?:.*\[/\1\])?")  # of a content management system that did not replace it


def is_label(text: str, count: int) -> bool:
    """Whether a text of `count` words is only a label of the page around an article."""
    if _SHORTCODE.fullmatch(text):
        return "=" in text
    return count <= _LONGEST_LABEL and bool(_LABELS.fullmatch(text.strip(" \t.:…!|»›>-–—·•*")))


def is_closing(text: str) -> bool:
    """Whether a text begins like a line under an article."""
    return bool(_CLOSINGS.match(text))


def is_credit(text: str) -> bool:
    """Whether a text begins like a credit: links in it are names, not teasers."""
    return bool(_CREDITS.match(text))


def asks_to_subscribe(text: str, *, plain: bool) -> bool:
    """Whether a paragraph asks for a subscription; `plain`: it has no links and both extractors take it."""
    return bool(_EXPLICIT_CALL_TO_SUBSCRIBE.match(text)) if plain else bool(_CALL_TO_SUBSCRIBE.search(text))

"""Each phrase that sites put around an article has an example, in a page of its own, that is read otherwise without it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from publisher.extraction import phrases
from publisher.model.markup import xhtml
from tests.alternatives_samples import PARAGRAPHS, Reading, Table, fails_without, patterns, read, rows, stays


def is_label(label: str) -> bool:
    return xhtml(read(among=f"<p>{label}</p>").root).count("<p>") == PARAGRAPHS


def is_closing(line: str) -> bool:
    return xhtml(read(below=f"<p>{line}</p>").root).count("<p>") == PARAGRAPHS


def is_credit(start: str) -> bool:
    """A line of links is a teaser, if it is no credit."""
    return stays(
        f'<p>{start} <a href="/a">Ann Zebra of the Lock Review, Bo Okapi of the Mill Post, Cy Quagga</a></p>', both=False
    )


def asks_with_a_link(line: str) -> bool:
    return not stays(f'<p>{line} with the <a href="/zebra">zebra</a>, every morning.</p>')


def asks_plainly(line: str) -> bool:
    return not stays(f"<p>{line} about the zebra.</p>")


READINGS: Mapping[str, Reading] = {
    "LABELS": is_label,
    "INVITATIONS": is_closing,
    "NETWORKS": is_closing,
    "CLOSINGS": is_closing,
    "CREDITS": is_credit,
    "SUBSCRIBE": asks_with_a_link,
    "MAILINGS": asks_with_a_link,
    "MAILING_TERMS": asks_plainly,
}
EXAMPLES: Table = {
    "SUBSCRIBE": {
        "subscribe": "Subscribe to the Lock Letter",
        "sign up": "Sign up for the Lock Letter",
        "abonnieren": "Jetzt den Schleusenbrief abonnieren",
        "abonnez": "Abonnez-vous à la Lettre de l'écluse",
        r"suscr[ií]b\w*": "Suscríbase a la Carta / Suscribirse a la Carta",
        "iscriviti": "Iscriviti alla Lettera",
        "assine": "Assine a Carta",
        "abone ol": "Bültene abone ol",
        r"підпи[сш]\w*": "Підписуйтесь на Лист / Підпишіться на Лист",
    },
    "MAILINGS": {"newsletters?": "Our newsletter / Our newsletters", "inbox": "The Lock Letter in your inbox"},
    "MAILING_TERMS": {
        "newsletters?": "Subscribe to our newsletter / *** Sign up for our newsletters",
        "inbox": "Sign up and find a letter in your inbox",
        "e-?mails?": "Sign up for an email / Sign up for our e-mails",
        "updates": "Sign up for updates",
    },
    "LABELS": {
        "ads?": "Ad / Ads",
        "adverts?": "Advert / Adverts",
        "advertisements?": "Advertisement / Advertisements",
        "sponsored": "Sponsored",
        "sponsored content": "Sponsored content",
        "anzeige": "Anzeige",
        "werbung": "- Werbung -",
        "publicité": "Publicité",
        "publicidad": "Publicidad",
        "publicidade": "Publicidade",
        "pubblicità": "Pubblicità",
        "reklama?": "Reklam / Reklama",
        "реклама": "Реклама",
        "広告": "広告",
        "إعلان": "إعلان",
        "פרסומת": "פרסומת",
        r"\w+ continues below(?: advertisement)?": "Article continues below / Story continues below advertisement",
        "close": "Close",
        "caption": "Caption",
        "share": "Share",
        r"share (?:this|on)(?: [\w-]+){0,3}": "Share this / Share on Mastodon / Share this with your friends",
        "tweet": "Tweet",
        "click to tweet": "Click to Tweet",
        "like": "Like",
        "like this": "Like this:",
        "like loading": "Like Loading...",
        "teilen": "Teilen",
        "partager": "Partager",
        "compartir": "Compartir",
        "compartilhar": "Compartilhar",
        "condividi": "Condividi",
        "paylaş": "Paylaş",
        "поділитися": "Поділитися",
        "back to top": "Back to top",
        "loading": "Loading…",
        "print": "Print",
        "print this page": "Print this page",
        r"(?:\d+ )?comments?": "Comments / 12 comments / 1 Comment",
        "post a comment": "Post a Comment",
        "leave a comment": "Leave a comment",
        "leave a reply": "Leave a Reply",
        "reply": "Reply",
        "kommentare?": "Kommentar / Kommentare",
        "commentaires?": "Commentaire / Commentaires",
        "comentarios": "Comentarios",
        "comentários": "Comentários",
        "commenti": "Commenti",
        "continue reading": "Continue reading →",
        "more": "More",
        "read more": "Read more »",
        "read also": "Read also:",
        r"related(?: \w+)?": "Related / Related stories / Related Topics:",
        r"trending(?: \w+)?": "Trending / Trending now",
        "most read": "Most read",
        "most popular": "Most popular",
        "don[’']?t miss": "Don't miss / Don’t miss / Dont miss",
        "you may also like": "You may also like",
        "you might also like": "You might also like",
        "more from .{2,30}": "More from the Lock Review",
        "mehr zum thema": "Mehr zum Thema",
        "auch interessant": "Auch interessant:",
        "das könnte sie auch interessieren": "Das könnte Sie auch interessieren",
        "[àa] lire aussi": "À lire aussi / A lire aussi :",
        "sur le même sujet": "Sur le même sujet",
        "leia mais": "Leia mais",
        "leia também": "Leia também",
        "lee también": "Lee también",
        "te puede interesar": "Te puede interesar",
        "leggi anche": "Leggi anche",
        "ilgili haberler": "İlgili haberler / ilgili haberler",
        "читайте також": "Читайте також:",
        "相关阅读": "相关阅读",
        "相关新闻": "相关新闻",
        "関連記事": "関連記事",
        r"powered by \w+": "Powered by Lockworks",
        r"this \w+ requires javascript": "This slideshow requires JavaScript.",
        r"please enable javascript\b.{0,80}": "Please enable JavaScript / Please enable JavaScript to see the readers' letters.",
    },
    "INVITATIONS": {
        "follow": "Follow the Lock Review on Instagram",
        "like": "Like us on Facebook.",
        "find": "Find us on YouTube",
        "join": "Join our readers on Telegram",
    },
    "NETWORKS": {
        "twitter": "Follow the Lock Review on Twitter",
        "facebook": "Like us on Facebook.",
        "instagram": "Follow us on Instagram for news on barges",
        "x": "Follow us on X.",
        "youtube": "Find us on YouTube",
        "linkedin": "Follow the lock on LinkedIn",
        "telegram": "Join our readers on Telegram",
        "whatsapp": "Join us on WhatsApp",
    },
    "CLOSINGS": {
        r"(?:have|got) (?:a|any) (?:news )?tips?\b.{0,20}\?": "Got a tip? Write to the desk / Have any news tips for us?",
        r"filed under\b": "Filed under: Water",
        r"posted in\b": "Posted in Water",
        "tags?:": "Tag: lock / Tags: lock, weir",
        "categor(?:y|ies):": "Category: water / Categories: water, trade",
        "comments are closed": "Comments are closed.",
        "schlagwörter:": "Schlagwörter: Schleuse, Wehr",
        "topics?:": "Topic: water / Topics: water, trade",
        "tell us what you think": "Tell us what you think of the lock",
        "let us know (?:what you think )?in the comments": (
            "Let us know in the comments below! / Let us know what you think in the comments"
        ),
        "comments (?:are|have been) turned off": "Comments are turned off / Comments have been turned off.",
        r"listen to .{1,60}\blive\b": "Listen to Lock Radio live at six",
        "mehr zum thema:": "Mehr zum Thema: Das Wehr",
        "lire aussi ?:": "Lire aussi : Le barrage / Lire aussi: Le barrage",
        "leia mais:": "Leia mais: A comporta",
        "leia também:": "Leia também: A comporta",
        "lea también:": "Lea también: La esclusa",
        "leggi anche:": "Leggi anche: La chiusa",
        "читайте також:": "Читайте також: Шлюз",
    },
    "CREDITS": {
        "photos?": "Photo: / Photos",
        "images?": "Image: / Images",
        "pictures?": "Picture: / Pictures",
        "illustrations?": "Illustration: / Illustrations",
        "sources?": "Source: / Sources:",
        "via": "via",
        "credits?": "Credit: / Credits",
        "fotos?": "Foto: / Fotos",
        "bild": "Bild:",
        "bildquelle": "Bildquelle:",
        "quellen?": "Quelle: / Quellen",
        "crédits?": "Crédit : / Crédits",
        "fuentes?": "Fuente: / Fuentes",
        "fontes?": "Fonte: / Fontes",
    },
}


@pytest.mark.parametrize(("pattern", "alternative", "example"), rows(EXAMPLES))
def test_a_page_is_read_otherwise_without_the_phrase(pattern: str, alternative: str, example: str) -> None:
    assert fails_without(patterns(phrases)[pattern], alternative, READINGS[pattern], example)


def test_every_phrase_has_an_example() -> None:
    assert {name: sorted(found.alternatives) for name, found in patterns(phrases).items()} == {
        name: sorted(examples) for name, examples in EXAMPLES.items()
    }


@pytest.mark.parametrize(
    "line", ["Reply was slow in coming", "The share of grain", "Related to the mill", "Next came the barges"]
)
def test_a_sentence_with_such_words_is_no_label(line: str) -> None:
    assert not is_label(line)


@pytest.mark.parametrize("line", ["The gate of the lock opens on X-day", "We followed the barges on Facebook", "The tags: two"])
def test_a_sentence_with_such_words_is_no_closing(line: str) -> None:
    assert not is_closing(line)

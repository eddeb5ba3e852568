"""Builds pages that only look like threads: articles with comments, reviews, notes of users, lists of topics."""

from __future__ import annotations

from tests.file_samples import each

PARAGRAPH = (
    "<p>The mill stood idle for eleven years before the town bought it and asked two carpenters to make the wheel turn again, "
    "which took a winter, four oaks and the patience of everybody who lives along the stream.</p>"
)
REMARK = "I walked past the mill last week and the new wheel really does turn, slowly, but without any noise at all."


def comment(name: str, body: str = "comment-content") -> str:
    return (
        f'<li class="{name} depth-1" id="{name}-@"><div class="{name}-author vcard"><img class=avatar alt=""><cite class=fn>'
        f'<a class="url" href="https://other.example/@">Reader @</a></cite> <span class=says>says:</span></div>'
        f'<div class="{name}-meta"><a href="#@"><time datetime="2025-03-1@T09:00:00Z">March 1@, 2025 at 9:00 am</time></a></div>'
        f'<div class="{body}"><p>{REMARK} Number @ was the best of all.</p></div><a class="{name}-reply-link">Reply</a></li>'
    )


def page(content: str, head: str = "") -> str:
    menu = "<nav><a href=/>Home</a><a href=/news>News</a><a href=/mills>Mills</a></nav>"
    return f"<html><head><title>The wheel turns</title>{head}</head><body>{menu}{content}<footer>Imprint</footer></body></html>"


COMMENTS = f'<div id="comments" class="comments-area"><h2>9 comments</h2><ol>{each(9, comment("comment"))}</ol></div>'
BYLINE = (
    '<p class="byline">By <a href="/author/jane" rel="author">Jane Mill</a>, <time datetime="2025-03-01">March 1, 2025</time></p>'
)
SHORT = f'<article class="post"><h1>The wheel turns</h1>{BYLINE}<div class="entry-content">{PARAGRAPH}</div></article>'
LONG = f'<article class="story"><h1>The wheel turns</h1>{BYLINE}<div class="story-body">{PARAGRAPH * 8}</div></article>'
TOPIC = (
    '<li class="topic row"><div class="topic-title"><h3><a href="/t/@">How do I mend a wheel of kind @ before the flood?</a></h3>'
    '</div><span class="author">by <a href="/u/miller@">miller@</a></span> <time datetime="2025-03-1@">March 1@, 2025</time>'
    "<span>4 replies</span></li>"
)
TEASER = (
    '<article class="post"><h2><a href="/p/@">What wheel @ did in the flood</a></h2><span class="author">by '
    f'<a href="/author/jane">Jane</a></span> <time datetime="2025-03-1@">March 1@, 2025</time>'
    f'<div class="summary">{PARAGRAPH} @</div></article>'
)
NO_THREADS = {
    "news with ten comments": page(LONG + COMMENTS, '<meta property="og:type" content="article">'),
    "short post of a blog with long comments": page(SHORT + COMMENTS),
    "short post of a blog that says it is an article": page(SHORT + COMMENTS, '<meta property="og:type" content="article">'),
    "product with reviews": page(
        f"<h1>Oak wheel</h1><div class=description>{PARAGRAPH}</div>"
        f"<div id=reviews>{each(8, comment('review', 'review-text'))}</div>"
    ),
    "documentation with notes of users": page(
        f"<h1>turn_wheel</h1><section class=refsect>{PARAGRAPH * 5}<pre>turn_wheel(4);</pre></section>"
        f"<section id=usernotes>{each(6, comment('note', 'phpcode'))}</section>"
    ),
    "list of topics": page(f"<h1>Gates and locks</h1><ul class=topiclist>{each(9, TOPIC)}</ul>"),
    "front page of a blog": page(f"<main>{each(6, TEASER)}</main>"),
}

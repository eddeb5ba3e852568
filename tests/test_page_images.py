"""Images of pages that scripts load: of the copies that a page has of an image, the large one stays."""

from __future__ import annotations

import lxml.html
import pytest

from publisher.input.image_sources import resolve_image_sources
from tests.line_count import lines_run

GIF = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
LOW = f"data:image/jpeg;base64,{'A' * 600}"
SIZER = "data:image/svg+xml,%3csvg%20xmlns=%27http://www.w3.org/2000/svg%27%20width=%27900%27%20height=%27500%27/%3e"


def images(html: str, *beside: str) -> list[str]:
    """The address of each image and its alt text, if it has it."""
    parsed = lxml.html.document_fromstring(f"<body><article><div>{html}</div></article></body>")
    resolve_image_sources(parsed, lambda address: address in beside)
    return [f"{image.get('src')} {image.get('alt') or ''}".strip() for image in parsed.iter("img")]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<amp-img src="weir.jpg" width="900" alt="W"></amp-img>', ["weir.jpg W"]),
        ('<amp-img src="weir.jpg"><noscript><img src="weir.jpg"></noscript></amp-img>', ["weir.jpg"]),
        ('<amp-img srcset="s.jpg 300w, l.jpg 900w" src="s.jpg"><div fallback>No</div></amp-img>', ["l.jpg"]),
        ('<amp-anim src="weir.gif"><amp-img placeholder src="small.jpg"></amp-img></amp-anim>', ["weir.gif"]),
        ('<amp-img src="weir.jpg"/><p>Words <img src="gate.jpg"></p>', ["weir.jpg", "gate.jpg"]),
        ('<input type="image" src="weir.jpg" alt="W">', ["weir.jpg W"]),
        ('<form><input type="image" src="button.png"></form>', []),
        ('<input type="text" src="weir.jpg">', []),
        ('<div style="background-image:url(weir.jpg)" role="img" aria-label="W"></div>', ["weir.jpg W"]),
        ("<div style=\"background: #eee url( 'weir.jpg' ) center\" role=img></div>", ["weir.jpg"]),
        ('<div data-bg="weir.jpg" role="img" title="W"></div>', ["weir.jpg W"]),
        ('<div style="background-image:url(weir.jpg)"></div>', []),
        ('<div style="background-image:url(weir.jpg)" role="img">Words</div>', []),
        ('<div style="background-color: red" role="img"></div>', []),
        ('<figure><div style="background-image:url(weir.jpg)"></div><figcaption>W</figcaption></figure>', ["weir.jpg"]),
        ('<figure><div style="background-image:url(weir.jpg)"><img src="gate.jpg"></div></figure>', ["gate.jpg"]),
    ],
)
def test_an_image_that_is_no_img_element(html: str, expected: list[str]) -> None:
    assert images(html) == expected


def test_the_words_in_an_element_of_amp_without_an_end_stay() -> None:
    parsed = lxml.html.fragment_fromstring('<div><amp-img src="weir.jpg"/>Words <b>here</b></div>')
    resolve_image_sources(parsed, lambda _: False)
    assert parsed.text_content() == "Words here" and [image.text for image in parsed.iter("img")] == [None]


def test_a_video_of_amp_is_a_video() -> None:
    parsed = lxml.html.fragment_fromstring('<div><amp-video poster="p.jpg"></amp-video><amp-iframe src="a"></amp-iframe></div>')
    resolve_image_sources(parsed, lambda _: False)
    assert [element.tag for element in parsed] == ["video", "iframe"]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f'<img src="{GIF}" data-lazy-srcset="s.jpg 300w, l.jpg 900w" data-lazy-src="s.jpg">', ["l.jpg"]),
        (f'<img data-sizes="auto" src="{GIF}" data-srcset="s.jpg 300w, l.jpg 900w">', ["l.jpg"]),
        ('<img src="s.jpg" srcset="m.jpg 600w" data-orig-file="l.jpg">', ["l.jpg"]),
        (f'<picture><source data-srcset="l.jpg 2x"><img data-src="s.jpg" src="{GIF}"></picture>', ["l.jpg"]),
        ('<picture><source type="image/avif" srcset="a.avif 2x"><source srcset="l.jpg"><img src="s.jpg"></picture>', ["l.jpg"]),
        # media queries: what a wide screen with light colors shows
        ('<picture><source media="(max-width: 600px)" srcset="m.jpg 2000w"><img src="l.jpg"></picture>', ["l.jpg"]),
        (
            '<picture><source media="(min-width: 40em)" srcset="m.jpg"><source media="(min-width: 900px)" srcset="l.jpg">'
            '<img src="s.jpg"></picture>',
            ["l.jpg"],
        ),
        ('<picture><source media="(min-width: 9px) and (max-width: 99px)" srcset="l.jpg"><img src="s.jpg"></picture>', ["l.jpg"]),
        ('<picture><source media="(prefers-color-scheme: dark)" srcset="d.jpg"><img src="l.jpg"></picture>', ["l.jpg"]),
        ('<picture><source media="(orientation: portrait)" srcset="p.jpg"><img src="l.jpg"></picture>', ["l.jpg"]),
        # copies for readers without scripts
        (f'<img src="{GIF}"><noscript><img src="s.jpg" srcset="l.jpg 900w" alt="W"></noscript>', ["l.jpg W"]),
        (f'<noscript><img src="l.jpg"></noscript><img src="{GIF}" data-lazy-src="l.jpg" alt="W">', ["l.jpg W"]),
        (f'<noscript><img src="l.jpg"></noscript><img src="{GIF}" alt="W">', ["l.jpg W"]),
        ('<noscript><img src="l.jpg"></noscript><img src="other.jpg">', ["l.jpg", "other.jpg"]),
        ('<noscript><img src="l.jpg"></noscript> Words <img src="l.jpg">', ["l.jpg", "l.jpg"]),
        ('<img src="a.jpg"> Words <noscript><img src="l.jpg"></noscript>', ["a.jpg", "l.jpg"]),
        (f'<img src="{GIF}"><noscript>&lt;img src="l.jpg"&gt;</noscript>', ["l.jpg"]),
        ('<noscript>Turn on &lt;b&gt;scripts&lt;/b&gt;</noscript><img src="l.jpg">', ["l.jpg"]),
        # previews
        (f'<p><img aria-hidden="true" src="{LOW}"><picture><source srcset="l.jpg"><img alt="W"></picture></p>', ["l.jpg W"]),
        (f'<span><span><img aria-hidden="true" src="{SIZER}"></span><img src="l.jpg" alt="W"></span>', ["l.jpg W"]),
        ('<div><img class="x-thumbnail" src="s.jpg"><img data-src="l.jpg"></div>', ["s.jpg", "l.jpg"]),
        ('<div><img class="progressiveMedia-thumbnail" src="s.jpg" alt="W"><br><img data-src="l.jpg"></div>', ["l.jpg W"]),
        ('<div><div class="blur-up"><img src="s.jpg"></div><img src="l.jpg"></div>', ["l.jpg"]),
        ('<div><img style="filter: blur(9px)" src="s.jpg"><img src="l.jpg"></div>', ["l.jpg"]),
        ('<div><img class="lqip" src="s.jpg">Words<img src="l.jpg"></div>', ["s.jpg", "l.jpg"]),
        ('<div><img class="lqip" src="s.jpg"><img class="lqip" src="l.jpg"></div>', ["s.jpg", "l.jpg"]),
        ('<div><img class="placeholder" src="s.jpg" data-src="m.jpg"><img src="l.jpg"></div>', ["m.jpg", "l.jpg"]),
        (f'<div><img class="lqip" src="s.jpg">{"<img src=a.jpg>" * 3}</div>', ["s.jpg", "a.jpg", "a.jpg", "a.jpg"]),
        ('<ul><li><img class="lqip" src="s.jpg"></li><li><img src="l.jpg"></li></ul>', ["s.jpg", "l.jpg"]),
        (
            '<div><i><img src="s.jpg" width="9" alt="W"></i><img width="9" alt="W"><noscript><img src="l.jpg"></noscript></div>',
            ["l.jpg W"],
        ),
        (
            '<div><img src="s.jpg" width="7" alt="W"><img width="9" alt="W"><noscript><img src="l.jpg"></noscript></div>',
            ["s.jpg W", "l.jpg W"],
        ),
        ('<div><img src="s.jpg" width="9" alt="W"><img width="9" alt="W" src="l.jpg"></div>', ["s.jpg W", "l.jpg W"]),
        ('<img class="lqip" src="s.jpg">', ["s.jpg"]),
    ],
)  # fmt: skip
def test_of_all_copies_the_large_image_stays(html: str, expected: list[str]) -> None:
    assert images(html) == expected


@pytest.mark.parametrize(
    ("address", "beside", "expected"),
    [
        ("/_next/image?url=%2Fimg%2Fweir.jpg&w=640&q=75", "img/weir.jpg", "img/weir.jpg"),
        ("/_next/image?url=%2Fimg%2Fweir.jpg&w=640&q=75", "", "/_next/image?url=%2Fimg%2Fweir.jpg&w=640&q=75"),
        ("https://example.org/s?w=9&url=https%3A%2F%2Fexample.com%2Fweir.jpg", "", "https://example.com/weir.jpg"),
        ("/cdn-cgi/image/width=300,quality=80/img/weir.jpg", "img/weir.jpg", "img/weir.jpg"),
        ("/cdn-cgi/image/width=300/https://example.com/weir.jpg", "", "https://example.com/weir.jpg"),
        ("https://example.org/share?url=https%3A%2F%2Fexample.com%2Fstory", "", "https://example.org/share?url=https%3A%2F%2Fexample.com%2Fstory"),
    ],
)  # fmt: skip
def test_the_image_behind_a_service_that_scales_it(address: str, beside: str, expected: str) -> None:
    assert images(f'<img src="{address}">', beside) == [expected]


@pytest.mark.parametrize(
    ("html", "expected", "links"),
    [
        ('<a href="l.jpg"><img src="s.jpg"></a>', ["l.jpg"], 0),
        ('<a href="l.jpg"><img src="s.jpg"> The weir</a>', ["s.jpg"], 1),
        ('<a href="m.jpg"><img src="s.jpg"></a>', ["s.jpg"], 1),
        ('<a href="page.html"><img src="s.jpg"></a>', ["s.jpg"], 1),
    ],
)
def test_an_image_with_a_link_to_a_larger_copy_beside_the_page(html: str, expected: list[str], links: int) -> None:
    parsed = lxml.html.fragment_fromstring(f"<div>{html}</div>")
    resolve_image_sources(parsed, lambda address: address in ("s.jpg", "l.jpg", "page.html"))
    assert [image.get("src") for image in parsed.iter("img")] == expected and len(list(parsed.iter("a"))) == links


def test_an_image_that_a_script_would_have_shown_is_not_hidden() -> None:
    html = f'<div><img class="photo lazy-hidden" style="display:none" src="{GIF}"><noscript><img src="l.jpg"></noscript></div>'
    parsed = lxml.html.fragment_fromstring(html)
    resolve_image_sources(parsed, lambda _: False)
    assert parsed[0].get("class").split() == ["photo"] and parsed[0].get("style") is None


def test_previews_are_recorded() -> None:
    parsed = lxml.html.fragment_fromstring('<div><img class="lqip" src="s.jpg"><img src="l.jpg"></div>')
    (removal,) = resolve_image_sources(parsed, lambda _: False)
    assert (removal.rule, removal.images) == ("a preview of the image beside it", 1)


def test_a_gallery_takes_time_in_proportion_to_its_images() -> None:
    def resolve(count: int) -> None:
        page = lxml.html.fragment_fromstring(
            f"<div>{'<i><img class=lqip src=a.jpg></i><noscript><img src=b></noscript>' * count}</div>"
        )
        resolve_image_sources(page, lambda _: False)

    assert lines_run(resolve, 400) < 3 * lines_run(resolve, 200)

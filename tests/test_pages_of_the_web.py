"""Images, drawings, addresses and players of saved pages: one example for each rule."""

from __future__ import annotations

import base64
from pathlib import Path

import lxml.etree
import lxml.html
import pytest
from PIL import Image

from publisher.build.ingest import articles_of
from publisher.input.html_pages import fragment_markup, link_players
from publisher.input.image_sources import resolve_image_sources
from publisher.input.inline_svg import inline_svg_to_img
from publisher.input.manuscript import Manuscript
from publisher.model.markup import xhtml
from publisher.text.plain_text import text_of
from tests.reader_samples import PROSE, SECOND, article, listed, page, rules


def image_of(html: str, *beside: str) -> list[str]:
    parsed = lxml.html.document_fromstring(f"<div>{html}</div>")
    resolve_image_sources(parsed, lambda address: address in beside)
    assert not list(parsed.iter("picture", "source"))
    return [str(image.get("src")) for image in parsed.iter("img")]


@pytest.mark.parametrize(
    "name",
    listed("data-src data-original data-lazy-src data-orig-file data-hi-res-src data-full-src data-url data-image"),
)
def test_an_image_that_is_loaded_late(name: str) -> None:
    assert image_of(f'<img src="small.jpg" {name}="big.jpg">') == ["big.jpg"]
    assert image_of(f'<img src="small.jpg" {name}="pictures/7">') == ["pictures/7"]
    assert image_of(f'<img src="small.jpg" {name}="7">') == ["small.jpg"]
    assert image_of(f'<img src="small.jpg" {name}="a b.jpg">') == ["small.jpg"]


@pytest.mark.parametrize("name", ["data-srcset", "data-lazy-srcset", "srcset"])
def test_of_several_sizes_the_largest(name: str) -> None:
    assert image_of(f'<img src="s.jpg" {name}="a.jpg 300w, b.jpg 900w, c.jpg 600w">') == ["b.jpg"]
    assert image_of(f'<img src="s.jpg" {name}="a.jpg, b.jpg 2x">') == ["b.jpg"]
    assert image_of(f'<img src="s.jpg" {name}="data:image/gif;base64,R0lG 900w, b.jpg 300w">') == ["b.jpg"]


@pytest.mark.parametrize(
    "source",
    [
        "data:image/gif;base64,R0lG",
        "data:image/svg+xml;utf8,x",
        "data:image/png;base64,x",
        "blank.gif",
        "img/spacer.png",
        "img_placeholder.svg",
        "a-pixel.jpg",
        "loading-2.jpeg",
        "lazy.png",
        "1x1.gif",
        "transparent.png",
        "grey.gif",
    ],
)
def test_a_placeholder_gives_way_to_any_image_that_the_element_names(source: str) -> None:
    assert image_of(f'<img src="{source}" data-other="https://example.org/gate.webp">') == ["https://example.org/gate.webp"]


@pytest.mark.parametrize(
    ("html", "source"),
    [
        ('<img src="gate.jpg" data-other="https://example.org/x.jpg">', "gate.jpg"),
        ('<img src="blank.gif" data-other="//example.org/x.avif?w=2">', "//example.org/x.avif?w=2"),
        ('<img src="blank.gif" data-other="/x.gif">', "/x.gif"),
        ('<img src="blank.gif" data-other="x.gif">', "blank.gif"),
        ('<img src="blank.gif" other="/x.gif">', "blank.gif"),
        ('<img src="underlazy.gif">', "underlazy.gif"),
        (f'<img src="data:image/png;base64,{"A" * 300}">', f"data:image/png;base64,{'A' * 300}"),
        ('<picture><source srcset="a.avif" type="image/avif"><source srcset="b.webp 2x"><img src="c.jpg"></picture>', "b.webp"),
        ('<picture><source data-srcset="b.webp"><img src="c.jpg"></picture>', "b.webp"),
        ('<img src="lazy.gif"><noscript><img src="gate.jpg"></noscript>', "gate.jpg"),
        ('<span><img src="lazy.gif"></span><noscript><img src="gate.jpg"></noscript>', "gate.jpg"),
        ('<img src="weir.jpg"><noscript><img src="gate.jpg"></noscript>', "weir.jpg"),
        ('<p>Words</p><noscript><img src="gate.jpg"></noscript>', "gate.jpg"),
    ],
)
def test_the_best_copy_of_an_image(html: str, source: str) -> None:
    assert image_of(html) == [source]


def test_a_file_beside_the_page_is_the_best_copy() -> None:
    assert image_of('<img src="s.jpg" srcset="a.jpg 300w, b.jpg 900w" data-src="c.jpg">', "a.jpg") == ["a.jpg"]
    assert image_of('<p><img src="lazy.gif">Words</p><noscript><img src="gate.jpg"></noscript>') == ["lazy.gif", "gate.jpg"]
    assert image_of('<noscript><img src="a.jpg"><img src="b.jpg"></noscript>') == ["a.jpg", "b.jpg"]


SHAPE = '<path d="M0 0"/>'
PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAA="


@pytest.mark.parametrize(
    ("svg", "is_image"),
    [
        (f'<svg width="64" height="64">{SHAPE * 2}</svg>', True),
        (f'<svg width="64px" height=" 64 ">{SHAPE * 2}</svg>', True),
        (f'<svg width="63" height="64">{SHAPE * 2}</svg>', False),
        (f'<svg width="64" height="63">{SHAPE * 2}</svg>', False),
        (f'<svg width="64" height="64">{SHAPE}</svg>', False),
        *(
            (f'<svg width="64" height="64">{SHAPE}<{name}></{name}></svg>', True)
            for name in ("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "image")
        ),
        ('<svg width="64" height="64"><g></g><g></g></svg>', False),
        (f'<svg aria-hidden="true" width="64" height="64">{SHAPE * 2}</svg>', False),
        (f'<svg viewBox="0 0 64 64">{SHAPE * 6}</svg>', True),
        (f'<svg viewBox="0 0 64 64">{SHAPE * 5}</svg>', False),
        (f'<svg viewBox="0 0 64 63">{SHAPE * 6}</svg>', False),
        (f'<svg viewBox="0 0 64 64">{SHAPE}<text>7</text></svg>', True),
        (f'<svg width="1em" height="1em">{SHAPE * 6}</svg>', False),
        (f'<svg width="64" height="64">{SHAPE * 2}<use href="#a"/><path id="a"/></svg>', True),
        (f'<svg width="64" height="64">{SHAPE * 2}<use href="#b"/><path id="a"/></svg>', False),
        (f'<svg width="64" height="64">{SHAPE * 2}<use xlink:href="#b"/></svg>', False),
    ],
)
def test_drawings_become_images_and_icons_go(svg: str, is_image: bool) -> None:
    parsed = lxml.html.fragment_fromstring(f"<div>{svg}after</div>")
    inline_svg_to_img(parsed)
    assert (parsed.find("img") is not None) is is_image and parsed.find("svg") is None and parsed.text_content() == "after"


def test_a_drawing_of_a_page_is_whole() -> None:
    svg = (
        '<svg id="a" class="b" width="90" height="80" viewBox="0 0 90 80" '
        'aria-label="" onclick="x()"><title>A chart</title><desc>Of it</desc>'
        '<linearGradient gradientUnits="userSpaceOnUse"/><clipPath/>'
        "<text>Level <tspan>2.10</tspan> up</text><use xlink:href='#c'/><rect id='c'/></svg>"
    )
    parsed = lxml.html.fragment_fromstring(f"<div>{svg}</div>")
    inline_svg_to_img(parsed)
    image = parsed.find("img")
    assert {name: image.get(name) for name in ("id", "class", "width", "height", "alt")} == {
        "id": "a",
        "class": "b",
        "width": "90",
        "height": "80",
        "alt": "A chart",
    }
    drawing = base64.b64decode(image.get("src").partition("base64,")[2]).decode()
    for part in (
        'viewBox="0 0 90 80"',
        "<linearGradient gradientUnits",
        "<clipPath/>",
        'xlink:href="#c"',
        'xmlns="http://www.w3.org/2000/svg"',
    ):
        assert part in drawing
    assert "<text>Level <tspan>2.10</tspan> up</text>" in drawing
    labelled = lxml.html.fragment_fromstring(
        f"<div><svg width='90' height='90' aria-label='L'><title>T</title>{SHAPE * 2}</svg></div>"
    )
    inline_svg_to_img(labelled)
    assert labelled.find("img").get("alt") == "L"


@pytest.mark.parametrize(
    ("svg", "words"),
    [
        ("<text>Upper</text><text>lock</text>", "Upper lock"),
        ("<foreignObject><p>Upper <b>lock</b></p></foreignObject>", "Upper lock"),
    ],
)
def test_a_drawing_of_words_only_is_these_words(svg: str, words: str) -> None:
    parsed = lxml.html.fragment_fromstring(f"<div><svg>{svg}</svg>after</div>")
    inline_svg_to_img(parsed)
    assert parsed.find("span").text == words and parsed.text_content() == f"{words}after"


def fragment(html: str, base: str = "", beside: bytes | None = None) -> tuple[str, list[str]]:
    manuscript = Manuscript(Path("a.html"), html.encode(), "a.html", opened={"b.html": b"x"})
    return fragment_markup(manuscript, html, base), [str(diagnostic.message) for diagnostic in manuscript.diagnostics]


@pytest.mark.parametrize(
    ("image", "stays"),
    [
        *((f'<img src="a.png" {side}="{size}">', False) for side in ("width", "height") for size in ("0", "1", "2", "1px")),
        *((f'<img src="a.png" style="{side}: {size}">', False) for side in ("width", "height") for size in ("1px", "0")),
        ('<img src="a.png" style="max-width: 1px">', True),
        ('<img src="a.png" width="3" height="3">', True),
        ('<img src="a.png">', True),
    ],
)
def test_images_that_only_track_are_removed(image: str, stays: bool) -> None:
    assert ("<img" in fragment(f"<p>Words {image}</p>")[0]) is stays


@pytest.mark.parametrize(
    ("href", "base", "address"),
    [
        ("c", "https://example.org/a/b", "https://example.org/a/c"),
        ("/c", "https://example.org/a/b", "https://example.org/c"),
        ("#c", "https://example.org/a/b", "#c"),
        ("https://example.org/a/b#c", "https://example.org/a/b", "https://example.org/a/b#c"),
        ("/a/b#c", "https://example.org/a/b", "#c"),
        ("mailto:x@example.org", "https://example.org/a/b", "mailto:x@example.org"),
        ("b.html", "https://example.org/a/b", "b.html"),
        ("c", "", "c"),
        ("c", "file:///a/b", "c"),
    ],
)
def test_addresses_of_a_saved_page_are_made_whole(href: str, base: str, address: str) -> None:
    assert f'href="{address}"' in fragment(f'<p><a href="{href}">Words</a></p>', base)[0]


def test_a_page_may_name_its_own_base() -> None:
    html = '<html><head><base target="x"><base href="/d/"></head><body><p><a href="c">Words</a></p></body></html>'
    assert 'href="https://example.org/d/c"' in fragment(html, "https://example.org/a/b")[0]


@pytest.mark.parametrize(
    ("player", "link"),
    [
        *(
            (f'<{tag} src="https://example.org/film" title="A film"></{tag}>', "https://example.org/film")
            for tag in ("iframe", "embed", "video", "audio")
        ),
        ('<object data="https://example.org/film" title="A film"></object>', "https://example.org/film"),
        ('<iframe data-src="//example.org/film" title="A film"></iframe>', "https://example.org/film"),
        ('<video title="A film"><source src="https://example.org/film"></video>', "https://example.org/film"),
    ],
)
def test_a_player_becomes_a_link_with_its_title(player: str, link: str) -> None:
    markup, messages = fragment(f"<div>{player} after</div>")
    assert f'<a class="player" href="{link}">A film</a></p> after' in markup and messages == []


def test_a_player_without_a_title_is_named_by_its_site_and_what_cannot_be_linked_is_a_message() -> None:
    assert ">example.org</a>" in fragment('<iframe src="https://example.org/film"></iframe>')[0]
    for tag in ("iframe", "object", "embed", "video", "audio", "canvas", "form"):
        assert fragment(f"<p>Words</p><{tag} src='film'></{tag}>")[1] == [f"a <{tag}> is left out: it cannot be printed"]


@pytest.mark.parametrize(
    ("embedded", "kept"),
    [
        ("<object data='f.bin'>Words</object>", "<span>Words</span>"),
        ("<object data='f.bin'><p>Words</p></object>", "<div><p>Words</p></div>"),
        ("<object data='f.bin'><img src='a.png' alt='A'></object>", '<span><img src="a.png" alt="A"></span>'),
        ("<object data='f.bin'><object data='g.bin'>Words</object></object>", "<span><span>Words</span></span>"),
        ("<video src='f.mp4'><track src='t.vtt'><p>Words</p></video>", "<div><p>Words</p></div>"),
        ("<audio src='f.mp3'>Words</audio>", "<span>Words</span>"),
        ("<canvas>Words</canvas>", "<span>Words</span>"),
        ("<iframe src='f.html'><p>Words <b>here</b></p></iframe>", "<div><div><p>Words <b>here</b></p></div></div>"),
        ("<video src='f.mp4'>Your browser does not support it: <a href='f.mp4'>film</a></video>", 'it: <a href="f.mp4">film</a>'),
        ("<video src='f.mp4'>The browser war, told in a film.</video>", "<span>The browser war, told in a film.</span>"),
    ],
)
def test_what_a_page_offers_in_place_of_a_video_or_object_is_kept(embedded: str, kept: str) -> None:
    markup, messages = fragment(f"<div>{embedded} after</div>")
    assert kept in markup and "after" in markup
    assert messages and all(message.endswith("what the page offers in its place is kept") for message in messages)


@pytest.mark.parametrize(
    "notice",
    [
        "Your browser does not support the video tag.",
        "<p>Sorry, this e-reader cannot play it: update your reading system.</p>",
        "Ihr Browser unterstützt keine Videos.",
        "Votre navigateur ne prend pas en charge la vidéo.",
        "Su navegador no soporta HTML5.",
        "Ваш браузер не поддерживает видео.",
        "お使いのブラウザは動画に対応していません。",
    ],
)
def test_a_notice_that_a_program_supports_no_video_is_left_out_with_a_note(notice: str) -> None:
    markup, (note, *_) = fragment(f"<div><video src='https://example.org/f'><source src='g'>{notice}</video> after</div>")
    assert "</a></p> after" in markup and note.startswith("left out, in place of a <video>: ")
    assert lxml.html.fragment_fromstring(f"<div>{notice}</div>").text_content().rstrip(".") in note


def test_the_first_image_of_a_video_stands_above_its_link() -> None:
    video = f"<video src='https://example.org/f' poster='{PIXEL}' title='A film'></video>"
    assert f'<figure><img src="{PIXEL}" alt="A film"></figure><p><a class="player"' in fragment(video)[0]
    assert "<img" not in fragment(video.replace(PIXEL, "https://example.org/p.png"))[0]
    markup, (message,) = fragment(video.replace("https:", "file:"))
    assert "<img" in markup and message.startswith("a <video> is left out")


@pytest.mark.parametrize(
    ("embedded", "image"),
    [
        ("<object data='a.svg'>A map</object>", '<img src="a.svg" alt="A map">'),
        ("<object data='a' type='image/png' width='9' title='T'></object>", '<img src="a" alt="T" width="9">'),
        (f"<object data='{PIXEL}'><img src='b.png' alt='B'></object>", f'<img src="{PIXEL}" alt="B">'),
        ("<object data='a.svg'><object data='b.png'>B</object></object>", '<span><img src="b.png" alt="B"></span>'),
        ("<object data='a.svg?v=2'></object>", '<img src="a.svg?v=2">'),
    ],
)
def test_an_object_that_is_an_image_is_that_image(embedded: str, image: str) -> None:
    assert f"{image} after" in fragment(f"<div>{embedded} after</div>")[0]


TEX = '<annotation encoding="application/x-tex">x^2</annotation>'


@pytest.mark.parametrize(
    ("math", "characters"),
    [
        ("<m:math><m:mi>a</m:mi><m:mo>+</m:mo><m:mn>1</m:mn></m:math>", "a+1"),
        ('<math xmlns="http://example.org/other"><mi>a</mi></math>', "a"),
        ("<math><mn>2</mn><mo>&InvisibleTimes;</mo><mi>&alpha;</mi></math>", "2 α"),
        ("<math><mfenced><mi>a</mi><mi>b</mi></mfenced></math>", "(a, b)"),
        ("<math><mfenced separators='; |'><mi>a</mi><mi>b</mi><mi>c</mi><mi>d</mi></mfenced></math>", "(a; b|c|d)"),
        ("<math><mfenced open='[' close=''><mi>a</mi></mfenced></math>", "[a"),
        ("<math><mfenced separators=''><mi>a</mi><mi>b</mi></mfenced></math>", "(a b)"),
        (f"<math><semantics>{TEX}</semantics></math>", "x^2"),
        (f"<math><apply><ci>x</ci></apply>{TEX}</math>", "x^2"),
        ("<math>x + 1</math>", "x + 1"),
        ("<math><mrow>of <mi>x</mi> words</mrow></math>", "of x words"),
        ("<math><maction><mi>a</mi><mi>b</mi></maction></math>", "a b"),
    ],
)  # fmt: skip
def test_formulas_in_odd_mathml_are_drawn(math: str, characters: str) -> None:
    found = article("a.html", page(body=f"<p>Words {math} after</p>"))
    assert f"Words {characters} after" in text_of(found)


@pytest.mark.parametrize(
    ("math", "words", "count"),
    [
        ("<math/>", "", 0),
        ("<math><mrow/></math>", "", 0),
        ('<math alttext="A half"/>', "<span>A half</span>", 1),
        ('<math altimg="a.png"/>', '<img src="a.png" alt="">', 0),
        ('<math altimg="a.png" alttext="A half"><apply><ci>x</ci></apply></math>', '<img src="a.png" alt="A half">', 1),
        ("<math><apply><plus/><ci>x</ci><cn>2</cn></apply></math>", "<span>x2</span>", 1),
        ('<math><semantics><annotation encoding="text/plain">a half</annotation></semantics></math>', "<span>a half</span>", 1),
    ],
)
def test_a_formula_that_cannot_be_drawn_keeps_its_image_or_its_words(math: str, words: str, count: int) -> None:
    markup, messages = fragment(f"<p>Words {math} after</p>")
    assert f"<p>Words {words} after</p>" in markup and len(messages) == count


def test_players_in_markdown_have_the_line_of_their_html() -> None:
    manuscript = Manuscript(Path("a.md"), b"", "a.md")
    assert link_players(manuscript, "<b>x</b", 7) == "<b>x</b"
    assert link_players(manuscript, "<canvas></canvas>", 7) == ""
    assert [diagnostic.location.line for diagnostic in manuscript.diagnostics] == [7]
    assert 'class="player"' in link_players(manuscript, '<IFRAME src="https://example.org/f"></IFRAME>', 7)
    assert "<img" in link_players(manuscript, f"<svg width='90' height='90'>{SHAPE * 2}</svg>", 7)


def test_classes_of_our_own_and_tooltips_of_a_page_mean_nothing() -> None:
    markup = fragment(
        '<p class="note credit">Words <img src="a.png" title="T" alt="A"></p><p class="task">x</p><a name="k">y</a>'
    )[0]
    assert '<p class="credit">' in markup and "title" not in markup and "task" not in markup and 'id="k"' in markup


@pytest.mark.parametrize(
    ("body", "marked"),
    [
        (f"<article><p>{PROSE}</p></article><div>x</div>", True),
        (f"<article><p>x</p></article><article><p>{PROSE}</p></article>", True),
        (f"<main><p>{PROSE}</p></main><div>x</div>", True),
        (f"<main><p>{PROSE}</p></main><div>x{chr(10) * 9_000}</div>", True),
        (f"<article><p>x</p></article><div><p>{PROSE}</p></div>", False),
        (f"<article><p>y</p></article><main><p>{PROSE}</p></main>", False),
    ],
)
def test_the_marked_article_of_a_clean_page(body: str, marked: bool) -> None:
    found = xhtml(article("a.html", f"<html><body>{body}</body></html>").root)
    assert PROSE in found and (">x<" not in found and ">y<" not in found) is marked


@pytest.mark.parametrize("tag", ["p", "div", "span", "address"])
def test_a_byline_of_a_clean_page_moves_to_the_header(tag: str) -> None:
    found = article("a.html", page(body=f"<{tag} class='x byline'>By Mara Ennis</{tag}><{tag} class='bylines'>Kept</{tag}>"))
    assert found.metadata.authors == ("Mara Ennis",) and "Kept" in xhtml(found.root)
    assert rules(found) == {"By Mara Ennis": "byline or date, now in the header"}


def test_what_a_page_hides_is_removed_unless_it_shows_no_word() -> None:
    hidden = "<div style='display:none'>A zebra <p hidden>twice</p></div>"
    found = article("a.html", page(body=f"<p>{SECOND}</p>{hidden}"))
    assert rules(found) == {"A zebra twice": "not shown by the page"} and "zebra" not in xhtml(found.root)
    found = article("a.html", f"<div>{hidden}</div>")
    assert "zebra" in xhtml(found.root) and rules(found) == {"twice": "not shown by the page"}


def test_a_page_whose_only_clutter_is_its_footer_is_no_clean_article() -> None:
    text = f"<article><h1>A</h1><p>{PROSE}</p><p>{SECOND}</p></article><footer><p>All rights reserved.</p></footer>"
    assert "rights reserved" not in xhtml(article("a.html", text).root)


def test_an_image_above_the_first_paragraph_stays(tmp_path: Path) -> None:
    lines = [
        "The gate opened at seven, and the first barges of the spring went through without a stop before noon.",
        "By noon the queue below the weir had gone, and the keepers wrote the hour into the book that they keep.",
        "The mill at the bridge bought space for its grain, and the price on the quay did not move all day long.",
    ]
    Image.new("RGB", (640, 480), "red").save(tmp_path / "gate.png")
    body = f"<h1>The gate opens</h1><img src='gate.png' alt='The gate'>{''.join(f'<p>{line}</p>' for line in lines)}"
    menu = "<nav><ul><li><a href='/'>Home</a></li><li><a href='/w'>Water</a></li></ul></nav>"
    text = f"<html><body>{menu}<main><article>{body}</article></main><aside><p>More</p></aside></body></html>"
    (found,) = articles_of(Manuscript(tmp_path / "a.html", text.encode(), "a.html"))
    assert 'alt="The gate"' in xhtml(found.root)

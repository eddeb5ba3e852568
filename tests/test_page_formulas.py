"""Formulas of pages, as the programs of the web leave them: each is drawn once, from its markup."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from publisher.input.html_pages import fragment_markup
from publisher.input.manuscript import Manuscript
from publisher.model.markup import xhtml
from tests.reader_samples import SECOND, article, page

ROW = "<mi>q</mi><mo>=</mo><mfrac><mi>h</mi><mn>2</mn></mfrac>"
MATH = f'<math xmlns="http://www.w3.org/1998/Math/MathML">{ROW}</math>'
TEX = r"q=\frac{h}{2}"
ANNOTATION = f"<annotation encoding='application/x-tex'>{{\\displaystyle {TEX}}}</annotation>"
ANNOTATED = f"<math><semantics><mrow>{ROW}</mrow>{ANNOTATION}</semantics></math>"
BOXES = "<span class='base'><span class='mord'>q</span><span>=</span><span>h2</span></span>"
SCRIPT = f'<script type="math/tex" id="MathJax-Element-1">{TEX}</script>'
SVG = '<svg width="9ex" viewBox="0 0 900 800" aria-hidden="true"><g><path d="M0 0"/><text>q</text></g></svg>'


def drawn(html: str, head: str = "") -> str:
    """The markup of a paragraph, each drawn formula as its line of text in braces, with `!` if it has a line of its own."""
    text = f"<html><head>{head}</head><body>{html}</body></html>"
    markup = fragment_markup(Manuscript(Path("a.html"), text.encode(), "a.html"), text)
    image = r'<img class="math( display)?" alt="([^"]*)"[^>]*>'
    return re.sub(image, lambda match: f"{{{match[2]}{'!' if match[1] else ''}}}", markup)


@pytest.mark.parametrize(
    ("shown", "display"),
    [
        (f"<span class='mwe-math-element'><span style='display: none'>{ANNOTATED}</span><img alt='q'></span>", False),
        (f"<img class='mwe-math-fallback-image-inline' src='a.svg' alt='{{\\displaystyle {TEX}}}'>", False),
        (f"<img class='mwe-math-fallback-image-display' src='a.svg' alt='{TEX}'>", True),
        (f"<img class='latex' src='https://example.org/latex.php?latex=q' alt='{TEX}'>", False),
        (f"<img src='https://latex.codecogs.com/q' alt='$${TEX}$$'>", False),
        (SCRIPT, False),
        (SCRIPT.replace("math/tex", "math/tex; mode=display"), True),
        (f"<script type='math/tex'>% <![CDATA[\n{TEX} %]]></script>", False),
        (f"<script type='math/mml'>{MATH}</script>", False),
        (f"<span class='MathJax_Preview'>q</span><span class='MathJax'>{BOXES}</span>{SCRIPT}", False),
        (f"<span class='MathJax'>{BOXES}<span class='MJX_Assistive_MathML'>{MATH}</span></span>{SCRIPT}", False),
        (f"<span class='MathJax_Display'><span class='MathJax'>{BOXES}<span>{MATH}</span></span></span>", True),
        (f"<span class='MathJax' data-mathml='{MATH.replace('<', '&lt;')}'>{BOXES}</span>".replace('"', ""), False),
        (f"<mjx-container class='MathJax' jax='SVG'>{SVG}<mjx-assistive-mml>{MATH}</mjx-assistive-mml></mjx-container>", False),
        (f"<mjx-container display='true'><mjx-math></mjx-math><mjx-assistive-mml>{MATH}</mjx-container>", True),
        (f"<mjx-container jax='SVG'><svg data-latex='{TEX}'><g data-latex='q'></g></svg></mjx-container>", False),
        (f"<span class='katex'><span class='katex-mathml'>{ANNOTATED}</span><i class='katex-html'>{BOXES}</i></span>", False),
        (f"<span class='katex-display'><span class='katex'>{ANNOTATED}<i aria-hidden='true'>{BOXES}</i></span></span>", True),
        (f"<math-renderer class='js-inline-math'>${TEX}$</math-renderer>", False),
        (f"<math-renderer class='js-inline-math'>$`{TEX}`$</math-renderer>", False),
        (f"<math-renderer class='js-display-math'>$${TEX}$$</math-renderer>", True),
        (f"<span class='math-container'>${TEX}$</span>", False),
        (f"<span class='arithmatex'>\\({TEX}\\)</span>", False),
        (f"<span class='math notranslate'>\\[{TEX}\\]</span>", True),
        (f"<span class='math-block math'>\\begin{{equation*}}\\label{{a}}{TEX}\\end{{equation*}}</span>", True),
    ],
)  # fmt: skip
def test_a_formula_is_drawn_once(shown: str, display: bool) -> None:
    assert drawn(f"<p>So {shown} holds.</p>") == f"<p>So {{q = h/2{'!' if display else ''}}} holds.</p>"


@pytest.mark.parametrize(
    "html",
    [
        f"<p>So $${TEX}$$ and \\({TEX}\\) hold.</p>",
        "<div class='math'><img src='a.jpg' alt='A weir'></div>",
        "<p>The <span class='math inline'>q</span> stays.</p>",
        "<p>The <span class='math'>number <i>q</i></span> stays.</p>",
        "<p>It costs <span class='math-container'>a lot</span>.</p>",
        "<p><img src='a.jpg' alt='$x$'></p>",
        "<p><span class='katex'></span>Words</p>",
    ],
)
def test_what_is_no_formula_stays(html: str) -> None:
    assert "{q" not in (found := drawn(html)) and "math display" not in found and found.count("img") == html.count("img")


MATHJAX, KATEX = '<script src="/mathjax/tex-svg.js"></script>', '<script src="katex.min.js"></script>'
DOLLARS = "<script>MathJax = {tex: {inlineMath: [['$', '$'], ['\\\\(', '\\\\)']]}}</script>"


@pytest.mark.parametrize(
    ("head", "html", "result"),
    [
        (MATHJAX, "<p>So $$q$$ and \\(h\\) hold; $5 or $6.</p>", "<p>So {q!} and {h} hold; $5 or $6.</p>"),
        (MATHJAX, "<p>So <b>is</b> \\[q\\] and <i>\\(h\\)</i>.</p>", "<p>So <b>is</b> {q!} and <i>{h}</i>.</p>"),
        (MATHJAX, "<p>\\begin{align}q&=h\\\\h&=2\\nonumber\\end{align}</p>", "<p>{q = h; h = 2!}</p>"),
        (MATHJAX, "<pre>$$q$$</pre><p><code>\\(q\\)</code></p>", "<pre>$$q$$</pre><p><code>\\(q\\)</code></p>"),
        (MATHJAX, '<p class="tex2jax_ignore">$$q$$ <b>\\(q\\)</b></p>', '<p class="tex2jax_ignore">$$q$$ <b>\\(q\\)</b></p>'),
        (DOLLARS, "<p>Of $5, $q$ is left, not $ 6$.</p>", "<p>Of $5, {q} is left, not $ 6$.</p>"),
        (KATEX + '<script>renderMathInElement(document, [{left: "$", right: "$"}])</script>', "<p>A $q$.</p>", "<p>A {q}.</p>"),
        (KATEX, "<p>A $q$.</p>", "<p>A $q$.</p>"),
        (KATEX, "<p>A <span class='math inline'>q</span>.</p>", "<p>A {q}.</p>"),
        (KATEX, "<p>A <span class='math display'>q</span>.</p>", "<p>A {q!}.</p>"),
        (KATEX, '<p>A <span class="math inline">a<b>q</b></span>.</p>', '<p>A <span class="inline">a<b>q</b></span>.</p>'),
        ("<script>track()</script>", "<p>A $$q$$.</p>", "<p>A $$q$$.</p>"),
    ],
)
def test_tex_in_the_text_is_a_formula_if_the_page_loads_a_program_for_it(head: str, html: str, result: str) -> None:
    assert drawn(html, head) == result


def test_the_number_of_an_equation_stays_beside_it() -> None:
    shown = f"<mjx-container display='true'><mjx-assistive-mml>{MATH}</mjx-assistive-mml></mjx-container>"
    assert "(7)</span>{q = h/2!}" in drawn(f'<div class="math"><span class="eqno">(7)</span>{shown}</div>')


@pytest.mark.parametrize(
    ("shown", "letters"),
    [
        ('<mjx-container><mjx-c class="mjx-c1D45E TEX-I"></mjx-c><mjx-c class="mjx-c3D"></mjx-c></mjx-container>', "q="),
        ('<mjx-container><svg><use data-c="1D45E"></use><use data-c="3D"></use></svg></mjx-container>', "q="),
        (f'<span class="katex"><span class="katex-html" aria-hidden="true">{BOXES}</span></span>', "q=h2"),
        (f'<span class="MathJax">{BOXES}</span>', "q=h2"),
    ],
)  # fmt: skip
def test_of_a_formula_without_markup_the_letters_are_kept_with_a_message(shown: str, letters: str) -> None:
    html = f"<p>So {shown} holds.</p>"
    manuscript = Manuscript(Path("a.html"), html.encode(), "a.html")
    assert f"So <span>{letters}</span> holds." in fragment_markup(manuscript, html)
    assert [str(diagnostic.code) for diagnostic in manuscript.diagnostics] == ["math-unreadable"]


def test_an_image_of_tex_that_cannot_be_drawn_stays() -> None:
    image = '<img class="latex" src="a.png" alt="\\weirflow{q}">'
    assert '<img src="a.png" alt="\\weirflow{q}">' in drawn(f"<p>So {image} holds.</p>")


def test_a_formula_does_not_part_its_paragraph() -> None:
    """Else the words behind it would be judged by themselves, and cut."""
    menu = "<nav><ul><li><a href='/'>Home</a></li></ul></nav>"
    text = page(body=f"<p>{SECOND} It is {MATH} wide.</p><p>{SECOND}</p>").replace("<body>", f"<body>{menu}")
    assert re.search(r'It is <img alt="q = h/2"[^>]*> wide\.</p>', xhtml(article("a.html", text).root))

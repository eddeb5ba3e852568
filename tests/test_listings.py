"""Listings of pages: the text of a program stays, with its indentation and language, and no more than that."""

from __future__ import annotations

import lxml.html
import pytest

from publisher.extraction.listings import make_listings
from tests.line_count import lines_run

CODE = "def gate():\n    return 1"
GAP = "def gate():\n\n\treturn 1"
COPY = "<button>Copy</button>"


def listing(html: str) -> tuple[str, str, str]:
    """The text of the only listing, its language, and what was removed."""
    page = lxml.html.document_fromstring(f"<body><div>{html}</div></body>")
    removed = " ".join(removal.words for removal in make_listings(page))
    (pre,) = page.iter("pre")
    assert next(page.iter("table"), None) is None and not list(pre.iter("span", "div", "br", "button"))
    language = (pre.get("class") or "").partition("language-")[2]
    return pre.text_content().rstrip("\n"), language, removed


def rows(number: str, code: str, table: str = "") -> str:
    """A table with a row for each line of `CODE`; `number` and `code` are the attributes of the cells."""
    lines = CODE.split("\n")
    cells = "".join(f"<tr><td {number}>{n}</td><td {code}>{line}</td></tr>" for n, line in enumerate(lines, 1))
    return f"<table {table}>{cells}</table>"


LINES = "".join(f'<div class="line"><code>{line.replace("    ", "&nbsp;" * 4)}</code></div>' for line in CODE.split("\n"))
CASES = {
    "Prism with a toolbar": (
        f"<div class='code-toolbar'><pre class='line-numbers language-python'><code class='language-python'>{CODE}"
        "<span class='line-numbers-rows'><span></span></span></code></pre><div class='toolbar'><div class='toolbar-item'>"
        f"<span>Python</span></div><div class='toolbar-item'>{COPY}</div></div></div>",
        (CODE, "python", "Python Copy"),
    ),
    "highlight.js with line numbers": (
        "<pre><code class='hljs language-python'>"
        + rows(
            'class="hljs-ln-line hljs-ln-numbers"', 'class="hljs-ln-line hljs-ln-code" data-line-number="1"', 'class="hljs-ln"'
        )
        + "</code></pre>",
        (CODE, "python", "1 2"),
    ),
    "Pygments, numbers in a column": (
        "<div class='highlight-python'><table class='highlighttable'><tr><td class='linenos'><pre>1\n2</pre></td>"
        f"<td class='code'><div><pre><span></span>{CODE}\n</pre></div></td></tr></table></div>",
        (CODE, "python", "1 2"),
    ),
    "Pygments, numbers in the lines": (
        "<div class='highlight-python notranslate'><div class='highlight'><pre><span class='linenos'> 1</span>def gate():\n"
        "<span class='linenos'> 2</span>    return 1\n</pre></div></div>",
        (CODE, "python", "1 2"),
    ),
    "Sphinx with a button": (
        f"<div class='highlight-c++ notranslate'><div class='highlight'><pre>{CODE}\n</pre>"
        f"<button class='copybtn'>C</button></div></div>",
        (CODE, "c++", "C"),
    ),
    "Rouge": (
        "<div class='language-ruby highlighter-rouge'><div class='highlight'><pre class='highlight'><code>"
        "<table class='rouge-table'>"
        f"<tr><td class='rouge-gutter gl'><pre>1\n2\n</pre></td><td class='rouge-code'><pre>{CODE}\n</pre>"
        f"</td></tr></table></code></pre>"
        "</div></div>",
        (CODE, "ruby", "1 2"),
    ),
    "Hexo": (
        "<figure class='highlight python'><table><tr><td class='gutter'><pre><span class='line'>1</span><br>"
        "</pre></td><td class='code'>"
        "<pre><span class='line'>def gate():</span><br><span class='line'>    return 1</span><br></pre></td>"
        "</tr></table></figure>",
        (CODE, "python", "1"),
    ),
    "Chroma": (
        "<div class='highlight'><table class='lntable'><tr><td class='lntd'><pre class='chroma'><code>"
        "<span class='lnt'>1\n</span></code>"
        "</pre></td><td class='lntd'><pre class='chroma'><code class='language-go' data-lang='go'>"
        "<span class='line'><span class='cl'>"
        "def gate():\n</span></span><span class='line'><span class='cl'>    return 1\n</span></span></code>"
        "</pre></td></tr></table></div>",
        (CODE, "go", "1"),
    ),
    "SyntaxHighlighter": (
        "<div class='syntaxhighlighter nogutter python'><div class='toolbar'><a href='#'>?</a></div><table>"
        "<tr><td class='gutter'>"
        f"<div class='line'>1</div><div class='line'>2</div></td><td class='code'>"
        f"<div class='container'>{LINES}</div></td></tr></table></div>",
        (CODE, "python", "1 2 ?"),
    ),
    "SyntaxHighlighter without numbers": (
        f"<div class='syntaxhighlighter python'><table><tr><td class='code'><div>{LINES}</div></td></tr></table></div>".replace(
            "syntaxhighlighter python", "syntaxhighlighter  python"
        ),
        (CODE, "python", ""),
    ),
    "Crayon": (
        "<div class='crayon-syntax'><div class='crayon-toolbar'><span class='crayon-language'>Ruby</span>"
        "</div><div class='crayon-main'>"
        "<table><tr><td class='crayon-nums'><div>1</div></td><td class='crayon-code'><div class='crayon-line'>def gate():</div>"
        "<div class='crayon-line'><span>    </span>return 1</div></td></tr></table></div></div>",
        (CODE, "", "1 Ruby"),
    ),
    "GitHub's files and gists": (
        "<div class='data type-python'>" + rows("class=blob-num", "class=blob-code", "class=highlight") + "</div>",
        (CODE, "python", "1 2"),
    ),
    "a blank line in a row": (
        rows("class='blob-num' data-line-number='1'", "class='blob-code'").replace("def gate():", "\n"),
        ("\n    return 1", "", "1 2"),
    ),
    "GitHub's diffs": (
        "<table><tr><td class='blob-num'>1</td><td class='blob-num'></td><td class='blob-code'>"
        "<i data-code-marker='-'>a</i></td></tr>"
        "<tr><td class='blob-num' colspan='2'>2</td><td class='blob-code'><i data-code-marker='+'>b</i></td></tr></table>",
        ("-a\n+b", "", "1 2"),
    ),
    "GitHub's blocks": (
        f"<div class='highlight highlight-source-python'><pre>{CODE}</pre><div>"
        f"<clipboard-copy class='btn'>Copy</clipboard-copy></div></div>",
        (CODE, "python", "Copy"),
    ),
    "GitLab": (
        "<div><div class='line-numbers'><a href='#L1' id='L1'>1</a></div><div><pre class='code highlight'>"
        "<code><span id='LC1' class='line'>"
        "def gate():</span>\n<span class='line'>    return 1</span></code></pre></div></div>",
        (CODE, "", "1"),
    ),
    "Docusaurus": (
        "<div class='language-js'><div><pre class='prism-code language-js'><code><span class='token-line'>"
        "<span>def gate():</span><br>"
        "</span><span class='token-line'><span></span><br></span><span class='token-line'>"
        "<span>\treturn 1</span><br></span></code></pre>"
        f"<div class='buttonGroup_x'>{COPY}</div></div></div>",
        (GAP, "js", "Copy"),
    ),
    "Shiki": (
        "<pre class='shiki nord'><code><span class='line'>def gate():</span><span class='line'></span>"
        "<span class='line'>\treturn 1</span>"
        "</code></pre>",
        (GAP, "", ""),
    ),
    "VitePress": (
        f"<div class='language-python'><button class='copy'></button><span class='lang'>py</span><pre><code>{CODE}</code></pre>"
        "<div class='line-numbers-wrapper'><span>1</span><br><span>2</span></div></div>",
        (CODE, "python", "py 1 2"),
    ),
    "Pandoc": (
        f"<div class='sourceCode'><pre class='sourceCode python'><code class='sourceCode python'>"
        f"<span id='cb1-1'><a href='#cb1-1'></a>{CODE}"
        "</span></code></pre></div>",
        (CODE, "python", ""),
    ),
    "Monaco": (
        "<div class='view-lines'><div class='view-line' style='top:19px'>"
        "<span>&nbsp;&nbsp;&nbsp;&nbsp;return&nbsp;1</span></div>"
        "<div class='view-line' style='top:0px'><span>def&nbsp;gate():</span></div></div>",
        (CODE, "", ""),
    ),
    "CodeMirror": (
        "<div class='CodeMirror-code'><div><pre class='CodeMirror-line'>def gate():</pre></div><div>"
        "<pre>    return 1</pre></div></div>",
        (CODE, "", ""),
    ),
    "code without a pre": (
        "<span data-code-lang='python'><code class='language-python'><span class='linenumber'>1</span>"
        "<span>def gate():\n</span>"
        "<span class='linenumber'>2</span><span>    return 1</span></code></span>",
        (CODE, "python", "1 2"),
    ),
    "WordPress": (f"<pre class='wp-block-code'><code class='language-python'>{CODE}</code></pre>", (CODE, "python", "")),
    "a button with a copy of the text": (
        f"<div><span>python</span><span role='button'><i aria-hidden='true'>{CODE}</i></span><pre>{CODE}</pre></div>",
        (CODE, "", "python def gate(): return 1"),
    ),
    "Stack Overflow": (
        f"<pre class='lang-py s-code-block'><code class='hljs language-python'>{CODE}</code></pre>",
        (CODE, "py", ""),
    ),
    "Confluence": (
        f"<div class='code panel'><div class='codeContent'>"
        f"<pre data-syntaxhighlighter-params='brush: py; gutter: false'>{CODE}</pre></div></div>",
        (CODE, "py", ""),
    ),
    "a bar with the language": (
        f"<div class='code-block'><div class='code-header'><span>python</span>{COPY}</div><pre>{CODE}</pre></div>",
        (CODE, "", "python Copy"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_listing_is_its_text_and_its_language(name: str) -> None:
    html, expected = CASES[name]
    assert listing(html) == expected


@pytest.mark.parametrize(
    "bar",
    [
        f"<div class='code-header'><b>gate.py</b>{COPY}</div>",
        "<div class='codeHeader'><b>gate control</b></div>",
        "<figcaption>gate control</figcaption>",
        f"<div class='codeBlockTitle_x'>gate control</div><div>{COPY}</div>",
    ],
)
def test_a_title_of_a_listing_stays(bar: str) -> None:
    page = lxml.html.fragment_fromstring(f"<div><div class='language-python'>{bar}<pre>{CODE}</pre></div></div>")
    make_listings(page)
    assert "gate" in page.text_content().removesuffix(CODE) and "Copy" not in page.text_content()
    assert page.find(".//pre").get("class") == "language-python"


@pytest.mark.parametrize(
    "table",
    [
        rows("", "").replace("<td >d", "<td><code>d").replace("</td></tr>", "</code></td></tr>"),
        "<table><tr><td>1</td><td><pre>open</pre></td></tr><tr><td>2</td><td><pre>close</pre></td></tr></table>",
        "<table><tr><td class='line'>1</td><td class='code'>A7</td></tr></table>",
        "<table><tr><th class='blob-num'>1</th><td class='blob-code'>A7</td></tr></table>",
        "<table><tr><td class='code'>404</td><td>Not found</td></tr></table>",
        "<table><tr><td class='code'>A7</td></tr></table>",
        "<table><tr><td class='blob-num'>1</td><td class='blob-code'>a</td><td class='blob-code'>b</td></tr></table>",
        "<table><tr><td>Words</td><td><pre>open</pre></td></tr></table>",
    ],
)
def test_a_table_of_data_stays_a_table(table: str) -> None:
    page = lxml.html.fragment_fromstring(f"<div>{table}</div>")
    before = lxml.html.tostring(page)
    assert make_listings(page) == [] and lxml.html.tostring(page) == before


def test_words_around_a_listing_and_what_has_a_meaning_in_it_stay() -> None:
    code = "a <a href='/x'>b</a> <b>c</b> <span id='k'>d</span> <a href='#e'></a>"
    html = f"<div><div>Type this: <pre>{code}</pre> and wait. {COPY}</div>"
    page = lxml.html.fragment_fromstring(f"{html}<a href='#k'>the fourth</a></div>")
    assert make_listings(page) == []
    assert "Type this: " in page.text_content() and "and wait. Copy" in page.text_content()
    assert [element.tag for element in page.find(".//pre")] == ["a", "b", "span"]


def test_a_table_of_many_rows_takes_time_in_proportion_to_them() -> None:
    def make(count: int) -> None:
        make_listings(lxml.html.fragment_fromstring(f"<div>{rows('class=blob-num', 'class=blob-code') * count}</div>"))

    assert lines_run(make, 200) < 3 * lines_run(make, 100)

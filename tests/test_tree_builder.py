"""Trees are built, written and counted at less work than the libraries take, and give what they give."""

from __future__ import annotations

import random
import re
import unicodedata
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from publisher.model import markup
from publisher.model.markup import parse, xhtml
from publisher.model.tree_builder import Element
from publisher.text.word_count import counted_words
from tests.line_count import lines_run

METHODS = {"append": Element.append, "unwrap": Element.unwrap}
LINKS = ("parent", "next_element", "previous_element", "next_sibling", "previous_sibling")
FIELDS = (
    "namespace", "prefix", "sourceline", "sourcepos", "known_xml", "hidden", "can_be_empty_element", "cdata_list_attributes",
    "attribute_value_list_class", "preserve_whitespace_tags", "interesting_string_types", "_namespaces",
)  # fmt: skip
SAMPLES = [
    "",
    "words alone",
    "<p>One <b>bold</b> word, <br>a line, <wbr>a break.</p>",
    "<p> \n </p> <pre> \n <b> </b>\n</pre>\t<p>\u00a0</p><p>\u3000</p>",
    '<p class="note  aside" id="a" title=\'a "b"\'>x</p><td headers="a b">1</td>',
    "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>",
    '<p title="&lt;&amp;&quot;\'">&lt;b&gt; &amp;amp; "quotes"</p>',
    "<table><tr><td>1<td>2</table><ul><li>a<li>b</ul>",
    f"{'<div>' * 300}deep{'</div>' * 300}",
]
NAMES = ["p", "div", "pre", "b", "a", "table", "tr", "td", "li", "ul", "br", "img", "wbr", "h2", "ruby", "rt", "summary", "em"]
PIECES = [" ", "\n", "\n \t", "\u00a0", "text", "a &amp; b &lt;", "<!-- c -->", "<?x y?>", "\u000c", "“”", "<script>x</script>"]
ATTRIBUTES = [
    "",
    ' class="a  b"',
    ' class=""',
    ' headers="q w" lang=en',
    ' title="it\'s &quot;so&quot; <"',
    " href=http://a.example/?x&y",
]


def fragment(seed: int) -> str:
    """Markup in which few elements end where they should."""
    chance = random.Random(seed)
    pieces = []
    for _ in range(chance.randint(1, 40)):
        name, kind = chance.choice(NAMES), chance.random()
        start = f"<{name}{chance.choice(ATTRIBUTES)}>"
        pieces.append(start if kind < 0.4 else f"</{name}>" if kind < 0.65 else chance.choice(PIECES))
    return "".join(pieces)


def nodes_of(tree: BeautifulSoup) -> list[Any]:
    nodes, node = [tree], tree.contents[0] if tree.contents else None
    while node is not None:
        nodes.append(node)
        node = node.next_element
    return nodes


def shape_of(tree: BeautifulSoup) -> list[list[Any]]:
    """Each node with its fields, and the places of the nodes that it leads to."""
    nodes = nodes_of(tree)
    places = {id(node): place for place, node in enumerate(nodes)}
    shape = []
    for node in nodes:
        row: list[Any] = [places.get(id(getattr(node, name))) for name in LINKS]
        if isinstance(node, NavigableString):
            row += [type(node), str(node)]
        else:
            row += [node.name, [(name, value, type(value)) for name, value in node.attrs.items()], type(node.attrs)]
            row += [[places[id(child)] for child in node.contents], *(getattr(node, name) for name in FIELDS)]
        shape.append(row)
    return shape


def built_by_bs4(html: str) -> BeautifulSoup:
    """The tree that bs4 builds of the markup that `parse` has sanitized: what a tree holds is read out as it is."""
    clean = markup._CLEANER.clean(html).replace("<wbr>", "<wbr/>")
    return BeautifulSoup(f"<article>{re.sub('<wbr[^>]*>', '<wbr/>', clean)}</article>", "lxml", string_containers={})


@pytest.mark.parametrize("html", [*SAMPLES, *map(fragment, range(400))])
def test_a_tree_is_the_one_that_bs4_builds_and_is_written_as_bs4_writes_it(html: str) -> None:
    tree, theirs = parse(html), built_by_bs4(html)
    assert shape_of(tree) == shape_of(theirs)
    for ours, other in zip(tree.find_all(True), theirs.find_all(True), strict=True):
        assert xhtml(ours) == other.decode(formatter="minimal")
    assert tree.article is not None and theirs.article is not None
    assert xhtml(tree.article.contents) == theirs.article.decode_contents(formatter="minimal")


def test_an_element_that_was_made_or_copied_is_written_the_same() -> None:
    tree = parse("<p>a</p>")
    assert isinstance(tree.p, Tag)
    tree.p.append(tree.new_tag("br", attrs={"class": ["x", "y"], "data-n": 3}))
    tree.p.append(tree.new_tag("b"))
    for element in (tree.p, tree.p.__copy__()):
        assert xhtml(element) == '<p>a<br class="x y" data-n="3"/><b></b></p>'


def test_a_node_of_a_tree_takes_few_lines() -> None:
    """bs4's own builder and writer take 180 lines for each node of this tree."""
    short, long = (f"<p>{'words <b>bold</b> ' * count}</p>" for count in (10, 110))
    lines = lines_run(lambda: xhtml(parse(long))) - lines_run(lambda: xhtml(parse(short)))
    assert lines < 50 * 300


def moved(seed: int, theirs: bool, monkeypatch: pytest.MonkeyPatch) -> list[list[Any]]:
    """The shape of a tree of fragments in which nodes were added, moved and unwrapped: by our methods, or by those of bs4."""
    for name in ("append", "unwrap"):
        monkeypatch.setattr(Element, name, getattr(Tag, name) if theirs else METHODS[name])
    chance, tree = random.Random(seed), parse(fragment(seed))
    root = tree.article
    assert root is not None
    for _ in range(30):
        elements = [root, *root.find_all(True)]
        element, node = chance.choice(elements), chance.choice([*root.descendants] or [NavigableString("x")])
        kind = chance.randrange(4)
        if kind == 0:
            element.append(chance.choice(["x", "\n"]))
        elif kind == 1 and element is not root:
            element.unwrap()
        elif kind == 2 and node is not element and not any(parent is node for parent in element.parents):
            element.append(node)
        elif kind == 3:
            made = tree.new_tag("b", string="q")
            element.append(made)
            element.insert(0, "z")
    return shape_of(tree)


@pytest.mark.parametrize("seed", range(300))
def test_nodes_stand_after_a_move_where_bs4_would_have_put_them(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert moved(seed, False, monkeypatch) == moved(seed, True, monkeypatch)


def words_by_definition(text: str) -> list[str]:
    visible = text.translate(dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF]))
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", visible).casefold())


def test_words_are_counted_as_they_are_defined_with_each_character_between_letters_and_marks() -> None:
    for first in range(0, 0x11_0000, 16):
        for code in range(first, first + 16) if first < 0x3100 else (first,):
            for text in (f"A{chr(code)}b", f"’{chr(code)}b", f"x{chr(code)}“"):
                assert counted_words(text) == words_by_definition(text), ascii(text)


def test_words_are_counted_as_they_are_defined_in_mixed_texts() -> None:
    chance = random.Random(21)
    characters = "abZ09_ .-'\t\n\x1c\x85\u0301\u0308\u3099\u00a0‘’“”„«»–—…•가ㄱ\u200d\u00adéßİſKfi²½"
    for _ in range(20_000):
        text = "".join(chance.choices(characters, k=chance.randint(1, 9)))
        assert counted_words(text) == words_by_definition(text), ascii(text)

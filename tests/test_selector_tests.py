"""A selector is compiled when an element is first tested by it, and finds the same elements as ever."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from cssselect2 import ElementWrapper, Matcher, compile_selector_list, compiler

from publisher.writers.pdf.selector_tests import compile_when_tested

SELECTORS = (
    *("p", "article p", "article > p", "h1 + p", "h1 ~ p", "p:first-child", "p:not(.quay)", ".quay.ferry", "#upper", "[lang]"),
    *("[lang|=de]", "[class~=quay]", "[href^=https]", "a[href$='.org']", "li:nth-child(2n + 1)", "li:nth-last-of-type(1)"),
    *(":root", "p:empty", "*", "p, li", "p::before", ":is(h1, li) + *", "a:link", "p:lang(de)", "li:only-child", "svg"),
)
PAGE = ElementTree.fromstring(
    '<article lang="en"><h1 id="upper">Ferry</h1><p class="quay ferry">To <a href="https://example.org">Dunmarrow</a></p>'
    '<p lang="de-AT"/><ul><li>carts</li><li class="quay">geese</li><li/></ul></article>'
)


@pytest.fixture(autouse=True)
def late() -> Iterator[None]:
    compile_when_tested()
    yield
    compile_when_tested()


def found() -> list[tuple[str, list[object]]]:
    matcher = Matcher()
    for text in SELECTORS:
        for selector in compile_selector_list(text):
            matcher.add_selector(selector, text)
    elements = ElementWrapper.from_xml_root(PAGE).iter_subtree()
    return [(element.local_name, matcher.match(element)) for element in elements]


def test_elements_are_found_as_by_selectors_that_are_compiled_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    late = [found(), found()]
    monkeypatch.setattr(compiler, "eval", builtins.eval)
    assert late == [found(), found()]


def test_a_selector_that_tests_no_element_is_not_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    original = builtins.eval
    monkeypatch.setattr(builtins, "eval", lambda source, *names: compiled.append(source) or original(source, *names))
    (quay,), (svg,) = compile_selector_list(".quay"), compile_selector_list("svg")
    assert compiled == []
    paragraph = next(ElementWrapper.from_xml_root(PAGE).query_all("p"))
    compiled.clear()
    assert quay.test(paragraph) and quay.test(paragraph) and not svg.test(paragraph)
    assert len(compiled) == 2


def test_a_selector_that_cannot_be_compiled_is_noticed_when_it_is_read() -> None:
    with pytest.raises((SyntaxError, MemoryError, RecursionError)):
        compile_selector_list(" ".join(["p"] * 500))
    with pytest.raises((SyntaxError, MemoryError, RecursionError)):
        compile_selector_list("strong" + ":not(p" * 110 + ")" * 110)

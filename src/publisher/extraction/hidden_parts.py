"""What a page hides: parts that a reader may open are opened, what waits for a script is shown, all else is removed."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.extraction.clutter import CLUTTER_TAGS, OVERLAY
from publisher.extraction.text_blocks import is_hidden, text_blocks
from publisher.input.html_elements import Element, class_and_id, elements_with, removal_of, text_content, words_of
from publisher.model.parts import Removal
from publisher.model.vocabulary import HEADINGS

LEAST_WORDS = 25  # an article, also the shortest, has so many words of running text
_LEAST_PANEL_WORDS = 4
_MOST_LINKED = 0.5  # share of the words in links: a panel with more is a menu
_RATIO_OF_WRAPPER = 2  # a hidden wrapper has so many times the running text that is shown
_NAVIGATION_ROLES = frozenset({"navigation", "menu", "menubar", "dialog", "alertdialog", "listbox", "search", "banner"})
_PANEL_ROLES = frozenset({"tabpanel", "region"})


def prose_count(element: Element) -> int:
    """The words of running text that an element shows."""
    return sum(len(block.words) for block in text_blocks(element) if block.is_prose)


def open_disclosures(page: Element) -> None:
    """Shows the panels of accordions and tabs (WAI-ARIA practices: Accordion, Disclosure, Tabs; HTML: hidden until found).

    The control of an opened panel becomes its heading: a button cannot be printed. The name of a tab stands in its panel.
    """
    controls = {
        target: control
        for control in elements_with(page, "aria-controls")
        for target in (control.get("aria-controls") or "").split()
    }
    panels = {
        element.get("id"): element for element in reversed(elements_with(page, "id")) if element.get("id")
    }  # the first counts
    for panel in [element for element in page.iter() if isinstance(element.tag, str) and is_hidden(element)]:
        control = controls.get(panel.get("id"), _control_before(panel))
        is_panel = control is not None or panel.get("role") in _PANEL_ROLES or panel.get("hidden") == "until-found"
        if is_panel and not _is_navigation(panel) and (control is None or not _is_navigation(control)) and _has_text(panel):
            _show(panel)
    for tab in [element for element in controls.values() if element.get("role") == "tab"]:
        panel = panels.get((tab.get("aria-controls") or "").strip())
        if panel is not None and not is_hidden(panel) and _has_text(panel) and not _is_navigation(panel):
            label = panel.makeelement("p")
            label.append(panel.makeelement("strong"))
            label[0].text, label.tail, panel.text = text_content(tab), panel.text, None
            panel.insert(0, label)
    for control in list(page.iter("button")):
        target = control.get("aria-controls")
        is_heading = any(ancestor.tag in HEADINGS for ancestor in control.iterancestors())
        panel = panels.get((target or "").strip())
        if is_heading or (panel is not None and control.get("role") != "tab" and _heads(control, panel)):
            control.tag = "span" if is_heading else "p"


def _control_before(panel: Element) -> Element:
    """The control of a panel that directly follows it; None if there is none."""
    previous = panel.getprevious()
    if previous is None or not isinstance(previous.tag, str):
        return None
    return next((element for element in previous.iter() if element.get("aria-expanded") is not None), None)


def _heads(control: Element, panel: Element) -> bool:
    """Whether a control has words, and its panel is shown and is the next thing behind it."""
    if not words_of(text_content(control)) or _is_navigation(control) or is_hidden(panel) or not _has_text(panel):
        return False
    following = next((place.getnext() for place in (control, *control.iterancestors()) if place.getnext() is not None), None)
    return following is not None and any(place is following for place in (panel, *panel.iterancestors()))


def _is_navigation(element: Element) -> bool:
    return any(
        place.tag in CLUTTER_TAGS - {"aside"}
        or place.get("role") in _NAVIGATION_ROLES
        or OVERLAY.search(class_and_id(place))
        or (place.tag == "header" and next(place.iter("nav"), None) is not None)
        for place in (element, *element.iterancestors())
    )


def _has_text(panel: Element) -> bool:
    words = len(words_of(text_content(panel)))
    linked = sum(len(words_of(text_content(link))) for link in panel.iter("a"))
    return words >= _LEAST_PANEL_WORDS and linked < _MOST_LINKED * words


def _show(element: Element) -> None:
    for name in ("hidden", "aria-hidden", "style"):
        element.attrib.pop(name, None)


def show_waiting_text(page: Element) -> None:
    """Shows wrappers that hide the text until a script has run, and the text for readers without scripts if there is no other."""
    hidden = list(_outermost_hidden(page))
    if not hidden and next(page.iter("noscript"), None) is None:
        return
    blocks = text_blocks(page)
    shown, is_empty = sum(len(block.words) for block in blocks if block.is_prose), not blocks
    shown_before: list[Element] | None = None
    for element in hidden:
        is_wrapper = shown < LEAST_WORDS or next(element.iter("article", "main", "h1"), None) is not None
        if not (is_empty or is_wrapper):
            continue
        if shown_before is None:
            shown_before = [
                overlay for overlay in page.iter() if isinstance(overlay.tag, str) and OVERLAY.search(class_and_id(overlay))
            ]
        style = {name: element.attrib.pop(name) for name in ("hidden", "aria-hidden", "style") if name in element.attrib}
        count = 0 if _is_navigation(element) else prose_count(element)
        if is_empty or (count >= LEAST_WORDS and count > _RATIO_OF_WRAPPER * shown):
            shown += count
            for splash in shown_before:  # what was shown until then
                if splash not in element.iter() and splash not in element.iterancestors():
                    splash.set("hidden", "")
        else:
            element.attrib.update(style)
    if shown < LEAST_WORDS:
        for element in list(page.iter("noscript")):
            element.tag = "div"
            if prose_count(element) < LEAST_WORDS:
                element.tag = "noscript"


def remove_hidden(page: Element) -> list[Removal]:
    """Removes the elements that the page does not show."""
    outermost = list(_outermost_hidden(page))
    removed = [removal_of("not shown by the page", element) for element in outermost]
    for element in outermost:
        element.drop_tree()
    return [removal for removal in removed if removal.words or removal.images]


def _outermost_hidden(element: Element) -> Iterator[Element]:
    for child in element:
        if isinstance(child.tag, str):
            if child.tag != "body" and is_hidden(child):
                yield child
            else:
                yield from _outermost_hidden(child)

"""NewsML 1.0 to 1.2 (IPTC): an article for each story of each news item, with its images; texts in NITF, XHTML or plain text.

A component holds other components, or content items that are forms of one content (NewsML 1.2, 5.4 and 5.6).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import Any

from publisher.input.agency_status import hold_of_item
from publisher.input.html_elements import words_of
from publisher.input.manuscript import Manuscript
from publisher.input.xml import children_named, first_child, local_name, text_at
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import parse
from publisher.model.metadata import Metadata
from publisher.model.parts import NOTE_TO_EDITORS, Removal
from publisher.model.sources import Source
from publisher.readers import nitf
from publisher.readers.newsml1_content import Form, best_form, body_of, figure_of, formal_name, forms_of, is_image, words_in
from publisher.text.bylines import day_of, split_names

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_CAPTION_ROLES = ("caption", "photocaption", "legend")
_NEWS_LINES = ("SeriesLine", "NewsLineText")  # shown under the story
_LINES_IN_METADATA = {
    "ByLine": "byline or distributor, now in the header",
    "SlugLine": "slug",
    "KeywordLine": "slug",
    "CopyrightLine": "copyright line, now in the metadata",
    "RightsLine": "copyright line, now in the metadata",
}


def articles_of(manuscript: Manuscript, root: Any) -> tuple[Article, ...]:
    """An article for each story. Raises PublisherError if no item has words or images that can be read."""
    articles = tuple(article for item in root.iter("{*}NewsItem") for article in _articles(manuscript, item))
    if not articles:
        version = f"NewsML {root.get('Version') or '1'}"
        hint = "it has only references to files, or content in an encoding that is not read; ask the agency for NITF or text"
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, f"the {version} document has no words", hint=hint)
    return articles


def _articles(manuscript: Manuscript, item: Any) -> Iterator[Article]:
    top = first_child(item, "NewsComponent")
    if top is None:
        return
    groups = _stories(top)
    images = list(_image_components(top))
    unclaimed = [image for image in images if not any(_is_within(image, story) for story in groups)]
    if not groups and images:
        groups = {top: []}
        unclaimed = images
    for number, (story, components) in enumerate(groups.items()):
        inside = [image for image in images if image not in unclaimed and _owner(image, groups) is story]
        yield _article(manuscript, item, story, components, [*inside, *(unclaimed if number == 0 else [])])


def _stories(top: Any) -> dict[Any, list[Any]]:
    """The components with text, by the component whose headline is nearest above them: each is a story."""
    groups: dict[Any, list[Any]] = {}
    for component in _components(top):
        if _is_caption(component) or not any(words_in(form) for form in forms_of(component)):
            continue
        above = [ancestor for ancestor in component.iterancestors("{*}NewsComponent") if _is_within(ancestor, top)]
        story = next((part for part in (component, *above) if text_at(part, "NewsLines", "HeadLine")), top)
        groups.setdefault(story, []).append(component)
    return groups


def _components(top: Any) -> Iterator[Any]:
    """A component and those inside it that are of the same news item."""
    yield top
    for component in children_named(top, "NewsComponent"):
        yield from _components(component)


def _is_within(component: Any, other: Any) -> bool:
    return component is other or any(ancestor is other for ancestor in component.iterancestors())


def _owner(component: Any, groups: dict[Any, list[Any]]) -> Any:
    """The innermost story that a component is in."""
    return next((part for part in (component, *component.iterancestors()) if part in groups), None)


def _is_caption(component: Any) -> bool:
    """Whether a component is the caption of an image: by its role, or because an image stands beside it."""
    if formal_name(component, "Role").lower().replace(" ", "") in _CAPTION_ROLES or any(map(is_image, forms_of(component))):
        return True
    parent = component.getparent()
    beside = [part for part in children_named(parent, "NewsComponent") if part is not component]
    role = formal_name(parent, "Role").lower()
    return any(word in role for word in ("photo", "picture", "image", "graphic")) and any(
        is_image(form) for part in beside for form in forms_of(part)
    )


def _image_components(top: Any) -> Iterator[Any]:
    """The components that are images: those with an image as their content, or with renditions of an image and its caption."""
    if any(map(is_image, forms_of(top))):
        yield top
        return
    parts = children_named(top, "NewsComponent")
    with_images = [part for part in parts if any(map(is_image, forms_of(part)))]
    is_set = top.get("EquivalentsList") == "yes" or any(_is_caption(part) and part not in with_images for part in parts)
    if with_images and is_set and len(with_images) + sum(map(_is_caption, parts)) >= len(parts):
        yield top
        return
    for part in parts:
        yield from _image_components(part)


def _article(manuscript: Manuscript, item: Any, story: Any, components: list[Any], images: list[Any]) -> Article:
    lines = _news_lines(story)
    metadata, removed, parts = _metadata(item, story, lines), list[Removal](), list[str]()
    for form in _chosen(components, removed):
        html, inner, removed_inside = body_of(form)
        parts.append(html)
        removed += removed_inside
        metadata = replace(metadata.merged(inner), authors=metadata.authors or inner.authors)
    for image in images:
        parts.append(figure_of(image, removed))
    dateline = next(iter(lines.get("DateLine", ())), "")
    if dateline and f" {dateline} " not in f" {' '.join(_plain(''.join(parts)).split())} ":
        parts = [nitf.with_dateline("\n".join(parts), dateline)]
    elif dateline:
        removed.append(Removal("dateline that the story repeats", dateline))
    standfirsts = [f'<p class="standfirst">{escape(text)}</p>' for text in lines.get("SubHeadLine", ())]
    credits = [text for name in ("CreditLine", *_NEWS_LINES) for text in lines.get(name, ())]
    credits = [text for text in dict.fromkeys(credits) if text not in _plain("".join(parts))]
    parts = [*standfirsts, *parts, *(f'<p class="credit">{escape(text)}</p>' for text in credits)]
    removed += [Removal(rule, text) for name, rule in _LINES_IN_METADATA.items() for text in lines.get(name, ())]
    notes = _notes(item, story)
    removed += [Removal(NOTE_TO_EDITORS, note) for note in notes]
    removed += [Removal("another headline", text) for text in lines.get("HeadLine", ())[1:] if text != metadata.title]
    hold = hold_of_item(manuscript, _status(item), "", " ".join(notes))
    return Article(replace(metadata, advisories=notes, hold=hold), parse("\n".join(parts)), removed=tuple(removed))


def _plain(html: str) -> str:
    return parse(html).get_text(" ")


def _chosen(components: list[Any], removed: list[Removal]) -> Iterator[Form]:
    """The best form of each component; of equivalent components the best of all. What the others say is recorded.

    Of the forms in one component, these are only the words that the best of them lacks: the ledger counts them as one text.
    """
    sets: dict[Any, list[Form]] = {}
    for component in components:
        parent = component.getparent()
        is_equivalent = local_name(parent) == "NewsComponent" and parent.get("EquivalentsList") == "yes"
        sets.setdefault(parent if is_equivalent else component, []).extend(forms_of(component))
    for forms in sets.values():
        readable = [form for form in forms if words_in(form)]
        best = best_form(readable)
        yield best
        for component in dict.fromkeys(form.item.getparent() for form in readable):
            inside = [form for form in readable if form.item.getparent() is component]
            chosen = best if best in inside else best_form(inside)
            removed += [Removal("another form of the text", words_in(chosen))] if chosen is not best else []
            known = set(words_of(words_in(chosen)))
            others = [words_of(words_in(form)) for form in inside if form is not chosen]
            extra = [" ".join(word for word in words if word not in known) for words in others]
            removed += [Removal("another form of the text", text) for text in extra if text]


def _news_lines(story: Any) -> dict[str, tuple[str, ...]]:
    """The texts of the news lines by name: those of the story, then those of the components around it."""
    found: dict[str, tuple[str, ...]] = {}
    within = list(_components(story)) if story is not None else []
    around = [part for part in story.iterancestors() if local_name(part) == "NewsComponent"]
    for component in (story, *around, *(part for part in within if part is not story)):
        if component in within[1:] and (any(map(is_image, forms_of(component))) or _is_caption(component)):
            continue
        for line in first_child(component, "NewsLines") if first_child(component, "NewsLines") is not None else ():
            for part in (line, *line) if local_name(line) == "NewsLine" else (line,):
                if (text := text_at(part)) and local_name(part) != "NewsLine":
                    found[local_name(part)] = tuple(dict.fromkeys((*found.get(local_name(part), ()), text)))
    return found


def _metadata(item: Any, story: Any, lines: dict[str, tuple[str, ...]]) -> Metadata:
    management = first_child(item, "NewsManagement")
    chain = [story, *(part for part in story.iterancestors() if local_name(part) in ("NewsComponent", "NewsItem"))]
    administrative = [part for component in chain for part in children_named(component, "AdministrativeMetadata")]
    provider = next((name for part in administrative if (name := _party(part, "Provider") or _party(part, "Source"))), "")
    authors = [name for line in lines.get("ByLine", ()) for name in split_names(line)]
    authors = authors or [name for part in administrative if (name := _party(part, "Creator"))][:1]
    days = (day_of(text_at(management, name)) for name in ("FirstCreated", "ThisRevisionCreated"))
    date = next(filter(None, days), None) or day_of(text_at(item, "Identification", "NewsIdentifier", "DateId"))
    title = next(iter(lines.get("HeadLine", ())), "")
    rights = (*lines.get("CopyrightLine", ()), *lines.get("RightsLine", ()))
    slugs = (*lines.get("SlugLine", ()), *lines.get("KeywordLine", ()))
    language = next((code for component in chain if (code := _language(component))), "")
    return Metadata(
        title=title,
        authors=tuple(authors),
        date=date,
        dateline=next(iter(lines.get("DateLine", ())), ""),
        lang=language,
        publisher=provider,
        rights=" ".join(dict.fromkeys(rights)),
        identity=text_at(item, "Identification", "NewsIdentifier", "PublicIdentifier"),
        slugline="; ".join(dict.fromkeys(slugs)) or text_at(item, "Identification", "NameLabel"),
        source=Source(publication=provider, title=title, authors=tuple(authors), date=date) if provider else Source(),
    )


def _language(component: Any) -> str:
    named = first_child(component, "DescriptiveMetadata", "Language")
    return str(component.get(_LANG) or (named.get("FormalName") if named is not None else "") or "")


def _party(metadata: Any, name: str) -> str:
    """The name of a party (AdministrativeMetadata); a code in lower case or a number names nobody."""
    party = first_child(metadata, name, "Party")
    formal = str(party.get("FormalName") or "") if party is not None else ""
    return formal if formal and not formal.islower() and not formal.isdigit() else ""


def _status(item: Any) -> str:
    status = first_child(item, "NewsManagement", "Status")
    return str(status.get("FormalName") or "") if status is not None else ""


def _notes(item: Any, story: Any) -> tuple[str, ...]:
    """Comments on the item and the story, and instructions to those who use it (NewsML 1.2, NewsManagement)."""
    instructions = [text_at(part) for part in children_named(first_child(item, "NewsManagement"), "Instruction")]
    comments = [text_at(part) for holder in (item, story) for part in children_named(holder, "Comment")]
    return tuple(dict.fromkeys(filter(None, [*instructions, *comments])))

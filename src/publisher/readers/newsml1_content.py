"""The content items of NewsML 1.x: the forms of a text or an image, and the markup of the best form (NewsML 1.2, 5.6)."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Any

from publisher.input.snippets import data_uri, figure_markup, paragraph_markup, word_list
from publisher.input.xml import children_named, first_child, inner_markup, local_name, text_at
from publisher.model.markup import parse
from publisher.model.metadata import Metadata
from publisher.model.parts import Removal
from publisher.readers import nitf
from publisher.text.numbers import whole_number

_HTML_NAMES = frozenset(
    ["html", "body", "p", "div", "h1", "h2", "h3", "table", "ul", "ol", "pre", "br", "span", "blockquote", "b", "i"]
)
_ESCAPED_MARKUP = re.compile(r"</(?:p|div|h\d|b|i|em|strong|a|span)>|<(?:br|p)\s*/?>", re.IGNORECASE)
_IMAGE_KINDS = ("photo", "picture", "image", "graphic")
_IMAGE_NAME = re.compile(r"\.(jpe?g|png|gif|webp|tiff?|svg)$", re.IGNORECASE)
_NAME_TYPES = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif"}
_RENDITIONS = ("hires", "high", "main", "preview", "web", "quicklook", "low", "thumb")  # the best first
_RICHEST = ("nitf", "markup", "text", "words")


@dataclass(frozen=True)
class Form:
    """A content item; `kind` is nitf, markup, text or words (of an unknown XML) for text, image for an image, else empty."""

    item: Any
    kind: str
    address: str = ""


def forms_of(component: Any) -> list[Form]:
    """The forms of the content that a component holds itself."""
    return [_form(item) for item in children_named(component, "ContentItem")]


def formal_name(parent: Any, name: str) -> str:
    element = first_child(parent, name)
    return str(element.get("FormalName") or "") if element is not None else ""


def is_image(form: Form) -> bool:
    return form.kind == "image"


def _form(item: Any) -> Form:
    address = str(item.get("Href") or "").strip()
    media = f"{formal_name(item, 'MediaType')} {formal_name(item, 'MimeType')} {formal_name(item, 'Format')}".lower()
    has_data = bool(_base64(item))
    if (any(kind in media for kind in _IMAGE_KINDS) or _IMAGE_NAME.search(address)) and (address or has_data):
        return Form(item, "image", address)
    content = _data(item)
    if content is None:
        return Form(item, "", address)
    if any(local_name(element) == "nitf" for element in content.iter()):
        return Form(item, "nitf")
    if len(content):
        is_html = any(local_name(element).lower() in _HTML_NAMES for element in content.iter())
        return Form(item, "markup" if is_html else "words")
    text = content.text or ""
    return Form(item, "markup" if _ESCAPED_MARKUP.search(text) else "text")


def _data(item: Any) -> Any:
    """The data of a content item as it stands or behind an encoding that only names characters; None if there is none to read."""
    encoding = first_child(item, "Encoding")
    if encoding is None:
        return first_child(item, "DataContent")
    return None if "base64" in str(encoding.get("Notation") or "base64").lower() else first_child(encoding, "DataContent")


def _base64(item: Any) -> str:
    encoding = first_child(item, "Encoding")
    is_base64 = encoding is not None and "base64" in str(encoding.get("Notation") or "").lower()
    return text_at(encoding, "DataContent") if is_base64 else ""


def words_in(form: Form) -> str:
    """The words of a form of text; empty for images and files."""
    if form.kind in ("", "image"):
        return ""
    if form.kind == "markup" and not len(_data(form.item)):
        return " ".join(parse(_data(form.item).text or "").get_text(" ").split())
    return " ".join(" ".join(_data(form.item).itertext()).split())


def best_form(forms: list[Form]) -> Form:
    """The form in the richest markup; of several, the longest."""
    return min(forms, key=lambda form: (_RICHEST.index(form.kind), -len(words_in(form))))


def body_of(form: Form) -> tuple[str, Metadata, tuple[Removal, ...]]:
    """The markup of a text, and the metadata and the removals of a story in NITF."""
    content = _data(form.item)
    if form.kind == "nitf":
        story = next(element for element in content.iter() if local_name(element) == "nitf")
        return nitf.html_of(story), nitf.metadata_of(story), nitf.removed_from_head(story)
    if form.kind == "markup":
        if not len(content):
            return content.text or "", Metadata(), ()
        body = next((element for element in content.iter() if local_name(element).lower() == "body"), content)
        return inner_markup(body), Metadata(), ()
    if form.kind == "words":
        return word_list(content), Metadata(), ()
    return paragraph_markup(content.text or ""), Metadata(), ()


def figure_of(component: Any, removed: list[Removal]) -> str:
    """An image in its best rendition, with its caption and its credit; what is not shown is added to `removed`."""
    components = [component, *component.iterdescendants("{*}NewsComponent")]
    forms = [(part, form) for part in components for form in forms_of(part)]
    images = sorted((entry for entry in forms if is_image(entry[1])), key=lambda entry: _rank(*entry))
    removed += [Removal("another rendition of an image", "", images=1) for _ in images[1:]]
    captions = [text for _, form in forms if (text := words_in(form))]
    lines = [text_at(part, "NewsLines", name) for part in components for name in ("HeadLine", "CreditLine", "CopyrightLine")]
    title, credit, rights = (next(filter(None, lines[place::3]), "") for place in range(3))
    caption = max(captions, key=len, default="") or title
    removed += [Removal("another caption", text) for text in {*captions, title} - {caption, ""}]
    return figure_markup(_address(images[0][1]), caption, caption, credit or rights)


def _rank(component: Any, form: Form) -> tuple[int, int]:
    """Smaller for a better rendition: by its role, then by its width in pixels (Characteristics)."""
    role = f"{formal_name(component, 'Role')} {form.item.get('Duid') or ''}".lower()
    widths = [
        whole_number(str(element.get("Value") or ""))
        for element in form.item.iter("{*}Property")
        if element.get("FormalName", "").lower() == "width"
    ]
    place = next((index for index, word in enumerate(_RENDITIONS) if word in role), len(_RENDITIONS))
    return (place, -max(widths, default=0))


def _address(form: Form) -> str:
    """The address of an image; an image that stands in the file itself as a data URI, if its letters can be decoded."""
    letters = _base64(form.item)
    if letters:
        named = formal_name(form.item, "MimeType") or _NAME_TYPES.get(formal_name(form.item, "Format").lower(), "image/jpeg")
        try:
            return data_uri(base64.b64decode(letters, validate=False), named)
        except ValueError:  # also letters that are none of ASCII
            return ""
    return form.address.removeprefix("file:///").removeprefix("./")

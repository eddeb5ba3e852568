"""What all texts of a style have in common is prepared once: Pango's context, the font, its features, and the strut of a line.

WeasyPrint prepares it for each text that it measures or draws, several times for each line.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import Any, NamedTuple

from weasyprint.text import line_break
from weasyprint.text.constants import LST_TO_ISO, PANGO_DIRECTION
from weasyprint.text.ffi import ffi, gobject, pango, unicode_to_char_p
from weasyprint.text.fonts import font_features, get_font_description
from weasyprint.text.line_break import Layout

_BREAKS = 4_096  # texts, the last ones, of which it is known whether a line may end in them
_FEATURES = (
    *("font_kerning", "font_variant_ligatures", "font_variant_position", "font_variant_caps", "font_variant_numeric"),
    *("font_variant_alternates", "font_variant_east_asian", "font_feature_settings"),
)
_set_up, _strut, _can_break_text = Layout.setup, line_break.strut, line_break.can_break_text
ffi.cdef("PangoAttrList * pango_attr_list_copy (PangoAttrList *list);")


class _TextStyle(NamedTuple):
    """What Pango is given for each text of a style; `features` is a list of attributes, or None."""

    context: Any
    language: Any
    font: Any
    features: Any


def prepare_text_styles() -> None:
    """Lets layouts take from the style what is the same for all of its texts."""
    Layout.setup = _set_up_prepared
    _install("strut", _strut, _known_strut)
    _install("can_break_text", _can_break_text, lru_cache(_BREAKS)(_can_break_text))


def are_prepared() -> bool:
    """Whether layouts take what they can from the style."""
    return Layout.setup is _set_up_prepared and line_break.strut is _known_strut


def prepare_each_text() -> None:
    """Puts WeasyPrint's own functions back; for tests, which compare."""
    Layout.setup = _set_up
    _install("strut", line_break.strut, _strut)
    _install("can_break_text", line_break.can_break_text, _can_break_text)


def _install(name: str, old: Any, new: Any) -> None:
    for module, content in list(sys.modules.items()):
        if module.startswith("weasyprint.") and getattr(content, name, None) is old:
            vars(content)[name] = new


def _known_strut(style: Any) -> tuple[float, float]:
    """`strut`: the height of a line and its baseline, in CSS pixels."""
    known = style.__dict__.get("_strut")
    if known is None:
        known = style.__dict__["_strut"] = _strut(style)
    return known  # type: ignore[no-any-return]


def _set_up_prepared(layout: Any, style: Any) -> None:
    """`Layout.setup`; text with lines under, over or through it, which needs more, is left to the original."""
    if style["text_decoration_line"] != "none":
        _set_up(layout, style)
        return
    prepared = style.__dict__.get("_text_style")
    if prepared is None:
        prepared = style.__dict__["_text_style"] = _text_style(style)
    layout.style, layout.first_line_direction, layout.language = style, 0, prepared.language
    layout.ascent = layout.underline_position = layout.strikethrough_position = None
    layout.layout = ffi.gc(pango.pango_layout_new(prepared.context), gobject.g_object_unref)
    pango.pango_layout_set_auto_dir(layout.layout, False)
    pango.pango_layout_set_font_description(layout.layout, prepared.font)
    if prepared.features is not None:  # a copy: a text adds its spacing to it
        attributes = ffi.gc(pango.pango_attr_list_copy(prepared.features), pango.pango_attr_list_unref)
        pango.pango_layout_set_attributes(layout.layout, attributes)


def _text_style(style: Any) -> _TextStyle:
    override = style["font_language_override"]
    lang = style["lang"] if override == "normal" else LST_TO_ISO.get(override.lower(), override)
    known = style.font_config.__dict__.setdefault("_contexts", {})
    key = style["direction"], lang or ""
    if key not in known:
        known[key] = _context(style.font_config.font_map, *key)
    context, language = known[key]
    return _TextStyle(context, language, get_font_description(style), _features(style))


def _context(font_map: Any, text_direction: str, lang: str) -> tuple[Any, Any]:
    """A context of Pango and its language."""
    context = ffi.gc(pango.pango_font_map_create_context(font_map), gobject.g_object_unref)
    pango.pango_context_set_round_glyph_positions(context, False)
    pango.pango_context_set_base_dir(context, PANGO_DIRECTION[text_direction])
    if not lang:
        return context, pango.pango_language_get_default()
    pointer, _bytes = unicode_to_char_p(lang)
    language = pango.pango_language_from_string(pointer)
    pango.pango_context_set_language(context, language)
    return context, language


def _features(style: Any) -> Any:
    """The features of the font as a list of attributes, the same for all styles of a configuration that have them."""
    features = font_features(*(style[name] for name in _FEATURES))
    text = ",".join(f"{name} {value}" for name, value in features.items()).encode()
    known = style.font_config.__dict__.setdefault("_attributes", {})
    if text and text not in known:
        known[text] = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
        pango.pango_attr_list_insert(known[text], pango.pango_attr_font_features_new(text))  # it belongs to the list now
    return known[text] if text else None

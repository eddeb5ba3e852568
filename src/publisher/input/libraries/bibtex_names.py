"""Names in BibTeX and BibLaTeX as names of CSL."""

from __future__ import annotations

import re

from publisher.input.libraries.latex import text_of

_PARTS = {"given": "given", "family": "family", "prefix": "dropping-particle", "suffix": "suffix"}
_AND_OR_BRACE = re.compile(r"\\.|[{}]|(?P<and>(?:^|(?<= ))and(?= |$))", re.IGNORECASE)
_EXTENDED = re.compile(r"\s*(?:given|family|prefix|suffix|id)(?:-i)?\s*=")


def names_of(value: str, has_prefix: bool = False) -> list[dict[str, str]]:
    """The names of a field, which `and` parts: `First von Last`, `von Last, Jr, First`, or a literal name in braces.

    With `has_prefix` (`useprefix` of BibLaTeX), particles are a part of the family name. "others" has no form in CSL.
    """
    particle = "non-dropping-particle" if has_prefix else "dropping-particle"
    found = [_name(name, particle) for name in _parted(" ".join(value.split())) if name and name != "others"]
    return [name for name in found if name]


def _parted(names: str) -> list[str]:
    """The names that `and` parts outside of braces. bibtexparser 2.1 loses a command of TeX behind `and`."""
    parts, depth, start = [], 0, 0
    for match in _AND_OR_BRACE.finditer(names):
        if match["and"] and depth == 0:
            parts.append(names[start : match.start()])
            start = match.end()
        depth += (match[0] == "{") - (match[0] == "}")
    return [part.strip() for part in (*parts, names[start:])]


def _name(name: str, particle: str) -> dict[str, str]:
    from bibtexparser.middlewares.names import InvalidNameError, parse_single_name_into_parts

    if _is_braced(name):
        return {"literal": text_of(name)}
    if _EXTENDED.match(name):
        return _extended(name, particle)
    try:
        parts = parse_single_name_into_parts(name, strict=False)
    except InvalidNameError:
        return {"literal": text_of(name)}
    values = {
        "given": " ".join(parts.first),
        particle: " ".join(parts.von),
        "family": " ".join(parts.last),
        "suffix": " ".join(parts.jr),
    }
    found = {key: text for key, value in values.items() if (text := text_of(value))}
    return {"literal": found["family"]} if found.keys() == {"family"} and _is_braced(values["family"]) else found


def _is_braced(name: str) -> bool:
    """Whether one pair of braces holds all of a name."""
    if not (name.startswith("{") and name.endswith("}")):
        return False
    depth = 0
    for place, char in enumerate(name):
        depth += (char == "{") - (char == "}")
        if depth == 0:
            return place == len(name) - 1
    return False


def _extended(name: str, particle: str) -> dict[str, str]:
    """A name in the form `family=Berg, given=Anna, prefix=van der` (BibLaTeX 3.14, 3.4)."""
    pairs = (part.partition("=") for part in name.split(","))
    values = {key.strip(): value.strip() for key, _, value in pairs}
    keys = {**_PARTS, "prefix": particle}
    return {keys[key]: text_of(value) for key, value in values.items() if key in keys and value}

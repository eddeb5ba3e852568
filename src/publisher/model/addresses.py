"""Addresses as strangers write them, and the one list of schemes that an output may have.

A malformed address (`https://[x`) is an address that leads nowhere, never an exception. What identifies a source is parsed as
browsers do (URL Standard, by ada-url): backslashes, line breaks, dots in paths, international names.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

import ada_url

# Parameters that say where a reader came from, never which page it is: the same page comes without them (docs/sources.md).
_TRACKING = re.compile(
    r"utm_\w+|mtm_\w+|pk_(?:campaign|kwd|keyword|source|medium|content|cid)|piwik_\w+|matomo_\w+|hsa_\w+|at_(?:campaign|medium|custom\d)"
    r"|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|ysclid|twclid|ttclid|li_fat_id|igshid|igsh|mibextid|srsltid|epik"
    r"|rb_clickid|fb_(?:action_ids|action_types|source|ref)|mc_[ce]id|mkt_tok|_hsenc|_hsmi|__hstc|__hssc|__hsfp|hsctatracking|oly_(?:anon|enc)_id"
    r"|vero_(?:conv|id)|ref_(?:src|url)|_ga|_gl|_openstat|xtor|wt[._]?(?:mc|zmc|nav)\w*|s_cid|cmpid|ncid|smid|soc_(?:src|trk)|sr_share|trk_\w+"
    r"|guccounter|guce_referrer(?:_sig)?|__twitter_impression|wickedid|ml_subscriber(?:_hash)?|ck_subscriber_id|dm_i|spjobid|spmailingid",
    re.IGNORECASE,
)
_TEXT_FRAGMENT = re.compile(r":~:.*", re.DOTALL)  # words that a browser shows on the page (URL Fragment Text Directives)
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = re.compile(rb"[A-Za-z0-9._~-]")  # RFC 3986, 2.3: escaped or not, they are the same
_DOI_START = re.compile(r"^(?:https?://(?:dx\.|www\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_DOI = re.compile(rf"(?:{_DOI_START.pattern})?(10\.\d{{4,9}}/\S+)", re.IGNORECASE)
OUTSIDE_SCHEMES = frozenset({"http", "https"})
LINK_SCHEMES = OUTSIDE_SCHEMES | {"mailto", "tel"}  # whatever else an address says, no output has it
_HOST = re.compile(r"[\w.-]+|\[[\da-f:.]+\]")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_IGNORED = re.compile(r"^[\x00-\x20]+|[\x00-\x20]+$|[\t\n\r]+")  # by browsers (WHATWG URL, 4.4)
_NO_CHARACTERS = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_PLAIN = "%/:=&?~+!$,;'@()*"  # what is not escaped in paths, queries and fragments
_REMEMBERED = 10_000  # addresses: each is asked for in a form many times
_JAPANESE = {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}  # scripts that are written together
_MAIL_FIELDS = frozenset({"subject", "body", "to", "cc", "bcc"})  # others may attach files of the reader (RFC 6068, 4)


def scheme_of(address: str) -> str:
    """The scheme of an address as a browser reads it, in lower case; empty if it has none."""
    match = _SCHEME.match(_IGNORED.sub("", address))
    return match[1].lower() if match else ""


@lru_cache(_REMEMBERED)
def outside_address(address: str) -> str:
    """The address of another site, with characters escaped (RFC 3986, 2.1); empty if it is not such an address."""
    try:
        parts = urlsplit(_IGNORED.sub("", address))
        host, port = parts.hostname or "", parts.port
        if parts.scheme.lower() not in OUTSIDE_SCHEMES or not _HOST.fullmatch(host):
            return ""
        name = parts.netloc if host.isascii() else host.encode("idna").decode()
    except ValueError:
        return ""
    netloc = name if port is None or name == parts.netloc else f"{name}:{port}"
    path, query, fragment = (quote(part, safe=_PLAIN) for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, quote(netloc, safe="%:@[].~"), path, query, fragment))


def written_address(address: str) -> str:
    """The address in the form in which an output has it; empty if no output may have it (LINK_SCHEMES)."""
    scheme = scheme_of(address)
    if scheme in OUTSIDE_SCHEMES:
        return outside_address(address)
    rest = _IGNORED.sub("", address).partition(":")[2]
    if not rest or scheme not in LINK_SCHEMES:
        return ""
    fields = [field.partition("=")[0].lower() for field in rest.partition("?")[2].split("&") if field]
    return f"{scheme}:{quote(rest, safe=_PLAIN)}" if _MAIL_FIELDS.issuperset(fields) else ""


def join_address(base: str, address: str) -> str:
    """`address` resolved against `base` (RFC 3986, 5), or itself if either is malformed; without characters that XML lacks."""
    try:
        return _NO_CHARACTERS.sub("", urljoin(base, address))
    except ValueError:
        return _NO_CHARACTERS.sub("", address)


def host_of(address: str) -> str:
    """The host of an address with its port; empty if it has none or is malformed."""
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


def site_of(address: str) -> str:
    """The host of an address as people write it: without port and `www.`, in its own letters; empty if it has none."""
    try:
        host = str(ada_url.parse_url(address)["hostname"])
        return ada_url.idna.decode(host).removeprefix("www.")
    except ValueError:
        return ""


def readable_host(host: str) -> str:
    """A host in its own letters; as it is written if a label has letters of several scripts, which may look like another host."""
    name, colon, port = host.partition(":")
    decoded = ada_url.idna.decode(name)
    return f"{decoded}{colon}{port}" if all(map(_has_one_script, decoded.split("."))) else host


def _has_one_script(label: str) -> bool:
    scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in label if letter.isalpha()}
    return len(scripts) < 2 or scripts <= _JAPANESE


def without_tracking(address: str) -> str:
    """`address` without the parameters that say where its reader came from; all else is as it was."""
    head, hash_mark, fragment = address.partition("#")
    path, mark, query = head.partition("?")
    if not mark:
        return address if not fragment else _joined(head, "", fragment)
    pieces = [piece for piece in query.split("&") if not _TRACKING.fullmatch(piece.partition("=")[0])]
    return _joined(path, "&".join(pieces), fragment if hash_mark else "")


def _joined(path: str, query: str, fragment: str) -> str:
    fragment = _TEXT_FRAGMENT.sub("", fragment)
    return path + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


@lru_cache(_REMEMBERED)
def canonical_address(address: str) -> str:
    """The form that all variants of an address have in common. It identifies a source, and is not for following.

    Host in lower case and without `www.`, one scheme for http and https, no default port, no dot segments, no tracking
    parameters, no place in the page, no slash at the end. A path after `#` (`#/news`, `#!news`) names a page of its own and
    stays. The names of parameters, their order and the case of a path do count. A malformed address is equal only to itself.
    """
    try:
        parts = ada_url.parse_url(address.strip())
    except ValueError:
        return address.strip()
    if not parts["hostname"]:
        return str(parts["href"])
    scheme = "http" if parts["protocol"] in ("http:", "https:") else str(parts["protocol"]).rstrip(":")
    user = ":".join(filter(None, (parts["username"], parts["password"])))
    port = f":{parts['port']}" if parts["port"] else ""
    host = f"{user}@" * bool(user) + str(parts["hostname"]).removeprefix("www.").rstrip(".") + port
    query = "&".join(filter(None, without_tracking(str(parts["search"])).removeprefix("?").split("&")))
    place = _TEXT_FRAGMENT.sub("", str(parts["hash"]))
    place = place if place[1:2] in ("/", "!") else ""
    path = _plain_escapes(str(parts["pathname"])).rstrip("/")
    return f"{scheme}://{host}{path}" + _plain_escapes(f"?{query}" * bool(query) + place)


def _plain_escapes(text: str) -> str:
    """Escapes of characters that need none are undone, the others are in capitals (RFC 3986, 6.2.2)."""

    def plain(escape: re.Match[str]) -> str:
        char = unquote_to_bytes(escape[0])
        return char.decode() if _UNRESERVED.match(char) else escape[0].upper()

    return _ESCAPE.sub(plain, text)


def doi_of(text: str) -> str:
    """The DOI that a text or an address is, in lower case (DOI Handbook, 2.4: case does not count); empty if it is none."""
    match = _DOI.fullmatch(text.strip())
    return match[1].lower() if match else ""


def bare_doi(text: str) -> str:
    """A DOI without what may stand before it: the address of doi.org, or `doi:`."""
    return _DOI_START.sub("", text.strip())

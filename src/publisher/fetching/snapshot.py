"""What one answer becomes on disk: the page with its pictures beside it, a sidecar that names the source, a WARC record."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import lxml.html
from slugify import slugify

from publisher.extraction.page_metadata import page_metadata
from publisher.fetching.net import Answer, Refused
from publisher.input.image_sources import resolve_image_sources
from publisher.input.sniffing import kind_of
from publisher.model.codes import Code

_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/rss+xml": ".rss",
    "application/atom+xml": ".atom",
    "application/feed+json": ".json",
    "application/json": ".json",
    "text/xml": ".xml",
    "application/xml": ".xml",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    "application/epub+zip": ".epub",
    "message/rfc822": ".eml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.oasis.opendocument.text": ".odt",
}
_PICTURES = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/svg+xml": ".svg",
    "image/avif": ".avif",
}
_MOST_PICTURES = 100  # of a page


@dataclass
class Snapshot:
    """The files of one capture by name, relative to the folder; what was refused on the way."""

    name: str
    files: dict[str, bytes] = field(repr=False)
    answers: list[Answer] = field(repr=False)
    refused: list[tuple[str, str]] = field(default_factory=list)


def take(answer: Answer, get: Callable[[str], Answer], today: datetime.date) -> Snapshot:
    """The snapshot of an answer; `get` fetches the pictures of a page. Raises Refused where the answer is no document."""
    if answer.status != 200:
        raise Refused(f"status {answer.status}", Code.FETCH_STATUS)
    if not answer.data.strip():
        raise Refused("the answer is empty", Code.FETCH_EMPTY)
    suffix = kind_of(f"x{_SUFFIXES.get(answer.media_type, '')}", answer.data)
    suffix = {".rss": ".xml", ".jsonfeed": ".json", ".ninjs": ".json", ".newsml": ".xml", ".nitf": ".xml", "": ".bin"}.get(
        suffix, suffix
    )
    if answer.media_type.startswith("image/") or suffix == ".bin":
        raise Refused(f"{answer.media_type or 'something unknown'} is no document", Code.FETCH_KIND)
    stem = stem_of(answer.wanted or answer.url)
    taken = Snapshot(f"{stem}{suffix}", {}, [answer])
    data, title = (_page(answer, get, stem, taken)) if suffix == ".html" else (answer.data, "")
    taken.files[taken.name] = data
    taken.files[f"{stem}.toml"] = _sidecar(answer, title, today).encode()
    return taken


def stem_of(url: str) -> str:
    """A file name for an address: words of its path, and six digits of a hash that keep it apart from others."""
    parts = urlsplit(url)
    last = [piece for piece in parts.path.split("/") if piece][-1:] or [parts.hostname or "page"]
    words = slugify(re.sub(r"\.\w{1,5}$", "", last[0]), max_length=50, word_boundary=True) or "page"
    return f"{words}-{hashlib.sha256(url.encode()).hexdigest()[:6]}"


def _page(answer: Answer, get: Callable[[str], Answer], stem: str, taken: Snapshot) -> tuple[bytes, str]:
    """The page, as UTF-8, with the addresses of its pictures those of their copies; its title."""
    charset = re.search(r"charset=[\"']?([\w.-]+)", answer.headers.get("content-type", ""))
    try:
        page = lxml.html.document_fromstring(answer.data.decode(charset[1]) if charset else answer.data)
    except (LookupError, UnicodeDecodeError, ValueError):
        page = lxml.html.document_fromstring(answer.data)
    except lxml.etree.ParserError:
        raise Refused("the page is empty", Code.FETCH_EMPTY) from None
    resolve_image_sources(page, lambda _: False)
    known: dict[str, str] = {}
    for image in list(page.iter("img"))[:_MOST_PICTURES]:
        src = urljoin(answer.url, image.get("src") or "")
        if not src.startswith("http"):
            continue
        if src not in known:
            known[src] = _picture(src, get, stem, taken)
        image.set("src", known[src] or src)
        for name in ("srcset", "data-src", "data-srcset", "loading"):
            image.attrib.pop(name, None)
    head = page.find("head")
    if head is not None:
        for meta in list(head.iter("meta")):
            if meta.get("charset") or (meta.get("http-equiv") or "").lower() == "content-type":
                meta.drop_tree()
        head.insert(0, lxml.html.fragment_fromstring('<meta charset="utf-8">'))
        if not any("canonical" in (link.get("rel") or "") for link in head.iter("link")):
            link = lxml.html.fragment_fromstring('<link rel="canonical">')
            link.set("href", answer.url)
            head.append(link)
    body = page.find("body")
    title = page_metadata(page, page if body is None else body).metadata.title
    return b"<!DOCTYPE html>\n" + lxml.html.tostring(page, encoding="utf-8"), title


def _picture(src: str, get: Callable[[str], Answer], stem: str, taken: Snapshot) -> str:
    """The name of a picture's copy; empty where it was refused, which is noted."""
    try:
        answer = get(src)
        if answer.status != 200:
            raise Refused(f"status {answer.status}", Code.FETCH_STATUS)
        if answer.media_type not in _PICTURES:
            raise Refused(f"{answer.media_type or 'something unknown'} is no picture", Code.FETCH_KIND)
    except Refused as why:
        taken.refused.append((src, str(why)))
        return ""
    name = f"{stem}_files/{hashlib.sha256(answer.data).hexdigest()[:12]}{_PICTURES[answer.media_type]}"
    taken.files[name] = answer.data
    taken.answers.append(answer)
    return name


def _sidecar(answer: Answer, title: str, today: datetime.date) -> str:
    """What a build is told of the capture: the source, and the day on which it was seen."""
    url = json.dumps(answer.url, ensure_ascii=False)
    named = f"title = {json.dumps(title, ensure_ascii=False)}\n" if title else ""
    return f"# written by publisher fetch\nurl = {url}\n\n[source]\n{named}url = {url}\naccessed = {today.isoformat()}\n"


def warc(answers: list[Answer], moment: datetime.datetime) -> bytes:
    """The answers as WARC 1.1 response records (ISO 28500), gzipped record by record."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version="1.1")
    for answer in answers:
        dropped = {"content-encoding", "transfer-encoding", "content-length"}
        headers = [(key, value) for key, value in answer.headers.items() if key not in dropped]
        headers.append(("content-length", str(len(answer.data))))
        status = StatusAndHeaders(f"{answer.status} OK", headers, protocol="HTTP/1.1")
        record = writer.create_warc_record(
            answer.url,
            "response",
            payload=io.BytesIO(answer.data),
            http_headers=status,
            warc_headers_dict={"WARC-Date": moment.strftime("%Y-%m-%dT%H:%M:%SZ")},
        )
        writer.write_record(record)
    return buffer.getvalue()

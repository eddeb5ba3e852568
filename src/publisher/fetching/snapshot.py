"""The files made of one answer: the page with its images beside it, a sidecar that names the source, a WARC record."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import lxml.html
from slugify import slugify

from publisher.extraction.page_metadata import page_metadata
from publisher.fetching.net import Answer
from publisher.fetching.transport import Refused
from publisher.input.image_sources import resolve_image_sources
from publisher.input.sniffing import kind_of
from publisher.model.addresses import join_address
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
_IMAGE_SUFFIXES = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/svg+xml": ".svg",
    "image/avif": ".avif",
}
_MAX_IMAGES = 100  # per page


@dataclass
class Snapshot:
    """The files of one capture by name, relative to the folder; `refused` has address and reason of images not fetched."""

    name: str
    files: dict[str, bytes] = field(repr=False)
    answers: list[Answer] = field(repr=False)
    refused: list[tuple[str, str]] = field(default_factory=list)


def take_snapshot(answer: Answer, get: Callable[[str], Answer], today: datetime.date) -> Snapshot:
    """The snapshot of an answer; `get` fetches the images of a page. Raises Refused if the answer is not a document."""
    if answer.status != 200:
        raise Refused(f"status {answer.status}", Code.FETCH_STATUS)
    if not answer.data.strip():
        raise Refused("the answer is empty", Code.FETCH_EMPTY)
    suffix = kind_of(f"x{_SUFFIXES.get(answer.media_type, '')}", answer.data)
    suffix = {".rss": ".xml", ".jsonfeed": ".json", ".ninjs": ".json", ".newsml": ".xml", ".nitf": ".xml", "": ".bin"}.get(
        suffix, suffix
    )
    if answer.media_type.startswith("image/") or suffix == ".bin":
        raise Refused(f"{answer.media_type or 'an unknown media type'} is not a document", Code.FETCH_KIND)
    stem = stem_of(answer.wanted or answer.url)
    snapshot = Snapshot(f"{stem}{suffix}", {}, [answer])
    data, title = (_page_with_local_images(answer, get, stem, snapshot)) if suffix == ".html" else (answer.data, "")
    snapshot.files[snapshot.name] = data
    snapshot.files[f"{stem}.toml"] = _sidecar(answer, title, today).encode()
    return snapshot


def stem_of(url: str) -> str:
    """A file name (without suffix) for an address: words of its path, and six hash digits that make it unique."""
    parts = urlsplit(url)
    last_part = [piece for piece in parts.path.split("/") if piece][-1:] or [parts.hostname or "page"]
    words = slugify(re.sub(r"\.\w{1,5}$", "", last_part[0]), max_length=50, word_boundary=True) or "page"
    return f"{words}-{hashlib.sha256(url.encode()).hexdigest()[:6]}"


def _page_with_local_images(answer: Answer, get: Callable[[str], Answer], stem: str, snapshot: Snapshot) -> tuple[bytes, str]:
    """The page as UTF-8, in which images point to their saved copies; and its title."""
    charset = re.search(r"charset=[\"']?([\w.-]+)", answer.headers.get("content-type", ""))
    try:
        page = lxml.html.document_fromstring(answer.data.decode(charset[1]) if charset else answer.data)
    except (LookupError, UnicodeDecodeError, ValueError):
        page = lxml.html.document_fromstring(answer.data)
    except lxml.etree.ParserError:
        raise Refused("the page is empty", Code.FETCH_EMPTY) from None
    resolve_image_sources(page, lambda _: False)
    names: dict[str, str] = {}
    for image in list(page.iter("img"))[:_MAX_IMAGES]:
        src = join_address(answer.url, image.get("src") or "")
        if not src.startswith("http"):
            continue
        if src not in names:
            names[src] = _save_image(src, get, stem, snapshot)
        image.set("src", names[src] or src)
        for attribute in ("srcset", "data-src", "data-srcset", "loading"):
            image.attrib.pop(attribute, None)
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


def _save_image(src: str, get: Callable[[str], Answer], stem: str, snapshot: Snapshot) -> str:
    """The file name of an image's saved copy; empty if it was refused, which is recorded in the snapshot."""
    try:
        answer = get(src)
        if answer.status != 200:
            raise Refused(f"status {answer.status}", Code.FETCH_STATUS)
        if answer.media_type not in _IMAGE_SUFFIXES:
            raise Refused(f"{answer.media_type or 'an unknown media type'} is not an image", Code.FETCH_KIND)
    except Refused as refusal:
        snapshot.refused.append((src, str(refusal)))
        return ""
    name = f"{stem}_files/{hashlib.sha256(answer.data).hexdigest()[:12]}{_IMAGE_SUFFIXES[answer.media_type]}"
    snapshot.files[name] = answer.data
    snapshot.answers.append(answer)
    return name


def _sidecar(answer: Answer, title: str, today: datetime.date) -> str:
    """The sidecar of a capture: the source, and the date on which it was accessed."""
    url = json.dumps(answer.url, ensure_ascii=False)
    title_line = f"title = {json.dumps(title, ensure_ascii=False)}\n" if title else ""
    return f"# written by publisher fetch\nurl = {url}\n\n[source]\n{title_line}url = {url}\naccessed = {today.isoformat()}\n"


def warc(answers: list[Answer], moment: datetime.datetime) -> bytes:
    """The answers as WARC 1.1 response records (ISO 28500), gzipped record by record."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version="1.1")
    for answer in answers:
        removed = {"content-encoding", "transfer-encoding", "content-length"}
        headers = [(key, value) for key, value in answer.headers.items() if key not in removed]
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

"""The files made of one answer: the page with its images beside it, a sidecar that names the source, a WARC record."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import lxml.html

from publisher.extraction.page_metadata import page_metadata
from publisher.fetching.names import Name
from publisher.fetching.net import Answer
from publisher.fetching.public_answer import public_answer, public_data
from publisher.fetching.refusals import ASKS_FOR_PASSWORD, Refused
from publisher.input.formats import FEEDS, unexpected_kind
from publisher.input.image_sources import resolve_image_sources
from publisher.input.sniffing import kind_of
from publisher.model.addresses import join_address
from publisher.model.codes import Code
from publisher.model.public_addresses import without_secrets
from publisher.model.sources import Source

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
    """The files of one capture by name, relative to the folder; `refused` has address and reason of images not fetched.

    `source` is what a page says of itself.
    """

    name: str
    files: dict[str, bytes] = field(repr=False)
    answers: list[Answer] = field(repr=False)
    refused: list[tuple[str, str]] = field(default_factory=list)
    source: Source = Source()


def take_snapshot(answer: Answer, get: Callable[[str], Answer], today: datetime.date, name: Name) -> Snapshot:
    """The snapshot of an answer under a name; `get` fetches the images of a page. Raises Refused if it is not a document.

    Nothing in its files is a secret of the address, except in `answers`, which are as they came.
    """
    if answer.status != 200:
        raise Refused(f"status {answer.status}", Code.FETCH_STATUS, ASKS_FOR_PASSWORD if answer.status in (401, 403) else "")
    if not answer.data.strip():
        raise Refused("the answer is empty", Code.FETCH_EMPTY)
    kind = kind_of(f"x{_SUFFIXES.get(answer.media_type, '')}", answer.data)
    suffix = {".rss": ".xml", ".jsonfeed": ".json", ".ninjs": ".json", ".newsml": ".xml", ".nitf": ".xml", "": ".bin"}.get(
        kind, kind
    )
    if answer.media_type.startswith("image/") or suffix == ".bin":
        raise Refused(f"{answer.media_type or 'an unknown media type'} is not a document", Code.FETCH_KIND)
    if name.suffix and not unexpected_kind(f"{name.stem}{name.suffix}", answer.data):
        suffix = name.suffix
    elif name.suffix and name.is_chosen:
        raise Refused(f"it is {kind[1:]}, not {name.suffix[1:]}: choose a name without a suffix", Code.FETCH_KIND)
    snapshot = Snapshot(f"{name.stem}{suffix}", {}, [answer])
    data = _page_with_local_images(answer, get, name.stem, snapshot) if kind == ".html" else answer.data
    snapshot.files[snapshot.name] = public_data(data, answer)
    snapshot.files[f"{name.stem}.toml"] = _sidecar(answer, kind, snapshot.source.title, today).encode()
    return snapshot


def _page_with_local_images(answer: Answer, get: Callable[[str], Answer], stem: str, snapshot: Snapshot) -> bytes:
    """The page as UTF-8, in which images point to their saved copies; what it says of itself is the snapshot's source."""
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
        image.set("src", names[src] or without_secrets(src))
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
            link.set("href", without_secrets(answer.url))
            head.append(link)
    body = page.find("body")
    metadata = page_metadata(page, page if body is None else body).metadata
    publication, title, *authors = (
        public_data(text.encode(), answer).decode() for text in (metadata.publisher, metadata.title, *metadata.authors)
    )
    address = without_secrets(metadata.url or answer.url)
    snapshot.source = Source(publication, title, tuple(filter(None, authors)), address, metadata.date)
    return b"<!DOCTYPE html>\n" + bytes(lxml.html.tostring(page, encoding="utf-8"))


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


def _sidecar(answer: Answer, kind: str, title: str, today: datetime.date) -> str:
    """The sidecar of a capture: the source, and the date on which it was accessed. A feed is not the source of its entries."""
    address = without_secrets(answer.url)
    if kind in FEEDS:
        return f"# written by publisher fetch from {address}\n[source]\naccessed = {today.isoformat()}\n"
    url = json.dumps(address, ensure_ascii=False)
    title_line = f"title = {json.dumps(title, ensure_ascii=False)}\n" if title else ""
    return f"# written by publisher fetch\nurl = {url}\n\n[source]\n{title_line}url = {url}\naccessed = {today.isoformat()}\n"


def warc(answers: list[Answer], moment: datetime.datetime) -> bytes:
    """The answers as WARC 1.1 response records (ISO 28500), gzipped record by record, without secrets."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version="1.1")
    for answer in map(public_answer, answers):
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

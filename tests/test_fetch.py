"""`publisher fetch` against a server of our own: what it saves, what it refuses, whom it waits for, whom it never asks."""

from __future__ import annotations

import gzip
import io
import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpcore
import pytest
from PIL import Image

from publisher.fetching import net, transport
from publisher.fetching.net import Bounds, Net
from publisher.fetching.refusals import Refused, is_public
from publisher.fetching.run import fetch
from publisher.model.codes import Code
from tests.conftest import Run, log_lines

TEXT = "The gate at the upper lock opened at seven, and the first barges of the spring went through without a stop. "
PAGE = f"""<!doctype html><html lang="en"><head><title>The gate opens</title><meta property="og:site_name" content="Lock Review">
</head><body><nav><a href="/">Home</a></nav><article><h1>The gate opens</h1><p>{TEXT * 3}</p>
<figure><img data-src="gate.png" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="A gate">
<figcaption>The gate</figcaption></figure>
<p>{TEXT * 2}</p><img src="gone.png" alt="Gone"></article><footer>Imprint</footer></body></html>"""
FEED = """<rss version="2.0"><channel><title>Locks</title><item><guid>1</guid><title>The gate opens</title>
<link>{home}/page</link><description>A teaser.</description></item></channel></rss>"""


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(buffer, "PNG")
    return buffer.getvalue()


class _Handler(BaseHTTPRequestHandler):
    gone = threading.Event()
    asked: list[str]

    def do_GET(self) -> None:
        type(self).asked.append(self.path)
        home = f"http://127.0.0.1:{self.server.server_address[1]}"
        earlier = type(self).asked.count(self.path)
        if self.path == "/page" and self.headers.get("If-None-Match") == '"v1"':
            self._say(304, b"")
            return
        match self.path:
            case "/page":
                self._say(200, PAGE.encode(), ETag='"v1"', **{"Content-Type": "text/html; charset=utf-8"})
            case "/gate.png":
                self._say(200, picture(), **{"Content-Type": "image/png"})
            case "/feed":
                self._say(200, FEED.format(home=home).encode(), **{"Content-Type": "application/rss+xml"})
            case "/robots.txt":
                self._say(200, b"User-agent: *\nDisallow: /secret\n")
            case "/circle-1" | "/circle-2":
                self._say(302, b"", Location="/circle-2" if self.path == "/circle-1" else "/circle-1")
            case "/inward":
                self._say(302, b"", Location="http://127.0.0.2/")
            case "/file":
                self._say(302, b"", Location="file:///etc/passwd")
            case "/away" | "/gone":
                self._say(302 if self.path == "/away" else 301, b"", Location="/page")
            case "/busy":
                self._say(*((429, b"") if earlier < 2 else (200, PAGE.encode())), **{"Retry-After": "1"})
            case "/closed":
                self._say(503, b"", **{"Retry-After": "3600"})
            case "/bomb":
                self._say(200, gzip.compress(b"\0" * 60_000_000), **{"Content-Encoding": "gzip", "Content-Type": "text/html"})
            case "/slow":
                self._dribble()
            case _:
                self._say(404, b"no")

    def _say(self, status: int, data: bytes, **headers: str) -> None:
        self.send_response(status)
        for key, value in {"Content-Length": str(len(data)), **headers}.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def _dribble(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(200):
            try:
                self.wfile.write(b"word ")
                self.wfile.flush()
            except OSError:
                return
            self.gone.wait(0.1)  # slower than any limit, but not after the test is over

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    handler = type("Handler", (_Handler,), {"asked": []})
    running = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{running.server_address[1]}", handler.asked
    running.shutdown()


Server = tuple[str, list[str]]


def test_what_is_captured_is_logged_as_lines_of_json(
    server: Server, edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    edition({})
    run = publisher("fetch", f"{server[0]}/page", "--into", "clips", "--allow-private", "--log-format", "json")
    lines = log_lines(run.err, 0)
    assert not run.out and lines[0]["inputs"] == [f"{server[0]}/page"]
    assert [line["message"].split()[0] for line in lines if line["event"] == "result"] == ["saved"]


def test_a_page_becomes_a_manuscript_with_its_pictures_its_source_and_a_record(
    server: Server, edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    home = edition({})
    run = publisher("fetch", f"{server[0]}/page", "--into", "clips", "--allow-private")
    assert run.code == 0 and "saved clips/page-" in run.out
    assert "gone.png: warning: an image is missing: status 404 [fetch-image]" in run.err
    (page,) = (home / "clips").glob("*.html")
    sidecar = page.with_suffix(".toml").read_text()
    assert f'url = "{server[0]}/page"' in sidecar and "accessed = 20" in sidecar and 'title = "The gate opens"' in sidecar
    assert next((home / "clips").glob("*_files/*.png")).read_bytes() == picture()
    tree = publisher("tree", page)
    assert tree.code == 0 and "<h1>The gate opens" in tree.out and '<img alt="A gate"' in tree.out and "Home" not in tree.out
    from warcio.archiveiterator import ArchiveIterator

    (record,) = (home / "clips").glob("capture-*.warc.gz")
    with record.open("rb") as file:
        kept = {one.rec_headers["WARC-Target-URI"]: one.content_stream().read() for one in ArchiveIterator(file)}
    assert kept[f"{server[0]}/page"] == PAGE.encode() and kept[f"{server[0]}/gate.png"] == picture()


def test_a_second_fetch_asks_only_whether_it_changed(server: Server, tmp_path: Path) -> None:
    fetch([f"{server[0]}/page"], tmp_path, Bounds(allow_private=True))
    (again,) = fetch([f"{server[0]}/page"], tmp_path, Bounds(allow_private=True))
    assert [one.code for one in again.diagnostics] == ["fetch-unchanged"] and (tmp_path / again.file).is_file()
    assert len(list(tmp_path.glob("*.warc.gz"))) == 1


def test_the_pages_that_a_feed_teases_come_with_it_and_are_its_articles(
    server: Server, edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    home = edition({})
    assert publisher("fetch", f"{server[0]}/feed", "--into", "clips", "--allow-private").code == 0
    feed = next(one for one in (home / "clips").glob("feed-*.xml"))
    tree = publisher("tree", feed, "--to", "text")
    assert tree.out.count("The gate at the upper lock") == 5


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/nothing", "fetch-status"),
        ("/circle-1", "fetch-redirects"),
        ("/file", "fetch-address"),
        ("/secret", "fetch-robots"),
        ("/closed", "fetch-busy"),
        ("/bomb", "fetch-size"),
        ("/slow", "fetch-slow"),
        ("/gate.png", "fetch-kind"),
    ],
)
def test_what_cannot_be_had_is_named_and_nothing_is_written(
    server: Server, path: str, code: str, edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    home = edition({})
    arguments = ["--into", "clips", "--allow-private", "--max-size", "5", "--timeout", "2"]
    run = publisher("fetch", f"{server[0]}{path}", *arguments)
    assert run.code == 1 and f"{server[0]}{path}: error:" in run.err and f"[{code}]" in run.err
    assert not (home / "clips").exists()


def test_one_refusal_does_not_keep_the_others_back(
    server: Server, edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    edition({"list.txt": f"# today\n{server[0]}/page\n{server[0]}/nothing\n"})
    run = publisher("fetch", "list.txt", "--into", "clips", "--allow-private")
    assert run.code == 0 and "saved" in run.out and "/nothing: warning: status 404 [fetch-status]" in run.err
    strict = publisher("fetch", "list.txt", "--into", "others", "--allow-private", "--strict")
    assert strict.code == 3 and "saved" in strict.out and "/nothing: warning: status 404 [fetch-status]" in strict.err


def test_a_busy_server_is_waited_for_as_long_as_it_asks(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(net.time, "sleep", waits.append)
    (found,) = fetch([f"{server[0]}/busy"], tmp_path, Bounds(allow_private=True))
    assert found.file and server[1].count("/busy") == 2
    assert len(waits) == 1 and 1.0 <= waits[0] <= 1.3  # it asked for one second


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://0177.0.0.1/",
        "http://0x7f.1/",
        "http://2130706433/",
        "http://127.1/",
        "http://0.0.0.0/",
    ],
)
def test_addresses_that_are_not_public_are_refused_however_they_are_written(url: str) -> None:
    with pytest.raises(Refused) as refused:
        Net(Bounds(tries=1)).get(url)
    assert refused.value.code in (Code.FETCH_PRIVATE, Code.FETCH_HOST, Code.FETCH_ADDRESS)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_public_is_what_the_registries_call_global(address: str, public: bool) -> None:
    assert is_public(address) == public


def test_a_redirect_is_checked_like_any_address(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "is_public", lambda address: address == "127.0.0.1")
    with pytest.raises(Refused) as refused:
        Net(Bounds(tries=1)).get(f"{server[0]}/inward")
    assert refused.value.code is Code.FETCH_PRIVATE and "127.0.0.2" in str(refused.value)


def test_a_name_that_changes_its_answer_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["93.184.216.34", "127.0.0.1", "127.0.0.1"])
    connected: list[str] = []

    def resolve(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    def connect(self: Any, host: str, *_: Any, **__: Any) -> Any:
        connected.append(host)
        raise httpcore.ConnectError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    with pytest.raises(Refused):
        Net(Bounds(tries=1)).get("http://rebound.example/")
    assert connected == ["93.184.216.34"]


def test_an_answer_from_a_private_address_is_refused_though_the_connection_was_not_checked(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard fails closed: here httpcore ignores our backend, as another version of it might."""
    pool = httpcore.ConnectionPool
    monkeypatch.setattr(transport.httpcore, "ConnectionPool", lambda network_backend, **options: pool(**options))
    with pytest.raises(Refused, match=r"the answer comes from 127\.0\.0\.1") as refused:
        Net(Bounds(tries=1)).get(f"{server[0]}/page")
    assert refused.value.code is Code.FETCH_PRIVATE


def test_the_old_names_of_options_still_work(server: Server, edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    edition({})
    old = ["--at-once", "2", "--a-host=1", "--megabytes", "5", "--seconds", "9", "--allow-private"]
    assert publisher("fetch", f"{server[0]}/page", "--into", "clips", *old).code == 0


def test_a_link_that_moved_for_a_while_has_not_moved(
    server: Server, edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    edition({"publisher.toml": '[edition]\ntitle = "T"\n', "a.md": f"# A\n\n[b]({server[0]}/away) and [c]({server[0]}/gone).\n"})
    run = publisher("fetch", "--check", "publisher.toml", "--allow-private")
    assert "/gone: note: moved to" in run.err and "/away" not in run.err


def test_dead_links_and_sources_of_a_manifest(
    server: Server, edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    text = f"# A\n\nText with [one]({server[0]}/page) and [another]({server[0]}/nothing).\n"
    home = edition({"publisher.toml": '[edition]\ntitle = "T"\n', "a.md": text})
    run = publisher("fetch", "--check", "publisher.toml", "--allow-private")
    assert run.code == 0 and "/nothing: warning: status 404 [link-dead]" in run.err and "1 dead link" in run.out
    assert publisher("fetch", "--sources", "publisher.toml", "--allow-private").code == 0
    assert json.loads((home / "sources" / "fetched.json").read_text()).keys() == {f"{server[0]}/page"}


def test_only_fetching_opens_connections() -> None:
    source = Path(net.__file__).parents[1]
    named = [path for path in source.rglob("*.py") if "fetching" not in path.parts]
    wrong = [
        path.name for path in named if any(f"import {word}" in path.read_text() for word in ("httpx", "socket", "urllib.request"))
    ]
    assert wrong == []

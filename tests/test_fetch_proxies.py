"""The proxies that the environment names: they are used, they may be private, and nobody reaches private hosts through them."""

from __future__ import annotations

import base64
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from publisher.fetching import net
from publisher.fetching.net import Bounds, Net
from publisher.fetching.proxies import proxies_of_environment
from publisher.fetching.refusals import Refused
from publisher.model.codes import Code
from publisher.model.diagnostics import Exit, PublisherError
from tests.conftest import Run
from tests.test_fetch_secrets import written_in
from tests.web_server import HTML, ProxyServer, Site, certificate, proxying, serving

Publisher = Callable[..., Run]
Edition = Callable[..., Path]
PAGE = HTML, "<!doctype html><html><head><title>Gate</title></head><body><h1>Gate</h1><p>The gate opened. </p></body></html>"
BOUNDS = Bounds(tries=1)
USER = f"Basic {base64.b64encode(b'mara:heron-1').decode()}"


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A network in which only the names of the test, and numbers, have addresses."""
    monkeypatch.delenv("REQUEST_METHOD", raising=False)  # of a CGI script, which urllib distrusts
    known: dict[str, str] = {}
    resolve = socket.getaddrinfo

    def found(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        if str(host) in known:
            return resolve(known[host], port, *rest, **more)
        return resolve(host, port, *rest, **{**more, "flags": socket.AI_NUMERICHOST})

    monkeypatch.setattr(socket, "getaddrinfo", found)
    return known


def through(proxy: ProxyServer, monkeypatch: pytest.MonkeyPatch, *variables: str, user: str = "") -> None:
    for variable in variables:
        monkeypatch.setenv(variable, f"http://{user}127.0.0.1:{proxy.port}")


def get(url: str, **bounds: Any) -> net.Answer:
    client = Net(Bounds(tries=1, **bounds), proxies=proxies_of_environment())
    try:
        return client.get(url)
    finally:
        client.close()


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_a_page_comes_through_a_proxy_on_a_private_address(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Site(pages={"/gate": PAGE})) as site, proxying(site.port) as proxy:
        through(proxy, monkeypatch, variable, user="mara:heron%2D1@")
        proxy.password = USER
        answer = get("http://harbor.example/gate?a=1#x")
        assert answer.status == 404 and get("http://harbor.example/gate").status == 200
    assert [line for line, *_ in proxy.requests] == ["GET http://harbor.example/gate?a=1", "GET http://harbor.example/gate"]


def test_over_tls_the_proxy_sees_the_host_alone(
    tmp_path: Path, edition: Edition, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = certificate(tmp_path, "harbor.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    home = edition({"secrets": "machine harbor.example login anna password sesame-herring\n"})
    monkeypatch.setenv("NETRC", str(home / "secrets"))
    basic = f"Basic {base64.b64encode(b'anna:sesame-herring').decode()}"
    site = Site(
        "https://harbor.example", {"/gate": PAGE, "/x": ("redirect", "http://harbor.example/gate")}, {}, [], ("/gate",), basic
    )
    with serving(site, context) as site, proxying(site.port) as proxy:
        proxy.password = USER
        through(proxy, monkeypatch, "HTTPS_PROXY", user="mara:heron-1@")
        run = publisher("fetch", "https://harbor.example/gate", "--into", "clips")
    assert run.code == 0, run.err
    assert {line for line, *_ in proxy.requests} == {"CONNECT harbor.example:443"} and site.requests[-1] == ("/gate", basic)
    assert all(sent == USER and own == "" for _, sent, own in proxy.requests)
    for secret in ("heron-1", "sesame-herring", USER.split()[1], basic.split()[1]):
        assert secret not in written_in(home / "clips") + run.out + run.err


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.0.0.1./",
        "http://localhost/",
        "http://LOCALHOST./",
        "http://a.localhost/",
        "http://printer.local/",
        "http://wiki.internal/",
        "http://router.home.arpa/",
        "http://intranet/",
        "http://10.0.0.7/",
        "http://169.254.169.254/latest",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://0177.0.0.1/",
        "http://0x7f.1/",
        "http://2130706433/",
        "http://127.1/",
        "http://0.0.0.0/",
        "http://１２７.0.0.1/",
        "http://inside.example/",
        "https://inside.example/",
    ],
)
def test_nobody_reaches_a_private_host_through_a_proxy(url: str, names: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    names["inside.example"] = "10.0.0.7"
    with serving(Site()) as site, proxying(site.port) as proxy:
        through(proxy, monkeypatch, "HTTP_PROXY", "HTTPS_PROXY")
        with pytest.raises(Refused) as refused:
            get(url)
        assert refused.value.code in (Code.FETCH_PRIVATE, Code.FETCH_ADDRESS)
        site.pages["/x"] = PAGE
    assert proxy.requests == [] and site.requests == []


def test_a_redirect_through_a_proxy_is_checked_too(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Site(pages={"/in": ("redirect", "http://10.0.0.7/")})) as site, proxying(site.port) as proxy:
        through(proxy, monkeypatch, "HTTP_PROXY")
        with pytest.raises(Refused) as refused:
            get("http://harbor.example/in")
    assert refused.value.code is Code.FETCH_PRIVATE and len(proxy.requests) == 1


def test_with_allow_private_a_proxy_is_asked_for_private_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Site(pages={"/gate": PAGE})) as site, proxying(site.port) as proxy:
        through(proxy, monkeypatch, "HTTP_PROXY")
        assert get("http://intranet/gate", allow_private=True).status == 200 and len(proxy.requests) == 1


@pytest.mark.parametrize("value", ["127.0.0.1", "harbor.example, 127.0.0.1", "*", "127.0.0.1:{port}"])
def test_hosts_of_no_proxy_are_asked_directly(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Site(pages={"/gate": PAGE})) as site, proxying(site.port) as proxy:
        through(proxy, monkeypatch, "HTTP_PROXY")
        monkeypatch.setenv("NO_PROXY", value.format(port=site.port))
        assert get(f"{site.home}/gate", allow_private=True).status == 200
        with pytest.raises(Refused) as refused:  # and are then checked by their connection
            get(f"{site.home}/gate")
        assert refused.value.code is Code.FETCH_PRIVATE
    assert proxy.requests == []


def test_a_proxy_that_is_not_there_or_refuses_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Site()) as site, proxying(site.port) as proxy:
        proxy.password = USER
        through(proxy, monkeypatch, "HTTPS_PROXY", user="mara:wrong@")
        with pytest.raises(Refused, match=r"^no answer: ProxyError through the proxy of HTTPS_PROXY$"):
            get("https://harbor.example/")
    monkeypatch.setenv("HTTP_PROXY", f"127.0.0.1:{proxy.port}")  # its server is gone
    with pytest.raises(Refused, match=r"^no answer: ConnectError through the proxy of HTTP_PROXY$"):
        get("http://harbor.example/")


@pytest.mark.parametrize("value", ["socks5://127.0.0.1:1080", "http://mara:heron-1@", "http://[x", "http://h:port", "file:///x"])
def test_a_variable_that_names_no_proxy_is_an_error_and_not_passed_over(
    value: str, edition: Edition, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition({})
    monkeypatch.setenv("ALL_PROXY", value)
    with pytest.raises(PublisherError) as caught:
        proxies_of_environment()
    (fault,) = caught.value.diagnostics
    assert fault.code is Code.VARIABLE and caught.value.exit_code is Exit.USAGE
    run = publisher("fetch", "https://harbor.example/", "--into", "clips")
    assert run.code == 2 and "ALL_PROXY does not name an http or https proxy" in run.err and "heron" not in run.err
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    assert proxies_of_environment().by_scheme.keys() == {"http", "https"}  # ALL_PROXY is for no other scheme

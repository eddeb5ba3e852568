"""robots.txt (RFC 9309): fetched once per host. A missing file allows everything, a server error forbids everything."""

from __future__ import annotations

import threading
from urllib.parse import urlsplit, urlunsplit
from urllib.robotparser import RobotFileParser

from publisher.fetching.net import AGENT, Net
from publisher.fetching.refusals import Refused


class Robots:
    """The robots.txt rules of the hosts of one run."""

    def __init__(self, net: Net) -> None:
        self._net = net
        self._rules: dict[str, RobotFileParser] = {}
        self._lock = threading.Lock()

    def allows(self, url: str) -> bool:
        """Whether the host's robots.txt allows an address."""
        parts = urlsplit(url)
        host = f"{parts.scheme}://{parts.netloc}"
        with self._lock:
            if host not in self._rules:
                self._rules[host] = self._fetch_rules(urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", "")))
        return self._rules[host].can_fetch(AGENT, url)

    def _fetch_rules(self, url: str) -> RobotFileParser:
        rules = RobotFileParser(url)
        try:
            answer = self._net.get(url)
        except Refused:
            rules.parse([])  # the request for the page itself will fail and report the reason
            return rules
        if answer.status == 200:
            rules.parse(answer.data[:500_000].decode("utf-8", "replace").splitlines())
        elif answer.status >= 500:
            rules.parse(["User-agent: *", "Disallow: /"])
        else:
            rules.parse([])
        return rules

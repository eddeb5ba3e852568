"""robots.txt (RFC 9309): asked for once a host; a missing one allows all, a failing server nothing."""

from __future__ import annotations

import threading
from urllib.parse import urlsplit, urlunsplit
from urllib.robotparser import RobotFileParser

from publisher.fetching.net import AGENT, Net, Refused


class Robots:
    """What the hosts of one run allow."""

    def __init__(self, net: Net) -> None:
        self._net = net
        self._known: dict[str, RobotFileParser] = {}
        self._lock = threading.Lock()

    def allows(self, url: str) -> bool:
        """Whether the host of an address lets us fetch it."""
        parts = urlsplit(url)
        host = f"{parts.scheme}://{parts.netloc}"
        with self._lock:
            if host not in self._known:
                self._known[host] = self._asked(urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", "")))
        return self._known[host].can_fetch(AGENT, url)

    def _asked(self, url: str) -> RobotFileParser:
        rules = RobotFileParser(url)
        try:
            answer = self._net.get(url)
        except Refused:
            rules.parse([])  # the page itself will say what is wrong
            return rules
        if answer.status == 200:
            rules.parse(answer.data[:500_000].decode("utf-8", "replace").splitlines())
        elif answer.status >= 500:
            rules.parse(["User-agent: *", "Disallow: /"])
        else:
            rules.parse([])
        return rules

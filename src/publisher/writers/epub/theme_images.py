"""The images of the theme in the book: what its templates and the style sheet of the e-book name by a path in the theme."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from html import unescape
from urllib.parse import unquote

from publisher.model.diagnostics import PublisherError
from publisher.writers.custom_properties import book_css
from publisher.writers.themes import Theme

_IMAGE = re.compile(r'<img\b[^>]*?\ssrc="([^"]*)"')
_URL = re.compile(r"url\(\s*[\"']?([^)\"']+)")
_OF_EDITION = ("images/house-", "images/cover.")  # logo and cover
_FONTS = (".ttf", ".otf", ".woff", ".woff2")


def theme_images(theme: Theme, files: Iterable[str], of_articles: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """The path and the bytes of each image of the theme. Raises PublisherError for those that it lacks.

    `files` is the XHTML of all files of the spine, `of_articles` the paths of the images that articles show.
    """
    shown = (unescape(name) for xhtml in files for name in _IMAGE.findall(xhtml))
    shown = (name for name in shown if name not in of_articles)
    shown = (name for name in shown if not name.startswith(_OF_EDITION))
    styled = (name for name in _URL.findall(book_css(theme)) if not name.lower().endswith(_FONTS))
    names = [name.strip() for name in dict.fromkeys((*shown, *styled)) if not re.match(r"[a-zA-Z][\w+.-]*:|#|/", name)]
    paths = {unquote(name): theme.image(unquote(name)) for name in names}
    if missing := [theme.missing_image(name) for name, path in paths.items() if path is None]:
        raise PublisherError(*missing)
    yield from ((name, path.read_bytes()) for name, path in paths.items() if path)

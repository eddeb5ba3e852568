"""What the typesetting engine may ask for: the pictures of its sheet and the files of the theme."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from weasyprint.urls import URLFetchingError, fetch

from publisher.writers.pdf.engine import _THEME_FILES, Fetcher, _theme_file
from tests.conftest import Run

LEADER = "<svg xmlns='http://www.w3.org/2000/svg'/>"


@pytest.fixture
def theme(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "leader.svg").write_text(LEADER)
    (folder / "secret.svg").symlink_to("../secret.svg")
    (tmp_path / "secret.svg").write_text("secret")
    return folder


def test_a_picture_of_the_sheet_and_a_file_of_the_theme_are_served(theme: Path) -> None:
    fetcher = Fetcher({"images/a.png": (b"picture", "image/png")}, (theme,))
    with fetch(fetcher, "resource:images/a.png") as response:
        assert (response.read(), response.content_type) == (b"picture", "image/png")
    with fetch(fetcher, _theme_file(theme / "leader.svg")) as response:
        assert (response.read(), response.content_type) == (LEADER.encode(), "image/svg+xml")


@pytest.mark.parametrize(
    "address",
    [
        "file://{}/leader.svg",
        "file:///etc/passwd",
        f"{_THEME_FILES}/etc/passwd",
        f"{_THEME_FILES}{{}}/../secret.svg",
        f"{_THEME_FILES}{{}}/%2e%2e/secret.svg",
        f"{_THEME_FILES}{{}}/secret.svg",
        f"{_THEME_FILES}.example.org/x",
        "https://example.org/x.png",
        "http://127.0.0.1/",
        "ftp://example.org/x",
        "data:text/plain,x",
        "resource:images/b.png",
        "leader.svg",
    ],
)
def test_nothing_else_is_served(address: str, theme: Path) -> None:
    fetcher = Fetcher({"images/a.png": (b"picture", "image/png")}, (theme,))
    with pytest.raises(URLFetchingError), fetch(fetcher, address.format(theme)):
        pass
    assert not hasattr(fetcher, "handlers")  # nothing of urllib that could open a file or a connection


@pytest.mark.slow
def test_a_theme_shows_its_own_files_and_no_others(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    css = "@import 'more.css'; h1 { background: url(leader.svg) } h2 { background: url(../secret.svg) }"
    home = edition({"a.md": "# A\n\nWords.\n\n## B\n\nWords.\n", "mine/custom.css": css, "mine/more.css": "h1 { color: red }",
                    "mine/leader.svg": LEADER, "secret.svg": LEADER, "mine/theme.toml": ""})  # fmt: skip
    run = publisher("build", "a.md", "-t", "./mine", "-o", "a.pdf", "--no-cache")
    assert f"outside the theme: {home / 'secret.svg'}" in run.err and "leader" not in run.err and "theme.invalid" not in run.err

"""A real browser: Debian's Chromium where it is, else the one that Playwright has downloaded."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

UNFOLD = "() => document.querySelectorAll('main details').forEach((each) => { each.open = true; })"
"""Everything that a page keeps folded away."""


@contextmanager
def chromium() -> Iterator["Browser"]:
    """The browser; the test is skipped, with the reason, where there is none."""
    sync_api = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: no browser tests"
    )
    with sync_api.sync_playwright() as play:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        try:
            browser = play.chromium.launch(executable_path=path, args=QUIET)
        except sync_api.Error as error:
            pytest.skip(f"no browser: {str(error).splitlines()[0]}")
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Watched:
    """A page, and all that it should not have done."""

    page: "Page"
    origin: str
    bad: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, browser: "Browser", link: str, **options: Any) -> "Watched":
        """Sign in with a link, on a page whose every misdeed is written down."""
        page = browser.new_context(**({"reduced_motion": "reduce"} | options)).new_page()
        page.set_default_timeout(30_000)
        watched = cls(page, link.partition("/open")[0])
        page.on("dialog", lambda dialog: (watched.bad.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("pageerror", lambda error: watched.bad.append(f"error {error}"))
        page.on("console", lambda said: watched.heard(said.type, said.text))
        page.on("response", lambda told: watched.answered(told.status, told.url))
        page.on("request", lambda asked: watched.asked(asked.url))
        page.goto(link)
        page.wait_for_selector("h1")
        return watched

    def answered(self, status: int, url: str) -> None:
        """Whatever the page asks for is there, but for what the test has asked it to show."""
        if status >= 400 and not url.endswith("/nope"):
            self.bad.append(f"{status} {url}")

    def heard(self, kind: str, text: str) -> None:
        """A network that was cut on purpose is no misdeed."""
        cut = (
            "ERR_CONNECTION_REFUSED",
            "ERR_CONNECTION_RESET",
            "ERR_EMPTY_RESPONSE",
            "WebSocket connection to",
        )
        if kind == "error" and not any(each in text for each in cut):
            self.bad.append(f"console {text}")

    def asked(self, url: str) -> None:
        """Nothing goes anywhere but to the own server."""
        if not url.startswith((self.origin, self.origin.replace("http", "ws", 1), "data:", "about:")):
            self.bad.append(f"request {url}")

    def show(self, *parts: str) -> None:
        """Go to a place behind the `#`."""
        self.page.evaluate("hash => { location.hash = hash }", "#/" + "/".join(parts))

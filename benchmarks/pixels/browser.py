"""Chromium as Playwright drives it, for figures that no message of the live socket is part of."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.pixels.devtools import program

QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--enable-precise-memory-info",
)  # fmt: skip


@contextmanager
def chromium() -> Iterator[Browser]:
    """The headless shell where it is, else the whole browser, driven by Playwright."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program(), args=QUIET)
        try:
            yield browser
        finally:
            browser.close()


def open_page(browser: Browser, link: str, hash_: str = "") -> Page:
    """A page of somebody who came by a link, in a browser context of their own, and went to a place."""
    page = browser.new_context().new_page()
    page.set_default_timeout(120_000)
    page.goto(link)
    page.wait_for_selector("h1")
    page.evaluate("hash => { location.hash = hash }", hash_)
    page.wait_for_function("() => document.visibilityState === 'visible'")
    return page

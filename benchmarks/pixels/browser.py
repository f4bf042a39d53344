"""Chromium, and what a page has to note: when a mark that an event carries has been on the screen."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--enable-precise-memory-info",
)  # fmt: skip
WATCH = r"""
(() => {
  if (window.hiveSeen) return;
  window.hiveSeen = [];
  const known = new Set();
  let fresh = [];
  let inFrame = false;
  const raf = window.requestAnimationFrame.bind(window);
  const { port1, port2 } = new MessageChannel();
  const enter = () => {
    if (!inFrame) port2.postMessage(0);
    inFrame = true;
  };
  port1.onmessage = () => {
    const now = Date.now();
    for (const each of fresh) window.hiveSeen.push([each, now]);
    fresh = [];
    inFrame = false;
  };
  window.requestAnimationFrame = (deed) => raf((time) => { enter(); deed(time); });
  const look = (text) => {
    for (const [, number] of text.matchAll(/mark-(\d+)-/g)) {
      if (known.has(number)) continue;
      known.add(number);
      if (!fresh.length && !inFrame) raf(enter);
      fresh.push(+number);
    }
  };
  new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === "characterData") look(target.data);
      else addedNodes.forEach((node) => look(node.textContent));
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });
})();
"""
"""The first task after the animation frame that has the change runs once the page has painted it."""


class Seen(NamedTuple):
    """A mark by its event's number, and the Unix time, in ms, at which it was on the screen."""

    number: int
    at: float


def mark(number: int) -> str:
    """What an event carries so that a page knows it again."""
    return f"mark-{number}- services/users/model.py has a field more, and its tests say so"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium where it is, else the one that Playwright has downloaded."""
    with sync_playwright() as play:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = play.chromium.launch(executable_path=path, args=QUIET)
        try:
            yield browser
        finally:
            browser.close()


def open_page(browser: Browser, link: str, hash_: str = "", watch: bool = True) -> Page:
    """A page of somebody who came by a link, in a browser context of their own, and went to a place."""
    page = browser.new_context().new_page()
    page.set_default_timeout(120_000)
    if watch:
        page.add_init_script(WATCH)
    page.goto(link)
    page.wait_for_selector("h1")
    page.evaluate("hash => { location.hash = hash }", hash_)
    page.wait_for_function("() => document.visibilityState === 'visible'")
    return page


def seen_by(page: Page) -> list[Seen]:
    """What the page has noted."""
    return [Seen(*each) for each in page.evaluate("() => window.hiveSeen")]

"""A page with 60 services, 100,000 past events and a diff of 20,000 lines: until it is interactive, and scrolling.

`HIVE_BENCH_PAST` is the number of past events (100000 when not given).
"""

import os
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page

from benchmarks.measure import Ratio
from benchmarks.pixels.browser import chromium, open_page
from benchmarks.pixels.site import Server, begin, names, open_log, serve, tell
from benchmarks.pixels.writer import BATCH, writer
from hive import events as e
from hive.model import Evidence, FileStat

SERVICES = 60
LINES = 20_000
PAST = int(os.environ.get("HIVE_BENCH_PAST", "100000"))
ROUNDS = 5
FRAMES = 300
SMOOTH_MS = 1000 / 60 * 1.5
"""A frame that takes longer has missed one."""
OPENED = """
([place, wanted]) => {
  location.hash = place;
  return new Promise((done) => {
    const look = () => {
      const found = document.querySelector(wanted);
      if (!found) return requestAnimationFrame(look);
      const box = found.closest("[tabindex]") || found;
      box.dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true }));
      box.focus();
      requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0));
    };
    look();
  });
}
"""
SCROLL = """
([wanted, frames]) => new Promise((done) => {
  const box = document.querySelector(wanted);
  const took = [];
  let last = 0;
  const step = (now) => {
    if (last) took.push(now - last);
    last = now;
    box.scrollTop += 60;
    if (took.length < frames) requestAnimationFrame(step);
    else done(took);
  };
  requestAnimationFrame(step);
})
"""
BARE = """
(text) => {
  const box = document.createElement("pre");
  box.style = "height: 500px; overflow: auto; contain: strict; font: 12.5px/20px monospace";
  box.tabIndex = 0;
  const begun = performance.now();
  box.textContent = text;
  document.body.replaceChildren(box);
  return new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun), 0)));
}
"""


class Part(NamedTuple):
    """A page that is opened, and what shows that it is there."""

    name: str
    hash: str
    wanted: str
    scrolled: str = ""
    """What of it is scrolled."""


PARTS = (
    Part("run of 60 services", "#/runs/bench", ".graph svg .node"),
    Part("review of all of it", "#/review/bench", ".element .d-line", ".element .diff"),
    Part("service with the diff", "#/runs/bench/service-00", ".d-line", ".diff"),
)


def run() -> list[Ratio]:
    """Seconds from the start of the page's loading until a key is answered, beside a bare page with the same lines."""
    diff = _diff(LINES)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write(folder)
        with (
            serve(
                folder, {service: diff if service == "service-00" else _diff(20) for service in names(60)}
            ) as server,
            chromium() as browser,
        ):
            return _measured(browser, server, diff)


def _measured(browser: Browser, server: Server, diff: str) -> list[Ratio]:
    page = open_page(browser, server.links[0])
    page.wait_for_function("() => fetch('/api/v1/runs/bench').then((answer) => answer.ok)")
    page.evaluate("() => localStorage.setItem('hive.review.by', 'element')")
    bare = browser.new_context().new_page()
    floors = [bare.evaluate(BARE, diff) / 1000 for _ in range(ROUNDS)]
    ratios, scrolls = [], {}
    for part in PARTS:
        took = [_opened(page, server, part) for _ in range(ROUNDS)]
        floor = statistics.median(floors)
        middle = statistics.median(took)
        print(f"{part.name}: interactive after {', '.join(f'{each * 1000:.0f}' for each in took)} ms")
        ratios.append(
            Ratio(f"open {part.name}", f"until it is interactive, {PAST} past events, {LINES} lines",
                  "the same lines as text of a bare page", middle, floor, middle / floor, ROUNDS)
        )  # fmt: skip
        if part.scrolled:
            scrolls[part.name] = page.evaluate(SCROLL, [part.scrolled, FRAMES])
    scrolls["bare page"] = bare.evaluate(SCROLL, ["pre", FRAMES])
    print("\n| scrolling | frames a second | p50, ms | p99, ms | frames missed |\n|---|---|---|---|---|")
    for name, frames in scrolls.items():
        print(_scrolled(name, frames))
    print()
    return ratios


def _opened(page: Page, server: Server, part: Part) -> float:
    page.goto("about:blank")
    page.goto(f"{server.url}/{part.hash}", wait_until="commit")
    return float(page.evaluate(OPENED, [part.hash, part.wanted])) / 1000


def _scrolled(name: str, frames: Sequence[float]) -> str:
    rate = 1000 * len(frames) / sum(frames)
    missed = sum(each > SMOOTH_MS for each in frames) / len(frames)
    cut = statistics.quantiles(frames, n=100)
    return f"| {name} | {rate:.1f} | {cut[49]:.1f} | {cut[98]:.1f} | {missed:.1%} |"


def _write(folder: Path) -> None:
    """The past: many words of agents, and every service ready for review in the end."""
    log = open_log(folder)
    services = names(SERVICES)
    begin(log, services)
    with writer(folder, SERVICES) as pen:
        pen.at_once(max(BATCH, PAST - SERVICES * 10))
        pen.done()
    for service in services:
        evidence = Evidence(
            check="tests", service=service, outcome="passed", command="pytest -q", exit_code=0, seconds=0.8,
            passed=14, failed=0, skipped=0, tree="c" * 40,
        )  # fmt: skip
        files = (FileStat(path=f"services/{service}/model.py", status="modified", added=LINES, removed=0),)
        work = e.WorkCollected(turn=1, commit="e" * 40, tree="f" * 40, diff="diff-1", files=files)
        told = (e.TurnFinished(turn=1, outcome="finished"), work, e.ScopeGuarded(turn=1, diff="diff-1"),
                e.CheckFinished(turn=1, evidence=evidence), e.TaskSettled(turn=1, outcome="ready"))  # fmt: skip
        tell(log, service, told)


def _diff(lines: int) -> str:
    head = "diff --git a/model.py b/model.py\n--- a/model.py\n+++ b/model.py\n"
    hunks = (
        f"@@ -{n * 2 + 1},50 +{n * 2 + 1},100 @@ def number_{n}():\n"
        + "".join(
            f' value_{m} = "as it was"  # line {m}\n+    value_{m} = compute("text", {m})\n'
            for m in range(n, n + 50)
        )
        for n in range(0, lines // 2, 50)
    )
    return head + "".join(hunks)

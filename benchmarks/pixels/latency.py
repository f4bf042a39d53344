"""Event to pixel on 20 pages at 500 events a second, beside bare pages that write one text node.

`HIVE_BENCH_SECONDS` is how long (10 when not given).
"""

import os
import statistics
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page

from benchmarks.measure import Ratio
from benchmarks.pixels import bare
from benchmarks.pixels.browser import Seen, chromium, open_page, seen_by
from benchmarks.pixels.site import RUN, begin, names, open_log, serve
from benchmarks.pixels.writer import Sent, writer

SERVICES = 20
PAGES = 20
RATE = 500
SECONDS = float(os.environ.get("HIVE_BENCH_SECONDS", "10"))
SAID = ("said", "tool", "asked")


class Place(NamedTuple):
    """A page, and which events it shows."""

    name: str
    hash: str
    shows: Callable[[Sent], bool]


def _places() -> list[Place]:
    def stream(service: str) -> Place:
        shows = lambda sent: sent.service == service and sent.kind in SAID  # noqa: E731
        return Place("service", f"#/runs/{RUN}/{service}", shows)

    run = Place("run", f"#/runs/{RUN}", lambda sent: sent.kind in SAID)
    inbox = Place("inbox", "#/inbox", lambda sent: sent.kind == "asked")
    silent = [Place(name, f"#/{name}", lambda _: False) for name in ("runs", "queue")]
    return [*map(stream, names(SERVICES)[:12]), *[run] * 4, *[inbox] * 2, *silent]


def run() -> list[Ratio]:
    """The 99th percentiles."""
    with tempfile.TemporaryDirectory() as folder:
        found = _hive(Path(folder))
    floor = _bare()
    everything = [each for delays in found.values() for each in delays]
    print(f"Event to pixel, ms, {PAGES} pages, {RATE} events/s for {SECONDS:g} s:\n")
    print("| pages | events | p50 | p90 | p99 | worst |\n|---|---|---|---|---|---|")
    for name, delays in (*found.items(), ("all of hive", everything), ("bare page", floor)):
        print(
            f"| {name} | {len(delays)} | {' | '.join(f'{_at(delays, p):.0f}' for p in (50, 90, 99, 100))} |"
        )
    print()
    return [_ratio(p, everything, floor) for p in (50, 99)]


def _ratio(percent: int, ours: list[float], floor: list[float]) -> Ratio:
    one, other = (_at(delays, percent) / 1000 for delays in (ours, floor))
    what = f"event to pixel, p{percent}, {PAGES} pages, {RATE} events/s"
    return Ratio(
        f"pixels p{percent}", what, "bare pages, bare socket, one text node", one, other, one / other, 1
    )


def _at(delays: list[float], percent: int) -> float:
    if percent == 100:
        return max(delays)
    return statistics.quantiles(delays, n=100, method="inclusive")[percent - 1]


def _hive(folder: Path) -> dict[str, list[float]]:
    begin(open_log(folder), names(SERVICES))
    found: dict[str, list[float]] = {}
    with serve(folder, people=PAGES) as server, chromium() as browser, writer(folder, SERVICES) as pen:
        places = _places()
        pages = [
            open_page(browser, *each) for each in zip(server.links, (p.hash for p in places), strict=True)
        ]
        pen.steadily(RATE, 1)
        pen.done()
        pages[0].wait_for_timeout(1000)  # everything is compiled and drawn once
        pen.steadily(RATE, SECONDS)
        sent = pen.done()
        for place, page in zip(places, pages, strict=True):
            wait_for(page, filter(place.shows, sent))
            found.setdefault(place.name, []).extend(delays(filter(place.shows, sent), sent, seen_by(page)))
    return {name: each for name, each in found.items() if each}


def _bare() -> list[float]:
    with bare.publisher(RATE, SECONDS) as publish, chromium() as browser:
        pages = [browser.new_context().new_page() for _ in range(PAGES)]
        for page in pages:
            bare.listen(page, publish.url)
        sent = publish.run()
        for page in pages:
            wait_for(page, sent)
        return [d for page in pages for d in delays(sent, sent, seen_by(page))]


def wait_for(page: Page, wanted: Iterable[Sent]) -> None:
    """Until the last of each service has come."""
    last = {each.service: each.number for each in wanted}
    page.wait_for_function(
        "(last) => last.every((number) => window.hiveSeen.some(([each]) => each === number))",
        arg=list(last.values()),
    )


def delays(wanted: Iterable[Sent], sent: list[Sent], seen: list[Seen]) -> list[float]:
    """Milliseconds until each event, or a later one of the same service in its place, was on the screen."""
    service = {each.number: each.service for each in sent}
    shown: dict[str, list[Seen]] = {}
    for each in sorted(seen):
        if each.number in service:
            shown.setdefault(service[each.number], []).append(each)
    found = []
    for each in wanted:
        at = min((s.at for s in shown.get(each.service, ()) if s.number >= each.number), default=None)
        if at is None:
            raise RuntimeError(f"event {each.number} of {each.service} never came to the screen")
        found.append(at - each.at)
    return found

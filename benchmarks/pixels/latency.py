"""Event to pixel at 500 events a second: twenty pages that are all drawn, one drawn page beside nineteen people with
machines of their own, one window with twenty tabs, and bare pages that write one text node.

`HIVE_BENCH_SECONDS` is how long (10 when not given).
"""

import os
import statistics
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from benchmarks.measure import Ratio
from benchmarks.pixels import bare, devtools
from benchmarks.pixels.cost import Cost, spent
from benchmarks.pixels.devtools import Browser, Tab
from benchmarks.pixels.followers import followers
from benchmarks.pixels.legs import Legs, legs_of, table
from benchmarks.pixels.site import RUN, Server, begin, names, open_log, serve
from benchmarks.pixels.watch import WATCH, Heard, Seen
from benchmarks.pixels.writer import Sent, Writer, writer

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


class Part(NamedTuple):
    """What was measured of one setting."""

    delays: dict[str, list[float]]
    """By the kind of page, in ms."""
    legs: list[Legs]
    halts: list[float]
    cost: Cost
    frames: int

    @property
    def all(self) -> list[float]:
        """Of all pages."""
        return [each for delays in self.delays.values() for each in delays]


def _stream(service: str) -> Place:
    shows = lambda sent: sent.service == service and sent.kind in SAID  # noqa: E731
    return Place("service", f"#/runs/{RUN}/{service}", shows)


def _places() -> list[Place]:
    run = Place("run", f"#/runs/{RUN}", lambda sent: sent.kind in SAID)
    inbox = Place("inbox", "#/inbox", lambda sent: sent.kind == "asked")
    silent = [Place(name, f"#/{name}", lambda _: False) for name in ("runs", "queue")]
    return [*map(_stream, names(SERVICES)[:12]), *[run] * 4, *[inbox] * 2, *silent]


def run() -> list[Ratio]:
    """The 99th percentiles."""
    print(f"Event to pixel, ms, {RATE} events/s for {SECONDS:g} s, in {Path(devtools.program()).name}:\n")
    print(
        "| pages | events | p50 | p90 | p99 | worst | server, ms of CPU a second | browser | browser, a frame |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    drawn, floor = _drawn(), _bare(PAGES)
    _told(f"{PAGES} pages, all drawn", drawn)
    for name, delays in drawn.delays.items():
        print(_row(f"of them: {name}", delays))
    _told(f"{PAGES} bare pages, all drawn", floor)
    people, alone = _people(), _bare(1)
    _told(f"one drawn page, {PAGES - 1} people with machines of their own", people)
    _told("one bare page", alone)
    tabs = _tabs()
    _told(f"{PAGES} tabs of one window of {Path(devtools.program(whole=True)).name}, the front one", tabs)
    for what, part in (("all drawn", drawn), ("one drawn", people)):
        halts = f"{max(part.halts):.1f} ms at the longest, {_at(part.halts, 99):.1f} ms at p99"
        print(
            f"\nWhere the time goes, {what}; the server's loop stood still for {halts}:\n\n{table(part.legs)}"
        )
    print()
    return [
        *(_ratio(p, f"{PAGES} pages, all drawn", drawn, floor) for p in (50, 99)),
        *(_ratio(p, f"one drawn page and {PAGES - 1} others", people, alone) for p in (50, 99)),
    ]


def _told(name: str, part: Part) -> None:
    cost = part.cost
    used = f" {cost.server:.0f} | {cost.browser:.0f} | {cost.browser * cost.seconds / part.frames:.1f} |"
    print(_row(name, part.all) + used, flush=True)


def _row(name: str, delays: list[float]) -> str:
    return f"| {name} | {len(delays)} | {' | '.join(f'{_at(delays, p):.0f}' for p in (50, 90, 99, 100))} |"


def _ratio(percent: int, what: str, ours: Part, floor: Part) -> Ratio:
    one, other = (_at(part.all, percent) / 1000 for part in (ours, floor))
    named = f"event to pixel, p{percent}, {what}, {RATE} events/s"
    return Ratio(
        f"pixels p{percent}", named, "bare pages, bare socket, one text node", one, other, one / other, 1
    )


def _at(delays: Sequence[float], percent: int) -> float:
    if percent == 100:
        return max(delays)
    return statistics.quantiles(delays, n=100, method="inclusive")[percent - 1]


def _drawn() -> Part:
    def pages(server: Server, browser: Browser) -> list[Tab]:
        return [
            open_tab(browser.tab(browser.person()), link, place.hash)
            for link, place in zip(server.links, _places(), strict=True)
        ]

    return _hive(pages, _places())


def _people() -> Part:
    def pages(server: Server, browser: Browser) -> list[Tab]:
        return [open_tab(browser.tab(), server.links[0], place.hash)]

    place = _stream(names(SERVICES)[0])
    return _hive(pages, [place], followed=names(SERVICES)[1:])


def _tabs() -> Part:
    def pages(server: Server, browser: Browser) -> list[Tab]:
        found = [
            open_tab(browser.tab(new_window=n == 0), server.links[n], place.hash)
            for n, place in enumerate(places)
        ]
        for tab in found[:-1]:
            tab.wait("document.hidden")
        return found[-1:]

    places = _places()[::-1]
    return _hive(pages, places[-1:], whole=True)


def _hive(
    pages: Callable[[Server, Browser], list[Tab]],
    places: Sequence[Place],
    followed: Sequence[str] = (),
    whole: bool = False,
) -> Part:
    """Measure the pages; each shows the place at its index."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        log = open_log(folder)
        begin(log, names(SERVICES))
        base = log.read()[-1].seq + 1
        server = stack.enter_context(serve(folder, people=PAGES))
        browser = stack.enter_context(devtools.browser(whole))
        pen = stack.enter_context(writer(folder, SERVICES))
        if followed:
            stack.enter_context(followers(server.url, server.token, followed))
        tabs = pages(server, browser)
        _warm(pen, tabs)
        server.told()
        frames = sum(tab.run("hiveFrames") for tab in tabs)
        with spent(server.pid, browser.pid) as cost:
            pen.steadily(RATE, SECONDS)
            sent = pen.done()
        for place, tab in zip(places, tabs, strict=True):
            wait_for(tab, filter(place.shows, sent))
        folded, halts = server.told()
        delays: dict[str, list[float]] = {}
        legs: list[Legs] = []
        for place, tab in zip(places, tabs, strict=True):
            wanted = list(filter(place.shows, sent))
            seen, heard = seen_by(tab), [Heard(*each) for each in tab.run("hiveHeard")]
            delays.setdefault(place.name, []).extend(delays_of(wanted, sent, seen))
            legs += legs_of(wanted, base, folded, heard, seen)
        frames = sum(tab.run("hiveFrames") for tab in tabs) - frames
    return Part({name: each for name, each in delays.items() if each}, legs, halts, cost, frames)


def _warm(pen: Writer, tabs: Sequence[Tab]) -> None:
    """Everything is compiled and drawn once, and what moves for a few seconds has come to rest."""
    pen.steadily(RATE, 1)
    pen.done()
    tabs[0].run("new Promise((done) => setTimeout(done, 5500))")


def _bare(count: int) -> Part:
    with bare.publisher(RATE, SECONDS) as publish, devtools.browser() as browser:
        tabs = [browser.tab(browser.person()) for _ in range(count)]
        for tab in tabs:
            bare.listen(tab, publish.url)
        with spent(publish.pid, browser.pid) as cost:
            sent = publish.run()
        for tab in tabs:
            wait_for(tab, sent)
        found = [d for tab in tabs for d in delays_of(sent, sent, seen_by(tab))]
        return Part({"bare": found}, [], [], cost, sum(tab.run("hiveFrames") for tab in tabs))


def open_tab(tab: Tab, link: str, hash_: str) -> Tab:
    """Let somebody in who came by a link, and show them a place."""
    tab.open(link, WATCH, "document.querySelector('h1')")
    tab.run(f"location.hash = {hash_!r}")
    tab.wait("document.visibilityState === 'visible'")
    return tab


def seen_by(tab: Tab) -> list[Seen]:
    """What the page has noted."""
    return [Seen(*each) for each in tab.run("hiveSeen")]


def wait_for(tab: Tab, wanted: Iterable[Sent]) -> None:
    """Until the last of each service has come."""
    last = list({each.service: each.number for each in wanted}.values())
    tab.wait(f"{last}.every((number) => hiveSeen.some(([each]) => each === number))")


def delays_of(wanted: Iterable[Sent], sent: Iterable[Sent], seen: Iterable[Seen]) -> Iterator[float]:
    """Milliseconds until each event, or a later one of the same service in its place, was on the screen."""
    service = {each.number: each.service for each in sent}
    known = sorted(
        (each for each in seen if each.number in service),
        key=lambda each: (service[each.number], each.number),
    )
    soonest: dict[str, list[Seen]] = {}
    for name, group in groupby(known, key=lambda each: service[each.number]):
        latest: list[Seen] = []
        for each in reversed(list(group)):
            latest.append(each if not latest or each.at < latest[-1].at else each._replace(at=latest[-1].at))
        soonest[name] = latest[::-1]
    for event in wanted:
        at = next((each.at for each in soonest.get(event.service, ()) if each.number >= event.number), None)
        if at is None:
            raise RuntimeError(f"event {event.number} of {event.service} never came to the screen")
        yield at - event.at

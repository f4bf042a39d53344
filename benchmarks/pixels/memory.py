"""A million events: the heap of pages that show them, and the server's memory.

`HIVE_BENCH_EVENTS` is how many (1000000 when not given).
"""

import os
import tempfile
import time
from pathlib import Path

from playwright.sync_api import CDPSession

from benchmarks.pixels.browser import chromium, open_page
from benchmarks.pixels.site import RUN, begin, names, open_log, serve
from benchmarks.pixels.writer import writer

EVENTS = int(os.environ.get("HIVE_BENCH_EVENTS", "1000000"))
SERVICES = 20
PARTS = 4
WARM = 20_000
"""Events before the first figure, so that what is kept for clients is full."""
PATIENCE = 1800.0
PLACES = {"service": f"#/runs/{RUN}/service-00", "run": f"#/runs/{RUN}"}
BEHIND = "() => fetch('/api/v1/runs/bench').then((answer) => answer.json()).then((run) => run.seq)"


def run() -> None:
    """Print what each quarter leaves."""
    print(
        f"| events | seconds | events/s | server, MB | {' | '.join(f'{name} page, MB' for name in PLACES)} |"
    )
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        begin(open_log(folder), names(SERVICES))
        with (
            serve(folder, people=len(PLACES)) as server,
            chromium() as browser,
            writer(folder, SERVICES) as pen,
        ):
            pages = [
                open_page(browser, link, place)
                for link, place in zip(server.links, PLACES.values(), strict=True)
            ]
            sessions = [page.context.new_cdp_session(page) for page in pages]
            written = 0
            for count in (WARM, *[EVENTS // PARTS] * PARTS):
                begun = time.monotonic()
                pen.at_once(count)
                pen.done()
                written += count
                last = open_log(folder).recent(RUN, limit=1)[-1].seq
                while pages[0].evaluate(BEHIND) < last:
                    pages[0].wait_for_timeout(100)
                    assert time.monotonic() - begun < PATIENCE
                for page in pages:
                    page.wait_for_timeout(1500)
                took = time.monotonic() - begun - 1.5 * len(pages)
                heaps = " | ".join(f"{_heap(each):.1f}" for each in sessions)
                print(
                    f"| {written} | {took:.1f} | {count / took:.0f} | {server.megabytes():.0f} | {heaps} |",
                    flush=True,
                )
    print()


def _heap(session: CDPSession) -> float:
    """Megabytes that are reachable."""
    session.send("HeapProfiler.enable")
    session.send("HeapProfiler.collectGarbage")
    return float(session.send("Runtime.getHeapUsage")["usedSize"]) / (1 << 20)

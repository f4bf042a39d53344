"""The merge queue as the page and other programs see it: every changeset in its lane, and checks that waver."""

from typing import Literal

from fastapi import FastAPI
from fastapi.responses import Response
from pydantic import BaseModel

from hive.dashboard.lanes import Entry, Lane, lanes
from hive.dashboard.web import outside
from hive.dashboard.web.access import Viewer
from hive.dashboard.web.bench import Bench
from hive.dashboard.web.hub import Hub

MOST_FLAKES = 200


class BeneathView(BaseModel):
    """A changeset that another one stands on."""

    run: str
    status: str
    """`landed` where it is no longer in the queue."""


class UnionCheckView(BaseModel):
    """A check on the union of a changeset and those beneath it."""

    service: str | None
    check: str
    outcome: Literal["passed", "failed", "unverified", "timed_out", "environment", "running"]
    reused: bool
    """Its inputs were checked before, so nothing had to run."""
    flaky: bool
    """It failed first and passed when it was repeated."""
    quarantined: bool
    """Its failure does not block."""
    said: str


class TrackView(BaseModel):
    """How a changeset hangs in the graph of its lane, which is drawn downwards; columns count from the left."""

    column: int
    above: list[int]
    """Columns in which it is reached from those that it stands on."""
    below: list[int]
    """Columns in which it leads on to those that stand on it."""
    through: list[int]
    """Columns in which others pass it by."""


class QueueItem(BaseModel):
    """A changeset that waits to land."""

    position: int
    """How many changesets it waits for."""
    run: str
    request: str
    target: str
    status: str
    why: str
    """What happens to it or why it waits, in one sentence."""
    on: list[str]
    """Runs on top of which it is merged and tested."""
    stack: list[BeneathView]
    """The same with how each is, from the target upwards."""
    priority: int
    after: list[str]
    """Runs that a person wants landed first."""
    eta_seconds: float | None
    """Until it is expected to land."""
    lane: int
    """Changesets of one target that are in different lanes never wait for each other."""
    touches: list[str]
    """Services, contracts and shared files: changesets that have one in common are in one lane."""
    window: int
    """How many changesets may stand on each other on its target now."""
    mode: Literal["speculate", "bisect"]
    checks: list[UnionCheckView]
    """What its union has shown so far, and what runs."""
    held_by: str
    """Who keeps it from landing; empty when nobody does."""
    held_because: str
    conflict: str
    """Why it does not merge with those that it stands on; empty when it does."""
    next_step: str
    """What a person has to do before anything lands on its target; empty when there is nothing."""
    track: TrackView


class FlakeView(BaseModel):
    """A check that failed and then passed on equal inputs."""

    run: str
    seq: int
    service: str | None
    check: str
    reasons: list[str]
    """Of the attempts that failed."""
    tests: list[str]
    """Those that failed first and not then, as `group::name`, where the runner tells them apart."""


class QuarantineView(BaseModel):
    """A check whose failure does not block, because the project lists it."""

    check: str
    runs: list[str]
    """Open runs that it holds for."""


def register(app: FastAPI) -> None:
    """Add the routes."""
    hub: Hub = app.state.hub
    bench: Bench = app.state.bench

    @app.get("/api/v1/queue", tags=["queue"], response_model=list[QueueItem])
    async def queue(_who: Viewer) -> Response:
        """The changesets that wait to land, lane by lane in landing order, and why each waits."""
        await hub.board.recall()
        found = lanes(bench.queue(hub.board.with_past()), hub.board.runs)
        return outside.reply([_item(lane, entry) for lane in found for entry in lane.entries])

    @app.get("/api/v1/flakes", tags=["queue"], response_model=list[FlakeView])
    async def flakes(_who: Viewer) -> Response:
        """Checks of changesets that passed when they were repeated on equal inputs, newest first.

        Those of open runs, and of the newest past ones.
        """
        await hub.board.recall()
        found = [(seq, state.id, told) for state in hub.board.with_past() for seq, told in state.flakes]
        newest = sorted(found, key=lambda each: each[0], reverse=True)[:MOST_FLAKES]
        return outside.reply(
            [
                FlakeView(
                    run=run,
                    seq=seq,
                    service=told.service,
                    check=told.check,
                    reasons=list(told.retried),
                    tests=list(told.flaked),
                )
                for seq, run, told in newest
            ]
        )

    @app.get("/api/v1/quarantine", tags=["queue"], response_model=list[QuarantineView])
    async def quarantine(_who: Viewer) -> Response:
        """Checks of open runs whose failure does not block, as `[checks] quarantine` lists them."""
        await hub.ready.wait()
        await hub.board.fold_open()
        held: dict[str, list[str]] = {}
        for state in hub.board.runs.values():
            for name in state.policy.quarantine if not state.closed else ():
                held.setdefault(name, []).append(state.id)
        return outside.reply([QuarantineView(check=name, runs=runs) for name, runs in sorted(held.items())])


def _item(lane: Lane, entry: Entry) -> dict[str, object]:
    item = entry.queued
    return {
        **item._asdict(),
        "touches": list(item.touches),
        "stack": [each._asdict() for each in entry.stack],
        "checks": [each._asdict() for each in entry.checks],
        "after": list(entry.after),
        "held_by": entry.held_by,
        "held_because": entry.held_because,
        "conflict": entry.conflict,
        "next_step": entry.next_step,
        "track": entry.track._asdict(),
    }

"""A whole changeset for review: every diff of a run, below the contract elements that its lines name."""

import asyncio

from fastapi import FastAPI
from fastapi.responses import Response
from pydantic import BaseModel

from hive.dashboard.web import outside
from hive.dashboard.web.access import Viewer
from hive.dashboard.web.bench import Bench
from hive.dashboard.web.elements import Group, grouped
from hive.dashboard.web.finding import RunId, find_run
from hive.dashboard.web.hub import Hub
from hive.dashboard.web.hunks import DiffFile, parse
from hive.state import RunState

MOST_DIFFS = 200
MOST_LINES = 60_000
"""Lines of all diffs together; what comes after them is left out, and the answer says so."""


class ChangesetView(BaseModel):
    """The diffs of a run by contract element."""

    run: str
    groups: list[Group]
    diffs: dict[str, str]
    """By service, the digest of the diff that is shown: what an approval carries."""
    cut: bool


def register(app: FastAPI) -> None:
    """Add the route."""
    hub: Hub = app.state.hub
    bench: Bench = app.state.bench

    @app.get("/api/v1/runs/{run}/changeset", tags=["runs"], response_model=ChangesetView)
    async def changeset(_who: Viewer, run: RunId) -> Response:
        """All diffs of a run, hunk by hunk below the contract element that it names; the rest comes last."""
        state = await find_run(hub, run)
        return outside.reply(await _changeset(bench, state))


async def _changeset(bench: Bench, state: RunState) -> ChangesetView:
    wave = {task.service: task.plan.wave for task in state.tasks.values()}
    seen = {task.service: task.work.diff for task in state.tasks.values() if task.work}
    services = sorted(seen, key=lambda service: wave[service])[:MOST_DIFFS]
    changes = state.plan.changes if state.plan else ()
    diffs: dict[str | None, list[DiffFile]] = {}
    left, cut = MOST_LINES, len(services) < len(seen)
    for service in ([None] if state.contract else []) + services:
        if left <= 0:
            cut = True
            break
        text = await asyncio.to_thread(bench.diffs.of, state, service)
        diffs[service], more = await asyncio.to_thread(parse, text)
        left -= text.count("\n")
        cut = cut or more
    return ChangesetView(
        run=state.id,
        groups=await asyncio.to_thread(grouped, changes, diffs),
        diffs={service: seen[service] for service in services},
        cut=cut,
    )

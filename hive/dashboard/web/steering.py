"""What a person does to the merge queue in the browser."""

from typing import Annotated

from fastapi import FastAPI
from fastapi.responses import Response
from pydantic import Field, model_validator

from hive.dashboard.web import outside
from hive.dashboard.web.access import Operator
from hive.dashboard.web.bench import Bench
from hive.dashboard.web.body import Body
from hive.dashboard.web.deciding import Desk, Name, Nothing, Reason
from hive.dashboard.web.finding import RunId, find_run
from hive.dashboard.web.hub import Hub
from hive.dashboard.web.views import RunView, run_view
from hive.dashboard.web.wish import Offering


class Move(Body):
    """Another place in the queue: a priority, or in front of another run."""

    priority: Annotated[int, Field(ge=-1000, le=1000)] | None = None
    before: Name | None = None

    @model_validator(mode="after")
    def _says_where(self) -> "Move":
        if self.priority is None and self.before is None:
            raise ValueError("say `priority` or `before`")
        return self


def register(app: FastAPI) -> None:
    """Add the routes."""
    hub: Hub = app.state.hub
    bench: Bench = app.state.bench
    desk: Desk = app.state.desk
    steering = bench.steering

    @app.post("/api/v1/runs/{run}/hold", tags=["queue"], response_model=RunView)
    async def hold(who: Operator, run: RunId, what: Reason) -> Response:
        """Keep a changeset in the queue from landing; those behind it go on."""
        return await desk.decide(run, lambda _, name: steering.hold(name, by=who.name, reason=what.reason))

    @app.post("/api/v1/runs/{run}/release", tags=["queue"], response_model=RunView)
    async def release(who: Operator, run: RunId, _what: Nothing) -> Response:
        """Let a held changeset go on."""
        return await desk.decide(run, lambda _, name: steering.release(name, by=who.name))

    @app.post("/api/v1/runs/{run}/withdraw", tags=["queue"], response_model=RunView)
    async def withdraw(who: Operator, run: RunId, what: Reason) -> Response:
        """Take a changeset out of the queue; it can be queued again."""
        return await desk.decide(run, lambda _, name: steering.cancel(name, by=who.name, reason=what.reason))

    @app.post("/api/v1/runs/{run}/move", tags=["queue"], response_model=RunView)
    async def move(who: Operator, run: RunId, what: Move) -> Response:
        """Give a changeset another priority, or a place in front of another one."""
        before = (await find_run(hub, what.before)).id if what.before else None
        return await desk.decide(
            run, lambda _, name: steering.move(name, by=who.name, priority=what.priority, before=before)
        )

    @app.post("/api/v1/runs/{run}/accept", tags=["queue"], response_model=RunView)
    async def accept(who: Operator, run: RunId, _what: Nothing) -> Response:
        """Let the stopped queue of a changeset's target branch go on, with the branch as it was found then."""
        return await desk.decide(run, lambda _, name: steering.accept(name, by=who.name))

    @app.post("/api/v1/queue", tags=["queue"], response_model=RunView, status_code=201)
    async def offer(who: Operator, what: Offering) -> Response:
        """Queue a branch at the commit that it is at now, as the changeset of a run; who adds it approves it."""
        run = await desk.change(lambda: bench.branches.offer(what, by=who.name))
        return outside.reply(run_view(await find_run(hub, run)), 201)

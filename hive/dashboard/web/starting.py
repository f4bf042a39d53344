"""From a sentence to a run in the browser: the plan is shown first, and nothing works before it is approved."""

import asyncio

from fastapi import FastAPI
from fastapi.responses import Response

from hive.dashboard.web import outside
from hive.dashboard.web.access import Operator
from hive.dashboard.web.bench import Bench
from hive.dashboard.web.finding import find_run
from hive.dashboard.web.hub import Hub
from hive.dashboard.web.problem import Problem
from hive.dashboard.web.views import PlanView, RunDetail, plan_view, run_detail
from hive.dashboard.web.wish import Question, Wish
from hive.errors import UsageError


def register(app: FastAPI) -> None:
    """Add the routes."""
    hub: Hub = app.state.hub
    bench: Bench = app.state.bench

    @app.post("/api/v1/plans", tags=["runs"], response_model=PlanView)
    async def plan(_who: Operator, question: Question) -> Response:
        """The plan alone: contract change, services, order, cost. Nothing is recorded."""
        try:
            proposal = await asyncio.to_thread(bench.starting.propose, question)
        except UsageError as error:
            raise Problem(422, error.message, next_step=error.next_step) from error
        return outside.reply(plan_view(proposal.plan, proposal.target))

    @app.post("/api/v1/runs", tags=["runs"], response_model=RunDetail, status_code=201)
    async def start(_who: Operator, wish: Wish) -> Response:
        """A run whose plan waits for approval."""
        try:
            run = await asyncio.to_thread(bench.starting.begin, wish)
        except UsageError as error:
            raise Problem(422, error.message, next_step=error.next_step) from error
        await hub.catch_up()
        return outside.reply(run_detail(await find_run(hub, run), hub.history.of(run)), 201)

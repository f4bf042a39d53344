"""What can be read: runs, services, diffs, outputs of checks, the queue, the project."""

import asyncio
from itertools import islice
from typing import Annotated

from fastapi import FastAPI, Query
from fastapi.responses import PlainTextResponse, Response
from pydantic import BaseModel

from hive.dashboard.web import outside
from hive.dashboard.web.access import Viewer
from hive.dashboard.web.bench import Bench
from hive.dashboard.web.finding import MaybeService, RunId, ServiceName, find_run, find_task
from hive.dashboard.web.hub import Hub
from hive.dashboard.web.hunks import DiffView, parse
from hive.dashboard.web.listing import newest_first
from hive.dashboard.web.problem import Problem
from hive.dashboard.web.views import RunDetail, RunView, TaskDetail, run_detail, task_detail
from hive.errors import HiveError
from hive.events import WorkCollected
from hive.model import Contract, Entity, Graph, Operation
from hive.state import RunState
from hive.text import sanitize

MaybeCommit = Annotated[str | None, Query(pattern="^[0-9a-f]{7,64}$", description="A commit's id.")]


class ContractView(BaseModel):
    """A contract with those who need it."""

    contract: Contract
    consumers: list[str]


class ContractDetail(ContractView):
    """The same with what is in it."""

    entities: list[Entity]
    operations: list[Operation]
    unreadable: str
    """Why there is nothing to show of it; empty when there is."""


class AgentView(BaseModel):
    """An agent that a run can be given."""

    name: str
    description: str
    missing: str | None
    """Why it cannot be used here and how to get it."""


class ChoicesView(BaseModel):
    """What somebody who starts a run can choose from, and what holds when they choose nothing."""

    agents: list[AgentView]
    agent: str
    planner: str
    settings: dict[str, str]


class ProjectView(BaseModel):
    """The project as it is at the checked-out commit."""

    name: str
    engine: int | None
    """The process that works on it, when one does."""
    graph: Graph
    contracts: list[ContractView]


def register(app: FastAPI) -> None:
    """Add the routes."""
    _register_runs(app, app.state.hub)
    _register_texts(app, app.state.hub, app.state.bench)
    _register_project(app, app.state.hub, app.state.bench)


def _register_runs(app: FastAPI, hub: Hub) -> None:

    @app.get("/api/v1/runs", tags=["runs"], response_model=list[RunView])
    async def runs(_who: Viewer, limit: Annotated[int, Query(ge=1, le=1000)] = 200) -> Response:
        """Runs, newest first."""
        await hub.ready.wait()
        return outside.reply(list(islice(newest_first(hub.board), limit)))

    @app.get("/api/v1/runs/{run}", tags=["runs"], response_model=RunDetail)
    async def one_run(_who: Viewer, run: RunId) -> Response:
        """A run: plan, graph, services, evidence on the whole changeset, how it went on."""
        state = await find_run(hub, run)
        return outside.reply(run_detail(state, hub.history.of(state.id)))

    @app.get("/api/v1/runs/{run}/services/{service:path}", tags=["runs"], response_model=TaskDetail)
    async def service(_who: Viewer, run: RunId, service: ServiceName) -> Response:
        """One service's part of a run."""
        state = await find_run(hub, run)
        return outside.reply(task_detail(state, find_task(state, service)))


def _register_texts(app: FastAPI, hub: Hub, bench: Bench) -> None:
    @app.get("/api/v1/runs/{run}/diff", tags=["runs"], response_model=DiffView)
    async def diff(
        _who: Viewer, run: RunId, service: MaybeService = None, old: MaybeCommit = None
    ) -> Response:
        """The diff of a service's work, or with `old` what changed since that version; else the contract's."""
        state = await find_run(hub, run)
        return outside.reply(await _diff(hub, bench, state, service, old))

    @app.get("/api/v1/runs/{run}/patch", tags=["runs"], response_class=PlainTextResponse)
    async def patch(
        _who: Viewer, run: RunId, service: MaybeService = None, old: MaybeCommit = None
    ) -> Response:
        """The same as a unified diff; with `old`, against an earlier version of the service's work."""
        state = await find_run(hub, run)
        return PlainTextResponse(sanitize(await _patch(hub, bench, state, service, old)))

    @app.get("/api/v1/runs/{run}/output", tags=["runs"], response_class=PlainTextResponse)
    async def output(_who: Viewer, run: RunId, name: Annotated[str, Query(max_length=300)]) -> Response:
        """The end of a check's whole output, by the name that its evidence gives."""
        state = await find_run(hub, run)
        known = [e for task in state.tasks.values() for e in (*task.evidence.values(), task.baseline) if e]
        if name not in {
            file for evidence in (*known, *state.union.values()) for file in (evidence.output, evidence.cases)
        }:
            raise Problem(
                404, f"run {state.id} has no output {name!r}", next_step="take a name from its evidence"
            )
        return PlainTextResponse(sanitize(await asyncio.to_thread(bench.files.output, state.id, name)))


def _register_project(app: FastAPI, hub: Hub, bench: Bench) -> None:
    @app.get("/api/v1/project", tags=["project"], response_model=ProjectView)
    async def project(_who: Viewer) -> Response:
        """Services, contracts with their consumers, and who needs whom."""
        graph = await asyncio.to_thread(bench.starting.graph)
        return outside.reply(
            ProjectView(
                name=bench.name,
                engine=await asyncio.to_thread(bench.engine.pid),
                graph=graph,
                contracts=[
                    ContractView(contract=each, consumers=consumers(graph, each)) for each in graph.contracts
                ],
            )
        )

    @app.get("/api/v1/contract", tags=["project"], response_model=ContractDetail)
    async def contract(_who: Viewer, path: Annotated[str, Query(max_length=4096)]) -> Response:
        """One contract: who needs it, its entities and its operations."""
        graph = await asyncio.to_thread(bench.starting.graph)
        found = graph.contract(path)
        if found is None:
            raise Problem(404, f"there is no contract {path!r}", next_step="GET /api/v1/project lists them")
        return outside.reply(await asyncio.to_thread(_contract, bench, graph, found))

    @app.get("/api/v1/choices", tags=["project"], response_model=ChoicesView)
    async def choices(_who: Viewer) -> Response:
        """Agents and planners to choose from, and the settings that hold here."""
        found = await asyncio.to_thread(bench.lookup.choices)
        agents = [AgentView(**each._asdict()) for each in found.agents]
        return outside.reply(
            ChoicesView(
                agents=agents, agent=found.agent, planner=found.planner, settings=dict(found.settings)
            )
        )

    @app.get("/api/v1/openapi.json", tags=["session"], response_model=dict[str, object])
    async def description(_who: Viewer) -> Response:
        """This API, as OpenAPI."""
        return outside.reply(app.openapi())


def _versions(hub: Hub, run: str, service: str) -> set[str]:
    events = (each.event for each in hub.log.read(run=run) if each.service == service)
    return {event.commit for event in events if isinstance(event, WorkCollected)}


async def _patch(hub: Hub, bench: Bench, state: RunState, service: str | None, old: str | None) -> str:
    if old is None or service is None:
        return await asyncio.to_thread(bench.diffs.of, state, service)
    work = find_task(state, service).work
    if work is None or old not in await asyncio.to_thread(_versions, hub, state.id, service):
        raise Problem(
            404, f"{old!r} is no version of {service!r} in run {state.id}", next_step="leave `old` out"
        )
    return await asyncio.to_thread(bench.diffs.since, state, service, old)


async def _diff(hub: Hub, bench: Bench, state: RunState, service: str | None, old: str | None) -> DiffView:
    task = find_task(state, service) if service is not None else None
    known = task.work.diff if task and task.work else None
    text = await _patch(hub, bench, state, service, old)
    files, cut = await asyncio.to_thread(parse, text)
    return DiffView(run=state.id, service=service, digest=known, cut=cut, files=files)


def _contract(bench: Bench, graph: Graph, contract: Contract) -> ContractDetail:
    needed = consumers(graph, contract)
    try:
        entities, operations = bench.lookup.outline(contract.path)
    except HiveError as error:
        return ContractDetail(
            contract=contract, consumers=needed, entities=[], operations=[], unreadable=error.message
        )
    return ContractDetail(
        contract=contract,
        consumers=needed,
        entities=list(entities),
        operations=list(operations),
        unreadable="",
    )


def consumers(graph: Graph, contract: Contract) -> list[str]:
    """Services that need the contract: by an edge that names it, or by a copy of it in their folder."""
    paths = (contract.path, *contract.copies)
    by_edge = {edge.source for edge in graph.edges if edge.contract in paths}
    by_event = {edge.target for edge in graph.event_edges if edge.contract in paths}
    by_copy = {s.name for s in graph.services for copy in contract.copies if copy.startswith(f"{s.path}/")}
    return sorted((by_edge | by_event | by_copy) - {contract.owner})

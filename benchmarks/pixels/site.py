"""`hive serve` in a process of its own, for a log that others write."""

import asyncio
import multiprocessing
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from hive import events as e
from hive.cli.serving import Opening, Serving, prepare
from hive.cli.tui_backend import queued
from hive.dashboard.web.bench import Bench
from hive.dashboard.web.role import Role
from hive.dashboard.web.sessions import invite
from hive.model import Edge, Graph, Plan, Policy, Service, TaskPlan
from hive.state import RunState
from hive.store import Database, SqlEventLog

RUN = "bench"
TICK = 0.005
"""Seconds between two looks at the server's loop."""
_RSS = re.compile(r"VmRSS:\s+(\d+) kB")


class Folded(NamedTuple):
    """The server was so far at a Unix time, in ms."""

    seq: int
    at: float


class Server(NamedTuple):
    """A server that runs."""

    pid: int
    links: Sequence[str]
    """Each lets one person in."""
    token: str
    """Of somebody who may look."""
    pipe: Connection

    @property
    def url(self) -> str:
        return self.links[0].partition("/open")[0]

    def told(self) -> tuple[list[Folded], list[float]]:
        """How far it was when, and the milliseconds for which its loop stood still, since this was asked last."""
        self.pipe.send("tell")
        folded, halts = self.pipe.recv()
        return [Folded(*each) for each in folded], halts

    def megabytes(self) -> float:
        """Its resident memory."""
        found = _RSS.search(Path(f"/proc/{self.pid}/status").read_text())
        assert found
        return int(found[1]) / 1024


class _Project:
    """Stands in for git and the engine."""

    def __init__(self, diffs: dict[str, str]) -> None:
        self.diffs = diffs

    def of(self, run: RunState, service: str | None) -> str:
        return self.diffs.get(service or "", "")

    def pid(self) -> int | None:
        return 4711

    def wake(self) -> bool:
        return False


@contextmanager
def serve(folder: Path, diffs: dict[str, str] | None = None, people: int = 1) -> Iterator[Server]:
    """Serve the folder's log until the block ends."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    child = context.Process(target=_serve, args=(folder, diffs or {}, people, there), daemon=True)
    child.start()
    try:
        links, token = here.recv()
        yield Server(child.pid or 0, links, token, here)
    finally:
        child.terminate()
        child.join()


def _serve(folder: Path, diffs: dict[str, str], people: int, told: Connection) -> None:
    log = SqlEventLog(Database.open(folder / "hive.db"))
    project: Any = _Project(diffs)
    bench = Bench(
        name="shop", person="ann", log=log, history=log, controls=project, diffs=project, engine=project,
        files=project, starting=project, branches=project, lookup=project, steering=project,
        queue=queued, clock=project,
    )  # fmt: skip
    with prepare(folder, bench, Opening()) as serving:
        links = [serving.url + invite(serving.entry, Role.OPERATOR, "ann") for _ in range(people)]
        told.send((links, serving.entry.keys.token(Role.VIEWER)))
        asyncio.run(_watched(serving, told))


async def _watched(serving: Serving, told: Connection) -> None:
    folded: list[Folded] = []
    halts: list[float] = []

    async def follow() -> None:
        while True:
            await serving.hub.news(3600)
            folded.append(Folded(serving.hub.seq, time.time() * 1000))

    async def tick() -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(TICK)
            halts.append((time.perf_counter() - begun - TICK) * 1000)

    async def answer() -> None:
        while True:
            await asyncio.to_thread(told.recv)
            told.send((folded, halts))
            folded.clear()
            halts.clear()

    helpers = [asyncio.ensure_future(each()) for each in (follow, tick, answer)]
    try:
        await serving.run()
    finally:
        for each in helpers:
            each.cancel()


def open_log(folder: Path) -> SqlEventLog:
    """The log that the server reads."""
    return SqlEventLog(Database.open(folder / "hive.db"))


def names(count: int) -> list[str]:
    """Of services."""
    return [f"service-{n:02}" for n in range(count)]


def begin(log: SqlEventLog, services: Sequence[str]) -> None:
    """A run whose agents all work."""
    graph = Graph(
        services=tuple(
            Service(name=s, path=f"services/{s}", language="python", test="pytest") for s in services
        ),
        edges=tuple(
            Edge(source=s, target=services[n // 2]) for n, s in enumerate(services) if services[n // 2] != s
        ),
    )
    tasks = tuple(
        TaskPlan(service=s, role="carrier", reason="carries it", brief="Carry it.") for s in services
    )
    created = e.RunCreated(
        request="add loyalty_points field", base="a" * 40, target="main", policy=Policy(), graph=graph,
        sandbox="bubblewrap", trusted=True,
    )  # fmt: skip
    plan = Plan(request=created.request, base=created.base, tasks=tasks)
    contract = e.ContractCommitted(commit="b" * 40, tree="d" * 40)
    tell(log, None, (created, e.RunPlanned(plan=plan), e.PlanApproved(by="ann"), contract))
    for service in services:
        begun = (
            e.WorkspaceCreated(path=f"/w/{service}", start="b" * 40),
            e.TurnStarted(turn=1, agent="bench"),
        )
        tell(log, service, begun)


def tell(log: SqlEventLog, service: str | None, told: Iterable[e.Event]) -> None:
    """Append to the run."""
    log.append(*(e.Draft(run=RUN, service=service, event=event) for event in told))

"""Events to 1, 10 and 100 pages, beside a bare echo on uvicorn and websockets."""

import asyncio
import json
import multiprocessing
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import uvicorn
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.measure import Ratio, compare
from hive import events as e
from hive.cli.serving import Opening, prepare
from hive.dashboard.web.bench import Bench
from hive.dashboard.web.role import Role
from hive.model import Graph, Plan, Policy, Said, TaskPlan
from hive.store import Database, SqlEventLog

EVENTS = 4000
BATCH = 20
SUBSCRIBERS = (1, 10, 100)
REPORT = e.AgentReported(turn=1, report=Said(text="x" * 150))


def run() -> list[Ratio]:
    """Seconds until every subscriber has every event."""
    return [_compare(count) for count in SUBSCRIBERS]


def _compare(count: int) -> Ratio:
    return compare(
        f"web to {count}",
        (f"`/api/v1/live`, {EVENTS} events to {count}, log to client", lambda _: asyncio.run(_hive(count))),
        (
            f"bare uvicorn + websockets echo, the same {EVENTS} events one by one",
            lambda _: asyncio.run(_bare(count)),
        ),
        rounds=5,
    )


def _write(
    path: str, ready: "multiprocessing.synchronize.Event", started: "multiprocessing.synchronize.Event"
) -> None:  # type: ignore[name-defined]
    """Another process, as the engine is, appends the events."""
    log = SqlEventLog(Database.open(Path(path)))
    draft = e.Draft(run="r", service="users", event=REPORT)
    ready.set()
    started.wait()
    for _ in range(EVENTS // BATCH):
        log.append(*[draft] * BATCH)


async def _hive(count: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hive.db"
        log = SqlEventLog(Database.open(path))
        _begin(log)
        context = multiprocessing.get_context("spawn")
        ready, started = context.Event(), context.Event()
        writer = context.Process(target=_write, args=(str(path), ready, started), daemon=True)
        writer.start()
        ready.wait()
        with prepare(Path(folder), _bench(log), Opening()) as serving:
            helper = asyncio.create_task(serving.hub.run())
            server = asyncio.create_task(serving.uvicorn.serve(sockets=[serving.listener]))
            token = serving.entry.keys.token(Role.VIEWER)
            port = serving.listener.getsockname()[1]
            seconds = await _receive(
                f"ws://127.0.0.1:{port}/api/v1/live",
                count,
                {"Authorization": f"Bearer {token}"},
                _started(started),
            )
            serving.uvicorn.should_exit = True
            helper.cancel()
            await asyncio.gather(helper, server, return_exceptions=True)
        writer.join()
        return seconds


def _started(event: "multiprocessing.synchronize.Event") -> Callable[[], Awaitable[None]]:  # type: ignore[name-defined]
    async def start() -> None:
        event.set()

    return start


def _begin(log: SqlEventLog) -> None:
    plan = Plan(request="x", base="a", tasks=(TaskPlan(service="users", role="both", reason="", brief=""),))
    created = e.RunCreated(
        request="x", base="a", target="main", policy=Policy(), graph=Graph(), sandbox="none", trusted=True
    )
    told = (created, e.RunPlanned(plan=plan), e.PlanApproved(by="x"))
    log.append(*(e.Draft(run="r", event=event) for event in told))


def _bench(log: SqlEventLog) -> Bench:
    nothing = object()
    return Bench(
        name="x", person="x", log=log, history=log, controls=nothing, diffs=nothing, engine=nothing,
        files=nothing, starting=nothing, branches=nothing, lookup=nothing, steering=nothing,
        queue=lambda _: [], clock=nothing,
    )  # fmt: skip


async def _bare(count: int) -> float:
    """An echo: what one client sends, event by event, every other one gets; nothing is kept, folded or checked."""
    text = json.dumps(
        {"seq": 10_000, "run": "r", "service": "users", "event": json.loads(REPORT.model_dump_json())}
    )
    subscribers: list[Callable[[dict[str, str]], Awaitable[None]]] = []

    async def app(scope: dict[str, str], receive: Callable[[], Awaitable[dict[str, str]]], send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        if scope["path"] != "/publish":
            subscribers.append(send)
            await send({"type": "websocket.send", "text": "{}"})
        while (message := await receive())["type"] == "websocket.receive":
            for each in subscribers:
                await each({"type": "websocket.send", "text": message["text"]})

    config = uvicorn.Config(
        app, port=0, ws="websockets-sansio", log_config=None, lifespan="off", ws_per_message_deflate=False
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    url = f"ws://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    async with (
        connect(f"{url}/publish", compression=None, proxy=None) as publisher,
        asyncio.TaskGroup() as group,
    ):

        async def publish() -> None:
            for _ in range(EVENTS):
                await publisher.send(text)

        async def start() -> None:
            group.create_task(publish())

        seconds = await _receive(url, count, {}, start)
    server.should_exit = True
    await serving
    return seconds


async def _receive(
    url: str, count: int, headers: dict[str, str], start: Callable[[], Awaitable[None]]
) -> float:
    """Seconds from the start until every client has counted every event."""
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(
                connect(url, additional_headers=headers, compression=None, proxy=None, max_size=None)
            )
            for _ in range(count)
        ]
        for client in clients:
            await client.recv()
        begun = time.perf_counter()
        await start()
        await asyncio.gather(*(_count(client) for client in clients))
        return time.perf_counter() - begun


async def _count(client: ClientConnection) -> None:
    found = 0
    while found < EVENTS:
        text = await client.recv()
        found += text.count('"agent_reported"' if isinstance(text, str) else b'"agent_reported"')  # type: ignore[arg-type]

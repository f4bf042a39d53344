"""Events to 1, 10 and 100 subscribers, beside a bare echo on uvicorn and websockets: how many, and how soon."""

import asyncio
import multiprocessing
import re
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, NamedTuple

import uvicorn
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.measure import Ratio, compare
from hive import events as e
from hive.cli.serving import Opening, prepare
from hive.dashboard.web.bench import Bench
from hive.dashboard.web.role import Role
from hive.model import Graph, Plan, Policy, Said, TaskPlan
from hive.store import Database, SqlEventLog

SUBSCRIBERS = (1, 10, 100)
ROUNDS = 5
LATENCY_ROUNDS = 3
STAMP = re.compile(r'"text":"at-(\d+)-')


class Load(NamedTuple):
    """What is written."""

    events: int
    batch: int
    pause: float
    """Seconds between two batches."""


FAST = Load(4000, 20, 0.0)
STEADY = Load(200, 1, 0.01)


class Got(NamedTuple):
    """Seconds until every subscriber had every event, and from each event's time until each had it."""

    seconds: float
    delays: list[float]


def run() -> list[Ratio]:
    """Seconds until every subscriber has every event, and until one has one."""
    return [*map(_throughput, SUBSCRIBERS), *(ratio for count in SUBSCRIBERS for ratio in _latency(count))]


def _throughput(count: int) -> Ratio:
    events = FAST.events
    ours = f"`/api/v1/live`, {events} events to {count}, log to client"
    echo = f"bare uvicorn + websockets echo, the same {events} events one by one"
    return compare(
        f"web to {count}",
        (ours, lambda _: asyncio.run(_hive(count, FAST)).seconds),
        (echo, lambda _: asyncio.run(_bare(count, FAST)).seconds),
        rounds=ROUNDS,
    )


def _latency(count: int) -> list[Ratio]:
    """By turns; of each side, the delays of all rounds together."""
    sides: tuple[list[float], list[float]] = [], []
    for _ in range(LATENCY_ROUNDS):
        for delays, side in zip(sides, (_hive, _bare), strict=True):
            delays += asyncio.run(side(count, STEADY)).delays
    what = f"`/api/v1/live`, {1 / STEADY.pause:g} events/s to {count}, from before an event is appended to its arrival"
    found = []
    for percent in (50, 99):
        ours, floor = (statistics.quantiles(delays, n=100)[percent - 1] for delays in sides)
        name = f"web to {count}, p{percent}"
        found.append(Ratio(name, what, "the same echo", ours, floor, ours / floor, LATENCY_ROUNDS))
    return found


def _report() -> e.AgentReported:
    return e.AgentReported(turn=1, report=Said(text=f"at-{time.time_ns()}-{'x' * 126}"))


def _write(
    path: str,
    load: Load,
    ready: "multiprocessing.synchronize.Event",
    started: "multiprocessing.synchronize.Event",
) -> None:  # type: ignore[name-defined]
    """Another process, as the engine is, appends the events."""
    log = SqlEventLog(Database.open(Path(path)))
    ready.set()
    started.wait()
    for _ in range(load.events // load.batch):
        log.append(*[e.Draft(run="r", service="users", event=_report())] * load.batch)
        time.sleep(load.pause)


async def _hive(count: int, load: Load) -> Got:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hive.db"
        log = SqlEventLog(Database.open(path))
        _begin(log)
        context = multiprocessing.get_context("spawn")
        ready, started = context.Event(), context.Event()
        writer = context.Process(target=_write, args=(str(path), load, ready, started), daemon=True)
        writer.start()
        ready.wait()
        with prepare(Path(folder), _bench(log), Opening()) as serving:
            helper = asyncio.create_task(serving.hub.run())
            server = asyncio.create_task(serving.uvicorn.serve(sockets=[serving.listener]))
            token = serving.entry.keys.token(Role.VIEWER)
            port = serving.listener.getsockname()[1]
            got = await _receive(
                f"ws://127.0.0.1:{port}/api/v1/live",
                (count, load),
                {"Authorization": f"Bearer {token}"},
                _started(started),
            )
            serving.uvicorn.should_exit = True
            helper.cancel()
            await asyncio.gather(helper, server, return_exceptions=True)
        writer.join()
        return got


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


def _text() -> str:
    return f'{{"seq":10000,"run":"r","service":"users","event":{_report().model_dump_json()}}}'


async def _bare(count: int, load: Load) -> Got:
    """An echo: what one client sends, event by event, every other one gets; nothing is kept, folded or checked."""
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
            for _ in range(load.events // load.batch):
                text = _text()
                for _ in range(load.batch):
                    await publisher.send(text)
                if load.pause:
                    await asyncio.sleep(load.pause)

        async def start() -> None:
            group.create_task(publish())

        got = await _receive(url, (count, load), {}, start)
    server.should_exit = True
    await serving
    return got


async def _receive(
    url: str, wanted: tuple[int, Load], headers: dict[str, str], start: Callable[[], Awaitable[None]]
) -> Got:
    """From the start until every client has every event."""
    count, load = wanted
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
        delays = await asyncio.gather(*(_take(client, load.events) for client in clients))
        return Got(time.perf_counter() - begun, [each for mine in delays for each in mine])


async def _take(client: ClientConnection, events: int) -> list[float]:
    delays: list[float] = []
    while len(delays) < events:
        text = await client.recv(decode=True)
        now = time.time_ns()
        delays += [(now - int(stamp)) / 1e9 for stamp in STAMP.findall(text)]
    return delays

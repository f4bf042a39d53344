"""The one WebSocket: a snapshot, then the tail by sequence number; who cannot keep up begins anew."""

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Annotated

from fastapi import FastAPI, Query, WebSocket
from starlette.websockets import WebSocketDisconnect

from hive.dashboard.board import History
from hive.dashboard.web import outside
from hive.dashboard.web.access import SocketViewer
from hive.dashboard.web.hub import Hub
from hive.dashboard.web.listing import views
from hive.dashboard.web.views import run_view
from hive.events import Envelope
from hive.ports import EventLog
from hive.state import RunState

BEAT_SECONDS = 5.0
"""Silence after which a client is told that all is well."""
SEND_SECONDS = 20.0
"""Patience with a client that takes nothing."""
LONGEST_TAIL = 5_000
"""Events that a returning client is sent one by one; who missed more gets a snapshot."""
MOST_PAST = 200
"""Closed runs in a snapshot."""
WHOLE = frozenset({"run_created", "run_planned", "plan_approved", "resume_requested", "stop_requested"})
"""Events after which every service of the run may look different."""
Seq = Annotated[int, Query(ge=0, le=2**62)]


def make_hub(log: EventLog, history: History) -> Hub:
    """A hub whose frames are messages of this socket."""

    def render(after: int, seq: int, events: Sequence[Envelope], loaded: Iterable[str] = ()) -> str:
        return batch(hub.board.runs, after, seq, events, loaded)

    hub = Hub(log, history, render)
    return hub


def batch(
    runs: Mapping[str, RunState], after: int, seq: int, events: Sequence[Envelope], loaded: Iterable[str] = ()
) -> str:
    """Events, and how their runs look now: the services that they are about, or all where all may have changed."""
    touched: dict[str, set[str] | None] = dict.fromkeys(loaded)
    for each in events:
        services = touched.setdefault(each.run, set())
        if each.service is None and each.event.kind in WHOLE:
            touched[each.run] = None
        elif services is not None and each.service is not None:
            services.add(each.service)
    views = [run_view(runs[run], services) for run, services in touched.items() if run in runs]
    told, shown = ",".join(map(outside.text, events)), ",".join(map(outside.text, views))
    return f'{{"type":"batch","after":{after},"seq":{seq},"events":[{told}],"runs":[{shown}]}}'


def snapshot(hub: Hub, kind: str = "snapshot") -> str:
    """Every open run as it is now, and the newest closed ones."""
    runs = views(hub.board, MOST_PAST)
    return outside.text({"type": kind, "seq": hub.seq, "log": hub.identity, "runs": runs})


def register(app: FastAPI) -> None:
    """Add the socket."""
    hub: Hub = app.state.hub

    @app.websocket("/api/v1/live")
    async def live(
        _who: SocketViewer, socket: WebSocket, after: Seq = 0, log: Annotated[str, Query(max_length=64)] = ""
    ) -> None:
        await socket.accept()
        with suppress(WebSocketDisconnect, TimeoutError, OSError):
            async with hub.client():
                await _talk(socket, hub, after, log)
        with suppress(RuntimeError, WebSocketDisconnect):
            await socket.close(1013)


async def _talk(socket: WebSocket, hub: Hub, after: int, log: str) -> None:
    """Send until either side has enough; a task of its own sees that the client has gone."""
    sending = asyncio.ensure_future(_send_all(socket, hub, after, log))
    leaving = asyncio.ensure_future(_until_gone(socket))
    try:
        await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in (sending, leaving):
            each.cancel()
        await asyncio.gather(sending, leaving, return_exceptions=True)


async def _until_gone(socket: WebSocket) -> None:
    """A client has nothing to say here; what it sends all the same is not kept."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass


async def _send_all(socket: WebSocket, hub: Hub, after: int, log: str) -> None:
    await hub.ready.wait()
    place = await _begin(socket, hub, after, log)
    while True:
        frames = hub.frames_from(place)
        if frames is None:
            hub.resyncs += 1
            place = await _show(socket, hub, "resync")
        elif frames:
            for frame in frames:
                await _send(socket, frame.text)
            place += len(frames)
        else:
            await hub.news(BEAT_SECONDS)
            if hub.place == place:
                await _send(socket, json.dumps({"type": "beat", "seq": hub.seq}))


async def _begin(socket: WebSocket, hub: Hub, after: int, log: str) -> int:
    """What the client missed, or everything; the place that it has then."""
    if log and log == hub.identity and hub.seq - LONGEST_TAIL <= after <= hub.seq:
        if (place := hub.place_at(after)) is not None:
            return place
        until, place = hub.seq, hub.place
        missed = await asyncio.to_thread(hub.log.read, after, None, LONGEST_TAIL)
        missed = [each for each in missed if each.seq <= until]
        if missed and missed[-1].seq == until:
            await _send(socket, batch(hub.board.runs, after, until, missed))
            return place
    elif log and log == hub.identity:
        hub.resyncs += 1
    return await _show(socket, hub, "snapshot")


async def _show(socket: WebSocket, hub: Hub, kind: str) -> int:
    place, text = hub.place, snapshot(hub, kind)
    await _send(socket, text)
    return place


async def _send(socket: WebSocket, text: str) -> None:
    async with asyncio.timeout(SEND_SECONDS):
        await socket.send_text(text)

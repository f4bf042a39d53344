"""The one WebSocket: a snapshot, then the tail by sequence number, at the pace of its client; who cannot keep up begins
anew."""

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Annotated, NamedTuple

from fastapi import FastAPI, Query, WebSocket
from starlette.websockets import WebSocketDisconnect

from hive.dashboard.board import History
from hive.dashboard.web import outside
from hive.dashboard.web.access import SocketViewer
from hive.dashboard.web.frames import Frame, Shown, message, together
from hive.dashboard.web.hub import Hub
from hive.dashboard.web.interest import EVERYTHING, Interest
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

    def render(after: int, seq: int, events: Sequence[Envelope], loaded: Iterable[str] = ()) -> Frame:
        return frame_of(hub.board.runs, after, seq, events, loaded)

    hub = Hub(log, history, render)
    return hub


def frame_of(
    runs: Mapping[str, RunState], after: int, seq: int, events: Sequence[Envelope], loaded: Iterable[str] = ()
) -> Frame:
    """Events, and how their runs look now: the services that they are about, or all where all may have changed."""
    touched: dict[str, set[str] | None] = dict.fromkeys(loaded)
    for each in events:
        services = touched.setdefault(each.run, set())
        if each.service is None and each.event.kind in WHOLE:
            touched[each.run] = None
        elif services is not None and each.service is not None:
            services.add(each.service)
    shown = {run: _shown(runs[run], services) for run, services in touched.items() if run in runs}
    return Frame(after, seq, events, tuple(map(outside.text, events)), shown)


def _shown(state: RunState, services: set[str] | None) -> Shown:
    view = run_view(state, services)
    head = outside.text(view.model_copy(update={"tasks": []})).removesuffix("]}")
    return Shown(head, {task.service: outside.text(task) for task in view.tasks}, services is None)


def snapshot(hub: Hub, kind: str = "snapshot") -> str:
    """Every open run as it is now, and the newest closed ones."""
    runs = views(hub.board, MOST_PAST)
    return outside.text({"type": kind, "seq": hub.seq, "log": hub.identity, "runs": runs})


def register(app: FastAPI) -> None:
    """Add the socket."""
    hub: Hub = app.state.hub

    @app.websocket("/api/v1/live")
    async def live(
        _who: SocketViewer,
        socket: WebSocket,
        after: Seq = 0,
        log: Annotated[str, Query(max_length=64)] = "",
        paced: bool = False,
    ) -> None:
        await socket.accept()
        with suppress(WebSocketDisconnect, TimeoutError, OSError):
            async with hub.client():
                await _talk(Client(socket, paced), hub, Place(after, log))
        with suppress(RuntimeError, WebSocketDisconnect):
            await socket.close(1013)


class Place(NamedTuple):
    """What a client says that it has: the events up to one of them, of a log."""

    after: int
    log: str


class Client:
    """Who listens. A paced one says when it has drawn what it was told; what happens meanwhile becomes one message."""

    def __init__(self, socket: WebSocket, paced: bool) -> None:
        self.paced = paced
        self.interest = EVERYTHING
        self.seq = 0
        """The last event that it was told of."""
        self._socket = socket
        self._ready = asyncio.Event()
        self._ready.set()

    async def hear(self, hub: Hub) -> None:
        """Until it has gone. Whatever it says means that it can take more; it may say what its page is about now."""
        while (said := await self._socket.receive())["type"] != "websocket.disconnect":
            interest = Interest.read(said.get("text") or "") if self.paced else None
            if interest is not None and interest != self.interest:
                wider, self.interest = interest.widened(self.interest), interest
                await self.show(hub, wider)
                await self._send(json.dumps({"type": "about", "seq": self.seq}))
            self._ready.set()

    async def show(self, hub: Hub, runs: Iterable[str]) -> None:
        """Tell how all of these runs looks now, which it may have been spared."""
        known = [_shown(hub.board.runs[run], None).text() for run in runs if run in hub.board.runs]
        if known:
            await self._send(message(self.seq, self.seq, (), known))

    async def ready(self, seconds: float) -> bool:
        """Whether it can take more, within so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._ready.wait()
        return self._ready.is_set()

    async def tell(self, text: str, seq: int) -> None:
        """Send what it has to draw: all up to an event."""
        self.seq = seq
        if self.paced:
            self._ready.clear()
        await self._send(text)

    async def beat(self, seq: int) -> None:
        """Say that all is well."""
        await self._send(json.dumps({"type": "beat", "seq": seq}))

    async def _send(self, text: str) -> None:
        async with asyncio.timeout(SEND_SECONDS):
            await self._socket.send_text(text)


async def _talk(client: Client, hub: Hub, has: Place) -> None:
    """Send until either side has enough; a task of its own hears the client, and sees that it has gone."""
    sending = asyncio.ensure_future(_send_all(client, hub, has))
    hearing = asyncio.ensure_future(client.hear(hub))
    try:
        await asyncio.wait((sending, hearing), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in (sending, hearing):
            each.cancel()
        await asyncio.gather(sending, hearing, return_exceptions=True)


async def _send_all(client: Client, hub: Hub, has: Place) -> None:
    await hub.ready.wait()
    place = await _begin(client, hub, has)
    while True:
        if not await client.ready(BEAT_SECONDS):
            await client.beat(hub.seq)
            continue
        frames = hub.frames_from(place)
        if frames is None:
            hub.resyncs += 1
            place = await _show(client, hub, "resync")
        elif frames and client.paced:
            text, count = together(frames, client.interest)
            await client.tell(text, frames[count - 1].seq)
            place += count
        elif frames:
            for frame in frames:
                await client.tell(frame.text, frame.seq)
            place += len(frames)
        else:
            await hub.news(BEAT_SECONDS)
            if hub.place == place:
                await client.beat(hub.seq)


async def _begin(client: Client, hub: Hub, has: Place) -> int:
    """What the client missed, or everything; the place that it has then."""
    after, log = has
    if log and log == hub.identity and hub.seq - LONGEST_TAIL <= after <= hub.seq:
        if (place := hub.place_at(after)) is not None:
            client.seq = after
            if client.paced:
                await client.show(hub, tuple(hub.board.runs))
            return place
        until, place = hub.seq, hub.place
        missed = await asyncio.to_thread(hub.log.read, after, None, LONGEST_TAIL)
        missed = [each for each in missed if each.seq <= until]
        if missed and missed[-1].seq == until:
            await client.tell(frame_of(hub.board.runs, after, until, missed).text, until)
            return place
    elif log and log == hub.identity:
        hub.resyncs += 1
    return await _show(client, hub, "snapshot")


async def _show(client: Client, hub: Hub, kind: str) -> int:
    place, seq, text = hub.place, hub.seq, snapshot(hub, kind)
    await client.tell(text, seq)
    return place

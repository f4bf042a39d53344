"""Events for other programs: pages of JSON, or server-sent events that go on where a client left off."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Annotated, NamedTuple

from fastapi import FastAPI, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel

from hive.dashboard.web import outside
from hive.dashboard.web.access import Viewer
from hive.dashboard.web.bench import Bench
from hive.dashboard.web.finding import MaybeService, RunId, find_run
from hive.dashboard.web.hub import Hub
from hive.dashboard.web.problem import Problem
from hive.events import AgentReported, Envelope

PAGE = 500
BEAT_SECONDS = 15.0
STREAM = "text/event-stream"
Seq = Annotated[int | None, Query(ge=0, le=2**62, description="Only events with a greater sequence number.")]
Quiet = Annotated[bool, Query(description="Without what agents say, which is most of it.")]
MaybeRun = Annotated[str | None, Query(max_length=64)]


class RunEnds(BaseModel):
    """A run by the events that it begins and ends with."""

    first: Envelope
    last: Envelope


class HistoryView(BaseModel):
    """Every run, oldest first, known by its ends."""

    runs: list[RunEnds]


class RecentEvents(BaseModel):
    """The last events of a run or a service, in order."""

    events: list[Envelope]


class EventPage(BaseModel):
    """Some events, in order."""

    events: list[Envelope]
    next: int
    """Ask for events after this one; equal to what was asked when there is nothing new."""
    more: bool


class Wanted(NamedTuple):
    """Which events somebody asked for."""

    run: str | None
    service: str | None
    quiet: bool

    def has(self, envelope: Envelope) -> bool:
        """Whether this is one of them."""
        return (
            self.run in (None, envelope.run)
            and self.service in (None, envelope.service)
            and not (self.quiet and isinstance(envelope.event, AgentReported))
        )


def register(app: FastAPI) -> None:
    """Add the route."""
    hub: Hub = app.state.hub
    bench: Bench = app.state.bench

    @app.get("/api/v1/events", tags=["events"], response_model=EventPage)
    async def events(
        _who: Viewer,
        request: Request,
        after: Seq = None,
        run: MaybeRun = None,
        service: MaybeService = None,
        limit: Annotated[int, Query(ge=1, le=5000)] = PAGE,
        quiet: Quiet = False,
    ) -> Response:
        """A page of events; with `Accept: text/event-stream`, those and all that come, resumed by Last-Event-ID."""
        name = (await find_run(hub, run)).id if run else None
        wanted = Wanted(name, service, quiet)
        if STREAM in request.headers.get("accept", ""):
            begin = _last_id(request) if after is None else after
            return StreamingResponse(_stream(hub, begin, wanted), media_type=STREAM)
        begin = after or 0
        found = await asyncio.to_thread(hub.log.read, begin, name, limit)
        kept = [each for each in found if wanted.has(each)]
        end = found[-1].seq if found else begin
        return outside.reply({"events": kept, "next": end, "more": len(found) == limit})

    @app.get("/api/v1/history", tags=["events"], response_model=HistoryView)
    async def history(_who: Viewer) -> Response:
        """Every run by its first and its last event: what a list needs, without all the events between."""
        ends = await asyncio.to_thread(bench.history.heads)
        return outside.reply({"runs": [{"first": first, "last": last} for first, last in ends]})

    @app.get("/api/v1/runs/{run}/recent", tags=["events"], response_model=RecentEvents)
    async def recent(
        _who: Viewer,
        run: RunId,
        service: MaybeService = None,
        before: Seq = None,
        limit: Annotated[int, Query(ge=1, le=5000)] = PAGE,
    ) -> Response:
        """The last events of a run, or of one service of it, older than `before`."""
        name = (await find_run(hub, run)).id
        found = await asyncio.to_thread(
            lambda: bench.history.recent(name, service, before=before, limit=limit)
        )
        return outside.reply({"events": list(found)})


def _last_id(request: Request) -> int:
    given = request.headers.get("last-event-id", "0")
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise Problem(
            422, f"Last-Event-ID {given!r} is not a sequence number", next_step="leave it out to begin"
        )
    return int(given)


async def _stream(hub: Hub, after: int, wanted: Wanted) -> AsyncGenerator[str, None]:
    """Read from the log until it is where the hub is, then take the hub's frames; behind again, read again."""
    yield "retry: 2000\n\n"
    async with hub.client():
        await hub.ready.wait()
        place = _place(hub, after)
        while True:
            frames = None if place is None else hub.frames_from(place)
            if place is None or frames is None:
                batch = await asyncio.to_thread(hub.log.read, after, None, PAGE)
            else:
                place += len(frames)
                batch = [each for frame in frames for each in frame.events if each.seq > after]
            if batch:
                after = batch[-1].seq
            if frames is None:
                place = _place(hub, after)
            if kept := [each for each in batch if wanted.has(each)]:
                yield "".join(f"id: {each.seq}\ndata: {outside.text(each)}\n\n" for each in kept)
            if not batch and place == hub.place:
                await hub.news(BEAT_SECONDS)
                if place == hub.place:
                    yield ": all is well\n\n"


def _place(hub: Hub, after: int) -> int | None:
    """From where the hub's frames have all later events; events before that are to be left out."""
    return hub.place if after >= hub.seq else hub.place_at(after)

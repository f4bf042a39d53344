"""The engine: asks the schedule what is due, has it done durably, and asks again at every new event."""

import asyncio
import contextlib
import logging
import secrets
import time
import traceback
from collections.abc import AsyncGenerator

from hive.errors import HiveError
from hive.events import RunFailed
from hive.orchestrator.context import Context
from hive.orchestrator.durable import Durable
from hive.orchestrator.herald import Herald
from hive.orchestrator.queue import Place, agenda
from hive.orchestrator.schedule import HEAVY, QUEUED, Unit, by_policy, due
from hive.orchestrator.tracer import Tracer
from hive.orchestrator.units import UNITS
from hive.state import RunState

_log = logging.getLogger(__name__)


class Engine:
    """Works on one project until it is told to stop, or has been idle for a while."""

    def __init__(
        self, ctx: Context, durable: Durable, herald: Herald | None = None, tracer: Tracer | None = None
    ) -> None:
        self._ctx = ctx
        self._herald = herald
        self._tracer = tracer
        self._durable = durable
        self._units: dict[str, Unit] = {}
        self._running: dict[Unit, asyncio.Task[None]] = {}
        self._asked: set[str] = set()
        """Units of the merge queue that are under way; done without their fact, they are asked for again."""
        self._slots: dict[str, asyncio.Semaphore] = {}
        self._quiet_since = time.monotonic()

    async def serve(self, idle_seconds: float | None = None) -> None:
        """Work as events come; ends after that many seconds without any work, or never."""
        await self._durable.launch(self._work)
        try:
            async with contextlib.aclosing(self._ticks()) as ticks:
                async for _ in ticks:
                    await self._step()
                    if idle_seconds is not None and self._idle_for() >= idle_seconds:
                        return
        finally:
            for task in list(self._running.values()):
                _cancel(task)
            await asyncio.gather(*self._running.values(), return_exceptions=True)
            if self._herald:
                await self._herald.close()
            if self._tracer:
                await self._tracer.close()
            await self._durable.close()

    async def _ticks(self) -> AsyncGenerator[None, None]:
        """One tick for every batch of events, and now and then without any."""
        follow = self._ctx.log.follow(self._ctx.runs.seq)
        batch = asyncio.ensure_future(anext(follow))
        try:
            while True:
                await asyncio.wait({batch}, timeout=0.5)
                if batch.done():
                    batch.result()
                    batch = asyncio.ensure_future(anext(follow))
                yield
        finally:
            batch.cancel()
            with contextlib.suppress(asyncio.CancelledError, StopAsyncIteration):
                await batch
            await follow.aclose()

    def _idle_for(self) -> float:
        if self._running:
            self._quiet_since = time.monotonic()
        return time.monotonic() - self._quiet_since

    async def _step(self) -> None:
        self._ctx.runs.refresh()
        states = self._ctx.runs.all()
        if self._herald:
            self._herald.look(states)
        if self._tracer:
            self._tracer.look()
        places = agenda(states)
        for state in states:
            if state.closed:
                continue
            place = places.get(state.id)
            self._stop_unwanted(state, place)
            for service, event in by_policy(state):
                self._ctx.emit(state.id, event, service=service)
            for unit in due(state, act=place.act if place else None):
                await self._submit(unit)

    async def _submit(self, unit: Unit) -> None:
        if unit.kind in QUEUED:
            if unit.key in self._asked:
                return
            self._asked.add(unit.key)
            unit = unit._replace(try_=secrets.token_hex(4))
        if unit.key not in self._units and not self._under_way(unit):
            self._units[unit.key] = unit
            self._quiet_since = time.monotonic()
            await self._durable.submit(unit.key)

    def _under_way(self, unit: Unit) -> bool:
        """Whether the same work still runs from before a stop and a resume."""
        return any(unit[:4] == other[:4] for other in self._running)

    def _stop_unwanted(self, state: RunState, place: Place | None) -> None:
        for unit, task in self._running.items():
            if unit.run != state.id or unit.kind in ("land", "close"):
                continue
            service = state.tasks.get(unit.service or "")
            unpaid = state.overspent and unit.kind == "turn"
            taken_back = unit.kind == "test" and (place is None or place.act in ("merge", "held", "stopped"))
            if state.stopped or unpaid or taken_back or (service is not None and service.stopped):
                _cancel(task)

    async def _work(self, key: str) -> None:
        """Do one unit; called by the durable engine, again after a crash."""
        unit = self._units.setdefault(key, _parse(key))
        task = asyncio.create_task(self._guarded(unit))
        self._running[unit] = task
        try:
            await task
        except asyncio.CancelledError:
            if not task.cancelled():
                raise
        finally:
            del self._running[unit]
            self._asked.discard(unit._replace(try_="").key)
            self._quiet_since = time.monotonic()

    async def _guarded(self, unit: Unit) -> None:
        state = self._ctx.state(unit.run)
        place = self._ctx.place(unit.run) if unit.kind in QUEUED else None
        if unit._replace(try_="") not in due(state, act=place.act if place else None):
            return  # a person stopped, resumed or discarded it meanwhile, or it was done before a crash
        slot = self._slots.setdefault(unit.run, asyncio.Semaphore(state.policy.max_parallel))
        try:
            async with slot if unit.kind in HEAVY else contextlib.nullcontext():
                await UNITS[unit.kind](self._ctx, unit)
        except HiveError as error:
            failed = RunFailed(reason=error.message, next_step=error.next_step)
            self._ctx.emit(unit.run, failed, service=unit.service)
        except OSError as error:
            failed = RunFailed(
                reason=f"{unit.kind}: {error}", next_step=f"mend that, then `hive resume {unit.run}`"
            )
            self._ctx.emit(unit.run, failed, service=unit.service)
        except Exception as error:  # a defect of hive: the run stops with the reason, the engine goes on
            _log.error("%s failed\n%s", unit.key, traceback.format_exc())
            reason = f"{unit.kind} failed: {type(error).__name__}: {error}"
            self._ctx.emit(
                unit.run, RunFailed(reason=reason, next_step=f"hive resume {unit.run}"), service=unit.service
            )


def _cancel(task: asyncio.Task[None]) -> None:
    """Once: a second cancellation would cut short what the first one cleans up."""
    if not task.cancelling():
        task.cancel()


def _parse(key: str) -> Unit:
    run, service, kind, number, generation, *tries = key.split("/")
    if kind not in UNITS:
        raise RuntimeError(f"unit {key!r} is of a kind that this hive does not know")
    known = next(each for each in UNITS if each == kind)
    return Unit(known, run, None if service == "-" else service, int(number), int(generation), *tries)

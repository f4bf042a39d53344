"""The simulated world: a clock, executors, and checks whose outcome depends on what the checked tree contains."""

import heapq
import itertools
from collections.abc import Callable, Iterable
from typing import NamedTuple

from benchmarks.queue.workload import Change, Workload

Key = tuple[int, ...]
"""What a check can see of a tree: the changesets in it that touch its service, in order."""
RETRIES = 1


class Result(NamedTuple):
    """What one policy made of a workload."""

    waited: list[float]
    """Minutes from arrival to landing, of each that landed."""
    refused: int
    wrongly_refused: int
    minutes: float
    """All minutes that executors worked."""
    ended: float


class Job:
    """A check that waits for an executor, or runs."""

    def __init__(self, service: int, key: Key, done: Callable[[bool], None]) -> None:
        self.service, self.key, self.done = service, key, done
        self.cancelled = False
        self.started: float | None = None


class World:
    """One policy's copy of the world. Policies call `check`, `land` and `refuse`; `arrived` calls them."""

    def __init__(self, load: Workload, executors: int) -> None:
        self.load, self.free = load, executors
        self.now = self.minutes = 0.0
        self.landed: list[Change] = []
        self.by_service: dict[int, list[tuple[float, int]]] = {}
        self.waited: list[float] = []
        self.refused: list[Change] = []
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._ready: list[tuple[tuple[float, ...], int, Job]] = []
        self._count = itertools.count()
        self._attempts = itertools.count()

    def at(self, when: float, do: Callable[[], None]) -> None:
        """Do something at a time."""
        heapq.heappush(self._events, (when, next(self._count), do))

    def check(self, service: int, key: Key, order: tuple[float, ...], done: Callable[[bool], None]) -> Job:
        """Run a service's check on a tree when an executor is free, small orders first; repeated once when red."""
        job = Job(service, key, done)
        heapq.heappush(self._ready, (order, next(self._count), job))
        return job

    def cancel(self, job: Job) -> None:
        """Give a check up; its executor is free at once."""
        if not job.cancelled and job.started is not None:
            self.minutes += self.now - job.started
            self.free += 1
        job.cancelled = True

    def key(self, service: int, ahead: Iterable[Change]) -> Key:
        """What a service's check sees of the target with these on top."""
        known = [number for _, number in self.by_service.get(service, ())]
        return tuple(known) + tuple(each.id for each in ahead if service in each.services)

    def base_key(self, change: Change, service: int) -> Key:
        """What its author's own check of a service saw."""
        known = [number for when, number in self.by_service.get(service, ()) if when <= change.seen]
        return (*known, change.id)

    def is_red(self, service: int, key: Key) -> bool:
        """Whether the tree is really wrong there."""
        for at, number in enumerate(key):
            change = self.load.changes[number]
            if change.bad == service and (at > 0 or not change.only_after):
                return True
        return False

    def land(self, change: Change) -> None:
        """It is on the target."""
        self.landed.append(change)
        for service in change.services:
            self.by_service.setdefault(service, []).append((self.now, change.id))
            key = self.key(service, ())
            if self.is_red(service, key):
                raise RuntimeError(f"{change} was landed and is wrong")
        self.waited.append(self.now - change.at)

    def refuse(self, change: Change) -> None:
        """It goes back to its author."""
        self.refused.append(change)

    def run(self, arrived: Callable[[Change], None], tick: Callable[[], None]) -> Result:
        """Until nothing is left; `tick` after whatever happened at one moment."""
        for change in self.load.changes:
            self.at(change.at, lambda change=change: arrived(change))  # type: ignore[misc]
        while self._events:
            self.now, _, do = heapq.heappop(self._events)
            do()
            if self._events and self._events[0][0] <= self.now:
                continue
            tick()
            self._assign()
        sound = [each for each in self.refused if each.bad is None]
        return Result(self.waited, len(self.refused), len(sound), self.minutes, self.now)

    def _assign(self) -> None:
        while self.free and self._ready:
            _, _, job = heapq.heappop(self._ready)
            if not job.cancelled:
                self.free -= 1
                job.started = self.now
                self._attempt(job, 0)

    def _attempt(self, job: Job, tries: int) -> None:
        number = next(self._attempts)
        self.at(self.now + self.load.duration(job.service, number), lambda: self._ended(job, number, tries))

    def _ended(self, job: Job, number: int, tries: int) -> None:
        if job.cancelled:
            return
        red = self.is_red(job.service, job.key) or self.load.flakes(job.service, job.key, number)
        if red and tries < RETRIES:
            self._attempt(job, tries + 1)
            return
        assert job.started is not None
        self.minutes += self.now - job.started
        self.free += 1
        job.cancelled = True
        job.done(not red)

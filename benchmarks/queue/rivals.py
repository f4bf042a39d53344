"""Other merge queues' algorithms, each in its plainest form; all test touched services only, and repeat what is red.

- `Serial`: one at a time, tested on the target's head.
- `Bors`: everything that waits is one batch; a red batch is halved (bors, bors-ng, Marge).
- `Zuul`: every changeset is tested on all ahead of it; one that fails is left out and all behind it start again; a
  window of 20 grows by one and halves on failure, down to 3 (Zuul's dependent pipeline; one shared queue).
- `SubmitQueue`: only changesets that conflict depend on each other; builds for the likeliest outcomes of those ahead
  are started by probability, as many as executors allow, both outcomes if need be (Uber, EuroSys 2019).
"""

from collections.abc import Sequence

from benchmarks.queue.workload import Change
from benchmarks.queue.world import Job, World


class Build:
    """The checks of some changesets on top of others."""

    def __init__(
        self, world: World, ahead: Sequence[Change], changes: Sequence[Change], order: tuple[float, ...]
    ) -> None:
        self.world, self.ahead, self.changes = world, tuple(ahead), tuple(changes)
        self.passed: bool | None = None
        services = sorted({service for each in changes for service in each.services})
        stack = (*ahead, *changes)
        self._left = len(services)
        self._jobs: list[Job] = [
            world.check(service, world.key(service, stack), order, self._note) for service in services
        ]

    def _note(self, green: bool) -> None:
        self._left -= 1
        if not green:
            self.passed = False
            self.cancel()
        elif not self._left and self.passed is None:
            self.passed = True

    def cancel(self) -> None:
        """Stop what has not ended."""
        for job in self._jobs:
            self.world.cancel(job)


class Serial:
    """One at a time."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.queue: list[Change] = []
        self.build: Build | None = None

    def arrived(self, change: Change) -> None:
        """To the end."""
        self.queue.append(change)

    def tick(self) -> None:
        """Take the result, start the next."""
        if self.build and self.build.passed is not None:
            (change,) = self.build.changes
            (self.world.land if self.build.passed else self.world.refuse)(change)
            self.build = None
        if self.build is None and self.queue:
            self.build = Build(self.world, (), [self.queue.pop(0)], (0.0,))


class Bors:
    """Batches."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.waiting: list[Change] = []
        self.batches: list[list[Change]] = []
        self.build: Build | None = None

    def arrived(self, change: Change) -> None:
        """For the next batch."""
        self.waiting.append(change)

    def tick(self) -> None:
        """Take the result, halve on failure."""
        if self.build and self.build.passed is not None:
            batch = list(self.build.changes)
            if self.build.passed:
                for change in batch:
                    self.world.land(change)
            elif len(batch) == 1:
                self.world.refuse(batch[0])
            else:
                self.batches[:0] = [batch[: len(batch) // 2], batch[len(batch) // 2 :]]
            self.build = None
        if self.build is None and not self.batches and self.waiting:
            self.batches, self.waiting = [self.waiting], []
        if self.build is None and self.batches:
            self.build = Build(self.world, (), self.batches.pop(0), (0.0,))


class Zuul:
    """The dependent pipeline."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.queue: list[Change] = []
        self.builds: dict[int, Build] = {}
        self.window = 20

    def arrived(self, change: Change) -> None:
        """To the end."""
        self.queue.append(change)

    def tick(self) -> None:
        """Land the head while it is green; then everybody on the nearest that do not fail."""
        while self.queue and (build := self.builds.get(self.queue[0].id)) and build.passed is not None:
            if build.ahead:
                break
            change = self.queue.pop(0)
            del self.builds[change.id]
            (self.world.land if build.passed else self.world.refuse)(change)
            self.window = self.window + 1 if build.passed else max(3, self.window // 2)
            landed = (change,) if build.passed else ()
            for other in self.builds.values():
                other.ahead = tuple(each for each in other.ahead if each not in landed)
        self._start()

    def _start(self) -> None:
        ahead: list[Change] = []
        for place, change in enumerate(self.queue[: self.window]):
            build = self.builds.get(change.id)
            if build and build.ahead != tuple(ahead):
                build.cancel()
                build = None
            if build is None:
                build = self.builds[change.id] = Build(self.world, ahead, [change], (float(place),))
            if build.passed is not False:
                ahead.append(change)


class SubmitQueue:
    """Speculation by probability."""

    MOST = 24

    def __init__(self, world: World, failing: float) -> None:
        self.world, self.odds = world, 1 - failing
        self.queue: list[Change] = []
        self.builds: dict[tuple[int, tuple[int, ...]], Build] = {}
        self.fate: dict[int, bool] = {}

    def arrived(self, change: Change) -> None:
        """To the end."""
        self.queue.append(change)

    def tick(self) -> None:
        """Whoever has nobody ahead that it conflicts with and is decided, goes; then the likeliest builds."""
        moved = True
        while moved:
            moved = False
            for change in list(self.queue):
                if self._ahead(change):
                    continue
                build = self.builds.get((change.id, self._past(change)))
                if build and build.passed is not None:
                    self.queue.remove(change)
                    (self.world.land if build.passed else self.world.refuse)(change)
                    self.fate[change.id] = build.passed
                    moved = True
        self._speculate()

    def _ahead(self, change: Change) -> list[Change]:
        found = []
        for other in self.queue:
            if other is change:
                return found
            if other.services & change.services:
                found.append(other)
        return found

    def _past(self, change: Change, assumed: Sequence[Change] = ()) -> tuple[int, ...]:
        """All that its checks would see beneath it."""
        return tuple(
            n for service in sorted(change.services) for n in (-1, *self.world.key(service, assumed))
        )

    def _speculate(self) -> None:
        wanted: list[tuple[float, int, Change, tuple[Change, ...]]] = []
        for place, change in enumerate(self.queue):
            for odds, stack in self._outcomes(self._ahead(change)):
                wanted.append((-odds, place, change, stack))
        wanted.sort(key=lambda each: each[:2])
        keep = {}
        for odds, place, change, stack in wanted[: self.MOST]:
            key = (change.id, self._past(change, stack))
            keep[key] = self.builds.get(key) or Build(self.world, stack, [change], (odds, float(place)))
        for key, build in self.builds.items():
            if key not in keep and build.passed is None:
                build.cancel()
        self.builds = {k: b for k, b in self.builds.items() if b.passed is not None} | keep

    def _outcomes(self, ahead: list[Change]) -> list[tuple[float, tuple[Change, ...]]]:
        """The likeliest fates of those ahead, with their probability."""
        found: list[tuple[float, tuple[Change, ...]]] = [(1.0, ())]
        for change in ahead[:6]:
            found = [
                pair
                for odds, stack in found
                for pair in ((odds * self.odds, (*stack, change)), (odds * (1 - self.odds), stack))
                if pair[0] > 0.01
            ]
            found = sorted(found, key=lambda pair: -pair[0])[:8]
        return found if len(ahead) <= 6 else [(found[0][0] * 0.5, tuple(ahead))]

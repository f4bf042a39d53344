"""hive's own policy, the very code that the engine asks: only merging, checking and landing are simulated."""

from benchmarks.queue.workload import Change
from benchmarks.queue.world import Job, Key, World
from hive.orchestrator.queue import (
    Changeset,
    Facts,
    Merge,
    Place,
    Settings,
    Tip,
    bisects,
    decide,
    odds,
    window,
)

START, FLOOR = 20, 3


class Hive:
    """Evidence is known by what a check can see; the author's own checks are evidence too."""

    def __init__(self, world: World, executors: int, *, bisect: bool | None = None) -> None:
        self.world, self.executors, self.bisect = world, executors, bisect
        self.changes: dict[str, Change] = {}
        self.queue: dict[str, Changeset] = {}
        self.stacks: dict[str, tuple[Change, ...]] = {}
        self.evidence: dict[tuple[int, Key], bool] = {}
        self.jobs: dict[tuple[int, Key], Job] = {}
        self.owners: dict[tuple[int, Key], str] = {}
        """For whom a check was started."""
        self.landed: set[str] = set()
        self.within: dict[str, str] = {}
        self.outcomes: list[bool] = []
        self.tip = Tip("start", 0)
        self.seq = 1

    def arrived(self, change: Change) -> None:
        """With the evidence of its author's checks, which were green."""
        name = str(change.id)
        self.changes[name] = change
        for service in change.services:
            key = self.world.base_key(change, service)
            if not self.world.is_red(service, key):
                self.evidence[service, key] = True
        touches = frozenset(map(str, change.services))
        self.queue[name] = Changeset(id=name, asked=change.id, touches=touches)

    def tick(self) -> None:
        """Ask the policy until it wants nothing new."""
        while self._step():
            pass

    def _step(self) -> bool:
        places = self._places()
        wanted: dict[tuple[int, Key], int] = {}
        for order, place in enumerate(places):
            if self._do(place):
                return True
            if place.act == "test" and self._judge(place, order, wanted):
                return True
        self._start(wanted)
        return False

    def _places(self) -> list[Place]:
        likely = odds(self.outcomes)
        strained = bisects(waiting=len(self.queue), slots=self.executors, odds=likely, typical=0.0, slow=1.0)
        settings = Settings(
            bisect=self.bisect or (self.bisect is None and strained),
            window=window(self.outcomes, START, FLOOR),
            slots=self.executors,
            odds=likely,
        )
        facts = Facts({"main": self.tip}, frozenset(self.landed), dict(self.within))
        return decide(list(self.queue.values()), facts, settings)

    def _do(self, place: Place) -> bool:
        one, change = place.changeset, self.changes[place.changeset.id]
        match place.act:
            case "merge":
                self.seq += 1
                self._give_up(one.id)
                commits = tuple((name, self._commit(name)) for name in place.on)
                merge = Merge(self.seq, self.tip.commit, f"{one.id}@{self.seq}", commits, place.whole)
                self.stacks[one.id] = tuple(self.changes[name] for name in place.on)
                self.queue[one.id] = one._replace(merge=merge, verdict="unknown")
            case "land":
                self._land(place, one, change)
            case "refuse":
                self.world.refuse(change)
                self.outcomes.append(False)
                del self.queue[one.id]
            case _:
                return False
        return True

    def _give_up(self, name: str) -> None:
        """As the engine does it: who is merged anew loses the checks that run for it."""
        for key in [key for key, owner in self.owners.items() if owner == name and key in self.jobs]:
            self.world.cancel(self.jobs.pop(key))

    def _commit(self, name: str) -> str:
        merge = self.queue[name].merge
        assert merge is not None
        return merge.commit

    def _land(self, place: Place, one: Changeset, change: Change) -> None:
        assert one.merge is not None
        self.outcomes.append(True)
        if place.within:
            del self.within[one.id]
        else:
            assert place.head == self.tip.commit  # it stands on what the target is
            beneath = [name for name, _ in one.merge.beneath if name in self.queue]
            for name in beneath:
                self.within[name] = one.id
                self.world.land(self.changes[name])
                self.landed.add(name)
            self.world.land(change)
            self.seq += 1
            self.tip = Tip(one.merge.commit, self.seq)
        self.landed.add(one.id)
        del self.queue[one.id]

    def _needed(self, place: Place) -> list[tuple[int, Key]]:
        """The checks that see a difference, with what they see."""
        name = place.changeset.id
        stack = [each for each in self.stacks[name] if str(each.id) not in self.landed]
        mine = (*stack, self.changes[name]) if place.changeset.merge and place.changeset.merge.whole else ()
        seen = mine or (self.changes[name],)
        services = sorted({service for each in seen for service in each.services})
        return [(s, self.world.key(s, (*stack, self.changes[name]))) for s in services]

    def _judge(self, place: Place, order: int, wanted: dict[tuple[int, Key], int]) -> bool:
        needed = self._needed(place)
        known = [self.evidence.get(each) for each in needed]
        one = place.changeset
        if False in known:
            self.queue[one.id] = one._replace(verdict="failed")
            return True
        if None not in known:
            self.queue[one.id] = one._replace(verdict="passed")
            return True
        for each, outcome in zip(needed, known, strict=True):
            if outcome is None:
                wanted.setdefault(each, order)
                if each not in self.jobs and wanted[each] == order:
                    self.owners[each] = one.id
        return False

    def _start(self, wanted: dict[tuple[int, Key], int]) -> None:
        for key in [key for key in self.jobs if key not in wanted]:
            self.world.cancel(self.jobs.pop(key))
        for key, order in wanted.items():
            if key not in self.jobs:
                self.jobs[key] = self.world.check(
                    *key, (float(order),), lambda ok, key=key: self._note(key, ok)
                )  # type: ignore[misc]

    def _note(self, key: tuple[int, Key], green: bool) -> None:
        self.evidence[key] = green
        self.jobs.pop(key, None)

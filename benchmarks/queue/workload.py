"""Arrivals that every policy is given alike: who touches what, how long its checks take, what is wrong with it.

60 services whose popularity falls with rank (Zipf, exponent 0.8); 64 changesets an hour (Poisson) of 1 to 4 services
(half touch one); one in fifty changes a file that 6 services see. Each changeset was written and checked by its author
on the target as it was 10 to 40 minutes before it arrives. A service's check takes what a log-normal draw (median
1 minute, sigma 0.9: one in twenty takes over 4.4 minutes) fixed for it, give or take 10 %. A changeset is wrong with
the given probability, in one of its services: a third of those only together with the last one before it that touches
the same service, whichever that is. A run of a check fails by itself, once in a while, with the given probability.
"""

import random
from typing import NamedTuple

SERVICES = 60
PER_HOUR = 64


class Change(NamedTuple):
    """One changeset as it arrives."""

    id: int
    at: float
    """Minutes."""
    seen: float
    """When its author's base was the target, in minutes."""
    services: frozenset[int]
    bad: int | None
    """Service in which it is wrong."""
    only_after: bool
    """Wrong only on top of another changeset of that service."""


class Workload(NamedTuple):
    """All of it."""

    changes: list[Change]
    minutes: list[float]
    """What the check of each service takes."""
    flake: float
    seed: int

    def duration(self, service: int, attempt: int) -> float:
        """Minutes of one run of a check."""
        return self.minutes[service] * random.Random(f"{self.seed}/{service}/{attempt}").uniform(0.9, 1.1)

    def flakes(self, service: int, key: object, attempt: int) -> bool:
        """Whether one run fails by itself."""
        return random.Random(f"{self.seed}/{service}/{key}/{attempt}").random() < self.flake


def make(seed: int, *, hours: float, failing: float, flake: float = 0.02) -> Workload:
    """The same seed makes the same arrivals."""
    rng = random.Random(seed)
    weights = [1 / (rank + 1) ** 0.8 for rank in range(SERVICES)]
    minutes = [1.0 * rng.lognormvariate(0, 0.9) for _ in range(SERVICES)]
    changes, at = [], 0.0
    while (at := at + rng.expovariate(PER_HOUR / 60)) < hours * 60:
        count = 6 if rng.random() < 0.02 else rng.choices((1, 2, 3, 4), (50, 25, 15, 10))[0]
        services: set[int] = set()
        while len(services) < count:
            services.add(rng.choices(range(SERVICES), weights)[0])
        wrong = rng.choice(sorted(services)) if rng.random() < failing else None
        seen = at - rng.uniform(10, 40)
        changes.append(Change(len(changes), at, seen, frozenset(services), wrong, rng.random() < 1 / 3))
    return Workload(changes, minutes, flake, seed)

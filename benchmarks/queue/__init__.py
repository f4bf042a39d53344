"""The merge queue beside others: the same arrivals through five policies, hive's being the code that ships."""

import statistics
from collections.abc import Callable, Iterator
from typing import NamedTuple

from benchmarks.measure import Ratio
from benchmarks.queue import speed
from benchmarks.queue.own import Hive
from benchmarks.queue.rivals import Bors, Serial, SubmitQueue, Zuul
from benchmarks.queue.workload import make
from benchmarks.queue.world import Result, World

SEEDS = tuple(range(1, 11))
HOURS = 8
FAILING = (0.0, 0.05, 0.2)
EXECUTORS = (4, 16)
Make = Callable[[World, int, float], "Serial | Bors | Zuul | SubmitQueue | Hive"]
POLICIES: dict[str, Make] = {
    "serial": lambda world, executors, failing: Serial(world),
    "batch and bisect": lambda world, executors, failing: Bors(world),
    "Zuul": lambda world, executors, failing: Zuul(world),
    "SubmitQueue": lambda world, executors, failing: SubmitQueue(world, failing),
    "hive, speculate": lambda world, executors, failing: Hive(world, executors, bisect=False),
    "hive, bisect": lambda world, executors, failing: Hive(world, executors, bisect=True),
    "hive": lambda world, executors, failing: Hive(world, executors),
}


class Row(NamedTuple):
    """One policy at one setting, over all seeds."""

    policy: str
    median: float
    p95: float
    minutes: float
    """Of checks per landed change."""
    per_hour: float
    wrongly: float
    """Sound changesets refused because of flakes, of 1000."""


def simulate(policy: str, executors: int, failing: float, seed: int, hours: float = HOURS) -> Result:
    """One policy on one workload."""
    world = World(make(seed, hours=hours, failing=failing), executors)
    chosen = POLICIES[policy](world, executors, failing)
    result = world.run(chosen.arrived, chosen.tick)
    if len(result.waited) + result.refused != len(world.load.changes):
        raise RuntimeError(f"{policy} lost changesets: {len(result.waited)} landed, {result.refused} refused")
    return result


def rows(executors: int, failing: float) -> list[Row]:
    """Every policy at one setting."""
    return [_row(name, [simulate(name, executors, failing, seed) for seed in SEEDS]) for name in POLICIES]


def _row(name: str, results: list[Result]) -> Row:
    waited = sorted(minutes for each in results for minutes in each.waited)
    landed, offered = len(waited), sum(len(each.waited) + each.refused for each in results)
    return Row(
        name,
        statistics.median(waited),
        waited[int(len(waited) * 0.95)],
        sum(each.minutes for each in results) / landed,
        statistics.mean(len(each.waited) / (each.ended / 60) for each in results),
        1000 * sum(each.wrongly_refused for each in results) / offered,
    )


def run() -> list[Ratio]:
    """The comparison on standard output, then how quick the queue itself is."""
    for line in report():
        print(line, flush=True)
    return speed.run()


def report() -> Iterator[str]:
    """All settings as Markdown tables, each when it is known, and where the aim is missed."""
    missed: list[str] = []
    for executors in EXECUTORS:
        for failing in FAILING:
            found = rows(executors, failing)
            where = f"{executors} executors, {failing:.0%} wrong"
            yield f"\n| {where} | median | p95 | check-minutes per landed | landed per hour | sound refused |"
            yield "|---|---|---|---|---|---|"
            for r in found:
                numbers = (
                    f"{r.median:.1f} | {r.p95:.1f} | {r.minutes:.2f} | {r.per_hour:.1f} | {r.wrongly:.1f} ‰"
                )
                yield f"| {r.policy} | {numbers} |"
            missed += _missed(where, {row.policy: row for row in found})
    yield "\n" + "\n".join(missed or ["The aim is met at every setting."])


def _missed(where: str, found: dict[str, Row]) -> list[str]:
    """The aim: as fast as the best other, at most 0.6 of Zuul's check minutes."""
    hive = found["hive"]
    others = [row for name, row in found.items() if not name.startswith("hive")]
    best, best95 = min(r.median for r in others), min(r.p95 for r in others)
    told = []
    if hive.median > best:
        told.append(f"{where}: median {hive.median:.1f}, best other {best:.1f}")
    if hive.p95 > best95:
        told.append(f"{where}: p95 {hive.p95:.1f}, best other {best95:.1f}")
    share = hive.minutes / found["Zuul"].minutes
    if share > 0.6:
        told.append(f"{where}: {share:.2f} of Zuul's check minutes")
    return told

"""Generated histories of the queue against an oracle; `HIVE_HISTORIES=10000` runs ten thousand of them."""

import os

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.orchestrator.histories import Content, Queue

COUNT = int(os.environ.get("HIVE_HISTORIES", "500"))
LONGEST = 40
services = st.frozensets(st.sampled_from("abcde"), min_size=1, max_size=3)
pick = st.integers(min_value=0, max_value=9)
step = st.one_of(
    st.tuples(st.just("add"), services, st.sampled_from([0, 0, 0, 2]), pick, st.booleans()),
    st.tuples(
        st.sampled_from(["work", "work", "work", "work", "hold", "release", "cancel", "edit", "move"]), pick
    ),
    st.tuples(st.just("push"), services),
    st.tuples(st.just("window"), st.integers(min_value=1, max_value=5)),
    st.tuples(st.just("mode")),
)
ran = 0


def play(queue: Queue, told: tuple[object, ...], number: int) -> None:
    """One step of a history."""
    names = list(queue.queued)
    match told:
        case ("add", frozenset() as touched, int(priority), int(kind), bool(clashes)):
            wrong = touched if kind == 0 else frozenset(sorted(touched)[:1]) if kind == 1 else frozenset()
            after = (names[-1],) if kind == 2 and names else ()
            queue.add(Content(f"r{number}", 0, touched, wrong, clashes), priority=priority, after=after)
        case ("work", int(which)):
            wanted = [p for p in queue.places() if p.act in ("merge", "test", "land", "refuse")]
            if wanted:
                queue.do(wanted[which % len(wanted)])
        case ("push", frozenset() as touched):
            queue.push(Content(f"p{number}", 0, touched))
        case ("window", int(size)):
            queue.window = size
        case ("mode",):
            queue.bisect = not queue.bisect
        case (str(deed), int(which)) if names:
            person(queue, deed, names[which % len(names)], names[0])


def person(queue: Queue, deed: str, name: str, first: str) -> None:
    """What a person does to one changeset that has not landed."""
    one = queue.queued[name]
    if name in queue.landed:
        return
    if deed in ("hold", "release"):
        queue.queued[name] = one._replace(held=deed == "hold")
    elif deed == "move":
        queue.queued[name] = one._replace(before=first if first != name else "")
    elif deed == "edit":  # another diff: what was approved is another one now, so it leaves
        changed = queue.contents[name]
        queue.leave(name)
        queue.contents[name] = changed._replace(version=changed.version + 1)
    else:
        queue.leave(name)


def finish(queue: Queue) -> None:
    """Everybody is let go on: in a bounded number of rounds all are out, but those that need one which is gone."""
    for name, one in queue.queued.items():
        queue.queued[name] = one._replace(held=False)
    for _ in range(12 * len(queue.queued) + 12):
        for place in queue.places():
            if place.changeset.id in queue.queued:
                fresh = next(p for p in queue.places() if p.changeset.id == place.changeset.id)
                queue.do(fresh)
    stuck = {name for name, one in queue.queued.items() if not needs_gone(queue, name)}
    assert not stuck, {p.changeset.id: (p.act, p.why) for p in queue.places()}


def needs_gone(queue: Queue, name: str) -> bool:
    """Whether it waits for one that left, itself or through one that it needs."""
    one = queue.queued[name]
    if any(needed in queue.gone and needed not in queue.landed for needed in one.after):
        return True
    return any(needed in queue.queued and needs_gone(queue, needed) for needed in one.after)


@settings(
    max_examples=COUNT,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(st.booleans(), st.lists(step, min_size=5, max_size=LONGEST))
def histories(bisect: bool, told: list[tuple[object, ...]]) -> None:
    global ran
    ran += 1
    queue = Queue(bisect=bisect)
    for number, each in enumerate(told):
        play(queue, each, number)
    finish(queue)


def test_every_history_lands_what_was_tested_in_order_and_starves_nobody(capsys: pytest.CaptureFixture[str]):
    histories()
    with capsys.disabled():
        print(f"\n{ran} histories of the merge queue")  # noqa: T201
    assert ran >= COUNT

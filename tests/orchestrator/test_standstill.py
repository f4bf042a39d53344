"""Whoever watches a changeset in the queue is let go when only a person can move it, and told why."""

from pathlib import Path

from hive import events as e
from hive.orchestrator.queueing import QueueControls
from hive.orchestrator.standstill import standstill
from tests.orchestrator.test_queue_engine import add, branch, world_of


def test_who_is_held_or_waits_for_one_that_is_not_coming_stands_still(tmp_path: Path):
    world = world_of(tmp_path)
    controls = QueueControls(world.log, world.runs)
    branch(world, "one", {"services/users/one.py": "1\n"})
    branch(world, "two", {"services/users/two.py": "2\n"})
    add(world, "one")
    assert standstill(world.runs.all(), "one") == ""
    controls.hold("one", by="ann")
    assert standstill(world.runs.all(), "one") == "held: it is held by ann; hive queue release one"
    add(world, "two", after=("one",))
    controls.cancel("one", by="ann")
    assert standstill(world.runs.all(), "two") == "waiting: needs one, which is not in the queue (approved)"
    assert standstill(world.runs.all(), "one") == ""


def test_a_stopped_queue_stands_still_for_everybody_in_it(tmp_path: Path):
    world = world_of(tmp_path)
    for name in ("one", "two"):
        branch(world, name, {f"services/users/{name}.py": f"{name}\n"})
        add(world, name)
    stopped = e.QueueStopped(
        target="main", expected="a" * 40, reason="'main' was reset", next_step="bring it back"
    )
    world.log.append(e.Draft(run="one", event=stopped))
    world.runs.refresh()
    for name in ("one", "two"):
        assert standstill(world.runs.all(), name) == "stopped: 'main' was reset: bring it back"

"""Two runs change the same: the later one is made again on top, and only what changed is worked and reviewed anew."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from hive import events as e
from hive.agents.scripted.agent import Scripted
from hive.agents.scripted.script import Script
from hive.events import Draft
from hive.model import AddField
from hive.orchestrator.units import UNITS
from hive.ports import EventLog
from hive.state import RunState
from tests.orchestrator.test_landing_units import do, wanted
from tests.orchestrator.test_queue_engine import IDENTITY, NOT_BOTH
from tests.world import CONTRACT, World, git

POINTS, TIER = (AddField(entity="User", name=name, type="string") for name in ("points", "tier"))
FIELDS = "services/users/fields.txt"


def write(text: str) -> list[dict[str, object]]:
    return [{"do": "write", "path": "fields.txt", "text": text}]


def two(tmp_path: Path, scripts: dict[str, dict[str, list[list[dict[str, object]]]]]) -> World:
    """A project whose runs have agents with a script each."""
    agents = {
        name: Scripted(Script.model_validate({"services": services}), tmp_path / name)
        for name, services in scripts.items()
    }
    return World.make(tmp_path, {}, agent=lambda name: agents[name])


def closed(state: RunState) -> bool:
    return state.closed is not None


def kinds(world: World, run: str) -> list[str]:
    return [envelope.event.kind for envelope in world.log.read(run=run)]


def started(world: World, run: str, service: str) -> list[e.TurnStarted]:
    found = (x for x in world.log.read(run=run) if x.service == service)
    return [x.event for x in found if isinstance(x.event, e.TurnStarted)]


ONE, OTHER = write("id points\n"), write("id tier\n")
UNION = {"points": write("id tier points\n"), "tier": write("id points tier\n")}


@pytest.mark.parametrize("order", [("points", "tier"), ("tier", "points")], ids=" then ".join)
def test_the_later_of_two_that_change_one_contract_and_one_line_is_made_again(
    tmp_path: Path, order: tuple[str, str]
):
    world = two(
        tmp_path,
        {"points": {"*": [ONE, UNION["points"]]}, "tier": {"*": [OTHER, UNION["tier"]]}},
    )
    intents = {"points": POINTS, "tier": TIER}
    first, second = order
    for run in order:
        world.begin(run=run, agent=run, intent=intents[run], approve_all=True)
    world.work(lambda s: s.phase == "approved", run=first)
    world.work(lambda s: s.phase == "approved", run=second)
    for run in order:
        world.controls.land(run, by="me")
    state = world.work(closed, run=second)
    assert state.phase == "landed", (state.refused, state.failed, state.needs)
    assert world.state(first).phase == "landed"
    assert kinds(world, first).count("run_rebased") == 0
    assert kinds(world, second).count("run_rebased") == 1
    assert set(json.loads(world.landed_file(CONTRACT))["properties"]) == {"id", "points", "tier"}
    assert set(world.landed_file(FIELDS).split()) == {"id", "points", "tier"}
    again = started(world, second, "users")[1]
    assert [told.source for told in again.feedback] == ["conflict"]
    told = again.feedback[0].text
    assert f"add {first}" in told
    assert f"+id {first}" in told
    assert f"+id {second}" in told
    assert f"{CONTRACT}: landed meanwhile:" in told
    assert world.litter() == []


def test_only_the_service_that_conflicts_works_and_is_reviewed_again(tmp_path: Path):
    """Edited after its approval: the target moves under an approved changeset."""
    world = two(tmp_path, {"one": {"*": [ONE, write("id points # ours\n")]}})
    world.begin(agent="one", intent=POINTS, trusted=False)
    world.work(lambda s: s.phase == "review")
    world.controls.approve("r1", by="ann")
    (world.root / FIELDS).write_text("id\n# somebody's own line\n")
    (world.root / FIELDS).write_text("id # ours\n")
    git(
        world.root, "-c", "user.name=u", "-c", "user.email=u@example.test", "commit", "-qam", "a line of ours"
    )
    world.controls.land("r1", by="ann")
    state = world.work(lambda s: s.rebased is not None and s.phase == "review")
    assert {name: task.phase for name, task in state.tasks.items()} == {
        "orders": "approved",
        "users": "ready",
    }
    assert {name: task.turn for name, task in state.tasks.items()} == {"orders": 1, "users": 2}
    assert state.contract is not None
    assert git(world.layout.objects, "rev-parse", f"{state.contract.commit}^") == git(
        world.root, "rev-parse", "main"
    )
    assert state.land_requested is not None
    world.controls.approve("r1", by="ann")
    assert world.work(closed).phase == "landed"
    assert world.landed_file(FIELDS) == "id points # ours"


def test_a_contract_change_that_fits_no_more_needs_a_person_who_sees_both_sides(tmp_path: Path):
    world = two(tmp_path, {"one": {"*": [ONE]}, "other": {"*": [ONE]}})
    for run, name in (("r1", "one"), ("r2", "other")):
        world.begin(run=run, agent=name, intent=POINTS, approve_all=True)
        world.work(lambda s: s.phase == "approved", run=run)
    text = json.loads((world.root / CONTRACT).read_text())
    text["properties"]["points"] = {"type": "integer"}
    (world.root / CONTRACT).write_text(json.dumps(text, indent=4))
    git(
        world.root,
        "-c",
        "user.name=u",
        "-c",
        "user.email=u@example.test",
        "commit",
        "-qam",
        "points are integers",
    )
    world.controls.land("r1", by="me")
    state = world.work(lambda s: s.refused is not None)
    assert state.refused is not None
    assert f"the contract {CONTRACT} was changed there too" in state.refused.reason
    assert "landed meanwhile:" in state.refused.reason
    assert "planned here:" in state.refused.reason
    assert state.phase == "refused"


def test_a_run_is_made_again_a_bounded_number_of_times(tmp_path: Path):
    world = two(tmp_path, {"one": {"*": [ONE, ONE, ONE, ONE]}})
    world.begin(agent="one", intent=POINTS, trusted=False)
    world.work(lambda s: s.phase == "review")
    world.controls.approve("r1", by="ann")
    world.controls.land("r1", by="ann")
    for text in ("id a\n", "id b\n", "id c\n", "id d\n"):
        (world.root / FIELDS).write_text(text)
        git(
            world.root, "-c", "user.name=u", "-c", "user.email=u@example.test", "commit", "-qam", text.strip()
        )
        state = world.work(lambda s: s.refused is not None or (s.phase == "review" and s.rebase is None))
        if state.refused is None:
            world.controls.approve("r1", by="ann")
    assert state.refused is not None
    assert state.refused.services == ("users",)
    assert kinds(world, "r1").count("run_rebased") == 3


def test_a_rebase_that_died_halfway_is_done_again_to_the_same_commits(tmp_path: Path):
    world = two(tmp_path, {"one": {"*": [ONE]}})
    world.begin(agent="one", intent=POINTS, trusted=False)
    world.work(lambda s: s.phase == "review")
    world.controls.approve("r1", by="ann")
    world.controls.land("r1", by="ann")
    (world.root / FIELDS).write_text("id other\n")
    git(world.root, "-c", "user.name=u", "-c", "user.email=u@example.test", "commit", "-qam", "other")
    do(world, "merge")
    before = world.state().seq
    lost = replace(world.context, log=Deaf(world.log))
    (unit,) = wanted(world)
    assert unit.kind == "rebase"
    with pytest.raises(ConnectionResetError):
        asyncio.run(UNITS["rebase"](lost, unit))
    for _ in range(2):
        asyncio.run(UNITS["rebase"](world.context, unit))
    again = [x.event for x in world.log.read(before)]
    assert [event.kind for event in again] == ["run_rebased", "work_rebased", "work_rebased"]
    first = next(event for event in again if isinstance(event, e.RunRebased))
    assert git(world.layout.objects, "rev-parse", f"{first.commit}^") == git(world.root, "rev-parse", "main")
    users = world.state().tasks["users"]
    assert users.redo is not None
    assert world.state().tasks["orders"].phase == "approved"
    assert users.workspace is not None
    assert (Path(users.workspace) / FIELDS).read_text() == "id other\n"


def commit(world: World, files: dict[str, str], message: str) -> None:
    """A person's commit on the target, of files of the service users."""
    for path, text in files.items():
        (world.root / "services/users" / path).write_text(text)
    git(world.root, "add", "-A")
    git(world.root, *IDENTITY, "commit", "-qm", message)


def test_what_is_green_apart_and_red_together_goes_back_to_the_agent_of_the_red_check(tmp_path: Path):
    own = [*write("id points\n"), {"do": "write", "path": "b.txt", "text": "ours\n"}]
    mended: list[dict[str, object]] = [{"do": "delete", "path": "b.txt"}]
    world = two(tmp_path, {"one": {"orders": [ONE], "users": [own, mended]}})
    commit(world, {"test_apart.py": NOT_BOTH}, "a test")
    world.begin(agent="one", intent=POINTS)
    world.work(lambda s: s.phase == "review")
    world.controls.approve("r1", by="ann")
    commit(world, {"a.txt": "theirs\n"}, "a file of theirs")
    world.controls.land("r1", by="ann")
    state = world.work(lambda s: s.rebased is not None and s.phase == "review")
    assert state.refused is None
    assert {name: (t.phase, t.turn) for name, t in state.tasks.items()} == {
        "orders": ("approved", 1),
        "users": ("ready", 2),
    }
    (told,) = started(world, "r1", "users")[1].feedback
    assert told.source == "union"
    for words in ("a beside b", "+theirs", "+ours", "1 of 2 tests failed", "nobody else changed them"):
        assert words in told.text
    world.controls.approve("r1", by="ann")
    assert world.work(closed).phase == "landed"
    assert (
        git(world.root, "ls-files", "services/users/a.txt", "services/users/b.txt") == "services/users/a.txt"
    )


def test_a_target_that_is_red_by_itself_is_not_held_against_the_changeset(tmp_path: Path):
    world = two(tmp_path, {"one": {"*": [ONE]}})
    world.begin(agent="one", intent=POINTS)
    world.work(lambda s: s.phase == "review")
    world.controls.approve("r1", by="ann")
    commit(world, {"test_red.py": NOT_BOTH.replace("assertFalse", "assertTrue")}, "red")
    world.controls.land("r1", by="ann")
    refused = world.work(lambda s: s.refused is not None or s.rebase is not None).refused
    assert refused is not None
    assert refused.reason.startswith("'main' is red without it: users: failed, twice: 1 of 2 tests failed")
    assert refused.next_step == "mend 'main', then `hive land r1`"


class Deaf:
    """A log whose next event is lost, as by a kill."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self.read, self.follow = log.read, log.follow

    def append(self, *_: Draft, durable: bool = False) -> list[e.Envelope]:
        """Lose it."""
        raise ConnectionResetError(durable)

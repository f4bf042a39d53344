"""Agents that ask hive: notes, checks, and another contract while the run is under way."""

import pytest

from hive.errors import NeedsPerson
from hive.model import Edge
from tests.world import CONTRACT, World, add_field, contract

CALLS = (Edge(source="orders", target="users", contract=CONTRACT),)
TEXT = contract("points", "tier")
BOTH = [{"do": "write", "path": "fields.txt", "text": "id points tier\n"}]


def ask(tool: str, **given: object) -> dict[str, object]:
    return {"do": "ask", "tool": tool, "given": given}


def propose(text: str = TEXT, **given: object) -> dict[str, object]:
    return ask(
        "propose_contract_change", **{"path": CONTRACT, "reason": "tiers too", "new_text": text} | given
    )


def every(phase: str):
    return lambda state: {task.phase for task in state.tasks.values()} == {phase}


def said(world: World, service: str) -> list[str]:
    return [r.text for r in world.state().tasks[service].reports if r.report == "said"]


def events(world: World, kind: type) -> list:
    return [(e.service, e.event) for e in world.log.read() if isinstance(e.event, kind)]


def test_an_approved_proposal_becomes_the_next_contract_and_lands_with_work_that_follows_it(tmp_path):
    world = World.make(tmp_path, {"users": [[*add_field(), propose()], BOTH], "orders": [add_field(), BOTH]})
    run = world.begin(approve_all=True, land=True, edges=CALLS)
    waiting = world.work(every("approved"))
    (need,) = waiting.needs
    assert (need.what, need.service, need.command) == ("proposal", "users", "hive proposals r1")
    assert waiting.phase == "review"  # though every diff is approved: nothing lands before the decision
    with pytest.raises(NeedsPerson, match="proposal 1"):
        world.controls.land(run, by="ann")
    world.controls.decide(run, 1, approved=True, by="ann")
    landed = world.work(lambda s: s.closed is not None)
    assert landed.landed, landed.refused
    assert world.landed_file(CONTRACT) + "\n" == TEXT
    for service in ("users", "orders"):
        assert world.landed_file(f"services/{service}/fields.txt") == "id points tier"
    assert not world.litter()

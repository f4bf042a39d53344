"""Agents that propose another contract while the run is under way, and what becomes of everybody's work."""

import asyncio
import json

import pytest

from hive.errors import NeedsPerson, UsageError
from hive.events import Approved, ContractProposed, ContractRevised, MessageSent, ProposalDecided, TurnStarted
from hive.model import Contract, Edge
from hive.orchestrator.schedule import Unit
from hive.orchestrator.units.revise import revise
from tests.world import CONTRACT, World, add_field, contract, git

CALLS = (Edge(source="orders", target="users", contract=CONTRACT),)
TEXT = contract("points", "tier")
BOTH = [{"do": "write", "path": "fields.txt", "text": "id points tier\n"}]
OTHER = "contracts/audit.schema.json"
AUDIT = Contract(path=OTHER, kind="jsonschema", owner="users")


def ask(tool: str, **given: object) -> dict[str, object]:
    return {"do": "ask", "tool": tool, "given": given}


def propose(text: str = TEXT, **given: object) -> dict[str, object]:
    return ask(
        "propose_contract_change", **{"path": CONTRACT, "reason": "tiers too", "new_text": text} | given
    )


def every(phase: str):
    return lambda state: {task.phase for task in state.tasks.values()} == {phase}


def said(world: World, service: str) -> str:
    return "\n".join(r.text for r in world.state().tasks[service].reports if r.report == "said")


def told(world: World, kind: type) -> list:
    return [(e.service, e.event) for e in world.log.read() if isinstance(e.event, kind)]


def with_audit(world: World) -> World:
    """A second contract, which only users has a part in."""
    (world.root / OTHER).write_text(contract())
    git(world.root, "add", "-A")
    git(world.root, "-c", "user.name=u", "-c", "user.email=u@example.test", "commit", "-qm", "audit")
    return world


def test_an_approved_proposal_becomes_the_next_contract_and_lands_with_work_that_follows_it(tmp_path):
    world = World.make(tmp_path, {"users": [[*add_field(), propose()], BOTH], "orders": [add_field(), BOTH]})
    run = world.begin(approve_all=True, land=True, edges=CALLS)
    waiting = world.work(every("approved"))
    (need,) = waiting.needs
    assert (need.what, need.service, need.command) == ("proposal", "users", "hive proposals r1")
    assert waiting.phase == "review"  # though every diff is approved: nothing lands before the decision
    with pytest.raises(NeedsPerson, match="proposal 1"):
        world.controls.land(run, by="ann")
    assert waiting.proposals[0].made.severity == "compatible"
    assert waiting.proposals[0].made.services == ("orders", "users")
    world.controls.decide(run, 1, approved=True, by="ann")
    with pytest.raises(UsageError, match="was approved by ann already"):
        world.controls.decide(run, 1, approved=False, by="ann")
    landed = world.work(lambda s: s.closed is not None)
    assert landed.landed, landed.refused
    assert world.landed_file(CONTRACT) + "\n" == TEXT
    for service in ("users", "orders"):
        assert world.landed_file(f"services/{service}/fields.txt") == "id points tier"
        starts = [e.contract_version for name, e in told(world, TurnStarted) if name == service]
        assert starts == [1, 2]
        (source,) = {each.source for each in landed.tasks[service].told}
        assert source == "contract"
    first, second = landed.versions
    assert git(world.layout.objects, "rev-list", "--count", f"{first}..{second}") == "1"
    assert not world.litter()
    assert landed.tested
    assert landed.landed.tree == landed.tested.tree


def test_services_that_it_does_not_touch_keep_work_evidence_and_approvals(tmp_path):
    audit = contract("who")
    users = [[*add_field(), propose(audit, path=OTHER)], [{"do": "say", "text": "fits already"}]]
    world = with_audit(World.make(tmp_path, {"users": users, "orders": [add_field()]}))
    run = world.begin(contracts=(AUDIT,))
    world.work(every("ready"))
    world.controls.approve(run, by="ann")
    before = world.state().tasks["orders"]
    kept = (before.work, dict(before.evidence), before.approvals, before.settled)
    world.controls.decide(run, 1, approved=True, by="ann")
    after = world.work(
        lambda s: bool(s.versions[1:]) and s.tasks["users"].turn == 2 and s.tasks["users"].phase == "ready"
    )
    orders = after.tasks["orders"]
    assert (orders.work, orders.evidence, orders.approvals, orders.settled) == kept
    assert orders.phase == "approved"
    assert not after.tasks["users"].is_approved  # the same diff, but approved on the older contract
    world.controls.approve(run, by="ann")
    world.controls.land(run, by="ann")
    landed = world.work(lambda s: s.closed is not None)
    assert landed.landed, landed.refused
    assert world.landed_file(OTHER) + "\n" == audit
    assert [name for name, _ in told(world, TurnStarted)].count("orders") == 1


def test_a_session_that_works_is_told_and_gets_the_files_after_its_turn(tmp_path):
    users = [[*add_field(), propose(), {"do": "hear"}, ask("get_contract", path=CONTRACT)], BOTH]
    orders = [[*add_field(), {"do": "hear"}, {"do": "run", "argv": ["cat", f"../../{CONTRACT}"]}], BOTH]
    world = World.make(tmp_path, {"users": users, "orders": orders})
    world.begin(approve_all=True, land=True, edges=CALLS, approve_compatible_proposals=True)
    done = world.work(lambda s: s.closed is not None)
    assert done.landed, done.refused
    assert {name for name, _ in told(world, MessageSent)} == {"users", "orders"}
    words = [
        e.report.text
        for e in (x.event for x in world.log.read())
        if getattr(e, "report", None) and e.report.report == "said"
    ]
    assert any("version 2, proposal 1" in text and "tier" in text for text in words)
    assert any('"tier"' in text and text.startswith(CONTRACT) for text in words)  # get_contract: the new one
    assert any(
        '"points"' in text and '"tier"' not in text for text in words if text.startswith("{")
    )  # its file
    (decided,) = [event for _, event in told(world, ProposalDecided)]
    assert (decided.approved, decided.by) == (True, "policy")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"new_text": '{"type":\n  "object",,\n}'}, ":2: the proposed text cannot be read"),
        ({"new_text": contract("points")}, "changes nothing"),
        ({"path": "../../etc/passwd"}, "is no contract of this project"),
        ({"path": "services/users/fields.txt"}, "is no contract of this project"),
        ({"path": "/" + CONTRACT}, "is no contract of this project"),
        ({"new_text": None, "replacements": [{"old": "no such passage", "new": "x"}]}, "is there 0 times"),
        ({"new_text": "x", "replacements": [{"old": "id", "new": "x"}]}, "exactly one"),
        ({"reason": "\x1b[2J\x07"}, "needs a reason"),
        ({"new_text": "x" * 600_000}, "at most"),
        ({"run": "r2"}, "run: is no argument of it"),
    ],
)  # fmt: skip
def test_what_cannot_be_proposed_is_refused_at_once_with_the_reason(refusals, given, words):
    assert words in refusals(given)


@pytest.fixture(scope="module")
def refusals(tmp_path_factory):
    """What a session is told of a proposal; one run in the middle of a turn answers for all of them."""
    from hive.agents.tools.offer import called
    from hive.orchestrator.tools import SessionTools

    world = World.make(tmp_path_factory.mktemp("refusals"), {"*": [[{"do": "hold", "name": "gate"}]]})
    world.begin()
    world.work(lambda s: all(t.turn == 1 for t in s.tasks.values()))
    tools = SessionTools(world.context, "r1", "users", 1)

    def ask_(given):
        whole = {"path": CONTRACT, "reason": "r", "new_text": TEXT} | given
        answer = asyncio.run(called(tools, "propose_contract_change", whole))
        assert answer.refused
        assert "\x1b" not in answer.text
        assert not world.state().proposals
        return answer.text

    return ask_


def test_a_rejected_one_changes_nothing_and_a_breaking_one_is_never_approved_by_policy(tmp_path):
    world = World.make(tmp_path, {"users": [[*add_field(), propose(contract())]], "orders": [add_field()]})
    run = world.begin(approve_all=True, land=True, edges=CALLS, approve_compatible_proposals=True)
    waiting = world.work(every("approved"))
    assert waiting.proposals[0].made.severity in ("breaking", "dangerous")
    assert [need.what for need in waiting.needs] == ["proposal"]
    world.controls.decide(run, 1, approved=False, by="ann", reason="we need it")
    landed = world.work(lambda s: s.closed is not None)
    assert landed.landed
    assert world.landed_file(CONTRACT) + "\n" == contract("points")
    assert not told(world, ContractRevised)
    for number in (0, 2, -1):
        with pytest.raises(UsageError):
            world.controls.decide(run, number, approved=True, by="ann")


def test_two_proposals_for_one_file_are_merged_and_one_that_cannot_be_is_refused(tmp_path):
    first = {"old": '    "id": {', "new": '    "a": {\n      "type": "string"\n    },\n    "id": {'}
    last = {"old": '  "title": "User"', "new": '  "description": "A person.",\n  "title": "User"'}
    clash = {"old": '    "id": {', "new": '    "b": {\n      "type": "integer"\n    },\n    "id": {'}
    asks = [
        propose(None, replacements=[each, *more])
        for each, more in ((first, []), (clash, []), (last, [{"old": '"points": {', "new": '"score": {"type": "string"},\n    "points": {'}]))
    ]  # fmt: skip
    world = World.make(
        tmp_path,
        {"users": [[*add_field(), *asks], [{"do": "hold", "name": "gate"}]], "orders": [add_field()]},
    )
    run = world.begin()
    world.work(lambda s: s.tasks["users"].phase in ("ready", "stuck"))
    assert [p.status for p in world.state().proposals] == ["open"] * 3
    for number in (1, 2, 3):
        world.controls.decide(run, number, approved=True, by="ann")
    state = world.work(lambda s: not any(p.pending for p in s.proposals))
    assert [p.status for p in state.proposals] == ["made", "rejected", "made"]
    assert "does not merge with version 2" in state.proposals[1].decided.reason
    newest = json.loads(git(world.layout.objects, "show", f"{state.contract.commit}:{CONTRACT}"))
    assert set(newest["properties"]) == {"a", "id", "score", "points"}
    assert len(state.versions) == 3


def test_killed_between_the_commit_and_its_record_or_in_the_turn_that_follows_nothing_is_done_twice(tmp_path):
    held = [*BOTH, {"do": "hold", "name": "gate"}]
    world = World.make(tmp_path, {"users": [[*add_field(), propose()], held], "orders": [add_field(), BOTH]})
    run = world.begin(approve_all=True, land=True, edges=CALLS)
    world.work(every("approved"))
    world.controls.decide(run, 1, approved=True, by="ann")
    unit = Unit("revise", run, number=1)
    asyncio.run(revise(world.context, unit))
    asyncio.run(revise(world.context, unit))
    ((_, revision),) = told(world, ContractRevised)
    world.work(lambda s: s.tasks["users"].turn == 2 and s.tasks["users"].claimed_edits == 1)
    (tmp_path / "markers/gate.release").touch()
    landed = world.work(lambda s: s.closed is not None)  # an engine that died in the turn begins it again
    assert landed.landed, landed.refused
    assert landed.tasks["users"].tries == 2
    assert landed.versions[1:] == [revision.commit]
    assert landed.tasks["users"].contract_version == 2
    assert world.landed_file("services/users/fields.txt") == "id points tier"
    assert told(world, Approved)
    assert len(told(world, ContractProposed)) == 1

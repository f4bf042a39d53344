"""Whole runs on a real project: the scripted agent works, hive plans nothing away and lands all or nothing."""

from pathlib import Path

import pytest

from hive import events as e
from hive.errors import NeedsPerson, UsageError
from hive.model import Answer, Remark, Words
from hive.orchestrator.durable import DbosDurable
from hive.state import RunState
from tests.world import CONTRACT, World, add_field, git

BOTH = {"*": [add_field()]}


def closed(state: RunState) -> bool:
    return state.closed is not None


def waits(state: RunState) -> bool:
    return state.phase in ("review", "approved", "stopped")


def kinds(world: World, kind: str) -> list[e.Event]:
    return [envelope.event for envelope in world.log.read() if envelope.event.kind == kind]


def test_a_run_lands_contract_and_services_as_one_merge(tmp_path: Path):
    world = World.make(tmp_path, BOTH)
    before = git(world.root, "rev-parse", "HEAD")
    world.begin(approve_all=True, land=True)
    state = world.work(closed)
    assert state.phase == "landed", state.failed
    assert '"points"' in world.landed_file(CONTRACT)
    assert world.landed_file("services/users/fields.txt") == "id points"
    assert world.landed_file("services/orders/fields.txt") == "id points"
    assert git(world.root, "log", "--first-parent", "--format=%H", "main").split()[1:] == [before]
    assert len(git(world.root, "log", "-1", "--format=%P", "main").split()) == 3
    assert git(world.root, "status", "--porcelain") == ""
    assert state.landed is not None
    assert state.tested is not None
    assert git(world.root, "rev-parse", "main^{tree}") == state.tested.tree == state.landed.tree
    assert world.litter() == []


def test_a_run_survives_on_the_durable_engine(tmp_path: Path):
    world = World.make(tmp_path, BOTH)
    world.begin(approve_all=True, land=True)
    assert world.work(closed, durable=DbosDurable(world.layout.engine_database)).phase == "landed"


def test_without_a_flag_everything_waits_for_a_person(tmp_path: Path):
    world = World.make(tmp_path, BOTH)
    world.begin()
    state = world.work(waits)
    assert [n.what for n in state.needs] == ["review", "review"]
    assert git(world.root, "rev-list", "--count", "main") == "1"
    world.controls.approve("r1", by="me")
    assert [n.what for n in world.state().needs] == ["land"]
    world.controls.land("r1", by="me")
    assert world.work(closed).phase == "landed"


def test_red_tests_go_back_to_the_agent_with_the_evidence(tmp_path: Path):
    world = World.make(
        tmp_path,
        {"users": [[{"do": "say", "text": "done, all green"}], add_field()], "orders": [add_field()]},
    )
    world.begin(approve_all=True, land=True)
    assert world.work(closed).phase == "landed"
    turns = [t for t in kinds(world, "turn_started") if isinstance(t, e.TurnStarted) and t.turn == 2]
    assert len(turns) == 1
    assert turns[0].feedback[0].source == "check"
    assert "test_code_and_contract_agree" in turns[0].feedback[0].text


def test_work_that_stays_red_needs_a_person_and_nothing_lands(tmp_path: Path):
    world = World.make(
        tmp_path, {"users": [[{"do": "say", "text": "all tests passed"}]], "orders": [add_field()]}
    )
    world.begin(approve_all=True, land=True, rework_limit=1)
    state = world.work(lambda s: s.settled and s.tasks["orders"].phase == "approved")
    assert state.tasks["users"].phase == "stuck"
    assert state.tasks["users"].turn == 2
    assert [n.what for n in state.needs] == ["stuck"]
    assert git(world.root, "rev-list", "--count", "main") == "1"


def test_a_change_outside_the_service_is_refused_and_told(tmp_path: Path):
    trespass = [*add_field(), {"do": "write", "path": "../orders/fields.txt", "text": "mine\n"}]
    world = World.make(
        tmp_path,
        {
            "users": [trespass, [{"do": "run", "argv": ["git", "checkout", "-q", "--", "../orders"]}]],
            "orders": [add_field()],
        },
    )
    world.begin(approve_all=True, land=True, rework_limit=1)
    state = world.work(lambda s: s.settled or closed(s))
    second = [t for t in kinds(world, "turn_started") if isinstance(t, e.TurnStarted) and t.turn == 2]
    assert [f.source for f in second[0].feedback] == ["scope"]
    assert "services/orders/fields.txt" in second[0].feedback[0].text
    assert not state.failed, state.failed


def test_a_comment_brings_rework_and_voids_the_approval(tmp_path: Path):
    better = [{"do": "write", "path": "fields.txt", "text": "points id\n"}]
    world = World.make(tmp_path, {"users": [add_field(), better], "orders": [add_field()]})
    world.begin()
    world.work(waits)
    world.controls.approve("r1", by="me")
    remark = Remark(service="users", text="other order, please", path="services/users/fields.txt", line=1)
    world.controls.comment("r1", [remark], by="me")
    state = world.work(lambda s: s.settled and s.tasks["users"].turn == 2)
    assert state.tasks["users"].phase == "ready"
    assert state.tasks["orders"].phase == "approved"
    assert "fields.txt:1: other order" in state.tasks["users"].told[0].text
    world.controls.approve("r1", by="me")
    world.controls.land("r1", by="me")
    assert world.work(closed).phase == "landed"
    assert world.landed_file("services/users/fields.txt") == "points id"


def test_commands_of_an_untrusted_project_do_not_run(tmp_path: Path):
    world = World.make(tmp_path, BOTH)
    world.begin(trusted=False, approve_all=True, land=True)
    state = world.work(lambda s: s.settled)
    assert {t.evidence["tests"].outcome for t in state.tasks.values()} == {"unverified"}
    assert state.phase == "review"


def test_a_commit_on_the_target_meanwhile_is_merged_and_tested_again(tmp_path: Path):
    world = World.make(tmp_path, BOTH)
    world.begin()
    world.work(waits)
    (world.root / "README").write_text("hello\n")
    git(world.root, "add", "README")
    git(world.root, "-c", "user.name=u", "-c", "user.email=u@example.test", "commit", "-qm", "meanwhile")
    world.controls.approve("r1", by="me")
    world.controls.land("r1", by="me")
    assert world.work(closed).phase == "landed"
    assert world.landed_file("README") == "hello"
    assert world.landed_file("services/users/fields.txt") == "id points"


def test_a_target_that_was_reset_stops_the_landing(tmp_path: Path):
    world = World.make(tmp_path, BOTH)
    world.begin()
    world.work(waits)
    git(world.root, "checkout", "-q", "--orphan", "other")
    git(world.root, "-c", "user.name=u", "-c", "user.email=u@example.test", "commit", "-qm", "new past")
    git(world.root, "branch", "-f", "main", "other")
    world.controls.approve("r1", by="me")
    world.controls.land("r1", by="me")
    state = world.work(lambda s: s.queue_stopped is not None)
    assert state.queue_stopped is not None
    assert "was reset" in state.queue_stopped.reason
    assert "hive queue resume" in state.needs[0].command


def test_a_deleted_target_stops_the_landing(tmp_path: Path):
    world = World.make(tmp_path, BOTH)
    world.begin()
    world.work(waits)
    git(world.root, "checkout", "-q", "--detach")
    git(world.root, "branch", "-D", "main")
    world.controls.approve("r1", by="me")
    world.controls.land("r1", by="me")
    state = world.work(lambda s: s.queue_stopped is not None)
    assert state.queue_stopped is not None
    assert "does not exist any more" in state.queue_stopped.reason


def test_a_dirty_checkout_is_left_alone_and_the_change_lands_beside_it(tmp_path: Path):
    world = World.make(tmp_path, BOTH)
    (world.root / "services/users/fields.txt").write_text("my unsaved thoughts\n")
    world.begin(approve_all=True, land=True)
    state = world.work(closed)
    assert state.landed is not None
    assert state.landed.ref == "refs/heads/hive/landed/r1"
    assert state.landed.note
    assert (world.root / "services/users/fields.txt").read_text() == "my unsaved thoughts\n"
    assert git(world.root, "rev-list", "--count", "main") == "1"


def test_a_stopped_run_keeps_its_work_and_goes_on_when_resumed(tmp_path: Path):
    world = World.make(
        tmp_path, {"users": [[{"do": "hold", "name": "gate"}, *add_field()]], "orders": [add_field()]}
    )
    world.begin(approve_all=True, land=True)
    world.work(lambda s: s.tasks["users"].turn == 1 and s.tasks["orders"].phase == "approved")
    world.controls.stop("r1", by="me")
    assert world.state().phase == "stopped"
    (tmp_path / "markers").mkdir(exist_ok=True)
    (tmp_path / "markers" / "gate.release").touch()
    world.controls.resume("r1", by="me")
    assert world.work(closed).phase == "landed"
    assert [t.turn for t in kinds(world, "turn_started") if isinstance(t, e.TurnStarted)].count(2) == 0


def test_a_discarded_run_leaves_nothing_but_its_refs(tmp_path: Path):
    world = World.make(tmp_path, BOTH)
    world.begin()
    world.work(waits)
    world.controls.reject("r1", (), reason="not needed", by="me")
    assert world.work(closed).phase == "discarded"
    assert world.litter() == []
    assert git(world.root, "rev-list", "--count", "main") == "1"


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ({"do": "crash"}, "failed"),
        ({"do": "end", "outcome": "failed", "reason": "no idea"}, "no idea"),
    ],
)
def test_an_agent_that_fails_needs_a_person(tmp_path: Path, action: dict[str, object], words: str):
    world = World.make(tmp_path, {"users": [[action]], "orders": [add_field()]})
    world.begin(approve_all=True, land=True, rework_limit=0)
    state = world.work(lambda s: s.settled)
    assert state.tasks["users"].phase == "stuck"
    assert [words in n.text for n in state.needs if n.service == "users"] == [True]


def test_a_spent_budget_pauses_the_run_until_a_person_raises_it(tmp_path: Path):
    dear = [{"do": "spend", "cost_usd": 2.5}, {"do": "say", "text": "and on"}]
    world = World.make(tmp_path, {"users": [dear, add_field()], "orders": [add_field()]})
    world.begin(approve_all=True, land=True, budget_usd=2.0, max_parallel=1)
    state = world.work(lambda s: s.phase == "paused")
    assert state.needs[0].what == "budget"
    with pytest.raises(NeedsPerson, match=r"2\.50 USD of 2\.00"):
        world.controls.resume("r1", by="me")
    world.controls.resume("r1", by="me", budget_usd=10.0)
    assert world.work(closed).phase == "landed"


def test_words_of_a_person_reach_the_agent_while_it_works(tmp_path: Path):
    listening = [{"do": "say", "text": "ready"}, {"do": "hear"}, *add_field()]
    world = World.make(tmp_path, {"users": [listening], "orders": [add_field()]})
    world.begin(approve_all=True, land=True)
    spoken: list[str] = []

    def speak_when_it_is_ready(state: RunState) -> bool:
        if state.tasks["users"].reports and not spoken:
            spoken.append("mind the gap")
            world.controls.say("r1", "users", Words(text=spoken[0]), by="ann")
        return closed(state)

    assert world.work(speak_when_it_is_ready).phase == "landed"
    said = [
        r.report.text
        for r in kinds(world, "agent_reported")
        if isinstance(r, e.AgentReported) and r.report.report == "said"
    ]
    assert any("mind the gap" in text for text in said)


def test_words_to_an_agent_that_rests_are_a_comment(tmp_path: Path):
    world = World.make(tmp_path, BOTH)
    world.begin()
    world.work(waits)
    assert world.controls.say("r1", "users", Words(text="again"), by="ann").tasks["users"].comments
    with pytest.raises(UsageError, match="did not ask 'q1'"):
        world.controls.say("r1", "users", Answer(id="q1", text="yes"), by="ann")

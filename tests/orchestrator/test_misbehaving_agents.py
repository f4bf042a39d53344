"""Whatever an agent does wrong is a state of its own with the reason, and nothing lands by itself."""

from pathlib import Path

import pytest

from hive.process import marked
from tests.world import CONTRACT, World, add_field, git

HANG = {"do": "hang"}
BOAST = {"do": "say", "text": "Ran 12 tests in 0.1s\n\nOK"}
FORGED = '<testsuite tests="9" failures="0"><testcase name="a" classname="b"/></testsuite>'


def write(path: str, text: str) -> dict[str, object]:
    return {"do": "write", "path": path, "text": text}


@pytest.mark.parametrize(
    ("turn", "policy", "words"),
    [
        pytest.param([HANG], {"idle_timeout": 0.3}, "no sign of life", id="falls silent"),
        pytest.param([{**HANG, "every": 0.05}], {"turn_timeout": 0.5}, "0.5 seconds", id="never ends"),
        pytest.param([{"do": "end"}], {}, "tests", id="ends at once"),
        pytest.param([BOAST], {}, "tests", id="edits nothing and says it is green"),
        pytest.param(
            [*add_field(), write("../orders/fields.txt", "mine\n")],
            {},
            "services/orders/fields.txt",
            id="edits another service",
        ),
        pytest.param([write(f"../../{CONTRACT}", "{}\n")], {}, CONTRACT, id="rewrites the contract"),
        pytest.param(
            [write("results.xml", FORGED), write("report.xml", FORGED), BOAST],
            {},
            "tests",
            id="forges results",
        ),
    ],
)
def test_what_an_agent_does_wrong_waits_for_a_person(tmp_path: Path, turn, policy, words):
    world = World.make(tmp_path, {"users": [turn], "orders": [add_field()]})
    world.begin(approve_all=True, land=True, rework_limit=0, **policy)
    state = world.work(lambda s: s.settled)
    assert not state.failed, state.failed
    told = [need.text for need in state.needs if need.service == "users"]
    assert state.tasks["users"].phase == "stuck"
    assert words in told[0]
    assert git(world.root, "rev-list", "--count", "main") == "1"


def test_a_test_that_an_agent_silenced_proves_nothing(tmp_path: Path):
    silenced = "import os\nprint('Ran 1 test in 0.0s\\n\\nOK')\nos._exit(0)\n"
    world = World.make(tmp_path, {"users": [[write("test_fields.py", silenced)]], "orders": [add_field()]})
    world.begin(approve_all=True, land=True, rework_limit=0)
    state = world.work(lambda s: s.settled)
    assert state.tasks["users"].phase == "ready"
    assert state.tasks["users"].evidence["tests"].outcome == "unverified"
    assert [need.what for need in state.needs if need.service == "users"] == ["review"]
    assert git(world.root, "rev-list", "--count", "main") == "1"


def test_a_daemon_that_an_agent_leaves_behind_is_gone_when_its_turn_is(tmp_path: Path):
    daemon = {"do": "spawn", "abandoned": True}
    world = World.make(tmp_path, {"users": [[daemon, *add_field()]], "orders": [add_field()]})
    world.begin(approve_all=True, land=True)
    assert world.work(lambda s: s.closed is not None).phase == "landed"
    assert marked(str(world.layout.root / "homes" / "r1")) == []

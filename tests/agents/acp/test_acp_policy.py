from pathlib import Path

import pytest

from hive.agents.acp.policy import Request, allowed, askable, choice


def judged(request, tmp_path, *, confined=False):
    service = tmp_path / "users"
    service.mkdir(exist_ok=True)
    return allowed(request, tmp_path, service, confined=confined)


@pytest.mark.parametrize(
    "request_",
    [
        Request("edit", ("model.py",)),
        Request("delete", ("deep/old.py",)),
        Request("read", ("contracts/users.yaml",)),
        Request("search"),
        Request("think"),
    ],
)
def test_work_inside_is_allowed(request_, tmp_path):
    assert judged(request_, tmp_path) is None


@pytest.mark.parametrize(
    "request_",
    [
        Request("edit"),
        Request("edit", ("model.py",), knows_input=False),
        Request("edit", ("../orders/model.py",)),
        Request("edit", ("model.py", "/etc/passwd")),
        Request("edit", (".git/config",)),
        Request("read", ("/etc/passwd",)),
        Request("execute", (), knows_input=True),
        Request("fetch"),
        Request("other"),
        Request("brand_new"),
        Request(""),
    ],
)
def test_what_is_outside_or_cannot_be_judged_is_refused_with_a_reason(request_, tmp_path):
    assert judged(request_, tmp_path)


def test_where_the_agent_is_confined_as_a_whole_only_the_network_is_refused(tmp_path):
    assert judged(Request("execute"), tmp_path, confined=True) is None
    assert judged(Request("edit", (str(Path("/etc/passwd")),)), tmp_path, confined=True) is None
    assert judged(Request("fetch"), tmp_path, confined=True)


def test_the_answer_is_for_this_once_and_never_for_always():
    options = [("a", "allow_always"), ("b", "allow_once"), ("c", "reject_always")]
    assert choice(options, allow=True) == "b"
    assert choice(options, allow=False) == "c"
    assert choice(options[:1], allow=True) is None
    assert choice([], allow=False) is None


def test_a_person_may_allow_commands_and_the_network_but_no_other_files():
    assert [askable(Request(kind)) for kind in ("execute", "fetch", "other")] == [True] * 3
    assert not any(askable(Request(kind, ("/etc/passwd",))) for kind in ("edit", "delete", "move", "read"))

"""What the pages ask for besides runs: proposals, the changeset, contracts, choices, the queue."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hive import events as e
from hive.dashboard.web.role import Role
from hive.model import Answer, Policy
from tests.dashboard.conftest import Story
from tests.dashboard.web.busy import CONTRACT, busy
from tests.dashboard.web.site import Site, serve, tell

RUN = "/api/v1/runs/r4"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    log, told = busy(tmp_path)
    with serve(tmp_path, log, told) as running:
        yield running


def test_what_agents_ask_propose_and_tell_is_there_and_can_be_answered(site: Site):
    run = site.get(RUN).json
    asked = {task["service"]: task["asked"] for task in run["tasks"]}
    assert asked["orders"][0]["options"] == ["allow", "refuse"]
    assert [(n["author"], n["to"]) for n in run["notes"]] == [("web", "orders")]
    assert [p["severity"] for p in run["proposals"]] == ["breaking"]
    proposal = site.get(f"{RUN}/proposals/1").json
    assert proposal["files"][0]["hunks"][0]["lines"][1:] == ["-type: integer", "+type: string"]
    assert site.get(f"{RUN}/proposals/2").status == 404
    message = {"message": "answer", "id": "q1", "text": "allow"}
    assert site.post(f"{RUN}/say", {"service": "orders", "message": message}).status == 200
    told = site.log.read()[-1].event
    assert isinstance(told, e.MessageSent)
    assert told.message == Answer(id="q1", text="allow")
    assert site.post(f"{RUN}/decide", {"proposal": 1, "approved": False}, Role.REVIEWER).status == 403
    assert site.post(f"{RUN}/decide", {"proposal": 1, "approved": False, "reason": "no"}).status == 200
    assert site.get(f"{RUN}/proposals/1").json["status"] == "rejected"


def test_a_changeset_is_told_by_contract_element(site: Site):
    told = site.get(f"{RUN}/changeset").json
    first, other = told["groups"]
    assert first["element"].endswith("/loyalty_points")
    assert {each["service"] for each in first["files"]} == {None, "users"}
    assert [hunk["heading"] for each in other["files"] for hunk in each["hunks"]] == ["def greet():"] * 2
    assert told["diffs"] == {"users": "diff-1"}
    assert site.get(f"{RUN}/diff?service=users&old={'9' * 40}").status == 404


def test_contracts_and_choices_are_told(site: Site):
    contract = site.get(f"/api/v1/contract?path={CONTRACT}").json
    assert contract["entities"][0]["fields"][0]["name"] == "id"
    assert contract["consumers"] == ["orders"]
    assert site.get("/api/v1/contract?path=../../etc/passwd").status == 404
    choices = site.get("/api/v1/choices").json
    assert [each["name"] for each in choices["agents"]] == ["propagate", "claude"]


def test_the_queue_is_steered(site: Site):
    def queued() -> list[tuple[str, str]]:
        return [(each["run"], each["status"]) for each in site.get("/api/v1/queue").json]

    assert queued()[0] == ("r6", "held")
    assert [each["check"] for each in site.get("/api/v1/flakes").json] == ["tests"]
    assert site.post("/api/v1/runs/r6/release").status == 200
    assert ("r6", "held") not in queued()
    assert site.post("/api/v1/runs/r7/move", {"before": "r6", "priority": 9}).status == 200
    assert queued()[0][0] == "r7"
    assert site.post("/api/v1/runs/r7/hold", {"reason": "wait"}, Role.REVIEWER).status == 403
    assert site.post("/api/v1/runs/r7/hold", {"reason": "wait"}).status == 200
    assert site.post("/api/v1/runs/r5/withdraw", {}).status == 200
    assert [run for run, _ in queued()] == ["r7", "r6"]
    assert site.post("/api/v1/runs/r5/hold", {}).status == 409
    assert site.post("/api/v1/runs/r7/move", {}).status == 422
    refused = site.post("/api/v1/runs/r7/accept", {})
    assert (refused.status, refused.json["next"]) == (409, "hive queue"), refused.json


def test_the_queue_tells_its_lanes_and_what_stands_on_what(site: Site):
    found = {each["run"]: each for each in site.get("/api/v1/queue").json}
    assert {each["lane"] for each in found.values()} == {1}
    assert found["r7"]["stack"] == [{"run": "r5", "status": "merging"}]
    assert found["r7"]["track"]["above"] == found["r5"]["track"]["below"] == [0]
    assert (found["r6"]["held_by"], found["r6"]["held_because"]) == ("ann", "after the release")
    assert [(check["service"], check["flaky"]) for check in found["r7"]["checks"]] == [("users", True)]
    assert (found["r5"]["mode"], found["r5"]["window"]) == ("speculate", 21), "r1 has landed"
    assert "contracts/users.openapi.yaml" in found["r5"]["touches"]


def test_a_branch_is_queued_and_a_target_that_was_reset_goes_on(site: Site):
    added = site.post("/api/v1/queue", {"branch": "fix-rounding", "priority": 3, "after": ["r7"]})
    assert added.status == 201
    item = next(each for each in site.get("/api/v1/queue").json if each["run"] == added.json["run"])
    assert (item["request"], item["priority"], item["after"]) == ("branch fix-rounding", 3, ["r7"])
    offered = site.get(f"/api/v1/runs/{added.json['run']}").json["offered"]
    assert (offered["branch"], offered["by"]) == ("fix-rounding", "ann")
    assert site.post("/api/v1/queue", {"branch": "fix-rounding"}, Role.REVIEWER).status == 403
    refused = site.post("/api/v1/queue", {"branch": "no-such"})
    assert (refused.status, refused.json["next"]) == (409, "git branch lists them")
    assert site.post("/api/v1/queue", {"branch": ""}).status == 422
    stopped = e.QueueStopped(
        target="main", expected="a" * 40, found="9" * 40, reason="main is back", next_step="bring it on"
    )
    site.log.append(e.Draft(run="r5", event=stopped))
    site.post("/api/v1/runs/r6/release")  # takes in what has happened
    assert "stopped" in [each["status"] for each in site.get("/api/v1/queue").json]
    assert site.post("/api/v1/runs/r7/accept").status == 200
    assert "stopped" not in [each["status"] for each in site.get("/api/v1/queue").json]


def test_the_quarantine_of_open_runs_is_told(site: Site):
    assert site.get("/api/v1/quarantine").json == []
    created = Story("q1").created(policy=Policy(quarantine=("web/e2e",))).envelopes
    tell(site.log, created)
    site.post("/api/v1/runs/r6/release")
    assert site.get("/api/v1/quarantine").json == [{"check": "web/e2e", "runs": ["q1"]}]

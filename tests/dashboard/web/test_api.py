"""The API as another program uses it: what it tells, what it takes, and how it refuses."""

import http.client
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hive import events as e
from hive.dashboard.web.role import Role
from hive.model import Said
from tests.dashboard.conftest import HOSTILE, Story
from tests.dashboard.web.site import Answer, Site, Told, make_log, serve, tell

RUN = "/api/v1/runs/r7f3"


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Site]:
    """A server for one test alone: users is ready for review, orders and web are not."""
    log = make_log(tmp_path)
    tell(log, Story().begun().working("users").done("users").working("orders").envelopes)
    with serve(tmp_path, log, Told(log)) as running:
        yield running


def refused(answer: Answer, status: int) -> dict[str, object]:
    """The problem, which says what to do next."""
    assert answer.status == status, answer.body
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["status"] == status
    assert answer.json["next"]
    assert "Traceback" not in answer.body.decode()
    return answer.json


def test_runs_are_listed_newest_first_with_what_needs_a_person(site: Site):
    (run,) = site.get("/api/v1/runs").json
    assert (run["run"], run["phase"], run["services"]) == ("r7f3", "preparing", 3)
    assert [(need["what"], need["service"]) for need in run["needs"]] == [("review", "users")]
    users = next(task for task in run["tasks"] if task["service"] == "users")
    assert (users["phase"], users["passed"], users["added"]) == ("ready", 14, 17)


def test_a_run_tells_its_plan_its_graph_and_how_it_went_on(site: Site):
    run = site.get(RUN).json
    assert run["plan"]["changes"][0]["severity"] == "compatible"
    assert run["plan"]["contracts"] == ["contracts/users.openapi.yaml"]
    assert {service["name"] for service in run["graph"]["services"]} == {"users", "orders", "web"}
    phases = [span[0] for span in run["spans"]["users"]]
    assert phases[0] == "waiting"
    assert run["spans"]["users"][-1][0] == "ready"


def test_last_is_the_newest_run(site: Site):
    assert site.get("/api/v1/runs/last").json["run"] == "r7f3"


def test_a_service_tells_its_evidence(site: Site):
    users = site.get(f"{RUN}/services/users").json
    assert users["evidence"][0]["command"] == "pytest -q"
    assert users["brief"] == "Add it."


def test_a_diff_comes_as_files_hunks_and_lines(fresh: Site):
    fresh.told.diff = "diff --git a/x.py b/x.py\n--- a/x.py\n+++ b/x.py\n@@ -1 +1,2 @@\n a\n+b\n"
    diff = fresh.get(f"{RUN}/diff?service=users").json
    assert diff["files"][0]["hunks"][0]["lines"] == [" a", "+b"]
    assert diff["digest"] == fresh.get(f"{RUN}/services/users").json["diff"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/runs/nope", f"{RUN}/services/user", f"{RUN}/diff?service=nope", f"{RUN}/output?name=../../etc/passwd",
        "/api/v1/nothing", "/static/../pages.py", "/static/%2e%2e/pages.py", "/api/v1/events?run=nope",
    ],
)  # fmt: skip
def test_what_is_not_there_is_404_with_the_next_step(site: Site, path: str):
    refused(site.get(path), 404)


def test_an_unknown_service_is_told_the_names_that_are_near(site: Site):
    assert "users" in str(refused(site.get(f"{RUN}/services/userz"), 404)["next"])


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/events?after=-1",
        "/api/v1/events?after=x",
        "/api/v1/events?limit=0",
        "/api/v1/runs?limit=10000000",
        "/api/v1/events?after=99999999999999999999",
    ],
)
def test_a_query_out_of_bounds_is_422(site: Site, path: str):
    refused(site.get(path), 422)


def test_a_wrong_method_is_405(site: Site):
    refused(site.raw("POST", "/api/v1/flakes", site.browser(), b"{}"), 405)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b'{"service":1}',
        b'{"service":"users","more":1}',
        b'{"service":""}',
        b"\xff\xfe",
        b"[" * 50_000,
        b'{"service":"' + b"x" * 9999 + b'"}',
    ],
)
def test_malformed_bodies_are_422_without_a_trace(site: Site, body: bytes):
    answer = site.raw("POST", f"{RUN}/retry", site.browser(), body)
    assert answer.status in (400, 422), answer.body
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert len(answer.body) < 5000


def test_an_approval_names_the_diff_that_was_seen(fresh: Site):
    seen = fresh.get(f"{RUN}/services/users").json["diff"]
    old = fresh.post(f"{RUN}/approve", {"services": ["users"], "diffs": {"users": "of yesterday"}})
    assert "changed since" in str(refused(old, 409)["detail"])
    done = fresh.post(f"{RUN}/approve", {"services": ["users"], "diffs": {"users": seen}})
    assert done.status == 200
    assert next(t for t in done.json["tasks"] if t["service"] == "users")["phase"] == "approved"
    assert fresh.told.woken >= 1
    assert fresh.get(f"{RUN}/services/users").json["approved_by"] == "ann"


def test_a_remark_sends_work_back_and_is_signed(fresh: Site):
    body = {"service": "users", "text": "not like this", "path": "a.py", "line": 3}
    assert fresh.post(f"{RUN}/comment", body, Role.REVIEWER).status == 200
    said = fresh.log.read()[-1]
    assert isinstance(said.event, e.Commented)
    assert (said.service, said.event.text, said.event.path, said.event.line, said.event.by) == (
        "users",
        "not like this",
        "a.py",
        3,
        "ann",
    )


def test_decisions_that_are_not_possible_are_409_with_the_reason(fresh: Site):
    assert "cannot land" in str(refused(fresh.post(f"{RUN}/land"), 409)["detail"])
    refused(fresh.post(f"{RUN}/approve", {"services": ["orders"]}), 409)
    refused(fresh.post(f"{RUN}/approve", {"plan": "x"}), 409)
    refused(fresh.post(f"{RUN}/reject", {"services": ["web"]}), 409)
    assert fresh.log.read()[-1].event.kind == "agent_reported"


def test_reject_retry_stop_resume_discard_are_events(fresh: Site):
    for deed, body in (
        ("reject", {"services": ["users"], "reason": "no"}), ("retry", {"service": "users"}), ("stop", {}),
        ("resume", {}), ("stop", {"service": "users"}), ("discard", {"reason": "never mind"}),
    ):  # fmt: skip
        assert fresh.post(f"{RUN}/{deed}", body).status == 200, deed
    told = [each.event.kind for each in fresh.log.read()][-6:]
    assert told == [
        "rejected",
        "retry_requested",
        "stop_requested",
        "resume_requested",
        "stop_requested",
        "discard_requested",
    ]


def test_a_run_is_planned_started_and_approved(fresh: Site):
    plan = fresh.post("/api/v1/plans", {"request": "add a field"})
    assert plan.status == 200
    refused(fresh.post("/api/v1/plans", {"request": "hello"}), 422)
    started = fresh.post("/api/v1/runs", {"request": "add a field"})
    assert started.status == 201
    assert started.json["phase"] == "planned"
    assert started.json["plan"]["digest"] == plan.json["digest"]
    path = f"/api/v1/runs/{started.json['run']}/approve"
    refused(fresh.post(path, {"plan": "another"}), 409)
    refused(fresh.post(path, {"plan": plan.json["digest"]}, Role.REVIEWER), 403)
    assert fresh.post(path, {"plan": plan.json["digest"]}).json["plan_approved"]


def test_contracts_name_their_consumers(site: Site):
    project = site.get("/api/v1/project").json
    assert [(c["contract"]["owner"], c["consumers"]) for c in project["contracts"]] == [("users", ["orders"])]


def test_the_description_covers_every_route_and_is_valid(site: Site):
    from openapi_spec_validator import validate

    told = site.get("/api/v1/openapi.json").json
    validate(told)
    assert {"/api/v1/runs", "/api/v1/runs/{run}/approve", "/api/v1/events", "/metrics"} <= told[
        "paths"
    ].keys()
    operations = {
        (method, path): each for path, methods in told["paths"].items() for method, each in methods.items()
    }
    names = [each["operationId"] for each in operations.values()]
    assert sorted(set(names)) == sorted(names)
    assert operations["post", "/api/v1/runs/{run}/land"]["x-hive-role"] == "operator"
    assert operations["get", "/health/live"]["security"] == []
    assert {tag for each in operations.values() for tag in each["tags"]} == {
        tag["name"] for tag in told["tags"]
    }
    for where, each in operations.items():
        assert each["summary"], where
        assert each.get("security") == [] or each["x-hive-role"] in each["description"], where
    assert "text/event-stream" in operations["get", "/api/v1/events"]["responses"]["200"]["content"]
    assert told["components"]["securitySchemes"]["token"] == {"type": "http", "scheme": "bearer"}
    assert site.raw("GET", "/api/v1/runs").headers["WWW-Authenticate"] == "Bearer"


def test_figures_are_in_the_format_of_prometheus(site: Site):
    answer = site.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    lines = answer.body.decode().splitlines()
    assert 'hive_runs{phase="preparing"} 1' in lines
    assert 'hive_needs{what="review"} 1' in lines
    assert all(line.startswith("#") or len(line.rsplit(" ", 1)) == 2 for line in lines)


def test_events_come_in_pages_without_gap_or_repeat(site: Site):
    seen, after, more = [], 0, True
    while more:
        page = site.get(f"/api/v1/events?after={after}&limit=4").json
        seen += [event["seq"] for event in page["events"]]
        after, more = page["next"], page["more"]
    assert seen == [each.seq for each in site.log.read()]


def test_server_sent_events_go_on_after_the_last_id(site: Site):
    last = site.log.read()[-1].seq
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    headers = site.token() | {"Accept": "text/event-stream", "Last-Event-ID": str(last - 2)}
    connection.request("GET", "/api/v1/events", headers=headers)
    stream = connection.getresponse()
    assert stream.headers["Content-Type"].startswith("text/event-stream")
    ids = []
    while len(ids) < 2:
        line = stream.readline().decode()
        if line.startswith("id: "):
            ids.append(int(line[4:]))
            assert json.loads(stream.readline().decode().removeprefix("data: "))["seq"] == ids[-1]
    assert ids == [last - 1, last]
    (new,) = site.log.append(e_said("more"))
    while not (line := stream.readline().decode()).startswith("id: "):
        pass
    assert int(line[4:]) == new.seq
    connection.close()


def e_said(text: str) -> e.Draft:
    return e.Draft(run="r7f3", service="orders", event=e.AgentReported(turn=1, report=Said(text=text)))


def test_a_wrong_last_event_id_is_refused(site: Site):
    headers = {"Accept": "text/event-stream", "Last-Event-ID": "x; drop"}
    refused(site.get("/api/v1/events", **headers), 422)


def test_outside_text_is_harmless_wherever_it_comes_out(fresh: Site):
    with fresh.socket() as socket:
        socket.recv(timeout=20)
        fresh.log.append(e_said(HOSTILE))
        while "evil" not in (told := str(socket.recv(timeout=20))):
            pass
        assert "\\u202e" not in told
    fresh.told.diff = f"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+{HOSTILE}\n"
    for path in ("/api/v1/events", f"{RUN}/services/orders", f"{RUN}/diff?service=users"):
        text = fresh.get(path).body.decode()
        assert "evil" in text, path
        for forbidden in ("\\u001b", "\x1b", "\x07", "\\u0007", "\x9b", "\u202e", "\\u202e", "\u2066"):
            assert forbidden not in text, path


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["approve", "reject", "comment", "retry", "stop", "land", "resume"]),
    body=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["services", "service", "text", "line", "diffs", "plan", "path", "reason"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=8,
    ),
)
def test_whatever_is_sent_the_answer_is_no_server_error(site: Site, path: str, body: object):
    answer = site.raw("POST", f"/api/v1/runs/nope/{path}", site.browser(), json.dumps(body).encode())
    assert 400 <= answer.status < 500
    assert answer.headers["Content-Type"] == "application/problem+json"

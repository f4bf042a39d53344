"""A client that says when it can take more, and what its page is about."""

import json
from typing import Any

import pytest
from websockets.sync.client import ClientConnection

from hive import events as e
from hive.dashboard.web import frames as told
from hive.dashboard.web.interest import EVERYTHING, Interest
from hive.model import Said
from tests.dashboard.web.site import Site

PACED = "/api/v1/live?paced=true"
READY = "drawn"


def said(text: str, service: str | None = "orders", run: str = "r7f3") -> e.Draft:
    return e.Draft(run=run, service=service, event=e.AgentReported(turn=1, report=Said(text=text)))


def message(socket: ClientConnection) -> dict[str, Any]:
    """The next one that is not about the socket itself."""
    while (found := json.loads(socket.recv(timeout=20)))["type"] in ("beat", "about"):
        pass
    return found


def words(batch: dict[str, Any]) -> list[str]:
    reports = (each["event"].get("report", {}) for each in batch["events"])
    return [report["text"] for report in reports if "text" in report]


def services(batch: dict[str, Any]) -> list[str]:
    return [task["service"] for run in batch["runs"] for task in run["tasks"]]


def append_and_fold(site: Site, *drafts: e.Draft) -> None:
    """Each a frame of its own."""
    for draft in drafts:
        last = site.log.append(draft)[-1].seq
        with site.socket() as socket:
            while message(socket)["seq"] < last:
                pass


def test_what_happens_until_a_client_can_take_more_is_one_message(site: Site):
    with site.socket(PACED) as socket:
        first = message(socket)
        append_and_fold(site, said("one"), said("two", "users"), said("three"))
        socket.send(READY)
        batch = message(socket)
        assert words(batch) == ["one", "two", "three"]
        assert (batch["after"], batch["seq"]) == (first["seq"], site.serving.hub.seq)
        assert len(batch["runs"]) == 1
        assert sorted(services(batch)) == ["orders", "users"]
        assert [task["doing"] for task in batch["runs"][0]["tasks"] if task["service"] == "orders"] == [
            "three"
        ]


def test_a_client_that_says_nothing_is_only_told_that_all_is_well(
    site: Site, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("hive.dashboard.web.live.BEAT_SECONDS", 0.01)
    with site.socket(PACED) as socket:
        message(socket)
        append_and_fold(site, said("one"))
        assert {json.loads(socket.recv(timeout=20))["type"] for _ in range(20)} == {"beat"}


def test_a_page_of_one_service_is_spared_the_others(site: Site):
    with site.socket(PACED) as socket:
        first = message(socket)
        socket.send(json.dumps([["r7f3", "orders"]]))
        append_and_fold(site, said("mine"), said("another's", "users"))
        found = message(socket)
        while found["seq"] < site.serving.hub.seq:
            socket.send(READY)
            last, found = found, message(socket)
            assert found["after"] == last["seq"]
            assert words(found) in ([], ["mine"])
            assert services(found) in ([], ["orders"])
        assert found["seq"] > first["seq"]
        assert found["runs"][0]["run"] == "r7f3"


def test_a_page_that_looks_at_more_is_shown_all_of_it_at_once(site: Site):
    with site.socket(PACED) as socket:
        message(socket)
        socket.send(json.dumps([["r7f3", "orders"]]))
        append_and_fold(site, said("another's", "users"))
        message(socket)
        socket.send(json.dumps([["r7f3", None]]))
        found = message(socket)
        while not services(found):
            found = message(socket)
        assert found["after"] == found["seq"]
        assert services(found) == ["users", "orders", "web"]
        assert found["runs"][0]["tasks"][0]["seq"] == site.serving.hub.seq


def test_a_client_is_told_from_when_on_its_interest_holds(site: Site):
    with site.socket(PACED) as socket:
        first = json.loads(socket.recv(timeout=20))
        for _ in range(2):
            socket.send(json.dumps([["r7f3", "orders"]]))
        assert json.loads(socket.recv(timeout=20)) == {"type": "about", "seq": first["seq"]}
        site.log.append(said("mine"))
        assert words(json.loads(socket.recv(timeout=20))) == ["mine"]


def test_a_page_that_returns_is_shown_what_it_was_spared(site: Site):
    hub = site.serving.hub
    with site.socket(f"{PACED}&after={hub.seq}&log={hub.identity}") as socket:
        assert services(message(socket)) == ["users", "orders", "web"]


@pytest.mark.parametrize(
    "text", ["", "drawn", "{}", '["r7f3"]', '[["r7f3", 1]]', "[" * 10_000, '[["' + "x" * 999 + '", null]]']
)
def test_what_tells_no_interest_changes_none(text: str):
    assert Interest.read(text) is None


def frame(after: int, *drafts: e.Draft) -> told.Frame:
    envelopes = [
        e.Envelope(seq=after + n, run=d.run, service=d.service, at="2026-01-01T00:00:00Z", event=d.event)  # type: ignore[arg-type]
        for n, d in enumerate(drafts, 1)
    ]
    texts = tuple(json.dumps({"seq": each.seq}) for each in envelopes)
    return told.Frame(after, after + len(drafts), envelopes, texts, {})


def test_one_message_is_bounded_and_has_at_least_one_frame(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(told, "MOST_TOGETHER", 3)
    frames = [frame(0, said("a")), frame(1, said("b"), said("c")), frame(3, said("d"))]
    text, count = told.together(frames)
    assert (count, [each["seq"] for each in json.loads(text)["events"]]) == (2, [1, 2, 3])
    assert told.together([frame(0, *[said("a")] * 4)])[1] == 1


@pytest.mark.parametrize(
    ("interest", "wanted"),
    [
        (EVERYTHING, ["orders", "users", None, "other"]),
        (Interest({("r7f3", "orders")}), ["orders", None]),
        (Interest({("r7f3", None)}), []),
        (Interest(frozenset()), []),
    ],
)
def test_agents_words_go_to_who_looks_at_their_service(interest: Interest, wanted: list[str | None]):
    drafts = [said("x", "orders"), said("x", "users"), said("x", None), said("x", "other", "r8")]
    events = frame(0, *drafts).events
    assert [each.service for each in events if interest.has(each)] == wanted


def test_a_whole_change_of_a_run_is_shown_whole():
    before = told.Shown('{"run":"r","tasks":[', {"a": "1"}, True)
    assert (
        before.then(told.Shown('{"run":"r","tasks":[', {"b": "2"}, False)).text(["b"])
        == '{"run":"r","tasks":[1,2]}'
    )
    late = told.Shown('{"run":"r","tasks":[', {"b": "2"}, True)
    assert before.then(late).text() == '{"run":"r","tasks":[2]}'
    assert late._replace(whole=False).text(["a"]) == '{"run":"r","tasks":[]}'

"""Many past runs: they are known by name at once, and read when somebody opens one."""

import json
from pathlib import Path

import pytest

from hive.dashboard.web import live
from tests.dashboard.conftest import Story
from tests.dashboard.web.site import make_log, serve, tell

PAST = 6


def test_past_runs_are_listed_at_once_and_read_when_they_are_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(live, "MOST_PAST", 2)
    log = make_log(tmp_path)
    for number in range(PAST):
        tell(log, Story(f"past{number}").landed().envelopes)
    tell(log, Story("open").middle().envelopes)
    read: list[str | None] = []
    whole = log.read
    log.read = lambda after=0, run=None, limit=None: read.append(run) or whole(after, run, limit)  # type: ignore[method-assign,func-returns-value]
    with serve(tmp_path, log) as site, site.socket() as socket:
        first = json.loads(socket.recv(timeout=20))
        assert [run["run"] for run in first["runs"]] == ["past4", "past5", "open"]
        assert [run["whole"] for run in first["runs"][:2]] == [False, False]
        assert first["runs"][0]["phase"] == "landed"
        assert [run["run"] for run in site.get("/api/v1/runs").json] == [
            "open", *(f"past{number}" for number in reversed(range(PAST)))
        ]  # fmt: skip
        assert not {name for name in read if name} - {"open"}
        assert f'hive_runs{{phase="landed"}} {PAST}' in site.get("/metrics").body.decode().splitlines()

        opened = site.get("/api/v1/runs/past0").json
        assert (opened["whole"], opened["phase"], opened["services"]) == (True, "landed", 3)
        assert opened["spans"]["users"]
        while not (views := json.loads(socket.recv(timeout=20)).get("runs")) or views[0]["run"] != "past0":
            pass
        assert len(views[0]["tasks"]) == 3
        assert {name for name in read if name} == {"open", "past0"}
        assert site.get("/api/v1/runs/last").json["run"] == "open"
        assert site.get("/api/v1/runs/none").status == 404

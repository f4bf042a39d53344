import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hive.agents.conformance import Toolbox
from hive.agents.scripted.agent import Scripted
from hive.agents.scripted.barriers import ScriptedCrashError
from hive.agents.scripted.script import Script
from hive.agents.session import WORDS, mark
from hive.model import Ended, Feedback, FileEdited, Said, Spent, ToolCalled, Unplaced
from hive.process import marked, reap


@pytest.fixture
def scripted(tmp_path):
    def make(*actions, turns=None):
        script = Script.model_validate({"services": {"users": turns or [list(actions)]}})
        return Scripted(script, tmp_path / "markers")

    return make


def test_a_turn_reports_in_order_and_ends_finished(scripted, assign, play):
    agent = scripted(
        {"do": "say", "text": "hello"},
        {"do": "spend", "input_tokens": 3, "output_tokens": 4, "cost_usd": 0.5},
        {"do": "unplaced", "path": "a.sql", "line": 4, "reason": "no list"},
        {"do": "claim", "path": "never.py"},
    )
    assert play(agent, assign()) == [
        Said(text="hello"),
        Spent(input_tokens=3, output_tokens=4, cost_usd=0.5),
        Unplaced(path="a.sql", line=4, reason="no list"),
        FileEdited(path="never.py"),
        Ended(outcome="finished"),
    ]
    assert not (Path(assign().workspace) / "users/never.py").exists()


def test_files_are_written_appended_linked_and_deleted_in_the_services_folder(scripted, assign, play):
    agent = scripted(
        {"do": "write", "path": "a/b.txt", "text": "one\n"},
        {"do": "append", "path": "a/b.txt", "text": "two\n"},
        {"do": "write", "path": "../shared.txt", "text": "also in the workspace"},
        {"do": "symlink", "path": "link", "target": "/etc/passwd"},
        {"do": "write", "path": "gone/x", "text": ""},
        {"do": "delete", "path": "gone"},
    )
    *edits, end = play(agent, assign())
    users = Path(assign().workspace) / "users"
    assert end == Ended(outcome="finished")
    assert [edit.path for edit in edits[:3]] == ["users/a/b.txt", "users/a/b.txt", "shared.txt"]
    assert (users / "a/b.txt").read_text() == "one\ntwo\n"
    assert (users / "link").readlink() == Path("/etc/passwd")
    assert not (users / "gone").exists()


@pytest.mark.parametrize("path", ["../../outside", "/etc/hive-was-here", "..", "link/x"])
def test_a_path_outside_the_workspace_fails_the_turn_and_touches_nothing(
    scripted, assign, play, path, tmp_path
):
    (tmp_path / "elsewhere").mkdir()
    agent = scripted(
        {"do": "symlink", "path": "link", "target": str(tmp_path / "elsewhere")},
        {"do": "write", "path": path, "text": "x"},
    )
    end = play(agent, assign())[-1]
    assert end.outcome == "failed"
    assert "turn 1, action 2 (write)" in end.reason
    assert repr(path) in end.reason
    assert not list((tmp_path / "elsewhere").iterdir())
    assert not (tmp_path / "outside").exists()


def test_deleting_a_link_leaves_what_it_points_at(scripted, assign, play, tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    agent = scripted({"do": "symlink", "path": "link", "target": str(kept)}, {"do": "delete", "path": "link"})
    assert play(agent, assign())[-1].outcome == "finished"
    assert kept.is_dir()


def test_what_the_agent_was_given_can_be_recited(scripted, assign, play):
    agent = scripted(
        turns=[[{"do": "recite", "what": "brief"}], [{"do": "recite", "what": "feedback"}, {"do": "hear"}]]
    )
    assert play(agent, assign())[0] == Said(text="add loyalty_points")
    second = assign(turn=2, feedback=(Feedback(source="check", text="2 failed"),))
    assert play(agent, second, "use an int")[:2] == [Said(text="check: 2 failed"), Said(text="use an int")]


def test_commands_run_with_a_private_home_and_without_keys(scripted, assign, play, monkeypatch):
    monkeypatch.setenv("SECRET_API_KEY", "sk-1")
    monkeypatch.setenv("GIT_DIR", "/elsewhere")
    show = "import os, json; print(json.dumps(dict(os.environ)), os.getcwd())"
    called, said, end = play(scripted({"do": "run", "argv": [sys.executable, "-c", show]}), assign())
    environment, cwd = said.text.rsplit(" ", 1)
    environment = json.loads(environment)
    assert environment["HOME"] == assign().home
    assert environment["TMPDIR"].startswith(assign().home)
    assert environment["HIVE_MARK"] == mark(assign())
    assert not {"SECRET_API_KEY", "GIT_DIR"} & environment.keys()
    assert cwd.strip() == str(Path(assign().workspace) / "users")
    assert called.summary.endswith(": exit 0")
    assert end == Ended(outcome="finished")


def test_git_runs_in_the_workspace(scripted, assign, play):
    agent = scripted({"do": "git", "argv": ["init", "-q"]})
    assert play(agent, assign())[0] == ToolCalled(tool="git", summary="git init -q: exit 0")
    assert (Path(assign().workspace) / ".git").is_dir()


def test_a_command_that_cannot_start_fails_the_turn_with_its_name(scripted, assign, play):
    end = play(scripted({"do": "run", "argv": ["no-such-tool"]}), assign())[-1]
    assert end.outcome == "failed"
    assert "cannot start 'no-such-tool'" in end.reason


def test_a_service_without_a_part_fails(scripted, assign, play):
    (end,) = play(scripted(), assign("orders"))
    assert end.outcome == "failed"
    assert "'orders'" in end.reason


def test_a_held_session_goes_on_when_another_one_releases_it(tmp_path, assign):
    script = Script.model_validate(
        {
            "services": {
                "users": [[{"do": "hold", "name": "gate"}, {"do": "say", "text": "on"}]],
                "orders": [[{"do": "release", "name": "gate"}]],
            }
        }
    )
    agent = Scripted(script, tmp_path / "markers")

    async def both():
        async def reports(service):
            return [r async for r in agent.work(assign(service), None, Toolbox())]

        async with asyncio.TaskGroup() as group:
            users = group.create_task(reports("users"))
            while not (tmp_path / "markers/gate.held").exists():
                await asyncio.sleep(0)
            group.create_task(reports("orders"))
        return users.result()

    assert asyncio.run(both()) == [Said(text="on"), Ended(outcome="finished")]


def test_every_action_is_recorded_when_it_begins_and_when_it_is_done(scripted, assign, play, tmp_path):
    agent = scripted({"do": "say", "text": "x"}, {"do": "delete", "path": "missing"})
    play(agent, assign())
    assert [(p.service, p.turn, p.number, p.action.do) for p in agent.played] == [
        ("users", 1, 1, "say"),
        ("users", 1, 2, "delete"),
    ]
    lines = [json.loads(line) for line in (tmp_path / "markers/journal.jsonl").read_text().splitlines()]
    assert [(line["action"], line["at"]) for line in lines] == [(1, "begun"), (1, "done"), (2, "begun")]


def test_a_crash_breaks_out_once_and_not_when_the_turn_is_redone(scripted, assign, play):
    agent = scripted({"do": "crash"})
    with pytest.raises(ScriptedCrashError):
        play(agent, assign())
    assert play(agent, assign()) == [Ended(outcome="finished")]


@pytest.mark.parametrize(("how", "code"), [("exit", 70), ("kill", -9)])
def test_a_crash_can_take_the_whole_process_down(tmp_path, assign, how, code):
    script = tmp_path / "play.json"
    script.write_text(json.dumps({"services": {"*": [[{"do": "crash", "how": how}]]}}))
    (tmp_path / "assignment.json").write_text(assign().model_dump_json())
    program = (
        "import asyncio\nfrom pathlib import Path\nfrom hive.agents.conformance import Toolbox\nfrom hive.agents.registry import get\nfrom tests.agents.means import MEANS\n"
        "from hive.model import Assignment\n"
        f"given = Assignment.model_validate_json(Path({str(tmp_path / 'assignment.json')!r}).read_text())\n"
        "async def main():\n    async for _ in get('scripted').make(MEANS).work(given, None, Toolbox()): pass\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "HIVE_SCRIPT": str(script)}, check=False
    )
    assert done.returncode == code


@pytest.mark.parametrize("hang", [{}, {"deaf_seconds": 0.05}, {"every": 0.001}])
def test_a_hanging_agent_ends_when_it_is_cancelled_however_deaf(scripted, assign, hang):
    agent = scripted({"do": "say", "text": "before"}, {"do": "hang", **hang})

    async def cancelled():
        reached = asyncio.Event()

        async def consume():
            async for _ in agent.work(assign(), None, Toolbox()):
                reached.set()

        task = asyncio.create_task(consume())
        await reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())


def test_a_daemon_is_cleaned_up_unless_the_script_abandons_it(scripted, assign, play):
    assert play(scripted({"do": "spawn"}), assign())[-1].outcome == "finished"
    assert not marked(mark(assign()))
    assert play(scripted({"do": "spawn", "abandoned": True}), assign())[-1].outcome == "finished"
    assert marked(mark(assign()))
    assert reap(mark(assign())) == 1


@pytest.mark.parametrize(
    ("flood", "count"),
    [({"lines": 5000}, 5000), ({"width": 50 << 20}, 1), ({"invalid": True, "lines": 3}, 3)],
)
def test_a_flood_arrives_as_bounded_reports(scripted, assign, play, flood, count):
    *said, end = play(scripted({"do": "flood", **flood}), assign())
    assert len(said) == count
    assert end.outcome == "finished"
    assert all(len(report.text) < WORDS + 100 for report in said)
    assert all(report.model_dump_json() for report in said)


def test_the_script_decides_how_a_turn_ends(scripted, assign, play):
    agent = scripted({"do": "end", "outcome": "failed", "reason": "gave up"})
    assert play(agent, assign()) == [Ended(outcome="failed", reason="gave up")]

import asyncio
import shlex
import sys

import pytest

pytest.importorskip("acp", reason="the package 'acp' is not installed")

from pathlib import Path

from hive.agents.acp.agent import Acp
from hive.agents.catalog import CatalogEntry, catalog
from hive.agents.conformance import Toolbox
from hive.errors import UsageError
from hive.model import Ended, FileEdited, Planned, Ran, Said, Spent, Step, Thought, ToolReturned
from hive.workspaces.sandbox import find_sandbox
from tests.agents.acp.rig import FAKE, fake
from tests.agents.conftest import Mailbox
from tests.agents.means import MEANS, means

CONFINED = find_sandbox()


def of(kind, reports):
    return [each for each in reports if isinstance(each, kind)]


def test_what_it_tells_is_in_hives_words(assign, play):
    reports = play(fake("tells"), assign(brief="BRIEF"))
    said = [each.text for each in of(Said, reports)]
    assert said[0] == "I begin."
    assert "BRIEF" in said[-1]
    assert "Change files below your service folder only" in said[-1]
    assert of(Thought, reports) == [Thought(text="hm")]
    assert of(Planned, reports) == [Planned(steps=(Step(text="a", status="doing"),))]
    assert of(Ran, reports) == [Ran(command="pytest", exit_code=3)]
    assert [each.cost_usd for each in of(Spent, reports)] == [0.5, 0.25, 0.0]
    assert of(Spent, reports)[-1] == Spent(input_tokens=10, output_tokens=2)


def test_an_edit_inside_the_service_is_permitted_and_told(assign, play):
    reports = play(fake("edits"), assign())
    assert of(FileEdited, reports) == [FileEdited(path="users/model.py", summary="edit")]
    assert Path(assign().workspace, "users/model.py").exists()
    assert reports[-1] == Ended(outcome="finished")


def test_an_edit_outside_is_refused_and_is_no_success(assign, play):
    reports = play(fake("denied"), assign())
    (back,) = of(ToolReturned, reports)
    assert back.outcome == "denied"
    assert "is not yours to change" in back.summary
    assert reports[-1].outcome == "failed"


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("unwilling", "refuses: Authentication required"),
        ("dies", "ended with 7 in the middle of its turn: out of luck"),
        ("truncated", "ended with 9"),
        ("fails", "the agent stopped: refusal"),
    ],
)
def test_a_turn_that_cannot_be_done_says_why(assign, play, how, words):
    ended = play(fake(how), assign())[-1]
    assert ended.outcome == "failed"
    assert words in ended.reason


def test_a_program_that_is_not_there_is_a_failure(assign, play):
    ended = play(Acp.own(means(acp_command="no-such-agent --acp")), assign())[-1]
    assert ended.outcome == "failed"
    assert "no-such-agent" in ended.reason


def test_a_program_that_does_not_speak_the_protocol_is_a_failure(assign, play):
    ended = play(Acp.own(means(acp_command="echo hello")), assign())[-1]
    assert ended.outcome == "failed"


@pytest.mark.skipif(CONFINED.name == "none", reason="no sandbox works here")
def test_the_whole_agent_is_confined_where_that_is_possible(assign, play, tmp_path, monkeypatch):
    script = Path(assign().workspace, "users/agent.sh")
    script.write_text(f"echo x > {tmp_path}/escaped; env > seen; exit 1")
    monkeypatch.setenv("MY_SECRET", "hunter2")
    play(Acp.own(means(acp_command=f"bash {script}", sandbox=CONFINED)), assign())
    assert not (tmp_path / "escaped").exists()
    assert "hunter2" not in (script.parent / "seen").read_text()


def test_settings_of_the_agent_in_the_repository_are_never_obeyed(assign, play):
    service = Path(assign().workspace, "users")
    (service.parent / ".fake").mkdir()
    (service.parent / ".fake/settings.json").write_text("CANARY")
    entry = CatalogEntry(
        name="fake",
        description="",
        install="",
        settings=(".fake",),
        command=("bash", "-c", "ls ../.fake; cat ../.fake/*"),
    )
    ended = play(Acp(MEANS, entry), assign())[-1]
    assert "the repository has settings of the agent" in ended.reason
    if CONFINED.name != "none":
        look = entry.model_copy(update={"command": ("bash", "-c", "cat ../.fake/settings.json > seen")})
        play(Acp(means(sandbox=CONFINED), look), assign())
        assert (service / "seen").read_text() == ""


@pytest.mark.parametrize("name", catalog())
def test_every_entry_of_the_catalogue_says_how_to_get_it(name):
    entry = catalog()[name]
    assert entry.name == name
    assert "npm install" in entry.install
    unknown = CatalogEntry(**(entry.model_dump() | {"command": ("no-such-program",)}))
    assert unknown.missing() == f"'no-such-program' is not installed; {entry.install}"


@pytest.mark.parametrize("command", [None, "", "'open"])
def test_without_a_program_there_is_no_agent(command):
    with pytest.raises(UsageError, match="acp"):
        Acp.own(MEANS if command is None else means(acp_command=command))


@pytest.mark.parametrize("sandbox", [CONFINED], ids=[CONFINED.name])
def test_it_asks_hive_through_a_server_of_its_own_session(assign, sandbox):
    program = Path(assign().workspace, "users", "fake_agent.py")
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(FAKE.read_text())  # where the sandbox shows it
    agent = Acp.own(
        means(acp_command=shlex.join([sys.executable, str(program), "consults"]), sandbox=sandbox)
    )
    box = Toolbox()

    async def collect():
        return [each async for each in agent.work(assign(), Mailbox(), box)]

    reports = asyncio.run(collect())
    assert reports[-1] == Ended(outcome="finished"), reports
    assert box.asked == [("post_note", {"text": "from hive's client", "to": None})]
    assert "post_note was asked" in "".join(each.text for each in of(Said, reports))

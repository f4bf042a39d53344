import asyncio
import shlex
import sys
from pathlib import Path

import pytest

from hive.agents.command.agent import Command
from hive.agents.command.template import filled, parse
from hive.agents.conformance import Toolbox
from hive.errors import UsageError
from hive.model import Ended, Interrupt, Said, Unrecognised
from hive.process import marked
from hive.workspaces.sandbox import find_sandbox
from tests.agents.conftest import Mailbox
from tests.agents.means import MEANS, means

CONFINED = find_sandbox()
CONSULT = """
import asyncio, json, pathlib, sys
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
found = json.loads(pathlib.Path(sys.argv[1]).read_text())["mcpServers"]["hive"]
async def main():
    async with Client(stdio_client(StdioServerParameters(**found))) as client:
        print((await client.call_tool("post_note", {"text": "from a command"})).content[0].text)
asyncio.run(main())
"""


def shell(line, **more):
    return Command.with_means(means(command=shlex.join(["bash", "-c", line]), **more))


def said(reports):
    return [each.text for each in reports if isinstance(each, Said)]


def test_the_brief_is_in_a_file_and_every_line_is_told(assign, play):
    reports = play(
        shell("cat {brief_file}; pwd; echo {turn} {service}"), assign(brief="BRIEF", guide="GUIDE")
    )
    lines = said(reports)
    assert "BRIEF" in lines
    assert "GUIDE" in lines
    assert lines[-2:] == [str(Path(assign().workspace, "users")), "1 users"]
    assert reports[-1] == Ended(outcome="finished")


def test_feedback_comes_with_the_brief_because_a_command_remembers_nothing(assign, play):
    feedback = ({"source": "check", "text": "1 failed"},)
    lines = said(play(shell("cat {brief_file}"), assign(turn=2, brief="BRIEF", feedback=feedback)))
    assert "BRIEF" in lines
    assert "1 failed" in lines


def test_an_exit_code_is_a_failure_with_the_last_words(assign, play):
    ended = play(shell("echo why; exit 4"), assign())[-1]
    assert ended == Ended(outcome="failed", reason="'bash' ended with 4: why")


def test_a_command_that_is_not_there_is_a_failure(assign, play):
    *_, ended = play(Command.with_means(means(command="no-such-agent {brief_file}")), assign())
    assert ended.outcome == "failed"
    assert "no-such-agent" in ended.reason


def test_a_line_without_end_is_cut_and_bytes_that_are_no_text_do_no_harm(assign, play):
    flood = f'{sys.executable} -c \'import sys; sys.stdout.buffer.write(b"x" * 9000000 + b"\\n" + bytes([255, 27]))\''
    lines = said(play(shell(flood), assign()))
    assert len(lines) == 2
    assert lines[0].endswith("more bytes)")
    assert len(lines[0]) < 17_000
    assert lines[1] == "\ufffd\x1b"


def test_a_daemon_that_holds_the_output_does_not_hold_the_turn(assign, play):
    reports = play(shell("setsid sleep 1000 & echo done"), assign())
    assert said(reports) == ["done"]
    assert reports[-1] == Ended(outcome="finished")
    assert marked(assign().home) == []


def test_it_is_given_the_variables_that_the_user_names_and_no_other(assign, play):
    agent = shell("env", command_env=("ANTHROPIC_API_KEY",))
    lines = said(play(agent, assign()))
    assert "ANTHROPIC_API_KEY=sk-ant-fake" in lines
    assert not [line for line in lines if line.startswith("ANTHROPIC_BASE_URL")]
    assert f"HOME={assign().home}" in lines


@pytest.mark.skipif(CONFINED.name == "none", reason="no sandbox works here")
def test_it_is_confined_where_that_is_possible(assign, play, tmp_path):
    contract = Path(assign().workspace, "contract.yaml")
    contract.write_text("the contract")
    line = f"echo x > {tmp_path}/escaped; echo x > {{workspace}}/other; echo x > made; cat {{workspace}}/contract.yaml"
    reports = play(shell(line, sandbox=CONFINED, hidden=(tmp_path,)), assign())
    assert "the contract" in said(reports)
    assert not (tmp_path / "escaped").exists()
    assert not Path(assign().workspace, "other").exists()
    assert Path(assign().workspace, "users/made").exists()


def test_a_message_that_it_cannot_take_is_told(assign, play):
    reports = play(shell("sleep 0.3"), assign(), "use an integer")
    (lost,) = [each for each in reports if isinstance(each, Unrecognised)]
    assert lost.name == "undelivered message"


def test_an_interrupt_ends_it(assign, play):
    reports = play(shell("sleep 1000"), assign(), Interrupt())
    assert reports[-1] == Ended(outcome="interrupted", reason="interrupted by a person")
    assert marked(assign().home) == []


def test_values_are_never_split_and_never_filled_again():
    words = parse("agent --in {workspace} 'two words' --brief={brief_file}")
    values = {"workspace": "/a b; rm", "brief_file": "{workspace}"}
    assert filled(words, values) == ["agent", "--in", "/a b; rm", "two words", "--brief={workspace}"]


@pytest.mark.parametrize("line", ["agent 'open", "   ", "agent {prompt}", "agent {}"])
def test_a_template_that_cannot_be_filled_is_refused_by_name(line):
    with pytest.raises(UsageError, match="the setting 'command'"):
        parse(line)


def test_without_a_command_there_is_no_agent():
    with pytest.raises(UsageError, match="has no command"):
        Command.with_means(MEANS)


@pytest.mark.parametrize("sandbox", [CONFINED], ids=[CONFINED.name])
def test_a_command_is_given_hives_tools_as_a_server_and_as_its_configuration(assign, sandbox):
    box = Toolbox()
    place = Path(assign().workspace, "users/ask.py")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(CONSULT)
    line = f"{sys.executable} ask.py {{mcp_config}}"
    agent = Command.with_means(means(command=shlex.join(["bash", "-c", line]), sandbox=sandbox))

    async def collect():
        return [each async for each in agent.work(assign(), Mailbox(), box)]

    reports = asyncio.run(collect())
    assert reports[-1] == Ended(outcome="finished"), said(reports)
    assert box.asked == [("post_note", {"text": "from a command", "to": None})]
    assert "post_note was asked" in said(reports)

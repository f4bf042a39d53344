"""The stdio server of a session, spoken to as an agent's program does: confined, through its relay."""

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from hive.agents.conformance import Toolbox
from hive.agents.tools.doorway import tool_door
from hive.agents.tools.requests import REQUESTS
from hive.agents.tools.speaking import CONNECTIONS, LONGEST_LINE
from hive.ports import Confinement
from hive.process import run, trimmed_environment
from hive.workspaces.sandbox import NoSandbox, find_sandbox

CONFINED = find_sandbox()
needs_sandbox = pytest.mark.skipif(CONFINED.name == "none", reason="no sandbox works here")


def over_stdio(argv):
    server = StdioServerParameters(command=argv[0], args=list(argv[1:]), env=trimmed_environment())
    return Client(stdio_client(server))


@pytest.mark.parametrize(
    "sandbox", [pytest.param(CONFINED, marks=needs_sandbox), NoSandbox()], ids=["bwrap", "none"]
)
def test_a_confined_program_asks_hive_over_standard_input_and_output(tmp_path, sandbox):
    box = Toolbox()

    async def ask():
        async with tool_door(box) as door:
            allow = Confinement(writable=(tmp_path,), shown=(door.socket,))
            async with over_stdio(sandbox.wrap(door.argv, cwd=tmp_path, allow=allow)) as client:
                names = {tool.name for tool in (await client.list_tools()).tools}
                posted = await client.call_tool("post_note", {"text": "hi"})
                forged = await client.call_tool("post_note", {"text": "hi", "service": "orders"})
                return names, posted, forged

    names, posted, forged = asyncio.run(ask())
    assert names == set(REQUESTS)
    assert (posted.content[0].text, posted.is_error) == ("post_note was asked", False)
    assert forged.is_error
    assert box.asked == [("post_note", {"text": "hi", "to": None})]


@needs_sandbox
def test_another_session_cannot_even_see_the_socket(tmp_path):
    async def ask():
        async with tool_door(Toolbox()) as mine, tool_door(Toolbox()) as other:
            allow = Confinement(writable=(tmp_path,), shown=(mine.socket,))
            argv = CONFINED.wrap([*other.argv], cwd=tmp_path, allow=allow)
            return await asyncio.to_thread(run, argv, cwd=tmp_path, env=trimmed_environment(), timeout=20.0)

    done = asyncio.run(ask())
    assert done.code == 1
    assert b"No such file" in done.stderr


def test_the_door_is_its_owners_alone_and_is_gone_after_the_turn(tmp_path):
    async def look():
        async with tool_door(Toolbox()) as door:
            modes = oct(door.socket.parent.stat().st_mode & 0o777)
            config = json.loads(door.configured(tmp_path).read_text())
            return door, modes, config

    door, mode, config = asyncio.run(look())
    assert mode == "0o700"
    assert config["mcpServers"]["hive"]["command"] == sys.executable
    assert not door.socket.parent.exists()
    done = run(
        [sys.executable, "-m", "hive", "mcp", str(door.socket)], cwd=tmp_path, env=os.environ, timeout=30.0
    )
    assert done.code == 1
    assert b"cannot reach" in done.stderr


def test_a_link_that_an_agent_left_in_place_of_the_configuration_is_not_followed(tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("kept")
    (tmp_path / "home").mkdir()
    (tmp_path / "home/mcp.json").symlink_to(victim)

    async def write():
        async with tool_door(Toolbox()) as door:
            return door.configured(tmp_path / "home")

    assert not asyncio.run(write()).is_symlink()
    assert victim.read_text() == "kept"


@pytest.mark.parametrize(
    "junk",
    [b"not json\n", b"[" * 100_000 + b"\n", b'{"jsonrpc":"2.0"}\n', b"\xff\xfe\n", b"x" * (LONGEST_LINE + 10) + b"\n"],
    ids=["words", "deep", "empty", "bytes", "endless"],
)  # fmt: skip
def test_junk_on_one_connection_harms_no_other(junk):
    async def speak():
        async with tool_door(Toolbox()) as door:
            reader, writer = await asyncio.open_unix_connection(door.socket)
            writer.write(junk)
            writer.write_eof()
            while await reader.read(1 << 16):
                pass
            writer.close()
            async with over_stdio(door.argv) as client:
                return await client.call_tool("read_notes", {})

    assert asyncio.run(speak()).content[0].text == "read_notes was asked"


def test_no_more_connections_than_an_agent_needs():
    async def connect():
        async with tool_door(Toolbox()) as door:
            lines = [await asyncio.open_unix_connection(door.socket) for _ in range(CONNECTIONS + 1)]
            refused = await lines[-1][0].read()
            for _, writer in lines:
                writer.close()
            return refused, lines[0][0].at_eof()

    assert asyncio.run(connect()) == (b"", False)


def test_what_was_asked_over_a_door_ends_with_it():
    class Slow(Toolbox):
        async def run_checks(self):
            begun.set()
            try:
                return await super().run_checks() if await asyncio.Event().wait() else ""
            finally:
                ended.set()

    begun, ended = asyncio.Event(), asyncio.Event()

    async def leave():
        async with tool_door(Slow()) as door:
            _, writer = await asyncio.open_unix_connection(door.socket)
            hello = {
                "protocolVersion": "2025-06-18",
                "capabilities": {},
                "clientInfo": {"name": "t", "version": "1"},
            }
            for message in (
                {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello},
                {"jsonrpc": "2.0", "method": "notifications/initialized"},
                {
                    "jsonrpc": "2.0",
                    "id": 2,
                    "method": "tools/call",
                    "params": {"name": "run_checks", "arguments": {}},
                },
            ):
                writer.write(json.dumps(message).encode() + b"\n")
            await asyncio.wait_for(begun.wait(), 30)
        writer.close()
        return ended.is_set(), Path(door.socket).exists()

    assert asyncio.run(leave()) == (True, False)

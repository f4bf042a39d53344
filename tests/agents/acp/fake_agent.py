"""An agent that speaks the protocol and behaves as its first argument says."""

import asyncio
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import acp
from acp.schema import (
    AgentPlanUpdate,
    Cost,
    PermissionOption,
    PlanEntry,
    SessionInfoUpdate,
    ToolCallLocation,
    Usage,
    UsageUpdate,
)

HOW = sys.argv[1]


class Fake(acp.Agent):
    def on_connect(self, client):
        self.client = client
        self.stopped = asyncio.Event()

    async def initialize(self, protocol_version, client_capabilities=None, client_info=None, **more):
        assert client_capabilities.fs is None or not client_capabilities.fs.write_text_file
        if HOW == "dies":
            sys.stderr.write("out of luck\n")
            sys.stderr.flush()
            os._exit(7)
        return acp.InitializeResponse(protocol_version=protocol_version)

    async def new_session(self, cwd, mcp_servers=None, **more):
        self.cwd, self.servers = cwd, mcp_servers or []
        if HOW == "unwilling":
            raise acp.RequestError.auth_required({"reason": "log in first"})
        return acp.NewSessionResponse(session_id="s1")

    async def cancel(self, session_id, **more):
        self.stopped.set()

    async def prompt(self, prompt, session_id, **more):
        self.session, self.words = session_id, prompt[0].text
        return acp.PromptResponse(stop_reason=await self.play() or "end_turn", usage=self.usage())

    def usage(self):
        return Usage(total_tokens=12, input_tokens=10, output_tokens=2)

    async def say(self, text):
        await self.client.session_update(self.session, acp.update_agent_message_text(text))

    async def play(self):
        await self.say("I be")
        await self.say("gin.")
        match HOW:
            case "edits" | "listens" | "reworks":
                await self.edit("model.py", "loyalty_points = 0\n")
            case "denied":
                await self.edit("../../outside/new.txt", "owned")
            case "fails":
                return "refusal"
            case "truncated":
                os._exit(9)
            case "lasts" | "interruptible" | "leaves":
                lasting = ["sh", "-c", sys.argv[2]] if HOW == "leaves" else ["sleep", "1000"]
                subprocess.Popen(lasting, start_new_session=True)
                await self.stopped.wait()
                return "cancelled"
            case "spawns":
                subprocess.Popen(["sleep", "1000"], start_new_session=True)
            case "floods":
                for _ in range(200):
                    await self.say("x" * 200_000)
            case "consults":
                await self.say(await self.consulted())
            case "tells":
                await self.tell()
            case "asks":
                request = urllib.request.Request(
                    os.environ["MODEL_URL"] + "/v1/messages",
                    headers={"authorization": "Bearer " + os.environ["MODEL_KEY"]},
                )
                answer = urllib.request.urlopen(request, timeout=20).read().decode()
                await self.say(f" {answer} {sorted(os.environ.items())}")
        return None

    async def tell(self):
        update = self.client.session_update
        await update(self.session, acp.update_agent_thought_text("hm"))
        entries = [PlanEntry(content="a", priority="high", status="in_progress")]
        await update(self.session, AgentPlanUpdate(session_update="plan", entries=entries))
        run = acp.start_tool_call("c1", "Run tests", kind="execute", raw_input={"command": "pytest"})
        await update(self.session, run)
        done = acp.update_tool_call("c1", status="completed", raw_output={"exitCode": 3})
        await update(self.session, done)
        for amount in (0.5, 0.75):
            spent = UsageUpdate(
                session_update="usage_update", used=1, size=2, cost=Cost(amount=amount, currency="USD")
            )
            await update(self.session, spent)
        await update(self.session, SessionInfoUpdate(session_update="session_info_update", title="t"))
        await self.say(self.words)

    async def consulted(self):
        from mcp import Client
        from mcp.client.stdio import StdioServerParameters, stdio_client

        (given,) = self.servers
        server = StdioServerParameters(command=given.command, args=given.args)
        async with Client(stdio_client(server)) as hive:
            answer = await hive.call_tool("post_note", {"text": f"from {given.name}'s client"})
            return answer.content[0].text

    async def edit(self, path, text):
        where = str(Path(self.cwd, path))
        locations = [ToolCallLocation(path=where)]
        call = acp.start_tool_call("e1", f"Write {path}", kind="edit", locations=locations, status="pending")
        await self.client.session_update(self.session, call)
        options = [
            PermissionOption(option_id="y", name="Yes", kind="allow_once"),
            PermissionOption(option_id="n", name="No", kind="reject_once"),
        ]
        answer = await self.client.request_permission(
            session_id=self.session,
            tool_call=acp.update_tool_call("e1", raw_input={"path": where}),
            options=options,
        )
        granted = answer.outcome.outcome == "selected" and answer.outcome.option_id == "y"
        if granted:
            Path(where).write_text(text)
        status = "completed" if granted else "failed"
        await self.client.session_update(self.session, acp.update_tool_call("e1", status=status))


asyncio.run(acp.run_agent(Fake()))

"""Makes the real Codex behave as asked, by what the fake model answers."""

from contextlib import ExitStack

from hive.agents.conformance import Prepared
from hive.agents.means import Means
from hive.config import UserSettings
from hive.testing import Break, Part, Refusal, Reply, Script, Text, Thinking, ToolUse, serving
from hive.workspaces.sandbox import NoSandbox, find_sandbox

MODEL = "gpt-5.5"
"""One that Codex knows: for another it would offer no tool that edits."""
CAPTURES = {"service": r"Your service folder: (\S+)", "workspace": r"Your workspace: (\S+)"}
DONE = Reply(blocks=(Text(text="Done."),))


def means(url, *, sandbox=None, **settings):
    environ = {"OPENAI_API_KEY": "sk-fake", "OPENAI_BASE_URL": f"{url}/v1"}
    return Means(UserSettings(**{"model": MODEL, **settings}), environ, sandbox or NoSandbox())


def use(name, **given):
    return Reply(blocks=(Thinking(text="What now?"), Text(text="I use it."), ToolUse(name=name, input=given)))


def patch(change):
    return use("apply_patch", input=f"*** Begin Patch\n{change}*** End Patch\n")


def shell(command, **more):
    return use("exec_command", cmd=command, **more)


def script(*replies):
    return Script(parts=(Part(captures=CAPTURES, replies=replies),))


WRITE = patch("*** Add File: model.py\n+loyalty_points = 0\n")
EDIT = patch("*** Update File: model.py\n@@\n-loyalty_points = 0\n+loyalty_points = 1\n")
ESCAPE = patch("*** Add File: {workspace}/../outside/new.txt\n+owned\n")
WAIT = shell("python3 -c 'import time; time.sleep(1000)'", yield_time_ms=30000)
DAEMON = shell("setsid sleep 1000 >/dev/null 2>&1 & echo started")
FLOOD = Reply(blocks=tuple(Text(text="x" * 100_000) for _ in range(20)), chunk=20_000)
STALL = Reply(always=Break(how="stall", after=2))
REPLIES = {
    "edits": (WRITE, DONE),
    "fails": (Reply(always=Refusal(status=400, message="prompt is too long")),),
    "reworks": (WRITE, DONE, EDIT, DONE),
    "lasts": (WAIT, DONE),
    "interruptible": (WAIT, DONE),
    "spawns": (DAEMON, DONE),
    "floods": (FLOOD,),
    "listens": (WRITE, DONE, DONE, DONE),
    "denied": (ESCAPE, DONE),
    "truncated": (WRITE, Reply(always=Break(how="end", after=4))),
}


class CodexRig:
    """One fake server for each site, all of them gone at the end."""

    def __init__(self):
        self._stack = ExitStack()
        self.sandbox = find_sandbox()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._stack.close()

    def prepare(self, behaviour, site):
        from hive.agents.codex.agent import Codex

        replies = REPLIES[behaviour]
        if self.sandbox.name == "none" and behaviour in ("lasts", "interruptible", "spawns"):
            if behaviour == "spawns":
                return None
            replies = (STALL,)
        self.fake = self._stack.enter_context(serving(script(*replies)))
        return Prepared(Codex(means(self.fake.url, sandbox=self.sandbox), retries=1), site.assignment())

"""Makes the in-process adapter behave as asked, by what the fake model answers."""

from contextlib import ExitStack

from hive.agents.anthropic.retry import Pace
from hive.agents.conformance import Prepared
from hive.testing import Break, Refusal, Reply, Script, Text, Thinking, ToolUse, serving
from hive.workspaces.sandbox import find_sandbox
from tests.agents.means import means

QUICK = Pace(first=0.001, longest=0.01)
DONE = Reply(blocks=(Text(text="Done."),))


def use(name, **given):
    return Reply(blocks=(Thinking(text="What now?"), Text(text="I use it."), ToolUse(name=name, input=given)))


WRITE = use("write", file_path="model.py", content="loyalty_points = 0\n")
EDIT = use("edit", file_path="model.py", old_string="0", new_string="1")
ESCAPE = use("write", file_path="way_out.txt", content="owned")
WAIT = use("bash", command="sleep 1000", timeout_seconds=600)
DAEMON = use("bash", command="setsid sleep 1000 >/dev/null 2>&1 & echo started")
FLOOD = Reply(blocks=tuple(Text(text="x" * 100_000) for _ in range(40)), chunk=5000)
REPLIES = {
    "edits": (WRITE, DONE),
    "fails": (Reply(always=Refusal(status=401, message="invalid x-api-key")),),
    "reworks": (WRITE, DONE, EDIT, DONE),
    "lasts": (WAIT, DONE),
    "interruptible": (WAIT, DONE),
    "spawns": (DAEMON, DONE),
    "floods": (FLOOD,),
    "listens": (WRITE, DONE, DONE, DONE),
    "denied": (ESCAPE, DONE),
    "truncated": (WRITE, Reply(always=Break(how="end", after=4))),
}
STALLED = (use("read", file_path="."), Reply(always=Break(how="stall", after=2)))


class AnthropicRig:
    """One fake server for each site, all of them gone at the end."""

    def __init__(self):
        self._stack = ExitStack()
        self.sandbox = find_sandbox()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._stack.close()

    def prepare(self, behaviour, site):
        replies = REPLIES[behaviour]
        if self.sandbox.name == "none" and behaviour in ("lasts", "interruptible", "spawns"):
            if behaviour == "spawns":
                return None
            replies = STALLED
        from hive.agents.anthropic.agent import Anthropic

        fake = self._stack.enter_context(serving(Script.of(*replies)))
        return Prepared(
            Anthropic.with_means(means(fake.url, sandbox=self.sandbox), QUICK),
            site.assignment(),
            feedback="1 failed",
        )

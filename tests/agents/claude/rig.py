"""Makes the real Claude Code behave as asked, by what the fake model answers."""

from contextlib import ExitStack

from hive.agents.conformance import Prepared
from hive.testing import Break, Part, Refusal, Reply, Script, Text, Thinking, ToolUse, serving
from hive.workspaces.sandbox import find_sandbox
from tests.agents.means import means

CAPTURES = {"service": r"Your service folder: (\S+)", "workspace": r"Your workspace: (\S+)"}
DONE = Reply(blocks=(Text(text="Done."),))


def use(name, **given):
    return Reply(blocks=(Thinking(text="What now?"), Text(text="I use it."), ToolUse(name=name, input=given)))


def script(*replies):
    return Script(parts=(Part(captures=CAPTURES, replies=replies),))


WRITE = use("Write", file_path="{service}/model.py", content="loyalty_points = 0\n")
READ = use("Read", file_path="{service}/model.py")
EDIT = use("Edit", file_path="{service}/model.py", old_string="0", new_string="1")
ESCAPE = use("Write", file_path="{workspace}/../outside/new.txt", content="owned")
WAIT = use("Bash", command="python3 -c 'import time; time.sleep(1000)'", timeout=600000)
DAEMON = use("Bash", command="setsid sleep 1000 >/dev/null 2>&1 & echo started")
FLOOD = Reply(blocks=tuple(Text(text="x" * 100_000) for _ in range(20)), chunk=20_000)
STALLED = (use("Read", file_path="{service}"), Reply(always=Break(how="stall", after=2)))
REPLIES = {
    "edits": (WRITE, DONE),
    "fails": (Reply(always=Refusal(status=400, message="prompt is too long")),),
    "reworks": (WRITE, DONE, READ, EDIT, DONE),
    "lasts": (WAIT, DONE),
    "interruptible": (WAIT, DONE),
    "spawns": (DAEMON, DONE),
    "floods": (FLOOD,),
    "listens": (WRITE, DONE, DONE, DONE),
    "denied": (ESCAPE, DONE),
    "truncated": (WRITE, Reply(always=Break(how="end", after=4))),
}


class ClaudeRig:
    """One fake server for each site, all of them gone at the end."""

    def __init__(self):
        self._stack = ExitStack()
        self.sandbox = find_sandbox()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._stack.close()

    def prepare(self, behaviour, site):
        from hive.agents.claude.agent import Claude

        replies = REPLIES[behaviour]
        if self.sandbox.name == "none" and behaviour in ("lasts", "interruptible", "spawns"):
            if behaviour == "spawns":
                return None
            replies = STALLED
        fake = self._stack.enter_context(serving(script(*replies)))
        self.fake = fake
        return Prepared(Claude(means(fake.url, sandbox=self.sandbox), retries=1), site.assignment())

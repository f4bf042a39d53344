"""Makes the adapter for the protocol behave as asked: by a small agent of its own, and by real ones where installed."""

import json
import shlex
import sys
from contextlib import ExitStack
from pathlib import Path

from hive.agents.conformance import Prepared
from hive.agents.means import Means
from hive.config import UserSettings
from hive.testing import Part, Reply, Script, Text, ToolUse, serving
from hive.workspaces.sandbox import NoSandbox
from tests.agents.claude.rig import CAPTURES, REPLIES, script
from tests.agents.means import means

FAKE = Path(__file__).with_name("fake_agent.py")


def fake(behaviour, **more):
    from hive.agents.acp.agent import Acp

    return Acp.own(means(acp_command=shlex.join([sys.executable, str(FAKE), behaviour]), **more))


class AcpRig:
    """The small agent."""

    def prepare(self, behaviour, site):
        return Prepared(fake(behaviour), site.assignment())


class ClaudeAcpRig:
    """The real claude-agent-acp; without a sandbox, as npm puts it where the sandbox may not look."""

    def __init__(self):
        self._stack = ExitStack()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._stack.close()

    def prepare(self, behaviour, site):
        from hive.agents.acp.agent import Acp

        if behaviour in ("lasts", "interruptible", "spawns", "reworks"):
            return None
        server = self._stack.enter_context(serving(script(*REPLIES[behaviour])))
        agent = Acp.named("claude-agent-acp", means(server.url))
        env = {**agent.entry.env, "CLAUDE_CODE_MAX_RETRIES": "1"}
        agent.entry = agent.entry.model_copy(update={"env": env})
        return Prepared(agent, site.assignment())


class CatalogRig:
    """A real agent of the catalogue before the fake models, as far as a turn of one edit goes."""

    name = ""
    write = ToolUse(name="")
    setting: str | None = None

    def __init__(self):
        self._stack = ExitStack()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._stack.close()

    def environ(self, url):
        raise NotImplementedError

    def prepare(self, behaviour, site):
        from hive.agents.acp.agent import Acp

        if behaviour not in ("edits", "listens"):
            return None
        edit = Reply(blocks=(Text(text="I write."), self.write))
        # Some ask the model for a title besides: that is another conversation.
        work = Part(when="Your service folder", captures=CAPTURES, replies=(edit, *[Reply()] * 5))
        server = self._stack.enter_context(serving(Script(parts=(work, Part(replies=(Reply(),) * 9)))))
        environ = self.environ(server.url)
        given = Means(UserSettings(model=self.setting, command_env=tuple(environ)), environ, NoSandbox())
        return Prepared(Acp.named(self.name, given), site.assignment())


class GeminiRig(CatalogRig):
    name = "gemini"
    setting = "gemini-2.5-flash"
    write = ToolUse(name="write_file", input={"file_path": "{service}/model.py", "content": "x = 0\n"})

    def environ(self, url):
        return {"GEMINI_API_KEY": "fake", "GOOGLE_GEMINI_BASE_URL": url}


class OpenCodeRig(CatalogRig):
    name = "opencode"
    write = ToolUse(name="write", input={"filePath": "{service}/model.py", "content": "x = 0\n"})

    def environ(self, url):
        config = {"model": "anthropic/claude-sonnet-4-5"}
        return {
            "ANTHROPIC_API_KEY": "fake",
            "ANTHROPIC_BASE_URL": f"{url}/v1",
            "OPENCODE_CONFIG_CONTENT": json.dumps(config),
        }


class CopilotRig(CatalogRig):
    name = "copilot"
    write = ToolUse(name="create", input={"path": "{service}/model.py", "file_text": "x = 0\n"})

    def environ(self, url):
        return {
            "COPILOT_OFFLINE": "true",
            "COPILOT_PROVIDER_BASE_URL": url,
            "COPILOT_PROVIDER_TYPE": "anthropic",
            "COPILOT_PROVIDER_API_KEY": "fake",
            "COPILOT_MODEL": "claude-sonnet-4-5",
        }

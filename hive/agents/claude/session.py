"""One turn of Claude Code: its own process, its own folders, the policy in a hook that fails closed."""

import asyncio
import contextlib
import json
import math
from collections.abc import AsyncIterator
from typing import Any, cast

from claude_agent_sdk import (
    ClaudeAgentOptions,
    ClaudeSDKClient,
    HookMatcher,
    PermissionResultDeny,
    ResultMessage,
    SessionStore,
    ToolPermissionContext,
)

from hive.agents.account import Account
from hive.agents.briefing import anew, rules, told
from hive.agents.claude.asking import answered
from hive.agents.claude.confining import confining
from hive.agents.claude.launching import bundled, given, launcher, led_to_its_model, settings_folder
from hive.agents.claude.limits import hindered
from hive.agents.claude.policy import ASKING_TOOLS, OUTSIDE, TOOLS, Policy, Verdict
from hive.agents.claude.transcript import Transcripts
from hive.agents.claude.translating import Translator, ended
from hive.agents.means import Means
from hive.agents.questions import Questions
from hive.agents.recollection import folder, recall, remember
from hive.agents.session import leave_nothing
from hive.agents.tally import Tally
from hive.agents.telling import Tell
from hive.agents.tools.server import NAME as NAME_OF_TOOLS
from hive.agents.tools.server import server
from hive.model import Answer, Assignment, Ended, Words
from hive.ports import Tools

LARGEST_LINE = 64 << 20
HOOK_SECONDS = 30.0
INTERRUPT_SECONDS = 1.0
NAME = "claude"


class ClaudeTurn:
    """Implements `relay.Session`."""

    def __init__(
        self, assignment: Assignment, means: Means, tools: Tools, account: Account, retries: int
    ) -> None:
        self._assignment = assignment
        self._means = means
        self._tools = tools
        self._account = account
        self._wrap = confining(assignment, means)
        self._questions = Questions(means.settings.answer_timeout)
        self._tell: Tell | None = None
        wrap_open = confining(assignment, means, "open") if means.asks else None
        self._policy = Policy.of(assignment, self._wrap, wrap_open)
        self._retries = retries
        self._model = means.settings.model
        self._transcripts = Transcripts(folder(assignment), settings_folder(assignment), means.redactor)
        self._session, before = _recalled(assignment, self._transcripts)
        self._translator = Translator(assignment, before, total=before)
        self._tally = Tally()
        self._heard: list[str] = []
        self._client: ClaudeSDKClient | None = None
        self._interrupted = False

    async def hear(self, message: Words | Answer) -> None:
        """The agent reads it with the result of its next tool, or when it would end."""
        if isinstance(message, Answer) and self._questions.answer(message):
            return
        self._heard.append(message.text)

    async def interrupt(self) -> bool:
        """Claude Code ends its turn by itself when it is asked to."""
        if self._client is None:
            return False
        self._interrupted = True
        await asyncio.wait_for(self._client.interrupt(), INTERRUPT_SECONDS)
        return True

    async def play(self, tell: Tell) -> Ended:
        """Work to the end of the turn."""
        self._tell = tell
        async with (
            self._means.starting.place() as place,
            led_to_its_model(self._means) as leading,
            self._connected(given(self._assignment, leading, self._retries)) as client,
        ):
            await client.query(told(self._assignment) if self._session else anew(self._assignment))
            async for message in client.receive_messages():
                place.over()
                for report in self._translator.reports(message):
                    self._tally.add(report)
                    await tell(report)
                if wrong := await self._hindered(message, tell):
                    return wrong
                if not isinstance(message, ResultMessage):
                    continue
                if wrong := ended(message):
                    return wrong
                if not self._heard:
                    self._remember()
                    return self._tally.verdict()
                await client.query(self._words())
        return Ended(outcome="failed", reason="Claude Code ended without a result")

    async def _hindered(self, message: object, tell: Tell) -> Ended | None:
        """What the program says of limits holds for every session of the same key."""
        hindrance = hindered(message)
        if hindrance is None:
            return None
        if hindrance.hopeless:
            self._interrupted = True
            return hindrance.hopeless
        if hindrance.resets_at:
            self._account.quota.close_until(hindrance.resets_at)
        self._account.quota.close_for(hindrance.seconds)
        if delayed := self._account.quota.delay():
            await tell(delayed)
        return None

    @contextlib.asynccontextmanager
    async def _connected(self, env: dict[str, str]) -> AsyncIterator[ClaudeSDKClient]:
        client = ClaudeSDKClient(self._options(env))
        try:
            await client.connect()
            self._client = client
            yield client
            if self._interrupted:
                await leave_nothing(self._assignment)
            await client.disconnect()  # in peace otherwise, so that the transcript is complete
        except BaseException:
            with contextlib.suppress(Exception):  # it may be gone already, or deaf
                await asyncio.wait_for(client.interrupt(), INTERRUPT_SECONDS)
            # Killed first, so that the library has nothing to wait for.
            await leave_nothing(self._assignment)
            with contextlib.suppress(Exception):
                await client.disconnect()
            raise
        finally:
            self._client = None

    def _options(self, env: dict[str, str]) -> ClaudeAgentOptions:
        left = self._account.budget.left
        patience = HOOK_SECONDS + (self._means.settings.answer_timeout if self._means.asks else 0.0)
        hooks: dict[Any, list[HookMatcher]] = {
            "PreToolUse": [HookMatcher(hooks=[self._judged], on_failure="block", timeout=patience)],
            "PostToolUse": [HookMatcher(hooks=[self._told], timeout=HOOK_SECONDS)],
        }
        return ClaudeAgentOptions(
            cwd=self._policy.service,
            add_dirs=[self._policy.workspace],
            cli_path=launcher(self._assignment, bundled(), env),
            env=env,
            model=self._model,
            tools=self._offered(),
            system_prompt={"type": "preset", "preset": "claude_code", "append": self._rules()},
            mcp_servers={
                NAME_OF_TOOLS: {"type": "sdk", "name": NAME_OF_TOOLS, "instance": server(self._tools)}
            },
            setting_sources=[],
            strict_mcp_config=True,
            # What the hook does not allow is denied; only where somebody can be asked does Claude Code ask.
            permission_mode="default" if self._means.asks else "dontAsk",
            can_use_tool=_refused if self._means.asks else None,
            hooks=hooks,
            session_store=cast("SessionStore", self._transcripts),  # the SDK asks for what is there
            resume=self._session,
            fork_session=self._session is not None,
            max_buffer_size=LARGEST_LINE,
            stderr=lambda line: None,
            max_budget_usd=None if math.isinf(left) else left,
        )

    async def _judged(self, call: Any, use: str | None, context: Any) -> Any:  # noqa: ANN401 - JSON
        verdict = await self._permitted(str(call["tool_name"]), call["tool_input"])
        if not verdict.allowed and use:
            self._translator.denied.add(use)
        decision: dict[str, Any] = {
            "hookEventName": "PreToolUse",
            "permissionDecision": "allow" if verdict.allowed else "deny",
            "permissionDecisionReason": verdict.reason or "within the session's rules",
        }
        if verdict.changed is not None:
            decision["updatedInput"] = dict(verdict.changed)
        return {"hookSpecificOutput": decision}

    async def _permitted(self, tool: str, given: dict[str, Any]) -> Verdict:
        """What the policy says, or a person where they may say otherwise."""
        if not self._means.asks or self._tell is None:
            return self._policy.judge(tool, given)
        if tool == "AskUserQuestion":
            return Verdict(True, changed=await answered(given, self._questions, self._tell))
        verdict = self._policy.judge(tool, given)
        if verdict.allowed or not verdict.question:
            return verdict
        if await self._questions.allowed(self._tell, verdict.question):
            return Verdict(True, changed=verdict.changed)
        return Verdict(False, f"{verdict.reason}, and nobody has allowed it")

    def _offered(self) -> list[str]:
        asks = self._means.asks
        return [*TOOLS, *(["Bash"] if self._wrap or asks else []), *(ASKING_TOOLS if asks else [])]

    def _rules(self) -> str:
        if not self._means.asks:
            return rules(self._assignment)
        asking = f"- A command has no network. Where it needs one, set {OUTSIDE} for it: a person is asked.\n"
        return rules(self._assignment) + asking

    async def _told(self, call: Any, use: str | None, context: Any) -> Any:  # noqa: ANN401 - JSON
        if not self._heard:
            return {}
        return {"hookSpecificOutput": {"hookEventName": "PostToolUse", "additionalContext": self._words()}}

    def _words(self) -> str:
        heard, self._heard = self._heard, []
        return "\n".join(f"Message from the person: {text}" for text in heard)

    def _remember(self) -> None:
        kept = {"session": self._translator.session, "cost_usd": self._translator.total}
        remember(self._assignment, NAME, json.dumps(kept))


async def _refused(tool: str, given: dict[str, Any], context: ToolPermissionContext) -> PermissionResultDeny:
    return PermissionResultDeny(message=f"{tool!r} was not decided by the session's rules")


def _recalled(assignment: Assignment, transcripts: Transcripts) -> tuple[str | None, float]:
    """The session of the turn before and what it has cost, if its transcript is still there."""
    try:
        kept = json.loads(recall(assignment, NAME) or "null")
        session, cost = str(kept["session"]), float(kept["cost_usd"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None, 0.0
    return (session, cost) if transcripts.holds(session) else (None, 0.0)

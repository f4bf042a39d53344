"""One turn of a conversation with the model: ask, run its tools, answer, until it is done."""

import json
from collections.abc import Awaitable
from typing import Any

from anthropic import AsyncAnthropic

from hive.agents.account import Account
from hive.agents.anthropic.asking import MOST_TOKENS, Answered, ask
from hive.agents.anthropic.permitting import Permits
from hive.agents.anthropic.persistence import persistently
from hive.agents.anthropic.prices import dearest
from hive.agents.anthropic.retry import Failure, Pace, explained
from hive.agents.anthropic.running import ToolRun, run_tool
from hive.agents.anthropic.toolset import Toolset
from hive.agents.briefing import rules, told
from hive.agents.recollection import recall, remember
from hive.agents.tally import Tally
from hive.agents.telling import Tell
from hive.model import Answer, Assignment, Ended, Report, Words
from hive.redaction import Redactor

MOST_ANSWERS = 200
"""Answers of the model in one turn; a loop that goes on for longer is not getting anywhere."""
NAME = "messages"


class Conversation:
    """Implements `relay.Session`."""

    def __init__(
        self,
        assignment: Assignment,
        client: AsyncAnthropic,
        account: Account,
        model: str,
        tools: Toolset,
        permits: Permits,
        redactor: Redactor,
        pace: Pace,
    ) -> None:
        self._assignment = assignment
        self._client = client
        self._account = account
        self._model = model
        self._permits = permits
        self._redactor = redactor
        self._pace = pace
        self._tools = tools
        self._messages: list[Any] = _recalled(assignment)
        self._heard: list[str] = []
        self._tally = Tally()

    async def hear(self, message: Words | Answer) -> None:
        """The model reads it with the next results of its tools."""
        if isinstance(message, Answer) and self._permits.answer(message):
            return
        self._heard.append(message.text)

    async def interrupt(self) -> bool:
        """Nothing to say goodbye to: the turn is cancelled where it stands."""
        return False

    async def play(self, tell: Tell) -> Ended:
        """Work to the end of the turn."""

        async def tallied(report: Report) -> None:
            self._tally.add(report)
            await tell(report)

        self._messages.append({"role": "user", "content": told(self._assignment)})
        for _ in range(MOST_ANSWERS):
            answered = await self._asked(tallied)
            if isinstance(answered, Ended):
                self._remember()
                return answered
            self._messages.append({"role": "assistant", "content": answered.content})
            ended = await self._continued(answered, tallied)
            if ended is not None:
                return ended
        return Ended(outcome="failed", reason=f"not done after {MOST_ANSWERS} answers of the model")

    async def _asked(self, tell: Tell) -> Answered | Ended:
        tools = self._tools.told
        system = rules(self._assignment)

        def once() -> Awaitable[Answered]:
            return ask(
                self._client, tell, model=self._model, system=system, messages=self._messages, tools=tools
            )

        most = dearest(self._model, len(json.dumps([system, self._messages, tools])), MOST_TOKENS)
        answered = await persistently(self._account, self._pace, once, tell=tell, most=most)
        if isinstance(answered, Failure):
            return Ended(outcome="failed", reason=explained(answered))
        return answered

    async def _continued(self, answered: Answered, tell: Tell) -> Ended | None:
        """Prepare the next question; or how the turn ends."""
        match answered.stop_reason:
            case "tool_use":
                results = [await self._run(use, tell) for use in answered.uses]
                self._say([*results, *self._words()])
            case "pause_turn":
                pass
            case "end_turn" | "stop_sequence":
                if not self._heard:
                    self._remember()
                    return self._tally.verdict()
                self._say(self._words())
            case "max_tokens" | "model_context_window_exceeded" | "refusal" | _ as reason:
                self._remember()
                return Ended(outcome="failed", reason=f"the model stopped: {reason or 'no reason'}")
        return None

    async def _run(self, use: dict[str, Any], tell: Tell) -> dict[str, Any]:
        refused = await self._permits.refused(use, tell)
        run: ToolRun = await run_tool(self._tools, use, self._assignment, tell, refused)
        result = {"type": "tool_result", "tool_use_id": use["id"], "content": run.content}
        return result | ({"is_error": True} if run.outcome != "ok" else {})

    def _remember(self) -> None:
        """Keep the conversation, without secrets and without an answer that was never completed by its results."""
        known = self._messages
        if any(block["type"] == "tool_use" for block in known[-1]["content"] if isinstance(block, dict)):
            known = known[:-1]
        remember(self._assignment, NAME, self._redactor.text(json.dumps(known)))

    def _say(self, content: list[dict[str, Any]]) -> None:
        self._messages.append({"role": "user", "content": content})

    def _words(self) -> list[dict[str, Any]]:
        heard, self._heard = self._heard, []
        return [{"type": "text", "text": f"Message from the person: {text}"} for text in heard]


def _recalled(assignment: Assignment) -> list[Any]:
    try:
        known = json.loads(recall(assignment, NAME) or "[]")
    except (ValueError, RecursionError):
        return []
    return known if isinstance(known, list) else []

"""Claude Code's messages as hive's reports; what is not known is kept as it is."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from claude_agent_sdk import (
    AssistantMessage,
    RateLimitEvent,
    ResultMessage,
    SystemMessage,
    TextBlock,
    ThinkingBlock,
    ToolResultBlock,
    ToolUseBlock,
    UserMessage,
)

from hive.agents.anthropic.prices import Tokens, cost
from hive.agents.session import bounded
from hive.agents.showing import edited_path, summary
from hive.model import (
    Assignment,
    Ended,
    FileEdited,
    Planned,
    Ran,
    Report,
    Said,
    Spent,
    Step,
    Thought,
    ToolCalled,
    ToolReturned,
    Unrecognised,
)

_EDITS = {
    "Write": "file_path",
    "Edit": "file_path",
    "MultiEdit": "file_path",
    "NotebookEdit": "notebook_path",
}
_EXIT = re.compile(r"Exit code (\d+)")
_NOISE = ("init", "status", "thinking_tokens", "hook_started", "hook_response", "hook_progress", "api_retry")
_STATUS: dict[str, Literal["open", "doing", "done"]] = {"in_progress": "doing", "completed": "done"}
_MISSING = "<tool_use_error>Error: No such tool available"
_OUTPUT = 2000


@dataclass
class Translator:
    """Follows one turn; `denied` holds the calls that the policy refused."""

    assignment: Assignment
    spent_before: float = 0.0
    """US dollars of the session up to this turn: the tool's own figure goes on from there."""
    denied: set[str] = field(default_factory=set)
    total: float = 0.0
    """US dollars of the session so far."""
    session: str = ""
    _calls: dict[str, ToolUseBlock] = field(default_factory=dict)
    _answers: set[str] = field(default_factory=set)
    _told: Spent = field(default_factory=Spent)

    def reports(self, message: object) -> Iterator[Report]:
        """What a message tells."""
        match message:
            case AssistantMessage():
                yield from self._spent(message)
                for block in message.content:
                    yield from self._said(block)
            case UserMessage(content=list(blocks)):
                for block in blocks:
                    if isinstance(block, ToolResultBlock):
                        yield from self._returned(block)
            case ResultMessage():
                yield from self._settled(message)
            case SystemMessage() if message.subtype in _NOISE:
                pass
            case SystemMessage(subtype="permission_denied"):
                self.denied.add(str(message.data.get("tool_use_id")))
            case SystemMessage():
                yield _kept(message.subtype, message.data)
            case UserMessage() | RateLimitEvent():
                pass
            case _:
                yield _kept(type(message).__name__, vars(message))

    def _spent(self, message: AssistantMessage) -> Iterator[Report]:
        """Each answer is told block by block, with the same usage every time."""
        if not message.message_id or message.message_id in self._answers:
            return
        self._answers.add(message.message_id)
        usage = message.usage or {}
        tokens = Tokens(
            input=usage.get("input_tokens") or 0,
            cache_write=usage.get("cache_creation_input_tokens") or 0,
            cache_read=usage.get("cache_read_input_tokens") or 0,
        )
        taken = tokens.input + tokens.cache_write + tokens.cache_read
        if taken:
            yield self._add(Spent(input_tokens=taken, cost_usd=cost(message.model, tokens)))

    def _add(self, spent: Spent) -> Spent:
        self._told = Spent(
            input_tokens=self._told.input_tokens + spent.input_tokens,
            output_tokens=self._told.output_tokens + spent.output_tokens,
            cost_usd=self._told.cost_usd + spent.cost_usd,
        )
        return spent

    def _said(self, block: object) -> Iterator[Report]:
        match block:
            case TextBlock() if block.text.strip():
                yield Said(text=bounded(block.text))
            case ThinkingBlock() if block.thinking.strip():
                yield Thought(text=bounded(block.thinking))
            case ToolUseBlock():
                self._calls[block.id] = block
                yield ToolCalled(tool=bounded(block.name), summary=summary(block.input))
            case TextBlock() | ThinkingBlock():
                pass
            case _:
                yield _kept(type(block).__name__, vars(block))

    def _returned(self, block: ToolResultBlock) -> Iterator[Report]:
        call = self._calls.pop(block.tool_use_id, None)
        name = call.name if call else "unknown"
        text = block.content if isinstance(block.content, str) else _text(block.content)
        denied = block.tool_use_id in self.denied or _MISSING in text
        if call and not denied:
            yield from self._did(call, text, failed=bool(block.is_error))
        outcome: Literal["ok", "failed", "denied"] = (
            "denied" if denied else "failed" if block.is_error else "ok"
        )
        yield ToolReturned(
            tool=bounded(name), outcome=outcome, summary=bounded(text[:500]) if outcome != "ok" else ""
        )

    def _did(self, call: ToolUseBlock, text: str, *, failed: bool) -> Iterator[Report]:
        if call.name == "Bash":
            code = _EXIT.match(text)
            exit_code = int(code.group(1)) if code and failed else None if failed else 0
            command = bounded(str(call.input.get("command", "")))
            yield Ran(command=command, exit_code=exit_code, output=bounded(text[-_OUTPUT:]))
        elif call.name in _EDITS and not failed:
            path = str(call.input.get(_EDITS[call.name], ""))
            yield FileEdited(path=edited_path(path, self.assignment), summary=call.name.lower())
        elif call.name == "TodoWrite" and not failed:
            yield Planned(steps=_steps(call.input.get("todos")))

    def _settled(self, message: ResultMessage) -> Iterator[Report]:
        """What the turn cost beyond what was told already: the tool's totals grow over the whole session."""
        self.session, self.total = message.session_id, message.total_cost_usd or self.spent_before
        usage = message.usage or {}
        taken = sum(
            usage.get(key) or 0
            for key in ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
        )
        rest = Spent(
            input_tokens=max(0, taken - self._told.input_tokens),
            output_tokens=max(0, (usage.get("output_tokens") or 0) - self._told.output_tokens),
            cost_usd=max(0.0, self.total - self.spent_before - self._told.cost_usd),
        )
        if rest != Spent():
            yield self._add(rest)


def ended(message: ResultMessage) -> Ended | None:
    """How the turn ended where it did not end well; `subtype` alone does not tell."""
    if str(message.terminal_reason or "").startswith("aborted"):
        return Ended(outcome="interrupted", reason="interrupted by a person")
    if not message.is_error:
        return None
    status = f" ({message.api_error_status})" if message.api_error_status else ""
    words = message.result or "; ".join(message.errors or ()) or message.subtype
    return Ended(outcome="failed", reason=bounded(f"Claude Code failed{status}: {words}"))


def _steps(todos: object) -> tuple[Step, ...]:
    items = todos if isinstance(todos, list) else []
    return tuple(
        Step(
            text=bounded(str(item.get("content", ""))[:300]),
            status=_STATUS.get(str(item.get("status")), "open"),
        )
        for item in items[:100]
        if isinstance(item, dict)
    )


def _text(content: Any) -> str:  # noqa: ANN401 - whatever a tool returned
    parts = content if isinstance(content, list) else []
    return "\n".join(str(part.get("text", "")) for part in parts if isinstance(part, dict))


def _kept(name: str, payload: object) -> Unrecognised:
    return Unrecognised(name=bounded(name), payload=bounded(json.dumps(payload, default=str)[:_OUTPUT]))

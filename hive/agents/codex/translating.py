"""An app server's notifications as hive's reports; what is not known is kept as it is."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from hive.agents.codex.shapes import code, count, record, records, text, texts
from hive.agents.codex.wire import Notice
from hive.agents.session import bounded
from hive.agents.showing import edited_path
from hive.model import (
    Assignment,
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

_NOISE = (
    "account/rateLimits/updated", "account/updated", "app/list/updated", "mcpServer/startupStatus/updated",
    "remoteControl/status/changed", "serverRequest/resolved", "skills/changed", "thread/name/updated",
    "thread/settings/updated", "thread/started", "thread/status/changed", "turn/completed", "turn/diff/updated",
    "turn/started", "item/fileChange/patchUpdated", "item/reasoning/summaryPartAdded", "thread/closed",
)  # fmt: skip
_SILENT = ("userMessage", "hookPrompt", "agentMessage", "reasoning", "plan")
_STATUS: dict[str, Literal["open", "doing", "done"]] = {"inProgress": "doing", "completed": "done"}
_OUTPUT = 2000
_LONGEST = 300
Outcome = Literal["ok", "failed", "denied"]


@dataclass
class Translator:
    """Follows one turn."""

    assignment: Assignment
    begun: bool = False
    """Whether the turn has begun: what the thread used before is not this turn's."""
    paths: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The files of each change that was announced, as they were named."""
    denied: dict[str, str] = field(default_factory=dict)
    """Why each call was refused."""
    _used: dict[str, tuple[int, int]] = field(default_factory=dict)

    def reports(self, notice: Notice) -> Iterator[Report]:
        """What a notification tells."""
        method, params = notice
        item = record(params.get("item"))
        if method in _NOISE or method.endswith(("/delta", "Delta")):
            return
        match method:
            case "item/started":
                yield from self._started(item)
            case "item/completed":
                yield from self._completed(item, params)
            case "turn/plan/updated":
                yield Planned(steps=tuple(_step(each) for each in records(params.get("plan"))))
            case "thread/tokenUsage/updated":
                yield from self._spent(text(params.get("threadId")), record(params.get("tokenUsage")))
            case "error":
                yield from _tried_again(params)
            case _:
                yield _kept(method, params)

    def _started(self, item: dict[str, Any]) -> Iterator[Report]:
        kind, identity = text(item.get("type")), text(item.get("id"))
        if kind == "fileChange":
            self.paths[identity] = named(item)
        if kind not in _SILENT:
            yield ToolCalled(tool=_tool(item), summary=bounded(_summary(item)[:_LONGEST]))

    def _completed(self, item: dict[str, Any], params: dict[str, Any]) -> Iterator[Report]:
        match text(item.get("type")):
            case "agentMessage":
                yield from _words(Said, [text(item.get("text"))])
            case "plan":
                yield from _words(Thought, [text(item.get("text"))])
            case "reasoning":
                yield from _words(Thought, texts(item.get("summary")) or texts(item.get("content")))
            case "userMessage" | "hookPrompt":
                pass
            case "commandExecution" | "fileChange" | "mcpToolCall" | "dynamicToolCall":
                yield from self._returned(item)
            case _:
                yield _kept("item/completed", params)

    def _returned(self, item: dict[str, Any]) -> Iterator[Report]:
        identity, status = text(item.get("id")), text(item.get("status"))
        self.paths.pop(identity, None)
        reason = self.denied.pop(identity, None)
        denied = reason is not None or status == "declined"
        outcome: Outcome = "denied" if denied else "ok" if status == "completed" else "failed"
        if not denied:
            yield from self._did(item, outcome)
        summary = reason or ("declined" if denied else "" if outcome == "ok" else _summary(item))
        yield ToolReturned(tool=_tool(item), outcome=outcome, summary=bounded(summary[:500]))

    def _did(self, item: dict[str, Any], outcome: Outcome) -> Iterator[Report]:
        kind = text(item.get("type"))
        if kind == "commandExecution":
            output = text(item.get("aggregatedOutput"))[-_OUTPUT:]
            yield Ran(command=_command(item), exit_code=code(item.get("exitCode")), output=output)
        elif kind == "fileChange" and outcome == "ok":
            for change in records(item.get("changes")):
                what = text(record(change.get("kind")).get("type"))[:_LONGEST]
                for path in named({"changes": [change]}):
                    yield FileEdited(path=edited_path(path, self.assignment), summary=what)

    def _spent(self, thread: str, usage: dict[str, Any]) -> Iterator[Report]:
        """The totals are a thread's, of the turns before too, and are told more than once."""
        total, last = _tokens(usage.get("total")), _tokens(usage.get("last"))
        before = self._used.get(thread, (total[0] - last[0], total[1] - last[1]) if self.begun else total)
        self._used[thread] = total
        taken, given = max(0, total[0] - before[0]), max(0, total[1] - before[1])
        if taken or given:
            yield Spent(input_tokens=taken, output_tokens=given)


def _tokens(value: object) -> tuple[int, int]:
    usage = record(value)
    return count(usage.get("inputTokens")), count(usage.get("outputTokens"))


def _tried_again(params: dict[str, Any]) -> Iterator[Report]:
    """An error that Codex gets over by itself; any other is the reason why the turn ends."""
    error = record(params.get("error"))
    if params.get("willRetry") is True:
        told = f"{text(error.get('message'))} {text(error.get('additionalDetails'))}".strip()
        yield Unrecognised(name="error, tried again", payload=bounded(told[:_OUTPUT]))


def _words(kind: type[Said] | type[Thought], parts: list[str]) -> Iterator[Report]:
    whole = "\n".join(parts)
    if whole.strip():
        yield kind(text=bounded(whole))


def _tool(item: dict[str, Any]) -> str:
    match text(item.get("type")):
        case "commandExecution":
            return "shell"
        case "fileChange":
            return "apply_patch"
        case "mcpToolCall":
            return bounded(f"{text(item.get('server'))}.{text(item.get('tool'))}"[:_LONGEST])
        case "dynamicToolCall":
            return text(item.get("tool"))[:_LONGEST]
        case kind:
            return kind[:_LONGEST]


def _summary(item: dict[str, Any]) -> str:
    match text(item.get("type")):
        case "commandExecution":
            return _command(item)
        case "fileChange":
            return ", ".join(named(item))
        case _:
            given = item.get("arguments", item.get("query", item.get("path", "")))
            return given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)[:_OUTPUT]


def _command(item: dict[str, Any]) -> str:
    """The command as the agent gave it, not as Codex hands it to a shell."""
    actions = [text(each.get("command")) for each in records(item.get("commandActions"))]
    return actions[0] if len(actions) == 1 and actions[0] else text(item.get("command"))


def named(item: dict[str, Any]) -> tuple[str, ...]:
    """Every path of a change, also where a file is moved to; none at all when one of them cannot be read."""
    found: list[object] = []
    changes = item.get("changes")
    for change in changes if isinstance(changes, list) else []:
        moved = record(record(change).get("kind")).get("move_path")
        found += [record(change).get("path"), *([moved] if moved is not None else [])]
    paths = tuple(each for each in found if isinstance(each, str) and each)
    return paths if len(paths) == len(found) else ()


def _step(given: dict[str, Any]) -> Step:
    return Step(
        text=text(given.get("step"))[:_LONGEST], status=_STATUS.get(text(given.get("status")), "open")
    )


def _kept(name: str, payload: object) -> Unrecognised:
    return Unrecognised(name=bounded(name[:_LONGEST]), payload=bounded(json.dumps(payload)[:_OUTPUT]))

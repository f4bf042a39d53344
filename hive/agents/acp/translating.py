"""Updates of the protocol as hive's reports; pieces of text are put together again."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from acp.schema import (
    AgentMessageChunk,
    AgentPlanUpdate,
    AgentThoughtChunk,
    AvailableCommandsUpdate,
    ConfigOptionUpdate,
    CurrentModeUpdate,
    FileEditToolCallContent,
    SessionInfoUpdate,
    TextContentBlock,
    ToolCallProgress,
    ToolCallStart,
    ToolCallUpdate,
    UsageUpdate,
    UserMessageChunk,
)

from hive.agents.session import bounded
from hive.agents.showing import edited_path, summary
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

LONGEST_PIECE = 4000
_STATUS: dict[str, Literal["open", "doing", "done"]] = {"in_progress": "doing", "completed": "done"}


@dataclass
class Call:
    """A tool call as far as it is known."""

    kind: str = "other"
    title: str = ""
    paths: list[str] = field(default_factory=list)
    given: dict[str, object] = field(default_factory=dict)

    def learn(self, update: ToolCallStart | ToolCallProgress | ToolCallUpdate) -> None:
        """Each update tells some more."""
        self.kind = update.kind or self.kind
        self.title = update.title or self.title
        if isinstance(update.raw_input, dict):
            self.given = update.raw_input
        named = [each.path for each in update.locations or ()]
        named += [each.path for each in update.content or () if isinstance(each, FileEditToolCallContent)]
        self.paths += [path for path in named if path not in self.paths]


@dataclass
class Translator:
    """Follows one turn."""

    assignment: Assignment
    calls: dict[str, Call] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    _kind: type[Said] | type[Thought] = Said
    _text: str = ""
    _cost: float = 0.0

    def reports(self, update: object) -> Iterator[Report]:
        """What an update tells."""
        match update:
            case AgentMessageChunk(content=TextContentBlock(text=text)):
                yield from self._piece(Said, text)
            case AgentThoughtChunk(content=TextContentBlock(text=text)):
                yield from self._piece(Thought, text)
            case ToolCallStart() | ToolCallProgress():
                yield from self.flushed()
                yield from self._call(update)
            case AgentPlanUpdate():
                steps = (
                    Step(text=bounded(entry.content[:300]), status=_STATUS.get(entry.status, "open"))
                    for entry in update.entries[:100]
                )
                yield Planned(steps=tuple(steps))
            case UsageUpdate():
                yield from self._spent(update)
            case (
                UserMessageChunk()
                | AvailableCommandsUpdate()
                | CurrentModeUpdate()
                | ConfigOptionUpdate()
                | SessionInfoUpdate()
            ):
                pass
            case _:
                yield Unrecognised(name=type(update).__name__, payload=bounded(str(update)[:2000]))

    @property
    def waiting(self) -> int:
        """Characters that were said and not told yet."""
        return len(self._text)

    def flushed(self) -> Iterator[Report]:
        """What was said and not told yet."""
        text, self._text = self._text, ""
        if text.strip():
            yield self._kind(text=bounded(text))

    def called(self, update: ToolCallStart | ToolCallProgress | ToolCallUpdate) -> Iterator[Report]:
        """The call, when it is heard of for the first time; some agents begin with the request for permission."""
        if update.tool_call_id in self.calls:
            self.known(update)
            return
        yield from self.flushed()
        call = self.known(update)
        shown = summary(call.given) or call.title
        yield ToolCalled(tool=bounded(call.kind), summary=bounded(shown[:300]))

    def known(self, update: ToolCallStart | ToolCallProgress | ToolCallUpdate) -> Call:
        """The call, with what the update tells about it."""
        call = self.calls.setdefault(update.tool_call_id, Call())
        call.learn(update)
        return call

    def _piece(self, kind: type[Said] | type[Thought], text: str) -> Iterator[Report]:
        if kind is not self._kind:
            yield from self.flushed()
        self._kind = kind
        self._text += text
        if len(self._text) >= LONGEST_PIECE:
            yield from self.flushed()

    def _call(self, update: ToolCallStart | ToolCallProgress) -> Iterator[Report]:
        yield from self.called(update)
        call = self.calls[update.tool_call_id]
        if update.status not in ("completed", "failed") or update.tool_call_id in self.denied:
            return
        if call.kind == "execute":
            command = str(call.given.get("command") or call.title)
            code = 0 if update.status == "completed" else None
            yield Ran(command=bounded(command), exit_code=_exit_code(update.raw_output, code))
        elif call.kind in ("edit", "delete", "move") and update.status == "completed":
            named = dict.fromkeys(edited_path(path, self.assignment) for path in call.paths[:100])
            for path in named:
                yield FileEdited(path=path, summary=call.kind)
        outcome: Literal["ok", "failed"] = "ok" if update.status == "completed" else "failed"
        yield ToolReturned(tool=bounded(call.kind), outcome=outcome, summary=bounded(call.title[:300]))

    def _spent(self, update: UsageUpdate) -> Iterator[Report]:
        """The figure is a total of the session."""
        if update.cost and update.cost.currency == "USD" and update.cost.amount > self._cost:
            yield Spent(cost_usd=update.cost.amount - self._cost)
            self._cost = update.cost.amount


def _exit_code(output: object, otherwise: int | None) -> int | None:
    for name in ("exitCode", "exit_code", "exit"):
        if isinstance(output, dict) and isinstance(output.get(name), int):
            return int(output[name])
    return otherwise

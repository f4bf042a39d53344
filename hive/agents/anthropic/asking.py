"""One question to the model: streamed, reported block by block, and complete or an error."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from anthropic import AsyncAnthropic, omit

from hive.agents.anthropic.failure import BrokenAnswerError
from hive.agents.anthropic.limits import resets_in
from hive.agents.anthropic.prices import Tokens, cost
from hive.agents.session import bounded
from hive.agents.telling import Tell
from hive.model import Report, Said, Spent, Thought

MOST_TOKENS = 32_000
"""Of one answer."""
CLEAR_ABOVE = 150_000
"""Input tokens above which the API leaves old tool results out of a long history."""
_CONTEXT = "context-management-2025-06-27"


@dataclass(frozen=True)
class Answered:
    """A complete answer."""

    content: list[dict[str, Any]]
    stop_reason: str | None
    pause: float | None = None
    """Seconds until there is quota again, where this answer has taken the last of it."""

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(str(block["text"]) for block in self.content if block["type"] == "text")

    @property
    def uses(self) -> list[dict[str, Any]]:
        """The tool calls in it."""
        return [block for block in self.content if block["type"] == "tool_use"]


async def ask(
    client: AsyncAnthropic,
    tell: Tell,
    *,
    model: str,
    system: str,
    messages: Sequence[Any],
    tools: Sequence[Any] = (),
    schema: Mapping[str, Any] | None = None,
) -> Answered:
    """The model's answer; with a schema, its words are JSON of that shape, where the API keeps its promise.

    Raises what the library raises, and BrokenAnswerError.
    """
    complete = False
    async with client.beta.messages.stream(
        model=model,
        max_tokens=MOST_TOKENS,
        system=system,
        messages=messages,
        tools=tools or omit,
        output_config={"format": {"type": "json_schema", "schema": dict(schema)}} if schema else omit,
        cache_control={"type": "ephemeral"},
        betas=[_CONTEXT],
        context_management={
            "edits": [
                {
                    "type": "clear_tool_uses_20250919",
                    "trigger": {"type": "input_tokens", "value": CLEAR_ABOVE},
                }
            ]
        },
    ) as stream:
        try:
            async for event in stream:
                match event.type:
                    case "content_block_stop":
                        if report := _told(event.content_block):
                            await tell(report)
                    case "message_stop":
                        complete = True
                        break  # whatever follows is no part of the answer
        finally:
            if snapshot := stream._current_snapshot_or_none():
                await tell(_spent(model, snapshot.usage))
        if not complete:
            raise BrokenAnswerError("the answer ended before it was complete")
        pause = resets_in(stream.response.headers, datetime.now(UTC))
        return _verified(stream.current_message_snapshot, pause)


def _told(block: Any) -> Report | None:  # noqa: ANN401 - a union of some thirty kinds
    if block.type == "text" and block.text.strip():
        return Said(text=bounded(block.text))
    if block.type == "thinking" and block.thinking.strip():
        return Thought(text=bounded(block.thinking))
    return None


def _spent(model: str, usage: Any) -> Spent:  # noqa: ANN401
    tokens = Tokens(
        input=usage.input_tokens or 0,
        output=usage.output_tokens or 0,
        cache_write=usage.cache_creation_input_tokens or 0,
        cache_read=usage.cache_read_input_tokens or 0,
    )
    return Spent(
        input_tokens=tokens.input + tokens.cache_write + tokens.cache_read,
        output_tokens=tokens.output,
        cost_usd=cost(model, tokens),
    )


def _verified(message: Any, pause: float | None) -> Answered:  # noqa: ANN401
    """The answer as plain data; events that came twice leave traces that a tool must never act on."""
    content = [block.to_dict() for block in message.content]
    for block in content:
        block.pop("parsed_output", None)
    answered = Answered(
        [block for block in content if block != {"type": "text", "text": ""}], message.stop_reason, pause
    )
    names = [use["id"] for use in answered.uses]
    if len(set(names)) != len(names) or not all(isinstance(use["input"], dict) for use in answered.uses):
        raise BrokenAnswerError("the answer contradicts itself")
    if answered.stop_reason == "tool_use" and not names:
        raise BrokenAnswerError("the answer wants a tool and names none")
    return answered

"""What a fake model answers: plain data, in the words of no particular provider."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from hive.model import Value


class Text(Value):
    """Words."""

    type: Literal["text"] = "text"
    text: str


class Thinking(Value):
    """Words that the model says to itself."""

    type: Literal["thinking"] = "thinking"
    text: str


class ToolUse(Value):
    """A wish to call a tool; `{name}` in a string of the input is filled from the part's captures."""

    type: Literal["tool_use"] = "tool_use"
    name: str
    input: dict[str, JsonValue] = Field(default={})


Block = Annotated[Text | Thinking | ToolUse, Field(discriminator="type")]


class Usage(Value):
    """Tokens of one answer."""

    input_tokens: int = 100
    output_tokens: int = 20
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0


class Refusal(Value):
    """An error instead of an answer."""

    status: int
    kind: str = ""
    """The provider's word for it; the usual one of that status when empty."""
    message: str = "refused, as scripted"
    retry_after: float | None = None
    headers: dict[str, str] = Field(default={})


class Break(Value):
    """An answer that goes wrong on its way."""

    how: Literal["cut", "end", "error", "stall", "garbage"]
    """`cut`: the connection breaks; `end`: the stream ends in order, but without its last event;
    `error`: an error event; `stall`: pings and nothing else, until the client leaves;
    `garbage`: an event that is no JSON."""
    after: int = Field(default=3, ge=0)
    """How many events are sent before."""
    refusal: Refusal = Refusal(status=529)
    """What an `error` event says."""


Fault = Refusal | Break


class Reply(Value):
    """One answer of the model."""

    blocks: tuple[Block, ...] = (Text(text="Done."),)
    usage: Usage = Usage()
    stop_reason: str = ""
    """`tool_use` or `end_turn` by the blocks, when empty."""
    faults: tuple[Fault, ...] = ()
    """What the first attempts meet, one each; the attempt after them is answered."""
    always: Fault | None = None
    """What every attempt meets."""
    hold: str | None = None
    """Wait, before the first byte, until the test releases this name."""
    doubled: bool = False
    """Every event is sent twice."""
    padding: int = Field(default=0, ge=0)
    """Bytes of one more event, of a kind that no client knows, in one line."""
    chunk: int = Field(default=16, ge=1)
    """Characters of a delta."""


class Part(Value):
    """The answers of one conversation, in order."""

    when: str = ""
    """The conversation is this part's when its first request contains these words; the first such part counts."""
    captures: dict[str, str] = Field(default={})
    """Names for what regular expressions find in the request: their first group, or all of the match."""
    replies: tuple[Reply, ...]


class Script(Value):
    """What a fake model server answers to whom."""

    parts: tuple[Part, ...]

    @classmethod
    def of(cls, *replies: Reply) -> "Script":
        """The same answers for every conversation."""
        return cls(parts=(Part(replies=replies),))

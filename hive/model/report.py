"""What an agent says of its work: claims, never evidence."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from hive.model.value import Fact


class Said(Fact):
    """Words of the agent to a person."""

    report: Literal["said"] = "said"
    text: str


class ToolCalled(Fact):
    """The agent used a tool, in one line."""

    report: Literal["tool_called"] = "tool_called"
    tool: str
    summary: str


class FileEdited(Fact):
    """The agent says that it changed a file; the diff decides what is true."""

    report: Literal["file_edited"] = "file_edited"
    path: str
    line: int | None = None
    summary: str = ""


class Unplaced(Fact):
    """Something that the agent could not do, for a person to look at."""

    report: Literal["unplaced"] = "unplaced"
    path: str
    line: int | None = None
    reason: str


class Spent(Fact):
    """Tokens and money since the last such report: a delta, never a total."""

    report: Literal["spent"] = "spent"
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0


class Delayed(Fact):
    """The session waits, as all that share a limit of the model do."""

    report: Literal["delayed"] = "delayed"
    until: AwareDatetime
    reason: str = ""
    """What it waits for."""


class Thought(Fact):
    """What the agent thinks to itself."""

    report: Literal["thought"] = "thought"
    text: str


class ToolReturned(Fact):
    """What came of a tool call; a denied one has done nothing."""

    report: Literal["tool_returned"] = "tool_returned"
    tool: str
    outcome: Literal["ok", "failed", "denied"]
    summary: str = ""


class Ran(Fact):
    """The agent ran a command; hive's own checks decide what is true."""

    report: Literal["ran"] = "ran"
    command: str
    exit_code: int | None = None
    """None where the tool does not say."""
    output: str = ""


class Step(Fact):
    """One item of an agent's own list of things to do."""

    text: str
    status: Literal["open", "doing", "done"] = "open"


class Planned(Fact):
    """The agent's list of things to do, whole, as of now."""

    report: Literal["planned"] = "planned"
    steps: tuple[Step, ...]


class Asked(Fact):
    """The agent waits for a person; its answer names this id."""

    report: Literal["asked"] = "asked"
    id: str
    about: Literal["question", "permission"]
    text: str
    options: tuple[str, ...] = ()
    """None where any words will do."""


class Answered(Fact):
    """What the agent waited for has been given, or is moot."""

    report: Literal["answered"] = "answered"
    id: str
    answer: str


class Unrecognised(Fact):
    """Something that the agent's tool told and hive does not know: kept, not interpreted."""

    report: Literal["unrecognised"] = "unrecognised"
    name: str
    payload: str = ""


class Ended(Fact):
    """The turn is over, in the agent's own opinion; the last report of every turn."""

    report: Literal["ended"] = "ended"
    outcome: Literal["finished", "failed", "interrupted", "timed_out"]
    reason: str = ""


Report = Annotated[
    Said
    | Thought
    | ToolCalled
    | ToolReturned
    | FileEdited
    | Ran
    | Planned
    | Asked
    | Answered
    | Unplaced
    | Spent
    | Delayed
    | Unrecognised
    | Ended,
    Field(discriminator="report"),
]

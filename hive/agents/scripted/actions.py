"""What a script can make an agent do: a closed union of actions, told apart by `do`."""

from typing import Annotated, Any, Literal

from pydantic import Field

from hive.model import Value

MarkerName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,80}$")]
Argv = Annotated[tuple[str, ...], Field(min_length=1)]


class Say(Value):
    """Tell the person something."""

    do: Literal["say"] = "say"
    text: str


class Recite(Value):
    """Say what the agent was given, so that a test sees that it arrived."""

    do: Literal["recite"] = "recite"
    what: Literal["brief", "guide", "feedback", "changes"]


class Hear(Value):
    """Wait for a message of a person and say it back."""

    do: Literal["hear"] = "hear"


class Write(Value):
    """Write a whole file; paths are relative to the service's folder and must stay in the workspace."""

    do: Literal["write"] = "write"
    path: str
    text: str


class Append(Value):
    """Add to the end of a file."""

    do: Literal["append"] = "append"
    path: str
    text: str


class Delete(Value):
    """Delete a file, a symbolic link, or a folder with all that is in it."""

    do: Literal["delete"] = "delete"
    path: str


class Symlink(Value):
    """Plant a symbolic link to any target at all."""

    do: Literal["symlink"] = "symlink"
    path: str
    target: str


class Claim(Value):
    """Report an edit that never happened."""

    do: Literal["claim"] = "claim"
    path: str
    summary: str = ""


class Run(Value):
    """Run a command in the service's folder, as the agent."""

    do: Literal["run"] = "run"
    argv: Argv
    timeout: float = Field(default=60.0, gt=0)


class Git(Value):
    """Run git in the workspace with the agent's environment: commits, planted configuration, hooks."""

    do: Literal["git"] = "git"
    argv: Argv
    """The words after `git`."""


class Hold(Value):
    """Write `NAME.held` into the script's marker folder and wait for `NAME.release` there."""

    do: Literal["hold"] = "hold"
    name: MarkerName


class Release(Value):
    """Let everybody who holds at this name go on."""

    do: Literal["release"] = "release"
    name: MarkerName


class Crash(Value):
    """Break off: raise out of the adapter, or end the whole process that it runs in."""

    do: Literal["crash"] = "crash"
    how: Literal["raise", "exit", "kill"] = "raise"
    once: bool = True
    """Not again when the same turn is redone, so that a resumed run gets further."""


class Hang(Value):
    """Never end."""

    do: Literal["hang"] = "hang"
    deaf_seconds: float = Field(default=0.0, ge=0, le=60)
    """How long it ignores being cancelled."""
    every: float | None = Field(default=None, gt=0)
    """Seconds between signs of life; none at all by default."""


class Spawn(Value):
    """Start a daemon in a session of its own that holds the agent's output pipe."""

    do: Literal["spawn"] = "spawn"
    seconds: float = Field(default=600.0, gt=0, le=3600)
    abandoned: bool = False
    """Whether the agent leaves it behind, so that hive itself must find it."""


class Flood(Value):
    """Say far too much, as bytes of a pipe would arrive."""

    do: Literal["flood"] = "flood"
    lines: int = Field(default=1, ge=1, le=10_000_000)
    width: int = Field(default=80, ge=1, le=100 << 20)
    """Bytes of a line."""
    invalid: bool = False
    """Bytes that are not UTF-8, with escape sequences among them."""


class Spend(Value):
    """Report tokens and money."""

    do: Literal["spend"] = "spend"
    input_tokens: int = Field(default=0, ge=0)
    output_tokens: int = Field(default=0, ge=0)
    cost_usd: float = Field(default=0.0, ge=0)


class Ask(Value):
    """Ask hive something, as a model would: by the name of the tool, with any arguments; say the answer."""

    do: Literal["ask"] = "ask"
    tool: str
    given: dict[str, Any] = Field(default_factory=dict)
    times: int = Field(default=1, ge=1, le=100_000)
    """How often; the last answer is said."""


class LeaveUnplaced(Value):
    """Report something that could not be done."""

    do: Literal["unplaced"] = "unplaced"
    path: str
    reason: str
    line: int | None = None


class End(Value):
    """End the turn; without it a turn ends `finished` after its last action."""

    do: Literal["end"] = "end"
    outcome: Literal["finished", "failed", "interrupted", "timed_out"] = "finished"
    reason: str = ""


Action = Annotated[
    Say
    | Recite
    | Hear
    | Write
    | Append
    | Delete
    | Symlink
    | Claim
    | Run
    | Git
    | Hold
    | Release
    | Crash
    | Hang
    | Spawn
    | Flood
    | Spend
    | Ask
    | LeaveUnplaced
    | End,
    Field(discriminator="do"),
]

"""The Protocols that cross folders: whoever implements one is not known to whoever calls it."""

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from hive.events import Draft, Envelope
from hive.model import Assignment, Graph, Message, Plan, Remark, Replacement, Report
from hive.state import RunState


class Tree(Protocol):
    """The files of one version of a project: a commit, or a folder."""

    def paths(self) -> Sequence[str]:
        """Every file, posix, relative to the root, sorted; names that are not UTF-8 by `surrogateescape`."""
        ...

    def read(self, path: str) -> bytes:
        """A file's content; KeyError when there is none. Symbolic links are not followed."""
        ...


class Inbox(Protocol):
    """What reaches an agent while it works."""

    async def next(self) -> Message:
        """The next message of a person; waits for it."""
        ...


class Tools(Protocol):
    """What one session may ask of hive.

    Bound to its run, service and turn by whoever made it: nothing that an agent says tells who it is. Every
    answer is text for the agent; a request that is refused raises HiveError, whose words the agent may read.
    """

    async def get_contract(self, path: str | None = None) -> str:
        """The contracts of the run as they are now, or one of them whole; and what the run changes in them."""
        ...

    async def propose_contract_change(
        self,
        path: str,
        reason: str,
        *,
        new_text: str | None = None,
        replacements: Sequence[Replacement] = (),
    ) -> str:
        """Propose another text of a contract, whole or by passages; a person or the run's policy decides."""
        ...

    async def post_note(self, text: str, to: str | None = None) -> str:
        """Tell the other sessions of the run something, or only the one that works on the service `to`."""
        ...

    async def read_notes(self) -> str:
        """What other sessions of the run told this one, or everybody."""
        ...

    async def run_checks(self) -> str:
        """Have hive run the service's checks on the workspace as it is now."""
        ...


class Agent(Protocol):
    """A coding agent: one turn at a time, in a workspace of its own."""

    def work(self, assignment: Assignment, inbox: Inbox, tools: Tools) -> AsyncGenerator[Report, None]:
        """Report until the turn is over; the last report is `Ended`.

        Cancelling the iteration interrupts the agent and leaves none of its processes behind. What it reports
        is a claim: hive reads the workspace and runs the checks itself.
        """
        ...


class Planner(Protocol):
    """Turns a sentence into a plan."""

    def plan(self, request: str, *, base: str, tree: Tree, graph: Graph, to: str | None = None) -> Plan:
        """The contract change, the affected services and their briefs.

        `to` names the entity when the request does not. Raises UsageError when the request is not understood,
        the entity is unknown or the field exists already.
        """
        ...


class EventLog(Protocol):
    """The append-only truth of a project."""

    def append(self, *drafts: Draft, durable: bool = False) -> list[Envelope]:
        """Add events in one transaction; `durable` waits until the disk has them."""
        ...

    def read(self, after: int = 0, run: str | None = None, limit: int | None = None) -> list[Envelope]:
        """Events with a greater sequence number, in order."""
        ...

    def follow(self, after: int = 0, run: str | None = None) -> AsyncGenerator[list[Envelope], None]:
        """Batches of events as they come, for ever; no gap, no repeat."""
        ...


class Controls(Protocol):
    """What a person can do to runs; each call is checked against the run's state and becomes an event."""

    def approve(
        self, run: str, services: Iterable[str] = (), *, by: str, seen: Mapping[str, str] | None = None
    ) -> RunState:
        """Approve the plan when it waits for that, else the named services' diffs, or all of them.

        `seen` has, by service, the digest of the diff that the person looked at: another one is refused.
        """
        ...

    def reject(self, run: str, services: Iterable[str], *, reason: str, by: str) -> RunState:
        """Refuse diffs; the run cannot land until they are reworked."""
        ...

    def comment(self, run: str, remarks: Sequence[Remark], *, by: str, draft: bool = False) -> RunState:
        """Send services' work back to their agents, one turn for all remarks; drafts wait for `submit`."""
        ...

    def viewed(self, run: str, service: str, files: Mapping[str, str], *, diff: str, by: str) -> RunState:
        """Record that a person has seen a diff: its digest, and by path git's ids of the new contents."""
        ...

    def submit(self, run: str, *, by: str) -> RunState:
        """Send all the comments that this person kept back."""
        ...

    def resolve(self, run: str, comments: Iterable[int], *, by: str) -> RunState:
        """Call comments resolved, by the sequence numbers of their events."""
        ...

    def say(self, run: str, service: str, message: Message, *, by: str) -> RunState:
        """Speak to an agent that works, interrupt it, or answer it; words to one that rests are a comment."""
        ...

    def retry(self, run: str, service: str, *, by: str) -> RunState:
        """One more turn for a service."""
        ...

    def stop(self, run: str, service: str | None = None, *, by: str) -> RunState:
        """Stop a run or one service of it; the work so far is kept."""
        ...

    def resume(self, run: str, *, by: str, budget_usd: float | None = None) -> RunState:
        """Let a stopped or failed run go on, or with a larger budget one that has spent its own."""
        ...

    def decide(self, run: str, proposal: int, *, approved: bool, by: str, reason: str = "") -> RunState:
        """Approve or reject a session's proposal of another contract; an approved one becomes a contract commit."""
        ...

    def land(self, run: str, *, by: str) -> RunState:
        """Queue the approved changeset for landing."""
        ...


class Doorway(NamedTuple):
    """The one way out of a network that is otherwise shut: a proxy of hive's, which keeps the list."""

    socket: Path
    """Unix socket on which the proxy listens."""
    variables: Mapping[str, str]
    """What the command's environment gets besides the proxy variables; `{door}` becomes `http://127.0.0.1:PORT`."""


Network = Literal["none", "open"] | Doorway
"""`none` leaves a loopback of its own, so that tests can use local ports; `open` is the machine's own network."""


class Confinement(NamedTuple):
    """What a confined command may touch."""

    writable: tuple[Path, ...]
    """Folders that it may write; everything else is read-only or hidden."""
    hidden: tuple[Path, ...] = ()
    """Folders that it must not even see, such as hive's own state."""
    network: Network = "none"
    shown: tuple[Path, ...] = ()
    """Files and folders that it may read though they lie below something hidden, and sockets that it may connect to."""
    nests: bool = False
    """It confines the commands that it runs itself once more, which takes a right that others do not get."""


class Sandbox(Protocol):
    """Confines a command: argv in, argv out."""

    name: str
    """`bubblewrap`, `seatbelt` or `none`, as shown to people."""

    def wrap(self, argv: Sequence[str], *, cwd: Path, allow: Confinement) -> list[str]:
        """The argv that runs `argv` in `cwd`, confined; it dies with its parent where the system can do that."""
        ...

    def met(self, argv: Sequence[str], code: int) -> str:
        """Which limit a command that `wrap` made and that ended with `code` has met; empty when none.

        Whatever its control group still holds is ended, where there is one.
        """
        ...


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The time of day, in UTC; for people, never for order or for time-outs."""
        ...


Environment = Mapping[str, str]

"""The rest of what screens need: controls, diffs, outputs and the engine, all on the server's side."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

from hive.dashboard.remote.log import RemoteLog
from hive.dashboard.remote.server import Server
from hive.errors import UsageError
from hive.model import Message, Remark
from hive.state import RunState, fold

_MESSAGE: TypeAdapter[Message] = TypeAdapter(Message)


class RemoteControls:
    """Implements `ports.Controls` and `Steering`; decisions are signed with the name that belongs to the token."""

    def __init__(self, server: Server, log: RemoteLog) -> None:
        self._server = server
        self._log = log

    def approve(
        self, run: str, services: Iterable[str] = (), *, by: str, seen: Mapping[str, str] | None = None
    ) -> RunState:
        """Approve the plan when it waits for that, else the named services' diffs, or all that are ready."""
        return self._decide(run, "approve", {"services": list(services), "diffs": dict(seen or {})})

    def reject(self, run: str, services: Iterable[str], *, reason: str, by: str) -> RunState:
        """Refuse diffs; without a name, the whole run is discarded."""
        if named := list(services):
            return self._decide(run, "reject", {"services": named, "reason": reason})
        return self._decide(run, "discard", {"reason": reason})

    def comment(self, run: str, remarks: Sequence[Remark], *, by: str, draft: bool = False) -> RunState:
        """Send services' work back to their agents, one turn for all remarks; drafts wait for `submit`."""
        told = [remark.model_dump(mode="json") for remark in remarks]
        return self._decide(run, "comment", {"remarks": told, "draft": draft})

    def viewed(self, run: str, service: str, files: Mapping[str, str], *, diff: str, by: str) -> RunState:
        """Record that a person has seen a diff."""
        return self._decide(run, "viewed", {"service": service, "diff": diff, "files": dict(files)})

    def submit(self, run: str, *, by: str) -> RunState:
        """Send all the comments that this person kept back."""
        return self._decide(run, "submit", {})

    def resolve(self, run: str, comments: Iterable[int], *, by: str) -> RunState:
        """Call comments resolved, by the sequence numbers of their events."""
        return self._decide(run, "resolve", {"comments": list(comments)})

    def say(self, run: str, service: str, message: Message, *, by: str) -> RunState:
        """Speak to an agent that works, interrupt it, or answer it."""
        told = _MESSAGE.dump_python(message, mode="json")
        return self._decide(run, "say", {"service": service, "message": told})

    def retry(self, run: str, service: str, *, by: str) -> RunState:
        """One more turn for a service."""
        return self._decide(run, "retry", {"service": service})

    def stop(self, run: str, service: str | None = None, *, by: str) -> RunState:
        """Stop a run or one service of it."""
        return self._decide(run, "stop", {"service": service})

    def resume(self, run: str, *, by: str, budget_usd: float | None = None) -> RunState:
        """Let a stopped or failed run go on, or with a larger budget one that has spent its own."""
        return self._decide(run, "resume", {"budget_usd": budget_usd})

    def decide(self, run: str, proposal: int, *, approved: bool, by: str, reason: str = "") -> RunState:
        """Approve or reject a session's proposal of another contract."""
        return self._decide(run, "decide", {"proposal": proposal, "approved": approved, "reason": reason})

    def land(self, run: str, *, by: str) -> RunState:
        """Queue the approved changeset for landing."""
        return self._decide(run, "land", {})

    def hold(self, run: str, *, by: str, reason: str = "") -> RunState:
        """Keep a changeset from landing; those behind it go on."""
        return self._decide(run, "hold", {"reason": reason})

    def release(self, run: str, *, by: str) -> RunState:
        """Let a held changeset go on."""
        return self._decide(run, "release", {})

    def cancel(self, run: str, *, by: str, reason: str = "") -> RunState:
        """Take a changeset out of the queue; it can be queued again."""
        return self._decide(run, "withdraw", {"reason": reason})

    def move(self, run: str, *, by: str, priority: int | None = None, before: str | None = None) -> RunState:
        """Another priority, or a place in front of another changeset."""
        return self._decide(run, "move", {"priority": priority, "before": before})

    def accept(self, run: str, *, by: str) -> RunState:
        """Let the stopped queue of a changeset's target go on, with the branch as it was found then."""
        return self._decide(run, "accept", {})

    def _decide(self, run: str, deed: str, told: Mapping[str, object]) -> RunState:
        self._server.post("runs", run, deed, told=told)
        return fold(self._log.read(run=run))[run]


@dataclass(frozen=True)
class RemoteDiffs:
    """Diffs as the server makes them."""

    server: Server

    def of(self, run: RunState, service: str | None) -> str:
        """A service's work against the contract commit; without a service, the contract against the base."""
        return self.server.text("runs", run.id, "patch", service=service)

    def since(self, run: RunState, service: str, old: str) -> str:
        """What has changed in a service's work since that commit of it."""
        return self.server.text("runs", run.id, "patch", service=service, old=old)


@dataclass(frozen=True)
class RemoteEngine:
    """The server keeps its engine awake itself."""

    server: Server

    def pid(self) -> int | None:
        """Which process works there."""
        engine = self.server.get("project")["engine"]
        return engine if isinstance(engine, int) else None

    def wake(self) -> bool:
        """Nothing to do from here: every decision wakes it there."""
        return False


@dataclass(frozen=True)
class RemoteFiles:
    """Outputs of checks come over; files stay where they are."""

    server: Server

    def output(self, run: str, name: str) -> str:
        """The end of a check's whole output."""
        return self.server.text("runs", run, "output", name=name)

    def edit(self, run: RunState, service: str | None, path: str, line: int | None) -> None:
        """Always refused: the file is on another machine."""
        raise UsageError(f"{path!r} is on the server {self.server.host}", next_step="open it there")

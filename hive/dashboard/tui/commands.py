"""What a screen sends when a person decides: small frozen values, performed by the controls elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import assert_never

from hive.dashboard.given import Steering
from hive.dashboard.phrases import money
from hive.dashboard.tui.deeds import Deed, QueueDeed, Target
from hive.dashboard.tui.place import Place
from hive.model import Answer, Interrupt, Message, Remark, Words
from hive.ports import Controls
from hive.state import RunState, TaskState


@dataclass(frozen=True)
class Simple:
    """A deed that needs no words: approve, land, retry, stop."""

    deed: Deed
    target: Target
    seen: Mapping[str, str] = field(default_factory=dict)
    """By service, the digest of the diff that was on the screen."""


@dataclass(frozen=True)
class Reject:
    """A refusal with its reason; without a service the whole run is discarded."""

    target: Target
    reason: str


@dataclass(frozen=True)
class Comment:
    """A remark that sends a service's work back to its agent."""

    run: str
    service: str
    text: str
    path: str | None = None
    line: int | None = None


@dataclass(frozen=True)
class Raise:
    """A larger budget for a run that has spent its own."""

    run: str
    budget_usd: float


@dataclass(frozen=True)
class Say:
    """Words to an agent that works, an answer to it, or an interruption."""

    run: str
    service: str
    message: Message


@dataclass(frozen=True)
class Steer:
    """What becomes of a changeset in the merge queue."""

    deed: QueueDeed
    run: str
    reason: str = ""
    before: str | None = None
    """Whom it is moved in front of."""
    priority: int | None = None


DONE = {"approve": "approved", "land": "queued for landing", "retry": "goes on", "interrupt": "interrupted"}
STEERED: dict[QueueDeed, str] = {
    "hold": "held", "release": "goes on", "withdraw": "taken out of the queue", "move": "moved",
    "accept": "its target is accepted as it is, the queue goes on",
}  # fmt: skip
Command = Simple | Reject | Comment | Raise | Say | Steer


def spoken(run: str, task: TaskState, words: str, place: Place | None = None) -> Command:
    """What words to a service's agent are: an answer where it asked, else a remark, heard at once while it works."""
    if task.asked:
        return Say(run, task.service, Answer(id=next(iter(task.asked)), text=words))
    if task.phase == "working" and place is None:
        return Say(run, task.service, Words(text=words))
    path, line = place or (None, None)
    return Comment(run, task.service, words, path, line)


def perform(command: Command, controls: Controls, steering: Steering, by: str) -> RunState:
    """Do it. Raises HiveError when the controls refuse."""
    match command:
        case Comment():
            remark = Remark(service=command.service, text=command.text, path=command.path, line=command.line)
            return controls.comment(command.run, [remark], by=by)
        case Reject():
            run, service, proposal = command.target
            if proposal is not None:
                return controls.decide(run, proposal, approved=False, by=by, reason=command.reason)
            named = [service] if service else []
            return controls.reject(run, named, reason=command.reason, by=by)
        case Raise():
            return controls.resume(command.run, by=by, budget_usd=command.budget_usd)
        case Say():
            return controls.say(command.run, command.service, command.message, by=by)
        case Simple():
            return _simple(command, controls, by)
        case Steer():
            return _steer(command, steering, by)
        case _:
            assert_never(command)


def _simple(command: Simple, controls: Controls, by: str) -> RunState:
    run, service, proposal = command.target
    match command.deed:
        case "approve" if proposal is not None:
            return controls.decide(run, proposal, approved=True, by=by)
        case "approve":
            return controls.approve(run, [service] if service else [], by=by, seen=command.seen)
        case "land":
            return controls.land(run, by=by)
        case "retry":
            return controls.retry(run, service, by=by) if service else controls.resume(run, by=by)
        case "stop":
            return controls.stop(run, service, by=by)
        case "interrupt" if service:
            return controls.say(run, service, Interrupt(), by=by)
        case "reject" | "comment" | "interrupt":
            raise ValueError(f"{command.deed!r} needs words or a service")
        case _:
            assert_never(command.deed)


def _steer(command: Steer, steering: Steering, by: str) -> RunState:
    match command.deed:
        case "hold":
            return steering.hold(command.run, by=by, reason=command.reason)
        case "release":
            return steering.release(command.run, by=by)
        case "withdraw":
            return steering.cancel(command.run, by=by, reason=command.reason)
        case "move":
            return steering.move(command.run, by=by, priority=command.priority, before=command.before)
        case "accept":
            return steering.accept(command.run, by=by)
        case _:
            assert_never(command.deed)


def told(command: Command) -> str:
    """What was done, for the person who did it."""
    match command:
        case Comment():
            return f"{command.service}: sent back with your comment"
        case Reject(target=Target(proposal=int(number))):
            return f"proposal {number}: rejected"
        case Reject(target=Target(service=None)):
            return f"{command.target.run}: discarded, its work is kept under refs/hive"
        case Reject():
            return f"{command.target.service}: rejected"
        case Raise():
            return f"{command.run}: goes on, up to {money(command.budget_usd)}"
        case Say(message=Answer()):
            return f"{command.service}: answered"
        case Say():
            return f"{command.service}: told"
        case Simple(deed=deed, target=target):
            who = f"proposal {target.proposal}" if target.proposal else target.service or target.run
            return f"{who}: {DONE.get(deed, 'stopped, its work is kept')}"
        case Steer(before=str(other)):
            return f"{command.run}: moved in front of {other}"
        case Steer():
            return f"{command.run}: {STEERED[command.deed]}"
        case _:
            assert_never(command)

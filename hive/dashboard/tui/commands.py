"""What a screen sends when a person decides: small frozen values, performed by the controls elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import assert_never

from hive.dashboard.phrases import money
from hive.dashboard.tui.deeds import Deed, Target
from hive.model import Remark
from hive.ports import Controls
from hive.state import RunState


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


Command = Simple | Reject | Comment | Raise


def perform(command: Command, controls: Controls, by: str) -> RunState:
    """Do it. Raises HiveError when the controls refuse."""
    match command:
        case Comment():
            remark = Remark(service=command.service, text=command.text, path=command.path, line=command.line)
            return controls.comment(command.run, [remark], by=by)
        case Reject():
            named = [command.target.service] if command.target.service else []
            return controls.reject(command.target.run, named, reason=command.reason, by=by)
        case Raise():
            return controls.resume(command.run, by=by, budget_usd=command.budget_usd)
        case Simple():
            return _simple(command, controls, by)
        case _:
            assert_never(command)


def _simple(command: Simple, controls: Controls, by: str) -> RunState:
    run, service = command.target
    match command.deed:
        case "approve":
            return controls.approve(run, [service] if service else [], by=by, seen=command.seen)
        case "land":
            return controls.land(run, by=by)
        case "retry":
            return controls.retry(run, service, by=by) if service else controls.resume(run, by=by)
        case "stop":
            return controls.stop(run, service, by=by)
        case "reject" | "comment":
            raise ValueError(f"{command.deed!r} needs words")
        case _:
            assert_never(command.deed)


def told(command: Command) -> str:
    """What was done, for the person who did it."""
    match command:
        case Comment():
            return f"{command.service}: sent back with your comment"
        case Reject(target=Target(service=None)):
            return f"{command.target.run}: discarded, its work is kept under refs/hive"
        case Reject():
            return f"{command.target.service}: rejected"
        case Raise():
            return f"{command.run}: goes on, up to {money(command.budget_usd)}"
        case Simple(deed=deed, target=target):
            who = target.service or target.run
            words = {"approve": "approved", "land": "queued for landing", "retry": "goes on"}
            return f"{who}: {words.get(deed, 'stopped, its work is kept')}"
        case _:
            assert_never(command)

"""Why a changeset does not land as it is, and what to do: in the words that every mode of landing shares. Pure."""

from hive.events import LandingRefused, QueueStopped
from hive.state import RunState
from hive.workspaces.remote import TroubleError


def gone(state: RunState, branch: str = "") -> QueueStopped:
    """The target branch was deleted."""
    name = branch or state.created.target
    return QueueStopped(
        target=state.created.target,
        expected=state.created.base,
        reason=f"the target branch {name!r} does not exist any more{_at(state)}",
        next_step=f"create {name!r} again, then `hive queue resume`",
    )


def reset(state: RunState, expected: str, found: str, branch: str = "") -> QueueStopped:
    """The target branch was reset or force-pushed."""
    name = branch or state.created.target
    where = f"{name!r}{_at(state)} was reset: it is at {found[:10]}"
    return QueueStopped(
        target=state.created.target,
        expected=expected,
        found=found,
        reason=f"{where} and does not contain {expected[:10]}, which was there",
        next_step=f"bring {name!r} back, or accept it as it is: `hive queue resume`",
    )


def unpushed(state: RunState) -> LandingRefused:
    """The remote does not have what the run began with."""
    base, target, remote = state.created.base[:10], state.created.target, state.policy.remote
    return LandingRefused(
        reason=f"{target!r} at {remote!r} does not contain the commit {base} that the run began with",
        next_step=f"push it first: git push {remote} {target}; then `hive land {state.id}`",
    )


def trouble(state: RunState, error: TroubleError) -> LandingRefused:
    """A remote refused, or could not be reached often enough."""
    return LandingRefused(reason=error.message, next_step=f"{error.next_step}, then `hive land {state.id}`")


def _at(state: RunState) -> str:
    return "" if state.policy.landing == "local" else f" at {state.policy.remote!r}"

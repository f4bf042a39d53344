"""The course of a whole run."""

from functools import lru_cache
from typing import Literal

from pydantic import ValidationError

from hive.model import Fact, Graph, Ownership, Plan, Policy


class RunCreated(Fact):
    """A person asked for a change."""

    kind: Literal["run_created"] = "run_created"
    request: str
    base: str
    target: str
    """Branch that the run will land on, without `refs/heads/`."""
    policy: Policy
    graph: Graph
    sandbox: str
    """How strongly this machine can confine commands: `bubblewrap`, `seatbelt`, `none`."""
    trusted: bool
    """Whether the project's own commands may run."""
    left_out: tuple[str, ...] = ()
    """Uncommitted paths of the user's checkout, which the run does not see."""
    repositories: tuple[str, ...] = ()
    """Names of the project's repositories; empty when it is one."""
    reverts: str = ""
    """The run that this one takes back, if it does."""
    by: str = ""
    """Who asked; empty in a log of an older hive."""


def run_created(body: str) -> RunCreated:
    """The event from its JSON. Raises ValidationError.

    Most of it is the graph, which is the same in most runs of a project: equal texts are read once and share one graph.
    Keys stand in the order of the fields in all that hive writes; what is written otherwise is read as a whole.
    """
    before, key, rest = body.partition('"graph":')
    graph, following, after = rest.partition(',"sandbox":')
    try:
        event = RunCreated.model_validate_json(f"{before}{key}{{}}{following}{after}")
        return event.model_copy(update={"graph": _graph(graph)})
    except ValidationError:
        return RunCreated.model_validate_json(body)


@lru_cache(maxsize=32)
def _graph(text: str) -> Graph:
    return Graph.model_validate_json(text)


class RunPlanned(Fact):
    """The plan is there, for a person to approve."""

    kind: Literal["run_planned"] = "run_planned"
    plan: Plan


class ContractCommitted(Fact):
    """The first commit of the run: only contract files change in it."""

    kind: Literal["contract_committed"] = "contract_committed"
    commit: str
    tree: str
    owners: tuple[Ownership, ...] = ()
    """Who must approve the contract files, by `CODEOWNERS` of the base."""


class RunFailed(Fact):
    """hive itself could not go on; nothing is lost, `hive resume` tries again."""

    kind: Literal["run_failed"] = "run_failed"
    reason: str
    next_step: str = ""


class RunClosed(Fact):
    """The run is over and its workspaces are retired."""

    kind: Literal["run_closed"] = "run_closed"
    outcome: Literal["landed", "discarded"]


class Unknown(Fact):
    """An event of a newer hive: kept in the log, skipped by the fold."""

    kind: Literal["unknown"] = "unknown"
    original: str
    payload: str

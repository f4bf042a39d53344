"""A person's own branch as a changeset: exactly one commit of it, held against what nobody may land."""

from typing import NamedTuple

from hive.contracts import diff
from hive.errors import ContractError, NeedsPerson, UsageError
from hive.events import BranchOffered
from hive.model import Change, Graph
from hive.orchestrator.joining import joined
from hive.workspaces.origin import Origin
from hive.workspaces.scope import guard
from hive.workspaces.store import ObjectStore
from hive.workspaces.tree import GitTree

OTHERS = frozenset({"outside-service", "contract", "hive-config", "git-control"})
"""Rules that keep agents to their task; a person's branch may do these things."""


class Offer(NamedTuple):
    """What goes into the queue, and what a person should know of it."""

    base: str
    """Where the branch left the target."""
    event: BranchOffered
    remarks: tuple[str, ...]


def offer(
    user: Origin,
    objects: ObjectStore,
    graph: Graph,
    branch: str,
    target: str,
    *,
    by: str,
    allow_breaking: bool = False,
) -> Offer:
    """Look at a branch. Raises UsageError for what cannot land, NeedsPerson for a change that breaks consumers."""
    base, commit, parts = joined(user, objects, branch, target)
    violations = guard(objects.changes(base, commit), service_path=".", existing=objects.paths(commit))
    refused = [v for v in violations if v.severity == "refused" and v.rule not in OTHERS]
    if refused:
        raise UsageError(
            f"branch {branch!r} cannot land: {refused[0].path!r} ({refused[0].reason})",
            next_step="correct it on the branch, then add it again",
        )
    broken = _breaking(objects, graph, base, commit)
    if broken and not allow_breaking:
        raise NeedsPerson(
            f"branch {branch!r} is {broken[0].severity} for consumers: {broken[0].element}: {broken[0].message}",
            next_step="split it: add the new, move the consumers, remove the old; or --allow-breaking",
        )
    event = BranchOffered(
        branch=branch,
        commit=commit,
        diff=objects.diff_digest(base, commit),
        by=by,
        files=objects.diff_stat(base, commit),
        breaking=allow_breaking,
        parts=parts,
    )
    return Offer(base, event, tuple(f"{v.path}: {v.reason}" for v in violations if v.rule not in OTHERS))


def _breaking(objects: ObjectStore, graph: Graph, base: str, commit: str) -> list[Change]:
    old, new = GitTree(objects, base), GitTree(objects, commit)
    found: list[Change] = []
    for contract in graph.contracts:
        before, after = read(old, contract.path), read(new, contract.path)
        if before == after:
            continue
        try:
            found += diff(contract.kind, contract.path, before, after)
        except ContractError as error:
            raise UsageError(error.message, next_step="correct the contract on the branch") from error
    return [change for change in found if change.severity in ("breaking", "unknown")]


def read(tree: GitTree, path: str) -> bytes | None:
    """A file of a commit; none where it has no such file."""
    try:
        return tree.read(path)
    except KeyError:
        return None

"""The target as it is now, and the tested changeset as one part for each repository."""

from collections.abc import Mapping

from hive.events import ChangesetMerged
from hive.orchestrator.context import Context
from hive.orchestrator.landing.movers import mover
from hive.state import RunState
from hive.workspaces.origin import Part


def head(ctx: Context, state: RunState) -> str | None:
    """The commit that the changeset is merged onto; none when a branch of it is gone. May raise TroubleError."""
    move, target = mover(ctx, state), state.created.target
    heads: dict[str, str] = {}
    for name, user in ctx.user.repositories.items():
        found = move.head(user, ctx.user.branch_in(name, target))
        if found is None:
            return None
        heads[name] = found
    return ctx.user.compose(target, heads)


def parts(ctx: Context, state: RunState, merged: ChangesetMerged, onto: str) -> tuple[Part, ...]:
    """What lands where, in landing order, from the project's commit `onto`; the same however often it is asked."""
    found = []
    for name, old in ctx.user.heads(onto).items():
        user = ctx.user.repositories[name]
        branch = ctx.user.branch_in(name, state.created.target)
        new = _commit(ctx, state, merged, name, old) if name else merged.commit
        if new != old:
            found.append(Part(name, user, branch, old, new))
    rank = order(state, [part.name for part in found])
    return tuple(sorted(found, key=lambda part: (rank[part.name], part.name)))


def _commit(ctx: Context, state: RunState, merged: ChangesetMerged, name: str, old: str) -> str:
    tree = ctx.objects.subtree(merged.commit, name)
    if tree is None or tree == ctx.objects.tree_of(old):
        return old
    services = [t.service for t in state.changed if _in(state, t.service, name)]
    over = "" if state.offered else f"One change over: {', '.join(services) or 'the contract alone'}\n"
    message = (
        f"{state.created.request}\n\n{over}"
        f"Part of one change over several repositories: {', '.join(state.created.repositories)}\n"
        f"Hive-Run: {state.id}\n"
    )
    own = state.offered.parts if state.offered else ()
    parents = [old, *(part.commit for part in own if part.repository == name)]
    commit = ctx.objects.commit_tree(tree, parents, message, state.at)
    ctx.objects.keep(f"refs/hive/runs/{state.id}/landing/{name}", commit)
    return commit


def _in(state: RunState, service: str, repository: str) -> bool:
    found = state.created.graph.service(service)
    return found is not None and found.path.split("/")[0] == repository


def order(state: RunState, names: list[str]) -> Mapping[str, int]:
    """Each repository's place: that of its services in the waves of the contract change, lower ones first. Pure.

    A repository with contracts alone goes first: nothing in it runs.
    """
    waves: dict[str, list[int]] = {name: [] for name in names}
    for task in state.changed:
        for name in names:
            if _in(state, task.service, name):
                waves[name].append(task.plan.wave)
    return {name: min(found, default=-1) for name, found in waves.items()}


def heads_after(before: Mapping[str, str], landed: tuple[Part, ...]) -> dict[str, str]:
    """The heads once every part has landed."""
    return {**before, **{part.name: part.new for part in landed}}

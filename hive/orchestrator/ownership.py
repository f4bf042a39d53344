"""Who owns the files of a change."""

from collections.abc import Iterable

from hive.config.codeowners import PLACES, CodeOwners
from hive.model import Ownership
from hive.orchestrator.context import Context
from hive.state import RunState
from hive.workspaces.tree import GitTree


def owned(ctx: Context, state: RunState, paths: Iterable[str]) -> tuple[Ownership, ...]:
    """Who must approve changes of these files, by `CODEOWNERS` on the run's base: agents cannot change that."""
    if not state.policy.review.code_owners:
        return ()
    base = GitTree(ctx.objects, state.created.base)
    for place in PLACES:
        try:
            raw = base.read(place)
        except KeyError:
            continue
        return CodeOwners(raw.decode("utf-8", "replace")).owned(paths)
    return ()

"""What an agent is told whose work must be done again: what landed meanwhile, and what it had done itself."""

from collections.abc import Iterator

from hive.orchestrator import recontract
from hive.orchestrator.context import Context
from hive.orchestrator.units.prepare import approved_plan
from hive.orchestrator.units.testing import seen_by
from hive.state import RunState
from hive.text import one_line

_SHOWN = 12_000
"""Characters of each side that an agent is shown."""
_NAMED = 20


def conflicting(
    ctx: Context, state: RunState, work: str, paths: tuple[str, ...], commits: tuple[str, str, str]
) -> str:
    """Both sides of a conflict of lines; `commits` are the contract commit, the new one and the target's head."""
    return "\n".join(
        (
            *_meanwhile(ctx, state, commits[2]),
            f"Your work conflicts with that in: {', '.join(paths[:_NAMED])}.",
            "The workspace holds the service as it is now, with the new contract and without your earlier work: "
            "make the change again, and keep what landed.",
            *_sides(ctx, state, work, paths, commits),
        )
    )


def red_together(
    ctx: Context, state: RunState, service: str, work: str, commits: tuple[str, str, str]
) -> str:
    """Both sides of a check that passes on either and fails on the union, with what it said."""
    evidence = state.union.get(f"{service}/tests")
    paths = tuple(_differing(ctx, state, service, commits[2]))
    said = (f"`{evidence.command}` {evidence.reason}:", evidence.tail) if evidence else ()
    return "\n".join(
        (
            *_meanwhile(ctx, state, commits[2]),
            "The tests pass on that alone and on your work alone, and fail on both together. "
            "The workspace holds both: correct your part, and keep what landed.",
            *said,
            *_sides(ctx, state, work, paths, commits),
        )
    )


def _meanwhile(ctx: Context, state: RunState, onto: str) -> tuple[str, str]:
    """Whose changes have landed, with what they did to the contracts."""
    base, target = state.base, state.created.target
    landed = [one_line(entry.subject, 200) for entry in ctx.objects.log(base, onto) if len(entry.parents) > 1]
    patches = approved_plan(state).patches
    changed = [recontract.sides(ctx.objects, state.created.graph, patch, base, onto) for patch in patches]
    contract = "; ".join(
        f"{each.patch.path}: {recontract.both(each)}" for each in changed if each.now != each.old
    )
    return (
        f"While this waited to land, {target} moved from {base[:10]} to {onto[:10]}: "
        f"{', '.join(landed[:5]) or 'commits of others'}.",
        f"Contracts: {contract or 'nobody else changed them'}.",
    )


def _sides(
    ctx: Context, state: RunState, work: str, paths: tuple[str, ...], commits: tuple[str, str, str]
) -> tuple[str, str]:
    old, _, onto = commits
    return (
        f"\nWhat landed in these files:\n{ctx.objects.diff(state.base, onto, paths)[:_SHOWN]}",
        f"\nWhat you had done in them:\n{ctx.objects.diff(old, work, paths)[:_SHOWN]}",
    )


def _differing(ctx: Context, state: RunState, service: str, onto: str) -> Iterator[str]:
    """Paths that the service's check sees otherwise since the run began, or may see otherwise by its own work."""
    found = state.created.graph.service(service)
    if found is None:
        return
    before = set(seen_by(ctx, state, found, state.base))
    yield found.path
    yield from (part.path for part in seen_by(ctx, state, found, onto) if part not in before)

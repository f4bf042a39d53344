"""The next version of a run's contract: an approved proposal on the newest contract commit, or why it cannot be."""

from dataclasses import dataclass

from hive.contracts import diff, parse
from hive.errors import ContractError
from hive.events import ContractRevised
from hive.model import Change, Contract, Patch
from hive.orchestrator.concern import taking_part
from hive.orchestrator.context import Context
from hive.orchestrator.ownership import owned
from hive.state import Proposal, RunState
from hive.workspaces.store import Conflicted
from hive.workspaces.tree import GitTree


@dataclass(frozen=True)
class Unmakeable:
    """Why an approved proposal cannot become a contract commit."""

    reason: str


def revised(ctx: Context, state: RunState, proposal: Proposal) -> ContractRevised | Unmakeable:
    """Commit it, from the same facts always as the same commit."""
    made, plan = proposal.made, state.plan
    known = state.created.graph.contract(made.path)
    before, old = state.contract_at(made.version), state.contract
    if plan is None or known is None or before is None or old is None:
        return Unmakeable(f"{made.path!r} is no contract of this run")
    files = _with_copies(GitTree(ctx.objects, before), known, made.text.encode("utf-8", "surrogateescape"))
    message = f"contract: {plan.request}, proposal {proposal.number}"
    side = ctx.objects.commit_files(before, files, message, state.at)
    merged = ctx.objects.merge(old.commit, side, message, state.at)
    if isinstance(merged, Conflicted):
        newest = len(state.versions)
        return Unmakeable(
            f"it does not merge with version {newest} of the contract: {', '.join(merged.paths)}"
        )
    tree = ctx.objects.tree_of(merged.commit)
    commit = ctx.objects.commit_tree(tree, [old.commit], message, state.at)
    base, was, now = (GitTree(ctx.objects, c) for c in (state.base, old.commit, commit))
    try:
        parse(known.kind, known.path, now.read(known.path))
        changes = compared(known, was, now)
        whole = compared(known, base, now)
    except ContractError as error:
        return Unmakeable(f"together with version {len(state.versions)} of the contract: {error.message}")
    if not changes:
        return Unmakeable(f"version {len(state.versions)} of the contract has it already")
    return ContractRevised(
        proposal=proposal.number,
        version=len(state.versions) + 1,
        commit=commit,
        tree=tree,
        patches=tuple(
            Patch(path=p, text=now.read(p).decode("utf-8", "surrogateescape")) for p in sorted(files)
        ),
        changes=changes,
        delta=(*(c for c in plan.changes if c.element.partition("#")[0] != known.path), *whole),
        owners=owned(ctx, state, (*(patch.path for patch in plan.patches), *files)),
        services=taking_part(plan, state.created.graph, known, changes, proposal.author),
    )


def compared(contract: Contract, old: GitTree, new: GitTree) -> tuple[Change, ...]:
    """The differences of one contract between two versions. Raises ContractError."""
    return diff(contract.kind, contract.path, _read(old, contract.path), _read(new, contract.path))


def _with_copies(tree: GitTree, contract: Contract, text: bytes) -> dict[str, bytes | None]:
    """The contract and those vendored copies that are as it is; a copy that has drifted is its service's matter."""
    was = _read(tree, contract.path)
    alike = [path for path in contract.copies if was is not None and _read(tree, path) == was]
    return dict.fromkeys((contract.path, *alike), text)


def _read(tree: GitTree, path: str) -> bytes | None:
    try:
        return tree.read(path)
    except KeyError:
        return None

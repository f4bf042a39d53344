"""The branches of a person that are one changeset: of one repository, or of several, as one commit of the project."""

from collections.abc import Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import NamedTuple

from hive.errors import UsageError
from hive.events import OfferedPart
from hive.workspaces.composed import folder_tree
from hive.workspaces.origin import Origin
from hive.workspaces.repository import UserRepository
from hive.workspaces.store import Conflicted, ObjectStore

_EPOCH = datetime.fromtimestamp(0, UTC)


class Joined(NamedTuple):
    """What the branches bring, as one commit."""

    base: str
    """The project's commit that it is held against."""
    commit: str
    parts: tuple[OfferedPart, ...] = ()
    """The branches of several repositories; none for a project of one."""


def joined(user: Origin, objects: ObjectStore, branch: str, target: str) -> Joined:
    """The commits of a branch; in several repositories of those that have it, or as `REPO=BRANCH REPO=BRANCH`.

    Raises UsageError when there is no such branch, or nothing of it can land.
    """
    head = user.branch_commit(target)
    if head is None or branch == target:
        raise UsageError(
            f"{branch!r} cannot land on {target!r}", next_step="name a branch that should land there"
        )
    if len(user.repositories) > 1:
        return _several(user, objects, branch, head)
    (repository,) = user.repositories.values()
    commit = _commit_of(repository, branch)
    objects.fetch_base(head)
    return Joined(_left(objects, branch, commit, target, head), commit)


def _several(user: Origin, objects: ObjectStore, spec: str, base: str) -> Joined:
    """Each branch merged with its repository's head: a composed history has no place for where they left it."""
    heads = user.heads(base)
    trees = {name: objects.tree_of(head) for name, head in heads.items()}
    parts = []
    for name, branch in _wanted(user, spec).items():
        target, head = user.branch_in(name, spec), heads[name]
        commit = _commit_of(user.repositories[name], branch, f" in {name!r}")
        _left(objects, f"{name}={branch}", commit, target, head)
        merged = objects.merge(head, commit, "in between", _EPOCH)
        if isinstance(merged, Conflicted):
            where = ", ".join(repr(path) for path in merged.paths[:5])
            raise UsageError(
                f"{branch!r} of {name!r} does not merge with {target!r} as it is now: {where}",
                next_step=f"merge {target!r} into it there, then `hive queue add {spec}`",
            )
        trees[name] = merged.tree
        parts.append(OfferedPart(repository=name, branch=branch, commit=commit))
    message = "\n".join((f"branch {spec}", "", *(f"{p.repository} {p.commit}" for p in parts)))
    commit = objects.commit_tree(folder_tree(objects.git, trees), [base], message, _EPOCH)
    return Joined(base, commit, tuple(parts))


def _wanted(user: Origin, spec: str) -> Mapping[str, str]:
    """The branch of each repository that takes part."""
    named = [word.partition("=") for word in spec.split()]
    if named and all(equals and name in user.repositories and branch for name, equals, branch in named):
        return {name: branch for name, _, branch in named}
    found = {name: spec for name, each in user.repositories.items() if each.branch_commit(spec)}
    if found:
        return found
    known = ", ".join(user.repositories)
    raise UsageError(
        f"none of the repositories has a branch {spec!r}",
        next_step=f"name one, or REPOSITORY=BRANCH for each (repositories: {known})",
    )


def _commit_of(repository: UserRepository, branch: str, where: str = "") -> str:
    commit = repository.branch_commit(branch)
    if commit is None:
        names = repository.git.text("for-each-ref", "--format=%(refname:short)", "refs/heads/").split()
        near = ", ".join(get_close_matches(branch, names, n=3) or names[:5])
        raise UsageError(f"there is no branch {branch!r}{where}", next_step=f"choose one of: {near}")
    return commit


def _left(objects: ObjectStore, branch: str, commit: str, target: str, head: str) -> str:
    """Where a branch left its target. Raises UsageError when it brings nothing, or never left it."""
    objects.fetch_base(commit)
    if objects.is_ancestor(commit, head):
        raise UsageError(f"{target!r} holds all of {branch!r} already", next_step="nothing has to be done")
    base = objects.merge_base(head, commit)
    if base is None:
        raise UsageError(
            f"{branch!r} has no history in common with {target!r}", next_step="make it from the target branch"
        )
    return base

"""A user's checkout moves together with its branch: files, index and ref, under git's own index lock."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from hive import faults
from hive.errors import GitError
from hive.workspaces.diff import Changed, parse_raw, raw
from hive.workspaces.git import Git
from hive.workspaces.indexlock import index_lock
from hive.workspaces.names import readable
from hive.workspaces.repository import UserRepository, move_ref


@dataclass(frozen=True)
class Advanced:
    """The branch is at the new commit, and its checkout with it."""


@dataclass(frozen=True)
class Untouchable:
    """The checkout was left exactly as it was."""

    reason: str


def advance(
    user: UserRepository, root: Path, branch: str, old: str, new: str, run: str
) -> Advanced | Untouchable | None:
    """Bring the checkout at `root` and its branch from `old` to `new`; none when the branch moved meanwhile.

    Order: take `index.lock`; write files and a copy of the index; move the ref; replace the index. Nobody else's
    git can commit in between. A crash leaves files of which each is as in `old` or as in `new`: the next call
    recognises that and completes it.
    """
    if (reason := user.busy(branch)) is not None:
        return Untouchable(f"{branch!r} is in the middle of {reason}")
    git = user.at(root)
    with index_lock(git.git_dir, run) as copy:
        if copy is None:
            return Untouchable(f"another git process holds {str(git.git_dir / 'index.lock')!r}")
        bound = replace(git, index=copy)
        found = user.branch_commit(branch)
        if found not in (old, new):
            return None
        outcome = _write(bound, old, new, landed=found == new)
        if outcome is not None:
            return outcome
        faults.point("landing.files")
        if not move_ref(git, f"refs/heads/{branch}", old, new, run):
            bound.run("read-tree", "-m", "-u", "--end-of-options", new, old)
            return None
        faults.point("landing.ref")
        copy.replace(git.git_dir / "index")
        return Advanced()


def _write(git: Git, old: str, new: str, *, landed: bool) -> Advanced | Untouchable | None:
    """Put the files and the index copy to `new`; none when that is done, an outcome when it ends here."""
    untouchable = Untouchable(f"it is checked out in {str(git.work_tree)!r} with uncommitted changes")
    if not _index_is(git, old):
        return Advanced() if landed else untouchable
    git.run("update-index", "-q", "--refresh", "--ignore-submodules", codes=(0, 1))
    changed = list(parse_raw(raw(git, old, new)))
    dirty = _dirty(git)
    if not dirty:
        return Advanced() if landed and changed else _forward(git, old, new, changed)
    if not _is_between(git, new, changed, dirty):
        return Advanced() if landed else untouchable
    git.run("read-tree", "--reset", "-u", "--end-of-options", new)
    return None


def _forward(git: Git, old: str, new: str, changed: Iterable[Changed]) -> Untouchable | None:
    if blocked := _in_the_way(git, changed):
        return Untouchable(
            f"{readable(blocked)!r} is untracked in {str(git.work_tree)!r} and would be overwritten"
        )
    done = git.run("read-tree", "-m", "-u", "--end-of-options", old, new, codes=(0, 1, 128))
    if done.ok:
        return None
    said = done.stderr.decode(errors="replace").strip()
    if _dirty(git):
        raise GitError(
            f"the checkout {str(git.work_tree)!r} could not be updated to {new!r}: {said}",
            next_step="see to the cause (a full disk?), then run `hive resume`: it completes what was begun",
        )
    return Untouchable(f"git does not update {str(git.work_tree)!r}: {said}")


def _index_is(git: Git, commit: str) -> bool:
    return git.test(
        "diff-index", "--cached", "--quiet", "--ignore-submodules=none", "--end-of-options", commit
    )


def _dirty(git: Git) -> set[str]:
    return set(git.fields("diff-files", "--name-only", "-z", "--ignore-submodules=all"))


def _is_between(git: Git, new: str, changed: Iterable[Changed], dirty: set[str]) -> bool:
    """Whether every file is as in the index, or as in `new`: what a crash in the middle of an update leaves."""
    with _probe(git) as probe:
        probe.run("read-tree", "--reset", "--end-of-options", new)
        probe.run("update-index", "-q", "--refresh", "--ignore-submodules", codes=(0, 1))
        missing = _dirty(probe)
    added = {each.path for each in changed if each.status == "added"}
    deleted = {each.path for each in changed if each.status == "deleted"}
    foreign = any(_exists(git, path) for path in (added & missing) | (deleted & dirty))
    return not (dirty & missing) and not foreign


@contextmanager
def _probe(git: Git) -> Iterator[Git]:
    assert git.index is not None  # noqa: S101
    probe = git.index.with_name(git.index.name + ".probe")
    probe.write_bytes(git.index.read_bytes())
    try:
        yield replace(git, index=probe)
    finally:
        probe.unlink(missing_ok=True)


def _in_the_way(git: Git, changed: Iterable[Changed]) -> str | None:
    """A file on disk that git does not know, at or above a path that `new` adds; also one that is ignored."""
    listed = list(changed)
    leaving = {each.path for each in listed if each.status == "deleted"}
    for each in listed:
        if each.status != "added":
            continue
        if _exists(git, each.path) and not any(path.startswith(each.path + "/") for path in leaving):
            return each.path
        for parent in Path(each.path).parents:
            if (
                str(parent) not in (".", *leaving)
                and _exists(git, str(parent))
                and not _is_folder(git, str(parent))
            ):
                return str(parent)
    return None


def _exists(git: Git, path: str) -> bool:
    assert git.work_tree is not None  # noqa: S101
    return os.path.lexists(git.work_tree / path)


def _is_folder(git: Git, path: str) -> bool:
    assert git.work_tree is not None  # noqa: S101
    return (git.work_tree / path).is_dir()

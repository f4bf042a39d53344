"""Where a user's repository is: the only question that git answers by looking around."""

import os
from pathlib import Path
from typing import NamedTuple

from hive.errors import UsageError
from hive.text import decode, one_line
from hive.workspaces.git import discover

_PATHS = ("--show-toplevel", "--git-common-dir", "--absolute-git-dir")


class Location(NamedTuple):
    """The three folders of a worktree, without links."""

    root: Path
    common_dir: Path
    git_dir: Path


def locate(path: Path) -> Location:
    """The worktree that a folder lies in; UsageError with the next step when it lies in none."""
    if not path.is_dir():
        raise UsageError(f"{str(path)!r} is not a folder", next_step="name the folder of a git repository")
    found = discover(path, "--path-format=absolute", "--is-bare-repository", "--is-inside-git-dir", *_PATHS)
    answers = found.stdout.split(b"\n")
    _refuse_bare(path, answers[:2])
    if not found.ok:
        raise _not_usable(path, decode(found.stderr))
    if len(answers) != 2 + len(_PATHS) + 1:  # a newline in a path: ask one by one
        return Location(*(_ask(path, question) for question in _PATHS))
    return Location(*(Path(os.fsdecode(line)).resolve() for line in answers[2:-1]))


def _ask(path: Path, question: str) -> Path:
    found = discover(path, "--path-format=absolute", question)
    if not found.ok:
        raise _not_usable(path, decode(found.stderr))
    return Path(os.fsdecode(found.stdout.removesuffix(b"\n"))).resolve()


def _refuse_bare(path: Path, answers: list[bytes]) -> None:
    if b"true" in answers:
        what = "a bare repository" if answers[0] == b"true" else "inside a git directory"
        raise UsageError(
            f"{str(path)!r} is {what}",
            next_step="name a folder with files: `git worktree add ../checkout`, then run hive there",
        )


def _not_usable(path: Path, said: str) -> UsageError:
    if "not a git repository" in said:
        step = "run `git init` and commit, or go to a repository"
        return UsageError(f"{str(path)!r} is not in a git repository", next_step=step)
    step = "git names the reason; correct it and try again"
    if "dubious ownership" in said:
        step = "check who owns the folder, then add it to git's `safe.directory`"
    return UsageError(f"git cannot read {str(path)!r}: {one_line(said, 400)}", next_step=step)

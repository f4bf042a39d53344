"""The only door to git: explicit directories, neutral configuration, scrubbed environment, bytes for names."""

import os
import re
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hive.errors import GitError, UsageError
from hive.process import Completed, run, trimmed_environment
from hive.text import decode, sanitize
from hive.workspaces.locks import break_stale_lock

NO_OID = "0" * 40
IDENTITY = {"NAME": "hive", "EMAIL": "hive@hive.invalid"}
"""Who makes hive's commits."""
OLDEST = (2, 38)
"""The first git with `merge-tree --write-tree`."""

_NEUTRAL = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.quotePath": "false",
    "core.filesRefLockTimeout": "2000",
    "core.packedRefsTimeout": "5000",
    "core.protectHFS": "true",
    "core.protectNTFS": "true",
    "protocol.file.allow": "user",
    "submodule.recurse": "false",
    "diff.ignoreSubmodules": "all",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "commit.gpgSign": "false",
    "tag.gpgSign": "false",
    "advice.detachedHead": "false",
}
_OWNED = {
    "core.attributesFile": os.devnull,
    "core.excludesFile": os.devnull,
    "core.untrackedCache": "false",
    "core.autocrlf": "false",
    "core.safecrlf": "false",
    "core.fileMode": "true",
    "core.symlinks": "true",
    "core.ignoreCase": "false",
    "core.precomposeUnicode": "false",
    "core.logAllRefUpdates": "false",
    "core.sharedRepository": "0600",
    "core.bigFileThreshold": "8m",
    "core.alternateRefsPrefixes": "refs/hive/keep",
}
SYNCED = {"core.fsync": "committed", "core.fsyncMethod": "fsync"}
"""For what must survive a power cut."""
_ENVIRONMENT = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "file",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_DEFAULT_REF_FORMAT": "files",
    "GIT_EDITOR": ":",
}
_NO_CONFIG = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_ATTR_NOSYSTEM": "1"}
_LOCKED = re.compile(
    rb"Unable to create '([^\n]*\.lock)': File exists|cannot lock ref .*\.lock': File exists"
)


def _options(settings: Mapping[str, str]) -> list[str]:
    return [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]


def start(
    arguments: Sequence[str],
    *,
    cwd: Path,
    owned: bool,
    settings: Mapping[str, str],
    env: Mapping[str, str],
    stdin: bytes | None,
    timeout: float,
) -> Completed:
    """Run git once; every git process of hive begins here.

    `owned` repositories are hive's own: no configuration of the user or of the system reaches them.
    """
    config = {**_NEUTRAL, **(_OWNED if owned else {}), **settings}
    environment = trimmed_environment({**_ENVIRONMENT, **(_NO_CONFIG if owned else {}), **env})
    return run(["git", *_options(config), *arguments], cwd=cwd, env=environment, stdin=stdin, timeout=timeout)


@dataclass(frozen=True)
class Git:
    """git bound to a recorded git directory: nothing that lies in a worktree decides where it works."""

    git_dir: Path
    work_tree: Path | None = None
    index: Path | None = None
    owned: bool = True
    patience: float = 30.0
    """Seconds that a lock of somebody else is waited for."""
    settings: tuple[tuple[str, str], ...] = ()
    """More `-c` options, for every command."""

    def run(
        self,
        *arguments: str,
        stdin: bytes | None = None,
        codes: Collection[int] = (0,),
        env: Mapping[str, str] | None = None,
        settings: Mapping[str, str] | None = None,
        timeout: float = 600.0,
    ) -> Completed:
        """Run one command; GitError when it ends with another exit code than `codes`."""
        deadline, pause = time.monotonic() + self.patience, 0.02
        while True:
            done = self._once(arguments, stdin, env, settings, timeout)
            lock = _LOCKED.search(done.stderr) if done.code else None
            if lock is None or time.monotonic() + pause > deadline:
                break
            if not (self.owned and lock[1] and break_stale_lock(Path(os.fsdecode(lock[1])), self.git_dir)):
                time.sleep(pause)
                pause = min(pause * 2, 2.0)
        if done.code not in codes:
            raise failure(arguments, self.git_dir, done)
        return done

    def _once(
        self,
        arguments: Sequence[str],
        stdin: bytes | None,
        env: Mapping[str, str] | None,
        settings: Mapping[str, str] | None,
        timeout: float,
    ) -> Completed:
        if self.work_tree is not None and not self.work_tree.is_dir():
            raise GitError(
                f"the working tree {str(self.work_tree)!r} is gone",
                next_step="put it back, or start the task again",
            )
        where = [f"--git-dir={self.git_dir}"]
        if self.work_tree is not None:
            where.append(f"--work-tree={self.work_tree}")
        index = {"GIT_INDEX_FILE": str(self.index)} if self.index else {}
        return start(
            [*where, *arguments],
            cwd=self.work_tree or (self.git_dir if self.git_dir.is_dir() else Path("/")),
            owned=self.owned,
            settings={**dict(self.settings), **(settings or {})},
            env={**index, **(env or {})},
            stdin=stdin,
            timeout=timeout,
        )

    def text(
        self, *arguments: str, stdin: bytes | None = None, settings: Mapping[str, str] | None = None
    ) -> str:
        """The output of a command that prints one short value."""
        return os.fsdecode(self.run(*arguments, stdin=stdin, settings=settings).stdout).strip()

    def fields(self, *arguments: str, stdin: bytes | None = None) -> list[str]:
        """The NUL-ended fields that a command with `-z` prints."""
        return split_fields(self.run(*arguments, stdin=stdin).stdout)

    def test(self, *arguments: str) -> bool:
        """Whether a command that answers by its exit code says yes (0) or no (1)."""
        return self.run(*arguments, codes=(0, 1)).code == 0


def split_fields(raw: bytes) -> list[str]:
    """NUL-ended fields as names, bytes that are not UTF-8 by `surrogateescape`."""
    return [os.fsdecode(field) for field in raw.split(b"\0")[:-1]]


def failure(arguments: Sequence[str], where: Path, done: Completed) -> GitError:
    """The error for a git command that ended badly, with git's own words and what to do."""
    said = " / ".join(sanitize(decode(done.stderr), 2000).split("\n")).strip(" /") or "it said nothing"
    command = next((word for word in arguments if not word.startswith("-")), "git")
    return GitError(
        f"git {command!r} failed in {str(where)!r} (exit code {done.code}): {said}",
        next_step=_next_step(said),
    )


def _next_step(said: str) -> str:
    for sign, step in (
        (".lock", "another git process holds the lock: wait for it, or remove the file when none runs"),
        ("No space left", "free some disk space, then run `hive resume`"),
        ("dubious ownership", "check who owns the folder, then add it to git's `safe.directory`"),
        ("ermission denied", "give your user access to that path, then try again"),
        ("nvalid path", "rename that path in the repository; git refuses to write it"),
    ):
        if sign in said:
            return step
    return "`hive doctor` checks git and the repository"


@cache
def version() -> tuple[int, ...]:
    """The version of the installed git; UsageError when it is too old for hive."""
    said = decode(_plain("version").stdout)
    numbers = tuple(int(part) for part in re.findall(r"\d+", said)[:3])
    if numbers < OLDEST:
        raise UsageError(
            f"git {said.strip()!r} is too old",
            next_step=f"install git {'.'.join(map(str, OLDEST))} or newer",
        )
    return numbers


def _plain(*arguments: str, cwd: Path = Path("/")) -> Completed:
    return start(arguments, cwd=cwd, owned=True, settings={}, env={}, stdin=None, timeout=60.0)


def make_bare(where: Path) -> Git:
    """A new bare repository without template, hooks or anybody's configuration."""
    arguments = ("init", "--bare", "--quiet", "--template=", "--initial-branch=none", "--", str(where))
    done = _plain(*arguments)
    if not done.ok:
        raise failure(arguments, where, done)
    return Git(where)


def discover(path: Path, *questions: str) -> Completed:
    """What `rev-parse` says about the user's folder: the only call in which git itself looks for a repository."""
    return start(
        ["rev-parse", *questions], cwd=path, owned=False, settings={}, env={}, stdin=None, timeout=60.0
    )

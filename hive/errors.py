"""The one root of hive's errors, and the few meanings that callers branch on."""

from enum import IntEnum
from pathlib import Path


class Exit(IntEnum):
    """Exit codes of every command."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    NEEDS_PERSON = 3
    INTERRUPTED = 130


class HiveError(Exception):
    """Something a person can act on: what happened (with the value), and what to do next."""

    exit = Exit.FAILED

    def __init__(self, message: str, *, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message}\n  next: {self.next_step}" if self.next_step else self.message


class UsageError(HiveError):
    """Wrong usage or wrong configuration: the same command will fail again."""

    exit = Exit.USAGE


class NeedsPerson(HiveError):  # noqa: N818 - nothing is in error
    """Nothing is broken, but only a person can decide what happens next."""

    exit = Exit.NEEDS_PERSON


class GitError(HiveError):
    """A git command that failed in a way its caller did not expect."""


class ContractError(UsageError):
    """A contract that cannot be read or edited; says where, with a 1-based line."""

    def __init__(self, path: Path | str, line: int | None, reason: str, *, next_step: str = "") -> None:
        where = f"{path}:{line}" if line else str(path)
        super().__init__(f"{where}: {reason}", next_step=next_step or f"correct {where} and try again")
        self.path = str(path)
        self.line = line
        self.reason = reason

"""What hive saw itself: checks, diffs, violations."""

from typing import Literal

from pydantic import ConfigDict, TypeAdapter

from hive.model.value import Fact

CheckOutcome = Literal["passed", "failed", "unverified", "timed_out", "environment"]
"""`unverified`: nothing was proven (no command, no tests collected, not trusted);
`environment`: the command could not run at all. Neither is a pass, neither is the change's fault."""


class Case(Fact):
    """One test of a check, as its runner reported it."""

    group: str
    """Class, module or file that the test belongs to."""
    name: str
    outcome: Literal["passed", "failed", "skipped"]
    seconds: float | None = None
    message: str = ""
    """Why it failed or was skipped, sanitized."""

    @property
    def id(self) -> str:
        """What it is called in a list of tests."""
        return f"{self.group}::{self.name}" if self.group else self.name


CASES = TypeAdapter(tuple[Case, ...], config=ConfigDict(defer_build=True))
"""The content of a file of tests."""


class Evidence(Fact):
    """What hive saw when it ran a check itself."""

    check: str
    """`tests`, `contract`, or the name of an integration check."""
    service: str | None = None
    outcome: CheckOutcome
    reason: str = ""
    command: str = ""
    exit_code: int | None = None
    seconds: float = 0.0
    collected: int | None = None
    passed: int | None = None
    failed: int | None = None
    skipped: int | None = None
    tree: str = ""
    """Id of the git tree that was checked out for it."""
    inputs: str = ""
    """Digest of all that the check could see; equal inputs are never checked twice."""
    output: str | None = None
    """File name of the whole output under the run's folder."""
    cases: str | None = None
    """File name, beside the output, of the single tests where the runner tells them apart: JSON, failures first."""
    failures: tuple[str, ...] = ()
    """The tests that failed, as `group::name`, where these alone explain how the command ended."""
    tail: str = ""
    """The last lines of the output, sanitized."""
    reused: bool = False
    sealed: bool = False
    """Whether hive's own witness saw the session that the results are of to its end."""
    sandbox: str = "none"
    retried: tuple[str, ...] = ()
    """Reasons of the attempts before this one: a pass after a failure on the same inputs is a flake."""
    flaked: tuple[str, ...] = ()
    """Tests that failed in an attempt before this one and not in this one, where the runner tells them apart."""
    excused: tuple[str, ...] = ()
    """Of those that failed, the ones that the project's quarantine list keeps from counting."""
    quarantined: bool = False
    """Whether the project's quarantine list keeps a failure of it from blocking."""
    warnings: tuple[str, ...] = ()
    """Such as fewer tests collected than on the base."""

    @property
    def flaky(self) -> bool:
        """Whether equal inputs passed and failed."""
        return self.outcome == "passed" and bool(self.retried)

    @property
    def blocks(self) -> bool:
        """Whether a changeset cannot land because of it."""
        return self.outcome in ("failed", "timed_out", "environment") and not self.quarantined


class FileStat(Fact):
    """One changed file of a diff."""

    path: str
    status: Literal["added", "modified", "deleted", "renamed", "type_changed"]
    added: int | None = None
    """Lines; none for a binary file."""
    removed: int | None = None


class Violation(Fact):
    """Something in a diff that its author had no business to change."""

    path: str
    rule: str
    severity: Literal["refused", "needs_person"]
    reason: str

"""A changeset on its way to the target branch."""

from typing import Literal

from hive.model import Fact


class ChangesetMerged(Fact):
    """The changeset was merged onto the target's head, in hive's own repository."""

    kind: Literal["changeset_merged"] = "changeset_merged"
    onto: str
    """The target branch's commit that it was merged onto."""
    commit: str
    tree: str
    beneath: tuple[tuple[str, str], ...] = ()
    """Runs ahead in the queue that it was merged on top of, with the commit of each."""
    base: str = ""
    """First parent, where that is a speculative merge and not `onto`."""
    whole: bool = True
    """Whether everything that differs from `onto` is tested, and not only what differs from `base`."""


class ChangesetTested(Fact):
    """The checks on the exact union are done."""

    kind: Literal["changeset_tested"] = "changeset_tested"
    commit: str
    tree: str
    passed: bool
    reason: str = ""


class LandingStarted(Fact):
    """The journal's first half: the target is about to move from `old` to `new`."""

    kind: Literal["landing_started"] = "landing_started"
    ref: str
    old: str
    new: str


class LandingDelayed(Fact):
    """A remote or a forge did not answer; it is asked again after a pause."""

    kind: Literal["landing_delayed"] = "landing_delayed"
    attempt: int
    reason: str
    seconds: float


class RepositoryLanded(Fact):
    """One of several repositories has its part of the changeset."""

    kind: Literal["repository_landed"] = "repository_landed"
    repository: str
    ref: str
    old: str
    new: str
    note: str = ""


class RollbackStarted(Fact):
    """A repository refused after others had their part: theirs are taken back by new commits."""

    kind: Literal["rollback_started"] = "rollback_started"
    repository: str
    reason: str
    next_step: str = ""
    found: str = ""
    """Where its branch is now, when it only moved: the changeset is then merged and tested anew by itself."""


class RepositoryReverted(Fact):
    """One repository's part was taken back, or could not be."""

    kind: Literal["repository_reverted"] = "repository_reverted"
    repository: str
    ref: str
    commit: str = ""
    """The commit that takes it back; empty when that was not possible."""
    reason: str = ""


class PullRequest(Fact):
    """A request that a branch of a run's be merged."""

    repository: str
    """Empty for a project of one repository."""
    number: int
    url: str
    branch: str
    base: str
    commit: str


class RequestsOpened(Fact):
    """The tested commits are offered as pull requests, one for each repository; the forge merges them."""

    kind: Literal["requests_opened"] = "requests_opened"
    requests: tuple[PullRequest, ...]


class RequestSeen(Fact):
    """A pull request stands otherwise than when it was last looked at."""

    kind: Literal["request_seen"] = "request_seen"
    repository: str
    state: Literal["open", "merged", "closed"]
    checks: Literal["none", "pending", "passed", "failed"] = "none"
    summary: str = ""
    merged_as: str = ""
    """The commit that it became on its base."""


class WatchEnded(Fact):
    """The pull requests are no longer looked at by themselves."""

    kind: Literal["watch_ended"] = "watch_ended"
    reason: str = ""


class TargetMoved(Fact):
    """Somebody else moved the target first; the changeset is merged and tested again on what is there now."""

    kind: Literal["target_moved"] = "target_moved"
    ref: str
    expected: str
    found: str


class Landed(Fact):
    """The tested commit is what the ref points at."""

    kind: Literal["landed"] = "landed"
    ref: str
    old: str
    """What it was merged onto: the difference between `old` and `new` is the changeset."""
    new: str
    tree: str
    note: str = ""
    """Why it landed elsewhere than asked, when it did."""
    within: str = ""
    """The run with whose union it landed, where that was tested in its place."""
    remote: str = ""
    """The remote whose branch this is; empty for the user's own branch."""


class LandingRefused(Fact):
    """The changeset cannot land as it is."""

    kind: Literal["landing_refused"] = "landing_refused"
    reason: str
    next_step: str
    services: tuple[str, ...] = ()
    """Whose work must change first, where that is known."""

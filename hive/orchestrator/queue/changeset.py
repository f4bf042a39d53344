"""What the policy of the merge queue knows of a changeset, and what it decides for it: values only."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Act = Literal["merge", "test", "land", "refuse", "wait", "held", "stopped"]
"""What is next for a changeset; with the last three nothing happens to it now."""
Verdict = Literal["unknown", "passed", "failed"]


class Merge(NamedTuple):
    """A speculative merge: the changeset on the target's head and on everything that should land before it."""

    seq: int
    onto: str
    """The target's commit."""
    commit: str
    """Empty where the merge conflicted."""
    beneath: tuple[tuple[str, str], ...] = ()
    """Changesets in between, with the commit that each was at."""
    whole: bool = True
    """Whether its checks cover those in between too, so that they may land with it."""


class Changeset(NamedTuple):
    """One changeset in the queue."""

    id: str
    asked: int
    """Grows in the order of asking."""
    touches: frozenset[str]
    """Services whose checks can see it, contracts and shared files: what is in two of these makes a conflict."""
    target: str = "main"
    priority: int = 0
    before: str = ""
    """Whom a person moved it in front of."""
    moved: int = 0
    """Grows in the order of these moves."""
    after: tuple[str, ...] = ()
    """Whom it needs to be landed first."""
    held: bool = False
    held_by: str = ""
    """Who holds it and why, for people."""
    begun: bool = False
    """Whether its landing is journalled: it is brought to its end first."""
    merge: Merge | None = None
    verdict: Verdict = "unknown"


class Tip(NamedTuple):
    """The last commit that is known to have come onto a target, and when that was."""

    commit: str
    seq: int


@dataclass(frozen=True)
class Facts:
    """What the policy knows besides the changesets."""

    tips: dict[str, Tip] = field(default_factory=dict)
    landed: frozenset[str] = frozenset()
    """Whose changes are on their target."""
    landed_with: dict[str, str] = field(default_factory=dict)
    """Those in the queue that a union which landed contained, with whose it was: only to be recorded."""
    outside: dict[str, str] = field(default_factory=dict)
    """Phase of whoever is named by an `after` and neither waits nor has landed."""
    stopped: dict[str, str] = field(default_factory=dict)
    """Why nothing lands on a target before a person answers."""


class Settings(NamedTuple):
    """How far the queue speculates."""

    bisect: bool = False
    """Test the union of a whole window at once and halve it on failure, instead of every changeset on its own."""
    window: int = 20
    """How many changesets may stand on each other."""
    slots: int = 4
    """Checks at a time."""
    odds: float = 0.9
    """How likely a changeset that nothing is known of is to land."""
    worth: float = 0.35
    """How likely everything beneath must be to land, for a test on top of it to be worth its while."""


class Place(NamedTuple):
    """Where a changeset stands, and what is next for it."""

    changeset: Changeset
    act: Act
    why: str
    """In one sentence."""
    position: int = 0
    """How many must be out of the queue before it may land."""
    on: tuple[str, ...] = ()
    """On top of whom it is merged and tested: the nearest that do not fail; none beyond the window."""
    whole: bool = True
    """Whether its checks must cover those beneath too."""
    head: str = ""
    """The commit that the target is expected to be at, where it may land or has failed for good."""
    within: str = ""
    """With whose union it has landed already."""

"""What a run will do, and how much of it happens without asking."""

from typing import Literal

from pydantic import Field

from hive.model.contract import Change
from hive.model.intent import Intent
from hive.model.review import ReviewPolicy
from hive.model.value import Fact

LandingMode = Literal["local", "push", "pull-request"]
"""The branch here moves; the remote's branch does; or a pull request asks for it."""


class Patch(Fact):
    """The whole new text of one contract file."""

    path: str
    text: str


class TaskPlan(Fact):
    """One service's part of a run."""

    service: str
    wave: int = 0
    """Landing order where the contract asks for one: lower waves deploy first."""
    role: Literal["provider", "consumer", "both", "carrier"]
    """How it touches the change; a carrier holds the entity in its code without a contract of its own."""
    reason: str
    brief: str
    """What its agent is told, markdown."""


class Planning(Fact):
    """How a plan was made, and what that cost."""

    planner: Literal["grammar", "model"] = "grammar"
    model: str = ""
    """The model that was asked; empty when none was."""
    answers: int = 0
    """How many answers the model gave."""
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0
    fallback: str = ""
    """Why the model's plan was not taken, where one was asked for."""


class Plan(Fact):
    """What a run will do; a person approves exactly this."""

    request: str
    base: str
    """Commit id that the run starts from."""
    intent: Intent | None = None
    siblings: tuple[str, ...] = ()
    """Other fields of the entity, best example first: where they are, the new one belongs."""
    assumptions: tuple[str, ...] = ()
    patches: tuple[Patch, ...] = ()
    changes: tuple[Change, ...] = ()
    tasks: tuple[TaskPlan, ...]
    estimated_cost_usd: float = 0.0
    planning: Planning = Planning()

    def task(self, service: str) -> TaskPlan | None:
        """The plan's part for one service."""
        return next((task for task in self.tasks if task.service == service), None)


class QueuePolicy(Fact):
    """How the merge queue goes about it."""

    mode: Literal["auto", "speculate", "bisect"] = "auto"
    """Test every changeset on top of those ahead, or the union of many at once, halved on failure."""
    window: int = Field(default=20, ge=1)
    """How many changesets may stand on each other at first."""
    floor: int = Field(default=3, ge=1)
    """What failures may bring that down to."""
    slow: float = Field(default=600.0, gt=0)
    """Seconds from which on checks are slow, so that `auto` bisects."""


class Policy(Fact):
    """How much of a run happens without asking; fixed when the run is created."""

    agent: str = "propagate"
    approve_all: bool = False
    land: bool = False
    max_parallel: int = Field(default=4, ge=1)
    rework_limit: int = Field(default=2, ge=0)
    """How often failing checks go back to the agent before a person is asked."""
    approve_compatible_proposals: bool = False
    """Whether an agent's proposal that only adds to a contract, and breaks nobody, needs no person."""
    idle_timeout: float = Field(default=300.0, gt=0)
    """Seconds without any sign of life after which an agent is stopped."""
    turn_timeout: float = Field(default=3600.0, gt=0)
    check_timeout: float = Field(default=900.0, gt=0)
    budget_usd: float | None = None
    queue: QueuePolicy = QueuePolicy()
    quarantine: tuple[str, ...] = ()
    """Checks, as `service/check`, and tests, as `service/check::group::name`, whose failure does not block."""
    sealed_only: bool = False
    """Whether a flag approves only what sealed results prove."""
    review: ReviewPolicy = ReviewPolicy()
    """Who must approve, as the commit that the run starts from says it."""
    landing: LandingMode = "local"
    remote: str = "origin"
    """The remote of a landing that is not local; a name that the user's own repository defines."""

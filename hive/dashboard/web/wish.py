"""What a person asks for when a run is to begin."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from hive.dashboard.web.body import Body

Request = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Question(Body):
    """A request to be planned."""

    request: Request
    """The change in words, such as `add loyalty_points field`."""
    to: Name | None = None
    """The entity, when the words do not say it."""
    planner: Literal["auto", "grammar", "model"] | None = None
    """The person's own choice when not given."""
    budget_usd: float | None = Field(default=None, gt=0, le=1e9, allow_inf_nan=False)
    """What the whole run may spend, its planning included."""


class Wish(Question):
    """A request to be made into a run."""

    agent: Name | None = None
    """The project's own choice when not given."""
    approve_all: bool = False
    land: bool = False
    max_parallel: int | None = Field(default=None, ge=1, le=1000)
    allow_breaking: bool = False


class Offering(Body):
    """A branch of the project that is to land: merged, tested and landed like any changeset."""

    branch: Annotated[str, StringConstraints(min_length=1, max_length=250)]
    priority: Annotated[int, Field(ge=-1000, le=1000)] = 0
    after: Annotated[
        tuple[Annotated[str, StringConstraints(min_length=1, max_length=64)], ...], Field(max_length=100)
    ] = ()
    """Land only after these runs."""
    allow_breaking: bool = False
    """Even where it breaks consumers of a contract."""

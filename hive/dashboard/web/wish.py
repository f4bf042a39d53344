"""What a person asks for when a run is to begin."""

from typing import Annotated

from pydantic import Field, StringConstraints

from hive.model import Value

Request = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Question(Value):
    """A request to be planned."""

    request: Request
    """The change in words, such as `add loyalty_points field`."""
    to: Name | None = None
    """The entity, when the words do not say it."""


class Wish(Question):
    """A request to be made into a run."""

    agent: Name | None = None
    """The project's own choice when not given."""
    approve_all: bool = False
    land: bool = False
    max_parallel: int | None = Field(default=None, ge=1, le=1000)
    budget_usd: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    allow_breaking: bool = False

"""The two bases: a value of today, and a fact that outlives the hive that wrote it."""

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """An immutable value, compared by content."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Fact(BaseModel):
    """An immutable value that outlives the hive that wrote it: a newer writer's extra keys are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

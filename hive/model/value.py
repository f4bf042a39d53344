"""The two bases: a value of today, and a fact that outlives the hive that wrote it.

What validates a class is built when the first one of it is made: a command meets few of the many kinds.
"""

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """An immutable value, compared by content."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Fact(BaseModel):
    """An immutable value that outlives the hive that wrote it: a newer writer's extra keys are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

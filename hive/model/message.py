"""What reaches an agent while it works."""

from typing import Annotated, Literal

from pydantic import Field

from hive.model.value import Fact


class Words(Fact):
    """A person speaks to a working agent."""

    message: Literal["words"] = "words"
    text: str


class Interrupt(Fact):
    """A person wants the agent to stop what it is doing; its session can go on later."""

    message: Literal["interrupt"] = "interrupt"


class Answer(Fact):
    """A person answers what the agent asked."""

    message: Literal["answer"] = "answer"
    id: str
    """Of the question."""
    text: str
    """One of its options, or any words where it has none."""


Message = Annotated[Words | Interrupt | Answer, Field(discriminator="message")]

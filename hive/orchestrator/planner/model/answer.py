"""What the model answers with: proposals, of which nothing is believed before it is checked."""

import json
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from hive.model import Intent, Value
from hive.text import one_line

LONGEST_ANSWER = 1_000_000
"""Characters; a longer answer is not even read."""


class FieldEdit(Value):
    """Add, remove, rename or retype one field of an entity; hive writes it in the contract's own style."""

    op: Literal["field"]
    contract: str = Field(description="Path of the contract, exactly as it was listed.")
    intent: Intent = Field(description="What happens to the field.")


class TextEdit(Value):
    """Put one piece of text in the place of another one that is in the contract exactly once."""

    op: Literal["replace_text"]
    contract: str = Field(description="Path of the contract, exactly as it was listed.")
    find: str = Field(
        description="Text that is in the contract exactly once, with its line breaks and indentation."
    )
    replace: str = Field(description="What takes its place; repeat `find` in it to insert before or after.")


class WholeText(Value):
    """The whole new text of a contract; only for short ones."""

    op: Literal["new_text"]
    contract: str = Field(description="Path of the contract, exactly as it was listed.")
    text: str = Field(description="The contract from its first line to its last.")


Edit = Annotated[FieldEdit | TextEdit | WholeText, Field(discriminator="op")]


class Part(Value):
    """One service's part of the work."""

    service: str = Field(description="Name of the service, exactly as it was listed.")
    reason: str = Field(description="Why this service takes part, in one sentence.")
    files: tuple[str, ...] = Field(
        description="Files of this service that the work is likely to touch, from the root."
    )
    brief: str = Field(description="What the service's own agent is to do, in plain markdown.")


class Answer(Value):
    """A plan, as the model would make it."""

    summary: str = Field(description="The change in one sentence, for a person to approve.")
    edits: tuple[Edit, ...] = Field(
        description="Changes of contracts, in order; none where no contract changes."
    )
    parts: tuple[Part, ...] = Field(description="One for each service that has work to do.")


class NotAnAnswerError(ValueError):
    """The model's words are no answer of the agreed shape; each argument is one finding."""


@cache
def schema() -> dict[str, Any]:
    """The shape of an answer as the API takes it, with nothing that may be left out; needs the extra."""
    from anthropic import transform_schema

    made = transform_schema(Answer)
    for shape in (made, *made["$defs"].values()):
        shape["required"] = list(shape["properties"])
    return made


def parse(text: str) -> Answer:
    """Read an answer. Raises NotAnAnswerError with everything that is wrong with it."""
    if len(text) > LONGEST_ANSWER:
        raise NotAnAnswerError(f"the answer has {len(text)} characters; at most {LONGEST_ANSWER} are read")
    try:
        return Answer.model_validate_json(text.encode("utf-8", "surrogatepass"))
    except ValidationError as error:
        raise NotAnAnswerError(
            *(_finding(problem) for problem in error.errors(include_url=False)[:20])
        ) from None


def _finding(problem: Any) -> str:  # noqa: ANN401 - pydantic's own dictionary
    where = ".".join(str(step) for step in problem["loc"]) or "the answer"
    value = (
        "" if problem["type"] in ("missing", "json_invalid") else json.dumps(problem["input"], default=str)
    )
    shown = f" (got {one_line(value, 80)})" if value else ""
    return one_line(f"{where}: {problem['msg']}{shown}", 300)

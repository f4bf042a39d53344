"""One thing that the scope guard found in one file."""

from typing import Literal, NamedTuple


class Finding(NamedTuple):
    """A rule that a changed file breaks."""

    rule: str
    severity: Literal["refused", "needs_person"]
    reason: str

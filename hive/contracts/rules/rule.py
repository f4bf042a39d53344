"""What a rule is."""

from collections.abc import Mapping
from typing import NamedTuple

from hive.model import Change, ContractKind, Direction, Severity

ORDER: tuple[Severity, ...] = ("compatible", "dangerous", "unknown", "breaking")
"""From harmless to harmful; what could not be compared is worse than a mere danger."""


def worst(*severities: Severity) -> Severity:
    """The most harmful of some severities."""
    return max(severities, key=ORDER.index)


class Rule(NamedTuple):
    """A named finding of a comparison."""

    id: str
    kind: ContractKind
    change: str
    """`added`, `removed` or `changed`, as in the changes that it produces."""
    severity: Mapping[Direction, Severity]
    """By the direction in which the element travels; the only directions in which the rule applies."""
    about: str


def gravest(changes: "tuple[Change, ...]") -> Severity:
    """The most harmful severity among changes; `compatible` when there is none."""
    return worst("compatible", *(change.severity for change in changes))

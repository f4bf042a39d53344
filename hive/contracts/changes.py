"""Findings of a comparison gathered into changes: one per element and rule."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, cast

from hive.contracts.place import Place, pointer
from hive.contracts.rules.rule import Rule, worst
from hive.contracts.rules.schema import rule as schema_rule
from hive.contracts.schema.compare import Comparison, Finding, Scope, reached
from hive.model import Change, ContractKind, Direction, Severity


@dataclass
class _Entry:
    kind: str
    rule: str
    message: str
    severity: Severity
    directions: set[Direction] = field(default_factory=set)
    affected: dict[str, None] = field(default_factory=dict)


class Report:
    """Collects what was found; the same element and rule seen by several operations is one change."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._entries: dict[tuple[str, str], _Entry] = {}

    def add(
        self, element: str, rule: Rule, direction: Direction, message: str, affected: Iterable[str] = ()
    ) -> None:
        """Note one finding; the severity is the rule's in that direction."""
        key = (element, rule.id)
        severity = rule.severity[direction]
        entry = self._entries.setdefault(key, _Entry(rule.change, rule.id, message, severity))
        entry.severity = worst(entry.severity, severity)
        entry.directions.add(direction)
        entry.affected.update(dict.fromkeys(affected))

    def at(
        self, place: Place, rule: Rule, direction: Direction, message: str, affected: Iterable[str] = ()
    ) -> None:
        """Note one finding at a place of a YAML or JSON document."""
        self.add(pointer(place.path), rule, direction, message, affected)

    def changes(self) -> tuple[Change, ...]:
        """All of them, by element."""
        return tuple(
            Change(
                element=f"{self.path}#{element}",
                kind=cast("Literal['added', 'removed', 'changed']", entry.kind),
                direction=_one(entry.directions),
                severity=entry.severity,
                rule=entry.rule,
                message=entry.message,
                affected=tuple(entry.affected),
            )
            for (element, _), entry in sorted(self._entries.items(), key=lambda item: item[0])
        )


def _one(directions: set[Direction]) -> Direction:
    known = directions - {"none"}
    if not known:
        return "none"
    return known.pop() if len(known) == 1 else "both"


class Use(NamedTuple):
    """An operation (or none) and what comparing its schemas found."""

    operation: str | None
    scope: Scope


def gather(report: Report, kind: ContractKind, comparison: Comparison, uses: Iterable[Use]) -> None:
    """Report the schema findings of all uses, each with the operations that carry it."""
    known: dict[frozenset[object], list[Finding]] = {}
    for use in uses:
        leads = frozenset(use.scope.leads)
        if leads not in known:
            known[leads] = [
                f for scope in reached(use.scope.leads, comparison.scopes) for f in scope.findings
            ]
        for finding in (*use.scope.findings, *known[leads]):
            rule = schema_rule(kind, finding.direction, finding.subject, finding.code)
            message = f"{rule.about}: {finding.message}" if finding.message else rule.about
            affected = () if use.operation is None else (use.operation,)
            report.at(finding.place, rule, finding.direction, message, affected)

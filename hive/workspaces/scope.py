"""The scope guard: what a task's diff may change by itself, what needs a person, and what is refused. Pure."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from hive.model import Violation
from hive.text import plural
from hive.workspaces.diff import Changed
from hive.workspaces.names import readable, shown
from hive.workspaces.rules import content, paths
from hive.workspaces.rules.finding import Finding

FILE_LIMIT = 5 << 20
"""Bytes of one changed file."""
FILES_LIMIT = 2000


def guard(
    files: Sequence[Changed],
    *,
    service_path: str,
    other_services: Sequence[str] = (),
    contracts: Collection[str] = (),
    existing: Iterable[str] = (),
    allowed: Collection[str] = (),
    file_limit: int = FILE_LIMIT,
    files_limit: int = FILES_LIMIT,
) -> tuple[Violation, ...]:
    """What is wrong with a diff; empty when its author stayed within the task.

    `service_path` is the author's folder, `.` for all that the folders of `other_services` do not hold; `contracts`
    are files that only the plan changes; `existing` are all paths of the new tree, to find names that differ only
    in case; `allowed` are files elsewhere that the plan gives to this task.
    """
    found = [] if len(files) <= files_limit else [_too_many(len(files), files_limit)]
    place = paths.Place(service_path, tuple(other_services), frozenset(contracts), frozenset(allowed))
    clashes = paths.clashes((each.path for each in files if each.status == "added"), existing)
    for each in files:
        findings = [*paths.findings(each, place), *content.findings(each, file_limit)]
        if other := clashes.get(each.path):
            reason = f"it differs from {readable(other)!r} only in case or in accents"
            findings.append(Finding("name-clash", "refused", reason))
        found += _violations(each.path, findings)
    return tuple(found)


def _violations(path: str, findings: Iterable[Finding]) -> Iterator[Violation]:
    for finding in dict.fromkeys(findings):
        yield Violation(path=shown(path), rule=finding.rule, severity=finding.severity, reason=finding.reason)


def _too_many(count: int, limit: int) -> Violation:
    reason = f"{plural(count, 'file')} changed, more than {limit}"
    return Violation(path=".", rule="too-many-files", severity="needs_person", reason=reason)

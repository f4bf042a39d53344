"""Whether a tree's contracts are exactly those that the plan approved. Pure."""

from collections.abc import Iterator, Mapping
from itertools import zip_longest

from hive.contracts import parse
from hive.errors import ContractError
from hive.model import ContractKind, Evidence
from hive.text import one_line, plural

CHECK = "contract"


def check_contracts(
    expected: Mapping[str, bytes],
    actual: Mapping[str, bytes | None],
    kinds: Mapping[str, ContractKind],
    *,
    service: str | None = None,
    tree: str = "",
    inputs: str = "",
) -> Evidence:
    """Evidence that every expected contract is in the tree, unchanged and readable; no contract proves nothing."""
    problems = list(_problems(expected, actual, kinds))
    broken = len({path for path, _ in problems})
    return Evidence(
        check=CHECK,
        service=service,
        outcome="failed" if problems else "passed" if expected else "unverified",
        reason=_reason(len(expected), broken),
        collected=len(expected),
        passed=len(expected) - broken,
        failed=broken,
        skipped=0,
        tree=tree,
        inputs=inputs,
        tail="\n".join(one_line(reason, 500) for _, reason in problems),
    )


def _reason(expected: int, broken: int) -> str:
    if not expected:
        return "there are no contracts to check"
    if broken:
        return f"{broken} of {plural(expected, 'contract')} not as planned"
    return f"{plural(expected, 'contract')} as planned"


def _problems(
    expected: Mapping[str, bytes], actual: Mapping[str, bytes | None], kinds: Mapping[str, ContractKind]
) -> Iterator[tuple[str, str]]:
    for path, planned in sorted(expected.items()):
        found = actual.get(path)
        if found is None:
            yield path, f"{path}: is missing"
        elif found != planned:
            yield path, f"{path}:{_first_difference(planned, found)}: differs from the plan"
        elif reason := _unreadable(path, found, kinds):
            yield path, reason


def _first_difference(planned: bytes, found: bytes) -> int:
    """The 1-based line at which two different texts part."""
    lines = zip_longest(planned.splitlines(keepends=True), found.splitlines(keepends=True))
    return next((at for at, (one, other) in enumerate(lines, 1) if one != other), 1)


def _unreadable(path: str, raw: bytes, kinds: Mapping[str, ContractKind]) -> str | None:
    if path not in kinds:
        return f"{path}: is of no known kind"
    try:
        parse(kinds[path], path, raw)
    except ContractError as error:
        return error.message
    return None

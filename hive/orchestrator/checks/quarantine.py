"""The project's quarantine list, test by test: what only listed tests turned red is not red. Pure.

The evidence that is kept says what happened; the list is a run's policy, so it is laid over what was kept, each time.
"""

from collections.abc import Sequence

from hive.model import Evidence
from hive.text import one_line, plural

BETWEEN = "::"
"""Between a check and one of its tests, and between that one's group and name."""
_NAMED = 3


def excused(evidence: Evidence, quarantine: Sequence[str]) -> Evidence:
    """The evidence under a quarantine list; entries that name whole checks are somebody else's to heed.

    A check passes when every test that failed is listed, nothing but these explains how it ended, and others passed.
    """
    if evidence.outcome != "failed" or not evidence.failures:
        return evidence
    check = f"{evidence.service}/{evidence.check}{BETWEEN}"
    listed = {entry.removeprefix(check) for entry in quarantine if entry.startswith(check)}
    found = tuple(name for name in evidence.failures if name in listed)
    if not found:
        return evidence
    if len(found) < len(evidence.failures) or not evidence.passed:
        reason = f"{evidence.reason}, {len(found)} of them in quarantine"
        return evidence.model_copy(update={"reason": reason, "excused": found})
    names = ", ".join(one_line(name, 100) for name in found[:_NAMED])
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    reason = f"{plural(evidence.passed, 'test')} passed; failed in quarantine: {names}{more}"
    return evidence.model_copy(update={"outcome": "passed", "reason": reason, "excused": found})


def flaked(first: Evidence, second: Evidence) -> tuple[str, ...]:
    """The tests that failed at first and not when the check was repeated."""
    return tuple(name for name in first.failures if name not in second.failures)

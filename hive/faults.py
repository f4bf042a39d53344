"""Named points at which a test can make hive die: `HIVE_FAULT=event.after:12:kill` at the twelfth passing."""

import os
import signal
from collections import Counter

_PLAN = os.environ.get("HIVE_FAULT", "")
_passed: Counter[str] = Counter()


def point(name: str) -> None:
    """Pass a point; a no-op unless this process was started to fail here."""
    if not _PLAN:
        return
    wanted, _, rest = _PLAN.partition(":")
    number, _, action = rest.partition(":")
    if name != wanted:
        return
    _passed[name] += 1
    if _passed[name] == int(number or 1):
        if action == "enospc":
            raise OSError(28, "No space left on device")
        os.kill(os.getpid(), signal.SIGKILL)

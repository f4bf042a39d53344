"""The seal on a results file: that it was written by a session which hive's own plugin saw to its end."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from pathlib import Path

from hive.orchestrator.checks.results.counts import Counts


@dataclass(frozen=True)
class Seal:
    """What is needed to check one; the secret is for one run of one command, and no test is told it."""

    secret: str
    results: Path
    opened: Path
    """The file with the secret, which the plugin removes."""
    said: bytes
    """What was in it."""
    behind: bool = False
    """Whether something else starts the test runner, if there is one that the plugin knows at all."""
    first: bool = True
    """Whether the plugin comes before all code of the service, so that nobody else can have read the secret."""

    @property
    def path(self) -> Path:
        """Where the plugin leaves it."""
        return self.results.with_name(f"{self.results.name}.seal")

    def taken(self, opened: bytes | None) -> bool:
        """Whether the plugin has begun; nobody who does not know the secret can put the file back. Pure."""
        return opened != self.said

    def holds(self, results: bytes, seal: bytes | None, counts: Counts) -> bool:
        """Whether the results are those of the session, and tell the counts that it had. Pure."""
        try:
            said = json.loads(seal or b"")
            passed, failed, mac = int(said["passed"]), int(said["failed"]), str(said["mac"])
        except (ValueError, TypeError, KeyError, RecursionError):
            return False
        words = f"{passed} passed, {failed} failed: {hashlib.sha256(results).hexdigest()}"
        right = hmac.new(self.secret.encode(), words.encode(), "sha256").hexdigest()
        agrees = bool(failed) == bool(counts.failed) and counts.passed <= passed
        return hmac.compare_digest(right, mac) and agrees

"""Evidence that is known already: the same check never runs twice on the same inputs."""

from datetime import UTC, datetime

from hive.model import Evidence
from hive.redaction import Redactor
from hive.store.database import Database
from hive.store.session import session
from hive.store.tables import CheckResult


class EvidenceCache:
    """Evidence by the digest of all that a check could see."""

    def __init__(self, database: Database, redactor: Redactor | None = None) -> None:
        self._database = database
        self._redactor = redactor or Redactor()

    def find(self, inputs: str) -> Evidence | None:
        """What is known of these inputs, marked as reused."""
        with session(self._database) as opened:
            known = opened.get(CheckResult, inputs)
            if known is None:
                return None
            return Evidence.model_validate_json(known.evidence).model_copy(update={"reused": True})

    def keep(self, evidence: Evidence) -> None:
        """Remember a verdict; time-outs and trouble with the environment may pass, so they are not kept."""
        if (
            not evidence.inputs
            or evidence.reused
            or evidence.outcome not in ("passed", "failed", "unverified")
        ):
            return
        known = self._redactor.text(evidence.model_dump_json())
        with session(self._database, write=True) as opened:
            opened.merge(CheckResult(inputs=evidence.inputs, evidence=known, at=datetime.now(UTC)))

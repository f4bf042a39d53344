"""The live fold of a project's runs."""

from hive.errors import UsageError
from hive.events import RunCreated
from hive.ports import EventLog
from hive.state import RunState, apply


class Runs:
    """All runs of a log, kept up to date on demand; used by one thread at a time."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._states: dict[str, RunState] = {}
        self.seq = 0

    def refresh(self) -> frozenset[str]:
        """Take in what is new; the runs that it changed."""
        changed = set()
        for envelope in self._log.read(self.seq):
            known = self._states.get(envelope.run)
            if known is not None or isinstance(envelope.event, RunCreated):
                self._states[envelope.run] = apply(known, envelope)
                changed.add(envelope.run)
            self.seq = envelope.seq
        return frozenset(changed)

    def get(self, run: str) -> RunState:
        """A run by its id, or `last`. Raises UsageError with the ids that exist."""
        if run == "last" and self._states:
            return list(self._states.values())[-1]
        if run in self._states:
            return self._states[run]
        known = ", ".join(reversed(list(self._states)[-10:])) or "none yet"
        raise UsageError(
            f"there is no run {run!r} in this project", next_step=f"choose one of: {known} (hive ls)"
        )

    def all(self) -> tuple[RunState, ...]:
        """Every run, oldest first."""
        return tuple(self._states.values())

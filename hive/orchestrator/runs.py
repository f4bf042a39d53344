"""The live fold of a project's runs."""

from hive.errors import UsageError
from hive.ports import EventLog
from hive.state import RunState, advance


class Runs:
    """All runs of a log, kept up to date on demand; used by one thread at a time."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._states: dict[str, RunState] = {}
        self.seq = 0

    def refresh(self) -> frozenset[str]:
        """Take in what is new; the runs that it changed."""
        news = self._log.read(self.seq)
        self.seq = news[-1].seq if news else self.seq
        return advance(self._states, news)

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

"""Implements `ports.Tools` for one turn of one service's session: whoever holds it, it speaks for that session."""

from collections.abc import Sequence

from hive.errors import UsageError
from hive.events import NotePosted
from hive.model import Replacement
from hive.orchestrator.context import Context
from hive.orchestrator.tools import notes
from hive.state import RunState


class SessionTools:
    """Reads the fold, appends events; what it was made with cannot be talked out of it."""

    def __init__(self, ctx: Context, run: str, service: str, turn: int) -> None:
        self._ctx = ctx
        self._run = run
        self._service = service
        self._turn = turn

    async def get_contract(self, path: str | None = None) -> str:
        """The contracts of the run as they are now."""
        raise UsageError("the contract cannot be asked for yet", next_step="read its file in the workspace")

    async def propose_contract_change(
        self,
        path: str,
        reason: str,
        *,
        new_text: str | None = None,
        replacements: Sequence[Replacement] = (),
    ) -> str:
        """Propose another text of a contract."""
        raise UsageError("contract changes cannot be proposed yet", next_step="say what should change")

    async def post_note(self, text: str, to: str | None = None) -> str:
        """Tell the other sessions of the run something."""
        clean = notes.acceptable(self._live(), self._service, text, to)
        self._emit(NotePosted(turn=self._turn, text=clean, to=to))
        return f"Posted to {to or 'all sessions of the run'}."

    async def read_notes(self) -> str:
        """What other sessions of the run told this one, or everybody."""
        return notes.readable_by(self._live(), self._service)

    async def run_checks(self) -> str:
        """Have hive run the service's checks on the workspace as it is now."""
        raise UsageError("checks cannot be asked for yet", next_step="finish: they are run after the turn")

    def _live(self) -> RunState:
        """The run as of now. Raises UsageError when this turn is over: nobody speaks for it any more."""
        state = self._ctx.state(self._run)
        task = state.tasks.get(self._service)
        if task is None or task.turn != self._turn or task.turn_over:
            raise UsageError(
                f"turn {self._turn} of {self._service!r} is over", next_step="nothing more can be asked in it"
            )
        return state

    def _emit(self, event: NotePosted) -> None:
        self._ctx.emit(self._run, event, service=self._service)

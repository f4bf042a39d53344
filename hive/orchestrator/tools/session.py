"""Implements `ports.Tools` for one turn of one service's session: whoever holds it, it speaks for that session."""

import asyncio
from collections.abc import Sequence

from hive.errors import UsageError
from hive.events import CheckAnswered, Event, NotePosted
from hive.model import Replacement
from hive.orchestrator.context import Context
from hive.orchestrator.tools import checking, contracts, notes, proposing
from hive.state import RunState
from hive.workspaces.tree import GitTree

MOST_REQUESTS = 2_000
"""In one turn; whoever asks more often than that is in a loop."""


class SessionTools:
    """Reads the fold, appends events; what it was made with cannot be talked out of it."""

    def __init__(self, ctx: Context, run: str, service: str, turn: int) -> None:
        self._ctx = ctx
        self._run = run
        self._service = service
        self._turn = turn
        self._one_at_a_time = asyncio.Lock()
        self._requests = 0

    async def get_contract(self, path: str | None = None) -> str:
        """The contracts of the run as they are now."""
        state = self._live()
        if path is None:
            return contracts.overview(state, self._service)
        found, tree = contracts.known(state, path), await self._tree(state)
        return await asyncio.to_thread(contracts.whole, state, found, tree)

    async def propose_contract_change(
        self,
        path: str,
        reason: str,
        *,
        new_text: str | None = None,
        replacements: Sequence[Replacement] = (),
    ) -> str:
        """Classify it and put it before a person, or refuse it at once."""
        async with self._one_at_a_time:
            state = self._live()
            proposing.admitted(state, self._service)
            contract, tree = contracts.known(state, path), await self._tree(state)
            current = await asyncio.to_thread(tree.read, contract.path)
            text = proposing.text_of(current.decode("utf-8", "surrogateescape"), new_text, replacements)
            made = await asyncio.to_thread(
                proposing.proposed, state, self._service, self._turn, contract, current, text, reason
            )
            known = proposing.known_already(self._live(), self._service, made)
            if known is None:
                self._emit(made)
                known = next(p for p in self._live().proposals if p.made == made)
            return proposing.answer(known)

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
        if self._one_at_a_time.locked():
            raise UsageError(
                "something that you asked for is still under way", next_step="wait for its answer"
            )
        async with self._one_at_a_time:
            state = self._live()
            checking.admitted(state.tasks[self._service])
            evidence = await checking.checked(self._ctx, state, state.tasks[self._service])
            self._live()
            self._emit(CheckAnswered(turn=self._turn, evidence=evidence))
            return checking.told(evidence)

    async def _tree(self, state: RunState) -> GitTree:
        if state.contract is None:
            raise UsageError("the run has no contract yet", next_step="ask again when it has begun")
        return await asyncio.to_thread(GitTree, self._ctx.objects, state.contract.commit)

    def _live(self) -> RunState:
        """The run as of now. Raises UsageError when this turn is over: nobody speaks for it any more."""
        self._requests += 1
        if self._requests > MOST_REQUESTS:
            raise UsageError(
                f"more than {MOST_REQUESTS} requests were made in this turn, and no more are answered",
                next_step="finish the work",
            )
        state = self._ctx.state(self._run)
        task = state.tasks.get(self._service)
        if task is None or task.turn != self._turn or task.turn_over:
            raise UsageError(
                f"turn {self._turn} of {self._service!r} is over", next_step="nothing more can be asked in it"
            )
        return state

    def _emit(self, event: Event) -> None:
        self._ctx.emit(self._run, event, service=self._service)

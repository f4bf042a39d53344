"""What people are told about when they do not look: a run needs somebody, or has landed. Pure."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from hive.state import Need, RunState
from hive.text import one_line

Told = Mapping[str, frozenset[str]]
"""What was told already, by run."""
LANDED = "landed"


class Notice(NamedTuple):
    """One message."""

    run: str
    title: str
    body: str


def notices(states: Iterable[RunState], told: Told) -> tuple[tuple[Notice, ...], Told]:
    """What is new, one message for each run, and what has been told then; runs that are over are forgotten."""
    found: list[Notice] = []
    after: dict[str, frozenset[str]] = {}
    for state in states:
        if state.closed and state.id not in told:
            continue
        wanted = {_key(state, need): _words(need) for need in state.needs}
        if state.landed:
            wanted = {LANDED: f"{state.landed.new[:10]} is on {state.landed.ref.removeprefix('refs/heads/')}"}
        fresh = [words for key, words in wanted.items() if key not in told.get(state.id, frozenset())]
        if fresh:
            found.append(_notice(state, fresh))
        if not state.closed:
            after[state.id] = frozenset(wanted)
    return tuple(found), after


def _key(state: RunState, need: Need) -> str:
    """The same while the need is the same; another version of a diff is another need."""
    task = state.tasks.get(need.service or "")
    version = task.work.diff if need.what == "review" and task and task.work else need.number or ""
    return f"{need.what}/{need.service or ''}/{version}"


def _words(need: Need) -> str:
    about = f"{need.service}: " if need.service else ""
    return f"{about}{one_line(need.text, 300)}\n  {one_line(need.command)}"


def _notice(state: RunState, fresh: list[str]) -> Notice:
    how = "landed" if state.landed else "needs you"
    return Notice(state.id, f"hive: {one_line(state.created.request, 100)}: {how}", "\n".join(fresh[:10]))

"""The kinds of work, each done by one function that may be called again after a crash."""

from collections.abc import Awaitable, Callable

from hive.orchestrator.context import Context
from hive.orchestrator.landing.requests import watch
from hive.orchestrator.schedule import Unit, UnitKind
from hive.orchestrator.units.check import baseline, check
from hive.orchestrator.units.collect import collect
from hive.orchestrator.units.land import close, land
from hive.orchestrator.units.merge import merge
from hive.orchestrator.units.prepare import contract, workspace
from hive.orchestrator.units.rebase import rebase
from hive.orchestrator.units.refuse import refuse
from hive.orchestrator.units.revise import revise
from hive.orchestrator.units.turn import turn
from hive.orchestrator.units.union import test

UNITS: dict[UnitKind, Callable[[Context, Unit], Awaitable[None]]] = {
    "contract": contract,
    "revise": revise,
    "rebase": rebase,
    "workspace": workspace,
    "baseline": baseline,
    "turn": turn,
    "collect": collect,
    "check": check,
    "merge": merge,
    "test": test,
    "land": land,
    "watch": watch,
    "refuse": refuse,
    "close": close,
}
"""Each kind with its function; one that finds its fact in the log already has nothing to do."""

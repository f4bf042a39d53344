"""Planners: a sentence becomes a contract change, the affected services and their briefs."""

from hive.orchestrator.planner.choice import CarefulModel, GrammarFirst, ModelFirst
from hive.orchestrator.planner.grammar import GrammarPlanner
from hive.orchestrator.planner.model.memory import Remembering
from hive.orchestrator.planner.model.planner import ModelPlanner
from hive.orchestrator.planner.model.talking import Means
from hive.orchestrator.planner.waves import breaking

__all__ = [
    "CarefulModel",
    "GrammarFirst",
    "GrammarPlanner",
    "Means",
    "ModelFirst",
    "ModelPlanner",
    "Remembering",
    "breaking",
]

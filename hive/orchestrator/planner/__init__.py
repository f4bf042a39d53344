"""Planners: a sentence becomes a contract change, the affected services and their briefs."""

from hive.orchestrator.planner.grammar import GrammarPlanner
from hive.orchestrator.planner.waves import breaking

__all__ = ["GrammarPlanner", "breaking"]

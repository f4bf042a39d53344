"""What the reading commands print: renderables made from values, without a terminal in sight."""

from hive.dashboard.show.diff import diff_view
from hive.dashboard.show.plan import plan_view
from hive.dashboard.show.project import graph_view
from hive.dashboard.show.proposals import proposals_view
from hive.dashboard.show.queue import queue_view
from hive.dashboard.show.run import run_view
from hive.dashboard.show.runs import runs_view
from hive.dashboard.show.task import service_view

__all__ = [
    "diff_view",
    "graph_view",
    "plan_view",
    "proposals_view",
    "queue_view",
    "run_view",
    "runs_view",
    "service_view",
]

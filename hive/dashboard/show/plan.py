"""`hive plan`: what a run would do, for a person to approve."""

from rich.console import RenderableType
from rich.text import Text

from hive.dashboard import phrases
from hive.dashboard.palette import DIM, STRONG, WARN, safe
from hive.dashboard.show.contract import delta
from hive.dashboard.show.graph import graph
from hive.dashboard.show.layout import part, stack, table
from hive.model import Graph, Plan, Planning


def plan_view(planned: Plan, whole: Graph) -> RenderableType:
    """Contract changes, services with role, wave and reason, assumptions, who depends on whom."""
    cost = f" · about {phrases.money(planned.estimated_cost_usd)}" if planned.estimated_cost_usd else ""
    title = Text.assemble(
        safe(planned.request, STRONG),
        (f"  from {phrases.short(planned.base)} · {phrases.severities(planned.changes)}{cost}", DIM),
    )
    drawn = graph(whole, {task.service for task in planned.tasks})
    return stack(
        title,
        delta(planned.changes),
        part("services", _services(planned)),
        part("depends", drawn) if drawn else None,
        part("assuming", *(safe(each, WARN) for each in planned.assumptions))
        if planned.assumptions
        else None,
        by_whom(planned.planning),
    )


def by_whom(planning: Planning) -> RenderableType | None:
    """Who made the plan and what that cost; nothing where no model was asked."""
    said = phrases.planning(planning)
    return part("planned by", safe(said, WARN if planning.fallback else DIM)) if said else None


def _services(planned: Plan) -> RenderableType:
    in_waves = sorted(planned.tasks, key=lambda task: task.wave)
    return table(
        "service",
        "role",
        "wave",
        "why",
        wrap=("why",),
        rows=(
            (safe(task.service), Text(task.role), Text(str(task.wave)), safe(task.reason))
            for task in in_waves
        ),
    )

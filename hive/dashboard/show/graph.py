"""The dependency graph in box characters: `orders ─┬─▶ users`, events dashed."""

from collections.abc import Callable, Collection, Sequence

from rich.text import Text

from hive.dashboard.palette import DIM, safe
from hive.model import Edge, Graph

MOST_EDGES = 200
CALL = ("─", "▶")
EVENT = ("┄", "▷")


def graph(
    whole: Graph, only: Collection[str] | None = None, *, name: Callable[[str], Text] = safe
) -> Text | None:
    """Who calls whom and who hears whose events, among all services or only some; none without edges.

    `name` shows a service, such as with its state.
    """
    found = [(edge, CALL) for edge in whole.edges] + [(edge, EVENT) for edge in whole.event_edges]
    kept = [
        (edge, kind) for edge, kind in found if only is None or (edge.source in only and edge.target in only)
    ]
    if not kept:
        return None
    lines = [line for source in _in_order(kept) for line in _fan(source, kept[:MOST_EDGES], name)]
    if len(kept) > MOST_EDGES:
        lines.append(Text(f"… {len(kept) - MOST_EDGES} more edges", style=DIM))
    lines.append(Text("A ─▶ B: A calls B; A ┄▷ B: B hears A's events", style=DIM))
    return Text("\n").join(lines)


def _in_order(kept: Sequence[tuple[Edge, tuple[str, str]]]) -> list[str]:
    return list(dict.fromkeys(edge.source for edge, _ in kept))


def _fan(
    source: str, kept: Sequence[tuple[Edge, tuple[str, str]]], shown: Callable[[str], Text]
) -> list[Text]:
    targets = list(dict.fromkeys((edge.target, kind) for edge, kind in kept if edge.source == source))
    name = shown(source)
    lines = []
    for number, (target, (dash, head)) in enumerate(targets):
        lead = name if number == 0 else Text(" " * name.cell_len)
        joint = _joint(number, len(targets), dash)
        lines.append(Text.assemble(lead, (f" {joint}{dash}{head} ", DIM), shown(target)))
    return lines


def _joint(number: int, count: int, dash: str) -> str:
    if count == 1:
        return dash * 2
    if number == 0:
        return "─┬"
    return " └" if number == count - 1 else " ├"

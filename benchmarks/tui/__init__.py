"""The terminal dashboard: key press to paint, CPU, memory and the first picture; headless and in a pseudo-terminal."""

from benchmarks.measure import Ratio
from benchmarks.tui import headless, terminal


def run() -> list[Ratio]:
    """Every figure is printed beside its aim; the table has those that have a floor."""
    return [*headless.run(), *terminal.run()]

"""The web dashboard in a real browser: event to pixel, a heavy page, and memory over a million events."""

from benchmarks.measure import Ratio
from benchmarks.pixels import heavy, latency, memory


def run() -> list[Ratio]:
    """Each part has a browser of its own; what is no time is printed as a table."""
    ratios = [*latency.run(), *heavy.run()]
    memory.run()
    return ratios

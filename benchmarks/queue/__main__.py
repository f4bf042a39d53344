"""`python -m benchmarks.queue`: the tables alone."""

from benchmarks.queue import report

print(report())

"""`python -m benchmarks.queue`: the tables alone."""

from benchmarks.queue import report

for line in report():
    print(line, flush=True)

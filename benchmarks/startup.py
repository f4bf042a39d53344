"""`hive --help` against the interpreter that it stands on."""

import subprocess
import sys

from benchmarks.measure import Ratio, compare, timed


def run() -> list[Ratio]:
    """Whole processes."""

    def process(*arguments: str) -> float:
        return timed(
            lambda: subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        )

    return [
        compare(
            "start-up",
            ("`hive --help`", lambda _: process("-m", "hive", "--help")),
            ("`python -c pass`", lambda _: process("-c", "pass")),
            rounds=15,
        )
    ]

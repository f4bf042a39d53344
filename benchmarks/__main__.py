"""`python -m benchmarks [NAME]...`: run them all, or the named ones, and print one table."""

import os
import platform
import sys

from benchmarks import agents, events, pixels, queue, sandbox, shop, startup, tui, web, workspaces
from benchmarks.measure import table

BENCHMARKS = {
    "startup": startup.run,
    "sandbox": sandbox.run,
    "events": events.run,
    "workspaces": workspaces.run,
    "shop": shop.run,
    "tui": tui.run,
    "web": web.run,
    "pixels": pixels.run,
    "queue": queue.run,
    "agents": agents.run,
}


def main(names: list[str]) -> int:
    """Run and print."""
    unknown = set(names) - BENCHMARKS.keys()
    if unknown:
        print(f"unknown: {', '.join(sorted(unknown))}; there are: {', '.join(BENCHMARKS)}")
        return 2
    # With it, every process that starts would compile all of Python's files anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores\n")
    ratios = []
    for name in names or BENCHMARKS:
        print(f"… {name}", file=sys.stderr)
        ratios += BENCHMARKS[name]()
    print(table(ratios))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

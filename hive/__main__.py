"""`hive` and `python -m hive`."""

import gc
import sys

from hive.cli import main as run

OBJECTS = 200_000
"""A command makes fewer, and nearly all of them stay: a garbage collector looks long and finds nothing.

What stays running chooses for itself (`hive.process.collect_seldom`).
"""


def main() -> None:
    """Run the command line and exit with its code."""
    gc.set_threshold(OBJECTS)
    code = run()
    gc.freeze()  # all memory is given back at once: nothing in it is looked through for a last time
    sys.exit(code)


if __name__ == "__main__":
    main()

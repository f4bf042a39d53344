"""`hive` and `python -m hive`."""

import gc
import sys

from hive.cli import main as run

YOUNG_OBJECTS = 50_000
"""Before the garbage collector looks for the first time: a command makes that many while it starts, and all stay."""


def main() -> None:
    """Run the command line and exit with its code."""
    gc.set_threshold(YOUNG_OBJECTS)
    code = run()
    gc.freeze()  # all memory is given back at once: nothing in it is looked through for a last time
    sys.exit(code)


if __name__ == "__main__":
    main()

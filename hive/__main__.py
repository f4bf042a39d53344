"""`hive` and `python -m hive`."""

import sys

from hive.cli import main as run


def main() -> None:
    """Run the command line and exit with its code."""
    sys.exit(run())


if __name__ == "__main__":
    main()

"""The command line."""

from hive.cli.errors import main

__all__ = ["main"]

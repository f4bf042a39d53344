"""What happens between screens and the application: one small class for each thing."""

from textual.message import Message

from hive.dashboard.tui.commands import Command
from hive.dashboard.tui.deeds import Target
from hive.dashboard.tui.place import Place


class Commanded(Message):
    """A person decided something."""

    def __init__(self, command: Command) -> None:
        super().__init__()
        self.command = command


class Opened(Message):
    """A person wants to see a run, or one service of it."""

    def __init__(self, target: Target) -> None:
        super().__init__()
        self.target = target


class Reviewed(Message):
    """A person wants to walk through the diffs of a run."""

    def __init__(self, target: Target) -> None:
        super().__init__()
        self.target = target


class Queueing(Message):
    """A person wants to see the merge queue."""


class Edited(Message):
    """A person wants to open a file in the editor."""

    def __init__(self, target: Target, place: Place) -> None:
        super().__init__()
        self.target = target
        self.place = place


class Shown(Message):
    """A screen has come to the top and wants to be drawn."""

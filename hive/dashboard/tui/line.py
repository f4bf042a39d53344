"""One line of a stream, a diff or an output, with what it stands for."""

from typing import NamedTuple

from rich.text import Text

from hive.dashboard.tui.place import Place


class Line(NamedTuple):
    """A line to be shown; its text is sanitized."""

    text: Text
    place: Place | None = None
    """The line of a file that a comment on it would name."""
    fill: str = ""
    """Style up to the right edge."""
    head: bool = False
    """Whether something begins here: a file, a turn."""
    seq: int = 0
    """The event that it tells of, in a stream."""

"""A line of a file, as comments and editors name it."""

from typing import NamedTuple


class Place(NamedTuple):
    """A path relative to the repository, and a line of the new version where there is one."""

    path: str
    line: int | None

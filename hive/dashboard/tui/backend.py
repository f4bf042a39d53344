"""What the terminal dashboard is given besides what every dashboard is."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from hive.dashboard.given import Files, Given
from hive.state import RunState


class EditableFiles(Files, Protocol):
    """Files that a person can open in an editor as well."""

    def edit(self, run: RunState, service: str | None, path: str, line: int | None) -> None:
        """Open a file in the person's editor, on the terminal, until it is closed."""
        ...


@dataclass(frozen=True, kw_only=True)
class Backend(Given):
    """One project, as the terminal dashboard reaches it."""

    files: EditableFiles
    memory: Path
    """A file of the dashboard's own, in the project's state folder."""

"""What is kept of a session from turn to turn, so that a repeated turn begins where it once began."""

from pathlib import Path

from hive.model import Assignment

LARGEST = 64 << 20


def remember(assignment: Assignment, name: str, text: str) -> None:
    """Keep a text as of the end of this turn."""
    path = _path(assignment, name, assignment.turn)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(text, "utf-8")
    part.replace(path)


def recall(assignment: Assignment, name: str) -> str | None:
    """The text as of the last turn before this one; none when there is none, or none that can be read."""
    for turn in range(assignment.turn - 1, 0, -1):
        path = _path(assignment, name, turn)
        try:
            if path.stat().st_size <= LARGEST:
                return path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
    return None


def folder(assignment: Assignment) -> Path:
    """Where it is kept: out of the agent's reach, where hive has such a place."""
    return Path(assignment.memory or f"{assignment.home}/recollections")


def _path(assignment: Assignment, name: str, turn: int) -> Path:
    return folder(assignment) / f"{name}-{turn}"

"""Answers to an agent's permission requests: pure, and closed to what it cannot judge."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

_LOOKS = ("read", "search", "think")
_EDITS = ("edit", "delete", "move")


class Request(NamedTuple):
    """What the agent wants to do, as it says."""

    kind: str
    paths: tuple[str, ...] = ()
    knows_input: bool = True
    """Whether it says with what input: some agents do not."""


def allowed(request: Request, workspace: Path, service: Path, *, confined: bool) -> str | None:
    """Why it may not; none when it may. Where the whole agent is confined, what it says decides little."""
    if confined and request.kind != "fetch":
        return None
    if request.kind in _EDITS:
        return _inside(request, service, "change")
    if request.kind in _LOOKS:
        return _inside(request, workspace, "read") if request.paths else None
    return f"{request.kind or 'this'} is not allowed here: nothing on this machine confines it"


def askable(request: Request) -> bool:
    """Whether a person may allow what is refused: reading and changing files outside never."""
    return request.kind not in _EDITS and request.kind not in _LOOKS


def _inside(request: Request, root: Path, what: str) -> str | None:
    if not request.paths or not request.knows_input:
        return f"it does not say what it wants to {what}"
    for path in request.paths:
        try:
            found = (root / path).resolve()
        except (OSError, RuntimeError, ValueError):
            return f"{path!r} cannot be resolved"
        if not found.is_relative_to(root.resolve()) or ".git" in found.relative_to(root.resolve()).parts:
            return f"{path!r} is not yours to {what}: stay in {str(root)!r}"
    return None


def choice(options: Sequence[tuple[str, str]], *, allow: bool) -> str | None:
    """The id of the option, from pairs of id and kind, that says just this once yes or no; none when there is none."""
    for kind in ("allow_once",) if allow else ("reject_once", "reject_always"):
        for identity, offered in options:
            if offered == kind:
                return identity
    return None

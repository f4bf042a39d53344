"""The script of the scripted agent: what each service's session does in each turn."""

import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError, model_validator

from hive.agents.scripted.actions import Action
from hive.errors import UsageError
from hive.model import Value

LARGEST_SCRIPT = 4 << 20
Turn = tuple[Action, ...]


class Script(Value):
    """What every service's session does: a list of turns, each a list of actions."""

    services: dict[str, tuple[Turn, ...]]
    """By service name; `*` is for every service that is not named. Turns past the last one repeat it."""
    markers: str = "markers"
    """Folder for hold, release and the journal, relative to the script's own folder."""

    @model_validator(mode="after")
    def _nothing_follows_an_end(self) -> "Script":
        for service, turns in self.services.items():
            for number, turn in enumerate(turns, 1):
                if any(action.do == "end" for action in turn[:-1]):
                    raise ValueError(f"{service!r}, turn {number}: `end` must be the last action")
        return self

    def turn(self, service: str, number: int) -> Turn | None:
        """The actions of a 1-based turn; none when the script has no part for that service."""
        turns = self.services.get(service) or self.services.get("*")
        return turns[min(number, len(turns)) - 1] if turns else None


def load(path: Path) -> Script:
    """Read a JSON or TOML script. Raises UsageError with the file, the turn and the action (1-based)."""
    raw = _read(path)
    try:
        if path.suffix == ".toml":
            return Script.model_validate(_toml(path, raw))
        return Script.model_validate_json(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = _where(first["loc"])
        raise UsageError(
            f"{str(path)!r}, {where}: {first['msg']} (got {_short(first['input'])})",
            next_step=f"correct {where} of the script",
        ) from error


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_SCRIPT + 1)
    except OSError as error:
        raise UsageError(
            f"cannot read the script {str(path)!r}: {error.strerror}", next_step="name a script that exists"
        ) from error
    if len(raw) > LARGEST_SCRIPT:
        raise UsageError(
            f"the script {str(path)!r} is larger than {LARGEST_SCRIPT} bytes", next_step="make it smaller"
        )
    return raw


def _toml(path: Path, raw: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(raw.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"{str(path)!r} is not TOML: {error}", next_step="correct the script") from error


def _where(location: tuple[int | str, ...]) -> str:
    """`users, turn 1, action 3 (write), path` for `("services", "users", 0, 2, "write", "path")`."""
    match location:
        case ("services", service, int(turn), int(action), do, *rest):
            return ", ".join([f"{service}, turn {turn + 1}, action {action + 1} ({do})", *map(str, rest)])
        case ("services", service, int(turn), int(action)):
            return f"{service}, turn {turn + 1}, action {action + 1}"
        case ("services", service, int(turn)):
            return f"{service}, turn {turn + 1}"
        case ():
            return "the script"
        case _:
            return ".".join(map(str, location))


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}…"

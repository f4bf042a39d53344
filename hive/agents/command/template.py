"""The user's command line, with the turn's files and folders filled in: pure."""

import re
import shlex
from collections.abc import Mapping

from hive.errors import UsageError

NAMES = ("brief_file", "workspace", "service", "folder", "home", "turn", "run", "mcp_config")
_HOLE = re.compile(r"\{(\w*)\}")


def parse(line: str) -> tuple[str, ...]:
    """The words of the template, split like a shell splits them. Raises UsageError on what cannot be filled."""
    try:
        words = tuple(shlex.split(line))
    except ValueError as error:
        raise _wrong(f"cannot be split into words: {error} (got {line!r})") from error
    if not words:
        raise _wrong("is empty")
    for name in _HOLE.findall(line):
        if name not in NAMES:
            raise _wrong(f"has {{{name}}}, which is not known (got {line!r})")
    return words


def filled(words: tuple[str, ...], values: Mapping[str, str]) -> list[str]:
    """The argv; a value is never split, whatever is in it."""
    return [_HOLE.sub(lambda hole: values[hole.group(1)], word) for word in words]


def _wrong(what: str) -> UsageError:
    known = ", ".join(f"{{{name}}}" for name in NAMES)
    return UsageError(
        f"the setting 'command' {what}", next_step=f"correct it in your own settings; it may use {known}"
    )

"""The program that a command's first word means on this machine."""

import shutil
from pathlib import Path

from hive.orchestrator.checks.command import PYTHON

_PYTHONS = ("python3", "python")


def find(word: str, cwd: Path, path: str) -> str | None:
    """The program as an argv word; none when there is no such program.

    `python` and `python3` stand for each other, since many systems have one of them only. It is always the
    user's interpreter, never the one that hive itself runs in.
    """
    if "/" in word:
        return word if shutil.which(cwd / word) else None
    names = (word, *_PYTHONS) if PYTHON.fullmatch(word) and word in _PYTHONS else (word,)
    return next((found for name in names if (found := shutil.which(name, path=path))), None)

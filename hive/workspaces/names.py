"""Names that come from outside: shown without harm, and made into parts of ref names."""

import re
from pathlib import Path

from hive.errors import GitError, UsageError
from hive.model import digest
from hive.text import one_line

_REF_PART = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?![.]))*(?<!\.lock)(?<!\.)\Z")


def shown(name: str) -> str:
    """A file name that terminals and JSON can carry: what is not UTF-8 appears as `\\udcXX`."""
    return name.encode("utf-8", "backslashreplace").decode()


def readable(name: str) -> str:
    """A file name for a message: one line, no control characters."""
    return one_line(repr(shown(name))[1:-1], 300)


def ref_part(name: str) -> str:
    """The name itself when it may stand inside a ref; UsageError when it may not."""
    if not _REF_PART.match(name) or len(name) > 200:
        raise UsageError(
            f"{name!r} cannot be part of a git ref",
            next_step="use letters, digits, '-' and '_', starting with a letter or a digit",
        )
    return name


def own_ref(name: str) -> str:
    """The name itself when it is a ref that hive may write; git would take many other words for one."""
    if not name.startswith("refs/hive/") or any(not part or part.startswith(".") for part in name.split("/")):
        raise GitError(
            f"{name!r} is not a ref of hive's", next_step="refs that hive writes start with 'refs/hive/'"
        )
    return name


def folder_id(folder: Path) -> str:
    """A short stable id of a folder, for refs and for hive's own records of it."""
    return digest(str(folder))[:20]

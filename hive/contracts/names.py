"""Errors about names that are not there, with the nearest ones that are."""

import difflib
from collections.abc import Iterable

from hive.errors import UsageError


def unknown(what: str, name: str, known: Iterable[str], where: str) -> UsageError:
    """The error for a name that does not exist."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.4) or names[:5]
    listed = ", ".join(repr(one) for one in near) or f"none: {where} has no {what}"
    return UsageError(f"there is no {what} {name!r} in {where}", next_step=f"use one that is there: {listed}")


def exists(entity: str, name: str, where: str) -> UsageError:
    """The error for a field that is there already."""
    return UsageError(
        f"{entity!r} has a field {name!r} already in {where}",
        next_step="choose another name or another entity",
    )

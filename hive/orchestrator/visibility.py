"""What a service's check can see: everything but the other services' folders. Pure."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from hive.workspaces.listing import Listed


class Part(NamedTuple):
    """A file or a whole folder of a commit."""

    path: str
    oid: str


Listing = Callable[[str], Sequence[Listed]]
"""The entries of a folder; `` is the root."""


def visible(listing: Listing, service_path: str, all_paths: Sequence[str]) -> tuple[Part, ...]:
    """The fewest parts that cover all that the service at `service_path` can see, in order."""
    hidden = frozenset(
        other for other in all_paths if not _within(other, service_path) and not _within(service_path, other)
    )
    return tuple(_cover(listing, "", hidden))


def _cover(listing: Listing, folder: str, hidden: frozenset[str]) -> list[Part]:
    found: list[Part] = []
    for name, oid, is_folder in listing(folder):
        path = f"{folder}/{name}" if folder else name
        if path in hidden:
            continue
        if is_folder and any(_within(other, path) for other in hidden):
            found += _cover(listing, path, hidden)
        else:
            found.append(Part(path, oid))
    return found


def _within(path: str, folder: str) -> bool:
    return folder == "." or path == folder or path.startswith(f"{folder}/")

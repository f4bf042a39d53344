"""Which places a confined command sees, and how: the same for every sandbox."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from hive.errors import UsageError
from hive.ports import Confinement, Doorway, Network
from hive.workspaces.toolchains import masked_roots, needed, never_shown

Access = Literal["hidden", "shown", "secret", "writable"]
_ORDER: tuple[Access, ...] = ("hidden", "shown", "secret", "writable")


class Layer(NamedTuple):
    """One place; a later layer decides over an earlier one that it is inside of."""

    path: Path
    access: Access
    """`secret` is hidden though what is around it is shown."""


def layers(cwd: Path, allow: Confinement, readable: Sequence[Path]) -> list[Layer]:
    """Outer places first; at one place, hidden gives way to shown, and that to writable.

    UsageError when a writable folder does not exist.
    """
    for folder in (cwd, *allow.writable):
        if not folder.is_dir():
            raise UsageError(
                f"{str(folder)!r} is not a folder", next_step="make it before running a command in it"
            )
    shown = (cwd, *needed(), *readable, *allow.shown, *_of_network(allow.network))
    found = [Layer(path, "hidden") for path in _existing((*masked_roots(), *allow.hidden))]
    found += [Layer(path, "shown") for path in _existing(shown)]
    found += [Layer(path, "secret") for path in _existing(never_shown())]
    found += [Layer(path, "writable") for path in _existing(allow.writable)]
    return sorted(found, key=lambda layer: (len(layer.path.parts), _ORDER.index(layer.access)))


def _existing(paths: Iterable[Path]) -> Iterator[Path]:
    yield from dict.fromkeys(path.resolve() for path in paths if path.exists())


def _of_network(network: Network) -> tuple[Path, ...]:
    """The socket of the proxy, which a read-only mount lets a command connect to; where names are looked up."""
    match network:
        case "none":
            return ()
        case "open":
            return (Path("/etc/resolv.conf").resolve(),)  # often only a link
        case Doorway(socket=door):
            return (door,)

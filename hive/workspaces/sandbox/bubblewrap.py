"""Linux: namespaces by bubblewrap."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hive.errors import UsageError
from hive.ports import Confinement, Doorway, Network
from hive.workspaces.sandbox.doorway import through
from hive.workspaces.sandbox.limits import UNLIMITED, Groups, Limits, too_large
from hive.workspaces.toolchains import masked_roots, needed, never_shown

_NAMESPACES = (
    "--unshare-user-try", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
    "--cap-drop", "ALL", "--die-with-parent", "--new-session",
)  # fmt: skip


TEMPORARY_BYTES = 1 << 30
"""How much fits into each folder that is empty inside; it is memory."""


@dataclass
class Bubblewrap:
    """Read-only system, private /tmp, /dev, /proc and home, own process space, no network unless allowed."""

    program: str = "bwrap"
    readable: tuple[Path, ...] = ()
    """Folders to show, read-only, though they lie below something hidden (such as borrowed git objects)."""
    name: str = "bubblewrap"
    limits: Limits = UNLIMITED
    groups: Groups = field(default_factory=lambda: Groups(None))

    def wrap(self, argv: Sequence[str], *, cwd: Path, allow: Confinement) -> list[str]:
        """The bwrap command line; UsageError when a writable folder does not exist."""
        for folder in (cwd, *allow.writable):
            if not folder.is_dir():
                raise UsageError(
                    f"{str(folder)!r} is not a folder", next_step="make it before running a command in it"
                )
        network = () if allow.network == "open" else ("--unshare-net",)
        # Who maps user 0 into one more user namespace needs this right in the one around it (user_namespaces(7)).
        nesting = ("--cap-add", "CAP_SETFCAP") if allow.nests and os.geteuid() == 0 else ()
        confined = [
            self.program, *_NAMESPACES, *nesting, *network, "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc",
            *_kernel_settings(),
            *(part for mount in self._mounts(cwd, allow) for part in mount),
            "--chdir", str(cwd.resolve()), "--", *self.limits.hold(through(argv, allow.network), alone=True),
        ]  # fmt: skip
        return self.groups.join(self.limits, confined)

    def met(self, argv: Sequence[str], code: int) -> str:
        """Which limit a command that has ended has met."""
        return self.groups.met(argv, self.limits) or too_large(code, self.limits)

    def _mounts(self, cwd: Path, allow: Confinement) -> list[tuple[str, ...]]:
        """Every mount, outer folders first; at one place, hidden gives way to readable, and that to writable."""
        layers: list[tuple[int, Path, tuple[str, ...]]] = []
        layers += ((0, path, _hide(path)) for path in _existing((*masked_roots(), *allow.hidden)))
        shown = (cwd, *needed(), *self.readable, *allow.shown, *_of_network(allow.network))
        layers += ((1, path, ("--ro-bind", str(path), str(path))) for path in _existing(shown))
        layers += ((2, path, _hide(path)) for path in _existing(never_shown()))
        layers += ((3, path, ("--bind", str(path), str(path))) for path in _existing(allow.writable))
        layers.sort(key=lambda layer: (len(layer[1].parts), layer[0]))
        return [mount for _, _, mount in layers]


def _kernel_settings() -> Iterator[str]:
    """Settings of the kernel, read-only: without this they are root's to write, should hive run as root."""
    for name in ("sys", "sysrq-trigger", "irq", "bus", "fs"):
        if Path("/proc", name).exists():
            yield from ("--ro-bind", f"/proc/{name}", f"/proc/{name}")


def _existing(paths: Iterable[Path]) -> Iterator[Path]:
    yield from dict.fromkeys(path.resolve() for path in paths if path.exists())


def _hide(path: Path) -> tuple[str, ...]:
    return (
        ("--size", str(TEMPORARY_BYTES), "--tmpfs", str(path))
        if path.is_dir()
        else ("--ro-bind", os.devnull, str(path))
    )


def _of_network(network: Network) -> tuple[Path, ...]:
    """The socket of the proxy, which a read-only mount lets a command connect to; where names are looked up."""
    match network:
        case "none":
            return ()
        case "open":
            return (Path("/etc/resolv.conf").resolve(),)  # often only a link
        case Doorway(socket=door):
            return (door,)

"""Linux: namespaces by bubblewrap."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hive.ports import Confinement
from hive.workspaces.sandbox.doorway import through
from hive.workspaces.sandbox.layers import Layer, layers
from hive.workspaces.sandbox.limits import UNLIMITED, Groups, Limits, too_large

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
        network = () if allow.network == "open" else ("--unshare-net",)
        # Who maps user 0 into one more user namespace needs this right in the one around it (user_namespaces(7)).
        nesting = ("--cap-add", "CAP_SETFCAP") if allow.nests and os.geteuid() == 0 else ()
        confined = [
            self.program, *_NAMESPACES, *nesting, *network, "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc",
            *_kernel_settings(),
            *(part for layer in layers(cwd, allow, self.readable) for part in _mount(layer)),
            "--chdir", str(cwd.resolve()), "--", *self.limits.hold(through(argv, allow.network), alone=True),
        ]  # fmt: skip
        return self.groups.join(self.limits, confined)

    def met(self, argv: Sequence[str], code: int) -> str:
        """Which limit a command that has ended has met."""
        return self.groups.met(argv, self.limits) or too_large(code, self.limits)


def _kernel_settings() -> Iterator[str]:
    """Settings of the kernel, read-only: without this they are root's to write, should hive run as root."""
    for name in ("sys", "sysrq-trigger", "irq", "bus", "fs"):
        if Path("/proc", name).exists():
            yield from ("--ro-bind", f"/proc/{name}", f"/proc/{name}")


def _mount(layer: Layer) -> tuple[str, ...]:
    path = str(layer.path)
    match layer.access:
        case "hidden" | "secret" if layer.path.is_dir():
            return "--size", str(TEMPORARY_BYTES), "--tmpfs", path
        case "hidden" | "secret":
            return "--ro-bind", os.devnull, path
        case "shown":
            return "--ro-bind", path, path
        case "writable":
            return "--bind", path, path

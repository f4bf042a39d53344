"""What confines a command: bubblewrap where it works, and an honest nothing where it does not."""

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hive.errors import HiveError, UsageError
from hive.ports import Confinement, Sandbox
from hive.process import run, trimmed_environment
from hive.text import decode, one_line
from hive.workspaces.toolchains import masked_roots, needed, never_shown

_NAMESPACES = (
    "--unshare-user-try", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
    "--cap-drop", "ALL", "--die-with-parent", "--new-session",
)  # fmt: skip


@dataclass
class NoSandbox:
    """Runs commands as they are: shown to people as no isolation at all."""

    name: str = "none"

    def wrap(self, argv: Sequence[str], *, cwd: Path, allow: Confinement) -> list[str]:
        """The command itself."""
        return list(argv)


@dataclass
class Bubblewrap:
    """Read-only system, private /tmp, /dev, /proc and home, own process space, no network unless allowed."""

    program: str = "bwrap"
    readable: tuple[Path, ...] = ()
    """Folders to show, read-only, though they lie below something hidden (such as borrowed git objects)."""
    name: str = "bubblewrap"

    def wrap(self, argv: Sequence[str], *, cwd: Path, allow: Confinement) -> list[str]:
        """The bwrap command line; UsageError when a writable folder does not exist."""
        for folder in (cwd, *allow.writable):
            if not folder.is_dir():
                raise UsageError(
                    f"{str(folder)!r} is not a folder", next_step="make it before running a command in it"
                )
        network = () if allow.network else ("--unshare-net",)
        # Who maps user 0 into one more user namespace needs this right in the one around it (user_namespaces(7)).
        nesting = ("--cap-add", "CAP_SETFCAP") if allow.nests and os.geteuid() == 0 else ()
        return [
            self.program, *_NAMESPACES, *nesting, *network, "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc",
            *(part for mount in self._mounts(cwd, allow) for part in mount),
            "--chdir", str(cwd.resolve()), "--", *argv,
        ]  # fmt: skip

    def _mounts(self, cwd: Path, allow: Confinement) -> list[tuple[str, ...]]:
        """Every mount, outer folders first; at one place, hidden gives way to readable, and that to writable."""
        layers: list[tuple[int, Path, tuple[str, ...]]] = []
        layers += ((0, path, _hide(path)) for path in _existing((*masked_roots(), *allow.hidden)))
        shown = (cwd, *needed(), *self.readable, *allow.shown, *(_resolver() if allow.network else ()))
        layers += ((1, path, ("--ro-bind", str(path), str(path))) for path in _existing(shown))
        layers += ((2, path, _hide(path)) for path in _existing(never_shown()))
        layers += ((3, path, ("--bind", str(path), str(path))) for path in _existing(allow.writable))
        layers.sort(key=lambda layer: (len(layer[1].parts), layer[0]))
        return [mount for _, _, mount in layers]


def _existing(paths: Iterable[Path]) -> Iterator[Path]:
    yield from dict.fromkeys(path.resolve() for path in paths if path.exists())


def _hide(path: Path) -> tuple[str, ...]:
    return ("--tmpfs", str(path)) if path.is_dir() else ("--ro-bind", os.devnull, str(path))


def _resolver() -> tuple[Path, ...]:
    """Where names are looked up, which /etc often only links to."""
    return (Path("/etc/resolv.conf").resolve(),)


def find_sandbox(preference: str = "auto", *, readable: Sequence[Path] = ()) -> Sandbox:
    """The sandbox that works on this machine, tried by really running a command.

    `preference`: `auto`, `bubblewrap` or `none`. UsageError when the one asked for does not work.
    """
    if preference == "none":
        return NoSandbox()
    if preference not in ("auto", "bubblewrap"):
        raise UsageError(f"no sandbox is named {preference!r}", next_step="choose auto, bubblewrap or none")
    program = shutil.which("bwrap")
    reason = "bwrap is not installed" if program is None else probe(Bubblewrap(program))
    if program is not None and not reason:
        return Bubblewrap(program, tuple(readable))
    if preference == "bubblewrap":
        raise UsageError(
            f"the sandbox 'bubblewrap' does not work here: {reason}",
            next_step="install bubblewrap, allow user namespaces, or accept none at all with sandbox 'none'",
        )
    return NoSandbox()


def probe(sandbox: Sandbox) -> str:
    """Why the sandbox cannot run a command here; empty when it can."""
    argv = sandbox.wrap(["true"], cwd=Path("/"), allow=Confinement(writable=()))
    try:
        done = run(argv, cwd=Path("/"), env=trimmed_environment(), timeout=10.0)
    except HiveError as error:
        return error.message
    return "" if done.ok else one_line(decode(done.stderr), 300) or f"exit code {done.code}"

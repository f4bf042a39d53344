"""macOS: a profile for Seatbelt, given to `sandbox-exec`.

Written from Apple's own profiles in /usr/share/sandbox; the last rule that matches decides. There are no namespaces:
the loopback is the machine's own, and processes of others are seen, though not signalled.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hive.ports import Confinement, Doorway, Network
from hive.warden import warded
from hive.workspaces.sandbox.doorway import through
from hive.workspaces.sandbox.layers import Layer, layers
from hive.workspaces.sandbox.limits import UNLIMITED, Groups, Limits, too_large

_BEFORE = """\
(version 1)
(allow default)
(deny file-write*)
(allow file-write* (literal "/dev/null") (literal "/dev/zero") (literal "/dev/dtracehelper"))
(deny signal)
(allow signal (target self) (target pgrp) (target same-sandbox))
(deny mach-priv-task-port)
(deny appleevent-send)
(deny job-creation)
(deny mach-lookup
  (global-name "com.apple.SecurityServer")
  (global-name "com.apple.securityd.xpc")
  (global-name "com.apple.pasteboard.1")
  (global-name "com.apple.tccd"))"""
_HIDE = "(deny file-read* file-write* (subpath {path}))\n(allow file-read-metadata (literal {path}))"
_CREDENTIALS = "(deny file-read* file-write* (subpath {path}))"
_SHOW = "(allow file-read* (subpath {path}))\n(deny file-write* (subpath {path}))"
_WRITE = "(allow file-read* file-write* (subpath {path}))"
_RULES = {"hidden": _HIDE, "shown": _SHOW, "secret": _CREDENTIALS, "writable": _WRITE}
_LOOPBACK = """\
(deny network*)
(allow network-bind network-inbound (local ip "localhost:*"))
(allow network-outbound (remote ip "localhost:*"))"""


@dataclass
class Seatbelt:
    """Read-only system, homes and temporary folders hidden, no network but the loopback unless allowed."""

    program: str = "/usr/bin/sandbox-exec"
    readable: tuple[Path, ...] = ()
    name: str = "seatbelt"
    limits: Limits = UNLIMITED
    groups: Groups = field(default_factory=lambda: Groups(None))

    def wrap(self, argv: Sequence[str], *, cwd: Path, allow: Confinement) -> list[str]:
        """The sandbox-exec command line; UsageError when a writable folder does not exist."""
        text = profile(layers(cwd, allow, self.readable), allow.network)
        held = self.limits.hold(through(argv, allow.network), alone=False)
        return warded([self.program, "-p", text, *held])

    def met(self, argv: Sequence[str], code: int) -> str:
        """Which limit a command that has ended has met."""
        return too_large(code, self.limits)


def profile(places: Sequence[Layer], network: Network) -> str:
    """The profile in Seatbelt's language."""
    rules = [_BEFORE]
    rules += [_RULES[layer.access].format(path=_quoted(layer.path)) for layer in places]
    # A path is looked up folder by folder: those on the way to what is shown may be seen, not listed.
    way = sorted(
        {folder for layer in places if layer.access in ("shown", "writable") for folder in layer.path.parents}
    )
    if way:
        rules.append(f"(allow file-read-metadata {' '.join(f'(literal {_quoted(each)})' for each in way)})")
    return "\n".join([*rules, *_network(network)]) + "\n"


def _network(network: Network) -> list[str]:
    match network:
        case "open":
            return []
        case "none":
            return [_LOOPBACK]
        case Doorway(socket=door):
            return [
                _LOOPBACK,
                f"(allow network-outbound (remote unix-socket (path-literal {_quoted(door)})))",
            ]


def _quoted(path: Path) -> str:
    text = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'

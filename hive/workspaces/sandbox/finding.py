"""Which sandbox works on this machine, found by really running a command in it."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from hive.errors import HiveError, UsageError
from hive.ports import Confinement, Sandbox
from hive.process import run, trimmed_environment
from hive.text import decode, one_line
from hive.workspaces.sandbox.bubblewrap import Bubblewrap
from hive.workspaces.sandbox.limits import UNLIMITED, Groups, Limits, find_groups
from hive.workspaces.sandbox.nothing import NoSandbox


def find_sandbox(
    preference: str = "auto", *, readable: Sequence[Path] = (), limits: Limits = UNLIMITED
) -> Sandbox:
    """The sandbox that works on this machine, tried by really running a command.

    `preference`: `auto`, `bubblewrap` or `none`. UsageError when the one asked for does not work.
    """
    groups = find_groups() if any(limits) else Groups(None)
    if preference == "none":
        return NoSandbox(limits=limits, groups=groups)
    if preference not in ("auto", "bubblewrap"):
        raise UsageError(f"no sandbox is named {preference!r}", next_step="choose auto, bubblewrap or none")
    program = shutil.which("bwrap")
    reason = "bwrap is not installed" if program is None else probe(Bubblewrap(program))
    if program is not None and not reason:
        return Bubblewrap(program, tuple(readable), limits=limits, groups=groups)
    if preference == "bubblewrap":
        raise UsageError(
            f"the sandbox 'bubblewrap' does not work here: {reason}",
            next_step="install bubblewrap, allow user namespaces, or accept none at all with sandbox 'none'",
        )
    return NoSandbox(limits=limits, groups=groups)


def probe(sandbox: Sandbox) -> str:
    """Why the sandbox cannot run a command here; empty when it can."""
    argv = sandbox.wrap(["true"], cwd=Path("/"), allow=Confinement(writable=()))
    try:
        done = run(argv, cwd=Path("/"), env=trimmed_environment(), timeout=10.0)
    except HiveError as error:
        return error.message
    return "" if done.ok else one_line(decode(done.stderr), 300) or f"exit code {done.code}"

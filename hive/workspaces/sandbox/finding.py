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
from hive.workspaces.sandbox.seatbelt import Seatbelt

_OR_NONE = "or accept none at all with sandbox 'none'"
_SEARCH: dict[str, tuple[str, type[Bubblewrap | Seatbelt], str]] = {
    "bubblewrap": ("bwrap", Bubblewrap, f"install bubblewrap, allow user namespaces, {_OR_NONE}"),
    "seatbelt": ("sandbox-exec", Seatbelt, f"it is a part of macOS: choose another sandbox, {_OR_NONE}"),
}
"""Program, sandbox, and what to do where it does not work."""


def find_sandbox(
    preference: str = "auto", *, readable: Sequence[Path] = (), limits: Limits = UNLIMITED
) -> Sandbox:
    """The sandbox that works on this machine, tried by really running a command.

    `preference`: `auto`, `bubblewrap`, `seatbelt` or `none`. UsageError when the one asked for does not work.
    """
    groups = find_groups() if any(limits) else Groups(None)
    if preference == "none":
        return NoSandbox(limits=limits, groups=groups)
    if preference not in ("auto", *_SEARCH):
        known = ", ".join(("auto", *_SEARCH))
        raise UsageError(f"no sandbox is named {preference!r}", next_step=f"choose {known} or none")
    for name in _SEARCH if preference == "auto" else (preference,):
        command, make, advice = _SEARCH[name]
        program = shutil.which(command)
        reason = f"{command} is not installed" if program is None else probe(make(program))
        if program is not None and not reason:
            return make(program, tuple(readable), limits=limits, groups=groups)
        if preference != "auto":
            raise UsageError(f"the sandbox {name!r} does not work here: {reason}", next_step=advice)
    return NoSandbox(limits=limits, groups=groups)


def probe(sandbox: Sandbox) -> str:
    """Why the sandbox cannot run a command here; empty when it can."""
    argv = sandbox.wrap(["true"], cwd=Path("/"), allow=Confinement(writable=()))
    try:
        done = run(argv, cwd=Path("/"), env=trimmed_environment(), timeout=10.0)
    except HiveError as error:
        return error.message
    return "" if done.ok else one_line(decode(done.stderr), 300) or f"exit code {done.code}"

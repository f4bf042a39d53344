"""`hive doctor` and `hive gc`: is everything here that hive needs, and what may go."""

import json
import shutil
from collections.abc import Iterator
from typing import Annotated, NamedTuple

import typer

from hive.cli.options import AsJson
from hive.errors import Exit, HiveError

SPACE_BYTES = 1 << 30
"""Free space below which a run may well fail half-way."""


class Finding(NamedTuple):
    """One thing that was looked at."""

    ok: bool
    what: str
    next_step: str = ""


def doctor(
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Try from inside what a confined command can do.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Look at what hive needs on this machine and in this project."""
    if sandbox:
        _probe(as_json=as_json)
        return
    findings = list(_examine())
    for finding in findings:
        print(f"{'ok ' if finding.ok else 'BAD'} {finding.what}")
        if not finding.ok:
            print(f"      next: {finding.next_step}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(Exit.FAILED)


def _probe(*, as_json: bool) -> None:
    """The table of the probes on this machine; exit code 1 when one comes out other than it should."""
    import asyncio

    from hive.config import load_user
    from hive.process import seclude
    from hive.workspaces.sandbox import find_sandbox
    from hive.workspaces.sandbox.probes import lay_key, table_text, try_all

    lay_key()
    seclude()
    rows = asyncio.run(try_all(find_sandbox(load_user().sandbox)))
    if as_json:
        for row in rows:
            print(
                json.dumps(
                    {
                        "probe": row.probe.name,
                        "mode": row.mode,
                        "outcome": row.outcome,
                        "as_expected": row.as_expected,
                    }
                )
            )
    else:
        print(table_text(rows))
    if not all(row.as_expected for row in rows):
        raise typer.Exit(Exit.FAILED)


def _counted() -> str:
    from hive.workspaces.sandbox.limits import find_groups

    groups = find_groups()
    if groups.parent is None:
        return "limits: of each process by itself (no control group can be made here)"
    if not groups.memory:
        return f"limits: processes counted in {groups.parent}, memory of each process by itself"
    return f"limits: processes and memory counted in {groups.parent}"


def _examine() -> Iterator[Finding]:
    from hive.cli.compose import open_project
    from hive.orchestrator.daemon import engine_pid
    from hive.workspaces.git import version
    from hive.workspaces.sandbox import find_sandbox

    found = version()
    text = ".".join(map(str, found))
    yield Finding(found >= (2, 38), f"git {text}", "install git 2.38 or newer (merge-tree --write-tree)")
    try:
        with open_project() as project:
            sandbox = find_sandbox(project.settings.sandbox).name
            confined = sandbox != "none"
            yield Finding(
                confined, f"sandbox: {sandbox}", "install bubblewrap: commands are not confined without it"
            )
            yield Finding(True, _counted())
            yield Finding(True, f"state: {project.layout.root}")
            free = shutil.disk_usage(project.layout.root).free
            yield Finding(free >= SPACE_BYTES, f"free space: {free >> 20} MiB", "free some space")
            reasons = project.user.refuses()
            yield Finding(
                not reasons, "repository: " + (reasons[0] if reasons else "supported"), "see docs/limits.md"
            )
            pid = engine_pid(project.layout)
            yield Finding(True, f"engine: process {pid}" if pid else "engine: not running, none is needed")
    except HiveError as error:
        yield Finding(False, error.message, error.next_step)


def gc() -> None:
    """Remove what finished runs left behind: scratch folders, homes, empty folders; never work or history."""
    from hive.cli.compose import open_project
    from hive.text import plural

    with open_project() as project:
        project.runs.refresh()
        live = {state.id for state in project.runs.all() if not state.closed}
        gone = 0
        for kind in ("scratch", "homes", "sessions"):
            for folder in sorted((project.layout.root / kind).glob("*")):
                if folder.name not in live:
                    shutil.rmtree(folder, ignore_errors=True)
                    gone += 1
        print(f"removed {plural(gone, 'folder')}; runs under way: {len(live)}")

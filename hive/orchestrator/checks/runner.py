"""Runs one check and turns what it saw into evidence."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from hive import process
from hive.errors import HiveError
from hive.model import CheckOutcome, Evidence
from hive.network.egress import egress
from hive.orchestrator.checks import environment, outcome, program, tracked
from hive.orchestrator.checks.command import Command, Recognised, parse, recognise
from hive.orchestrator.checks.instrument import Instrumented, instrument
from hive.orchestrator.checks.request import CheckRequest
from hive.orchestrator.checks.results import golang, listing, reading
from hive.orchestrator.checks.results.counts import Counts
from hive.orchestrator.checks.seal import Seal
from hive.orchestrator.checks.witness import witnessed
from hive.ports import Confinement, Network, Sandbox
from hive.process import streaming
from hive.text import decode, one_line, sanitize

TAIL_LINES = 40
TAIL_CHARACTERS = 8000
_TAIL_BYTES = 1 << 16
_PACKAGE_LIMIT = 1 << 20
_MANY_REPORTS = 5000
UNWELCOME = 'Error importing plugin "hive_witness"'
_REPORTS = {
    "maven": "**/target/surefire-reports/TEST-*.xml",
    "gradle": "**/build/test-results/**/TEST-*.xml",
}


@dataclass(frozen=True)
class Ended:
    """A command that has run, with all that it left."""

    recognised: Recognised
    completed: process.Completed
    counts: Counts | None
    tail: str
    warnings: tuple[str, ...]
    limit: str = ""
    """Which limit it has met."""
    sealed: bool = False
    unwelcome: bool = False
    """Whether pytest could not load hive's plugin, so that nothing has run."""


async def run_check(request: CheckRequest, sandbox: Sandbox) -> Evidence:
    """Run the command confined and bounded, and judge it. Whatever happens becomes evidence, never an error."""
    blank = _blank(request, sandbox.name)
    if request.command is None:
        return _settled(blank, "unverified", "there is no test command")
    root, cwd = request.folder.resolve(), (request.folder / request.service_path).resolve()
    if not cwd.is_dir() or not cwd.is_relative_to(root):
        return _settled(blank, "failed", f"the tree has no folder {request.service_path!r} of its own")
    try:
        ended = await _run(parse(request.command), replace(request, folder=root), cwd, sandbox)
        if ended.unwelcome:
            ended = await _run(
                parse(request.command), replace(request, folder=root), cwd, sandbox, alone=True
            )
    except HiveError as error:
        return _settled(blank, "environment", one_line(error.message, 500))
    except OSError as error:
        return _settled(blank, "environment", one_line(str(error), 500))
    return _judged(blank, request, ended)


def _blank(request: CheckRequest, sandbox: str) -> Evidence:
    return Evidence(
        check=request.check,
        service=request.service,
        outcome="unverified",
        command=request.command or "",
        tree=request.tree,
        inputs=request.inputs,
        sandbox=sandbox,
    )


def _settled(blank: Evidence, verdict: CheckOutcome, reason: str) -> Evidence:
    return blank.model_copy(update={"outcome": verdict, "reason": reason})


async def _run(
    command: Command, request: CheckRequest, cwd: Path, sandbox: Sandbox, *, alone: bool = False
) -> Ended:
    """Run it with hive's plugin; `alone` without, where the command keeps that out."""
    for folder in (request.scratch, request.output.parent):
        folder.mkdir(parents=True, exist_ok=True)
    scratch = request.scratch.resolve()
    with TemporaryDirectory(prefix="check-", dir=scratch, ignore_cleanup_errors=True) as name:
        temporary, mark = Path(name), f"{request.mark}/{request.check}-{Path(name).name}"
        recognised = recognise(command.argv, reading.read_regular(cwd / "package.json", _PACKAGE_LIMIT))
        given = {**process.trimmed_environment(), **dict(command.env)}
        plain = instrument(command, recognised, temporary)
        started, seal = (plain, None) if alone else witnessed(plain, recognised, temporary, given)
        env = _environment(command, started, scratch, temporary, mark)
        argv = _located(started.argv, cwd, env["PATH"])
        before = await asyncio.to_thread(tracked.snapshot, request.folder)
        refused: list[str] = []
        try:
            async with _network(request, refused) as network:
                allow = Confinement((request.folder, scratch), hidden=request.hidden, network=network)
                wrapped = sandbox.wrap(argv, cwd=cwd, allow=allow)
                completed = await streaming.run_logged(
                    wrapped,
                    cwd=cwd,
                    env=env,
                    timeout=request.timeout,
                    output=request.output,
                    limit=request.output_limit,
                    tail=_TAIL_BYTES,
                )
        finally:
            process.reap(mark)
        ended = await asyncio.to_thread(
            _gather, request, recognised, completed, (started.results, seal), cwd, before
        )
        told = (*ended.warnings, *(f"network: {what}" for what in refused))
        return replace(ended, warnings=told, limit=sandbox.met(wrapped, completed.code))


@asynccontextmanager
async def _network(request: CheckRequest, refused: list[str]) -> AsyncIterator[Network]:
    """What the command gets of the network; `refused` gathers what it asked for and did not get."""
    if request.network or not request.reach:
        yield "open" if request.network else "none"
        return

    async def told(what: str) -> None:
        refused.append(what)

    async with egress(request.reach, told) as door:
        yield door


def _environment(
    command: Command, started: Instrumented, scratch: Path, temporary: Path, mark: str
) -> dict[str, str]:
    inherited = process.trimmed_environment()
    return {
        "PATH": "",
        **inherited,
        **environment.toolchains(os.environ),
        **environment.private(scratch, temporary),
        "PORT": str(environment.free_port()),
        **dict(command.env),
        **started.env,
        process.MARK: mark,
    }


def _located(argv: Sequence[str], cwd: Path, path: str) -> list[str]:
    found = program.find(argv[0], cwd, path)
    if found is None:
        raise HiveError(f"there is no program {argv[0]!r}", next_step="install it or correct the command")
    return [found, *argv[1:]]


def _gather(
    request: CheckRequest,
    recognised: Recognised,
    completed: process.Completed,
    left: tuple[Path, Seal | None],
    cwd: Path,
    before: dict[str, tracked.Stamp],
) -> Ended:
    output = decode(request.output.read_bytes())
    if completed.truncated:
        output += decode(completed.stdout)
    changed = tracked.changed(request.folder, before)
    committed = before.keys() - set(changed)
    reports = _reports(recognised, cwd, {request.folder / path for path in committed})
    results, seal = reading.read_regular(left[0]), left[1]
    notes = [*tracked.warning(changed)]
    begun = seal is not None and seal.taken(reading.read_regular(seal.opened))
    if seal and seal.behind and not begun:
        results = None  # whoever wrote any, the plugin was not there
    counts = reading.counts(recognised, results, reports, output)
    asked = seal if begun or (seal and not seal.behind) else None
    sealed = bool(asked and counts and asked.holds(results or b"", reading.read_regular(asked.path), counts))
    if asked and counts and not sealed:
        counts = None
        notes.append("the results are not those of one session that came to its end: they prove nothing")
    if completed.truncated:
        notes.append(f"the output was cut after {request.output_limit} bytes")
    if counts is not None and recognised.runner == "unknown" and not begun:
        notes.append("the test runner is not known; the counts are those that it printed")
    readable = golang.readable(output) if recognised.runner == "go" else output
    unwelcome = seal is not None and seal.behind and not begun and UNWELCOME in output
    return Ended(
        recognised,
        completed,
        counts,
        _tail(readable),
        tuple(notes),
        sealed=bool(seal and seal.first and sealed),
        unwelcome=unwelcome,
    )


def _reports(recognised: Recognised, cwd: Path, committed: set[Path]) -> list[bytes]:
    """Reports that this very run wrote; one that is part of the tree proves nothing."""
    pattern = _REPORTS.get(recognised.runner)
    paths = islice(cwd.glob(pattern), _MANY_REPORTS) if pattern else ()
    fresh = (path for path in paths if path not in committed)
    return [raw for path in fresh if (raw := reading.read_regular(path)) is not None]


def _tail(output: str) -> str:
    lines = output[-TAIL_CHARACTERS:].rstrip().splitlines()[-TAIL_LINES:]
    return sanitize("\n".join(lines))


def _judged(blank: Evidence, request: CheckRequest, ended: Ended) -> Evidence:
    counts, completed = ended.counts, ended.completed
    facts = outcome.Facts(
        runner=ended.recognised.runner,
        exit_code=completed.code,
        timed_out=completed.timed_out,
        timeout=request.timeout,
        counts=counts,
        tail=ended.tail,
        base=request.base,
        limit=ended.limit,
    )
    verdict = outcome.judge(facts)
    return blank.model_copy(
        update={
            "outcome": verdict.outcome,
            "reason": verdict.reason,
            "exit_code": completed.code,
            "seconds": round(completed.seconds, 3),
            "collected": counts.collected if counts else None,
            "passed": counts.passed if counts else None,
            "failed": counts.failed if counts else None,
            "skipped": counts.skipped if counts else None,
            "output": request.output.name,
            "cases": listing.write(counts.cases, request.output) if counts else None,
            "failures": outcome.failures(facts),
            "sealed": ended.sealed,
            "tail": ended.tail,
            "warnings": (*outcome.warnings(counts, request.base), *ended.warnings),
        }
    )

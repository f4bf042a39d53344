"""hive's own plugin beside the project's tests, so that a results file which tests write themselves proves nothing."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from hive.orchestrator.checks.command import Recognised
from hive.orchestrator.checks.instrument import JUNIT_REPORTER, Instrumented, before_separator
from hive.orchestrator.checks.seal import Seal

_ISOLATED = ("-I", "-E", "-P")
"""Options with which Python does not look where the plugin is."""


def witnessed(
    started: Instrumented, recognised: Recognised, folder: Path, env: Mapping[str, str]
) -> tuple[Instrumented, Seal | None]:
    """The command with the plugin, and what its seal is checked with; as it was, where the plugin cannot be."""
    runner, at = recognised.runner, recognised.at
    if runner not in ("pytest", "unittest", "node", "unknown") or (runner == "unittest" and at is None):
        return started, None
    if runner == "pytest" and (at is None or any(word in _ISOLATED for word in started.argv[: at + 1])):
        return started, None
    secret, opened = secrets.token_hex(32), folder / "witness.json"
    said = json.dumps({"secret": secret, "results": str(started.results)}).encode()
    opened.write_bytes(said)
    seal = Seal(
        secret,
        started.results,
        opened,
        said,
        behind=at is None,
        first=recognised.alone and runner != "unknown",
    )
    started = replace(started, env={**started.env, "HIVE_WITNESS": str(opened)})
    match runner:
        case "unittest":  # the runner that counts is hive's own there
            return started, seal
        case "node":
            return _beside_node(started, folder), seal
        case _:
            return _beside_pytest(started, recognised, folder, env), seal


def _beside_node(started: Instrumented, folder: Path) -> Instrumented:
    """Its reporter in the place of node's own, on the command line or in the environment."""
    reporter = f"--test-reporter={_placed(folder, 'node_witness.mjs').as_uri()}"
    argv = list(started.argv)
    if JUNIT_REPORTER in argv:
        argv[argv.index(JUNIT_REPORTER)] = reporter
    env = {name: text.replace(JUNIT_REPORTER, reporter, 1) for name, text in started.env.items()}
    return replace(started, argv=tuple(argv), env=env)


def _beside_pytest(
    started: Instrumented, recognised: Recognised, folder: Path, env: Mapping[str, str]
) -> Instrumented:
    """The plugin as an option, or in the environment where something else starts pytest."""
    place = _placed(folder, "pytest_witness.py", "hive_witness.py").parent
    path = ":".join(filter(None, (str(place), env.get("PYTHONPATH", ""))))
    told = {**started.env, "PYTHONPATH": path}
    if recognised.at is not None:
        return replace(started, argv=before_separator(started.argv, ("-p", "hive_witness")), env=told)
    told["PYTEST_ADDOPTS"] = f"{told['PYTEST_ADDOPTS']} -p hive_witness"
    return replace(started, env=told)


def _placed(folder: Path, name: str, named: str = "") -> Path:
    place = folder / "witness"
    place.mkdir(exist_ok=True)
    source = files("hive.orchestrator.checks").joinpath(name).read_text("utf-8")
    (place / (named or name)).write_text(source)
    return place / (named or name)

"""hive's own plugin beside the project's tests, so that a results file which tests write themselves proves nothing."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from hive.orchestrator.checks.command import Recognised
from hive.orchestrator.checks.instrument import Instrumented, before_separator
from hive.orchestrator.checks.seal import Seal

_ISOLATED = ("-I", "-E", "-P")
"""Options with which Python does not look where the plugin is."""


def witnessed(
    started: Instrumented, recognised: Recognised, folder: Path, env: Mapping[str, str]
) -> tuple[Instrumented, Seal | None]:
    """The command with the plugin, and what its seal is checked with; as it was, where the plugin cannot be."""
    if recognised.runner not in ("pytest", "unittest") or recognised.at is None:
        return started, None
    if recognised.runner == "pytest" and any(word in _ISOLATED for word in started.argv[: recognised.at + 1]):
        return started, None
    seal = Seal(secrets.token_hex(32), started.results)
    place, opened = folder / "witness", folder / "witness.json"
    opened.write_text(json.dumps({"secret": seal.secret, "results": str(started.results)}))
    if recognised.runner == "unittest":  # the runner that counts is hive's own there
        return replace(started, env={**started.env, "HIVE_WITNESS": str(opened)}), seal
    place.mkdir()
    source = files("hive.orchestrator.checks").joinpath("pytest_witness.py").read_text("utf-8")
    (place / "hive_witness.py").write_text(source)
    path = ":".join(filter(None, (str(place), env.get("PYTHONPATH", ""))))
    argv = before_separator(started.argv, ("-p", "hive_witness"))
    return replace(
        started, argv=argv, env={**started.env, "PYTHONPATH": path, "HIVE_WITNESS": str(opened)}
    ), seal

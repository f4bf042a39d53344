"""Commands made to leave machine-readable results, without changing what they test. Pure but for one resource."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from hive.orchestrator.checks.command import Command, Recognised

JUNIT_REPORTER = "--test-reporter=junit"
"""node's option for the results that hive reads."""


@dataclass(frozen=True)
class Instrumented:
    """What is really started for a command."""

    argv: tuple[str, ...]
    results: Path
    """Where the runner leaves its results, when it can."""
    env: dict[str, str] = field(default_factory=dict)


def instrument(command: Command, recognised: Recognised, folder: Path) -> Instrumented:
    """The command, extended by what makes its runner write results into `folder`, which is private."""
    results = folder / "results"
    argv, at = command.argv, recognised.at
    match recognised.runner:
        case "pytest" if at is not None:
            return Instrumented(before_separator(argv, _pytest_options(folder, results)), results)
        case "unittest" if at is not None:
            return Instrumented(_counting_unittest(argv, at, results), results)
        case "node" if at is not None:
            return Instrumented((*argv[: at + 1], *_node_options(argv, results), *argv[at + 1 :]), results)
        case "node":
            return Instrumented(argv, results, {"NODE_OPTIONS": _node_environment(results)})
        case "go" if at is not None and not _is_json(argv):
            verb = argv.index("test", at)
            return Instrumented((*argv[: verb + 1], "-json", *argv[verb + 1 :]), results)
        case "unknown":
            # `make test`, `tox`, `sh -c …` often end in pytest: its environment reaches through them.
            return Instrumented(
                argv, results, {"PYTEST_ADDOPTS": shlex.join(_pytest_options(folder, results))}
            )
        case _:
            return Instrumented(argv, results)


def _pytest_options(folder: Path, results: Path) -> tuple[str, ...]:
    # `-p no:cacheprovider` would turn a project's own `cache_dir` or `--lf` into an error.
    return f"--junit-xml={results}", "-o", f"cache_dir={folder / 'pytest'}"


def before_separator(argv: tuple[str, ...], options: Sequence[str]) -> tuple[str, ...]:
    """The words with options put where they still are options."""
    end = argv.index("--") if "--" in argv else len(argv)
    return *argv[:end], *options, *argv[end:]


def _counting_unittest(argv: tuple[str, ...], at: int, results: Path) -> tuple[str, ...]:
    module = next(i for i in range(at, len(argv)) if argv[i : i + 2] == ("-m", "unittest"))
    source = files("hive.orchestrator.checks").joinpath("unittest_counts.py").read_text("utf-8")
    return *argv[:module], "-c", source, str(results), *argv[module + 2 :]


def _node_options(argv: Sequence[str], results: Path) -> tuple[str, ...]:
    """A JUnit reporter before the reporter that people read; node wants one destination for each, in order."""
    reporters = sum(word.split("=")[0] == "--test-reporter" for word in argv)
    destinations = sum(word.split("=")[0] == "--test-reporter-destination" for word in argv)
    own = (JUNIT_REPORTER, f"--test-reporter-destination={results}")
    if reporters and reporters == destinations:
        return own
    if reporters:
        return *own, "--test-reporter-destination=stdout"
    return *own, "--test-reporter=spec", "--test-reporter-destination=stdout"


def _node_environment(results: Path) -> str:
    return " ".join(f'"{option}"' for option in _node_options((), results))


def _is_json(argv: Sequence[str]) -> bool:
    return any(word.lstrip("-").split("=")[0] == "json" for word in argv)

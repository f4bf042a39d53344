"""`hive contracts check`: the comparison, and its output as text, JSON lines and SARIF 2.1.0."""

import json
from pathlib import Path

from hive import __version__
from hive.contracts import detect, diff
from hive.errors import UsageError
from hive.model import Change, Severity
from hive.ports import Tree
from hive.text import one_line
from hive.workspaces.repository import UserRepository
from hive.workspaces.tree import FolderTree, GitTree

LEVELS: dict[Severity, str] = {
    "breaking": "error",
    "unknown": "error",
    "dangerous": "warning",
    "compatible": "note",
}


def changes_since(base: str) -> tuple[Change, ...]:
    """Every contract change between a commit and the working tree. Raises UsageError for an unknown commit."""
    user = UserRepository.open(Path.cwd())
    old, new = GitTree(user.git, user.resolve(base)), FolderTree(user.root)
    before, after = set(old.paths()), set(new.paths())
    found: list[Change] = []
    for path in sorted(before | after):
        was, now = _read(old, path, before), _read(new, path, after)
        if was == now:
            continue
        kind = detect(path, now if now is not None else was or b"")
        if kind is not None:
            found += diff(kind, path, was, now)
    return tuple(found)


def _read(tree: Tree, path: str, known: set[str]) -> bytes | None:
    if path not in known:
        return None
    try:
        return tree.read(path)
    except KeyError:
        return None


def print_changes(changes: tuple[Change, ...], *, as_json: bool, as_sarif: bool) -> None:
    """Print them, worst first."""
    if as_json and as_sarif:
        raise UsageError("--json and --sarif exclude each other", next_step="choose one")
    ordered = sorted(changes, key=lambda change: (list(LEVELS).index(change.severity), change.element))
    if as_sarif:
        print(json.dumps(sarif(ordered), indent=2))
        return
    for change in ordered:
        if as_json:
            print(change.model_dump_json())
        else:
            print(
                f"{change.severity:<10} {change.rule:<36} {one_line(change.element)}: {one_line(change.message)}"
            )
    if not changes and not as_json:
        print("no contract changed")


def sarif(changes: list[Change]) -> dict[str, object]:
    """The changes as a SARIF 2.1.0 log."""
    rules = sorted({change.rule for change in changes})
    results = [
        {
            "ruleId": change.rule,
            "level": LEVELS[change.severity],
            "message": {"text": f"{change.element}: {change.message}"},
            "locations": [
                {"physicalLocation": {"artifactLocation": {"uri": change.element.partition("#")[0]}}}
            ],
        }
        for change in changes
    ]
    driver = {"name": "hive", "version": __version__, "rules": [{"id": rule} for rule in rules]}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }

"""The model's contract edits carried out and judged: every text must parse, every difference is classified."""

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hive import contracts
from hive.errors import ContractError, HiveError, UsageError
from hive.model import Graph, Intent
from hive.orchestrator.planner.catalogue import Catalogue, Sheet
from hive.orchestrator.planner.delta import Edited, applied, edited
from hive.orchestrator.planner.model.answer import Edit, FieldEdit, TextEdit, WholeText
from hive.ports import Tree
from hive.text import one_line, sanitize

MOST_EDITS = 200
LONGEST_TEXT = 400_000
"""Characters of one contract after the edits."""
_REFERENCE = re.compile(r"""["']?\$ref["']?\s*:\s*["']?([^"'\s,}\]]+)""")


class Rewritten(NamedTuple):
    """The contracts after the edits, or why they cannot be carried out."""

    contracts: tuple[Edited, ...] = ()
    findings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def rewrite(tree: Tree, graph: Graph, catalogue: Catalogue, edits: Sequence[Edit]) -> Rewritten:
    """Carry out all edits, each contract on its own."""
    if len(edits) > MOST_EDITS:
        return Rewritten(findings=(f"{len(edits)} edits are too many; at most {MOST_EDITS} are taken",))
    by_contract: dict[str, list[Edit]] = {}
    for edit in edits:
        by_contract.setdefault(edit.contract, []).append(edit)
    parts, findings, notes = [], list[str](), list[str]()
    for path, wanted in by_contract.items():
        sheet = catalogue.sheet(path)
        try:
            if sheet is None:
                raise UsageError(_unknown(path, graph, catalogue))
            part, drifted = _rewritten(tree, sheet, wanted)
        except HiveError as error:
            findings.append(one_line(error.message, 600))
        else:
            parts.append(part)
            notes += drifted
    return Rewritten(tuple(parts), tuple(findings), tuple(notes))


def intent_of(edits: Sequence[Edit]) -> Intent | None:
    """The one change of a field that all edits make, if that is what they do."""
    intents = [edit.intent for edit in edits if isinstance(edit, FieldEdit)]
    if not intents or len(intents) != len(edits):
        return None
    kinds = {(intent.intent, intent.name.replace("_", "").lower()) for intent in intents}
    return intents[0] if len(kinds) == 1 else None


def _unknown(path: str, graph: Graph, catalogue: Catalogue) -> str:
    known = graph.contract(path)
    if known is not None and path != known.path:
        return f"{path!r} is a copy of {known.path!r}: edit that one, and hive changes its copies"
    for error in catalogue.broken:
        if known is not None and error.path == path:
            return f"{path!r} cannot be changed: {error.message}"
    listed = ", ".join(contract.path for contract in graph.contracts[:20]) or "none"
    return f"there is no contract {one_line(path, 120)!r}; the contracts are: {listed}"


def _rewritten(tree: Tree, sheet: Sheet, edits: Sequence[Edit]) -> tuple[Edited, list[str]]:
    """One contract and its copies. Raises UsageError and ContractError for what cannot be done."""
    new, drifted = _carried_out(sheet, edits), list[str]()
    if new == sheet.raw:
        raise UsageError(f"{sheet.path}: the edits change nothing")
    _refuse_hidden(sheet, new)
    contracts.parse(sheet.contract.kind, sheet.path, new)
    _refuse_references(tree, sheet, new)

    def again(copy: Sheet) -> bytes:
        try:
            return _carried_out(copy, [edit for edit in edits if not isinstance(edit, WholeText)])
        except HiveError as error:
            drifted.append(
                f"{copy.path} differs from {sheet.path} and stays as it is: {error.message}; change it by hand"
            )
            return copy.raw

    return edited(tree, sheet, new, again), drifted


def _carried_out(sheet: Sheet, edits: Sequence[Edit]) -> bytes:
    if len(edits) > 1 and any(isinstance(edit, WholeText) for edit in edits):
        raise UsageError(
            f"{sheet.path}: a new text and other edits of the same contract overlap; give one of them"
        )
    raw = sheet.raw
    for edit in edits:
        match edit:
            case FieldEdit():
                raw = applied(sheet._replace(raw=raw), [edit.intent])
            case TextEdit():
                raw = _replaced(sheet.path, raw, edit)
            case WholeText():
                raw = edit.text.encode()
    if len(raw) > LONGEST_TEXT:
        raise UsageError(f"{sheet.path}: {len(raw)} bytes after the edits are more than {LONGEST_TEXT}")
    return raw


def _replaced(path: str, raw: bytes, edit: TextEdit) -> bytes:
    find, replace = edit.find.encode(), edit.replace.encode()
    count = raw.count(find) if find else 0
    if count != 1:
        raise UsageError(
            f"{path}: the text to replace, {one_line(edit.find, 120)!r}, is there {count} times, not once"
        )
    return raw.replace(find, replace)


def _refuse_hidden(sheet: Sheet, new: bytes) -> None:
    """A contract is for people too: nothing may get into it that a screen would not show."""
    before = set(sheet.raw.decode("utf-8", "replace"))
    for line, text in enumerate(new.decode("utf-8", "replace").split("\n"), 1):
        for character in set(text) - before - {"\r"}:
            if sanitize(character) != character:
                raise ContractError(
                    sheet.path, line, f"the new text holds the control character U+{ord(character):04X}"
                )


def _refuse_references(tree: Tree, sheet: Sheet, new: bytes) -> None:
    """Whatever a contract newly refers to is in the project."""
    files: set[str] | None = None
    for reference, line in _references(new.decode("utf-8", "replace")):
        file = reference.partition("#")[0]
        if not file or reference.encode() in sheet.raw:
            continue
        files = set(tree.paths()) if files is None else files
        if posixpath.normpath(posixpath.join(posixpath.dirname(sheet.path), file)) not in files:
            raise ContractError(
                sheet.path,
                line,
                f"it refers to {one_line(reference, 120)!r}, which is not a file of the project",
            )


def _references(text: str) -> Iterator[tuple[str, int]]:
    for match in _REFERENCE.finditer(text):
        yield match.group(1), text.count("\n", 0, match.start()) + 1

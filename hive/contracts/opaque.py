"""Formats that hive recognises and cannot read yet: their changes are shown, never judged."""

from hive.contracts.document import Document
from hive.contracts.rules.opaque import OPAQUE
from hive.errors import ContractError, UsageError
from hive.model import Change, ContractKind, Intent


class Opaque:
    """A contract whose text is all that hive sees."""

    def __init__(self, kind: ContractKind) -> None:
        self.kind = kind

    def parse(self, path: str, raw: bytes) -> Document:
        """Always raises ContractError."""
        raise ContractError(
            path,
            None,
            f"hive recognises {self.kind} but does not read it",
            next_step=f"review changes of {path} by hand",
        )

    def diff(self, path: str, old: bytes | None, new: bytes | None) -> tuple[Change, ...]:
        """One change of unknown severity when the text differs."""
        if old == new:
            return ()
        happened = "added" if old is None else "removed" if new is None else "changed"
        rule = OPAQUE[f"{self.kind}-{happened}"]
        return (
            Change(
                element=f"{path}#",
                kind="added" if old is None else "removed" if new is None else "changed",
                direction="none",
                severity=rule.severity["none"],
                rule=rule.id,
                message=rule.about,
            ),
        )

    def edit(self, path: str, raw: bytes, intent: Intent) -> bytes:
        """Always raises UsageError."""
        raise UsageError(
            f"hive cannot change {self.kind} contracts: {path!r}", next_step="change the file by hand"
        )

"""How far the making of a workspace has come; kept where no agent can write, replaced as a whole."""

import json
from pathlib import Path
from typing import Literal, NamedTuple


class Record(NamedTuple):
    """What hive knows of a workspace."""

    state: Literal["making", "ready", "removing"]
    start: str
    """The commit that its task began from."""
    at: str
    """The commit whose files were put into it."""
    sparse: tuple[str, ...] | None

    @staticmethod
    def read(folder: Path) -> "Record | None":
        """The record in hive's folder of the workspace; none when it was never begun."""
        try:
            said = json.loads((folder / "record.json").read_bytes())
        except FileNotFoundError:
            return None
        sparse = said["sparse"]
        return Record(said["state"], said["start"], said["at"], None if sparse is None else tuple(sparse))

    def write(self, folder: Path) -> None:
        """Replace the record, at once."""
        part = folder / "record.part"
        part.write_text(json.dumps(self._asdict()))
        part.replace(folder / "record.json")

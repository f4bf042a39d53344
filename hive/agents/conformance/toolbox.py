"""What a session may ask of hive, with nothing behind it: every request is kept, and answered with fixed words."""

from collections.abc import Sequence

from hive.errors import UsageError
from hive.model import Replacement


class Toolbox:
    """Implements `ports.Tools`; `asked` holds every request as its name and its arguments."""

    def __init__(self, refusing: str = "") -> None:
        """`refusing` are the words with which everything is refused, when there are any."""
        self.asked: list[tuple[str, dict[str, object]]] = []
        self._refusing = refusing

    async def get_contract(self, path: str | None = None) -> str:
        """Kept."""
        return self._kept("get_contract", path=path)

    async def propose_contract_change(
        self,
        path: str,
        reason: str,
        *,
        new_text: str | None = None,
        replacements: Sequence[Replacement] = (),
    ) -> str:
        """Kept."""
        passages = tuple(replacements)
        return self._kept(
            "propose_contract_change", path=path, reason=reason, new_text=new_text, replacements=passages
        )

    async def post_note(self, text: str, to: str | None = None) -> str:
        """Kept."""
        return self._kept("post_note", text=text, to=to)

    async def read_notes(self) -> str:
        """Kept."""
        return self._kept("read_notes")

    async def run_checks(self) -> str:
        """Kept."""
        return self._kept("run_checks")

    def _kept(self, name: str, **arguments: object) -> str:
        self.asked.append((name, arguments))
        if self._refusing:
            raise UsageError(self._refusing, next_step="ask for something else")
        return f"{name} was asked"

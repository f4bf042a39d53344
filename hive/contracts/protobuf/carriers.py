"""Which methods carry a message or enum, and in which direction."""

from hive.contracts.protobuf.document import ProtoDocument
from hive.model import Direction


class Carriers:
    """Which methods take or answer a message or enum, in either version."""

    def __init__(self, *documents: ProtoDocument) -> None:
        self.request: dict[str, dict[str, None]] = {}
        self.response: dict[str, dict[str, None]] = {}
        for document in documents:
            for service in document.file.services:
                for rpc in service.rpcs:
                    operation = f"{service.full}/{rpc.name}"
                    self._note(document, self.request, rpc.request, service.full, operation)
                    self._note(document, self.response, rpc.response, service.full, operation)

    def _note(
        self, document: ProtoDocument, into: dict[str, dict[str, None]], name: str, scope: str, operation: str
    ) -> None:
        for full in document.carried([document.resolve(name, scope)]):
            into.setdefault(full, {})[operation] = None

    def of(self, full: str) -> tuple[Direction, tuple[str, ...]]:
        """In which direction something travels, and by which methods."""
        taken, answered = self.request.get(full, {}), self.response.get(full, {})
        direction: Direction = (
            "both" if taken and answered else "request" if taken else "response" if answered else "none"
        )
        return direction, tuple({**taken, **answered})

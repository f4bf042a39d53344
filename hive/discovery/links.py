"""Pairs of services with the best evidence for each."""

from collections.abc import Callable

from hive.model import Edge

Owner = Callable[[str], str | None]
"""Which service a path speaks for."""

WEAK, PORT, NAME, LITERAL, HOST, SETTING, STUB = range(7)
"""How strong evidence is: the strongest one is shown."""


class Links:
    """Collects directed pairs; each keeps its first piece of the strongest evidence."""

    def __init__(self) -> None:
        self._best: dict[tuple[str, str], tuple[int, str, str | None]] = {}

    def add(
        self, source: str | None, target: str | None, where: str, strength: int, contract: str | None = None
    ) -> None:
        """One piece of evidence; unknown ends and a service's talk with itself are dropped."""
        if not source or not target or source == target:
            return
        known = self._best.get((source, target))
        if known is None or strength > known[0]:
            self._best[source, target] = (strength, where, contract or (known[2] if known else None))

    def sources(self) -> frozenset[str]:
        """Every service from which a link starts."""
        return frozenset(source for source, _ in self._best)

    def edges(self, contract_of: Callable[[str, str], str | None]) -> tuple[Edge, ...]:
        """All pairs in name order; `contract_of` names the contract of a pair whose evidence does not."""
        return tuple(
            Edge(
                source=source, target=target, contract=contract or contract_of(source, target), evidence=where
            )
            for (source, target), (_, where, contract) in sorted(self._best.items())
        )

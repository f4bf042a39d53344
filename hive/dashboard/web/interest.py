"""What a client's page is about: it is told of that, and spared what it would not show."""

from collections.abc import Collection, Set
from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import Field, TypeAdapter, ValidationError

from hive.events import AgentReported, Envelope

MOST_PARTS = 50
_Name = Annotated[str, Field(max_length=200)]
_PARTS = TypeAdapter(Annotated[set[tuple[_Name, _Name | None]], Field(max_length=MOST_PARTS)])


@dataclass(frozen=True)
class Interest:
    """Runs, each with one of its services or with none; where nothing was said, all of them."""

    parts: Set[tuple[str, str | None]] | None = None

    @classmethod
    def read(cls, text: str) -> Self | None:
        """What a client has said; none when that tells nothing."""
        try:
            return cls(_PARTS.validate_json(text))
        except ValidationError:
            return None

    def has(self, envelope: Envelope) -> bool:
        """Whether the event is one of these. Who looks at a whole run does not follow its agents' words."""
        if self.parts is None:
            return True
        words = isinstance(envelope.event, AgentReported)
        return any(
            run == envelope.run and (not words if service is None else envelope.service in (None, service))
            for run, service in self.parts
        )

    def services(self, run: str) -> Collection[str] | None:
        """The services of a run that are looked at; none when that is all of them."""
        found = {service for each, service in self.parts or () if each == run}
        named = {service for service in found if service is not None}
        return named if found and len(named) == len(found) else None

    def widened(self, before: "Interest") -> frozenset[str]:
        """Runs of which more is looked at than before."""
        runs = {run for run, _ in before.parts or ()}
        return frozenset(run for run in runs if not self._within(before, run))

    def _within(self, before: "Interest", run: str) -> bool:
        mine, known = self.services(run), before.services(run)
        return known is None or (mine is not None and set(mine) <= set(known))


EVERYTHING = Interest()

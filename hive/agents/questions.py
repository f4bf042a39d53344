"""What a session asks of a person: only this session waits, and not for ever."""

import asyncio
from dataclasses import dataclass, field
from typing import Literal

from hive.agents.session import bounded
from hive.agents.telling import Tell
from hive.model import Answer, Answered, Asked

ALLOW, DENY = "allow", "deny"
LONGEST = 2000


@dataclass
class Questions:
    """The open questions of one session."""

    seconds: float
    """How long an answer is waited for."""
    _open: dict[str, asyncio.Future[str]] = field(default_factory=dict)
    _count: int = 0

    async def ask(
        self, tell: Tell, about: Literal["question", "permission"], text: str, options: tuple[str, ...] = ()
    ) -> str | None:
        """A person's answer; none when none came in time."""
        self._count += 1
        name = f"q{self._count}"
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._open[name] = answer
        await tell(Asked(id=name, about=about, text=bounded(text[:LONGEST]), options=options))
        try:
            given: str | None = await asyncio.wait_for(answer, self.seconds)
        except TimeoutError:
            given = None
        finally:
            del self._open[name]
        said = f"no answer within {self.seconds:g} seconds" if given is None else given
        await tell(Answered(id=name, answer=bounded(said)))
        return given

    async def allowed(self, tell: Tell, text: str) -> bool:
        """Whether a person says yes to exactly this; silence is no."""
        answer = await self.ask(tell, "permission", text, (ALLOW, DENY))
        return answer is not None and answer.strip().lower() == ALLOW

    def answer(self, answer: Answer) -> bool:
        """Take an answer; whether it was waited for."""
        waiting = self._open.get(answer.id)
        if waiting is None or waiting.done():
            return False
        waiting.set_result(answer.text)
        return True

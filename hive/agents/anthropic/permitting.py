"""Which tool calls a person is asked about before they run."""

from typing import Any

from hive.agents.means import Means
from hive.agents.questions import Questions
from hive.agents.telling import Tell
from hive.model import Answer


class Permits:
    """One session's way to a person; everything that its tools can do by themselves needs no asking."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._questions = Questions(means.settings.answer_timeout)

    def answer(self, answer: Answer) -> bool:
        """Take a person's answer; whether it was waited for."""
        return self._questions.answer(answer)

    async def refused(self, use: dict[str, Any], tell: Tell) -> str | None:
        """Why the call may not run; none when it may."""
        given = use["input"]
        if use["name"] != "bash" or not self._means.asks:
            return None
        if self._means.confines and not given.get("network"):
            return None
        how = "with the network" if self._means.confines else "without a sandbox"
        if await self._questions.allowed(tell, f"run {how}: {given.get('command', '')}"):
            return None
        return f"nobody has allowed it to run {how}"

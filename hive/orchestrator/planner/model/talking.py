"""The conversation with the model: one question, an answer that is judged, at most two corrections."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from hive.agents.anthropic.retry import USUAL_PACE, Failure, Pace, explained
from hive.config import UserSettings
from hive.errors import UsageError
from hive.model import Planning, Report
from hive.prompts import render
from hive.text import one_line, plural

REPAIRS = 2
MOST_FINDINGS = 30
T = TypeVar("T")


class ModelPlanError(UsageError):
    """The model made no plan that can be used: why, what to do, and what it cost."""

    def __init__(self, message: str, *, next_step: str, planning: Planning, invalid: bool = False) -> None:
        super().__init__(message, next_step=next_step)
        self.planning = planning
        self.invalid = invalid
        """Whether it answered, but with what cannot be carried out."""


class Judged(NamedTuple, Generic[T]):
    """What an answer is worth: what was made of it, or what is wrong with it."""

    made: T | None
    findings: Sequence[str] = ()


@dataclass(frozen=True)
class Means:
    """The user's own settings and environment, and how patiently the model is asked."""

    settings: UserSettings
    environ: Mapping[str, str]
    pace: Pace = USUAL_PACE
    patience: float = 300.0
    """Seconds for the whole conversation; a stream that stalls ends there."""
    budget_usd: float | None = None


class Talk:
    """One conversation; counts what it costs."""

    def __init__(self, means: Means) -> None:
        from hive.agents.anthropic.client import DEFAULT_MODEL

        self._means = means
        self.planning = Planning(planner="model", model=means.settings.model or DEFAULT_MODEL)

    async def plan(self, question: str, judge: Callable[[str], Judged[T]]) -> tuple[T, Planning]:
        """The first answer that is good, as `judge` makes it. Raises ModelPlanError."""
        try:
            async with asyncio.timeout(self._means.patience):
                return await self._plan(question, judge), self.planning
        except TimeoutError:
            raise self._error(
                f"the model did not plan within {self._means.patience:g} seconds", "try again"
            ) from None

    async def _plan(self, question: str, judge: Callable[[str], Judged[T]]) -> T:
        messages: list[Any] = [{"role": "user", "content": question}]
        found: Sequence[str] = ()
        for repair in range(REPAIRS + 1):
            if repair:
                self._refuse_overspending()
                told = [one_line(finding, 600) for finding in found[:MOST_FINDINGS]]
                messages.append({"role": "user", "content": render("planning-repair", None, findings=told)})
            text, content = await self._asked(messages)
            made, found = await asyncio.to_thread(judge, text)
            if made is not None:
                return made
            messages.append({"role": "assistant", "content": content or "(no answer)"})
        raise self._error(
            f"the model's plan cannot be carried out, after {plural(REPAIRS, 'correction')}: {one_line(found[0], 400)}"
            + (f" (and {len(found) - 1} more)" if len(found) > 1 else ""),
            "say the request more exactly, or try again",
            invalid=True,
        )

    async def _asked(self, messages: Sequence[Any]) -> tuple[str, list[dict[str, Any]]]:
        from hive.agents.account import Account
        from hive.agents.anthropic.asking import Answered, ask
        from hive.agents.anthropic.client import Lines
        from hive.agents.anthropic.persistence import persistently
        from hive.orchestrator.planner.model.answer import schema

        lines = Lines.of(self._means.settings, self._means.environ, "the model planner")
        system = render("planning", None)
        async with lines.line() as line:

            async def once() -> Answered:
                return await ask(
                    line.client,
                    self._tell,
                    model=self.planning.model,
                    system=system,
                    messages=messages,
                    schema=schema(),
                )

            pace = self._means.pace._replace(patience=self._means.patience)
            answered = await persistently(Account(), pace, once)
        if isinstance(answered, Failure):
            raise self._error(explained(answered), "correct that, or plan with --planner grammar")
        self.planning = self.planning.model_copy(update={"answers": self.planning.answers + 1})
        self._refuse_unfinished(answered.stop_reason)
        return answered.text, answered.content

    async def _tell(self, report: Report) -> None:
        if report.report != "spent":
            return
        known = self.planning
        self.planning = known.model_copy(
            update={
                "input_tokens": known.input_tokens + report.input_tokens,
                "output_tokens": known.output_tokens + report.output_tokens,
                "cost_usd": known.cost_usd + report.cost_usd,
            }
        )

    def _refuse_unfinished(self, reason: str | None) -> None:
        match reason:
            case "end_turn" | "stop_sequence":
                return
            case "refusal":
                raise self._error("the model refuses to plan this request", "say it otherwise")
            case "max_tokens" | "model_context_window_exceeded":
                raise self._error(
                    f"the model's plan was cut off ({reason})",
                    "ask for less at once, or choose a larger model",
                )
            case _:
                raise self._error(
                    f"the model stopped without a plan: {one_line(reason or 'no reason')}", "try again"
                )

    def _refuse_overspending(self) -> None:
        limit = self._means.budget_usd
        if limit is not None and self.planning.cost_usd >= limit:
            raise self._error(
                f"planning has spent {self.planning.cost_usd:.2f} USD of the {limit:.2f} USD that were allowed",
                "give the run a larger --budget",
            )

    def _error(self, message: str, next_step: str, *, invalid: bool = False) -> ModelPlanError:
        return ModelPlanError(message, next_step=next_step, planning=self.planning, invalid=invalid)

"""Where the questions of an app server are answered: by the policy, or by a person."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hive.agents.codex.confining import Fence
from hive.agents.codex.policy import NOTHING, askable, change_refused, command_refused
from hive.agents.codex.shapes import records, text
from hive.agents.codex.translating import Translator
from hive.agents.codex.wire import METHOD_NOT_FOUND, Query, Wire
from hive.agents.questions import Questions
from hive.agents.session import bounded
from hive.agents.telling import Tell
from hive.model import Answer, Answered, Asked, Assignment, Unrecognised


@dataclass
class _Form:
    """Questions that are answered together."""

    query: str | int
    open: dict[str, str]
    """What each question is called by the server, by what it is called here."""
    answers: dict[str, Any] = field(default_factory=dict)


class Desk:
    """Answers one session's questions; a question that nobody knows is answered with no."""

    def __init__(
        self,
        assignment: Assignment,
        held: Fence,
        translator: Translator,
        wire: Wire,
        tell: Tell,
        questions: Questions | None,
    ) -> None:
        self._workspace = Path(assignment.workspace)
        self._service = self._workspace / assignment.service.path
        self._held = held
        self._translator = translator
        self._wire = wire
        self._tell = tell
        self._questions = questions
        self._forms: list[_Form] = []
        self._waiting: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Wait for nobody any more."""
        for task in self._waiting:
            task.cancel()
        await asyncio.gather(*self._waiting, return_exceptions=True)

    async def decide(self, query: Query) -> None:
        """Answer one question, or have a person asked."""
        match query.method:
            case "item/fileChange/requestApproval":
                await self._settle(query, self._change(query.params))
            case "item/commandExecution/requestApproval":
                await self._command(query)
            case "item/tool/requestUserInput":
                await self._ask(query)
            case method if method in NOTHING:
                await self._tell(
                    Unrecognised(name=bounded(method), payload=bounded(str(query.params)[:2000]))
                )
                await self._wire.send({"id": query.id, "result": NOTHING[method]})
            case method:
                await self._tell(
                    Unrecognised(name=bounded(method), payload=bounded(str(query.params)[:2000]))
                )
                error = {"code": METHOD_NOT_FOUND, "message": "hive does not know this"}
                await self._wire.send({"id": query.id, "error": error})

    async def answer(self, answer: Answer) -> bool:
        """A person answers; whether that is what was asked."""
        if self._questions and self._questions.answer(answer):
            return True
        form = next((form for form in self._forms if answer.id in form.open), None)
        if form is None:
            return False
        form.answers[form.open.pop(answer.id)] = {"answers": [answer.text]}
        await self._tell(Answered(id=answer.id, answer=bounded(answer.text)))
        await self._returned(form)
        return True

    async def _command(self, query: Query) -> None:
        """Judged at once, or by a person where they may say otherwise: whatever else is said is heard meanwhile."""
        kind = text(query.params.get("kind"))
        refused = command_refused(self._held, kind)
        if refused is None or self._questions is None or not askable(kind):
            await self._settle(query, refused)
            return
        task = asyncio.ensure_future(self._permitted(query, self._questions, refused))
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    async def _permitted(self, query: Query, questions: Questions, refused: str) -> None:
        where = "outside the sandbox of commands" if self._held.outside else "without a sandbox"
        command = text(query.params.get("command")) or "a command that it does not name"
        allowed = await questions.allowed(self._tell, f"run {where}: {command}")
        await self._settle(query, None if allowed else f"{refused}, and nobody has allowed it")

    def _change(self, params: dict[str, Any]) -> str | None:
        paths = self._translator.paths.get(text(params.get("itemId")), ())
        return change_refused(paths, params.get("grantRoot") is not None, self._workspace, self._service)

    async def _settle(self, query: Query, refused: str | None) -> None:
        if refused is not None:
            self._translator.denied[text(query.params.get("itemId"))] = refused
        decision = "accept" if refused is None else "decline"
        await self._wire.send({"id": query.id, "result": {"decision": decision}})

    async def _ask(self, query: Query) -> None:
        form = _Form(query.id, {})
        self._forms.append(form)
        for number, question in enumerate(records(query.params.get("questions"))):
            asked = f"{query.id}.{number}"[:100]
            form.open[asked] = text(question.get("id"))
            options = tuple(text(each.get("label")) for each in records(question.get("options")))
            words = text(question.get("question")) or text(question.get("header"))
            await self._tell(Asked(id=asked, about="question", text=words, options=options))
        await self._returned(form)

    async def _returned(self, form: _Form) -> None:
        if not form.open:
            self._forms.remove(form)
            await self._wire.send({"id": form.query, "result": {"answers": form.answers}})

"""hive's end of the protocol: takes updates, answers permission requests, offers nothing else."""

from pathlib import Path
from typing import Any

from acp import RequestError
from acp.schema import (
    AllowedOutcome,
    DeniedOutcome,
    PermissionOption,
    RequestPermissionResponse,
    ToolCallUpdate,
)

from hive.agents.acp.policy import Request, allowed, askable, choice
from hive.agents.acp.translating import Translator
from hive.agents.questions import Questions
from hive.agents.session import bounded
from hive.agents.showing import summary
from hive.agents.telling import Tell
from hive.model import Assignment, ToolReturned


class HiveClient:
    """What an agent may ask of hive in one turn; whatever else the protocol knows is not offered."""

    def __init__(
        self,
        assignment: Assignment,
        translator: Translator,
        tell: Tell,
        questions: Questions | None,
        *,
        confined: bool,
    ) -> None:
        self._workspace = Path(assignment.workspace)
        self._service = self._workspace / assignment.service.path
        self._translator = translator
        self._tell = tell
        self._confined = confined
        self._questions = questions

    async def session_update(self, session_id: str, update: object, **more: Any) -> None:  # noqa: ANN401
        """Something happened."""
        for report in self._translator.reports(update):
            await self._tell(report)

    async def request_permission(
        self,
        session_id: str,
        tool_call: ToolCallUpdate,
        options: list[PermissionOption],
        **more: Any,  # noqa: ANN401
    ) -> RequestPermissionResponse:
        """Yes once, or no with the reason in the reports; cancelled where there is no such answer."""
        for report in self._translator.called(tool_call):
            await self._tell(report)
        call = self._translator.known(tool_call)
        request = Request(call.kind, tuple(call.paths), knows_input=bool(call.given) or bool(call.paths))
        reason = allowed(request, self._workspace, self._service, confined=self._confined)
        if reason is not None and self._questions and askable(request):
            wish = f"{call.kind}: {summary(call.given) or tool_call.title or 'it does not say what'}"
            yes = await self._questions.allowed(self._tell, wish)
            reason = None if yes else f"{reason}, and nobody has allowed it"
        chosen = choice([(each.option_id, each.kind) for each in options], allow=reason is None)
        if reason is not None:
            self._translator.denied.add(tool_call.tool_call_id)
            await self._tell(ToolReturned(tool=bounded(call.kind), outcome="denied", summary=bounded(reason)))
        if chosen is None:
            return RequestPermissionResponse(outcome=DeniedOutcome(outcome="cancelled"))
        return RequestPermissionResponse(outcome=AllowedOutcome(outcome="selected", option_id=chosen))

    def on_connect(self, connection: object) -> None:
        """Nothing is kept of it."""

    async def ext_method(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """No extension is known."""
        raise RequestError.method_not_found(method)

    async def ext_notification(self, method: str, params: dict[str, Any]) -> None:
        """No extension is known."""
